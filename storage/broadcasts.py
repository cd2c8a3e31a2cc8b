# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What admins send to many at once: a lesson now, or an announcement. Walked through a few learners at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from storage.tables import address, broadcast, enrolment, learner
from storage.types import Tx

LASTS = timedelta(days=7)
"""How long those who could not be disturbed are tried again."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Something for many, and how far it has come."""

    id: int
    version: str | None
    text: str
    roles: tuple[str, ...]
    passed: int
    left_until: datetime | None
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone a broadcast is for."""

    enrolment_id: int
    learner_id: str
    address_id: int
    channel: str
    schedule: str


def begin(
    tx: Tx, *, roles: Iterable[str], by: str, now: datetime, version: str | None = None, text: str = ""
) -> int:
    """Start one; the next tick walks it."""
    row = {
        "version": version,
        "text": text,
        "roles": list(roles),
        "passed": 0,
        "next_at": now,
        "ends_at": now + LASTS,
        "created_by": by,
        "created_at": now,
    }
    return int(tx.execute(broadcast.insert().values(row).returning(broadcast.c.id)).scalar_one())


def under_way(tx: Tx, tick: datetime) -> Broadcast | None:
    """A broadcast that has learners to walk through now."""
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
    return Broadcast(row.id, row.version, row.text, tuple(row.roles), row.passed, row.left_until, row.ends_at)


def text_of(tx: Tx, broadcast_id: int) -> str:
    """What an announcement says."""
    return str(tx.execute(select(broadcast.c.text).where(broadcast.c.id == broadcast_id)).scalar_one())


def readers(tx: Tx, of: Broadcast, limit: int) -> list[Reader]:
    """The next active learners that a broadcast is for."""
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


def pass_on(tx: Tx, of: Broadcast, *, passed: int, left_until: datetime | None) -> None:
    """Note how far the walk has come, and when the first of those left aside can be disturbed."""
    tx.execute(update(broadcast).where(broadcast.c.id == of.id).values(passed=passed, left_until=left_until))


def end_pass(tx: Tx, of: Broadcast) -> None:
    """The walk reached the end: begin again when those left aside can be disturbed, or be done."""
    again = of.left_until if of.left_until is not None and of.left_until < of.ends_at else None
    tx.execute(
        update(broadcast).where(broadcast.c.id == of.id).values(passed=0, left_until=None, next_at=again)
    )
