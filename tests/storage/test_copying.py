# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A database moves into one of the other kind with all it holds, or not at all."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

from storage import (
    access,
    attestations,
    audit,
    broadcasts,
    copying,
    counters,
    devices,
    erasure,
    keys,
    learners,
    pending,
    pins,
    seals,
)
from storage.database import backup, move, open_database, upgrade
from storage.failures import AlreadyRunning, DatabaseError
from storage.filelock import own
from storage.outbox import queue
from storage.outbox.rows import Draft
from storage.postgres import connections
from storage.progress import enrolments
from storage.sealing import Sealing
from storage.tables import metadata, seen
from tests.bot.builders import Town, lesson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.types import Tx
    from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]
PATIENCE = 30
"""Seconds."""
NOW = datetime(2026, 11, 23, 8, 30, 0, 123456, tzinfo=UTC)

KEY = Sealing(b"k" * 32)

Place = tuple[str, str]


@pytest.fixture
def other_postgres_url(postgres: Postgres) -> Iterator[str]:
    url = postgres.database()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite to postgresql", "postgresql to sqlite", "postgresql", "sqlite"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where from, and where to: the first has a schema, the second has none."""
    files = f"sqlite:///{tmp_path}/from.db", f"sqlite:///{tmp_path}/to.db"
    match request.param:
        case "sqlite to postgresql":
            found = files[0], request.getfixturevalue("empty_postgres_url")
        case "postgresql to sqlite":
            found = request.getfixturevalue("postgres_url"), files[1]
        case "postgresql":
            found = request.getfixturevalue("postgres_url"), request.getfixturevalue("empty_postgres_url")
        case _:
            found = files
    upgrade(found[0])
    return found


def live(url: str) -> None:
    """A town that talked for two weeks, with something in every table."""
    with open_database(url) as store:
        town = Town(store).teach(lesson("un"), lesson("deux"), lesson("trois"))
        claire, remi = town.learner("claire"), town.learner("remi")
        for _ in range(5):
            town.wait(days=1)
            town.tick()
            claire.types(claire.right() if claire.waits else "lecon")
        remi.types("pause")
        store.write_now(audit.record, by="cli:test", action="push", subject="un", detail="x", now=NOW)
        store.write_now(counters.add, "sent.uncertain", 3)
        store.write_now(announce)
        store.write_now(devices.note, "telegram", "a machine with a store", NOW)
        leaving = town.learner("leaving")
        leaving.types("oublier")
        leaving.types("1")
        town.person("new").types("bonjour")
        store.write_now(pending.add, "telegram", [("claire", {"kind": "file"})], NOW)
        store.write_now(pins.keep, "matrix:@mairie:example.org", "x" * 43, NOW)
        paper: dict[str, Any] = {"path": "agent", "course_version": "v", "facts": {"lessons": 12}}
        store.write_now(attestations.issue, claire.learner.id, "7K3M92QFXT4D8RBN", "Claire", now=NOW, **paper)
        store.write_now(access.add, "K7QF-M2XW-9TRA", until=None, by="cli:test", now=NOW)
        store.write_now(access.note_wrong, remi.learner.address_id, NOW)
        waits = Draft("reply:waits:0.0", claire.learner.address_id, "telegram", {"text": "à demain"})
        store.write_now(queue.enqueue, [waits], NOW)
    with open_database(url, key=KEY) as store:
        store.write_now(keys.begin, KEY, NOW)
        store.write_now(seals.seal, [1, 2])


def announce(tx: Tx) -> None:
    broadcasts.begin(tx, roles=["agent", "elu"], by="telegram:mairie", now=NOW, text="Réunion\nà 9 h")


