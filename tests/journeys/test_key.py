# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The key of addresses, as an operator meets it: begun, forgotten, mistaken, replaced."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from storage import keys, learners, staff
from storage.database import open_database
from storage.sealing import Sealing
from tests import traces
from tests.bot.builders import MONDAY
from tests.journeys.program import iaventure
from tests.journeys.test_cli import told

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.database import Course

ONE, OTHER = (base64.b64encode(letter * 32).decode() for letter in (b"k", b"o"))
PHONE = "7316094582"


@pytest.fixture
def url(course: Course, tmp_path: Path) -> str:
    """A database in which somebody is met, in clear, on every engine in turn; the folder's settings name it."""
    url = course(tmp_path)
    (tmp_path / "iaventure.yaml").write_text(f"database: {url}\n")
    with open_database(url) as store:
        store.write_now(learners.meet, "telegram", PHONE, language="fr", now=MONDAY)
    return url


def test_a_key_begins_with_the_upgrade_or_the_service_and_no_other_is_taken_then(
    url: str, tmp_path: Path
) -> None:
    done = iaventure("db", "upgrade", folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE)
    assert told(done, 0) == []
    assert Sealing(b"k" * 32).fingerprint in done.stdout.decode()
    assert (
        "sealed"
        not in iaventure("db", "upgrade", folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE).stdout.decode()
    )
    done = iaventure("check", folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE)
    assert told(done, 0) == []
    assert "in clear in the database still" in done.stdout.decode()
    refused = [
        iaventure(command, folder=tmp_path, IAVENTURE_PRIVACY__KEY=key)
        for command in ("run", "check")
        for key in (OTHER, "none")
    ]
    for done in (*refused, iaventure("run", folder=tmp_path)):
        (line,) = told(done, 1)
        assert "privacy.key" in line
        assert Sealing(b"k" * 32).fingerprint in line
        assert ONE not in line
    done = iaventure("run", folder=tmp_path, stdin=b"start\n", IAVENTURE_PRIVACY__KEY=ONE)
    assert told(done, 0) == []
    assert "Bonjour" in done.stdout.decode()
    with open_database(url, key=Sealing(b"k" * 32)) as store:
        assert store.read_now(learners.by_address, "telegram", PHONE) is not None


def test_a_key_is_replaced_by_that_of_a_file(url: str, tmp_path: Path) -> None:
    new = tmp_path / "nouvelle"
    new.write_text(f"{OTHER}\n")
    (line,) = told(iaventure("key", "rotate", "--to", new, folder=tmp_path), 1)
    assert "privacy.key" in line
    assert told(iaventure("db", "upgrade", folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE), 0) == []
    for content in ("", "court", ONE):
        other = tmp_path / "autre"
        other.write_text(content)
        done = iaventure("key", "rotate", "--to", other, folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE)
        assert len(told(done, 2)) == 1
        assert ONE not in done.stderr.decode()
    done = iaventure("key", "rotate", "--to", new, folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE)
    assert told(done, 0) == []
    assert "1 address sealed" in done.stdout.decode()
    assert OTHER not in done.stdout.decode()
    (line,) = told(iaventure("key", "rotate", "--to", new, folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE), 1)
    assert "another key" in line
    done = iaventure("check", folder=tmp_path, IAVENTURE_PRIVACY__KEY=OTHER)
    assert told(done, 0) == []
    assert "Sealing is not finished" in done.stdout.decode(), "no service has looked at the replies"
    with open_database(url, key=Sealing(b"o" * 32)) as store:
        found = store.read_now(learners.by_address, "telegram", PHONE)
        assert found is not None
        assert found.address == PHONE
        assert store.read_now(keys.left) == 0
    if url.startswith("sqlite:"):
        assert traces.of(PHONE, tmp_path) == []


def test_every_command_wants_the_key_and_knows_one_person_by_one_number(url: str, tmp_path: Path) -> None:
    new = tmp_path / "nouvelle"
    new.write_text(OTHER)
    early = iaventure("access", "end", "--by", "zoe", folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE)
    assert told(early, 0) == [], "the key has not begun: nothing is sealed yet"
    with open_database(url) as store:
        assert "cli:zoe" in [one.who for one in store.read_now(staff.people)]
    assert told(iaventure("db", "upgrade", folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE), 0) == []
    commands = (
        ("access", "code", "--by", "zoe"),
        ("access", "end", "--by", "zoe"),
        ("notice", "publish", "--minor", "--by", "zoe"),
    )
    for key in (OTHER, "none"):
        for command in (*commands, ("audit", "who", "1")):
            (line,) = told(iaventure(*command, folder=tmp_path, IAVENTURE_PRIVACY__KEY=key), 1)
            assert Sealing(b"k" * 32).fingerprint in line
    for command in commands:
        assert iaventure(*command, folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE).returncode == 0
    done = iaventure("key", "rotate", "--to", new, "--by", "zoe", folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE)
    assert told(done, 0) == []
    with open_database(url, key=Sealing(b"o" * 32)) as store:
        assert [one.who for one in store.read_now(staff.people)].count("cli:zoe") == 1
        assert store.read_now(keys.left) == 0


def test_a_copy_of_a_sealed_database_holds_no_address(url: str, tmp_path: Path) -> None:
    new = tmp_path / "nouvelle"
    new.write_text(OTHER)
    iaventure("db", "upgrade", folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE)
    iaventure("key", "rotate", "--to", new, folder=tmp_path, IAVENTURE_PRIVACY__KEY=ONE)
    assert told(iaventure("db", "backup", "copies.db", folder=tmp_path), 0) == []
    (tmp_path / "ailleurs").mkdir()
    (tmp_path / "copies.db").rename(tmp_path / "ailleurs" / "copies.db")
    assert traces.of(PHONE, tmp_path / "ailleurs") == []
    with open_database(f"sqlite:///{tmp_path}/ailleurs/copies.db", key=Sealing(b"o" * 32)) as store:
        assert store.read_now(learners.by_address, "telegram", PHONE) is not None
