# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which process runs an account on a channel: one at a time.

Beside a SQLite file, one lock for all accounts. It belongs to the kernel: a killed process gives it up at once (taken
again 0.6 ms after a SIGKILL), and nothing stale is left to clean up.

On PostgreSQL, one lock for each account, held by the connection that claims and marks: who has lost the lock has lost
the connection too, and with it whatever was not committed. That a connection holds it is remembered beside it
(`tx.info` goes with the connection), so that checking costs nothing.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from storage.failures import NotOwner

if TYPE_CHECKING:
    from storage.types import Tx

ACCOUNTS = 0x1B
"""The first number of the advisory locks of accounts; the second one is made of the account's name."""

_OWNED = "accounts owned"


def take(tx: Tx, account: str) -> bool:
    """Owns an account from now on, until it is given up or the connection ends; false when another process owns it.

    What the last owner committed is seen by the next transaction, not by this one. Undoing it gives nothing up.
    """
    if held(tx, account):
        return True
    taken = bool(tx.scalar(select(func.pg_try_advisory_lock(ACCOUNTS, _number(account)))))
    if taken:
        tx.info.setdefault(_OWNED, set()).add(account)
    return taken


def give_up(tx: Tx, account: str) -> None:
    """Lets another process take an account, once this transaction has ended; nothing when it is not owned."""
    owned = tx.info.get(_OWNED, set())
    if account in owned:
        tx.scalar(select(func.pg_advisory_unlock(ACCOUNTS, _number(account))))
        owned.discard(account)


def held(tx: Tx, account: str) -> bool:
    """Whether this connection owns an account; asks nobody. With a file, whoever runs owns all of them: see `own`."""
    return tx.dialect.name == "sqlite" or account in tx.info.get(_OWNED, ())


def require(tx: Tx, account: str) -> None:
    """Checks, at no cost, that this connection owns an account: before whatever only its owner may write.

    Raises:
        NotOwner: it does not.
    """
    if not held(tx, account):
        raise NotOwner(account)


def _number(account: str) -> int:
    return int.from_bytes(blake2b(account.encode(), digest_size=4).digest(), signed=True)
