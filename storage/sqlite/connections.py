# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Connections to a SQLite file, set up for durability.

Python's default transaction mode let two processes claim the same 200 rows 573 times without an error. Here
the mode is off (`isolation_level=None`): `storage.sqlite.transactions` begins each transaction itself.
"""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from sqlalchemy import URL, create_engine, event

from storage.failures import DatabaseError
from storage.sqlite.errors import code_of, explained

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, ExceptionContext

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another program's lock."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -16000",  # KiB
    "PRAGMA secure_delete = ON",  # what is forgotten is overwritten; some builds of SQLite only mark it as free
)


class _Cursor(sqlite3.Cursor):
    """A cursor that refuses a statement outside a transaction.

    A full disk ends a transaction without a word, and whatever follows would be committed, statement by
    statement. SQLAlchemy's events could check that too, for a quarter of the throughput.
    """

    def execute(self, *args: Any) -> Self:
        require_in_transaction(self.connection)
        return super().execute(*args)

    def executemany(self, *args: Any) -> Self:
        require_in_transaction(self.connection)
        return super().executemany(*args)


class _Connection(sqlite3.Connection):
    """A connection that gives SQLAlchemy guarded cursors; `execute`, which storage calls itself, is not guarded."""

    guarded = False

    def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override]
        return super().cursor(_Cursor if self.guarded else sqlite3.Cursor)

    def execute(self, *args: Any) -> sqlite3.Cursor:
        return super().cursor(sqlite3.Cursor).execute(*args)


def engine(file: Path, *, read_only: bool = False) -> Engine:
    """Return connections to a file, set up for durability. A transaction on them starts with `begin`.

    What is wrong with the file is raised as a `DatabaseError`. `read_only` connections refuse every write; such a write
    is the caller's fault, and stays an `OperationalError`.
    """
    made = create_engine(
        URL.create("sqlite", database=str(file)),
        hide_parameters=True,  # an error that is logged names no person
        connect_args={
            "factory": _Connection,
            "isolation_level": None,
            "timeout": BUSY_TIMEOUT,
            "check_same_thread": False,
        },
    )

    def set_up(connection: _Connection, _record: object) -> None:
        # A text that is not UTF-8 would fail the whole query.
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        connection.guarded = True  # only now: SQLAlchemy has its own questions to a new connection

    def explain(context: ExceptionContext) -> DatabaseError | None:
        error = context.original_exception
        return None if read_only and code_of(error) == sqlite3.SQLITE_READONLY else explained(error, file)

    event.listen(made, "connect", set_up)
    event.listen(made, "handle_error", explain)
    return made


def raw(connection: Connection) -> _Connection:
    """Return the connection of the standard library, for statements that must run outside SQLAlchemy's transaction."""
    return cast("_Connection", connection.connection.driver_connection)


def file_behind(connection: Connection) -> Path:
    """Return the file that a connection writes."""
    return Path(connection.engine.url.database or "")


def require_in_transaction(connection: sqlite3.Connection) -> None:
    """Check that SQLite has a transaction under way.

    Raises:
        DatabaseError: it has none; nothing of the last one was kept.
    """
    if not connection.in_transaction:
        raise DatabaseError(
            "The database lost a transaction, and nothing of it was kept. Free some disk space."
        )
