# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How long does a person wait for a reply while half a million old rows go in the night?"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from logging.handlers import BufferingHandler

from sqlalchemy import func, insert, select

from bot.service import Service
from storage import tables
from storage.outbox.rows import REPLY
from storage.types import Tx
from tests.bench.figure import Figure, percentile
from tests.bench.replies import reply_to
from tests.bench.scale import Scale
from tests.bench.town import MORNING, RULES, Clock, channel_to, counted, database, emulator
from tests.telegram import EmulatorProcess

IN_FLIGHT = 8
WORDS = 10
"""A second, at random moments."""
PEOPLE = 2_000
"""Who wrote and were written to; each of them speaks once at most."""
CHUNK = 10_000
LONG_AGO = MORNING - timedelta(days=500)
TEXT = "Une réponse comme une autre, avec son explication. " * 12
"""As long as most of what is sent."""


async def measure(scale: Scale) -> list[Figure]:
    """Words at random moments, first at rest, then while everything goes that is too old."""
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
                chats = iter(range(people, 0, -1))
                until = time.monotonic() + scale.talk
                rest = await talk(telegram, chats, lambda: time.monotonic() > until)
                began = time.perf_counter()
                tidying = asyncio.create_task(service.tidy())
                meanwhile = await talk(telegram, chats, tidying.done)
                await tidying
                took = time.perf_counter() - began
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
        left = await store.read(_old)
    if left or not meanwhile:
        raise RuntimeError(f"{left} old rows are left, and {len(meanwhile)} people spoke meanwhile")
    return [
        Figure(f"reply while {scale.old:,} rows go, p99", (ms(meanwhile, 0.99),), "ms", at_most=100),
        Figure("  median", (ms(meanwhile, 0.5),), "ms"),
        Figure("  p99 at rest", (ms(rest, 0.99),), "ms"),
        Figure("  median at rest", (ms(rest, 0.5),), "ms"),
        Figure("  transactions of more than 50 ms", (float(len(slow)),), "of them", at_most=0),
        Figure("  rows that go", (scale.old / took,), "rows/s"),
    ]


def ms(waits: list[float], share: float) -> float:
    """A percentile in milliseconds."""
    return 1000 * percentile(waits, share)


@contextmanager
def slow_ones() -> Iterator[list[logging.LogRecord]]:
    """What the writer says about transactions that held up the others."""
    handler = BufferingHandler(sys.maxsize)
    logger = logging.getLogger("storage.writer")
    logger.addHandler(handler)
    try:
        yield handler.buffer
    finally:
        logger.removeHandler(handler)


def age(tx: Tx, numbers: range, people: int) -> None:
    """Of five old rows, three were sent, one is an event that was seen, one a question that was answered."""
    known = tx.execute(select(tables.address.c.id, tables.address.c.learner_id))
    learners = {row.id: row.learner_id for row in known}
    sent, events, questions = [], [], []
    for number in numbers:
        address = number % people + 1
        at = LONG_AGO + timedelta(seconds=number)
        match number % 5:
            case 0:
                events.append({"channel": "telegram", "event_id": f"old:{number}", "at": at, "failed": False})
            case 1:
                questions.append(
                    {
                        "id": f"{number * 2654435761 % 2**32:08x}{number:x}"[:16],
                        "learner_id": learners[address],
                        "topic": "quiz",
                        "question": "q1",
                        "content": {"order": ["a", "b", "c", "d"], "purpose": "lesson", "step": 1},
                        "chosen": [],
                        "message": f"reply:telegram:{number}:0.0",
                        "created_at": at,
                        "shown_at": at,
                        "answered_at": at,
                        "given": ["a"],
                        "verdict": "right",
                    }
                )
            case _:
                sent.append(
                    {
                        "key": f"reply:telegram:{number}:0.0",
                        "address_id": address,
                        "priority": REPLY,
                        "kind": "reply",
                        "content": {"text": TEXT},
                        "state": "sent",
                        "attempts": 1,
                        "reason": "",
                        "ref": str(number),
                        "created_at": at,
                        "ended_at": at,
                    }
                )
    for table, rows in ((tables.outbox, sent), (tables.seen, events), (tables.prompt, questions)):
        if rows:
            tx.execute(insert(table), rows)


def _old(tx: Tx) -> int:
    """Rows that should have gone."""
    aged = (
        (tables.outbox, tables.outbox.c.ended_at),
        (tables.seen, tables.seen.c.at),
        (tables.prompt, tables.prompt.c.answered_at),
    )
    return sum(
        tx.execute(
            select(func.count()).select_from(table).where(column < MORNING - timedelta(days=1))
        ).scalar_one()
        for table, column in aged
    )


async def talk(telegram: EmulatorProcess, chats: Iterator[int], done: Callable[[], bool]) -> list[float]:
    """One word of each at random moments, until it is over or everybody spoke; seconds to each reply."""
    moments = random.Random(1)  # noqa: S311 - moments, no secret
    asked = []
    while not done() and (chat := next(chats, 0)):
        asked.append(asyncio.create_task(reply_to(telegram, chat)))
        await asyncio.sleep(moments.expovariate(WORDS))
    return list(await asyncio.gather(*asked))
