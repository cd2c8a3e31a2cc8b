# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""On PostgreSQL, too, a function runs once, whole, and alone: whatever is killed, cut off or running beside it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text

from storage.database import open_database, upgrade
from storage.failures import DatabaseError, Undone, Unsure
from storage.postgres import connections, transactions
from storage.store import READERS
from tests.postgres import Cable, Cut, Postgres
from tests.storage.notes import PATIENCE, Gate, keep, kept, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.store import Store
    from storage.types import Tx

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server of these tests' own: they kill it."""
    own = Postgres()
    own.start()
    try:
        yield own
    finally:
        own.stop()


@pytest.fixture
def url(server: Postgres) -> Iterator[str]:
    made = server.database()
    upgrade(made)
    with open_database(made) as store:
        store.write_now(note.create)
    yield made
    server.drop(made)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_database(url) as opened:
        yield opened


# --- the server ends


async def test_what_was_acknowledged_survives_a_killed_server_and_nothing_is_half_done(
    server: Postgres, store: Store
) -> None:
    acknowledged: set[str] = set()
    undone: set[str] = set()
    stop = asyncio.Event()

    def pair(tx: Tx, name: str) -> None:
        keep(tx, f"{name}/first")
        keep(tx, f"{name}/second")

    async def learner(name: str) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                await store.write(pair, f"{name}-{number}")
            except DatabaseError:
                undone.add(f"{name}-{number}")
                await asyncio.sleep(0.05)
            else:
                acknowledged.add(f"{name}-{number}")

    async def goes_on() -> None:
        before = len(acknowledged)
        async with asyncio.timeout(PATIENCE):
            while len(acknowledged) < before + 100:  # noqa: ASYNC110 (nothing tells)
                await asyncio.sleep(0.01)

    learners = [asyncio.create_task(learner(str(n))) for n in range(20)]
    for _ in range(5):
        await goes_on()
        server.kill()
        server.start()
    await goes_on()
    stop.set()
    await asyncio.gather(*learners)

    rows = await store.read(kept)
    assert len(rows) == len(set(rows)), "nothing was done twice"
    whole = {row.removesuffix("/first") for row in rows if row.endswith("/first")}
    assert whole == {row.removesuffix("/second") for row in rows if row.endswith("/second")}
    assert whole == acknowledged, "whoever was told of an error was told the truth"
    assert not undone & whole


async def test_a_restart_while_nothing_runs_is_not_noticed(server: Postgres, store: Store) -> None:
    await store.write(keep, "before")
    assert await store.read(kept) == ["before"]
    server.restart()
    assert await store.read(kept) == ["before"]
    await store.write(keep, "after")
    assert await store.read(kept) == ["before", "after"]


async def test_no_read_fails_after_a_restart_however_many_connections_it_ended(
    server: Postgres, store: Store
) -> None:
    both = Barrier(READERS)
    await asyncio.gather(*(store.read(lambda tx: kept(tx)[both.wait() :]) for _ in range(READERS)))
    server.restart()
    assert await store.read(kept) == []


async def test_a_restart_in_the_middle_runs_the_functions_again(server: Postgres, store: Store) -> None:
    gate = Gate()
    runs: list[int] = []

    def interrupted(tx: Tx) -> str:
        runs.append(len(runs))
        return keep(tx, "first") if len(runs) > 1 else gate.keep(tx, "first")

    writing = [
        asyncio.create_task(store.write(interrupted)),
        asyncio.create_task(store.write(keep, "second")),
    ]
    await asyncio.to_thread(gate.entered.wait, PATIENCE)
    server.restart()
    gate.opened.set()

    assert await asyncio.gather(*writing) == ["kept first", "kept second"]
    assert len(runs) == 2
    assert await store.read(kept) == ["first", "second"]


