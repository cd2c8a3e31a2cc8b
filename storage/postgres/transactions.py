# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Transactions on PostgreSQL: their beginning, their end, and the search for a commit that was not answered.

As on SQLite, each transaction says in one round trip whether it writes. One that reads sees one snapshot. One that writes
first takes the one write lock of the database, which all processes share: as with SQLite's single writer, what it reads
stays true until it writes. See docs/adr/0015-postgresql-one-writer.md.
"""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, cast

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Column, DateTime, MetaData, String, Table, select

from storage.failures import DatabaseError, Undone, Unsure
from storage.postgres.connections import LAST_KEPT
from storage.postgres.errors import LOST, explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

WRITING = 0x1A, 0
"""The advisory write lock. Its first number differs from `storage.ownership.ACCOUNTS`, that of the accounts' locks."""
UNSURE = 30.0
"""Seconds to search for a commit that was not answered, before it is `Unsure`."""

_LOCK = f"BEGIN; SELECT pg_advisory_xact_lock({WRITING[0]}, {WRITING[1]})"
_LEAVE_A_MARK = (
    f"{_LOCK}; DELETE FROM kept_transaction WHERE {{forgotten}}; "  # noqa: S608 (both are ours)
    "INSERT INTO kept_transaction VALUES ('{mark}', now())"
)
# One row for each connection that writes: the mark of its last transaction. After a commit that was not answered, the row
# shows whether it was kept; PostgreSQL's own transaction numbers cannot, as it may give them again after a crash. Each
# transaction inserts a new row: updates of one row would grow slower and slower while a backup holds a snapshot.
kept_transaction = Table(
    "kept_transaction",
    MetaData(),
    Column("id", String(32), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)


@contextmanager
def begin(connection: Connection, *, read_only: bool = False) -> Iterator[None]:
    """Run the block in a transaction: committed at the end, rolled back if the block raises.

    After a commit that was not answered, a new connection searches for it: a kept transaction is never called undone.

    Raises:
        Undone: the connection was lost before the commit, or the server undid it for a transient reason.
        Unsure: the connection was lost at the commit, and the server does not answer.
        DatabaseError: it could not begin, or was not kept.
    """
    transaction = connection.begin()  # reconnects when the connection was lost
    mark = ""
    try:
        mark = _start(connection, read_only=read_only)
        yield
    except BaseException as error:
        lost = connection.invalidated
        transaction.rollback()
        if lost and not isinstance(error, DatabaseError):
            raise Undone(LOST) from error
        raise
    try:
        transaction.commit()
    except BaseException as error:
        with suppress(DatabaseError):
            transaction.rollback()
        if not (isinstance(error, Undone) and mark and _was_kept(connection, mark)):
            raise
    if mark:
        connection.info[LAST_KEPT] = mark


def _start(connection: Connection, *, read_only: bool) -> str:
    """Begin, in one round trip; return the mark that the transaction leaves once it is kept, if any."""
    if read_only:
        # Through SQLAlchemy: after a restart of the server it throws away the whole pool, not only this connection.
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return ""
    if LAST_KEPT not in connection.info:
        _run(connection, _LOCK)
        return ""
    mark, last = secrets.token_hex(16), connection.info[LAST_KEPT]
    forgotten = f"id = '{last}'" if last else "at < now() - interval '1 day'"
    _run(connection, _LEAVE_A_MARK.format(mark=mark, forgotten=forgotten))
    return mark


def _was_kept(connection: Connection, mark: str) -> bool:
    """Tell whether a transaction was kept whose commit was not answered; once the write lock is free, it has ended.

    Raises:
        Unsure: the server does not answer.
    """
    end = time.monotonic() + UNSURE
    while True:
        try:
            with connection.begin() as transaction:
                _run(connection, _LOCK)
                kept = connection.scalar(select(kept_transaction.c.id).where(kept_transaction.c.id == mark))
                transaction.rollback()
        except DatabaseError as error:
            if time.monotonic() > end:
                raise Unsure from error
            time.sleep(0.2)
        else:
            return kept is not None


def _run(connection: Connection, statements: str) -> psycopg.Cursor:
    """Run several statements in one round trip, beside SQLAlchemy, which runs one at a time."""
    try:
        return raw(connection).execute(statements.encode(), prepare=False)
    except psycopg.Error as error:
        if raw(connection).closed:
            connection.invalidate(error)
        explanation = explained(error)
        if explanation is None:
            raise
        raise explanation from error


def raw(connection: Connection) -> psycopg.Connection:
    """Return the driver's connection, for what SQLAlchemy cannot do."""
    return cast("psycopg.Connection", connection.connection.driver_connection)


def require_transaction(connection: Connection) -> None:
    """Check that PostgreSQL has not given the transaction up: after a failed statement it rolls back without an error.

    Raises:
        DatabaseError: it has; nothing of the transaction was kept.
    """
    if raw(connection).pgconn.transaction_status != TransactionStatus.INTRANS:
        raise DatabaseError(
            "The database lost a transaction, and nothing of it was kept: a failed statement was passed over."
        )


rebuilding = begin
"""PostgreSQL changes a table in place, and checks at each statement that no row lost its parent."""
