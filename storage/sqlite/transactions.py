# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Transactions on SQLite: `BEGIN IMMEDIATE` to write, `BEGIN` to read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage.failures import DatabaseError
from storage.sqlite.connections import file_behind, raw, require_in_transaction
from storage.sqlite.errors import explaining

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, RootTransaction


def begin(connection: Connection, *, read_only: bool = False) -> RootTransaction:
    """Begin a transaction, to be used as a context: committed at the end of the block, rolled back if it raises.

    A writing transaction holds the only write lock from the start: what it reads stays true until it writes.

    Raises:
        DatabaseError: another program holds the lock, or the file cannot be written.
    """
    transaction = connection.begin()
    try:
        with explaining(file_behind(connection)):
            raw(connection).execute("BEGIN" if read_only else "BEGIN IMMEDIATE")
    except BaseException:
        transaction.rollback()
        raise
    return transaction


def require_transaction(connection: Connection) -> None:
    """Check that SQLite itself still has the transaction that SQLAlchemy believes in.

    Raises:
        DatabaseError: it has not; nothing of the transaction was kept.
    """
    require_in_transaction(raw(connection))


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """Run the block in a transaction that may rebuild tables; commit only if every row still finds its parent.

    SQLite changes a table by dropping the old one, and with foreign keys on, that deletes the rows of its
    children. They can be switched off only outside a transaction.

    Raises:
        DatabaseError: a row has lost its parent; nothing was kept.
    """
    raw(connection).execute("PRAGMA foreign_keys = OFF")
    try:
        with begin(connection):
            yield
            orphans = raw(connection).execute("PRAGMA foreign_key_check").fetchall()
            if orphans:
                tables = ", ".join(sorted({orphan[0] for orphan in orphans}))
                raise DatabaseError(f"The upgrade was undone: it left orphans in {tables}. Please report it.")
            require_transaction(connection)
    finally:
        raw(connection).execute("PRAGMA foreign_keys = ON")
