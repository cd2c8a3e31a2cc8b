# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A town that was in clear gets a key and goes on talking: how long is it sealed for, who waits for it, is anybody lost?"""

from __future__ import annotations

import asyncio
import time
from contextlib import nullcontext
from datetime import timedelta

from sqlalchemy import func, select

from bot.app import ship_library, warm_up
from bot.service import Service
from storage import keys, learners
from storage.database import begin_key, open_database
from storage.sealing import Sealing
from storage.store import Store
from storage.tables import address
from storage.types import Tx
from tests.bench.figure import Figure
from tests.bench.scale import Scale
from tests.bench.tidy import IN_FLIGHT, ms, slow_ones, talk
from tests.bench.town import MORNING, RULES, Clock, channel_to, counted, emulator, populate, postgres
from tests.bench.town import address as place
from tests.postgres import Postgres

KEY = Sealing(b"k" * 32)
PEOPLE = 2_000
"""Who may speak; each speaks once at most."""
CHUNK = 5_000


async def measure(scale: Scale) -> list[Figure]:
    """On each database, from the first start with a key to the last address.

    Raises:
        RuntimeError: somebody is lost, or in clear still.
    """
    figures = []
    for engine, server in (("SQLite", nullcontext()), ("PostgreSQL", postgres())):
        with server as running:
            figures += await _sealed(scale, engine, running)
    return figures


async def _sealed(scale: Scale, engine: str, server: Postgres | None) -> list[Figure]:
    with place(server) as url:
        with open_database(url) as store:
            ship_library(store, MORNING)
            warm_up(RULES.schedule)
            populate(store, scale.crowd, [(RULES.schedule, MORNING + timedelta(hours=8))])
        began = time.perf_counter()
        begin_key(url, KEY, MORNING)
        with open_database(url, key=KEY) as store, slow_ones() as slow:
            start = time.perf_counter() - began
            waits, took = await _talking(store, min(PEOPLE, scale.crowd))
            await asyncio.to_thread(_require_everybody, store, scale.crowd)
    return [
        Figure(f"{engine}: {scale.crowd:,} addresses are sealed while people talk", (took,), "s"),
        Figure("  the first start with a key, before it serves", (start,), "s", at_most=5),
        Figure("  replies meanwhile, p99", (ms(waits, 0.99),), "ms", at_most=100),
        Figure("  median", (ms(waits, 0.5),), "ms"),
        Figure("  transactions of more than 50 ms", (float(len(slow)),), "of them", at_most=0),
    ]


async def _talking(store: Store, people: int) -> tuple[list[float], float]:
    """The waits of those who talk while a service seals what it found in clear, and the seconds that it took."""
    async with emulator(people) as telegram:
        service = Service(store, [channel_to(telegram, in_flight=IN_FLIGHT)], RULES, Clock())
        began = time.perf_counter()
        running = asyncio.create_task(service.run())
        try:
            await counted(telegram, "getMe", 1)
            sealed = asyncio.create_task(_until_sealed(store))
            waits = await talk(telegram, iter(range(people, 0, -1)), sealed.done)
            await sealed
            return waits, time.perf_counter() - began
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _until_sealed(store: Store) -> None:
    while await store.read(keys.has_work):  # noqa: ASYNC110 - it is written by another task of the service
        await asyncio.sleep(0.05)


def _require_everybody(store: Store, number: int) -> None:
    """Look each of them up by the address that they write from."""
    clear = store.read_now(keys.left)
    found = store.read_now(
        lambda tx: tx.execute(select(func.count(address.c.learner_id.distinct()))).scalar_one()
    )
    lost = 0
    for first in range(1, number + 1, CHUNK):
        lost += store.read_now(_strangers, range(first, min(first + CHUNK, number + 1)))
    if clear or lost or found != number:
        raise RuntimeError(f"{clear} in clear, {lost} are strangers, {found} of {number} have an address")


def _strangers(tx: Tx, numbers: range) -> int:
    return sum(learners.by_address(tx, "telegram", str(number)) is None for number in numbers)
