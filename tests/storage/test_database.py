# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A database that cannot be used says why, and what to do, in one sentence; a copy holds what was committed."""

from __future__ import annotations

import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage import sqlite
from storage.database import backup, open_database
from storage.failures import DatabaseError
from storage.sqlite import connections
from storage.sqlite.files import file_of
from tests.storage.notes import keep, kept, note

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

ROOT = Path(__file__).parents[2]


def test_the_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    with open_database(f"sqlite:///{tmp_path}/iaventure.db") as store:
        store.write_now(note.create)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"iaventure.db": 0o600, "iaventure.db-wal": 0o600, "iaventure.db-shm": 0o600}


def test_a_relative_address_is_in_the_present_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_database("sqlite:///here.db").close()
    assert (tmp_path / "here.db").is_file()


def test_a_link_and_its_target_are_one_database(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "real.db")
    assert file_of(f"sqlite:///{tmp_path}/link.db") == file_of(f"sqlite:///{tmp_path}/real.db")


def test_an_address_that_names_no_file_is_refused_without_repeating_it(subtests: pytest.Subtests) -> None:
    for url, sentence in [
        ("iaventure.db", "not an address"),
        ("sqlite:", "not an address"),
        ("mysql://host/name", "must begin with sqlite:///"),
        ("sqlite://", "must name a file"),
        ("sqlite:///", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite://iaventure.db", "three slashes"),
        ("sqlite:///iaventure.db?mode=ro", "must name a file"),
        ("postgresql+psycopg://user:secret@host/name", "must begin with sqlite:/// or postgresql://"),
        ("postgres://user:secret@host/name", "must begin with sqlite:/// or postgresql://"),
        ("postgresql://user:secret@host:port/name", "not an address"),
        ("postgresql://user:secret@host", "not an address"),
        ("postgresql://user:se/cret@host/name", "not an address"),
        ("postgresql://user:5432/secret@host/name", "not an address"),
        ("postgresql://user:se@secret@host/name", "not an address"),
        ("postgresql://user:secret@host/name?nonsense=1", "not an address"),
        ("postgresql://user:secret@host/name?options=-c%20secret", "may not set options"),
        ("postgresql://user:secret@host/name?service=a&passfile=secret", "may not set passfile, service"),
    ]:
        with subtests.test(url=url):
            with pytest.raises(DatabaseError, match=sentence) as refusal:
                open_database(url)
            assert "secret" not in str(refusal.value)
            assert refusal.value.__cause__ is None


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"nowhere does not exist\. Create it"):
        open_database(f"sqlite:///{tmp_path}/nowhere/iaventure.db")


def test_a_missing_database_is_not_made_where_nothing_may_change(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="There is no database"):
        open_database(f"sqlite:///{tmp_path}/iaventure.db", upgrade=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_kind_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "iaventure.db"
    file.write_text("a shopping list\n" * 1000)
    with pytest.raises(DatabaseError, match="is not a database"):
        open_database(f"sqlite:///{file}")
    assert file.read_text() == "a shopping list\n" * 1000


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot be written"):
        open_database(f"sqlite:///{tmp_path}")


def test_a_database_locked_by_another_connection_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_TIMEOUT", 0.1)
    url = f"sqlite:///{tmp_path}/iaventure.db"
    open_database(url).close()
    engine = sqlite.engine(tmp_path / "iaventure.db")
    with (
        engine.connect() as other,
        sqlite.begin(other),
        pytest.raises(DatabaseError, match="locked by another"),
    ):
        open_database(url)
    engine.dispose()


@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "sentence"),
    [(0o444, 0o777, "cannot be written"), (None, 0o555, "cannot be created: Permission denied")],
)
def test_a_file_that_may_not_be_written_is_refused_in_a_sentence(
    file_mode: int | None, folder_mode: int, sentence: str
) -> None:
    # Rights bind nobody who is root: the other process is an ordinary user.
    program = (
        "import os, sys\n"
        "from storage.database import open_database\nfrom storage.failures import DatabaseError\n"
        "open_database('sqlite:///' + sys.argv[2]).close()\n"  # imports everything while it may
        "if os.getuid() == 0: os.setuid(65534)\n"
        "try: open_database('sqlite:///' + sys.argv[1])\n"
        "except DatabaseError as error: print(error)\n"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "iaventure.db"
        if file_mode is not None:
            open_database(f"sqlite:///{file}").close()
            file.chmod(file_mode)
        folder.chmod(folder_mode)
        with tempfile.TemporaryDirectory() as elsewhere:
            command = [sys.executable, "-c", program, str(file), f"{elsewhere}/warm.db"]
            result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        folder.chmod(0o700)
    assert sentence in result.stdout


def test_opening_again_finds_what_was_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/iaventure.db"
    with open_database(url) as store:
        store.write_now(note.create)
        store.write_now(lambda tx: tx.execute(note.insert().values(text="kept")))
    with open_database(url, upgrade=False) as store:
        assert store.read_now(kept) == ["kept"]


# --- a copy


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
