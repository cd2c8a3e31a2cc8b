# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Upkeep of a SQLite database beside the service: checks, the copy before an upgrade, row numbers."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy import Integer, String, column, delete, func, insert, select, table

from storage.sqlite.connections import BUSY_TIMEOUT, file_behind, raw
from storage.sqlite.errors import code_of, explaining
from storage.sqlite.files import copy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, Connection

# SQLite's record of the numbers that it must not give again.
_sequence = table("sqlite_sequence", column("name", String), column("seq", Integer))


def require_writable(connection: Connection) -> None:
    """Check that the file takes writes: SQLite begins a writing transaction even on a read-only file.

    Raises:
        DatabaseError: it does not.
    """
    connection.exec_driver_sql("PRAGMA user_version = 0")  # as it is: nothing of ours uses that number


def create_own(connection: Connection) -> None:
    """Do nothing: SQLite needs no table of its own."""


def keep_copy(connection: Connection, revision: str) -> None:
    """Copy the file to `<file>.before-<revision>`.

    Raises:
        DatabaseError: it could not be copied.
    """
    file = file_behind(connection)
    # A copy that exists comes from an upgrade that was undone; the database has changed since: replace the copy.
    target = file.with_name(f"{file.name}.before-{revision}")
    fresh = file.with_name(f"{target.name}.new")
    fresh.unlink(missing_ok=True)
    copy(file, fresh)
    fresh.replace(target)


def scrub(connection: Connection) -> bool:
    """Fold the write-ahead log into the file and cut it to nothing; return False when a reader is open: at once."""
    file = raw(connection)
    with explaining(file_behind(connection)):
        file.execute("PRAGMA busy_timeout = 0")
        try:
            (busy, _, _) = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if code_of(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            busy = 1
        finally:
            file.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT * 1000:.0f}")
    return not busy


def vacuum(connection: Connection, tables: Sequence[str]) -> None:
    """Do nothing: what is deleted is overwritten (`secure_delete`)."""


def require_alone(connection: Connection) -> None:
    """Do nothing: the lock beside the file has told already."""


def last_number(connection: Connection, numbered: Column[int]) -> int:
    """Return the last number given; without `AUTOINCREMENT`, which remembers deleted rows, the largest number present."""
    if _has_autoincrement(numbered):
        last = connection.scalar(select(_sequence.c.seq).where(_sequence.c.name == numbered.table.name))
    else:
        last = connection.scalar(select(func.max(numbered)))
    return last or 0


def go_on_from(connection: Connection, numbered: Column[int], last: int) -> None:
    """Give no number up to `last` again. Without `AUTOINCREMENT` the rows themselves decide, and this does nothing."""
    if _has_autoincrement(numbered):
        connection.execute(delete(_sequence).where(_sequence.c.name == numbered.table.name))
        connection.execute(insert(_sequence).values(name=numbered.table.name, seq=last))


def _has_autoincrement(numbered: Column[int]) -> bool:
    return bool(numbered.table.dialect_options["sqlite"]["autoincrement"])
