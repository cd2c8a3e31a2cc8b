# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The erasure journal: a file beside the database with a line `n at id` for each erasure, for copies that are restored.

A line holds a number, a time and the random id that the learner had: a pseudonym, which names the person to whoever has a
copy made before the erasure, and nobody once those copies are gone. A process that was killed between
the commit and the append is no loss: the next look finds the row that the file lacks.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select

from storage import dialects
from storage.failures import DatabaseError
from storage.tables import erasure
from storage.types import Tx

LARGEST = 64 * 2**20
"""Bytes of a file that is read: a million erasures."""
_LINE = re.compile(r"([1-9][0-9]{0,17}) ([0-9T:.+-]{19,40}) ([0-9a-f]{16})")


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One erasure."""

    n: int
    at: datetime
    learner_id: str

    def __str__(self) -> str:
        return f"{self.n} {self.at.astimezone(UTC).isoformat()} {self.learner_id}"


# --- the rows


def rows(tx: Tx, since: datetime | None = None) -> list[Line]:
    """Return the erasures that the database knows, since an instant or all, in order."""
    query = select(erasure.c.n, erasure.c.at, erasure.c.learner_id).order_by(erasure.c.n)
    if since is not None:
        query = query.where(erasure.c.at >= since)
    return [Line(*tuple(row)) for row in tx.execute(query)]


def rows_of_copy(file: Path) -> list[Line]:
    """Return the erasures that a copy in a file tells of; none for the copy of an older schema."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'erasure'").fetchone():
            return []
        kept = copy.execute("SELECT n, at, learner_id FROM erasure ORDER BY n").fetchall()
    return [Line(n, datetime.fromisoformat(at).replace(tzinfo=UTC), learner_id) for n, at, learner_id in kept]


def last(tx: Tx) -> int:
    """Return the number of the last erasure, 0 before the first, also when its row is gone."""
    return dialects.of(tx).last_number(tx, erasure.c.n)


def prune_rows(tx: Tx, before: datetime) -> int:
    """Drop the erasures before an instant, of which no copy of the database tells any more; return how many."""
    return tx.execute(delete(erasure).where(erasure.c.at < before)).rowcount


def take_in(tx: Tx, lines: Collection[Line]) -> None:
    """Add lines of files that a restored database lacks, and give no number of theirs again."""
    here = rows(tx)
    known, numbers = {(line.at, line.learner_id) for line in here}, {line.n for line in here}
    newest = max([last(tx), *(line.n for line in lines)])
    for line in sorted({line for line in lines if (line.at, line.learner_id) not in known}):
        n = line.n
        if n in numbers:  # another database, before or after a loss, gave the same number
            n = newest = newest + 1
        numbers.add(n)
        tx.execute(insert(erasure).values(n=n, at=line.at, learner_id=line.learner_id))
    if newest:
        dialects.of(tx).go_on_from(tx, erasure.c.n, newest)


def require_not_behind(last_known: int, file: Path) -> None:
    """Check that a database knows the last erasure of the journal beside it: an older one was put back.

    A database that knows of none at all is not judged: it may be another, or the first of a move.

    Raises:
        DatabaseError: it does not.
    """
    newest = max((line.n for line in read(file)), default=0)
    if 0 < last_known < newest:
        raise DatabaseError(
            f"This database is older than the erasure journal {file}: people erased since are in it again. "
            f"Run `iaventure db restored --journal {file}` first."
        )


def number_on(tx: Tx, lines: Collection[Line]) -> None:
    """Have the next erasure numbered after these lines, without taking them in.

    The journal beside holds them already, and each of its numbers stands for one erasure.
    """
    newest = max([last(tx), *(line.n for line in lines)])
    if newest:
        dialects.of(tx).go_on_from(tx, erasure.c.n, newest)


# --- the file


def read(file: Path) -> list[Line]:
    """Return the lines of a journal, none when there is no file. A line that a crash cut short is passed over.

    Raises:
        DatabaseError: it cannot be read, or is no journal.
    """
    text = _text(file)
    lines = [line for line in map(_parsed, text.splitlines()) if line is not None]
    if text.strip() and not lines and "\n" in text:
        raise DatabaseError(f"{file} is not an erasure journal. Give the one that `iaventure run` writes.")
    return lines


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise DatabaseError(f"The erasure journal {file} cannot be read: {error.strerror}.") from error
    if len(content) > LARGEST:
        raise DatabaseError(f"{file} is too large to be an erasure journal.")
    return content.decode("ascii", errors="replace")


def _parsed(line: str) -> Line | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    try:
        at = datetime.fromisoformat(match[2])
    except ValueError:
        return None
    return None if at.tzinfo is None else Line(int(match[1]), at.astimezone(UTC), match[3])


def append(file: Path, lines: Collection[Line]) -> None:
    """Add what the file lacks of these lines, on the disk when this returns. The file is its owner's alone.

    Raises:
        DatabaseError: it cannot be written.
    """
    text = _text(file)
    held = set(map(_parsed, text.splitlines()))
    missing = [line for line in lines if line not in held]
    if not missing and file.exists():
        return
    torn = "\n" if text and not text.endswith("\n") else ""
    _write(file, os.O_APPEND, torn, missing)


def replace(file: Path, lines: Sequence[Line]) -> None:
    """Write a journal anew; it holds the former lines or these, whenever the power fails.

    Raises:
        DatabaseError: it cannot be written.
    """
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    _write(fresh, os.O_EXCL, "", lines)
    fresh.replace(file)


def _write(file: Path, how: int, before: str, lines: Collection[Line]) -> None:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | how, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
            content = (before + "".join(f"{line}\n" for line in lines)).encode("ascii")
            while content:
                content = content[os.write(descriptor, content) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        folder = os.open(file.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)  # the file's name, too
        finally:
            os.close(folder)
    except OSError as error:
        raise DatabaseError(f"The erasure journal {file} cannot be written: {error.strerror}.") from error
