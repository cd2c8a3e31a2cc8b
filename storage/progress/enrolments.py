# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Enrolments: the place of learners in the course, when they are due, which lessons reached them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Insert,
    Select,
    Update,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    update,
)

from lessons import review
from storage.progress import recalls
from storage.progress.days import SLOTS, with_day
from storage.tables import address, delivered, enrolment, learner, outbox
from storage.types import UNREADABLE, LocalDate, Tx, UtcDateTime, insert, listed

FEW = 100
"""Instants read to find a readable one."""


@dataclass(frozen=True, slots=True)
class Due:
    """An enrolment that is due."""

    id: int
    learner_id: str
    position: str | None
    schedule: str
    next_at: datetime
    slot: date | None
    silent: int
    state: str
    pause_reason: str
    until: date | None
    role: str
    language: str
    address_id: int
    channel: str
    slots: str
    """The local dates that brought something: see `storage.progress.days`."""
    rhythm: str
    """How often questions come after the last lesson: daily, normal, weekly or none."""
    unsent: bool
    """Whether a message planned before has not been sent yet, and has not expired."""


def enrol(
    tx: Tx, learner_id: str, course_id: str, schedule: str, next_at: datetime | None, slot: date
) -> int:
    """Enrol a learner in the course; return the id. `slot` is the local date that the first lesson takes."""
    return int(
        tx.execute(
            enrolment.insert()
            .values(
                learner_id=learner_id,
                course_id=course_id,
                schedule=schedule,
                next_at=next_at,
                slot=slot,
                silent=0,
                slots=with_day("", slot, SLOTS),
            )
            .returning(enrolment.c.id)
        ).scalar_one()
    )


@cache
def _update_columns(columns: tuple[str, ...]) -> Update:
    # Answers set a few combinations of columns: building the statement anew took longer than running it.
    setting: dict[str, Any] = {name: bindparam(f"to_{name}") for name in columns}
    return update(enrolment).where(enrolment.c.id == bindparam("of")).values(setting)


def change(tx: Tx, enrolment_id: int, **values: Any) -> None:
    """Set columns of an enrolment."""
    tx.execute(
        _update_columns(tuple(values)),
        {"of": enrolment_id, **{f"to_{name}": value for name, value in values.items()}},
    )


_id_is_given = enrolment.c.id.in_(bindparam("of", expanding=True))


# Not EXISTS: PostgreSQL hashes all that waits, for each batch: 280 ms at 180,000 rows, and 20 so.
_has_unsent_plan = (
    select(outbox.c.id)
    .where(
        outbox.c.enrolment_id == enrolment.c.id,
        literal_column("outbox.state") == literal_column("'waiting'"),
        # An expired row stays `waiting` until a claim finds it: after an outage that may be the next day.
        or_(outbox.c.not_after.is_(None), outbox.c.not_after > bindparam("tick")),
    )
    .limit(1)
    .correlate(enrolment)
    .scalar_subquery()
    .is_not(None)
)


_due_enrolments = (
    select(
        enrolment.c.id,
        enrolment.c.learner_id,
        enrolment.c.position,
        enrolment.c.schedule,
        enrolment.c.next_at,
        enrolment.c.slot,
        enrolment.c.silent,
        learner.c.state,
        learner.c.pause_reason,
        enrolment.c.until,
        learner.c.role,
        learner.c.language,
        address.c.id.label("address_id"),
        address.c.channel,
        enrolment.c.slots,
        enrolment.c.rhythm,
        _has_unsent_plan.label("unsent"),
    )
    .select_from(
        enrolment.join(learner, learner.c.id == enrolment.c.learner_id).join(
            address, address.c.learner_id == learner.c.id
        )
    )
    .where(enrolment.c.next_at <= bindparam("tick"))
    .order_by(enrolment.c.next_at)
    .limit(bindparam("most"))
)


