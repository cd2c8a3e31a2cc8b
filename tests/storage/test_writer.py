# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""On a full disk, under a lock or after a kill, nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from storage.database import open_database
from storage.failures import DatabaseError
from storage.postgres import connections as postgres
from storage.sqlite import connections as sqlite
from tests.storage.notes import keep, kept
from tests.storage.test_store import keeping, together
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.store import Store
    from storage.types import Tx

ROOT = Path(__file__).parents[2]

BIG = "x" * 100_000


def fill_up(tx: Tx) -> None:
    """Lets the file grow no more: SQLite then fails as it does on a full disk."""
    tx.exec_driver_sql(f"PRAGMA max_page_count = {tx.scalar(text('PRAGMA page_count'))}")


async def test_on_a_full_disk_only_what_does_not_fit_fails(file_notes: Store) -> None:
    await file_notes.write(fill_up)

    before, failed, after = await together(file_notes, keeping("before"), keeping(BIG), keeping("after"))

    assert (before, after) == ("kept before", "kept after")
    assert isinstance(failed, DatabaseError)
    assert "disk is full" in str(failed)
    assert await file_notes.read(kept) == ["gate", "before", "after"]


async def test_what_follows_a_lost_transaction_is_not_committed_by_itself(file_notes: Store) -> None:
    def carry_on(tx: Tx) -> None:
        keep(tx, "before the loss")
        with pytest.raises(DatabaseError):
            keep(tx, BIG)
        with pytest.raises(DatabaseError):
            keep(tx, "after the loss")

    await file_notes.write(fill_up)

    first, failed, last = await together(file_notes, keeping("first"), carry_on, keeping("last"))

    assert (first, last) == ("kept first", "kept last")
    assert isinstance(failed, DatabaseError)
    assert await file_notes.read(kept) == ["gate", "first", "last"]


async def test_a_function_that_hides_a_full_disk_is_not_told_that_it_was_kept(file_notes: Store) -> None:
    def hide(tx: Tx) -> str:
        with pytest.raises(DatabaseError):
            keep(tx, BIG)
        return "all is well"

    await file_notes.write(fill_up)

    with pytest.raises(DatabaseError, match="lost a transaction"):
        await file_notes.write(hide)


@pytest.fixture
def locker(notes: Store, database_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another process in the middle of a long write."""
    program = (
        "import sys\n"
        "from storage import dialects\n"
        "with dialects.engine(sys.argv[1], patient=True).connect() as tx, dialects.of(tx).begin(tx):\n"
        "    print('locked', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, database_url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        yield other
        other.kill()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores opened from here on give up a lock soon."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.1)
    monkeypatch.setattr(postgres, "LOCK_TIMEOUT", 0.1)


async def test_a_lock_held_too_long_is_told_to_everyone_who_waits(
    hurried: None, notes: Store, locker: subprocess.Popen[bytes]
) -> None:
    results = await asyncio.gather(*(notes.write(keep, "no") for _ in range(20)), return_exceptions=True)

    assert all(isinstance(result, DatabaseError) for result in results)
    assert all("locked by another program" in str(result) for result in results)
    assert await notes.read(kept) == []


async def test_writing_goes_on_when_the_other_program_has_ended(
    hurried: None, notes: Store, locker: subprocess.Popen[bytes]
) -> None:
    with pytest.raises(DatabaseError, match="locked"):
        await notes.write(keep, "no")
    locker.kill()
    locker.wait()

    async def written() -> bool:
        with suppress(DatabaseError):  # a server may take a moment to notice
            return await notes.write(keep, "yes") == "kept yes"
        return False

    await until(written)


async def test_a_short_lock_is_waited_for(notes: Store, locker: subprocess.Popen[bytes]) -> None:
    writing = asyncio.create_task(notes.write(keep, "patient"))
    await asyncio.sleep(0.1)
    locker.kill()

    assert await writing == "kept patient"


def test_what_was_acknowledged_survives_a_kill(database_url: str) -> None:
    program = """
import asyncio, sys
from sqlalchemy import text
from storage.database import open_database
from tests.storage.notes import keep, note

async def learner(store, name):
    for n in range(1_000_000):
        await store.write(keep, f"{name}-{n}")
        print(f"{name}-{n}", flush=True)

async def main():
    store = open_database(sys.argv[1])
    await store.write(note.create)
    await asyncio.gather(*(learner(store, name) for name in range(20)))

asyncio.run(main())
"""
    command = [sys.executable, "-c", program, database_url]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        acknowledged = [child.stdout.readline().strip() for _ in range(500)]
        child.send_signal(signal.SIGKILL)
        acknowledged += child.stdout.read().split("\n")[:-1]  # the last line may be cut

    with open_database(database_url) as store:
        assert set(acknowledged) <= set(store.read_now(kept))