async def test_whoever_waits_for_a_server_that_is_down_is_told_and_a_later_one_is_served(
    server: Postgres, store: Store
) -> None:
    server.kill()
    results = await asyncio.gather(*(store.write(keep, "no") for _ in range(200)), return_exceptions=True)
    with pytest.raises(DatabaseError, match="does not answer"):
        await store.read(kept)
    server.start()

    assert all(isinstance(result, DatabaseError) for result in results)
    assert "PostgreSQL does not answer" in str(results[-1])
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await store.write(keep, "yes")
            except DatabaseError:
                await asyncio.sleep(0.05)
            else:
                break
    assert await store.read(kept) == ["yes"]


# --- the connection ends at the commit


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_commit_that_is_not_answered_is_kept_once(
    cut: Cut, server: Postgres, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ABANDONED", 1.0)
    with Cable(server, url) as cable, open_database(cable.url) as store:
        await store.write(keep, "before")
        cable.cut_at_the_next_commit(cut)

        assert await store.write(keep, "during") == "kept during"

        await store.write(keep, "after")
        assert await store.read(kept) == ["before", "during", "after"]


@pytest.mark.parametrize(("cut", "kept_then"), [(Cut.ANSWER_LOST, ["during"]), (Cut.NEVER_ARRIVED, [])])
async def test_a_commit_that_nobody_can_look_for_is_told_as_unknown_and_not_tried_again(
    cut: Cut, kept_then: list[str], server: Postgres, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "UNSURE", 0.3)
    with Cable(server, url) as cable, open_database(cable.url) as store:
        cable.cut_at_the_next_commit(cut, for_good=True)
        with pytest.raises(Unsure, match="is not known"):
            await store.write(keep, "during")
        cable.mend()
    with open_database(url) as other:
        assert other.read_now(kept) == kept_then


def test_a_process_leaves_one_mark_however_much_it_writes(store: Store, url: str, server: Postgres) -> None:
    server.run("DELETE FROM kept_transaction", url.rpartition("/")[2])
    for number in range(20):
        store.write_now(keep, str(number))
    assert server.run("SELECT count(*) FROM kept_transaction", url.rpartition("/")[2]) == [(1,)]


def test_marks_of_the_past_are_swept(store: Store, url: str, server: Postgres) -> None:
    name = url.rpartition("/")[2]
    server.run("INSERT INTO kept_transaction VALUES ('old', now() - interval '2 days')", name)
    with open_database(url) as other:
        other.write_now(keep, "x")
    assert server.run("SELECT count(*) FROM kept_transaction WHERE id = 'old'", name) == [(0,)]


# --- several processes


async def test_what_a_function_reads_stays_true_until_it_writes_whoever_else_writes(url: str) -> None:
    def only_if_alone(tx: Tx, gate: Gate | None) -> bool:
        alone = tx.scalar(select(func.count()).select_from(note)) == 0
        if gate is not None:
            gate.entered.set()
            assert gate.opened.wait(PATIENCE)
        if alone:
            keep(tx, "the only one")
        return alone

    with open_database(url) as one, open_database(url) as other:
        gate = Gate()
        first = asyncio.create_task(one.write(only_if_alone, gate))
        await asyncio.to_thread(gate.entered.wait, PATIENCE)
        second = asyncio.create_task(other.write(only_if_alone, None))
        done, _ = await asyncio.wait([second], timeout=0.3)
        assert not done, "the other process waits for its turn"
        gate.opened.set()

        assert (await first, await second) == (True, False)
        assert await other.read(kept) == ["the only one"]


async def test_many_writes_of_several_processes_lose_nothing_and_undo_nothing(url: str) -> None:
    def count_up(tx: Tx) -> None:
        """What two snapshots at once would get wrong."""
        found = tx.scalar(select(note.c.text).where(note.c.id == 1))
        if found is None:
            tx.execute(note.insert().values(id=1, text="1"))
        else:
            tx.execute(note.update().where(note.c.id == 1).values(text=str(int(found) + 1)))

    with open_database(url) as one, open_database(url) as two, open_database(url) as three:
        await asyncio.gather(*(each.write(count_up) for _ in range(100) for each in (one, two, three)))
        assert await one.read(kept) == ["300"]


def test_a_process_that_stands_still_in_a_transaction_does_not_hold_up_the_others(url: str) -> None:
    program = (
        "import os, signal, sys, time\n"
        "from storage.postgres import connections\n"
        "from storage.database import open_database\n"
        "from tests.storage.notes import keep\n"
        "connections.ABANDONED = 0.5\n"
        "def stand_still(tx):\n"
        "    keep(tx, 'never')\n"
        "    os.kill(os.getpid(), signal.SIGSTOP)\n"
        "    time.sleep(60)\n"  # this thread may go on for a moment
        "open_database(sys.argv[1]).write_now(stand_still)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT, env=environment) as still:
        try:
            _, status = os.waitpid(still.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status)
            with open_database(url) as store:
                store.write_now(keep, "goes on")
                assert store.read_now(kept) == ["goes on"]
        finally:
            still.kill()


# --- what the server says


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("53100", "disk of PostgreSQL is full"),
        ("53200", "out of memory"),
        ("42501", "lacks rights"),
        ("57014", "was cancelled"),
        ("58030", "disk of PostgreSQL failed"),
        ("XX001", "is damaged"),
        ("40001", "changed the same rows"),
        ("40P01", "waited for ours"),
    ],
)
def test_what_is_wrong_with_the_server_is_told_in_a_sentence(code: str, sentence: str, store: Store) -> None:
    def fail(tx: Tx) -> None:
        tx.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'inner words' USING ERRCODE = '{code}'; END $$")

    with pytest.raises(DatabaseError, match=sentence) as refusal:
        store.write_now(fail)
    assert "inner words" not in str(refusal.value)


