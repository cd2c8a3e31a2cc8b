# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Broadcasts: a lesson or an announcement that an admin sends to many learners, in batches with checkpoints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from storage import staff
from storage.tables import address, broadcast, enrolment, learner
from storage.types import Tx

LASTS = timedelta(days=7)
"""How long learners who could not be disturbed are retried."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast and its checkpoint."""

    id: int
    version: str | None
    text: str
    roles: tuple[str, ...]
    passed: int
    left_until: datetime | None
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """A learner to whom a broadcast goes."""

    enrolment_id: int
    learner_id: str
    address_id: int
    channel: str
    schedule: str


def begin(
    tx: Tx, *, roles: Iterable[str], by: str, now: datetime, version: str | None = None, text: str = ""
) -> int:
    """Start a broadcast; the next tick walks it. Return its id."""
    row = {
        "version": version,
        "text": text,
        "roles": list(roles),
        "passed": 0,
        "next_at": now,
        "ends_at": now + LASTS,
        "staff_id": staff.number_of(tx, by),
        "created_at": now,
    }
    return int(tx.execute(broadcast.insert().values(row).returning(broadcast.c.id)).scalar_one())


def due(tx: Tx, tick: datetime) -> Broadcast | None:
    """Return a broadcast with learners to walk now, the one due longest."""
    row = tx.execute(
        select(
            broadcast.c.id,
            broadcast.c.version,
            broadcast.c.text,
            broadcast.c.roles,
            broadcast.c.passed,
            broadcast.c.left_until,
            broadcast.c.ends_at,
        )
        .where(broadcast.c.next_at <= tick)
        .order_by(broadcast.c.next_at, broadcast.c.id)
    ).first()
    if row is None:
        return None
    roles = tuple(row.roles) if isinstance(row.roles, list) else ()
    return Broadcast(row.id, row.version, row.text, roles, row.passed, row.left_until, row.ends_at)


def pass_over(tx: Tx, tick: datetime) -> int | None:
    """Pass over the next enrolment of the broadcast that `due` would return; return its id.

    None when no enrolment is left, or no broadcast is due: the broadcast has ended now. Nothing but ids is read.
    """
    of = tx.execute(
        select(broadcast.c.id, broadcast.c.passed)
        .where(broadcast.c.next_at <= tick)
        .order_by(broadcast.c.next_at, broadcast.c.id)
    ).first()
    if of is None:
        return None
    follower: int | None = tx.execute(
        select(func.min(enrolment.c.id))
        .join(learner, learner.c.id == enrolment.c.learner_id)
        .where(learner.c.state == "active", enrolment.c.id > of.passed)
    ).scalar()
    values = {"next_at": None} if follower is None else {"passed": follower}
    tx.execute(update(broadcast).where(broadcast.c.id == of.id).values(values))
    return follower


def text_of(tx: Tx, broadcast_id: int) -> str:
    """Return the text of an announcement."""
    return str(tx.execute(select(broadcast.c.text).where(broadcast.c.id == broadcast_id)).scalar_one())


def readers(tx: Tx, of: Broadcast, limit: int) -> list[Reader]:
    """Return the next active learners to whom a broadcast goes, at most `limit`."""
    rows = tx.execute(
        select(enrolment.c.id, learner.c.id, address.c.id, address.c.channel, enrolment.c.schedule)
        .select_from(
            enrolment.join(learner, learner.c.id == enrolment.c.learner_id).join(
                address, address.c.learner_id == learner.c.id
            )
        )
        .where(learner.c.state == "active", learner.c.role.in_(of.roles), enrolment.c.id > of.passed)
        .order_by(enrolment.c.id)
        .limit(limit)
    )
    return [Reader(*row) for row in rows]


def checkpoint(tx: Tx, of: Broadcast, *, passed: int, left_until: datetime | None) -> None:
    """Note the last enrolment walked, and when the first learner left aside can be disturbed."""
    tx.execute(update(broadcast).where(broadcast.c.id == of.id).values(passed=passed, left_until=left_until))


def end_pass(tx: Tx, of: Broadcast) -> None:
    """End a walk: begin again when the learners left aside can be disturbed, or end the broadcast."""
    again = of.left_until if of.left_until is not None and of.left_until < of.ends_at else None
    tx.execute(
        update(broadcast).where(broadcast.c.id == of.id).values(passed=0, left_until=None, next_at=again)
    )
