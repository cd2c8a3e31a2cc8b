# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Sentences for the operator in the place of SQLite's errors."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage.failures import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCKED = "The database {file} is locked by another program. Stop that program, then try again."
_REFUSED = "The database {file} cannot be written. Give this user the right to write it and its folder."
_SENTENCES = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: _REFUSED,
    sqlite3.SQLITE_PERM: _REFUSED,
    sqlite3.SQLITE_CANTOPEN: _REFUSED,
    sqlite3.SQLITE_FULL: "The disk is full: {file} did not keep what it was given. Free some space.",
    sqlite3.SQLITE_IOERR: "The disk failed under {file}. Check it, and restore a backup if needed.",
    sqlite3.SQLITE_CORRUPT: "The database {file} is damaged. Restore a backup.",
    sqlite3.SQLITE_NOTADB: "The file {file} is not a database. Give the setting `database` another file.",
}


def explained(error: BaseException, file: Path) -> DatabaseError | None:
    """Return the sentence for the operator, as an error; None when SQLite's error is not about the file."""
    sentence = _SENTENCES.get(code_of(error))
    return None if sentence is None else DatabaseError(sentence.format(file=file))


@contextmanager
def explaining(file: Path) -> Iterator[None]:
    """Translate the errors of SQLite in the block.

    Raises:
        DatabaseError: SQLite's error was about the file.
    """
    try:
        yield
    except sqlite3.Error as error:
        explanation = explained(error, file)
        if explanation is None:
            raise
        raise explanation from error


def code_of(error: BaseException) -> int:
    """Return the primary result code of an error of SQLite, 0 for any other error."""
    # The last byte of an extended code is the primary one.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
