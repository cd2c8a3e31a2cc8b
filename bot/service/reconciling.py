# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The night's reckoning: each day that is over is closed once none of its messages can leave any more.

It reads beside the writer, a page at a time, and rests after each: 100,000 lessons with 300,000 replies are 400 pages.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from bot.service.alerts import Reached, tell_difference
from storage import reconciliation
from storage.failures import DatabaseError
from storage.reconciliation import Day
from storage.store import Store
from storage.types import Tx

log = logging.getLogger(__name__)

ROWS = 1000
"""Rows in a page."""
UNSETTLED = timedelta(minutes=15)
"""A send that ended as long ago has been written: rows that ended later are counted last, in one statement."""
AFTER_MIDNIGHT = timedelta(hours=1)
"""By then every minute of the day was planned."""
REST = 4
"""Times as long as a page took, before the next one."""


async def reconcile(store: Store, now: datetime, admins: Sequence[Reached] = ()) -> list[Day]:
    """Close the days that are over. Return those that do not add up, the oldest first; the `admins` are told of each.

    A day waits for the next night when a message of it may still leave, when something of it was erased meanwhile, or when
    it cannot be counted.

    Raises:
        DatabaseError: the database does not answer; what was closed stays so.
    """
    wrong = []
    for day, erased in await store.read(
        reconciliation.open_days, (now - AFTER_MIDNIGHT).astimezone(UTC).date()
    ):
        try:
            closed = await _close(store, day, erased, now, admins)
        except DatabaseError:
            raise
        except Exception:
            log.exception(
                "A day cannot be counted; it is tried again the next night.",
                extra={"action": "reconcile-day", "day": str(day)},
            )
            continue
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


async def _close(
    store: Store, day: date, erased: Mapping[str, int], now: datetime, admins: Sequence[Reached]
) -> Day | None:
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
    return await store.write(_close_and_tell, day, counted + left, erased, now, admins)


def _close_and_tell(
    tx: Tx,
    day: date,
    outcomes: Mapping[str, int],
    erased: Mapping[str, int],
    now: datetime,
    admins: Sequence[Reached],
) -> Day | None:
    """Close a day and queue the alert in one transaction: a killed process has done both or neither."""
    closed = reconciliation.close(tx, day, outcomes, erased, now)
    if closed is not None and closed.difference:
        tell_difference(tx, admins, closed, now)
    return closed
