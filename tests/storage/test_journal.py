# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The erasure journal: what a crash, a second machine and a restored copy do to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from storage import erasure, journal, learners
from storage.failures import DatabaseError
from storage.journal import Line

if TYPE_CHECKING:
    from pathlib import Path

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


def test_a_file_that_is_no_journal_is_refused_and_a_hostile_line_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "erasures.log"
    for content in ("bonjour\nle monde\n", "0 0 0\n" * 3, "\x00\xff\n"):
        file.write_text(content)
        with pytest.raises(DatabaseError, match="not an erasure journal"):
            journal.read(file)
    file.write_text(
        f"{ONE}\n9999999999999999999 {NOW.isoformat()} {1:016x}\n4 2026-11-30T09:00:00 {1:016x}\n"
        f"5 {NOW.isoformat()} ../../etc/passwd\n{TWO}\n"
    )
    assert journal.read(file) == [ONE, TWO]
    link = tmp_path / "link.log"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DatabaseError, match="cannot be written"):
        journal.append(link, [ONE])


def test_only_a_database_that_knows_of_less_than_the_journal_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "erasures.log"
    journal.require_not_behind(5, file)
    journal.append(file, [ONE, TWO])
    for known in (0, 2, 3):
        journal.require_not_behind(known, file)
    with pytest.raises(DatabaseError, match="db restored --journal"):
        journal.require_not_behind(1, file)


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
