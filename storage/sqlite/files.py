# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Database files: their address, their creation, their copies."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from storage.failures import DatabaseError
from storage.sqlite.connections import BUSY_TIMEOUT, file_behind, raw
from storage.sqlite.errors import explaining

if TYPE_CHECKING:
    from sqlalchemy import Connection


def file_of(url: str) -> Path:
    """Return the file that a database address names.

    Args:
        url: `sqlite:///relative.db` or `sqlite:////absolute.db`.

    Raises:
        DatabaseError: it names no file, or another kind of database. A password in it is not repeated.
    """
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseError(
            "The setting `database` is not an address such as sqlite:///iaventure.db."
        ) from None
    if parts.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise DatabaseError(
            "The setting `database` must begin with sqlite:/// or postgresql://, such as sqlite:///iaventure.db."
        )
    if parts.host or parts.query or not parts.database or parts.database == ":memory:":
        raise DatabaseError(
            "The setting `database` must name a file after three slashes: sqlite:///iaventure.db."
        )
    return Path(parts.database).resolve()


def require_present(file: Path) -> None:
    """Check that a file exists.

    Raises:
        DatabaseError: it does not.
    """
    if not file.is_file():
        raise DatabaseError(
            f"There is no database {file}. Check its address; `iaventure db upgrade` makes a new one."
        )


def create(file: Path) -> None:
    """Make an empty file that only its owner can read, since it will hold personal data. A file that exists stays as it is.

    Raises:
        DatabaseError: the folder is missing or cannot be written.
    """
    if not file.parent.is_dir():
        raise DatabaseError(
            f"The folder {file.parent} does not exist. Create it, or give `database` another file."
        )
    if file.exists():
        return
    try:
        _create(file)
    except FileExistsError:  # another process was faster
        return
    except OSError as error:
        raise DatabaseError(
            f"The file {file} cannot be created: {error.strerror}. Check its folder."
        ) from error


def _create(file: Path) -> None:
    # An existing file is never opened here: closing it would drop the locks that this process holds on it.
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def create_copy(target: Path) -> None:
    """Make the empty file for a copy.

    Raises:
        DatabaseError: it exists, or cannot be made.
    """
    try:
        _create(target)
    except FileExistsError:
        raise DatabaseError(f"{target} exists already. Give the copy another name.") from None
    except OSError as error:
        raise DatabaseError(
            f"The copy {target} cannot be created: {error.strerror}. Check its folder."
        ) from error


def fold(connection: Connection) -> None:
    """Fold the write-ahead log into the file, so that a copy is one file."""
    with explaining(file_behind(connection)):
        raw(connection).execute("PRAGMA journal_mode = DELETE")


def copy(file: Path, target: Path) -> None:
    """Copy a database that may be in use: one consistent state, checked, readable by its owner only.

    Raises:
        DatabaseError: the target exists, or the copy could not be made; then none is left.
    """
    if not file.is_file():
        raise DatabaseError(f"There is no database {file} to copy.")
    create_copy(target)
    try:
        _copy(file, target)
    except BaseException:
        target.unlink()
        raise


def _copy(file: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(file, timeout=BUSY_TIMEOUT, isolation_level=None)) as source,
        closing(sqlite3.connect(target, isolation_level=None)) as result,
    ):
        with explaining(file):
            source.execute("PRAGMA query_only = ON")
            source.execute("SELECT count(*) FROM sqlite_master")
        with explaining(target):
            source.backup(result)
            result.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        with explaining(file):
            (verdict,) = result.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise DatabaseError(f"The database {file} is damaged ({verdict}). Restore an older backup.")
