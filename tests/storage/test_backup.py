# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A copy can be made while the database is in use, and is never half a copy."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from storage.database import backup, open_database
from storage.failures import DatabaseError
from tests.storage.notes import keep, kept

if TYPE_CHECKING:
    from pathlib import Path

    from storage.store import Store
    from storage.types import Tx


def test_a_copy_holds_what_was_committed_and_nothing_else(
    file_notes: Store, sqlite_url: str, tmp_path: Path
) -> None:
    file_notes.write_now(keep, "committed")
    copy = tmp_path / "copy.db"

    def copy_meanwhile(tx: Tx) -> None:
        keep(tx, "uncommitted")
        backup(sqlite_url, copy)

    file_notes.write_now(copy_meanwhile)

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.db"]
    with open_database(f"sqlite:///{copy}", upgrade=False) as restored:
        assert restored.read_now(kept) == ["committed"]
    assert file_notes.read_now(kept) == ["committed", "uncommitted"]


def test_a_copy_overwrites_nothing(file_notes: Store, sqlite_url: str, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    with pytest.raises(DatabaseError, match="precious exists already"):
        backup(sqlite_url, precious)
    assert precious.read_text() == "keep me"


def test_a_copy_needs_a_database(empty_sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="no database"):
        backup(empty_sqlite_url, tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_needs_a_folder(file_notes: Store, sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot be created: No such file or directory"):
        backup(sqlite_url, tmp_path / "nowhere" / "copy.db")


def test_a_damaged_file_gives_no_copy(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "iaventure.db"
    page = 4096
    content = bytearray(file.read_bytes())
    content[page : 2 * page] = b"\xff" * page
    file.write_bytes(content)

    with pytest.raises(DatabaseError, match="damaged"):
        backup(sqlite_url, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
