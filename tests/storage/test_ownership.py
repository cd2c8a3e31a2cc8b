# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""On PostgreSQL each account is owned by one connection, and whoever lost it writes nothing for it any more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage import ownership
from storage.database import open_database
from storage.failures import DatabaseError, NotOwner
from tests.storage.notes import keep, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.store import Store
    from storage.types import Tx
    from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]


@pytest.fixture
def other(notes: Store, database_url: str) -> Iterator[Store]:
    """What another process would open."""
    with open_database(database_url) as opened:
        yield opened


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


def keep_as_owner(tx: Tx, account: str, text: str) -> None:
    ownership.require(tx, account)
    keep(tx, text)


def test_one_process_takes_an_account_and_the_other_another_one(notes: Store, other: Store) -> None:
    assert notes.write_now(ownership.take, "telegram")
    assert not other.write_now(ownership.take, "telegram")
    assert other.write_now(ownership.take, "matrix")
    assert [notes.write_now(ownership.held, name) for name in ("telegram", "matrix")] == [True, False]
    assert [other.write_now(ownership.held, name) for name in ("telegram", "matrix")] == [False, True]


def test_only_the_owner_writes_what_needs_one(notes: Store, other: Store) -> None:
    notes.write_now(ownership.take, "telegram")
    notes.write_now(keep_as_owner, "telegram", "mine")
    with pytest.raises(NotOwner, match="telegram is run by another process") as refusal:
        other.write_now(keep_as_owner, "telegram", "not mine")
    assert isinstance(refusal.value, DatabaseError)
    assert notes.read_now(kept) == ["mine"]


def test_an_account_that_was_given_up_can_be_taken_even_if_it_was_taken_twice(
    notes: Store, other: Store
) -> None:
    for _ in range(2):
        assert notes.write_now(ownership.take, "telegram")
    notes.write_now(ownership.give_up, "telegram")
    notes.write_now(ownership.give_up, "telegram")

    assert other.write_now(ownership.take, "telegram")
    with pytest.raises(NotOwner):
        notes.write_now(keep_as_owner, "telegram", "no more")


def test_a_transaction_that_is_undone_gives_nothing_up(notes: Store, other: Store) -> None:
    def take_and_fail(tx: Tx) -> None:
        ownership.take(tx, "telegram")
        raise LookupError

    with pytest.raises(LookupError):
        notes.write_now(take_and_fail)

    notes.write_now(keep_as_owner, "telegram", "mine all the same")
    assert not other.write_now(ownership.take, "telegram")


def test_an_owner_whose_connection_was_ended_owns_nothing_and_notices_before_it_writes(
    notes: Store, other: Store, postgres: Postgres
) -> None:
    notes.write_now(ownership.take, "telegram")
    (owner,) = postgres.run("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 27")
    postgres.run(f"SELECT pg_terminate_backend({owner[0]}, 5000)")

    assert other.write_now(ownership.take, "telegram")
    with pytest.raises(NotOwner):
        notes.write_now(keep_as_owner, "telegram", "too late")
    assert not notes.write_now(ownership.take, "telegram")
    assert notes.read_now(kept) == []


def test_an_owner_that_loses_its_connection_in_the_middle_keeps_nothing(
    notes: Store, other: Store, postgres: Postgres
) -> None:
    def interrupted(tx: Tx) -> None:
        keep_as_owner(tx, "telegram", "half")
        (owner,) = postgres.run("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 27")
        postgres.run(f"SELECT pg_terminate_backend({owner[0]}, 5000)")
        keep(tx, "done")

    notes.write_now(ownership.take, "telegram")
    with pytest.raises(NotOwner):  # it is run again, on a new connection
        notes.write_now(interrupted)
    assert other.write_now(ownership.take, "telegram")
    assert notes.read_now(kept) == []


def test_a_killed_owner_gives_way(notes: Store, database_url: str) -> None:
    program = (
        "import sys\n"
        "from storage import ownership\n"
        "from storage.database import open_database\n"
        "store = open_database(sys.argv[1])\n"
        "print(store.write_now(ownership.take, 'telegram'), flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, database_url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"True\n"
        assert not notes.write_now(ownership.take, "telegram")
        owner.kill()
        owner.wait()
    while not notes.write_now(ownership.take, "telegram"):
        pass  # the server notices within a moment; the test's timeout is the limit


def test_two_databases_have_two_owners_of_one_name(
    notes: Store, postgres: Postgres, empty_postgres_url: str
) -> None:
    from storage.database import upgrade

    upgrade(empty_postgres_url)
    with open_database(empty_postgres_url) as elsewhere:
        assert notes.write_now(ownership.take, "telegram")
        assert elsewhere.write_now(ownership.take, "telegram")


def test_whoever_runs_a_file_owns_every_account(sqlite_url: str) -> None:
    with open_database(sqlite_url) as store:
        assert store.write_now(ownership.take, "telegram")
        store.write_now(ownership.give_up, "telegram")
        assert store.write_now(ownership.held, "telegram")
        store.write_now(ownership.require, "matrix")
