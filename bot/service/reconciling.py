# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The night's reckoning: each day that is over is closed once none of its messages can leave any more.

It reads beside the writer, a page at a time, and rests after each: 100,000 lessons with 300,000 replies are 400 pages.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from storage import reconciliation
from storage.reconciliation import Day
from storage.store import Store

log = logging.getLogger(__name__)

ROWS = 1000
"""Rows in a page."""
UNSETTLED = timedelta(minutes=15)
"""A send that ended as long ago has been written: rows that ended later are counted last, in one statement."""
AFTER_MIDNIGHT = timedelta(hours=1)
"""By then every minute of the day was planned."""
REST = 4
"""Times as long as a page took, before the next one."""


async def reconcile(store: Store, now: datetime) -> list[Day]:
    """Close the days that are over. Return those that do not add up, the oldest first.

    A day with a message that may still leave, or of which something was erased meanwhile, waits for the next night.

    Raises:
        DatabaseError: the database does not answer; what was closed stays so.
    """
    wrong = []
    for day, erased in await store.read(
        reconciliation.open_days, (now - AFTER_MIDNIGHT).astimezone(UTC).date()
    ):
        closed = await _close(store, day, erased, now)
        if closed is None:
            continue
        values = {"day": str(day), "planned": closed.planned, **closed.outcomes}
        if closed.difference:
            log.error(
                "A day does not add up: what was planned and what ended differ.",
                extra={"action": "reconcile-day", "difference": closed.difference, **values},
            )
            wrong.append(closed)
        else:
            log.info("A day adds up.", extra={"action": "reconcile-day", **values})
    return wrong


async def _close(store: Store, day: date, erased: dict[str, int], now: datetime) -> Day | None:
    since = now - UNSETTLED
    if await store.read(reconciliation.rest, day, since, now) is None:
        return None
    clock = asyncio.get_running_loop().time
    counted: Counter[str] = Counter()
    place = None
    while True:
        began = clock()
        some, place = await store.read(reconciliation.page, day, place, since, ROWS)
        counted += some
        if place is None:
            break
        await asyncio.sleep(REST * (clock() - began))
    left = await store.read(reconciliation.rest, day, since, now)
    if left is None:
        return None
    return await store.write(reconciliation.close, day, counted + left, erased, now)
