# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The files that hold personal data beside each other, and which of them others can read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from storage import dialects
from storage.sqlite import files

OTHERS = 0o077
"""The rights of everybody but the owner."""


def files_of(url: str, journal: Path) -> list[Path]:
    """Return the files there are of a database: a SQLite file with its companions, and the erasure journal."""
    found = [journal]
    if not dialects.is_server(url):
        file = files.file_of(url)
        found += [file, *(file.with_name(f"{file.name}{suffix}") for suffix in ("-wal", "-shm", ".lock"))]
    return [file for file in found if file.is_file()]


def copies_of(url: str) -> list[Path]:
    """Return the copies that upgrades of the schema left beside a SQLite file."""
    if dialects.is_server(url):
        return []
    file = files.file_of(url)
    return sorted(file.parent.glob(f"{_escaped(file.name)}.before-*"))


def delete_copies(url: str, before: datetime) -> tuple[list[Path], list[Path]]:
    """Delete the copies of `copies_of` that were made before an instant. Return which went, and which could not."""
    went, stay = list[Path](), list[Path]()
    for copy in copies_of(url):
        try:
            if datetime.fromtimestamp(copy.stat().st_mtime, UTC) < before:
                copy.unlink()
                went.append(copy)
        except FileNotFoundError:  # another process was faster
            continue
        except OSError:
            stay.append(copy)
    return went, stay


def loose(files: Iterable[Path]) -> list[Path]:
    """Return those of some files and folders that others than their owner can read or write."""
    return [file for file in files if file.stat().st_mode & OTHERS]


def tighten(files: Iterable[Path]) -> list[Path]:
    """Take the rights of others away; return the files that belong to somebody else, and stay as they are."""
    left = []
    for file in loose(files):
        try:
            file.chmod(file.stat().st_mode & ~OTHERS)
        except OSError:
            left.append(file)
    return left


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
