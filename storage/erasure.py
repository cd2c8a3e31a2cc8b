# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Erasure of a learner: everything at once but the address that hears the goodbye, which goes with the goodbye's end.

Until then the address belongs to a learner in the state `erased`: a new id, and nothing known. Whoever writes again from
there goes on as that learner. See docs/adr/0035-an-erasure-holds.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from storage import devices, learners, pending, reconciliation, sealing
from storage.journal import Line, sound
from storage.outbox import erased
from storage.outbox.rows import GOODBYE, WAITING
from storage.tables import address, conversation, erasure, learner, outbox
from storage.types import UNREADABLE, Tx

GOODBYE_LASTS = timedelta(hours=24)
"""How long an erased address is kept at most, for a goodbye that cannot leave."""

_ERASED = literal_column("learner.state") == literal_column("'erased'")  # as in its index


def erase(
    tx: Tx,
    learner_id: str,
    now: datetime,
    *,
    others: Collection[str] = (),
    last_words: Collection[str] = (),
    noted: bool = False,
) -> int:
    """Erase a learner: addresses, settings, answers and messages; note it for restored copies. Return how many waited.

    Args:
        tx: the transaction.
        learner_id: who asked for it.
        now: when.
        others: more learners who are the same person.
        noted: whether a journal tells of it already.
        last_words: outbox keys of the goodbye, which is queued already: the address it leaves for is kept for it.
    """
    who = [learner_id, *others]
    if not noted:
        _note(tx, who, now)
    ids = learners.addresses_of(tx, who)
    _drop_pending(tx, ids, now)
    kept = _keep_for(tx, last_words, now) if last_words else None
    return _drop(tx, ids, who, now, kept=kept, last_words=last_words)


def erase_rest(tx: Tx, channel: str, account: str) -> None:
    """Mark the remaining rows of an account as erased, without a goodbye: `leave_overdue` deletes them in steps.

    Their addresses keep the account, which distinguishes them from an address that waits for its goodbye.
    """
    theirs = _of_account(tx, channel, account)
    tx.execute(update(learner).where(learner.c.id.in_(theirs)).values(state="erased"))


def rest_of(tx: Tx, channel: str, account: str) -> list[str]:
    """Return the learners whom `erase_rest` marks."""
    return [learner_id for (learner_id,) in tx.execute(_of_account(tx, channel, account))]


def _of_account(tx: Tx, channel: str, account: str) -> Select[Any]:
    named = address.c.account.in_(list(sealing.named(tx, channel, [account])))
    return select(address.c.learner_id).where(address.c.channel == channel, named)


def drop(tx: Tx, ids: Collection[str], now: datetime) -> None:
    """Delete newcomers without a row in `erasure`: they never accepted the notice."""
    if ids:
        _drop(tx, learners.addresses_of(tx, ids), ids, now)


def _note(tx: Tx, ids: Collection[str], now: datetime) -> None:
    tx.execute(insert(erasure), [{"at": now, "learner_id": id_} for id_ in ids])


def _drop_pending(tx: Tx, ids: Collection[int], now: datetime) -> None:
    """Drop the waiting words of some addresses, and of their accounts elsewhere: an answer would store the person again."""
    pending.drop_at(tx, ids)
    accounts = select(address.c.channel, address.c.account).where(
        address.c.id.in_(list(ids)), address.c.account.is_not(None)
    )
    for channel, account in tx.execute(accounts.distinct()).all():
        devices.forget_unknown(tx, channel, pending.drop_of(tx, channel, account), now)


def _drop(
    tx: Tx,
    ids: Collection[int],
    of: Collection[str],
    now: datetime,
    *,
    kept: int | None = None,
    last_words: Collection[str] = (),
) -> int:
    """Delete learners and their addresses, except the address `kept`. Return how many outbox rows were waiting."""
    reconciliation.note_erased(tx, list(ids))
    waited = erased.drop(tx, ids, last_words)
    devices.forget_later(tx, [id_ for id_ in ids if id_ != kept], now)
    tx.execute(delete(learner).where(learner.c.id.in_(list(of))))
    return waited


_target = outbox.alias("target_row")


def _keep_for(tx: Tx, last_words: Collection[str], now: datetime) -> int:
    """Give the address of a goodbye to a new learner of whom nothing is known; return the address's id."""
    # The message that the goodbye changes is about to go: its reference stays with the goodbye.
    changed = select(_target.c.ref).where(_target.c.key == outbox.c.target).scalar_subquery()
    of = outbox.c.key.in_(list(last_words))
    tx.execute(update(outbox).where(of).values(kind=GOODBYE, ref=changed))
    kept: int = tx.execute(select(outbox.c.address_id).where(of).limit(1)).scalar_one()
    nobody = secrets.token_hex(8)
    tx.execute(
        insert(learner).values(
            id=nobody,
            language="fr",
            role="agent",
            state="erased",
            pause_reason="",
            notice="",
            created_at=now,
        )
    )
    # Whatever else is known of an address, beside how to reach it, is the learner's.
    known = {
        column.name: None for column in address.columns if column.nullable and column is not address.c.sealed
    }
    tx.execute(update(address).where(address.c.id == kept).values(**known, learner_id=nobody))
    return kept


