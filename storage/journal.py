# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The erasure journal: a file beside the database with a line `n at id` for each erasure, for copies that are restored.

A line holds a number, a time and the random id that the learner had: a pseudonym, which names the person to whoever has a
copy made before the erasure, and nobody once those copies are gone. A process that was killed between the commit and the
append is no loss: the next look finds the row that the file lacks.
"""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select

from config.errors import INPUT
from storage import dialects
from storage.failures import DatabaseError
from storage.tables import erasure, learner
from storage.types import UNREADABLE, Tx, instant_of

LARGEST = 64 * 2**20
"""Bytes of a file that is read: a million erasures."""
NONE_YET = "# No erasure yet.\n"
"""Content of a journal without an erasure. An empty file is one that was cut off or never copied."""
AT_ONCE = 500
"""Learners who are looked up in one query."""
_LINE = re.compile(r"([1-9][0-9]{0,8}) ([0-9T:.+-]{19,40}) ([0-9a-f]{16})")
_BEGUN = re.compile(r"[1-9][0-9]{0,8}(?: [0-9T:.+-]{0,40}(?: [0-9a-f]{0,16})?)?")
"""The beginning of a line, as a crash may leave it."""


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One erasure."""

    n: int
    at: datetime
    learner_id: str

    def __str__(self) -> str:
        return f"{self.n} {self.at.astimezone(UTC).isoformat()} {self.learner_id}"


@dataclass(frozen=True, slots=True)
class Damaged:
    """A line that cannot be read. `number`: in its file, from 1."""

    file: Path
    number: int
    text: str

    def __str__(self) -> str:
        return f"Line {self.number} of the erasure journal {self.file} cannot be read"


class JournalError(DatabaseError):
    """An erasure journal that cannot be read. A restart does not help: an operator has to look at the file."""

    exit_code = INPUT


# --- the rows


def rows(tx: Tx, since: datetime | None = None, after: int = 0) -> list[Line]:
    """Return the erasures after a number that the database knows, since an instant or all; not `erasure.damaged` ones."""
    wanted = [erasure.c.n > after, *([] if since is None else [erasure.c.at >= since])]
    query = select(erasure.c.n, erasure.c.at, erasure.c.learner_id).where(*wanted).order_by(erasure.c.n)
    return sound(Line(*tuple(row)) for row in tx.execute(query))


def sound(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that a journal file can hold; any other line would be unreadable there, or lost with the years."""
    return [line for line in lines if line.at != UNREADABLE and _parsed(str(line)) == line]


def rows_of_copy(file: Path, now: datetime) -> list[Line]:
    """Return the erasures of a copy, `now` for an unreadable time (see `erasure.mend`); none for an older schema."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'erasure'").fetchone():
            return []
        kept = copy.execute("SELECT n, at, learner_id FROM erasure ORDER BY n").fetchall()
    times = ((n, instant_of(at), learner_id) for n, at, learner_id in kept)
    return sound(Line(n, now if at == UNREADABLE else at, learner_id) for n, at, learner_id in times)


def last(tx: Tx) -> int:
    """Return the number of the last erasure, 0 before the first, also when its row is gone."""
    return dialects.of(tx).last_number(tx, erasure.c.n)


def prune_rows(tx: Tx, before: datetime) -> int:
    """Drop the erasures before an instant, of which no copy of the database tells any more; return how many."""
    return tx.execute(delete(erasure).where(erasure.c.at < before)).rowcount


def take_in(tx: Tx, lines: Collection[Line]) -> None:
    """Add lines of files that a restored database lacks, and give no number of theirs again."""
    known = {(line.at, line.learner_id) for line in rows(tx)}
    numbers = set(tx.execute(select(erasure.c.n)).scalars())
    newest = max([last(tx), *(line.n for line in lines)])
    for line in sorted({line for line in lines if (line.at, line.learner_id) not in known}):
        n = line.n
        if n in numbers:  # another database, before or after a loss, gave the same number
            n = newest = newest + 1
        numbers.add(n)
        tx.execute(insert(erasure).values(n=n, at=line.at, learner_id=line.learner_id))
    if newest:
        dialects.of(tx).go_on_from(tx, erasure.c.n, newest)


