# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Those who have been silent for long: who is to be told, who was told and is to be erased. Dates are of UTC."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from storage import accounts, attestations, counters, erasure, learners
from storage.outbox import queue
from storage.tables import counter, enrolment, learner
from storage.types import Tx

NOTICE = timedelta(days=30)
"""From the message to the erasure."""
AT_ONCE = 500
"""Learners who are looked up in one query."""
NIGHTS, AMONG = 20, 30
"""Of the last `AMONG` days, those on which the service must have worked before it erases anybody."""
CONFIRMED = "moment.inactive"
ANNOUNCED, ALLOWED = "moment.inactive.announced", "moment.inactive.allowed"
"""Counters: of how many the operator was told, and how many of them may still be erased."""
RAN = "ran."
"""Prefix of the counters that note a night: `ran.2026-12-01`."""

# Whoever asked to have their data kept unused is left alone; who never accepted the notice goes otherwise.
_kept = learner.c.state.in_(("active", "paused", "stopped", learners.OPPOSED))
_is_gone = and_(learner.c.state == "paused", learner.c.pause_reason == "gone")


@dataclass(frozen=True, slots=True)
class Limit:
    """The dates that decide, as of one night. Who was heard, or told, on the date itself is spared."""

    heard: date
    """Who was heard before this date has been silent for long."""
    told: date
    """Who was told before this date has had their time."""
    today: date

    @classmethod
    def of(cls, today: date, inactive: timedelta) -> Limit:
        """Return the limits of a night. `inactive`: how long somebody may be silent."""
        return cls(today - inactive, today - NOTICE, today)


def _untold(limit: Limit) -> ColumnElement[bool]:
    # A date that lies ahead was written by a clock that was wrong: nobody was told by it.
    never = or_(learner.c.warned_on.is_(None), learner.c.warned_on > limit.today)
    written_to = learner.c.state != learners.OPPOSED
    return and_(_kept, written_to, ~_is_gone, learner.c.heard_on < limit.heard, _no_pause(limit), never)


def _no_pause(limit: Limit) -> ColumnElement[bool]:
    """A pause until a day is no silence: it counts from that day on."""
    until = select(enrolment.c.until).where(enrolment.c.learner_id == learner.c.id)
    ends = until.correlate(learner).scalar_subquery()
    return or_(ends.is_(None), ends < limit.heard)


def _over(limit: Limit) -> ColumnElement[bool]:
    told = and_(learner.c.warned_on < limit.told, learner.c.heard_on < limit.told)
    unwritten = and_(
        or_(_is_gone, learner.c.state == learners.OPPOSED), learner.c.heard_on < limit.heard - NOTICE
    )
    return and_(_kept, _no_pause(limit), or_(told, unwritten))


def looked_at(tx: Tx, limit: Limit, after: str, number: int) -> tuple[list[str], list[str], int, str | None]:
    """Look through the next `number` learners after an id.

    Return who is to be told, who is to be erased, how many were looked at, and the last id; None when no learner is left.
    """
    ids = learners.ids_after(tx, after, number)
    if not ids:
        return [], [], 0, None
    among = learner.c.id.in_(ids)
    untold, over = (
        list(tx.execute(select(learner.c.id).where(among, which(limit)).order_by(learner.c.id)).scalars())
        for which in (_untold, _over)
    )
    over = [one for one in over if (found := learners.by_id(tx, one)) and _is_over(tx, found, limit)]
    return untold, over, len(ids), ids[-1]


def _is_over(tx: Tx, of: learners.Learner, limit: Limit) -> bool:
    """Tell whether the time is over in each room of a person: one silent room erases nobody who speaks elsewhere."""
    rows = accounts.rows_of_person(tx, of)
    enrolled = {of.id, *(row.id for row in rows if row.state in accounts.ENROLLED)}
    over = select(func.count()).where(learner.c.id.in_(enrolled), _over(limit))
    return tx.execute(over).scalar_one() == len(enrolled)


def to_tell(tx: Tx, ids: Collection[str], limit: Limit) -> list[learners.Learner]:
    """Return those of some who are to be told now: not heard since, here or elsewhere, nor told of this silence yet."""
    still = tx.execute(select(learner.c.id).where(learner.c.id.in_(list(ids)), _untold(limit))).scalars()
    people = [found for one in sorted(still) if (found := learners.by_id(tx, one)) is not None]
    people = [one for one in people if _is_silent(tx, one, limit.heard)]
    fresh = queue.missing(tx, [key_of(one) for one in people])
    return [one for one in people if key_of(one) in fresh]


def _is_silent(tx: Tx, of: learners.Learner, since: date) -> bool:
    """Tell whether nobody of the same account was heard since a date, or has their data kept without being used."""
    rows = accounts.rows_of_person(tx, of)
    return all(
        row.state != learners.LIMITED and (row.heard_on is None or row.heard_on < since)
        for row in rows
        if row.state not in ("invited", "erased")
    )