# Not EXISTS: PostgreSQL may hash all that waits.
_waits = (
    select(outbox.c.id)
    .where(outbox.c.address_id == address.c.id, WAITING)
    .limit(1)
    .correlate(address)
    .scalar_subquery()
    .is_not(None)
)
_no_goodbye = address.c.account.is_not(None)
"""Whether an erased address belongs to the remaining rows of an account: see `erase_rest`."""
_left = (
    select(address.c.id, address.c.learner_id, _no_goodbye.label("rest"))
    .join(learner, learner.c.id == address.c.learner_id)
    .where(_ERASED)
)


def leave(tx: Tx, addresses: Collection[int], now: datetime) -> int:
    """Delete those of these addresses whose goodbye ended and whose person has not come back; return how many."""
    return _delete(tx, tx.execute(_left.where(~_waits, address.c.id.in_(list(addresses)))).all(), now)


def _overdue(now: datetime) -> ColumnElement[bool]:
    return or_(learner.c.created_at < now - GOODBYE_LASTS, _no_goodbye, ~_waits)


def overdue(tx: Tx, now: datetime, most: int, besides: Collection[int] = ()) -> list[int]:
    """Return at most `most` erased addresses without a goodbye, or whose goodbye is too late; not those `besides`."""
    rows = _left.where(_overdue(now), address.c.id.not_in(list(besides))).limit(most)
    return [row.id for row in tx.execute(rows)]


def leave_overdue(tx: Tx, addresses: Collection[int], now: datetime) -> int:
    """Delete those of some addresses that are `overdue`; return how many."""
    rows = _left.where(_overdue(now), address.c.id.in_(list(addresses)))
    return _delete(tx, tx.execute(rows).all(), now)


def _delete(tx: Tx, rows: Sequence[Row[Any]], now: datetime) -> int:
    if not rows:
        return 0
    if rest := [row for row in rows if row.rest]:
        _note(tx, [row.learner_id for row in rest], now)
        _drop_pending(tx, [row.id for row in rest], now)
    _drop(tx, [row.id for row in rows], [row.learner_id for row in rows], now)
    return len(rows)


def come_back(tx: Tx, erased_id: str, language: str, now: datetime) -> None:
    """Begin anew with whoever writes from an address whose goodbye has not ended: they are a stranger."""
    learners.change(tx, erased_id, state="invited", language=language, created_at=now)


def let_pass(tx: Tx, learner_id: str, address_id: int, answers: Collection[str], now: datetime) -> None:
    """Have an address that nothing is known of go with the end of these answers, as with a goodbye."""
    tx.execute(update(outbox).where(outbox.c.key.in_(list(answers))).values(kind=GOODBYE))
    learners.change(tx, learner_id, state="erased", created_at=now)
    tx.execute(update(address).where(address.c.id == address_id).values(account=None))


_is_departed = and_(
    ~exists().where(address.c.learner_id == learner.c.id, conversation.c.address_id == address.c.id),
    learner.c.state == "invited",
    learner.c.created_at < bindparam("before"),
)


def departed(tx: Tx, invited_before: datetime, after: str, number: int) -> tuple[list[str], str | None]:
    """Return who of the next `number` learners after one never accepted the notice, and the last of these learners.

    They were invited before `invited_before`, and nothing waits to be sent to them.
    """
    ids = learners.ids_after(tx, after, number)
    if not ids:
        return [], None
    departed_ids = tx.execute(
        select(learner.c.id).where(learner.c.id.in_(ids), _is_departed), {"before": invited_before}
    )
    return list(departed_ids.scalars()), ids[-1]


def erase_departed(tx: Tx, learner_id: str, invited_before: datetime, now: datetime) -> bool:
    """Delete a learner who is `departed`. Return False when they are not: they may have come back since."""
    query = select(learner.c.id).where(learner.c.id == learner_id, _is_departed)
    if tx.execute(query, {"before": invited_before}).first() is None:
        return False
    drop(tx, [learner_id], now)
    return True


# --- what no journal can hold


def newest(tx: Tx) -> int:
    """Return the number of the newest erasure, 0 without one."""
    return tx.execute(select(func.max(erasure.c.n))).scalar() or 0


def damaged(tx: Tx, after: int = 0) -> list[Line]:
    """Return the erasures after a number that no journal can hold: their time is `UNREADABLE`, or their id is none."""
    query = select(erasure.c.n, erasure.c.at, erasure.c.learner_id).order_by(erasure.c.n)
    lines = [Line(*tuple(row)) for row in tx.execute(query.where(erasure.c.n > after))]
    held = set(sound(lines))
    return [line for line in lines if line not in held]


def mend(tx: Tx, held: Iterable[Line], now: datetime) -> list[Line]:
    """Put unreadable times right: with the time that a journal holds, or with `now`. Return what is damaged all the same.

    A time that is too late erases whom the id names from a restored copy all the same, and keeps the row for longer.
    """
    times = {(line.n, line.learner_id): line.at for line in held}
    for line in damaged(tx):
        if line.at == UNREADABLE:
            at = times.get((line.n, line.learner_id), now)
            tx.execute(update(erasure).where(erasure.c.n == line.n).values(at=at))
    return damaged(tx)
