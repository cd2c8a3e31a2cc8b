# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Seals on rows: put on what was in clear, some rows at a time, or put anew with another key, on all at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from storage import pending as waiting
from storage import sealing
from storage.failures import Unsealable
from storage.keys import IN_CLEAR, is_done, starts_otherwise
from storage.learners import NOWHERE
from storage.outbox.rows import WAITING
from storage.sealing import Sealing
from storage.staff import PLACE, join
from storage.tables import address, conversation, outbox, pending, sealing_key, staff, to_forget
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
    at = {row.id: (row.channel, row.address) for row in rows}
    taken = _taken(tx, [(at[one["row"]][0], one["where"]) for one in values])
    values = [
        one
        for one in values
        if one["where"] == at[one["row"]][1] or (at[one["row"]][0], one["where"]) not in taken
    ]
    if values:
        tx.execute(_replace_address, values)
    return len(values)


def _taken(tx: Tx, names: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those channels and stored addresses that a row has. One query a channel: the index begins with it."""
    found: set[tuple[str, str]] = set()
    for channel in {channel for channel, _ in names}:
        of = [name for on, name in names if on == channel]
        query = select(address.c.address).where(address.c.channel == channel, address.c.address.in_(of))
        found.update((channel, name) for name in tx.execute(query).scalars())
    return found


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
    values, met = [], set()
    # Those with a tag first: one in clear beside its tag says the same twice, and goes.
    for row in sorted(tx.execute(select(to_forget)).all(), key=lambda row: not sealing.is_tag(row.address)):
        about = row.sealed_for or 0
        where, copy = turn.names(row.channel, about, row.address, row.sealed)
        if (row.channel, row.device, where) in met:
            tx.execute(
                delete(to_forget).where(
                    to_forget.c.channel == row.channel,
                    to_forget.c.device == row.device,
                    to_forget.c.address == row.address,
                )
            )
            continue
        met.add((row.channel, row.device, where))
        if where != row.address:
            at = {"on": row.channel, "by": row.device, "before": row.address}
            values.append({**at, "where": where, "copy": copy, "row": about})
    if values:
        tx.execute(_replace_to_forget, values)
    return len(values)


_replace_staff = (
    update(staff)
    .where(staff.c.id == bindparam("row"))
    .values(who=bindparam("name"), sealed=bindparam("copy"))
)


def _turn_staff(tx: Tx, turn: _Turn) -> int:
    values: list[dict[str, Any]] = []
    met: dict[str, int] = {}
    rows = tx.execute(select(staff.c.id, staff.c.who, staff.c.sealed).where(staff.c.who != "")).all()
    # Those with a tag first: one in clear beside its tag is the same person, whose number was given twice.
    for row in sorted(rows, key=lambda row: (not sealing.is_tag(row.who), row.id)):
        name, copy = turn.names(*PLACE, row.who, row.sealed)
        if name in met:
            join(tx, row.id, met[name])
            continue
        met[name] = row.id
        if name != row.who:
            values.append({"row": row.id, "name": name, "copy": copy})
    if values:
        tx.execute(_replace_staff, values)
    return len(values)


# --- another key


def rotate(tx: Tx, old: Sealing, new: Sealing, now: datetime) -> int:
    """Give every address the tag and the seal of a new key; return how many addresses.

    What cannot be opened stays as it is, and is found by nobody; so does an address in clear beside its tag. Replies in
    clear are left to the service: sealing that was not finished goes on after it. `tx`: of a connection that nobody else
    uses; it has the new key from here on.
    """
    sealing.given(tx, new)
    turn, number, after = _Turn(old, new), 0, 0
    while rows := tx.execute(
        _addresses.where(address.c.id > after).order_by(address.c.id).limit(BATCH)
    ).all():
        twins = _twins(tx, turn, rows)
        values = [_turned(turn, row) for row in rows if row.id not in twins]
        if values:
            tx.execute(_replace_address, values)
        number, after = number + len(rows), rows[-1].id
    _turn_pending(tx, turn)
    _turn_to_forget(tx, turn)
    _turn_staff(tx, turn)
    _turn_replies(tx, turn)
    done_at = now if is_done(tx) else None
    tx.execute(delete(sealing_key))
    tx.execute(sealing_key.insert().values(fingerprint=new.fingerprint, since=now, done_at=done_at))
    return number


def _twins(tx: Tx, turn: _Turn, rows: Sequence[Any]) -> set[int]:
    """Return the ids of rows in clear beside one that has their tag, of the old key or already of the new one."""
    tags = {
        (row.id, row.channel, key.tag(row.channel, row.address))
        for row in rows
        if row.sealed is None and not row.address.startswith((NOWHERE, sealing.MARK))
        for key in (turn.old, turn.new)
        if key is not None
    }
    taken = _taken(tx, [(channel, tag) for _, channel, tag in tags])
    return {row for row, channel, tag in tags if (channel, tag) in taken}


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
