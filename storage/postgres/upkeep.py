# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is done to a database on a server beside serving: its own table, upgrades, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, String, column, func, select, table

from storage.failures import AlreadyRunning
from storage.postgres.transactions import begin, kept_transaction

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection

_sequences = table(
    "pg_sequences",
    column("schemaname", String),
    column("sequencename", String),
    column("last_value", BigInteger),
)


def require_writable(connection: Connection) -> None:
    """A server that does not take writes says so by itself."""


def create_own(connection: Connection) -> None:
    """Makes the table of what each connection kept last."""
    kept_transaction.create(connection, checkfirst=True)


def keep_copy(connection: Connection, revision: str) -> None:
    """Nothing: an upgrade is one transaction, and backups are for whoever runs the server."""


def require_alone(connection: Connection) -> None:
    """Checks that no other process of ours is connected.

    Raises:
        AlreadyRunning: one is.
    """
    with begin(connection, read_only=True):
        others = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()"
        )
        if others.scalar():
            raise AlreadyRunning(None)


def last_number(connection: Connection, numbered: Column[int]) -> int:
    """The last number that was given, whether its row is still there or not."""
    given = select(_sequences.c.last_value).where(_sequences.c.sequencename == _sequence(numbered))
    return connection.scalar(given.where(_sequences.c.schemaname == func.current_schema())) or 0


def go_on_from(connection: Connection, numbered: Column[int], last: int) -> None:
    """Gives no number up to `last` any more."""
    connection.scalar(select(func.setval(_sequence(numbered), max(last, 1), last > 0)))


def _sequence(numbered: Column[int]) -> str:
    return f"{numbered.table.name}_{numbered.name}_seq"  # as SERIAL names it
