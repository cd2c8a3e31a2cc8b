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

from sqlalchemy import bindparam, delete, select, tuple_, update

from storage import sealing
from storage.failures import Unsealable
from storage.tables import address, pending
from storage.types import Tx

PLACE = "pending"
"""What an event is sealed for: its row has no number yet."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An event that waits. `event` is the packed form of a `bot.messages.Event`; empty when it cannot be opened."""

    id: int
    address: str
    """Empty when the event cannot be opened."""
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
        {
            "channel": channel,
            "crowd": crowd,
            "tries": 0,
            "created_at": now,
            **stored(tx, channel, where, event),
        }
        for where, event in events
    ]
    if rows:
        tx.execute(_insert, rows)


def stored(tx: Tx, channel: str, where: str, event: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that say whose an event is and what it says, as they are stored."""
    sender, key = event.get("sender"), sealing.of(tx)
    return {
        "address": sealing.name(tx, channel, where),
        "event": event if key is None else key.seal_json(channel, PLACE, event),
        "sender": sealing.name(tx, channel, sender) if isinstance(sender, str) and sender else None,
    }


_columns = (pending.c.id, pending.c.address, pending.c.event, pending.c.tries, pending.c.created_at)
_of_address = (
    select(*_columns)
    .where(
        pending.c.channel == bindparam("channel"),
        pending.c.address.in_([bindparam("where"), bindparam("in_clear")]),
    )
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
    name, in_clear = sealing.names(tx, channel, where)
    rows = tx.execute(_of_address, {"channel": channel, "where": name, "in_clear": in_clear}).all()
    return [_pending(tx, channel, row) for row in rows]


def of_crowd(tx: Tx, channel: str, most: int) -> list[Pending]:
    """Return the oldest `most` events of the crowd."""
    rows = tx.execute(_of_crowd, {"channel": channel, "most": most}).all()
    return [_pending(tx, channel, row) for row in rows]


def _pending(tx: Tx, channel: str, row: Sequence[Any]) -> Pending:
    id_, where, stored, tries, created_at = row
    event = readable(tx, channel, stored)
    if isinstance(stored, str):
        where = event.get("address", "")
    return Pending(id_, where, event, tries, created_at)


def readable(tx: Tx, channel: str, stored: Any) -> Any:
    """Return an event as it was before it was sealed; empty when it cannot be opened."""
    if not isinstance(stored, str):
        return stored
    key = sealing.of(tx)
    try:
        return {} if key is None else key.open_json(channel, PLACE, stored)
    except Unsealable:
        return {}


def addresses(tx: Tx, channel: str, *, crowd: bool) -> list[str]:
    """Return the address of each event that waits: an address with several comes several times."""
    rows = tx.execute(select(*_columns).where(pending.c.channel == channel, pending.c.crowd.is_(crowd))).all()
    found = (_pending(tx, channel, row).address for row in rows)
    return [where for where in found if where]


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
    rows = tx.execute(
        select(address.c.channel, address.c.address).where(address.c.id.in_(list(addresses)))
    ).all()
    theirs = [(row.channel, name) for row in rows for name in _names(tx, row.channel, row.address)]
    if theirs:
        tx.execute(delete(pending).where(tuple_(pending.c.channel, pending.c.address).in_(theirs)))


def drop_of(tx: Tx, channel: str, account: str) -> set[str]:
    """Drop the waiting events of an account, given as it is stored, also at addresses that belong to no learner.

    Return their addresses, in clear.
    """
    theirs = pending.c.channel == channel, pending.c.sender.in_(_names(tx, channel, account))
    said = [_pending(tx, channel, row) for row in tx.execute(select(*_columns).where(*theirs)).all()]
    tx.execute(delete(pending).where(pending.c.id.in_([one.id for one in said])))
    return {one.address for one in said if one.address}


def _names(tx: Tx, channel: str, stored: str) -> tuple[str, ...]:
    """Return the names under which something may be stored here that another table has under a name."""
    return (stored,) if sealing.is_tag(stored) else sealing.names(tx, channel, stored)


def drop_old(tx: Tx, before: datetime, limit: int) -> int:
    """Drop what was noted before an instant, at most `limit`: no channel of its name was run since. Return how many."""
    old = select(pending.c.id).where(pending.c.created_at < before).order_by(pending.c.id).limit(limit)
    return tx.execute(delete(pending).where(pending.c.id.in_(old))).rowcount
