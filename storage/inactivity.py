# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Those who have been silent for long: who is to be told, who was told and is to be erased. Dates are of UTC."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from storage import accounts, attestations, counters, erasure, learners
from storage.outbox import queue
from storage.tables import counter, learner
from storage.types import Tx

NOTICE = timedelta(days=30)
"""From the message to the erasure."""
NIGHTS, AMONG = 20, 30
"""Of the last `AMONG` days, those on which the service must have worked before it erases anybody."""
CONFIRMED = "moment.inactive"
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
    return and_(_kept, ~_is_gone, learner.c.heard_on < limit.heard, never)


def _over(limit: Limit) -> ColumnElement[bool]:
    told = and_(learner.c.warned_on < limit.told, learner.c.heard_on < limit.told)
    unreachable = and_(_is_gone, learner.c.heard_on < limit.heard - NOTICE)
    return and_(_kept, or_(told, unreachable))


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
    return untold, over, len(ids), ids[-1]


def note_told(tx: Tx, ids: Collection[str], limit: Limit) -> list[str]:
    """Note that some are told now; return who is: others were heard since."""
    told = update(learner).where(learner.c.id.in_(list(ids)), _untold(limit)).values(warned_on=limit.today)
    return sorted(tx.execute(told.returning(learner.c.id)).scalars())


def erase(tx: Tx, learner_id: str, limit: Limit, now: datetime) -> bool:
    """Erase somebody whose time is over, with the journal's row. Return False for who was heard since."""
    if tx.execute(select(learner.c.id).where(learner.c.id == learner_id, _over(limit))).first() is None:
        return False
    found = learners.by_id(tx, learner_id)
    if found is None:
        return False
    others = {row.id for row in accounts.rows_of_person(tx, found)} - {learner_id}
    # Nobody asked for it: their papers can still be verified, and say no more whose they are.
    attestations.release(tx, {learner_id, *others})
    erasure.erase(tx, learner_id, now, others=sorted(others))
    if found.account:
        attestations.release(tx, erasure.rest_of(tx, found.channel, found.account))
        erasure.erase_rest(tx, found.channel, found.account)
    return True


def key_of(learner_id: str, told: date) -> str:
    """Return the outbox key of the message that tells somebody."""
    return f"inactive:{learner_id}:{told.isoformat()}:0"


def heard(tx: Tx, of: learners.Learner, now: datetime) -> None:
    """Note that somebody said something, at most once a day; what was to tell them of their silence is taken back."""
    today = now.date()
    if of.heard_on == today and of.warned_on is None:
        return
    tx.execute(update(learner).where(learner.c.id == of.id).values(heard_on=today, warned_on=None))
    if of.warned_on is not None:
        queue.withdraw(tx, [key_of(of.id, of.warned_on)], now, "the reader answered")


def note_night(tx: Tx, today: date) -> int:
    """Note that the service works tonight. Return on how many of the last `AMONG` days it did."""
    counters.put(tx, f"{RAN}{today.isoformat()}", 1)
    oldest = f"{RAN}{(today - timedelta(days=AMONG)).isoformat()}"
    tx.execute(delete(counter).where(counter.c.name.like(f"{RAN}%"), counter.c.name <= oldest))
    nights = select(func.count()).where(counter.c.name.like(f"{RAN}%"), counter.c.name > oldest)
    nights = nights.where(counter.c.name <= f"{RAN}{today.isoformat()}")
    return int(tx.execute(nights).scalar_one())


def confirm(tx: Tx, now: datetime) -> None:
    """Let the next night erase as many as are due."""
    counters.put(tx, CONFIRMED, int(now.timestamp()))


def confirmed(tx: Tx, now: datetime) -> bool:
    """Tell whether an operator confirmed within the last week."""
    at = counters.value(tx, CONFIRMED)
    return 0 <= now.timestamp() - at < timedelta(days=7).total_seconds()
