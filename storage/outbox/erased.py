# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The rows of somebody who is erased: dropped at once, also while one is under way."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update

from storage.outbox import ledger
from storage.outbox.rows import GOODBYE, REFERENCE, WAITING, Claimed
from storage.tables import conversation, outbox
from storage.types import Tx, storable


def drop(tx: Tx, addresses: Collection[int], besides: Collection[str] = ()) -> int:
    """Drop every row of some addresses, but those of a few keys; return how many of them waited.

    A row under way goes too: what became of it is then written nowhere. Deliveries stay counted, and what waited counts
    as cancelled.
    """
    dropped = tx.execute(
        delete(outbox)
        .where(outbox.c.address_id.in_(list(addresses)), outbox.c.key.not_in(list(besides)))
        .returning(outbox.c.kind, outbox.c.state)
    ).all()
    waited = len([row for row in dropped if row.state == "waiting"])
    ledger.count_on(tx, [(row.kind, "cancelled" if row.state == "waiting" else row.state) for row in dropped])
    return waited


def unsent(address_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of what `drop_unsent` drops: the waiting rows of an address, except the one being sent."""
    under_way = select(conversation.c.sending).where(
        conversation.c.address_id == address_id, conversation.c.sending.is_not(None)
    )
    return outbox.c.address_id == address_id, WAITING, outbox.c.id.not_in(under_way)


def drop_unsent(tx: Tx, address_id: int) -> int:
    """Drop every waiting row of an address, except the one being sent; return how many."""
    kinds = tx.execute(delete(outbox).where(*unsent(address_id)).returning(outbox.c.kind)).scalars().all()
    ledger.count_on(tx, [(kind, "cancelled") for kind in kinds])
    return len(kinds)


def keys_of(tx: Tx, address_id: int, prefix: str) -> list[str]:
    """Return the keys of the waiting rows of an address that begin with a prefix."""
    begins = func.substr(outbox.c.key, 1, len(prefix)) == prefix
    return list(
        tx.execute(select(outbox.c.key).where(outbox.c.address_id == address_id, WAITING, begins)).scalars()
    )


_keys_of_rows = select(outbox.c.id, outbox.c.key).where(outbox.c.id.in_(bindparam("of", expanding=True)))

_release_erased = (
    update(conversation)
    .where(conversation.c.address_id == bindparam("of"), conversation.c.sending == bindparam("row"))
    .values(token=None, sending=None)
)


_tell_goodbye = (
    update(outbox)
    .where(
        outbox.c.address_id == bindparam("of"),
        WAITING,
        outbox.c.kind == GOODBYE,
        outbox.c.target == bindparam("at"),
    )
    .values(ref=bindparam("reference"))
)


def drop_erased(tx: Tx, sent: Sequence[tuple[Claimed, str]]) -> set[int]:
    """Return which of some claimed rows, each with the reference that its attempt got, there still are.

    The conversation of one that was erased meanwhile is released, and nothing of it is written, but its reference where the
    goodbye is to change that very message. A number may have been given again since: only the key tells.
    """
    if not sent:
        return set()
    keys = {row.id: row.key for row in tx.execute(_keys_of_rows, {"of": [row.id for row, _ in sent]})}
    erased = [(row, ref) for row, ref in sent if keys.get(row.id) != row.key]
    if erased:
        tx.execute(_release_erased, [{"of": row.address_id, "row": row.id} for row, _ in erased])
        for row, ref in erased:
            if ref:
                values = {"of": row.address_id, "at": row.key, "reference": storable(ref, REFERENCE)}
                tx.execute(_tell_goodbye, values)
    return {row.id for row, _ in sent} - {row.id for row, _ in erased}
