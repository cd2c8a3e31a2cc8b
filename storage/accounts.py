# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The accounts behind addresses, where an address names a place (on Matrix, a room): people are followed by them.

One account may have several rows: somebody was met in two rooms before one of them was known to be theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from storage import devices, erasure, learners, sealing
from storage.learners import Learner
from storage.outbox import erased
from storage.tables import address, learner, prompt, to_forget
from storage.types import Tx

ENROLLED = ("active", "paused", "stopped", "opposed", "limited")
"""The states of those who have accepted the notice, and whose course is kept."""
MOST_ROOMS = 20
"""Rows that an account may have. With one more, the oldest row without a course is deleted and its room left: an account
with thousands of rooms would make every transaction about it long."""
LOOKED_AT = 100
"""Rows of an account that a transaction looks at: an earlier version may have left more than `MOST_ROOMS`."""

_last_answer = (
    select(func.max(prompt.c.answered_at))
    .where(prompt.c.learner_id == address.c.learner_id)
    .correlate(address)
    .scalar_subquery()
)
_few_of_account = (
    select(address.c.id)
    .where(address.c.channel == bindparam("channel"), address.c.account == bindparam("of"))
    .order_by(address.c.id)
    .limit(LOOKED_AT)
)
_rows_of_account = (
    select(address.c.id, learner.c.state, _last_answer.label("answered_at"))
    .select_from(address.join(learner, learner.c.id == address.c.learner_id))
    .where(address.c.id.in_(bindparam("few", expanding=True)))
)


def learners_of(tx: Tx, channel: str, account: str) -> list[Learner]:
    """Return the rows of an account on a channel: those who are enrolled first, then those who answered last.

    There are `LOOKED_AT` at most. Somebody whose address is their account (on Telegram) has one row, found with
    `learners.by_address`.
    """
    few = _few(tx, channel, account)
    rows = sorted(tx.execute(_rows_of_account, {"few": few}).all(), key=lambda row: row.id, reverse=True)
    rows = sorted(rows, key=lambda row: (row.answered_at is not None, row.answered_at), reverse=True)
    rows = sorted(rows, key=lambda row: row.state not in ENROLLED)
    found = learners.at(tx, few)
    return [found[row.id] for row in rows]


def _few(tx: Tx, channel: str, account: str) -> list[int]:
    # One name at a time: each is then a walk in the order of an index, which ends at the limit.
    found: set[int] = set()
    for stored in set(sealing.names(tx, channel, account)):
        found.update(tx.execute(_few_of_account, {"channel": channel, "of": stored}).scalars())
    return sorted(found)[:LOOKED_AT]


def rows_of_person(tx: Tx, of: Learner) -> list[Learner]:
    """Return the rows of the person that a row is of, as `learners_of`: what is to be erased with them."""
    if not of.account:
        return [of]
    return learners_of(tx, of.channel, of.account)


def meet(
    tx: Tx, channel: str, where: str, account: str, *, language: str, now: datetime, besides: str = ""
) -> Learner:
    """Store a newcomer, with the account if it is not the address.

    Beyond `MOST_ROOMS`, the oldest rows are deleted, but never that of the learner `besides`.
    """
    met = learners.meet(tx, channel, where, language=language, now=now, account=account)
    if account:
        rows = learners_of(tx, channel, account)
        spare = [row for row in rows if row.state == "invited" and row.id not in (met.id, besides)]
        spare.sort(key=lambda row: (row.created_at, row.address_id))
        erasure.drop(tx, [row.id for row in spare[: max(0, len(rows) - MOST_ROOMS)]], now)
    return met


_note = (
    update(address)
    .where(address.c.id == bindparam("row"))
    .values(account=bindparam("of"), account_sealed=bindparam("copy"))
)


def note(tx: Tx, channel: str, address_id: int, account: str) -> None:
    """Note who is reached at an address of a channel."""
    _note_all(tx, channel, {address_id: account})


def _note_all(tx: Tx, channel: str, accounts: Mapping[int, str]) -> None:
    values = [
        {
            "row": row,
            "of": sealing.name(tx, channel, account),
            "copy": sealing.sealed(tx, channel, row, account),
        }
        for row, account in accounts.items()
    ]
    if values:
        tx.execute(_note, values)


