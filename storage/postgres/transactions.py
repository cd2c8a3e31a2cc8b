# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How a transaction on PostgreSQL begins, ends, and is found again when its end was not answered.

Each transaction says what it is, in one round trip, as on SQLite: one that reads sees one snapshot, and one that writes
first takes the one write lock of the database, in whichever process it runs: as with SQLite's single writer, what it
reads stays true until it writes. See docs/adr/0015-postgresql-one-writer.md.
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
"""The advisory lock of whoever writes. Two numbers: no account's lock is one of those."""
UNSURE = 30.0
"""Seconds in which a commit that was not answered is looked for, before it is said to be unknown."""

_LOCK = f"BEGIN; SELECT pg_advisory_xact_lock({WRITING[0]}, {WRITING[1]})"
_LEAVE_A_MARK = (
    f"{_LOCK}; DELETE FROM kept_transaction WHERE {{forgotten}}; "  # noqa: S608 (both are ours)
    "INSERT INTO kept_transaction VALUES ('{mark}', now())"
)
# One row for each connection that writes: its last transaction. After a commit that was not answered it tells what became
# of it, which PostgreSQL's own numbers cannot after a crash: they may be given again. A new row each time, as updating
# one would grow slower and slower while a backup holds a snapshot.
kept_transaction = Table(
    "kept_transaction",
    MetaData(),
    Column("id", String(32), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)


@contextmanager
def begin(connection: Connection, *, read_only: bool = False) -> Iterator[None]:
    """A transaction while the block runs: kept at its end, undone if it raises.

    A commit that was not answered is looked for on a new connection: what was kept is never said to be undone.

    Raises:
        Undone: the connection was lost before the commit, or the server undid it for a reason that passes.
        Unsure: the connection was lost at the commit, and nobody answers.
        DatabaseError: it could not begin, or was not kept.
    """
    transaction = connection.begin()  # connects anew when the connection was lost
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
    """Begins, in one round trip; the mark that the transaction leaves once it is kept, if any."""
    if read_only:
        # By SQLAlchemy: after a restart it throws away every connection that waited in the pool, and not only this one.
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
    """Whether a transaction was kept whose commit was not answered; the write lock tells that it has ended.

    Raises:
        Unsure: nobody answers.
    """
    end = time.monotonic() + UNSURE
    while True:
        try:
            with connection.begin() as transaction:
                _run(connection, _LOCK)
                found = connection.scalar(select(kept_transaction.c.id).where(kept_transaction.c.id == mark))
                transaction.rollback()
        except DatabaseError as error:
            if time.monotonic() > end:
                raise Unsure from error
            time.sleep(0.2)
        else:
            return found is not None


def _run(connection: Connection, statements: str) -> psycopg.Cursor:
    """Runs several statements at once, outside of SQLAlchemy, which knows one at a time."""
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
    """The driver's connection, for what SQLAlchemy has no word for."""
    return cast("psycopg.Connection", connection.connection.driver_connection)


def require_transaction(connection: Connection) -> None:
    """Checks that PostgreSQL has not given the transaction up: after a failed statement it would undo it without a word.

    Raises:
        DatabaseError: it has; nothing of the transaction was kept.
    """
    if raw(connection).pgconn.transaction_status != TransactionStatus.INTRANS:
        raise DatabaseError(
            "The database lost a transaction, and nothing of it was kept: a failed statement was passed over."
        )


rebuilding = begin
"""PostgreSQL changes a table in its place, and checks at each statement that no row lost its parent."""
