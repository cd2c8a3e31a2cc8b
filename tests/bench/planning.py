# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does it cost to plan the morning of a very large town?"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

from sqlalchemy import select, update

from bot.service import Service
from storage import counters
from storage.store import Store
from storage.tables import enrolment
from storage.types import Tx
from tests.bench.figure import Figure
from tests.bench.process import resident
from tests.bench.scale import Scale
from tests.bench.town import MORNING, RULES, database

BETWEEN = 0.01
"""Seconds between two small writes of somebody else."""
HOURS = [MORNING + timedelta(minutes=minute) for minute in (0, 1, 1, 2, 3, *[600] * 5)]
"""A tenth of the town is due at once, two tenths a minute later, a tenth after that, and one more: what is there already
weighs alike. Among the tenth at the third minute are rows that cannot be read."""
UNREADABLE = 9
"""Schedules that cannot be read; one learner more has a role that nobody foresaw, and fails alone."""


async def measure(scale: Scale) -> list[Figure]:
    """Four ticks over one town, with a small write of somebody else every 10 ms."""
    with database(scale.enrolments, HOURS) as store:
        service = Service(store, [], RULES)
        store.write_now(_damage)
        first, double, damaged, second = [
            await _tick(service, store, HOURS[place], due)
            for place, due in ((0, scale.due), (1, 2 * scale.due), (3, scale.due), (4, scale.due))
        ]
    ones = (first, second)
    return [
        Figure(
            f"planning {scale.due:,} of {scale.enrolments:,}", tuple(t.took for t in ones), "s", at_most=20
        ),
        Figure("  our processor", tuple(t.cpu for t in ones), "s"),
        Figure("  the longest that others waited", tuple(1000 * t.wait for t in ones), "ms", at_most=100),
        Figure("  memory, at its highest", (max(t.grew for t in ones),), "MB more", at_most=50),
        Figure("  with ten rows unreadable", (2 * damaged.took / (first.took + second.took),), at_most=1.1),
        Figure("  twice as many due", (2 * double.took / (first.took + second.took),), at_most=2.2),
    ]


def _damage(tx: Tx) -> None:
    at = select(enrolment.c.learner_id, enrolment.c.id).where(enrolment.c.next_at == HOURS[3])
    rows = tx.execute(at.order_by(enrolment.c.id).limit(UNREADABLE + 1)).all()
    schedules, (unforeseen,) = rows[:UNREADABLE], rows[UNREADABLE:]
    tx.execute(
        update(enrolment).where(enrolment.c.id.in_([row.id for row in schedules])).values(schedule="{")
    )
    tx.execute(update(enrolment).where(enrolment.c.id == unforeseen.id).values(silent=-100))


class _Tick:
    """What one tick took, in seconds and megabytes; `wait` is the longest of somebody else.

    `took` less `cpu` is what the disk and other programs account for.
    """

    def __init__(self) -> None:
        self.took = self.cpu = self.wait = self.grew = 0.0


async def _tick(service: Service, store: Store, tick: datetime, due: int) -> _Tick:
    measured = _Tick()
    somebody = asyncio.create_task(_write(store, measured))
    await asyncio.sleep(0.1)
    began, used = time.perf_counter(), time.process_time()
    planned = await service.plan(tick)
    measured.took, measured.cpu = time.perf_counter() - began, time.process_time() - used
    somebody.cancel()
    await asyncio.gather(somebody, return_exceptions=True)
    if planned != due:
        raise RuntimeError(f"{planned} were due, not {due}")
    return measured


async def _write(store: Store, measured: _Tick) -> None:
    before = resident()
    while True:
        began = time.perf_counter()
        await store.write(counters.add, "bench")
        measured.wait = max(measured.wait, time.perf_counter() - began)
        measured.grew = max(measured.grew, resident() - before)
        await asyncio.sleep(BETWEEN)
