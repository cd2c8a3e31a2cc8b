# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One protocol for what SQLite and PostgreSQL do differently; the rest of the code knows neither.

The module of PostgreSQL is imported when it is used: its driver costs 12 MB and 0.1 s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from storage import sqlite
from storage.sqlite.files import file_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Column, Connection, Engine


class Dialect(Protocol):
    """The verbs of a dialect. Each connection given to them comes from `engine`."""

    def begin(self, connection: Connection, *, read_only: bool = False) -> AbstractContextManager[object]:
        """Run the block in a transaction: committed at the end, rolled back if the block raises.

        A writing transaction excludes every other, in all processes: what it reads stays true until it writes.

        Raises:
            Undone: the database kept nothing, for a transient reason.
            Unsure: the connection was lost at the commit.
            DatabaseError: it could not begin, or was not kept.
        """
        ...

    def require_transaction(self, connection: Connection) -> None:
        """Check, without a query, that the database still has the transaction that SQLAlchemy believes in.

        Raises:
            DatabaseError: it has not; nothing of the transaction was kept.
        """
        ...

    def rebuilding(self, connection: Connection) -> AbstractContextManager[object]:
        """Do as `begin`, for changing tables: commit only if every row still finds its parent."""
        ...

    def require_writable(self, connection: Connection) -> None:
        """Check that the database takes writes, inside a transaction that may write.

        Raises:
            DatabaseError: it does not.
        """
        ...

    def create_own(self, connection: Connection) -> None:
        """Make the tables that the dialect itself needs, where they are missing."""
        ...

    def keep_copy(self, connection: Connection, revision: str) -> None:
        """Copy the database before it is upgraded to a revision, where that is for this program to do."""
        ...

    def require_alone(self, connection: Connection) -> None:
        """Check that no other process uses the database, where `storage.filelock.own` does not check it.

        In a transaction, or outside any.

        Raises:
            AlreadyRunning: another process does.
        """
        ...

    def scrub(self, connection: Connection) -> bool:
        """Leave nothing deleted in a log beside the database, outside a transaction; return False when a reader is open.

        Raises:
            DatabaseError: the log could not be written.
        """
        ...

    def vacuum(self, connection: Connection, tables: Sequence[str]) -> None:
        """Free what was deleted from tables, outside a transaction, where deleting does not overwrite.

        Raises:
            DatabaseError: it could not be done.
        """
        ...

    def last_number(self, connection: Connection, numbered: Column[int]) -> int:
        """Return the last number given in a column that numbers its rows, even if its row was deleted since."""
        ...

    def go_on_from(self, connection: Connection, numbered: Column[int], last: int) -> None:
        """Give no number up to `last` again."""
        ...


def of(connection: Connection) -> Dialect:
    """Return the dialect that a connection speaks."""
    if connection.dialect.name == "sqlite":
        return sqlite
    from storage import postgres

    return postgres


def is_server(url: str) -> bool:
    """Tell whether a database address names a PostgreSQL server rather than a file."""
    return url.startswith("postgresql://")


def engine(url: str, *, read_only: bool = False, patient: bool = False) -> Engine:
    """Return connections to a database that exists; `patient` ones, for the operator's commands, have long timeouts.

    Raises:
        DatabaseError: the address is not valid.
    """
    if not is_server(url):
        return sqlite.engine(file_of(url), read_only=read_only)
    from storage import postgres

    return postgres.engine(url, read_only=read_only, patient=patient)
