# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Broadcasts on their way: a lesson sent now, or an announcement, to a few hundred learners at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.service.planning import BATCH, STANDARD
from bot.talk import quiz
from config.schedule import Schedule, expiry, is_day_off, local_date, next_slot, quiet_until, schedule_of
from storage import broadcasts, courses, reconciliation
from storage.catalogue import Entry
from storage.outbox import queue
from storage.outbox.rows import SCHEDULED, Draft
from storage.progress import prompts
from storage.progress.prompts import Prompt
from storage.types import Tx

BETWEEN = timedelta(minutes=15)
"""From the end of a walk over everybody to the next one, at least: people end their nights at any minute."""


def spread(tx: Tx, tick: datetime, default: Schedule = STANDARD, most: int = BATCH) -> bool:
    """Queue one batch of a broadcast, to `most` learners. Return whether there is more to queue now.

    Learners in quiet hours or on a day off are passed over, and the walk starts again when the first of them can be reached,
    `BETWEEN` after the last one at the soonest.
    `default` stands in for a schedule that cannot be read.
    """
    of = broadcasts.due(tx, tick)
    if of is None:
        return False
    if tick >= of.ends_at:  # the service was off for so long that nobody wants to hear it any more
        broadcasts.end_pass(tx, replace(of, left_until=None))
        return True
    readers = broadcasts.readers(tx, of, most)
    if not readers:
        again = None if of.left_until is None else max(of.left_until, tick + BETWEEN)
        broadcasts.end_pass(tx, replace(of, left_until=again))
        return broadcasts.due(tx, tick) is not None
    entry = _current(tx, of.version, tick)
    if of.version is not None and entry is None:
        broadcasts.end_pass(tx, replace(of, left_until=None))
        return True
    addresses = [reader.address_id for reader in readers]
    # It comes to these already; a second time on the same day it would be one message too many.
    served = queue.awaiting(tx, addresses, entry.id, tick) if entry is not None else set[int]()
    drafts: list[Draft] = []
    asked: list[Prompt] = []
    left_until = of.left_until
    for reader in readers:
        if reader.address_id in served:
            continue
        schedule = schedule_of(reader.schedule) or default
        free_at = reachable_at(schedule, tick)
        if free_at > tick:
            left_until = free_at if left_until is None else min(left_until, free_at)
            continue
        key = f"extra:{of.id}:{reader.enrolment_id}:0"
        new = None
        if entry is not None:
            new = quiz.new_prompt(
                reader.learner_id,
                entry.version,
                entry.lesson.questions[0],
                tick,
                purpose="lesson",
                with_lesson=True,
                message=key,
            )
            asked.append(new)
        drafts.append(
            Draft(
                key,
                reader.address_id,
                reader.channel,
                {"broadcast": of.id}
                if entry is None
                else {"lesson": entry.id, "day": local_date(schedule, tick).isoformat()},
                kind="notice" if entry is None else "extra",
                priority=SCHEDULED,
                # An announcement is no lesson: it holds up none.
                enrolment_id=None if entry is None else reader.enrolment_id,
                version=None if entry is None else entry.version,
                prompt=None if new is None else new.id,
                not_after=expiry(schedule, tick),
            )
        )
    fresh = queue.missing(tx, [draft.key for draft in drafts])
    prompts.add(tx, (prompt for prompt in asked if prompt.message in fresh))
    queue.enqueue(tx, [draft for draft in drafts if draft.key in fresh], tick)
    reconciliation.count_planned(tx, tick, len(fresh))
    broadcasts.checkpoint(tx, of, passed=readers[-1].enrolment_id, left_until=left_until)
    return True


def _current(tx: Tx, version: str | None, tick: datetime) -> Entry | None:
    """Return the lesson of a broadcast as it is now published; nothing when it was taken back or refused meanwhile."""
    published = courses.catalogue(tx)
    if version is None or published is None:
        return None
    entry = published.entries.get(courses.slugs_of(tx, [version]).get(version, ""))
    return entry if entry is not None and entry.available(tick.date()) else None


def reachable_at(schedule: Schedule, at: datetime) -> datetime:
    """Return when somebody may be disturbed: now, at the end of quiet hours, or at their hour on the next working day."""
    if is_day_off(schedule, local_date(schedule, at)):
        return next_slot(schedule, at).at
    return quiet_until(schedule, at) or at
