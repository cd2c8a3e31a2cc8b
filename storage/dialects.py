# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What SQLite and PostgreSQL do each in their own way, under the same verbs; the rest of the code knows neither.

PostgreSQL's half is imported when it is used: its driver costs 12 MB and 0.1 s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from storage import sqlite
from storage.sqlite.files import file_of

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import Column, Connection, Engine


class Dialect(Protocol):
    """The verbs. A connection is one that the dialect's own `connect` made."""

    def begin(self, connection: Connection, *, read_only: bool = False) -> AbstractContextManager[object]:
        """A transaction while the block runs: kept at its end, undone if it raises.

        A writing one excludes every other, in all processes: what it reads stays true until it writes.

        Raises:
            Undone: it was not kept, for a reason that passes.
            DatabaseError: it could not begin, or was not kept.
        """
        ...

    def require_transaction(self, connection: Connection) -> None:
        """Checks that the database still has the transaction that SQLAlchemy believes in, at no cost.

        Raises:
            DatabaseError: it has not; nothing of the transaction was kept.
        """
        ...

    def rebuilding(self, connection: Connection) -> AbstractContextManager[object]:
        """As `begin`, for changing tables: it is kept only if every row still finds its parent."""
        ...

    def require_writable(self, connection: Connection) -> None:
        """Checks that the database takes writes, inside a transaction that may write.

        Raises:
            DatabaseError: it does not.
        """
        ...

    def create_own(self, connection: Connection) -> None:
        """Makes the tables that the dialect itself needs, where they are missing."""
        ...

    def keep_copy(self, connection: Connection, revision: str) -> None:
        """Copies the database before it is upgraded to a revision, where that is for this program to do."""
        ...

    def require_alone(self, connection: Connection) -> None:
        """Checks that no other process uses the database, where `own` does not tell.

        Raises:
            AlreadyRunning: one does.
        """
        ...

    def last_number(self, connection: Connection, numbered: Column[int]) -> int:
        """The last number that was given in a column that numbers its rows, whether its row is still there or not."""
        ...

    def go_on_from(self, connection: Connection, numbered: Column[int], last: int) -> None:
        """Gives no number up to `last` any more."""
        ...


def of(connection: Connection) -> Dialect:
    """The dialect that a connection speaks."""
    if connection.dialect.name == "sqlite":
        return sqlite
    from storage import postgres

    return postgres


def is_server(url: str) -> bool:
    """Whether a database address names a PostgreSQL server rather than a file."""
    return url.startswith("postgresql://")


def engine(url: str, *, read_only: bool = False, patient: bool = False) -> Engine:
    """Connections to a database that exists; `patient` ones, for what is not service, may take their time.

    Raises:
        DatabaseError: the address is not one.
    """
    if not is_server(url):
        return sqlite.engine(file_of(url), read_only=read_only)
    from storage import postgres

    return postgres.engine(url, read_only=read_only, patient=patient)
