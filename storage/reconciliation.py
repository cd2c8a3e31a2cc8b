# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Proof, day by day, that what was planned had an end: delivered, refused, expired or cancelled.

A day is a date of UTC. What was planned is counted in the transaction that plans it, what became of it from the rows that
ended: the two may differ, and then something was lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, union_all, update

from storage.outbox.rows import SCHEDULED, WAITING
from storage.tables import conversation, outbox, reconciliation
from storage.types import UNREADABLE, Tx, UtcDateTime, insert

DELIVERED = ("within_10s", "within_1m", "later")
"""Outcomes of what was delivered, from the minute for which it was planned. The others: `expired`, `cancelled`, and
`refused.` with a reason."""

_REASONS = {
    "the lesson is held": "held",
    "cannot be shown": "unshowable",
    "cannot be settled": "unsettled",
    "an earlier part was refused": "incomplete",
}


@dataclass(frozen=True, slots=True)
class Day:
    """A closed day: how many messages were planned on it, and how many ended in which way."""

    day: date
    planned: int
    outcomes: Mapping[str, int]

    @property
    def difference(self) -> int:
        """How many of the planned messages have no end that is known; negative when more ended than were planned."""
        return self.planned - sum(self.outcomes.values())


class Place(NamedTuple):
    """How far the rows that ended were walked."""

    ended_at: datetime
    id: int


def count_planned(tx: Tx, at: datetime, number: int) -> None:
    """Count messages that are planned at an instant."""
    if not number:
        return
    row = insert(tx.dialect.name, reconciliation).values(
        day=at.astimezone(UTC).date(), planned=number, outcomes={}, erased={}
    )
    summed = {"planned": reconciliation.c.planned + row.excluded.planned}
    tx.execute(row.on_conflict_do_update(index_elements=["day"], set_=summed))


def open_days(tx: Tx, before: date) -> list[tuple[date, dict[str, int]]]:
    """Return the days before a date that are not closed, the oldest first, with what was erased of each."""
    rows = tx.execute(
        select(reconciliation.c.day, reconciliation.c.erased)
        .where(reconciliation.c.closed_at.is_(None), reconciliation.c.day < before)
        .order_by(reconciliation.c.day)
    )
    return [(row.day, _numbers(row.erased)) for row in rows if row.day != UNREADABLE.date()]


def _numbers(stored: Any) -> dict[str, int]:
    """Return the readable ones of stored counts. When one is missing the day does not add up, and admins are told."""
    counts = stored.items() if isinstance(stored, dict) else ()
    return {outcome: number for outcome, number in counts if isinstance(number, int)}


def begin_of(day: date) -> datetime:
    """Return the first instant of a day."""
    return datetime.combine(day, time(0), UTC)


_ended = select(
    outbox.c.id,
    outbox.c.ended_at,
    outbox.c.created_at,
    outbox.c.priority,
    outbox.c.state,
    outbox.c.reason,
    outbox.c.not_after,
)
# All that ended, replies too: a filter on the planned ones would read as many rows, and make a page of unknown cost.
_page = (
    _ended.where(
        outbox.c.ended_at >= bindparam("after", type_=UtcDateTime),
        outbox.c.ended_at < bindparam("until", type_=UtcDateTime),
        or_(outbox.c.ended_at > bindparam("after", type_=UtcDateTime), outbox.c.id > bindparam("id")),
    )
    .order_by(outbox.c.ended_at, outbox.c.id)
    .limit(bindparam("most"))
)


def page(
    tx: Tx, day: date, place: Place | None, until: datetime, most: int
) -> tuple[Counter[str], Place | None]:
    """Count by outcome the next rows of a day that ended before an instant. Return how far it came, None at the end."""
    place = place or Place(begin_of(day), -1)
    rows = tx.execute(_page, {"after": place.ended_at, "id": place.id, "until": until, "most": most}).all()
    if len(rows) < most:
        return _count(rows, day), None
    # The next page starts after a readable instant: the rows behind the last one are read with that page.
    until_last = [place for place, row in enumerate(rows) if row.ended_at != UNREADABLE]
    if not until_last:
        return _count(rows, day), None
    last = rows[until_last[-1]]
    return _count(rows[: until_last[-1] + 1], day), Place(last.ended_at, last.id)


