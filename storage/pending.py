# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Events that were noted and are answered later: each survives its process, and is answered by the account's owner.

They are in `seen` already. Taking one away and answering it is one transaction: none is answered twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, delete, select, tuple_, type_coerce, update

from storage.tables import address, pending
from storage.types import Tx, canonical


@dataclass(frozen=True, slots=True)
class Pending:
    """An event that waits. `event` is the packed form of a `bot.messages.Event`."""

    id: int
    address: str
    event: dict[str, Any]
    tries: int
    """How often its work was begun: a process that dies of it leaves it to the next."""
    created_at: datetime


_insert = pending.insert()


def add(
    tx: Tx, channel: str, events: Sequence[tuple[str, dict[str, Any]]], now: datetime, *, crowd: bool = False
) -> None:
    """Note events, each an address and a packed event, in the order in which they are to be answered.

    `crowd`: they are answered a few at a time with those of other addresses, not each address by itself.
    """
    rows = [
        {"channel": channel, "address": where, "event": event, "crowd": crowd, "tries": 0, "created_at": now}
        for where, event in events
    ]
    if rows:
        tx.execute(_insert, rows)


_columns = (pending.c.id, pending.c.address, pending.c.event, pending.c.tries, pending.c.created_at)
_of_address = (
    select(*_columns)
    .where(pending.c.channel == bindparam("channel"), pending.c.address == bindparam("where"))
    .order_by(pending.c.id)
)
_of_crowd = (
    select(*_columns)
    .where(pending.c.channel == bindparam("channel"), pending.c.crowd.is_(True))
    .order_by(pending.c.id)
    .limit(bindparam("most"))
)


def of_address(tx: Tx, channel: str, where: str) -> list[Pending]:
    """Return what waits for one address, the oldest first."""
    return [_pending(row) for row in tx.execute(_of_address, {"channel": channel, "where": where})]


def of_crowd(tx: Tx, channel: str, most: int) -> list[Pending]:
    """Return the oldest `most` events of the crowd."""
    return [_pending(row) for row in tx.execute(_of_crowd, {"channel": channel, "most": most})]


def _pending(row: Sequence[Any]) -> Pending:
    return Pending(*tuple(row))


def addresses(tx: Tx, channel: str, *, crowd: bool) -> list[str]:
    """Return the address of each event that waits: an address with several comes several times."""
    found = select(pending.c.address).where(pending.c.channel == channel, pending.c.crowd.is_(crowd))
    return list(tx.execute(found).scalars())


def begin(tx: Tx, id_: int) -> int:
    """Count a try of the work; return how many there were with this one, 0 when the event waits no more."""
    tries = tx.execute(
        update(pending)
        .where(pending.c.id == id_)
        .values(tries=pending.c.tries + 1)
        .returning(pending.c.tries)
    ).scalar()
    return tries or 0


def take(tx: Tx, id_: int) -> bool:
    """Take an event away to answer it; return False when it waits no more."""
    return tx.execute(delete(pending).where(pending.c.id == id_)).rowcount > 0


def drop_at(tx: Tx, addresses: Collection[int]) -> None:
    """Drop the waiting events of some addresses, given by their ids."""
    theirs = select(address.c.channel, address.c.address).where(address.c.id.in_(list(addresses)))
    tx.execute(delete(pending).where(tuple_(pending.c.channel, pending.c.address).in_(theirs)))


def drop_of(tx: Tx, channel: str, account: str) -> set[str]:
    """Drop the waiting events of an account, also at addresses that belong to no learner; return their addresses."""
    holds = type_coerce(pending.c.event, Text).contains(canonical(account), autoescape=True)
    found = tx.execute(
        select(pending.c.id, pending.c.address, pending.c.event).where(pending.c.channel == channel, holds)
    ).all()
    said = [row for row in found if isinstance(row.event, dict) and row.event.get("sender") == account]
    tx.execute(delete(pending).where(pending.c.id.in_([row.id for row in said])))
    return {row.address for row in said}


def drop_old(tx: Tx, before: datetime, limit: int) -> int:
    """Drop what was noted before an instant, at most `limit`: no channel of its name was run since. Return how many."""
    old = select(pending.c.id).where(pending.c.created_at < before).order_by(pending.c.id).limit(limit)
    return tx.execute(delete(pending).where(pending.c.id.in_(old))).rowcount
