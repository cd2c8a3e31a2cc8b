# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Seals on rows: put on what was in clear, some rows at a time, or put anew with another key, on all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from storage import pending as waiting
from storage import sealing
from storage.failures import Unsealable
from storage.keys import IN_CLEAR, starts_otherwise
from storage.learners import NOWHERE
from storage.outbox.rows import WAITING
from storage.sealing import Sealing
from storage.staff import PLACE
from storage.tables import (
    access_code,
    address,
    audit,
    broadcast,
    conversation,
    lesson_version,
    outbox,
    pending,
    pin,
    sealing_key,
    staff,
    to_forget,
)
from storage.types import Tx

BATCH = 1000
"""Rows of one statement in a rotation."""


def seal_replies(tx: Tx, ids: Sequence[int]) -> int:
    """Seal what some replies say; return how many."""
    rows = tx.execute(select(outbox.c.id, outbox.c.content).where(outbox.c.id.in_(list(ids)))).all()
    values = [
        {"row": row.id, "what": sealing.seal_piece(tx, row.content)}
        for row in rows
        if isinstance(row.content, dict) and sealing.SEALED not in row.content
    ]
    if values:
        tx.execute(_replace_reply, values)
    return len(values)


_replace_reply = update(outbox).where(outbox.c.id == bindparam("row")).values(content=bindparam("what"))
_replace_address = (
    update(address)
    .where(address.c.id == bindparam("row"))
    .values(
        address=bindparam("where"),
        sealed=bindparam("copy"),
        account=bindparam("of"),
        account_sealed=bindparam("account_copy"),
    )
)


@dataclass(frozen=True, slots=True)
class _Turn:
    """From one key, or none, to another."""

    old: Sealing | None
    new: Sealing

    def clear(self, channel: str, about: int | str, stored: str, copy: bytes | None) -> str | None:
        """Return the text that is stored; None when it cannot be opened."""
        if copy is None:
            return None if sealing.is_tag(stored) else stored
        if self.old is None:
            return None
        try:
            return self.old.open(channel, about, copy)
        except Unsealable:
            return None

    def names(
        self, channel: str, about: int | str, stored: str, copy: bytes | None
    ) -> tuple[str, bytes | None]:
        """Return the new name and copy of what is stored; the same when it cannot be opened."""
        text = self.clear(channel, about, stored, copy)
        if text is None:
            return stored, copy
        return self.new.tag(channel, text), self.new.seal(channel, about, text)


def _turned(turn: _Turn, row: Any) -> dict[str, Any]:
    where, copy = row.address, row.sealed
    if not where.startswith(NOWHERE):
        where, copy = turn.names(row.channel, row.id, where, copy)
    of, account_copy = row.account, row.account_sealed
    if of is not None:
        of, account_copy = turn.names(row.channel, row.id, of, account_copy)
    return {"row": row.id, "where": where, "copy": copy, "of": of, "account_copy": account_copy}


_addresses = select(
    *(address.c.id, address.c.channel, address.c.address, address.c.sealed),
    *(address.c.account, address.c.account_sealed),
)


def seal(tx: Tx, ids: Sequence[int]) -> int:
    """Seal those of some addresses that are in clear, and overwrite what was in clear; return how many.

    One whose tag another row has already stays as it is: it can be no one's but the same person's, met twice.

    Raises:
        LookupError: the transaction has no key.
    """
    turn = _Turn(None, _key(tx))
    rows = tx.execute(_addresses.where(address.c.id.in_(list(ids)), IN_CLEAR)).all()
    # A row may have one of the two in clear: what is sealed already cannot be opened by this turn, and stays.
    values = [_turned(turn, row) for row in rows]
    channels, before = {row.id: row.channel for row in rows}, {row.id: row.address for row in rows}
    taken = set[tuple[str, str]]()
    for channel in set(channels.values()):  # with its channel, an address is found by the index
        theirs = [one["where"] for one in values if channels[one["row"]] == channel]
        found = select(address.c.address).where(address.c.channel == channel, address.c.address.in_(theirs))
        taken |= {(channel, where) for where in tx.execute(found).scalars()}
    values = [
        one
        for one in values
        if one["where"] == before[one["row"]] or (channels[one["row"]], one["where"]) not in taken
    ]
    if values:
        tx.execute(_replace_address, values)
    return len(values)


def seal_waiting(tx: Tx) -> int:
    """Seal the events that wait and the addresses to be forgotten, few rows each; return how many."""
    turn = _Turn(None, _key(tx))
    return _turn_pending(tx, turn) + _turn_to_forget(tx, turn) + _turn_staff(tx, turn)


def _key(tx: Tx) -> Sealing:
    key = sealing.of(tx)
    if key is None:
        raise LookupError("there is no key to seal with")
    return key


_replace_pending = (
    update(pending)
    .where(pending.c.id == bindparam("row"))
    .values(address=bindparam("where"), sender=bindparam("whose"), event=bindparam("what"))
)


