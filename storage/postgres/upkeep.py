# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Upkeep of a PostgreSQL database beside the service: checks, the dialect's own table, row numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, String, column, func, select, table

from storage.failures import AlreadyRunning
from storage.postgres.transactions import begin, kept_transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, Connection

_sequences = table(
    "pg_sequences",
    column("schemaname", String),
    column("sequencename", String),
    column("last_value", BigInteger),
)


def require_writable(connection: Connection) -> None:
    """Do nothing: a server that takes no writes refuses the first one itself."""


def create_own(connection: Connection) -> None:
    """Make the table with the last transaction of each connection."""
    kept_transaction.create(connection, checkfirst=True)


def keep_copy(connection: Connection, revision: str) -> None:
    """Do nothing: an upgrade is one transaction, and the operator of the server makes backups."""


def scrub(connection: Connection) -> bool:  # noqa: ARG001 - the port
    """Do nothing: a server keeps its log to itself; see docs/exploitation.md for what stays in it."""
    return True


def vacuum(connection: Connection, tables: Sequence[str]) -> None:
    """Free the rows that were deleted from tables, and sample anew what is left in them.

    The bytes of the rows stay until their pages are used again. The samples, by which queries are planned, would hold
    deleted values until the server takes others by itself; of an empty table it keeps the last.
    """
    try:
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql(f"VACUUM (ANALYZE) {', '.join(tables)}")
    finally:
        connection.invalidate()  # its timeout was taken away


def require_alone(connection: Connection) -> None:
    """Check that no other process of ours is connected.

    Raises:
        AlreadyRunning: another process is.
    """
    if not connection.in_transaction():
        with begin(connection, read_only=True):
            require_alone(connection)
        return
    others = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()"
    )
    if others.scalar():
        raise AlreadyRunning(None)


def last_number(connection: Connection, numbered: Column[int]) -> int:
    """Return the last number given, even if its row was deleted since."""
    given = select(_sequences.c.last_value).where(_sequences.c.sequencename == _sequence(numbered))
    return connection.scalar(given.where(_sequences.c.schemaname == func.current_schema())) or 0


def go_on_from(connection: Connection, numbered: Column[int], last: int) -> None:
    """Give no number up to `last` again."""
    connection.scalar(select(func.setval(_sequence(numbered), max(last, 1), last > 0)))


def _sequence(numbered: Column[int]) -> str:
    return f"{numbered.table.name}_{numbered.name}_seq"  # as SERIAL names it