def due(tx: Tx, tick: datetime, limit: int) -> list[Due]:
    """Return the enrolments that are due, the longest overdue first, at most `limit`."""
    return [Due(*tuple(row)) for row in tx.execute(_due_enrolments, {"tick": tick, "most": limit}).all()]


_due_ids = (
    select(enrolment.c.id)
    .where(enrolment.c.next_at <= bindparam("tick"))
    .order_by(enrolment.c.next_at)
    .limit(bindparam("most"))
)


def due_ids(tx: Tx, tick: datetime, limit: int) -> list[int]:
    """Return the ids of the enrolments that are due, the longest overdue first, at most `limit`: no row is read."""
    return list(tx.execute(_due_ids, {"tick": tick, "most": limit}).scalars())


def due_of(tx: Tx, ids: Sequence[int], tick: datetime) -> list[Due]:
    """Return those of some enrolments that are due."""
    some = _due_enrolments.where(_id_is_given)
    return [Due(*tuple(row)) for row in tx.execute(some, {"tick": tick, "most": len(ids), "of": ids}).all()]


def schedule_text(tx: Tx, enrolment_id: int, tick: datetime) -> tuple[str, str] | None:
    """Return the learner of an enrolment and the text of its schedule; None when it is gone, or no longer due."""
    row = tx.execute(
        select(enrolment.c.learner_id, enrolment.c.schedule).where(
            enrolment.c.id == enrolment_id, enrolment.c.next_at <= tick
        )
    ).first()
    return None if row is None else (row.learner_id, row.schedule)


def next_due(tx: Tx) -> datetime | None:
    """Return when the next enrolment is due, None when nothing is planned. Unreadable instants are skipped."""
    planned = select(enrolment.c.next_at).where(enrolment.c.next_at.is_not(None)).distinct()
    soonest = tx.execute(planned.order_by(enrolment.c.next_at).limit(FEW)).scalars()
    return next((at for at in soonest if at != UNREADABLE), None)


_used = bindparam("day", type_=LocalDate)
# The date of a slot never goes back, or a lesson would be planned twice: the new date may come from a zone that is behind.
_set_next_slot = (
    update(enrolment)
    .where(enrolment.c.id == bindparam("of"))
    .values(
        next_at=bindparam("then"),
        slot=case((enrolment.c.slot.between(_used, date.max), enrolment.c.slot), else_=_used),
    )
)


@dataclass(frozen=True, slots=True)
class Move:
    """An enrolment on its way to its next slot."""

    id: int
    next_at: datetime | None
    used: date | None
    """The local date that was just used."""


def move_on(tx: Tx, moved: Sequence[Move]) -> None:
    """Set the next slot of enrolments.

    The later of the date used and the stored one is kept; an unreadable stored date is replaced.
    """
    if moved:  # one row each: a window gives each its own instant
        tx.execute(_set_next_slot, [{"of": one.id, "then": one.next_at, "day": one.used} for one in moved])


@dataclass(frozen=True, slots=True)
class Delivery:
    """A lesson that reached somebody."""

    enrolment_id: int
    lesson_id: str
    version: str
    day: date
    """The learner's local date."""
    moves: bool = True
    """Whether the course goes on from this lesson."""


@cache
def _insert_delivered(dialect: str) -> Insert:
    # A SELECT, for enrolments that still exist: one may have been erased while its lesson was being sent.
    existing = select(
        enrolment.c.id, bindparam("lesson"), bindparam("now", type_=UtcDateTime), bindparam("as")
    ).where(_id_is_given)
    upsert = insert(dialect, delivered).from_select(["enrolment_id", "lesson_id", "at", "version"], existing)
    return upsert.on_conflict_do_update(
        index_elements=["enrolment_id", "lesson_id"], set_={"version": upsert.excluded.version}
    )


_set_position = update(enrolment).where(_id_is_given).values(position=bindparam("to"))