def everything(url: str) -> dict[str, list[dict[str, Any]]]:
    def rows(tx: Tx) -> dict[str, list[dict[str, Any]]]:
        return {
            table.name: [
                dict(row) for row in tx.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in metadata.sorted_tables
        }

    with open_database(url, key=KEY) as store:
        return store.read_now(rows)


def test_everything_arrives_as_it_was_and_is_counted(places: Place) -> None:
    source, target = places
    live(source)
    before = everything(source)

    told = dict(move(source, target))

    assert everything(target) == before == everything(source)
    assert told == {name: len(rows) for name, rows in before.items()}
    assert [name for name, rows in before.items() if not rows] == [], "every table is put to the test"


def test_the_town_goes_on_in_its_new_place(places: Place) -> None:
    source, target = places
    live(source)
    list(move(source, target))

    with open_database(target, key=KEY) as store:
        town = Town(store, now=NOW + timedelta(days=20), events=1000)
        assert "Votre progression" in town.person("claire").types("progression")
        assert "Bonjour" in town.person("nouvelle").types("bonjour")


def test_no_number_is_given_again_even_if_its_row_is_gone(places: Place) -> None:
    source, target = places
    live(source)

    def enrol_and_erase(tx: Tx) -> int:
        met = learners.meet(tx, "telegram", "gone", language="fr", now=NOW)
        number = enrolments.enrol(tx, met.id, "ia-collectivites", "{}", None, NOW.date())
        erasure.erase(tx, met.id, NOW)
        return number

    with open_database(source, key=KEY) as store:
        erased = store.write_now(enrol_and_erase)
    list(move(source, target))
    with open_database(target, key=KEY) as store:
        assert store.write_now(enrol_and_erase) > erased


def test_an_empty_database_can_be_moved(places: Place) -> None:
    assert set(dict(move(*places)).values()) == {0}
    with open_database(places[1]) as store:
        store.write_now(learners.meet, "telegram", "1", language="fr", now=NOW)


def test_a_target_with_rows_is_refused_and_left_as_it_was(places: Place) -> None:
    source, target = places
    live(source)
    upgrade(target)
    with open_database(target) as store:
        store.write_now(counters.add, "precious")
    before = everything(target)

    with pytest.raises(DatabaseError, match="target is not empty: its table counter has rows"):
        list(move(source, target))

    assert everything(target) == before


def test_a_copy_that_breaks_off_leaves_the_target_empty(places: Place) -> None:
    source, target = places
    live(source)
    walk = move(source, target)
    for _ in range(10):
        next(walk)
    walk.close()

    assert not any(everything(target).values())
    assert len(moved(source, target)) == len(metadata.sorted_tables)


def moved(source: str, target: str) -> list[tuple[str, int]]:
    """What a move passes, once a server has noticed that the one before is gone."""
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            return list(move(source, target))
        except AlreadyRunning:
            assert time.monotonic() < ends
            time.sleep(0.05)


def test_many_rows_pass_a_few_at_a_time(places: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "BATCH", 7)
    source, target = places
    rows = [{"channel": "telegram", "event_id": f"e{n}", "at": NOW, "failed": n % 2 == 0} for n in range(100)]
    with open_database(source) as store:
        store.write_now(lambda tx: tx.execute(insert(seen), rows))
    assert dict(move(source, target))["seen"] == 100
    assert everything(target) == everything(source)


def test_what_the_target_cannot_take_is_named(tmp_path: Path, empty_postgres_url: str) -> None:
    source = f"sqlite:///{tmp_path}/from.db"
    with open_database(source) as store:
        store.write_now(audit.record, by="x" * 300, action="push", subject="", detail="", now=NOW)
    with pytest.raises(DatabaseError, match=r"270 characters in staff\.who, and 1 rows have more"):
        list(move(source, empty_postgres_url))
    assert not any(everything(empty_postgres_url).values())


# --- nothing may run meanwhile


def test_a_file_that_is_in_service_is_not_moved(tmp_path: Path, empty_postgres_url: str) -> None:
    source = f"sqlite:///{tmp_path}/from.db"
    open_database(source).close()
    with own(source), pytest.raises(AlreadyRunning):
        list(move(source, empty_postgres_url))


def test_a_server_that_is_in_use_is_not_moved(tmp_path: Path, postgres_url: str) -> None:
    with open_database(postgres_url), pytest.raises(AlreadyRunning):
        list(move(postgres_url, f"sqlite:///{tmp_path}/to.db"))


def test_nobody_writes_to_a_server_while_it_is_moved(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "LOCK_TIMEOUT", 0.1)
    walk = move(postgres_url, f"sqlite:///{tmp_path}/to.db")
    next(walk)
    with (
        open_database(postgres_url) as store,
        pytest.raises(DatabaseError, match="locked by another program"),
    ):
        store.write_now(counters.add, "lost")
    walk.close()


def test_a_source_that_is_missing_or_old_is_refused(tmp_path: Path, empty_postgres_url: str) -> None:
    with pytest.raises(DatabaseError, match="There is no database"):
        list(move(f"sqlite:///{tmp_path}/nowhere.db", empty_postgres_url))
    with pytest.raises(DatabaseError, match="is empty"):
        list(move(empty_postgres_url, f"sqlite:///{tmp_path}/to.db"))


# --- backups of a server


def test_a_backup_of_a_server_in_use_can_be_put_back(
    postgres_url: str, other_postgres_url: str, tmp_path: Path
) -> None:
    live(postgres_url)
    before = everything(postgres_url)
    file = tmp_path / "backup.db"

    with open_database(postgres_url, key=KEY) as store:

        def back_up_meanwhile(tx: Tx) -> None:
            counters.add(tx, "uncommitted")
            backup(postgres_url, file)

        store.write_now(back_up_meanwhile)

    assert [path.name for path in tmp_path.iterdir()] == ["backup.db"]
    list(move(f"sqlite:///{file}", other_postgres_url))
    assert everything(other_postgres_url) == before


def test_a_large_backup_takes_no_more_memory_than_a_small_one(postgres_url: str, tmp_path: Path) -> None:
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from storage.database import backup\n"
        "backup(sys.argv[1], Path(sys.argv[2]))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )

    def peak(name: str) -> int:
        command = [sys.executable, "-c", program, postgres_url, str(tmp_path / name)]
        return int(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)

    small = peak("small.db")
    with open_database(postgres_url) as store:
        fill = "INSERT INTO audit (at, action, subject, detail) SELECT now(), 'x', 'x', repeat('x', 1000)"
        store.write_now(lambda tx: tx.exec_driver_sql(f"{fill} FROM generate_series(1, 50000)"))  # 50 MB
    assert peak("large.db") - small < 25_000  # KiB
