# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Rows of learners that cannot be right: found by the night's walk, and corrected.

Beside what is damaged they are what a clock left behind that was ahead for a while: a slot used on a date that has not come,
and a next slot that is not the next one. Nobody would get anything until that date.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, false, func, select, update

from config.schedule import due_after, schedule_of
from lessons.curriculum import Role
from storage import learners
from storage.tables import enrolment, learner
from storage.types import UNREADABLE, LocalDate, Tx, UtcDateTime

DAY = timedelta(days=1)
WEEKEND = timedelta(days=3)
"""A next slot that is no further ahead is not looked at: from most schedules no row is, on most nights."""

_no_role = learner.c.role.not_in([str(role) for role in Role])
_far = enrolment.c.next_at > bindparam("far", type_=UtcDateTime)
_early = enrolment.c.slot > bindparam("tomorrow", type_=LocalDate)
_rests = and_(learner.c.state == "paused", learner.c.pause_reason == "until")
"""Whether a pause until a date lasts: its next slot is as far ahead as was asked for."""
_later = and_(~_rests, enrolment.c.next_at > bindparam("weekend", type_=UtcDateTime))

_looked_at = (
    select(
        learner.c.id,
        enrolment.c.schedule,
        enrolment.c.next_at,
        enrolment.c.slot,
        func.coalesce(_no_role, false()).label("no_role"),
        func.coalesce(_far, false()).label("far"),
        func.coalesce(_early, false()).label("early"),
        _rests.label("rests"),
    )
    .select_from(learner.outerjoin(enrolment, enrolment.c.learner_id == learner.c.id))
    .where(learner.c.id.in_(bindparam("of", expanding=True)), _no_role | _far | _early | _later)
)


def astray(tx: Tx, now: datetime, after: str, number: int) -> tuple[list[str], str | None]:
    """Return the damaged rows among the next `number` learners after an id, and the last id; None when no learner is left.

    A row is damaged if its role is unknown; if its next slot is further ahead than its schedule says, or than
    `learners.FAR`, for garbage may sort after every date; or if a slot was used on a date that has begun nowhere yet.
    """
    ids = learners.ids_after(tx, after, number)
    if not ids:
        return [], None
    found = _found(tx, ids, now)
    return [row.id for row in found if row.no_role or row.early or _is_late(row, now)], ids[-1]


def mend(tx: Tx, ids: Collection[str], now: datetime) -> None:
    """Correct some rows: the role becomes the first one, as it is read, and the next tick plans the slot again.

    The date of a slot that was used by a clock ahead becomes yesterday's: what came today has its key in the outbox.

    `ids`: a few hundred at most.
    """
    found = _found(tx, ids, now)
    tx.execute(update(learner).where(learner.c.id.in_(ids), _no_role).values(role=str(next(iter(Role)))))
    late = {row.id for row in found if _is_late(row, now)}
    ahead = [row.id for row in found if row.early or (row.id in late and not row.far)]
    of, today = enrolment.c.learner_id, now.date()
    if ahead:
        tx.execute(update(enrolment).where(of.in_(ahead), enrolment.c.slot >= today).values(slot=today - DAY))
    if late:
        tx.execute(update(enrolment).where(of.in_(late)).values(next_at=UNREADABLE))


def _found(tx: Tx, ids: Collection[str], now: datetime) -> list[Row[Any]]:
    values = {"of": list(ids), "far": now + learners.FAR, "weekend": now + WEEKEND}
    return list(tx.execute(_looked_at, {**values, "tomorrow": now.date() + DAY}).all())


def _is_late(row: Row[Any], now: datetime) -> bool:
    """Tell whether the next slot is later than the schedule says, by more than what is put off within its date."""
    if row.far:
        return True
    if row.next_at in (None, UNREADABLE) or row.rests:
        return False
    if row.early:
        return True
    schedule = schedule_of(row.schedule)
    if schedule is None:
        return False
    try:
        honest = due_after(schedule, now, row.id, None if row.slot is None else row.slot + DAY)
    except (ValueError, OverflowError):
        return False
    return bool(row.next_at > honest + DAY)
