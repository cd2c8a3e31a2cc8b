# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How long does a person wait for a reply while others are erased, and somebody reads the database without an end?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from sqlalchemy import func, select

from bot.service import Service
from storage import erasure, learners, tables
from storage.store import Store
from storage.types import Tx
from tests.bench.figure import Figure
from tests.bench.scale import Scale
from tests.bench.tidy import CHUNK, IN_FLIGHT, PEOPLE, age, ms, slow_ones, talk
from tests.bench.town import MORNING, RULES, Clock, channel_to, counted, database, emulator

READS = 3.0
"""Seconds for which one reader after the other keeps the database's log from being emptied."""
BETWEEN = 0.2
"""Seconds from one erasure to the next."""


async def measure(scale: Scale) -> list[Figure]:
    """Half of the people speak, at random moments; the others are erased meanwhile, while a reader is open."""
    people = min(PEOPLE, scale.old)
    with database(people) as store, slow_ones() as slow:
        for first in range(0, scale.old, CHUNK):
            store.write_now(age, range(first, min(first + CHUNK, scale.old)), people)
        slow.clear()
        async with emulator(people) as telegram:
            service = Service(store, [channel_to(telegram, in_flight=IN_FLIGHT)], RULES, Clock())
            running = asyncio.create_task(service.run())
            try:
                await counted(telegram, "getMe", 1)
                until = time.monotonic() + scale.talk

                def over() -> bool:
                    return time.monotonic() > until

                reading = asyncio.create_task(_read(store, min(READS, scale.talk), over))
                erasing = asyncio.create_task(_erase(store, service, range(1, people // 2), over))
                meanwhile = await talk(telegram, iter(range(people, people // 2, -1)), over)
                erased = await erasing
                await reading
                ended = time.perf_counter()
                while not await store.scrub():  # noqa: ASYNC110 - the database tells nobody
                    await asyncio.sleep(0.01)
                clean = time.perf_counter() - ended
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
    if not erased or not meanwhile:
        raise RuntimeError(f"{erased} people were erased, and {len(meanwhile)} spoke meanwhile")
    return [
        Figure(
            "reply while others are erased and a reader is open, p99",
            (ms(meanwhile, 0.99),),
            "ms",
            at_most=150,
        ),
        Figure("  median", (ms(meanwhile, 0.5),), "ms"),
        Figure("  people erased", (float(erased),), "of them"),
        Figure("  transactions of more than 50 ms", (float(len(slow)),), "of them", at_most=0),
        Figure("  log emptied after the reader's end", (clean,), "s", at_most=2),
    ]


async def _read(store: Store, seconds: float, over: Callable[[], bool]) -> None:
    while not over():
        await store.read(_hold, seconds)


def _hold(tx: Tx, seconds: float) -> None:
    tx.execute(select(func.count()).select_from(tables.learner)).scalar_one()
    time.sleep(seconds)


async def _erase(store: Store, service: Service, addresses: range, over: Callable[[], bool]) -> int:
    erased = 0
    for address in addresses:
        if over():
            break
        person = await store.read(learners.by_address, "telegram", str(address))
        if person is not None:
            await store.write(erasure.erase, person.id, MORNING)
            service.departures.left()
            erased += 1
        await asyncio.sleep(BETWEEN)
    return erased
