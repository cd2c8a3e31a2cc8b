# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The erasure journal: what a crash, a second machine and a restored copy do to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from storage import copies, erasure, journal, learners, tables
from storage.copies import Copy
from storage.failures import DatabaseError
from storage.journal import JournalError, Line

if TYPE_CHECKING:
    from storage.store import Store

NOW = datetime(2026, 11, 30, 9, 0, 0, 123456, tzinfo=UTC)
ONE, TWO, THREE = (Line(n, NOW + timedelta(minutes=n), f"{n:016x}") for n in (1, 2, 3))


def erased(store: Store, where: str, at: datetime = NOW) -> str:
    met = store.write_now(learners.meet, "telegram", where, language="fr", now=at - timedelta(days=1))
    store.write_now(erasure.erase, met.id, at)
    return met.id


def test_rows_are_lines_and_lines_are_rows(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "erasures.log"
    who = erased(store, "1")
    lines = store.read_now(journal.rows)
    journal.append(file, lines)
    assert lines == journal.read(file) == [Line(1, NOW, who)]
    assert file.read_text() == f"1 2026-11-30T09:00:00.123456+00:00 {who}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert store.read_now(journal.rows, NOW + timedelta(seconds=1)) == []


def test_a_damaged_row_is_in_no_journal_and_keeps_no_other_from_it(store: Store, tmp_path: Path) -> None:
    file, who = tmp_path / "erasures.log", erased(store, "1")
    damaged = Line(2, NOW, "aucune\n3")
    store.write_now(lambda tx: tx.execute(insert(tables.erasure).values(n=2, at=NOW, learner_id="aucune\n3")))
    journal.append(file, store.read_now(journal.rows))
    journal.append(file, store.read_now(journal.rows))
    assert journal.read(file) == [Line(1, NOW, who)]
    assert journal.damage([file]) == []
    store.write_now(journal.take_in, [TWO])
    assert TWO.learner_id in {line.learner_id for line in store.read_now(journal.rows)}
    assert damaged not in store.read_now(journal.rows)


def test_damage_in_a_copy_keeps_nothing_else_of_it_from_being_read(tmp_path: Path) -> None:
    copy = tmp_path / "copie.db"
    with closing(sqlite3.connect(copy)) as made:
        made.executescript(
            "CREATE TABLE erasure (n INTEGER PRIMARY KEY, at, learner_id);"
            "CREATE TABLE learner (id, consented_at, created_at);"
        )
        made.execute("INSERT INTO erasure VALUES (1, ?, ?)", (f"{NOW:%Y-%m-%d %H:%M:%S.%f}", ONE.learner_id))
        made.execute("INSERT INTO erasure VALUES (2, 'jamais', 7)")
        made.execute("INSERT INTO learner VALUES (?, NULL, 'jamais')", (ONE.learner_id,))
        made.execute("INSERT INTO learner VALUES (?, NULL, 7)", (TWO.learner_id,))
        made.commit()
    assert journal.rows_of_copy(copy, NOW) == [Line(1, NOW, ONE.learner_id)]
    journals = tmp_path / "iaventure.db.effacements", copies.journal_of(tmp_path / "iaventure.db.copie")
    for one in journals:
        journal.append(one, [ONE])
    found = copies.near(f"sqlite:///{tmp_path}/iaventure.db", journals[0], [ONE, TWO, THREE])
    assert found == [Copy(copy, 2)], "a journal is no copy"


def test_only_what_the_file_lacks_is_appended_and_a_torn_line_is_written_again(tmp_path: Path) -> None:
    file = tmp_path / "erasures.log"
    journal.append(file, [ONE, TWO])
    file.chmod(0o644)
    whole = file.read_text()
    for torn in (whole[:-1], whole[:-10], whole + "3 2026-", ""):
        file.write_text(torn)
        journal.append(file, [ONE, TWO, THREE])
        assert sorted(set(journal.read(file))) == [ONE, TWO, THREE]
        journal.append(file, [ONE, TWO, THREE])
        assert sorted(set(journal.read(file))) == [ONE, TWO, THREE]
        assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content",
    [b"bonjour\nle monde\n", b"0 0 0\n" * 3, b"\x00\xff\n", b"bonjour", b"# titre\n", bytes(range(256)) * 20],
)
def test_a_file_that_is_no_journal_is_refused_and_stays_as_it_is(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "erasures.log"
    file.write_bytes(content)
    with pytest.raises(JournalError, match="not an erasure journal"):
        journal.read(file)
    with pytest.raises(JournalError, match="not an erasure journal"):
        journal.append(file, [ONE])
    assert file.read_bytes() == content


def test_a_journal_that_is_not_a_regular_file_is_refused_and_a_link_is_not_followed(tmp_path: Path) -> None:
    for place in (tmp_path, Path("/dev/zero")):
        with pytest.raises(JournalError, match="not an erasure journal") as refused:
            journal.read(place)
        assert refused.value.exit_code == 1
    link = tmp_path / "link.log"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DatabaseError, match="cannot be written: it is a link"):
        journal.append(link, [ONE])
    assert not (tmp_path / "elsewhere").exists()