def deliver(tx: Tx, lessons: Sequence[Delivery], now: datetime) -> None:
    """Note lessons that reached their learners. They come back if nobody answers them."""
    reached: dict[tuple[str, str], list[int]] = defaultdict(list)
    moving: dict[str, list[int]] = defaultdict(list)
    for one in lessons:
        reached[one.lesson_id, one.version].append(one.enrolment_id)
        if one.moves:
            moving[one.lesson_id].append(one.enrolment_id)
    for (slug, version), ids in reached.items():
        values = {"of": ids, "lesson": slug, "now": now, "as": version}
        tx.execute(_insert_delivered(tx.dialect.name), values)
    recalls.await_answers(
        tx, [(one.enrolment_id, one.lesson_id, review.delivered(one.day).due) for one in lessons]
    )
    for slug, ids in moving.items():
        tx.execute(_set_position, {"of": ids, "to": slug})


_set_offered = update(enrolment).where(_id_is_given).values(offered_on=bindparam("day", type_=LocalDate))


def note_offered(tx: Tx, enrolments: Sequence[int], day: date) -> None:
    """Note that another rhythm was offered on a local date."""
    tx.execute(_set_offered, {"of": list(enrolments), "day": day})


_slots_of = select(enrolment.c.id, enrolment.c.slots).where(_id_is_given)


_use_slots = (
    update(enrolment)
    .where(enrolment.c.id == bindparam("of"))
    .values(silent=enrolment.c.silent + bindparam("number"), slots=bindparam("dates"))
)


def use_slots(tx: Tx, used: Sequence[tuple[int, date]]) -> None:
    """Note slots that brought something: for each enrolment, its local date, and one more since the learner's last word."""
    days: dict[int, list[date]] = defaultdict(list)
    for id_, day in used:
        days[id_].append(day)
    rows: list[dict[str, Any]] = []
    for id_, dates in tx.execute(_slots_of, {"of": list(days)}).all() if days else ():
        for day in days[id_]:
            dates = with_day(dates, day, SLOTS)
        rows.append({"of": id_, "number": len(days[id_]), "dates": dates})
    if rows:  # one each: hardly any two have had the same days
        tx.execute(_use_slots, rows)


_still_silent = select(enrolment.c.id).where(_id_is_given, enrolment.c.silent > 0)


def still_silent(tx: Tx, enrolments: Sequence[int]) -> set[int]:
    """Return those of some enrolments whose learners said nothing since a slot."""
    return set(tx.execute(_still_silent, {"of": list(enrolments)}).scalars()) if enrolments else set()


@cache
def _delivered_of(dialect: str) -> Select[Any]:
    # Ids of lessons have no spaces. 4 ms for 200 learners with 60 lessons each; a query for each of them took 22.
    lessons = func.aggregate_strings(delivered.c.lesson_id, " ")
    given = listed(dialect, delivered.c.enrolment_id, "of")
    return select(delivered.c.enrolment_id, lessons).where(given).group_by(delivered.c.enrolment_id)


def delivered_of(tx: Tx, ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return the lessons that reached the learners of some enrolments; without those whom none reached."""
    if not ids:
        return {}
    rows = tx.execute(_delivered_of(tx.dialect.name), {"of": list(ids)}).all()
    return {id_: frozenset(lessons.split()) for id_, lessons in rows}


def delivered_lessons(tx: Tx, enrolment_id: int) -> frozenset[str]:
    """Return the lessons that reached a learner."""
    return delivered_of(tx, [enrolment_id]).get(enrolment_id, frozenset())


def deliveries(tx: Tx, enrolment_id: int) -> list[tuple[str, datetime, str | None]]:
    """Return the lessons that reached a learner, when, and in which version last, the oldest first."""
    rows = tx.execute(
        select(delivered.c.lesson_id, delivered.c.at, delivered.c.version)
        .where(delivered.c.enrolment_id == enrolment_id)
        .order_by(delivered.c.at, delivered.c.lesson_id)
    )
    return [(row.lesson_id, row.at, row.version) for row in rows]
