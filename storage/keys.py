# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The key of a database: which it is, and what is in clear although there is one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from storage import sealing
from storage.failures import WrongKey
from storage.learners import NOWHERE
from storage.sealing import MARK, Sealing
from storage.tables import address, outbox, pending, sealing_key, staff, to_forget
from storage.types import Tx

SPAN, REPLIES_SPAN = 20_000, 2_000
"""Ids looked through in one read, and those of replies, whose contents are parsed: 20 ms beside the writer."""


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


def starts_otherwise(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that what is stored is no tag."""
    return func.substr(column, 1, 1) != MARK


IN_CLEAR = or_(
    and_(starts_otherwise(address.c.address), address.c.address.not_like(f"{NOWHERE}%")),
    starts_otherwise(address.c.account),
)
"""The condition that an address, or its account, is in clear."""


def left(tx: Tx) -> int:
    """Count the addresses that are in clear: a scan, for the operator."""
    counts = (
        select(func.count()).select_from(address).where(IN_CLEAR),
        select(func.count()).select_from(pending).where(starts_otherwise(pending.c.address)),
        select(func.count()).select_from(to_forget).where(starts_otherwise(to_forget.c.address)),
        select(func.count()).select_from(staff).where(staff.c.who != "", starts_otherwise(staff.c.who)),
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
        tx.execute(select(address.c.id).where(*within, IN_CLEAR).order_by(address.c.id).limit(most)).scalars()
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


def note_done(tx: Tx, now: datetime) -> None:
    """Note that no address is left in clear."""
    tx.execute(update(sealing_key).where(sealing_key.c.done_at.is_(None)).values(done_at=now))
