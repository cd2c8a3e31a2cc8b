# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Pauses that end by themselves: the first slot from their day on makes the learner active again."""

from __future__ import annotations

from datetime import datetime

from bot.talk.outlook import UNTIL
from config.schedule import Schedule, due_after, local_date, schedule_of
from storage import learners
from storage.progress import enrolments
from storage.progress.enrolments import Due, Move
from storage.types import UNREADABLE, Tx


def awake(tx: Tx, batch: list[Due], tick: datetime, default: Schedule) -> list[Due]:
    """Make active the learners of a batch whose pause is over. Return the active ones; the others are not due.

    Why a learner who is not active can be due: the stored `next_at` is damaged. A pause ends on its day, whatever `next_at`
    says. If the day cannot be read, it ends at `next_at`; if neither can be read, it has no end. A learner who stopped, or
    paused without an end, gets no next slot.
    """
    over: list[str] = []
    moved: list[Move] = []
    for due in batch:
        if due.state == "active":
            continue
        schedule = schedule_of(due.schedule) or default
        ends = due.state == "paused" and due.pause_reason == UNTIL
        end = due.until if ends and due.until != UNREADABLE.date() else None
        if end is not None and end > local_date(schedule, tick):
            moved.append(Move(due.id, due_after(schedule, tick, due.learner_id, end), due.slot))
        elif ends and (end is not None or due.next_at != UNREADABLE):
            over.append(due.learner_id)
        else:
            moved.append(Move(due.id, None, due.slot))
    if over:
        learners.wake(tx, over)
    enrolments.move_on(tx, moved)
    others = {one.id for one in moved}
    return [due for due in batch if due.id not in others]


def end(tx: Tx, enrolment_id: int, tick: datetime, default: Schedule) -> None:
    """Do what `awake` does for one learner, whose slot cannot be planned."""
    awake(tx, enrolments.due_of(tx, [enrolment_id], tick), tick, default)
