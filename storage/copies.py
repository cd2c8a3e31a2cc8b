# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Copies of the database on the same disk: backups, and files that a restore put aside. They still hold erased people."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from storage import dialects, private
from storage.journal import Line
from storage.sqlite import files

HEADER = b"SQLite format 3\0"
ERASURES = ".erasures.log"
COMPANIONS = ("-wal", "-shm", "-journal", ".lock", ERASURES)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy, and how many people are in it who were erased since."""

    file: Path
    erased: int


def journal_of(copy: Path) -> Path:
    """Return where the erasures known at the time of a copy are written."""
    return copy.with_name(f"{copy.name}{ERASURES}")


def near(url: str, journal: Path, lines: Sequence[Line]) -> list[Copy]:
    """Return the copies in the folders of a database and of its journal, and one folder below; not those made by upgrades.

    `lines`: the known erasures, of which people in a copy are counted.
    """
    own = None if dialects.is_server(url) else files.file_of(url)
    journal = journal.resolve()
    known = {*private.copies_of(url), own, journal}
    folders = {journal.parent} if own is None else {own.parent, journal.parent}
    found: dict[Path, Copy] = {}
    for folder in sorted(folders):
        for file in _files_in(folder):
            if file in known or file in found:
                continue
            erased = _erased_in(file, lines, likely=own is not None and _is_named_after(file, own))
            if erased is not None:
                found[file] = Copy(file, erased)
    return list(found.values())


def drop_in_clear(url: str) -> list[Path]:
    """Delete the copies made by upgrades that hold addresses in clear; return them. What cannot be read or deleted stays."""
    dropped = []
    for copy in private.copies_of(url):
        if _is_in_clear(copy):
            with suppress(OSError):  # `check` names it
                copy.unlink()
                dropped.append(copy)
    return dropped


def _is_in_clear(copy: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
            found = opened.execute(
                "SELECT 1 FROM address WHERE address NOT LIKE '=%' AND address NOT LIKE 'left:%' LIMIT 1"
            )
            return found.fetchone() is not None
    except sqlite3.Error:
        return False


def _is_named_after(file: Path, own: Path) -> bool:
    return file.name.startswith(own.name) and not file.name.endswith(COMPANIONS)


def _files_in(folder: Path) -> Iterator[Path]:
    """Return the files of a folder and of its subfolders, in order. Folders that cannot be read are skipped."""
    folders = []
    for place in _listed(folder):
        if place.is_dir(follow_symlinks=False):
            folders.append(place)
        elif place.is_file(follow_symlinks=False):
            yield Path(place.path)
    for inner in folders:
        yield from (Path(place.path) for place in _listed(inner) if place.is_file(follow_symlinks=False))


def _listed(folder: Path | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as places:
            return sorted(places, key=lambda place: place.name)
    except OSError:
        return []


def _erased_in(file: Path, lines: Sequence[Line], *, likely: bool) -> int | None:
    """Count the people in a copy who were erased since; None for a file that is not a copy.

    `likely`: whether it is named after the database. Such a file counts as a copy even when it is damaged.
    """
    try:
        with file.open("rb") as opened:
            if opened.read(len(HEADER)) != HEADER:
                return 0 if likely and file.stat().st_size else None
        # Immutable: SQLite writes no file beside it and waits for no lock.
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            named = {row[1] for row in copy.execute("PRAGMA table_info(learner)")}
            if not {"id", "consented_at", "created_at"} <= named:
                return None
            return sum(_holds(copy, line) for line in lines)
    except (OSError, sqlite3.Error):
        return 0 if likely else None


def _holds(copy: sqlite3.Connection, line: Line) -> bool:
    row = copy.execute("SELECT 1 FROM learner WHERE id = ?", (line.learner_id,))
    return row.fetchone() is not None