def test_an_unreadable_line_is_named_and_pruned_with_the_lines_after_it(tmp_path: Path) -> None:
    file, other = tmp_path / "erasures.log", tmp_path / "other.log"
    hostile = [
        f"9999999999 {NOW.isoformat()} {1:016x}",
        f"4 2026-11-30T09:00:00 {1:016x}",
        f"5 {NOW.isoformat()} ../../etc/passwd",
        "7 9999-12-31T23:59:59-10:00 0000000000000001",
        "caf\xe9",
    ]
    file.write_bytes("\n".join([f"\ufeff{ONE}\r", *hostile, "", f"{TWO}"[:30], f"{TWO}", ""]).encode())
    assert journal.read(file) == [ONE, TWO]
    assert [(line.number, line.text) for line in journal.damage([file])] == list(enumerate(hostile, 2))
    journal.append(file, [ONE, TWO, THREE])
    journal.prune(file, ONE.at + timedelta(seconds=1))
    assert journal.read(file) == [TWO, THREE]
    assert [line.text for line in journal.damage([file])] == hostile
    journal.prune(file, TWO.at + timedelta(seconds=1))
    assert (journal.read(file), journal.damage([file])) == ([THREE], [])
    # A line that a crash cut short is no damage where the complete line stands in another journal.
    file.write_text(f"{ONE}\n{TWO}"[:-4])
    assert [line.number for line in journal.damage([file])] == [2]
    journal.append(other, [TWO])
    assert journal.damage([file, other]) == []


def test_a_journal_without_an_erasure_is_not_an_empty_file(tmp_path: Path) -> None:
    file = tmp_path / "erasures.log"
    for before in (None, "", " \n\n"):
        if before is not None:
            file.write_text(before)
            with pytest.raises(JournalError, match="is empty"):
                journal.require_content(file)
        journal.append(file, [])
        journal.require_content(file)
        assert journal.read(file) == []
    journal.append(file, [ONE])
    assert file.read_text() == f"{ONE}\n"
    journal.prune(file, TWO.at)
    journal.require_content(file)
    assert journal.read(file) == []


def test_a_database_with_fewer_erasures_than_the_journal_is_refused(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "erasures.log"
    store.read_now(journal.require_not_behind, file)
    journal.append(file, [ONE, TWO])
    store.read_now(journal.require_not_behind, file)  # it may be another database, or the first of a move
    store.write_now(journal.take_in, [ONE])
    with pytest.raises(DatabaseError, match="db restored --journal"):
        store.read_now(journal.require_not_behind, file)
    store.write_now(journal.take_in, [TWO])
    store.read_now(journal.require_not_behind, file)


def test_a_new_database_numbers_its_erasures_after_the_journal_beside_it(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "erasures.log"
    journal.append(file, [ONE, TWO])
    store.write_now(journal.number_on, journal.read(file))
    erased(store, "1")
    assert store.read_now(journal.last) == 3
    store.read_now(journal.require_not_behind, file)
    store.write_now(journal.number_on, [ONE])
    assert store.read_now(journal.last) == 3


def test_a_copy_without_erasures_is_refused_while_it_holds_erased_people(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "erasures.log"
    met = store.write_now(learners.meet, "telegram", "1", language="fr", now=NOW)
    for line, refused in (
        (Line(1, NOW + timedelta(days=1), "f" * 16), False),  # of somebody else
        (Line(2, NOW + timedelta(days=1), met.id), True),
        (Line(3, NOW - timedelta(days=1), met.id), True),  # a clock that was ahead wrote when they began
    ):
        file.unlink(missing_ok=True)
        journal.append(file, [line, ONE])
        assert store.read_now(journal.still_here, journal.read(file)) == [met.id][: int(refused)]
        if refused:
            with pytest.raises(DatabaseError, match="db restored --journal"):
                store.read_now(journal.require_not_behind, file)
        else:
            store.read_now(journal.require_not_behind, file)


def test_the_last_number_is_known_when_its_row_is_gone(store: Store) -> None:
    assert store.read_now(journal.last) == 0
    for where in "12":
        erased(store, where)
    assert store.write_now(journal.prune_rows, NOW + timedelta(seconds=1)) == 2
    assert store.read_now(journal.rows) == []
    assert store.read_now(journal.last) == 2
    erased(store, "3")
    assert [line.n for line in store.read_now(journal.rows)] == [3]


def test_lines_of_two_databases_are_taken_in_and_no_number_is_given_twice(store: Store) -> None:
    who = erased(store, "1")
    mine = Line(1, NOW, who)
    store.write_now(journal.take_in, [ONE, TWO, THREE, mine])
    kept = store.read_now(journal.rows)
    assert {(line.at, line.learner_id) for line in kept} == {
        (line.at, line.learner_id) for line in (mine, ONE, TWO, THREE)
    }
    assert [line.n for line in kept] == [1, 2, 3, 4]
    store.write_now(journal.take_in, [ONE, TWO, THREE, mine])
    assert store.read_now(journal.rows) == kept
    erased(store, "2")
    assert store.read_now(journal.last) == 5
