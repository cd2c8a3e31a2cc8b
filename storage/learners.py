# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Who learns, and where they are reached."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select, update

from storage.tables import address, audit, conversation, enrolment, learner, prompt, review, tally
from storage.types import Tx, storable


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A learner in the course."""

    id: int
    position: str | None
    """The last lesson that was delivered."""
    schedule: str
    """Canonical JSON of a `config.schedule.Schedule`."""
    next_at: datetime | None
    slot: date | None
    silent: int
    """Slots used since the learner's last word."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A person who wrote to the bot, seen from one address."""

    id: str
    address_id: int
    channel: str
    address: str
    name: str
    language: str
    role: str
    state: str
    """invited, active, paused or stopped."""
    pause_reason: str
    notice: str
    consented_at: datetime | None
    created_at: datetime
    enrolment: Enrolment | None


_columns = (
    learner.c.id,
    address.c.id.label("address_id"),
    address.c.channel,
    address.c.address,
    learner.c.name,
    learner.c.language,
    learner.c.role,
    learner.c.state,
    learner.c.pause_reason,
    learner.c.notice,
    learner.c.consented_at,
    learner.c.created_at,
)
_enrolled = (
    enrolment.c.id.label("enrolment_id"),
    enrolment.c.position,
    enrolment.c.schedule,
    enrolment.c.next_at,
    enrolment.c.slot,
    enrolment.c.silent,
)
_everything = select(*_columns, *_enrolled).select_from(
    address.join(learner, learner.c.id == address.c.learner_id).outerjoin(
        enrolment, enrolment.c.learner_id == learner.c.id
    )
)


_at = _everything.where(address.c.channel == bindparam("channel"), address.c.address == bindparam("where"))


def by_address(tx: Tx, channel: str, where: str) -> Learner | None:
    """The learner reached at an address."""
    row = tx.execute(_at, {"channel": channel, "where": where}).first()
    return None if row is None else _learner(row)


def by_id(tx: Tx, learner_id: str) -> Learner | None:
    """The learner, at the first address they wrote from."""
    row = tx.execute(_everything.where(learner.c.id == learner_id).order_by(address.c.id)).first()
    return None if row is None else _learner(row)


def _learner(row: Sequence[Any]) -> Learner:
    who, enrolled = tuple(row[: len(_columns)]), tuple(row[len(_columns) :])
    return Learner(*who, None if enrolled[0] is None else Enrolment(*enrolled))  # type: ignore[call-arg]


def meet(tx: Tx, channel: str, where: str, *, name: str, language: str, now: datetime) -> Learner:
    """Remember a new address; nothing is sent to it but answers until the notice is accepted."""
    learner_id = secrets.token_hex(8)
    tx.execute(
        learner.insert().values(
            id=learner_id,
            name=storable(name, 64),
            language=language,
            role="agent",
            state="invited",
            pause_reason="",
            notice="",
            created_at=now,
        )
    )
    tx.execute(address.insert().values(channel=channel, address=where, learner_id=learner_id))
    met = by_address(tx, channel, where)
    if met is None:
        raise LookupError("an address that was just stored is missing")
    return met


def follow(tx: Tx, channel: str, where: str, elsewhere: Sequence[str]) -> Learner | None:
    """The learner reached at one of the other addresses of the same person, who is reached here from now on."""
    for left in elsewhere:
        moved = tx.execute(
            update(address)
            .where(address.c.channel == channel, address.c.address == left)
            .values(address=where)
        )
        if moved.rowcount:
            return by_address(tx, channel, where)
    return None


def change(tx: Tx, learner_id: str, **values: Any) -> None:
    """Set columns of a learner."""
    tx.execute(update(learner).where(learner.c.id == learner_id).values(**values))


def pause(tx: Tx, learner_id: str, reason: str) -> None:
    """Plan nothing more for an active learner, until they come back."""
    paused = tx.execute(
        update(learner)
        .where(learner.c.id == learner_id, learner.c.state == "active")
        .values(state="paused", pause_reason=reason)
    )
    if paused.rowcount:
        tx.execute(update(enrolment).where(enrolment.c.learner_id == learner_id).values(next_at=None))


_departed = and_(
    ~exists().where(address.c.learner_id == learner.c.id, conversation.c.address_id == address.c.id),
    or_(
        learner.c.state == "erased",
        and_(learner.c.state == "invited", learner.c.created_at < bindparam("before")),
    ),
)


def erase(tx: Tx, learner_id: str, invited_before: datetime) -> bool:
    """Forget a person who is `departed`: the address, the answers, everything that hangs on them.

    False when they are not, or not any more: who was looked up a moment ago may have come back since.
    """
    gone = tx.execute(
        delete(learner).where(learner.c.id == learner_id, _departed), {"before": invited_before}
    )
    return gone.rowcount > 0


def forget(tx: Tx, learner_id: str) -> None:
    """Erase what a person answered and chose. The address stays until the goodbye has left: see `departed`."""
    for table in (prompt, tally, review, enrolment):
        tx.execute(delete(table).where(table.c.learner_id == learner_id))
    change(tx, learner_id, name="", notice="", consented_at=None)


def departed(tx: Tx, invited_before: datetime, after: str, number: int) -> tuple[list[str], str | None]:
    """Those of the next few learners, after one of them, to erase; and the last of these learners, if any.

    To erase are who asked for it and was told goodbye, and who never accepted the notice.
    """
    some = following(tx, after, number)
    if not some:
        return [], None
    found = tx.execute(
        select(learner.c.id).where(learner.c.id.in_(some), _departed), {"before": invited_before}
    )
    return list(found.scalars()), some[-1]


def following(tx: Tx, after: str, number: int) -> list[str]:
    """The next few learners after one of them, or from the first: to walk them all without an index for it."""
    found = tx.execute(select(learner.c.id).where(learner.c.id > after).order_by(learner.c.id).limit(number))
    return list(found.scalars())


def count(tx: Tx) -> dict[str, int]:
    """How many learners are in each state."""
    found = tx.execute(select(learner.c.state, func.count()).group_by(learner.c.state))
    return {row[0]: row[1] for row in found}


def record(tx: Tx, *, by: str, action: str, subject: str, detail: str, now: datetime) -> None:
    """Write what an admin did. `by` is `channel:address`, or `cli:` and a name."""
    tx.execute(audit.insert().values(at=now, by=by, action=action, subject=subject, detail=detail))