_waiting = (
    _ended.join(conversation, conversation.c.address_id == outbox.c.address_id)
    .where(
        WAITING, outbox.c.priority == SCHEDULED, outbox.c.created_at >= bindparam("begin", type_=UtcDateTime)
    )
    .where(outbox.c.created_at < bindparam("end", type_=UtcDateTime))
)
_rest = union_all(_waiting, _ended.where(outbox.c.ended_at >= bindparam("since", type_=UtcDateTime)))
"""One statement, so one snapshot: a row that ends meanwhile is counted once."""


def rest(tx: Tx, day: date, since: datetime, now: datetime) -> Counter[str] | None:
    """Count the rows of a day that ended since an instant, or still wait although too late; None while one may leave."""
    values = {"begin": begin_of(day), "end": begin_of(day + timedelta(days=1)), "since": since}
    rows = tx.execute(_rest, values).all()
    waiting = [row for row in rows if row.ended_at is None]
    if any(row.not_after is None or row.not_after > now for row in waiting):
        return None
    return _count([row for row in rows if row.ended_at is not None], day) + Counter(expired=len(waiting))


def _count(rows: Sequence[Any], day: date) -> Counter[str]:
    return Counter(
        outcome_of(row.state, row.reason, row.ended_at - row.created_at)
        for row in rows
        if row.priority == SCHEDULED and row.created_at.date() == day
    )


def outcome_of(state: str, reason: str, took: timedelta) -> str:
    """Return what became of a row that ended `took` after it was planned."""
    if state == "sent":
        if took <= timedelta(seconds=10):
            return "within_10s"
        return "within_1m" if took <= timedelta(minutes=1) else "later"
    if state != "refused":
        return state
    name = reason.partition(":")[0]
    return f"refused.{_REASONS.get(name) or (name.lower() if name.isidentifier() else 'other')}"


def close(
    tx: Tx, day: date, outcomes: Mapping[str, int], erased: Mapping[str, int], now: datetime
) -> Day | None:
    """Close a day, once. None when it was closed, or when more of it than `erased` was erased meanwhile."""
    row = tx.execute(select(reconciliation).where(reconciliation.c.day == day)).first()
    if row is None or row.closed_at is not None or _numbers(row.erased) != erased:
        return None
    total = dict(sorted((Counter(outcomes) + Counter(erased)).items()))
    tx.execute(
        update(reconciliation).where(reconciliation.c.day == day).values(outcomes=total, closed_at=now)
    )
    return Day(day, row.planned, total)


def note_erased(tx: Tx, addresses: Sequence[int], *, among: Sequence[ColumnElement[bool]] = ()) -> None:
    """Count, for days that are not closed, the messages of some addresses whose rows are about to be deleted.

    `among`: conditions on rows of the outbox, where not all of them are deleted.
    """
    days = {
        row.day: _numbers(row.erased)
        for row in tx.execute(select(reconciliation).where(reconciliation.c.closed_at.is_(None)))
    }
    if not days or not addresses:
        return
    rows = tx.execute(
        _ended.where(
            outbox.c.address_id.in_(addresses),
            outbox.c.priority == SCHEDULED,
            outbox.c.created_at >= begin_of(min(days)),
            *among,
        )
    ).all()
    gone: dict[date, Counter[str]] = {}
    for row in rows:
        took = (row.ended_at or row.created_at) - row.created_at
        state = "cancelled" if row.state == "waiting" else row.state
        gone.setdefault(row.created_at.date(), Counter())[outcome_of(state, row.reason, took)] += 1
    for day, counted in gone.items():
        if day in days:
            erased = dict(Counter(days[day]) + counted)
            tx.execute(update(reconciliation).where(reconciliation.c.day == day).values(erased=erased))


def closed(tx: Tx, most: int) -> list[Day]:
    """Return the days that were closed, the newest first, at most `most`."""
    rows = tx.execute(
        select(reconciliation.c.day, reconciliation.c.planned, reconciliation.c.outcomes)
        .where(reconciliation.c.closed_at.is_not(None))
        .order_by(reconciliation.c.day.desc())
        .limit(most)
    )
    return [Day(row.day, row.planned, _numbers(row.outcomes)) for row in rows]


def drop_old(tx: Tx, before: datetime, limit: int) -> int:
    """Drop days before an instant, at most `limit`; return how many."""
    old = select(reconciliation.c.day).where(reconciliation.c.day < before.date()).limit(limit)
    return tx.execute(delete(reconciliation).where(reconciliation.c.day.in_(old))).rowcount