def _turn_pending(tx: Tx, turn: _Turn) -> int:
    query = select(pending.c.id, pending.c.channel, pending.c.address, pending.c.event)
    if turn.old is None:
        query = query.where(starts_otherwise(pending.c.address))
    values = []
    for row in tx.execute(query).all():
        where, event = row.address, row.event
        if isinstance(event, str):
            event = _opened(turn.old, row.channel, waiting.PLACE, event)
            if event is None:
                continue
            where = event.get("address", "")
        # An event that cannot be read is answered by nobody: its address goes all the same.
        stored = waiting.stored(tx, row.channel, where, event if isinstance(event, dict) else {})
        values.append(
            {"row": row.id, "where": stored["address"], "whose": stored["sender"], "what": stored["event"]}
        )
    if values:
        tx.execute(_replace_pending, values)
    return len(values)


def _opened(key: Sealing | None, channel: str, about: str, stored: str) -> dict[str, Any] | None:
    try:
        value = None if key is None else key.open_json(channel, about, stored)
    except Unsealable:
        return None
    return value if isinstance(value, dict) else None


_replace_to_forget = (
    update(to_forget)
    .where(
        to_forget.c.channel == bindparam("on"),
        to_forget.c.device == bindparam("by"),
        to_forget.c.address == bindparam("before"),
    )
    .values(address=bindparam("where"), sealed=bindparam("copy"), sealed_for=bindparam("row"))
)


def _turn_to_forget(tx: Tx, turn: _Turn) -> int:
    query = select(to_forget)
    if turn.old is None:
        query = query.where(starts_otherwise(to_forget.c.address))
    values = []
    noted = {(row.channel, row.device, row.address) for row in tx.execute(select(to_forget)).all()}
    for row in tx.execute(query).all():
        about = row.sealed_for or 0
        where, copy = turn.names(row.channel, about, row.address, row.sealed)
        if where != row.address and (row.channel, row.device, where) in noted:
            twin = (to_forget.c.channel == row.channel, to_forget.c.device == row.device)
            tx.execute(delete(to_forget).where(*twin, to_forget.c.address == row.address))
            continue
        values.append(
            {
                "on": row.channel,
                "by": row.device,
                "before": row.address,
                "where": where,
                "copy": copy,
                "row": about,
            }
        )
    if values:
        tx.execute(_replace_to_forget, values)
    return len(values)


_NUMBERED = audit, broadcast, lesson_version, access_code
"""Tables that name who did something."""


def _unite(tx: Tx, number: int, kept: int) -> None:
    """Give what one number did to another number of the same person."""
    for table in _NUMBERED:
        tx.execute(update(table).where(table.c.staff_id == number).values(staff_id=kept))
    tx.execute(delete(pin).where(pin.c.staff_id == number))
    tx.execute(delete(staff).where(staff.c.id == number))


_replace_staff = (
    update(staff)
    .where(staff.c.id == bindparam("row"))
    .values(who=bindparam("name"), sealed=bindparam("copy"))
)


def _turn_staff(tx: Tx, turn: _Turn) -> int:
    query = select(staff.c.id, staff.c.who, staff.c.sealed).where(staff.c.who != "")
    if turn.old is None:
        query = query.where(starts_otherwise(staff.c.who))
    channel, about = PLACE
    values, known = [], {row.who: row.id for row in tx.execute(select(staff.c.who, staff.c.id)).all()}
    for row in tx.execute(query).all():
        name, copy = turn.names(channel, about, row.who, row.sealed)
        if known.get(name, row.id) != row.id:
            _unite(tx, row.id, known[name])  # the same person, noted once with the key and once without
            continue
        values.append({"row": row.id, "name": name, "copy": copy})
    if values:
        tx.execute(_replace_staff, values)
    return len(values)


# --- another key


def rotate(tx: Tx, old: Sealing, new: Sealing, now: datetime) -> int:
    """Give every address the tag and the seal of a new key; return how many addresses.

    What cannot be opened stays as it is, and is found by nobody. `tx`: of a connection that nobody else uses; it has the new
    key from here on.
    """
    sealing.given(tx, new)
    turn, number, after = _Turn(old, new), 0, 0
    while rows := tx.execute(
        _addresses.where(address.c.id > after).order_by(address.c.id).limit(BATCH)
    ).all():
        tx.execute(_replace_address, [_turned(turn, row) for row in rows])
        number, after = number + len(rows), rows[-1].id
    _turn_pending(tx, turn)
    _turn_to_forget(tx, turn)
    _turn_staff(tx, turn)
    _turn_replies(tx, turn)
    done = tx.execute(select(sealing_key.c.done_at)).scalar()
    tx.execute(delete(sealing_key))
    # What the first key has not sealed yet is still to be sealed.
    tx.execute(sealing_key.insert().values(fingerprint=new.fingerprint, since=now, done_at=done and now))
    return number


def _turn_replies(tx: Tx, turn: _Turn) -> None:
    """Seal anew the replies that wait. Those that left stay as they are: no one can read them any more."""
    rows = tx.execute(
        select(outbox.c.id, outbox.c.content)
        .select_from(conversation.join(outbox, outbox.c.address_id == conversation.c.address_id))
        .where(WAITING)
    ).all()
    values = []
    for row in rows:
        if not (isinstance(row.content, dict) and isinstance(row.content.get(sealing.SEALED), str)):
            continue
        piece = _opened(turn.old, *sealing.REPLIES, row.content[sealing.SEALED])
        if piece is not None:
            again = turn.new.seal_json(*sealing.REPLIES, piece)
            values.append({"row": row.id, "what": {**row.content, sealing.SEALED: again}})
    if values:
        tx.execute(_replace_reply, values)