def test_a_conflict_that_passes_is_not_noticed(store: Store) -> None:
    runs = []

    def conflict_twice(tx: Tx) -> str:
        runs.append("run")
        keep(tx, "once")
        if len(runs) < 3:
            tx.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$")
        return "done"

    assert store.write_now(conflict_twice) == "done"
    assert store.read_now(kept) == ["once"]


def test_a_function_that_takes_too_long_is_told_so_and_not_run_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "LONGEST", 0.5)
    runs = []

    def last(tx: Tx) -> None:
        runs.append("run")
        keep(tx, "never")
        tx.execute(select(func.pg_sleep(PATIENCE)))

    with open_database(url) as store:
        with pytest.raises(DatabaseError, match="took too long, and PostgreSQL undid it") as refusal:
            store.write_now(last)
        assert not isinstance(refusal.value, Undone)
        assert runs == ["run"]
        store.write_now(keep, "goes on")
        assert store.read_now(kept) == ["goes on"]


def test_a_read_only_copy_of_a_server_is_told_apart(store: Store, url: str, server: Postgres) -> None:
    server.run(f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = on")
    with open_database(url) as copy, pytest.raises(DatabaseError, match="read-only copy"):
        copy.write_now(keep, "no")


def test_an_error_that_is_logged_names_no_value(store: Store) -> None:
    def twice(tx: Tx) -> None:
        for _ in range(2):
            tx.execute(note.insert().values(id=4711, text="Zoé"))

    with pytest.raises(Exception, match="duplicate key") as error:
        store.write_now(twice)
    assert "4711" not in f"{error.value}{error.value.__cause__}"
    assert "Zo" not in f"{error.value}{error.value.__cause__}"


def test_instants_come_in_utc_wherever_the_server_is(url: str, server: Postgres) -> None:
    server.run(f"ALTER DATABASE {url.rpartition('/')[2]} SET timezone = 'Europe/Paris'")
    with open_database(url) as store:
        assert store.read_now(lambda tx: tx.scalar(text("SHOW timezone"))) == "UTC"