def note_told(tx: Tx, arrived: Mapping[str, str], now: datetime) -> None:
    """Note that the message reached some: from now on they have their time. `arrived`: learners by the row's key.

    Who answered before this was written down has ended the silence that the message is of: its key is theirs no more.
    """
    for key, learner_id in arrived.items():
        found = learners.by_id(tx, learner_id)
        if found is None or key != key_of(found):
            continue
        of = and_(learner.c.id == learner_id, learner.c.heard_on == found.heard_on)
        tx.execute(update(learner).where(of).values(warned_on=now.date()))


def erase(tx: Tx, learner_id: str, limit: Limit, now: datetime, *, confirmed: bool = False) -> bool:
    """Erase somebody whose time is over in each of their rooms, with the journal's row. Return False for others.

    `confirmed`: only as one of the number that an operator confirmed, which is one less then.
    """
    found = learners.by_id(tx, learner_id)
    if found is None or not _is_over(tx, found, limit):
        return False
    if confirmed:
        if (left := counters.value(tx, ALLOWED)) <= 0:
            return False
        counters.put(tx, ALLOWED, left - 1)
    others = {row.id for row in accounts.rows_of_person(tx, found)} - {learner_id}
    # Nobody asked for it: their papers can still be verified, and say no more whose they are.
    attestations.release(tx, {learner_id, *others})
    erasure.erase(tx, learner_id, now, others=sorted(others))
    if found.account:
        attestations.release(tx, erasure.rest_of(tx, found.channel, found.account))
        erasure.erase_rest(tx, found.channel, found.account)
    return True


def key_of(of: learners.Learner) -> str:
    """Return the outbox key of the message that tells somebody of this silence: it is queued once."""
    return f"inactive:{of.id}:{of.heard_on}:0"


def heard(tx: Tx, of: learners.Learner, now: datetime) -> None:
    """Note that somebody said something, at most once a day; what was to tell them of their silence is taken back."""
    today = now.date()
    if of.heard_on == today and of.warned_on is None:
        return
    tx.execute(update(learner).where(learner.c.id == of.id).values(heard_on=today, warned_on=None))
    if of.heard_on is not None and today - of.heard_on >= NOTICE:
        queue.withdraw(tx, [key_of(of)], now, "the reader answered")


def note_night(tx: Tx, today: date) -> int:
    """Note that the service works tonight. Return on how many of the last `AMONG` days it did."""
    counters.begin(tx, f"{RAN}{today.isoformat()}", 1)
    oldest = f"{RAN}{(today - timedelta(days=AMONG)).isoformat()}"
    tx.execute(delete(counter).where(counter.c.name.like(f"{RAN}%"), counter.c.name <= oldest))
    nights = select(func.count()).where(counter.c.name.like(f"{RAN}%"), counter.c.name > oldest)
    nights = nights.where(counter.c.name <= f"{RAN}{today.isoformat()}")
    return int(tx.execute(nights).scalar_one())


def told_on(tx: Tx, today: date) -> int:
    """Return how many were told on a date, by whatever process; no other tells anybody until the transaction ends."""
    return max(0, counters.held(tx, f"{RAN}{today.isoformat()}") - 1)


def note_queued(tx: Tx, today: date, number: int) -> None:
    """Note that so many more are told on a date."""
    counters.add(tx, f"{RAN}{today.isoformat()}", number)


def told_among(tx: Tx, ids: Sequence[str], limit: Limit) -> int:
    """Count those of some who were told a month ago; the others are gone, or objected, and were told nothing."""
    number = 0
    for first in range(0, len(ids), AT_ONCE):
        told = and_(learner.c.id.in_(ids[first : first + AT_ONCE]), learner.c.warned_on < limit.told)
        number += tx.execute(select(func.count()).select_from(learner).where(told)).scalar_one()
    return number


def announce(tx: Tx, number: int, *, over: bool) -> None:
    """Note how many the operator is told of. `over`: what they confirmed before was for this night, and ends with it."""
    counters.put(tx, ANNOUNCED, number)
    if over:
        counters.put(tx, ALLOWED, 0)


def confirm(tx: Tx, now: datetime) -> int:
    """Let the next night erase as many as were announced, and no more. Return how many; 0 when nothing waits for a word.

    A second word takes nothing from the first.
    """
    number = counters.value(tx, ANNOUNCED)
    if number:
        counters.put(tx, CONFIRMED, int(now.timestamp()))
        counters.put(tx, ALLOWED, number)
        counters.put(tx, ANNOUNCED, 0)
    return number


def allowed(tx: Tx, now: datetime) -> int:
    """Return how many may be erased at once, as an operator confirmed within the last week."""
    at = counters.value(tx, CONFIRMED)
    holds = 0 <= now.timestamp() - at < timedelta(days=7).total_seconds()
    return counters.value(tx, ALLOWED) if holds else 0
