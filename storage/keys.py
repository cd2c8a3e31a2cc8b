# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The key of a database: which it is, and the sealing of what was there before it, in small steps or anew with another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, select, update

from storage import pending as waiting
from storage import sealing
from storage.failures import Unsealable, WrongKey
from storage.outbox.rows import WAITING
from storage.sealing import MARK, Sealing
from storage.tables import address, conversation, outbox, pending, sealing_key, to_forget
from storage.types import Tx

NOWHERE = "left:"
"""What the address of somebody begins with who is reached nowhere: see `storage.learners.nowhere`. It is never sealed."""
SPAN, REPLIES_SPAN = 20_000, 2_000
"""Ids looked through in one read, and those of replies, whose contents are parsed: 20 ms beside the writer."""
BATCH = 1000
"""Rows of one statement in a rotation."""


def fingerprint(tx: Tx) -> str | None:
    """Return the fingerprint of the key that a database is sealed with; None for one in clear."""
    return tx.execute(select(sealing_key.c.fingerprint)).scalar()


def is_done(tx: Tx) -> bool:
    """Tell whether a database is known to hold no address in clear."""
    return tx.execute(select(sealing_key.c.done_at)).scalar() is not None


def has_work(tx: Tx) -> bool:
    """Tell whether there may be addresses in clear that this process has a key for."""
    return sealing.of(tx) is not None and not is_done(tx)


def is_new(tx: Tx, key: Sealing | None) -> bool:
    """Tell whether a key is given to a database that has none.

    Raises:
        WrongKey: the database has another key, or has one and none is given.
    """
    present = fingerprint(tx)
    if present is None:
        return key is not None
    if key is None:
        raise WrongKey(
            "The addresses in this database are sealed, and the setting privacy.key is missing: nobody could be reached, "
            f"and everybody would be a stranger. Give the key whose fingerprint is {present}."
        )
    if key.fingerprint != present:
        raise WrongKey(
            f"The setting privacy.key is another key (fingerprint {key.fingerprint}) than the one with which the addresses "
            f"in this database are sealed ({present}): give that one, the same on every machine."
        )
    return False


def require(tx: Tx, key: Sealing | None) -> None:
    """Check that a key is the database's.

    Raises:
        WrongKey: it is not, or the database has none.
    """
    if is_new(tx, key):
        raise WrongKey("The addresses in this database are not sealed: `iaventure run` begins with the key.")


def begin(tx: Tx, key: Sealing | None, now: datetime) -> None:
    """Note the key of a database that has none yet."""
    if key is not None:
        tx.execute(sealing_key.insert().values(fingerprint=key.fingerprint, since=now))


# --- what is in clear


def _starts_otherwise(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return func.substr(column, 1, 1) != MARK


_in_clear = or_(
    and_(_starts_otherwise(address.c.address), address.c.address.not_like(f"{NOWHERE}%")),
    _starts_otherwise(address.c.account),
)


def left(tx: Tx) -> int:
    """Count the addresses that are in clear: a scan, for the operator."""
    counts = (
        select(func.count()).select_from(address).where(_in_clear),
        select(func.count()).select_from(pending).where(_starts_otherwise(pending.c.address)),
        select(func.count()).select_from(to_forget).where(_starts_otherwise(to_forget.c.address)),
    )
    return sum(tx.execute(count).scalar_one() for count in counts)


Place = tuple[list[int], int | None]
"""Ids to be sealed, and up to which id was looked at; None once there is no further one."""


def next_in_clear(tx: Tx, after: int, most: int) -> Place:
    """Return the first `most` addresses in clear after an id, among a span of ids."""
    last = tx.execute(select(func.max(address.c.id))).scalar() or 0
    if after >= last:
        return [], None
    within = address.c.id > after, address.c.id <= after + SPAN
    ids = list(
        tx.execute(
            select(address.c.id).where(*within, _in_clear).order_by(address.c.id).limit(most)
        ).scalars()
    )
    return ids, ids[-1] if len(ids) == most else after + SPAN


_replies = (
    select(
        *(outbox.c.id, outbox.c.content, outbox.c.address_id, address.c.channel),
        *(address.c.address, address.c.sealed, address.c.account, address.c.account_sealed),
    )
    .join(address, address.c.id == outbox.c.address_id)
    .where(outbox.c.kind == "reply")
    .order_by(outbox.c.id)
)


def next_replies(tx: Tx, after: int, most: int) -> Place:
    """Return the first `most` replies after an id that say in clear where their reader is reached, among a span of ids."""
    last = tx.execute(select(func.max(outbox.c.id))).scalar() or 0
    if after >= last:
        return [], None
    rows = tx.execute(_replies.where(outbox.c.id > after, outbox.c.id <= after + REPLIES_SPAN)).all()
    ids = [row.id for row in rows if _says_where(tx, row)][:most]
    return ids, ids[-1] if len(ids) == most else after + REPLIES_SPAN


def _says_where(tx: Tx, row: Any) -> bool:
    if not isinstance(row.content, dict):
        return False
    where = sealing.opened(tx, row.channel, row.address_id, row.address, row.sealed)
    of = row.account and sealing.opened(tx, row.channel, row.address_id, row.account, row.account_sealed)
    return sealing.says_where(row.content, (where, of))


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

    def names(self, channel: str, about: int, stored: str, copy: bytes | None) -> tuple[str, bytes | None]:
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
    rows = tx.execute(_addresses.where(address.c.id.in_(list(ids)), _in_clear)).all()
    # A row may have one of the two in clear: what is sealed already cannot be opened by this turn, and stays.
    values = [_turned(turn, row) for row in rows]
    taken = set(
        tx.execute(
            select(address.c.address).where(address.c.address.in_([one["where"] for one in values]))
        ).scalars()
    )
    before = {row.id: row.address for row in rows}
    values = [one for one in values if one["where"] == before[one["row"]] or one["where"] not in taken]
    if values:
        tx.execute(_replace_address, values)
    return len(values)


def seal_waiting(tx: Tx) -> int:
    """Seal the events that wait and the addresses to be forgotten, few rows each; return how many."""
    turn = _Turn(None, _key(tx))
    return _turn_pending(tx, turn) + _turn_to_forget(tx, turn)


def _key(tx: Tx) -> Sealing:
    key = sealing.of(tx)
    if key is None:
        raise LookupError("there is no key to seal with")
    return key


def note_done(tx: Tx, now: datetime) -> None:
    """Note that no address is left in clear."""
    tx.execute(update(sealing_key).where(sealing_key.c.done_at.is_(None)).values(done_at=now))


_replace_pending = (
    update(pending)
    .where(pending.c.id == bindparam("row"))
    .values(address=bindparam("where"), sender=bindparam("whose"), event=bindparam("what"))
)


def _turn_pending(tx: Tx, turn: _Turn) -> int:
    query = select(pending.c.id, pending.c.channel, pending.c.address, pending.c.event)
    if turn.old is None:
        query = query.where(_starts_otherwise(pending.c.address))
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
        query = query.where(_starts_otherwise(to_forget.c.address))
    values = []
    for row in tx.execute(query).all():
        about = row.sealed_for or 0
        where, copy = turn.names(row.channel, about, row.address, row.sealed)
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
    _turn_replies(tx, turn)
    tx.execute(delete(sealing_key))
    tx.execute(sealing_key.insert().values(fingerprint=new.fingerprint, since=now, done_at=now))
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