def still_here(tx: Tx, lines: Iterable[Line]) -> list[str]:
    """Return the learners in the database whom these lines name.

    By the id alone: it is random and never given twice, and a person who comes back gets another. When they began is no
    sign of anything: a clock that was ahead wrote a date after the line.
    """
    ids, found = sorted({line.learner_id for line in lines}), list[str]()
    for first in range(0, len(ids), AT_ONCE):
        known = select(learner.c.id).where(learner.c.id.in_(ids[first : first + AT_ONCE]))
        found += sorted(tx.execute(known).scalars())
    return found


def require_not_behind(tx: Tx, file: Path) -> None:
    """Check that a database is not older than the journal beside it: the bot would write to erased people.

    A database without any erasure may be another one, or new after a move: it is refused only if it holds erased people.

    Raises:
        DatabaseError: an older copy was put back.
        JournalError: the journal cannot be read.
    """
    lines = read(file)
    newest, known = max((line.n for line in lines), default=0), last(tx)
    if known < newest and (known > 0 or still_here(tx, lines)):
        raise DatabaseError(
            f"This database is older than the erasure journal {file}: people erased since are in it again. "
            f"Run `iaventure db restored --journal {file}` first."
        )


def number_on(tx: Tx, lines: Collection[Line]) -> None:
    """Have the next erasure numbered after these lines, without storing them: the journal beside already has them."""
    newest = max((line.n for line in lines), default=0)
    if newest > last(tx):
        dialects.of(tx).go_on_from(tx, erasure.c.n, newest)


# --- the file


def read(file: Path) -> list[Line]:
    """Return the lines of a journal, none when there is no file. Unreadable lines are skipped: see `damage`.

    Raises:
        JournalError: it cannot be read, or is no journal.
    """
    return [line for _, _, line in _numbered(file, _text(file)) if line is not None]


def require_content(file: Path) -> bool:
    """Check that a journal is not empty: without an erasure it holds `NONE_YET`. Return False when there is no file.

    Raises:
        JournalError: it is empty, so it was cut off or never copied; or it cannot be read.
    """
    if _text(file).strip() or not file.exists():
        return file.exists()
    raise JournalError(
        f"{file} is empty, so not an erasure journal: give another copy of it, or --no-journal if nobody was "
        "erased since the copy was made."
    )


def damage(files: Iterable[Path]) -> list[Damaged]:
    """Return the unreadable lines of some journals.

    A line that a crash cut short is no damage when one of these journals has the complete line.

    Raises:
        JournalError: one cannot be read, or is no journal.
    """
    rows = [(file, *row) for file in files for row in _numbered(file, _text(file))]
    whole = sorted(str(line) for _, _, _, line in rows if line is not None)
    return [
        Damaged(file, number, text)
        for file, number, text, line in rows
        if line is None and not _is_begun(text, whole)
    ]


def _is_begun(text: str, whole: Sequence[str]) -> bool:
    """Tell whether a text is the beginning of one of these sorted lines."""
    place = bisect_left(whole, text)
    return place < len(whole) and whole[place].startswith(text)


def _numbered(file: Path, text: str) -> list[tuple[int, str, Line | None]]:
    """Return (number, text, parsed line) for each line of a file's text that is not blank; raise if none is an erasure."""
    lines, none = enumerate(map(str.strip, text.split("\n")), 1), ("", NONE_YET.strip())
    rows = [(number, line, _parsed(line)) for number, line in lines if line not in none]
    torn = len(rows) == 1 and not text.endswith("\n") and _BEGUN.fullmatch(rows[0][1])
    if rows and not torn and all(line is None for _, _, line in rows):
        raise JournalError(
            f"{file} is not an erasure journal: none of its lines is an erasure. "
            "Give the file that `iaventure run` writes (setting `privacy.journal`), or a copy of it."
        )
    return rows


