# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The night's work on those who have been silent for long: each is told once, and erased a month later without a word.

A wrong clock must not erase a town: few are told a night, nobody is erased unless the service worked on most days of that
month, and more than a twentieth at once waits for the operator.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.service.alerts import Reached, tell_of_silence
from bot.talk.turn import Rules
from config.schedule import Schedule, due_after, local_date, schedule_of
from storage import inactivity, reconciliation
from storage.failures import DatabaseError
from storage.inactivity import AMONG, NIGHTS, NOTICE, Limit
from storage.outbox import queue
from storage.outbox.rows import SCHEDULED, Draft
from storage.store import Store
from storage.types import Tx

log = logging.getLogger(__name__)

KIND = "inactive"
SHARE, FEW, MOST = 0.02, 5, 500
"""Of all learners, those who are told in one night: this part of them, at least and at most so many."""
ASKED = 0.05
"""Of all learners, the part whose erasure in one night an operator must confirm; up to `FEW` need no word."""
LOOKED_AT, STEP = 500, 50
"""Learners who are looked through, and told, at once."""
LASTS = timedelta(days=5)
"""How long the message is tried."""


@dataclass(frozen=True, slots=True)
class Night:
    """What became of those who have been silent."""

    told: int = 0
    erased: int = 0
    waiting: int = 0
    """Whose erasure waits for the operator."""


async def look(store: Store, now: datetime, rules: Rules, admins: Sequence[Reached] = ()) -> None:
    """Do the night's work, and log what became of it. Whatever fails is tried the next night."""
    try:
        night = await work(store, now, rules.inactive, rules.schedule, admins)
    except DatabaseError as error:
        log.error(  # noqa: TRY400 - one sentence is what the operator needs
            "Those who are silent are looked at the next night: %s", error, extra={"action": "erase-inactive"}
        )
        return
    except Exception:
        log.exception(
            "Those who are silent are looked at the next night.", extra={"action": "erase-inactive"}
        )
        return
    if night.erased:
        log.info(
            "People who were silent for long are erased.",
            extra={"action": "erase-inactive", "people": night.erased},
        )


async def work(
    store: Store, now: datetime, inactive: timedelta, default: Schedule, admins: Sequence[Reached] = ()
) -> Night:
    """Tell those who have been silent for `inactive`, and erase those who were told a month ago.

    Raises:
        DatabaseError: the database does not answer.
    """
    limit = Limit.of(now.date(), inactive)
    nights = await store.write(inactivity.note_night, limit.today)
    untold, over, people = list[str](), list[str](), 0
    after: str | None = ""
    while after is not None:
        some, those, number, after = await store.read(inactivity.looked_at, limit, after, LOOKED_AT)
        untold, over, people = untold + some, over + those, people + number
    told = 0
    most = min(MOST, max(FEW, int(SHARE * people)))
    for first in range(0, len(untold), STEP):
        queued: int | None = await store.write(_tell, untold[first : first + STEP], most, limit, now, default)
        if queued is None:
            break
        told += queued
    if not over or nights < NIGHTS:
        if over:
            log.warning(
                "Nobody silent is erased: the service worked on %d of the last %d days, and %d are asked for.",
                nights,
                AMONG,
                NIGHTS,
                extra={"action": "erase-inactive", "due": len(over)},
            )
        return Night(told)
    if len(over) <= max(FEW, ASKED * people):
        erased = await _erase(store, over, limit, now)
        await store.write(inactivity.announce, 0, over=True)
        return Night(told, erased=erased)
    # However many are due by now, an operator's word is for the number that they were shown.
    allowed = await store.read(inactivity.allowed, now)
    erased = await _erase(store, over[:allowed], limit, now, confirmed=True)
    waiting = over[allowed:]
    if waiting:
        warned = await store.read(inactivity.told_among, waiting, limit)
        log.error(
            "%d of %d people are to be erased for their silence: confirm it with `iaventure privacy confirm`.",
            len(waiting),
            people,
            extra={
                "action": "erase-inactive",
                "due": len(waiting),
                "told": warned,
                "untold": len(waiting) - warned,
            },
        )
        await store.write(tell_of_silence, admins, warned, len(waiting) - warned, now)
    await store.write(inactivity.announce, len(waiting), over=allowed > 0)
    return Night(told, erased, len(waiting))


async def _erase(
    store: Store, ids: Sequence[str], limit: Limit, now: datetime, *, confirmed: bool = False
) -> int:
    erased = 0
    for learner_id in ids:
        try:
            erased += await store.write(inactivity.erase, learner_id, limit, now, confirmed=confirmed)
        except DatabaseError:
            raise
        except Exception:  # one person stops no other
            log.exception(
                "Somebody silent cannot be erased; the others are.",
                extra={"action": "erase-inactive", "learner": learner_id},
            )
    return erased


def _tell(
    tx: Tx, ids: Sequence[str], most: int, limit: Limit, now: datetime, default: Schedule
) -> int | None:
    """Queue the message for each at an hour of their own, `most` a night. Return for how many; None once it is full.

    Two processes of one night are one after the other here: the second sees how many the first told.
    """
    left = most - inactivity.told_on(tx, limit.today)
    if left <= 0:
        return None
    told = inactivity.to_tell(tx, ids, limit)[:left]
    for learner in told:
        stored = None if learner.enrolment is None else schedule_of(learner.enrolment.schedule)
        schedule = stored or default
        at = due_after(schedule, now, learner.id)
        draft = Draft(
            inactivity.key_of(learner),
            learner.address_id,
            learner.channel,
            {"until": (local_date(schedule, at) + NOTICE).isoformat()},
            kind=KIND,
            priority=SCHEDULED,
            not_after=at + LASTS,
        )
        queue.enqueue(tx, [draft], at)
        reconciliation.count_planned(tx, at, 1)
    inactivity.note_queued(tx, limit.today, len(told))
    return len(told)