def unknown(tx: Tx, channel: str, after: int, number: int) -> list[tuple[int, str]]:
    """Return the next `number` addresses of a channel whose account is not known, each with its id, in order of the id."""
    rows = tx.execute(
        select(address.c.id, address.c.address, address.c.sealed)
        .where(address.c.channel == channel, address.c.account.is_(None), address.c.id > after)
        .order_by(address.c.id)
        .limit(number)
    ).all()
    return [
        (row.id, sealing.opened(tx, channel, row.id, row.address, row.sealed) or learners.nowhere(row.id))
        for row in rows
    ]


def fill_in(tx: Tx, channel: str, accounts: Iterable[tuple[str, str]]) -> None:
    """Note who is reached at addresses, each given with its account, where nobody is noted yet."""
    known = dict(accounts)
    named = sealing.named(tx, channel, known)
    rows = tx.execute(
        select(address.c.id, address.c.address).where(
            address.c.channel == channel,
            address.c.address.in_(list(named)),
            address.c.account.is_(None),
        )
    ).all()
    _note_all(tx, channel, {row.id: known[named[row.address]] for row in rows})


def unmet(tx: Tx, channel: str, addresses: Iterable[str]) -> set[str]:
    """Return the addresses, of those given, that belong to no learner and wait to be forgotten by no device."""
    asked = list(addresses)
    named = sealing.named(tx, channel, asked)
    met = select(address.c.address).where(address.c.channel == channel, address.c.address.in_(list(named)))
    left = select(to_forget.c.address).where(
        to_forget.c.channel == channel, to_forget.c.address.in_(list(named))
    )
    return set(asked) - {named[stored] for stored in tx.execute(met.union(left)).scalars()}


def take_in(tx: Tx, channel: str, found: Sequence[tuple[str, str]], language: str, now: datetime) -> None:
    """Store newcomers at addresses, each given with its account. A room that the bot is in is stored so that it can be left.

    Beyond `MOST_ROOMS` of an account, rooms are left at once.
    """
    new = unmet(tx, channel, [where for where, _ in found])
    counted: dict[str, int] = {}
    kept: list[tuple[str, str]] = []
    spare: list[tuple[str, str]] = []
    for where, account in found:
        if where in new:
            if account not in counted:
                counted[account] = len(_few(tx, channel, account))
            counted[account] += 1
            (kept if counted[account] <= MOST_ROOMS else spare).append((where, account))
    if kept:
        learners.meet_all(tx, channel, kept, language=language, now=now)
    devices.forget_unknown(tx, channel, [where for where, _ in spare], now)


def move(tx: Tx, moved: Learner, where: str, account: str, now: datetime) -> Learner:
    """Move a learner to another address of their account, and return them there.

    The newcomer who was met at it, under the same account, is the same person: that row takes the address that the course
    leaves, so that an erasure finds it, and the age of every newcomer. What waits for the newcomer is dropped.
    """
    met = learners.by_address(tx, moved.channel, where)
    if met is not None:
        erased.drop(tx, [met.address_id])
        put_out(tx, met)
    _place(tx, moved.channel, moved.address_id, where)
    if account:
        note(tx, moved.channel, moved.address_id, account)
    else:
        forgotten = {"account": None, "account_sealed": None}
        tx.execute(update(address).where(address.c.id == moved.address_id).values(**forgotten))
    if not is_put_out(moved):
        if met is None:
            left = moved.channel, moved.address, account
            meet(tx, *left, language=moved.language, now=now, besides=moved.id)
        else:
            _place(tx, moved.channel, met.address_id, moved.address)
            learners.change(tx, met.id, created_at=now)
    found = learners.by_address(tx, moved.channel, where)
    if found is None:
        raise LookupError("an address that was just stored is missing")
    return found


def _place(tx: Tx, channel: str, address_id: int, where: str) -> None:
    """Have an address reach somewhere else."""
    values = {
        "address": sealing.name(tx, channel, where),
        "sealed": sealing.sealed(tx, channel, address_id, where),
    }
    tx.execute(update(address).where(address.c.id == address_id).values(**values))


def put_out(tx: Tx, of: Learner) -> None:
    """Take an address from a learner. What waits for it is refused as gone; a course waits for a word from elsewhere."""
    values = {"address": learners.nowhere(of.address_id), "sealed": None}
    tx.execute(update(address).where(address.c.id == of.address_id).values(**values))


def is_put_out(of: Learner) -> bool:
    """Tell whether a learner has no address."""
    return of.address == learners.nowhere(of.address_id)