def _text(file: Path) -> str:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise JournalError(
                f"{file} is no file, so not an erasure journal. Give the file, or a copy of it."
            )
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise JournalError(
            f"The erasure journal {file} cannot be read: {error.strerror}. "
            "Let this account read and write it, or give another copy."
        ) from error
    if len(content) > LARGEST:
        raise JournalError(
            f"{file} is too large to be an erasure journal. Give the one that `iaventure run` writes."
        )
    return content.decode("utf-8-sig", errors="surrogateescape")


def _parsed(line: str) -> Line | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    try:
        at = datetime.fromisoformat(match[2])
        return None if at.tzinfo is None else Line(int(match[1]), at.astimezone(UTC), match[3])
    except (ValueError, OverflowError):
        return None


def append(file: Path, lines: Collection[Line]) -> None:
    """Add what the file lacks of these lines, on the disk when this returns. The file is its owner's alone.

    Raises:
        DatabaseError: it cannot be read or written.
    """
    require_writable(file)
    text = _text(file)
    held = {line for _, _, line in _numbered(file, text)}
    missing = [line for line in lines if line not in held]
    if not text.removeprefix(NONE_YET).strip():
        if missing or not text.strip():
            replace(file, missing)
    elif missing:
        try:
            _write(file, os.O_APPEND, "" if text.endswith("\n") else "\n", missing)
        except OSError as error:
            raise DatabaseError(_unwritable(file, error.strerror)) from error


def require_writable(file: Path) -> None:
    """Raise `DatabaseError` when a journal cannot be written, as far as its rights tell."""
    if file.is_symlink():  # an account that may change the link could redirect our writes to any file of ours
        raise DatabaseError(
            f"The erasure journal {file} cannot be written: it is a link. Name the file itself in `privacy.journal`."
        )
    if not file.parent.is_dir():
        raise DatabaseError(_unwritable(file, f"there is no folder {file.parent}"))
    for place in (file.parent, file):
        if place.exists() and not os.access(place, os.W_OK):
            raise DatabaseError(_unwritable(file, f"{place} is not this account's to write"))


def replace(file: Path, lines: Sequence[Line], unread: Sequence[str] = ()) -> None:
    """Write a journal anew; it holds the former lines or these, whenever the power fails.

    `unread`: unreadable lines, kept as they are.

    Raises:
        DatabaseError: it cannot be written.
    """
    fresh = file.with_name(f"{file.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        _write(fresh, os.O_EXCL, "".join(f"{text}\n" for text in unread), lines)
        fresh.replace(file)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise DatabaseError(_unwritable(file, error.strerror)) from error


def prune(file: Path, before: datetime) -> None:
    """Drop the lines of before an instant. An unreadable line is dropped together with the lines after it.

    Raises:
        DatabaseError: it cannot be read or written.
    """
    rows = _numbered(file, _text(file))
    old = [place for place, (_, _, line) in enumerate(rows) if line is not None and line.at < before]
    if not old:
        return
    kept = [line for _, _, line in rows if line is not None and line.at >= before]
    whole = sorted(map(str, kept))
    unread = [text for _, text, line in rows[old[-1] :] if line is None and not _is_begun(text, whole)]
    replace(file, kept, unread)


def _write(file: Path, how: int, before: str, lines: Collection[Line]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | how, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
        content = (before + "".join(f"{line}\n" for line in lines) or NONE_YET).encode(
            errors="surrogateescape"
        )
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


def _unwritable(file: Path, why: str | None) -> str:
    return (
        f"The erasure journal {file} cannot be written: {why}. Make room on its disk, or let this account "
        "write the file and its folder."
    )
