# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does it cost to plan the morning of a very large town?"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from itertools import count, pairwise

from sqlalchemy import select, update

from bot.service import Service
from bot.service.planning import BATCH, plan
from storage import counters
from storage.store import Store
from storage.tables import enrolment
from storage.types import Tx
from tests.bench.figure import Figure, percentile
from tests.bench.process import resident
from tests.bench.scale import Scale
from tests.bench.town import MORNING, RULES, database, finish, know_sizes, postgres
from tests.postgres import Postgres

BETWEEN = 0.01
"""Seconds between two small writes of somebody else."""
HOURS = [MORNING + timedelta(minutes=minute) for minute in (0, 1, 1, 2, 3, 4, *[600] * 4)]
"""A tenth of the town is due at once, two tenths a minute later, then a tenth at each of three minutes. Among the tenth in
the middle of these are rows that cannot be read. A tick takes longer the more is queued already: it is compared with its
neighbours."""
_REVIEWS = "SELECT count(*) FROM outbox WHERE kind = 'review'"
UNREADABLE = 9
"""Schedules that cannot be read; one learner more has a negative count of silent slots, and fails alone."""


async def measure(scale: Scale) -> list[Figure]:
    """Five ticks over one town, with a small write of somebody else every 10 ms."""
    with database(scale.enrolments, HOURS) as store:
        service = Service(store, [], RULES)
        store.write_now(_damage)
        numbers = (scale.due, 2 * scale.due, scale.due, scale.due, scale.due)
        first, double, before, damaged, after = [
            await _tick(service, store, hour, due)
            for hour, due in zip(sorted(set(HOURS))[:5], numbers, strict=True)
        ]
    quiet = (first, before, after)
    return [
        Figure(
            f"planning {scale.due:,} of {scale.enrolments:,}", tuple(t.took for t in quiet), "s", at_most=20
        ),
        Figure("  our processor", tuple(t.cpu for t in quiet), "s"),
        Figure("  the longest that others waited", tuple(1000 * t.wait for t in quiet), "ms", at_most=100),
        Figure("  memory, at its highest", (max(t.grew for t in quiet),), "MB more", at_most=50),
        Figure("  with ten rows unreadable", (2 * damaged.took / (before.took + after.took),), at_most=1.1),
        Figure("  twice as many due", (2 * double.took / (first.took + before.took),), at_most=2.2),
    ]


async def measure_finished(scale: Scale) -> list[Figure]:
    """One tick on each database: half of those who are due have finished the course, and every lesson is due again.

    They come first, so that they fill batches of their own. Only they have lessons behind them: of the others who have
    finished, whose hour has not come, a tick reads nothing.
    """
    figures = await _finished(scale, "SQLite", None)
    with postgres() as server:
        return figures + await _finished(scale, "PostgreSQL", server)


async def _finished(scale: Scale, engine: str, server: Postgres | None) -> list[Figure]:
    before, tomorrow = MORNING - timedelta(minutes=1), MORNING + timedelta(days=1)
    with database(scale.enrolments, (MORNING, before, *[tomorrow] * 8), server=server) as store:
        finish(store, range(10, scale.enrolments // 2 + 1, 10), MORNING.date())
        service, held, used = Service(store, [], RULES), list[float](), list[float]()
        _plan_before(store, before)

        def note(seconds: float) -> None:  # in the writer's thread, after each transaction
            held.append(1000 * seconds)
            used.append(1000 * time.thread_time())

        store.watch(note)
        tick = await _tick(service, store, MORNING, scale.due)
        asked = await store.read(lambda tx: tx.exec_driver_sql(_REVIEWS).scalar_one())
    if asked != scale.due // 2:
        raise RuntimeError(f"{asked} were asked something again, not {scale.due // 2}")
    planned = f"planning {scale.due:,} of {scale.enrolments:,}, half of whom have finished"
    # Somebody's small writes are transactions too: the longest ones are those that planned.
    batches = max(1, scale.due // BATCH)
    held = sorted(held)[-batches:]
    ours = sorted(after - before for before, after in pairwise(used))[-batches:]
    return [
        Figure(f"{engine}: {planned}", (tick.took,), "s", at_most=20),
        Figure("  our processor", (tick.cpu,), "s"),
        Figure("  a transaction, p99", (percentile(held, 0.99),), "ms", at_most=50),
        Figure("  of which our processor", (percentile(ours, 0.99),), "ms"),
        Figure("  the longest", (max(held),), "ms"),
    ]


def _plan_before(store: Store, tick: datetime) -> None:
    """Have messages of others there, as on any day, and let PostgreSQL know, as its autovacuum does each minute.

    While it believes that there are few, it reads them all for each batch: 120 ms at 15,000 messages.
    """
    for batch in count(1):
        full = store.write_now(plan, tick) == BATCH
        if not full or batch % 100 == 0:
            know_sizes(store)
        if not full:
            return


def _damage(tx: Tx) -> None:
    at = select(enrolment.c.learner_id, enrolment.c.id).where(enrolment.c.next_at == HOURS[4])
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
