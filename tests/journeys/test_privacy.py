# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What must be said before a messenger is served, and how an operator publishes a notice and gives out codes."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storage import counters
from storage.database import open_database
from tests.journeys import database
from tests.journeys.program import UNNAMED, iaventure
from tests.journeys.test_cli import NOWHERE, TOKEN, told

if TYPE_CHECKING:
    from tests.journeys.database import Course

TELEGRAM: dict[str, Any] = {
    "IAVENTURE_CHANNELS__TELEGRAM__TOKEN": TOKEN,
    "IAVENTURE_CHANNELS__TELEGRAM__BASE_URL": NOWHERE,
}
NAMED: dict[str, Any] = {
    "IAVENTURE_PRIVACY__CONTROLLER": '{"name": "Ville", "address": "1 place", "contact": "a@exemple.org"}',
    "IAVENTURE_PRIVACY__DPO__CONTACT": "dpo@exemple.org",
}
MONTH = 30 * 86_400


@pytest.fixture
def url(course: Course, tmp_path: Path) -> str:
    """A database in which the course is published, named by the settings of a folder."""
    found = course(tmp_path)
    (tmp_path / "iaventure.yaml").write_text(f"database: {found}\n")
    return found


def unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that are started from now on are told nothing of who answers for the data."""
    for name in tuple(UNNAMED):
        monkeypatch.delitem(UNNAMED, name)


def upgraded(url: str, seconds_ago: int) -> None:
    """As if the database had had learners when it was upgraded."""
    with open_database(url) as store:
        store.write_now(counters.put, "upgraded.privacy", int(time.time()) - seconds_ago)


def test_a_new_database_serves_no_messenger_until_somebody_is_named_or_waived(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del url
    unnamed(monkeypatch)
    refusals = told(iaventure("run", folder=tmp_path, **TELEGRAM), 1)
    assert [line.partition(":")[0] for line in refusals] == [
        "privacy.controller",
        "privacy.dpo",
        "privacy.key",
    ]
    assert all("none" in line for line in refusals)
    problems = told(iaventure("check", folder=tmp_path, **TELEGRAM), 1)
    assert [line for line in problems if line.startswith("privacy.controller is missing")]
    named: dict[str, Any] = {f"IAVENTURE_PRIVACY__{name}": "none" for name in ("CONTROLLER", "DPO")}
    (line,) = told(iaventure("run", folder=tmp_path, **TELEGRAM, **named), 1)
    assert line.startswith("privacy.key")
    assert "scelle les adresses" in line


def test_the_terminal_and_the_other_commands_need_nobody(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del url
    unnamed(monkeypatch)
    done = iaventure("run", folder=tmp_path, stdin=b"start\noui\nconfidentialite\n")
    assert told(done, 0) == []
    said = done.stdout.decode()
    assert "aucun responsable" in said
    assert "cnil.fr" in said
    for command in (("check",), ("stats",), ("lessons", "list"), ("db", "upgrade")):
        assert told(iaventure(*command, folder=tmp_path), 0) == []


def test_a_database_that_had_learners_runs_for_thirty_days(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unnamed(monkeypatch)
    upgraded(url, MONTH - 3600)
    # It starts: the messenger, which is nowhere, is asked again and again until the process is stopped.
    problems = told(iaventure("check", folder=tmp_path, **TELEGRAM), 1)
    assert [
        line for line in problems if re.search(r"privacy\.dpo is missing.* from \d{4}-\d\d-\d\d on", line)
    ]
    upgraded(url, MONTH + 3600)
    refusals = told(iaventure("run", folder=tmp_path, **TELEGRAM), 1)
    assert [line.partition(":")[0] for line in refusals] == [
        "privacy.controller",
        "privacy.dpo",
        "privacy.key",
    ]


def test_a_waived_setting_is_said_by_check(url: str, tmp_path: Path) -> None:
    del url
    done = iaventure("check", folder=tmp_path, **TELEGRAM)
    assert not [line for line in told(done, 1) if "privacy" in line]
    for name in ("controller", "dpo"):
        assert f"privacy.{name} is none: the notice says that nobody is named." in done.stdout.decode()
    assert "privacy.key is none: addresses are in clear in the database" in done.stdout.decode()


def begin(folder: Path) -> None:
    """Somebody begins in the terminal."""
    assert told(iaventure("run", folder=folder, stdin=b"start\noui\n"), 0) == []


def test_a_changed_notice_is_published_by_the_operator_who_sees_what_changes_and_for_how_many(
    url: str, tmp_path: Path
) -> None:
    begin(tmp_path)
    for flags in ((), ("--minor", "--material")):
        assert iaventure("notice", "publish", *flags, folder=tmp_path).returncode == 2
    nothing = iaventure("notice", "publish", "--minor", folder=tmp_path)
    assert nothing.stdout.decode().startswith("Nothing to publish")
    published = iaventure("notice", "publish", "--material", "--by", "Zoé", folder=tmp_path, **NAMED)
    said = published.stdout.decode()
    assert told(published, 0) == []
    assert "  controller: nothing -> Ville (material)\n" in said
    assert "  dpo: nothing -> dpo@exemple.org\n" in said
    assert "It reaches 1 person: told once, with the next message." in said
    again = iaventure("run", folder=tmp_path, stdin=b"progression\nprogression\n", **NAMED).stdout.decode()
    assert again.count("L’information sur vos données a changé") == 1
    assert (
        "Nothing to publish"
        in iaventure("notice", "publish", "--minor", folder=tmp_path, **NAMED).stdout.decode()
    )
    ((by, detail),) = database.rows(
        url,
        "SELECT who, detail FROM audit JOIN staff ON staff.id = staff_id WHERE action = 'publish-notice'",
    )
    assert by == "cli:Zoé"
    assert detail.startswith("material; controller: nothing -> Ville")


def test_what_was_published_as_minor_can_still_be_told_to_everybody(url: str, tmp_path: Path) -> None:
    del url
    begin(tmp_path)
    minor = iaventure("notice", "publish", "--minor", folder=tmp_path, **NAMED).stdout.decode()
    assert "1 person accepted another one" in minor
    assert "--material does so now" in minor
    again = iaventure("notice", "publish", "--material", folder=tmp_path, **NAMED).stdout.decode()
    assert "is told to everybody" in again
    assert "It reaches 1 person" in again
    assert (
        "Nothing to publish"
        in iaventure("notice", "publish", "--material", folder=tmp_path, **NAMED).stdout.decode()
    )


def test_a_difference_is_logged_at_start_and_named_by_check(url: str, tmp_path: Path) -> None:
    del url
    begin(tmp_path)
    log: dict[str, Any] = {"IAVENTURE_LOG__LEVEL": "debug"}
    running = iaventure("run", folder=tmp_path, **NAMED, **log)
    assert "compare-notice" in running.stderr.decode()
    assert "controller: nothing -> Ville" in running.stderr.decode()
    (problem,) = (
        line for line in told(iaventure("check", folder=tmp_path, **TELEGRAM, **NAMED), 1) if "notice" in line
    )
    assert "controller: nothing -> Ville" in problem
    assert "iaventure notice publish" in problem


def test_a_code_is_made_shown_once_and_kept_as_a_hash(course_file: Course, tmp_path: Path) -> None:
    (tmp_path / "iaventure.yaml").write_text(f"database: {course_file(tmp_path)}\naccess: code\n")
    made = iaventure("access", "code", "--until", "2099-01-31", folder=tmp_path)
    assert told(made, 0) == []
    code = made.stdout.decode().strip()
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", code)
    for day in ("demain", "2020-01-01"):
        assert iaventure("access", "code", "--until", day, folder=tmp_path).returncode == 2
    said = iaventure("run", folder=tmp_path, stdin=f"bonjour\n{code.lower()}\noui\n".encode()).stdout.decode()
    assert said.index("demande un code") < said.index("Ce que je garde") < said.index("Bienvenue")
    with closing(sqlite3.connect(tmp_path / "iaventure.db")) as file:
        content = "\n".join(file.iterdump())
    assert code not in content
    assert code.replace("-", "") not in content
    assert "Ended: 1 code." in iaventure("access", "end", folder=tmp_path).stdout.decode()
    opened = iaventure("access", "code", folder=tmp_path, IAVENTURE_ACCESS="open")
    assert "The setting access is open" in opened.stderr.decode()
