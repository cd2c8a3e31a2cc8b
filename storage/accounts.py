# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The accounts behind addresses, where an address names a place (on Matrix, a room): people are followed by them.

One account may have several rows: somebody was met in two rooms before one of them was known to be theirs.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, func, select, update

from storage import learners
from storage.learners import Learner
from storage.tables import address, learner, prompt
from storage.types import Tx

ENROLLED = ("active", "paused", "stopped")
"""The states of those who have accepted the notice, and whose course is kept."""

_last_answer = (
    select(func.max(prompt.c.answered_at))
    .where(prompt.c.learner_id == address.c.learner_id)
    .correlate(address)
    .scalar_subquery()
)
_rows_of_account = (
    select(address.c.address, learner.c.state, _last_answer.label("answered_at"), address.c.id)
    .select_from(address.join(learner, learner.c.id == address.c.learner_id))
    .where(address.c.channel == bindparam("channel"), address.c.account == bindparam("of"))
)
_fill_in = (
    update(address)
    .where(
        address.c.channel == bindparam("on"),
        address.c.address == bindparam("where"),
        address.c.account.is_(None),
    )
    .values(account=bindparam("of"))
)


def learners_of(tx: Tx, channel: str, account: str) -> list[Learner]:
    """Return every row of an account on a channel: those who are enrolled first, then those who answered last.

    Somebody whose address is their account (on Telegram) has one row, found with `learners.by_address`.
    """
    rows = tx.execute(_rows_of_account, {"channel": channel, "of": account}).all()
    rows = sorted(rows, key=lambda row: row.id, reverse=True)
    rows = sorted(rows, key=lambda row: (row.answered_at is not None, row.answered_at), reverse=True)
    rows = sorted(rows, key=lambda row: row.state not in ENROLLED)
    found = (learners.by_address(tx, channel, row.address) for row in rows)
    return [one for one in found if one is not None]


def rows_of_person(tx: Tx, of: Learner) -> list[Learner]:
    """Return every row of the person that a row is of, this one among them: what is to be erased with them."""
    if not of.account:
        return [of]
    return learners_of(tx, of.channel, of.account)


def note(tx: Tx, address_id: int, account: str) -> None:
    """Note who is reached at an address."""
    tx.execute(update(address).where(address.c.id == address_id).values(account=account))


def unknown(tx: Tx, channel: str, after: int, number: int) -> list[tuple[int, str]]:
    """Return the next `number` addresses of a channel whose account is not known, each with its id, in order of the id."""
    rows = tx.execute(
        select(address.c.id, address.c.address)
        .where(address.c.channel == channel, address.c.account.is_(None), address.c.id > after)
        .order_by(address.c.id)
        .limit(number)
    )
    return [(row.id, row.address) for row in rows]


def fill_in(tx: Tx, channel: str, accounts: Iterable[tuple[str, str]]) -> None:
    """Note who is reached at addresses, each given with its account, where nobody is noted yet."""
    rows = [{"on": channel, "where": where, "of": account} for where, account in accounts]
    if rows:
        tx.execute(_fill_in, rows)


def move(tx: Tx, moved: Learner, where: str) -> Learner:
    """Move a learner to another address of theirs, and return them there.

    A newcomer who was met at it, under the same account, is the same person: that row loses its address. It is not deleted
    here: something may be under way to it, and SQLite gives the numbers of the newest rows again.
    """
    met = learners.by_address(tx, moved.channel, where)
    if met is not None:
        put_out(tx, met)
    tx.execute(update(address).where(address.c.id == moved.address_id).values(address=where))
    found = learners.by_address(tx, moved.channel, where)
    if found is None:
        raise LookupError("an address that was just stored is missing")
    return found


def put_out(tx: Tx, of: Learner) -> None:
    """Take an address from a learner. What waits for it is refused as gone; a course waits for a word from elsewhere."""
    tx.execute(update(address).where(address.c.id == of.address_id).values(address=f"left:{of.address_id}"))
