# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The owner of an account on a channel: one process at a time.

With a SQLite file, one lock covers all accounts: `storage.filelock.own`. The kernel frees it when its process is killed
(taken again 0.6 ms after a SIGKILL), and nothing stale is left to clean up.

On PostgreSQL, each account has an advisory lock, held by the connection that claims and marks: a process that has lost
the lock has lost the connection too, and with it whatever was not committed. `tx.info`, which lives as long as the
connection, remembers the locks it holds, so that a check needs no query.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from storage.failures import NotOwner

if TYPE_CHECKING:
    from storage.types import Tx

ACCOUNTS = 0x1B
"""The first number of an account's advisory lock; the second is a hash of the account's name."""

_OWNED = "accounts owned"


def take(tx: Tx, account: str) -> bool:
    """Take an account, until it is given up or the connection ends; return False when another process owns it.

    The next transaction sees what the last owner committed; this one may not. A rollback does not give the account up.
    """
    if held(tx, account):
        return True
    taken = bool(tx.scalar(select(func.pg_try_advisory_lock(ACCOUNTS, _number(account)))))
    if taken:
        tx.info.setdefault(_OWNED, set()).add(account)
    return taken


def give_up(tx: Tx, account: str) -> None:
    """Give an account up, if this connection owns it. Another process can take it once this transaction has ended."""
    owned = tx.info.get(_OWNED, set())
    if account in owned:
        tx.scalar(select(func.pg_advisory_unlock(ACCOUNTS, _number(account))))
        owned.discard(account)


def held(tx: Tx, account: str) -> bool:
    """Tell, without a query, whether this connection owns an account. With a file, a running service owns all of them."""
    return tx.dialect.name == "sqlite" or account in tx.info.get(_OWNED, ())


def require(tx: Tx, account: str) -> None:
    """Check, without a query, that this connection owns an account, before a write that only its owner may make.

    Raises:
        NotOwner: it does not.
    """
    if not held(tx, account):
        raise NotOwner(account)


def _number(account: str) -> int:
    return int.from_bytes(blake2b(account.encode(), digest_size=4).digest(), signed=True)
