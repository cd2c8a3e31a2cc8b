# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A function given to the store runs whole or not at all, and its caller knows which."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import writer
from storage.database import open_database
from storage.failures import DatabaseError
from storage.store import Store
from storage.types import Tx, insert
from tests.storage.notes import PATIENCE, Gate, keep, kept, note
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


async def together(store: Store, *functions: Callable[[Tx], object]) -> list[object]:
    """Runs the functions in one group: they queue up behind a function that holds the writer."""
    gate = Gate()
    first = asyncio.create_task(store.write(gate.keep, "gate"))
    await asyncio.to_thread(gate.entered.wait, PATIENCE)
    rest = [asyncio.create_task(store.write(f)) for f in functions]
    await asyncio.sleep(0)
    gate.opened.set()
    await first
    return await asyncio.gather(*rest, return_exceptions=True)


def keeping(text: str) -> Callable[[Tx], str]:
    return lambda tx: keep(tx, text)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction takes further functions however long the first ones took."""
    monkeypatch.setattr(writer, "SLICE", PATIENCE)


async def test_a_result_comes_back_with_its_row_kept(notes: Store) -> None:
    assert await notes.write(keep, "one") == "kept one"
    assert await notes.read(kept) == ["one"]


async def test_functions_run_in_the_order_in_which_they_came(notes: Store) -> None:
    await asyncio.gather(*(notes.write(keep, str(n)) for n in range(300)))
    assert await notes.read(kept) == [str(n) for n in range(300)]


async def test_a_function_that_goes_first_waits_only_for_those_under_way(notes: Store) -> None:
    gate = Gate()
    begun = asyncio.create_task(notes.write(gate.keep, "gate"))
    await asyncio.to_thread(gate.entered.wait, PATIENCE)
    waiting = [asyncio.create_task(notes.write(keep, str(n))) for n in range(60)]
    first = [asyncio.create_task(notes.write_first(keep, name)) for name in ("one", "two")]
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.gather(begun, *waiting, *first)

    assert await notes.read(kept) == ["gate", "one", "two", *(str(n) for n in range(60))]


@pytest.mark.parametrize("outside", [False, True])
async def test_callers_who_go_first_again_and_again_starve_nobody(notes: Store, outside: bool) -> None:
    steps = 0

    def step(tx: Tx) -> None:
        nonlocal steps
        steps += 1
        dawdle(tx)

    async def again_and_again() -> None:
        while True:
            await notes.write_first(step)

    callers = [asyncio.create_task(again_and_again()) for _ in range(2)]
    try:
        await until(lambda: steps > 2)
        async with asyncio.timeout(PATIENCE):
            await (notes.scrub() if outside else notes.write(keep, "one of the others"))
        begun = steps
        await until(lambda: steps > begun)
    finally:
        for caller in callers:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)


async def test_a_function_that_takes_long_is_committed_before_the_next_one_begins(notes: Store) -> None:
    gate = Gate()

    def take_long(tx: Tx) -> str:
        dawdle(tx)
        return keep(tx, "long")

    first = asyncio.create_task(notes.write(take_long))
    later = asyncio.create_task(notes.write(gate.keep, "later"))
    await asyncio.to_thread(gate.entered.wait, PATIENCE)

    assert await first == "kept long"
    assert await notes.read(kept) == ["long"]
    gate.opened.set()
    assert await later == "kept later"


async def test_functions_that_wait_together_share_one_commit(notes: Store, unhurried: None) -> None:
    gate = Gate()
    seen_inside: list[list[str]] = []

    def look(tx: Tx) -> None:
        seen_inside.append(kept(tx))

    waiting = asyncio.create_task(
        together(notes, keeping("a"), look, lambda tx: gate.keep(tx, "b"), keeping("c"))
    )
    await asyncio.to_thread(gate.entered.wait, PATIENCE)
    outside = await notes.read(kept)
    gate.opened.set()
    await waiting

    assert seen_inside == [["gate", "a"]]
    assert outside == ["gate"]
    assert await notes.read(kept) == ["gate", "a", "b", "c"]


async def test_no_caller_is_woken_before_the_commit(notes: Store, unhurried: None) -> None:
    gate, last = Gate(), Gate()
    first = asyncio.create_task(notes.write(gate.keep, "gate"))
    await asyncio.to_thread(gate.entered.wait, PATIENCE)
    early = asyncio.create_task(notes.write(keep, "early"))
    late = asyncio.create_task(notes.write(last.keep, "late"))
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.to_thread(last.entered.wait, PATIENCE)

    assert not early.done()
    last.opened.set()
    await asyncio.gather(first, early, late)


async def test_one_that_raises_gets_its_own_exception_and_the_others_succeed(notes: Store) -> None:
    def fail(tx: Tx) -> None:
        keep(tx, "never")
        raise LookupError("mine")

    before, failed, after = await together(notes, keeping("before"), fail, keeping("after"))

    assert (before, after) == ("kept before", "kept after")
    assert isinstance(failed, LookupError)
    assert await notes.read(kept) == ["gate", "before", "after"]


async def test_an_error_of_the_database_reaches_the_function_that_made_it(notes: Store) -> None:
    def twice(tx: Tx) -> None:
        for _ in range(2):
            tx.execute(note.insert().values(id=7, text="seven"))

    failed, other = await together(notes, twice, keeping("other"))

    assert isinstance(failed, IntegrityError)
    assert "seven" not in str(failed), "it is logged"
    assert other == "kept other"


async def test_a_function_that_passes_over_a_failed_statement_is_kept_whole_or_not_at_all(
    notes: Store,
) -> None:
    def pass_over(tx: Tx) -> str:
        keep(tx, "first")
        with pytest.raises(IntegrityError):
            tx.execute(note.insert().values(id=1, text=None))
        return "done"

    passed, other = await together(notes, pass_over, keeping("other"))

    # SQLite undoes the statement only; PostgreSQL the transaction, and its commit would say nothing.
    if isinstance(passed, DatabaseError):
        assert "lost a transaction" in str(passed)
    assert other == "kept other"
    assert ("first" in await notes.read(kept)) == (passed == "done")


async def test_a_stray_stop_iteration_is_an_error_and_stops_nobody_else(notes: Store) -> None:
    def stray(tx: Tx) -> object:
        return next(iter(()))

    failed, other = await together(notes, stray, keeping("other"))

    assert isinstance(failed, RuntimeError)
    assert other == "kept other"


async def test_a_cancelled_caller_leaves_the_writer_at_work(notes: Store) -> None:
    gate = Gate()
    held = asyncio.create_task(notes.write(gate.keep, "held"))
    await asyncio.to_thread(gate.entered.wait, PATIENCE)
    queued = asyncio.create_task(notes.write(keep, "queued"))
    await asyncio.sleep(0)
    for task in (held, queued):
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await held
    gate.opened.set()

    assert await notes.write(keep, "next") == "kept next"
    assert await notes.read(kept) == ["held", "queued", "next"]


async def test_reads_see_nothing_uncommitted_and_wait_for_no_write(notes: Store) -> None:
    gate = Gate()
    writing = asyncio.create_task(notes.write(gate.keep, "new"))
    await asyncio.to_thread(gate.entered.wait, PATIENCE)

    assert await notes.read(kept) == []
    gate.opened.set()
    await writing
    assert await notes.read(kept) == ["new"]


async def test_a_read_that_writes_is_refused(notes: Store) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        await notes.read(keep, "no")
    assert await notes.read(kept) == []


async def test_a_read_passes_on_what_its_function_raised(notes: Store) -> None:
    def fail(tx: Tx) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await notes.read(fail)


def dawdle(tx: Tx) -> None:
    time.sleep(0.06)


async def test_a_function_that_makes_others_wait_too_long_is_reported(
    notes: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "storage"):
        await together(notes, dawdle, keeping("one that waits"))

    (record,) = (record for record in caplog.records if "dawdle" in record.getMessage())
    assert record.__dict__["action"] == "slow-transaction"


async def test_a_function_for_which_nobody_waits_may_take_its_time(
    notes: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "storage"):
        await notes.write(dawdle)
    assert [record for record in caplog.records if record.name == "storage.writer"] == []


def test_threads_may_write_and_read_without_an_event_loop(notes: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(lambda n: notes.write_now(keep, str(n)), range(100)))
    assert results == [f"kept {n}" for n in range(100)]
    assert sorted(map(int, notes.read_now(kept))) == list(range(100))


def test_a_caller_whose_event_loop_has_ended_does_no_harm(notes: Store) -> None:
    gate = Gate()

    async def leave() -> None:
        task = asyncio.create_task(notes.write(gate.keep, "left"))
        await asyncio.to_thread(gate.entered.wait, PATIENCE)
        task.cancel()

    asyncio.run(leave())
    gate.opened.set()

    notes.write_now(keep, "next")
    assert notes.read_now(kept) == ["left", "next"]


async def test_closing_waits_for_what_is_queued(database_url: str) -> None:
    store = open_database(database_url)
    await store.write(note.create)
    gate = Gate()
    writing = [asyncio.create_task(store.write(gate.keep, "gate"))]
    await asyncio.to_thread(gate.entered.wait, PATIENCE)
    writing += [asyncio.create_task(store.write(keep, str(n))) for n in range(60)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(asyncio.to_thread(store.close))
    gate.opened.set()
    await closing

    assert await asyncio.gather(*writing) == ["kept gate", *(f"kept {n}" for n in range(60))]


async def test_closing_leaves_one_file(sqlite_url: str, tmp_path: Path) -> None:
    store = open_database(sqlite_url)
    await store.write(note.create)
    await asyncio.to_thread(store.close)
    assert os.listdir(tmp_path) == ["iaventure.db"], "the log was folded in"  # noqa: PTH208


async def test_a_closed_store_refuses_work_and_may_be_closed_again(store: Store) -> None:
    await asyncio.to_thread(store.close)
    await asyncio.to_thread(store.close)
    with pytest.raises(DatabaseError, match="closed"):
        await store.write(kept)
    with pytest.raises(DatabaseError, match="closed"):
        await store.read(kept)
    with pytest.raises(DatabaseError, match="closed"):
        store.read_now(kept)


async def test_an_insert_may_give_way_to_the_row_that_is_there(notes: Store) -> None:
    def upsert(tx: Tx, text: str) -> None:
        statement = insert(tx.dialect.name, note).values(id=1, text=text)
        tx.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_={"text": statement.excluded.text})
        )
        tx.execute(insert(tx.dialect.name, note).values(id=1, text="ignored").on_conflict_do_nothing())

    await notes.write(upsert, "old")
    await notes.write(upsert, "new")
    assert await notes.read(kept) == ["new"]
