# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What follows an erasure: the journal first, then the goodbye, then nothing in the log beside the file."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from bot.channels import ChannelFault, Refused, Uncertain, Unreachable
from bot.channels.console import ADDRESS, ConsoleChannel
from bot.service import departures as module
from bot.service.departures import Departures
from bot.service.pump import Pump
from bot.service.replayed import replay
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage import devices, erasure, journal, learners, tables
from storage.database import open_database
from storage.outbox import claims, queue
from storage.outbox.rows import Draft, Mark
from tests import logged, traces
from tests.bot.builders import MONDAY, Town, lesson, publish
from tests.life import Life
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection
    from datetime import datetime

    from storage.store import Store
    from storage.types import Tx
    from tests.postgres import Postgres

BACKUPS = timedelta(days=30)
LEAVES = ("celle-qui-part-vraiment", "stop", "effacer")


class Keeping(ConsoleChannel):
    """A terminal with a store of its own, as a channel on Matrix has."""

    own_device = "ici"

    def __init__(self) -> None:
        super().__init__()
        self.forgot: list[str] = []
        self.failures: list[Exception] = []
        self.compacted = 0

    async def forget(self, address: str) -> None:
        if self.failures:
            raise self.failures.pop()
        self.forgot.append(address)

    async def compact(self) -> None:
        self.compacted += 1


class Leaver(Life):
    """Someone at a terminal, and the journal that is kept beside."""

    def __init__(self, store: Store, file: Path) -> None:
        store.write_now(publish, lesson("un"), now=MONDAY)
        super().__init__(store, MONDAY, Rules(Schedule(), "fr", frozenset()))
        self.file = file
        self.departures = Departures(store, self.service.channels, file, BACKUPS, self.clock)
        self.pump = Pump(
            store, self.channel, self.clock, self.service.telling.alert, departures=self.departures
        )
        self.service.pumps[self.channel.name] = self.pump
        self.service.receiving._pumps = self.service.pumps

    @property
    def noted(self) -> list[str]:
        return [line.learner_id for line in journal.read(self.file)]


@pytest.fixture
async def leaver(store: Store, tmp_path: Path) -> AsyncIterator[Leaver]:
    leaving = Leaver(store, tmp_path / "erasures.log")
    async with leaving.sending():
        await leaving.says("start", "oui")
        yield leaving


async def test_the_journal_holds_the_erasure_when_the_goodbye_is_read(leaver: Leaver) -> None:
    who = (await leaver.learner()).id
    heard = await leaver.says("oublier", "effacer")
    assert "sont effacés" in heard
    assert leaver.noted == [who]
    assert await leaver.store.read(learners.count) == {}


async def test_no_goodbye_leaves_while_the_journal_cannot_be_written(leaver: Leaver) -> None:
    leaver.file.mkdir()
    who = (await leaver.learner()).id
    assert "sont effacés" not in await leaver.says("oublier", "effacer")
    leaver.file.rmdir()
    leaver.clock.at += timedelta(minutes=1)
    before = leaver.out.tell()
    leaver.pump.wake()
    await until(lambda: "sont effacés" in leaver.out.getvalue()[before:])
    assert leaver.noted == [who]


async def test_a_journal_that_cannot_be_written_is_no_fault_of_the_channel(leaver: Leaver) -> None:
    leaver.file.mkdir()
    await leaver.says("oublier", "effacer")
    for _ in range(12):
        leaver.clock.at += timedelta(minutes=10)
        leaver.pump.wake()
        await asyncio.sleep(0)
    assert not leaver.pump.breaker.failures
    assert not leaver.pump.breaker.is_open


async def test_a_process_killed_between_commit_and_append_is_healed_by_any_other(
    store: Store, tmp_path: Path
) -> None:
    town = Town(store).teach(lesson("un"))
    person = town.learner()
    who = person.learner.id
    person.types("oublier")
    person.types("1")
    files = [tmp_path / "one.log", tmp_path / "standby.log"]
    for file in files:
        one = Departures(store, {}, file, BACKUPS, lambda: town.now)
        await one.look()
        await one.erased()
        assert [line.learner_id for line in journal.read(file)] == [who]
        assert len(file.read_text().splitlines()) == 1


UNREADABLE_TIMES = {
    "sqlite": ("jamais", "", "0"),
    "postgresql": ("infinity", "-infinity", "0044-03-15 BC"),
}


@pytest.mark.parametrize("written", [False, True], ids=["never written", "written before"])
async def test_an_erasure_whose_time_cannot_be_read_is_told_and_erases_again(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, *, written: bool
) -> None:
    town, file = Town(store).teach(lesson("un")), tmp_path / "erasures.log"
    one = Departures(store, {}, file, BACKUPS, lambda: town.now)
    values = UNREADABLE_TIMES[store.read_now(lambda tx: tx.dialect.name)]
    people = [town.learner(address) for address in "1234"]
    who = [person.learner.id for person in people]
    for person in people:
        person.types("oublier")
        person.types("1")
    before = await store.read(journal.rows)
    if written:
        await one.look()
        assert journal.read(file) == before

    def damage(tx: Tx) -> None:
        for n, value in enumerate(values, 1):
            tx.execute(text(f"UPDATE erasure SET at = '{value}' WHERE n = {n}"))  # noqa: S608
        tx.execute(text("UPDATE erasure SET learner_id = 'personne' WHERE n = 4"))

    await store.write(damage)
    town.wait(days=1)
    await one.tidy()
    await one.look()
    lines = journal.read(file)
    assert [line.learner_id for line in lines][:3] == who[:3]
    assert await store.read(journal.rows) == lines[:3]
    assert {line.at for line in lines[:3]} == ({before[0].at} if written else {town.now})
    messages = [line.getMessage() for line in logged.lines(caplog)]
    assert messages == [
        *(f"Erasure {n} of the database cannot be read: it has a new time." for n in (1, 2, 3)),
        "Erasure 4 of the database cannot be read: `iaventure check` says what follows.",
    ]
    # A copy of before is put back: they are in it again.
    met = await store.write(
        learners.meet, "telegram", "1", language="fr", now=before[0].at - timedelta(days=1)
    )
    again = [journal.Line(line.n, line.at, met.id if line.n == 1 else line.learner_id) for line in lines]
    assert replay(store, again, town.now, town.now).erased == 1


async def test_each_minute_looks_at_new_erasures_and_each_night_at_all(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    town, file = Town(store).teach(lesson("un")), tmp_path / "erasures.log"
    one = Departures(store, {}, file, BACKUPS, lambda: town.now)

    def leave(address: str) -> str:
        person = town.learner(address)
        who = person.learner.id
        person.types("oublier")
        person.types("1")
        return who

    def damage(n: int) -> None:
        value = UNREADABLE_TIMES[store.read_now(lambda tx: tx.dialect.name)][0]
        store.write_now(lambda tx: tx.execute(text(f"UPDATE erasure SET at = '{value}' WHERE n = {n}")))  # noqa: S608

    who = [leave("1"), leave("2")]
    await one.look()
    damage(1)
    await one.look()
    assert logged.lines(caplog) == []
    await one.tidy()
    assert [line.getMessage()[:9] for line in logged.lines(caplog)] == ["Erasure 1"]
    who.append(leave("3"))
    damage(3)
    who.append(leave("4"))
    await one.look()
    assert [line.getMessage()[:9] for line in logged.lines(caplog)] == ["Erasure 1", "Erasure 3"]
    assert sorted(line.learner_id for line in journal.read(file)) == sorted(who)
    file.unlink()
    await one.look()
    assert [line.learner_id for line in journal.read(file)] == who
    file.write_text("".join(file.read_text().splitlines(keepends=True)[2:]))
    who.append(leave("5"))
    await one.complete()
    assert sorted(line.learner_id for line in journal.read(file)) == sorted(who)


async def test_an_erasure_that_is_mended_while_the_journal_is_written_is_in_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, file = Town(store).teach(lesson("un")), tmp_path / "erasures.log"
    one = Departures(store, {}, file, BACKUPS, lambda: town.now)
    await one.look()
    for address in "12":
        person = town.learner(address)
        person.types("oublier")
        person.types("1")
    value = UNREADABLE_TIMES[store.read_now(lambda tx: tx.dialect.name)][0]
    store.write_now(lambda tx: tx.execute(text(f"UPDATE erasure SET at = '{value}' WHERE n = 1")))  # noqa: S608
    written, writing = store.write, one._noting._writing
    notes = []

    async def after_a_note_read(do: Any, *args: Any) -> Any:
        if do is erasure.mend:
            await writing.acquire()
            notes.append(asyncio.create_task(one.note()))
            await until(lambda: bool(writing._waiters))
        return await written(do, *args)

    monkeypatch.setattr(store, "write", after_a_note_read)
    await one._noting.mend()
    writing.release()
    await asyncio.gather(*notes)
    assert [line.n for line in journal.read(file)] == [2]
    await one.note()
    assert sorted(line.n for line in journal.read(file)) == [1, 2]


async def test_rows_and_lines_go_with_the_oldest_copy(store: Store, tmp_path: Path) -> None:
    town, file = Town(store).teach(lesson("un")), tmp_path / "erasures.log"
    one = Departures(store, {}, file, BACKUPS, lambda: town.now)
    for address in "12":
        person = town.learner(address)
        person.types("oublier")
        person.types("1")
        await one.look()
        town.wait(days=20)
    await one.tidy()
    assert [line.n for line in journal.read(file)] == [2]
    assert [line.n for line in await store.read(journal.rows)] == [2]
    await one.look()
    assert [line.n for line in journal.read(file)] == [2]


async def test_an_unusable_journal_stops_only_its_own_step_and_is_reported_once_a_night(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    town, channel, file = Town(store).teach(lesson("un")), Keeping(), tmp_path / "erasures.log"
    told: list[tuple[str, str]] = []

    async def alert(key: str, about: str) -> None:
        told.append((key, about))

    one = Departures(store, {"telegram": channel}, file, BACKUPS, lambda: town.now, alert)
    file.mkdir()
    for nights in (1, 2):
        for _ in range(3):
            await one.look()
        await one.tidy()
        assert channel.compacted == nights
        assert told == [("alert.journal", "erasures.log")] * (nights + 1)
        assert logged.actions(caplog) == ["write-journal"] * (nights + 1)
        assert str(file) in caplog.records[-1].getMessage()
    file.rmdir()
    await one.look()
    await one.look()
    assert logged.actions(caplog) == ["write-journal"] * 4, "it is said that it is over"
    file.write_text("3 2026-11-30T09:00:00+00:00 0123456789abcdef\nillisible\n")
    await one.tidy()
    assert "Line 2 of the erasure journal" in caplog.records[-1].getMessage()
    assert channel.compacted == 3
    assert len(told) == 3


async def test_a_failed_compaction_of_one_channel_does_not_stop_the_nightly_work(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels = {"telegram": Keeping(), "matrix": Keeping()}

    async def broken() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(channels["telegram"], "compact", broken)
    await Departures(store, channels, tmp_path / "j", BACKUPS, lambda: MONDAY).tidy()
    assert channels["matrix"].compacted == 1
    assert logged.actions(caplog) == ["tidy-database"]


async def test_a_channel_forgets_once_it_can_and_not_who_came_back(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    town, channel = Town(store).teach(lesson("un")), Keeping()
    channel.name = "telegram"
    one = Departures(store, {"telegram": channel}, tmp_path / "j", BACKUPS, lambda: town.now)
    await one.opened()
    for address in ("part", "revient"):
        person = town.learner(address)
        person.types("oublier")
        person.types("1")
    await one.forget()
    assert channel.forgot == [], "whoever changes their mind at once is still in the room"
    town.wait(seconds=5)
    town.person("revient").types("bonjour")
    channel.failures = [Unreachable(), ValueError("?")]
    await one.look()
    await one.look()
    assert channel.forgot == []
    assert logged.actions(caplog) == ["forget-address"]
    town.wait(minutes=11)
    await one.look()
    assert channel.forgot == []
    await one.look()
    await one.look()
    assert channel.forgot == ["part"]
    assert await store.read(lambda tx: tx.execute(select(tables.to_forget)).all()) == []
    await one.tidy()
    assert channel.compacted == 1


async def test_an_address_that_cannot_be_forgotten_keeps_no_other_from_it(
    store: Store, tmp_path: Path
) -> None:
    town = Town(store).teach(lesson("un"))
    for failure, forgot in ((Refused(), 1), (Uncertain(), 1), (Unreachable(), 0), (ChannelFault("?"), 0)):
        channel = Keeping()
        channel.name = "telegram"
        one = Departures(store, {"telegram": channel}, tmp_path / "j", BACKUPS, lambda: town.now)
        await one.opened()
        leaving = [f"{failure} {number}" for number in range(2)]
        for address in leaving:
            person = town.learner(address)
            person.types("oublier")
            person.types("1")
        town.wait(seconds=5)
        channel.failures = [failure]
        await one.forget()
        assert len(channel.forgot) == forgot, failure
        town.wait(minutes=11)
        await one.forget()
        assert sorted(channel.forgot) == leaving


def goes(town: Town, *addresses: str) -> None:
    """Some people erase everything, and their goodbyes are sent."""
    for address in addresses:
        person = town.learner(address)
        person.types("oublier")
        person.types("1")


async def test_an_address_that_cannot_be_forgotten_is_retried_after_ten_minutes_behind_the_others(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IN_A_ROW", 3)
    town, channel = Town(store).teach(lesson("un")), Keeping()
    channel.name = "telegram"
    one = Departures(store, {"telegram": channel}, tmp_path / "j", BACKUPS, lambda: town.now)
    await one.opened()
    goes(town, "a", "b", "c")
    town.wait(seconds=1)
    goes(town, "d", "e", "f", "g")
    town.wait(seconds=5)
    channel.failures = [Uncertain("500")] * 3
    await one.look()
    assert channel.forgot == []
    await one.look()
    assert len(channel.forgot) == 3, "one batch at a time"
    await one.look()
    assert sorted(channel.forgot) == ["d", "e", "f", "g"]
    caplog.clear()
    channel.failures = [Uncertain("500")] * 1000
    for _ in range(120):
        town.wait(minutes=1)
        await one.look()
    assert 3 * 10 <= len(logged.actions(caplog)) <= 3 * 12
    channel.failures = []
    town.wait(minutes=10)
    await one.look()
    assert sorted(channel.forgot) == ["a", "b", "c", "d", "e", "f", "g"]


async def test_more_addresses_than_one_batch_are_forgotten_without_waiting_for_the_next_minute(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IN_A_ROW", 2)
    monkeypatch.setattr(module, "LINGER", timedelta(0))
    town, channel = Town(store).teach(lesson("un")), Keeping()
    channel.name = "telegram"
    one = Departures(store, {"telegram": channel}, tmp_path / "j", BACKUPS, lambda: town.now)
    await one.opened()
    goes(town, "a", "b", "c", "d", "e")
    running = asyncio.create_task(one.run())
    one.left()
    await until(lambda: len(channel.forgot) == 5)
    running.cancel()
    await asyncio.wait({running})


async def test_overdue_addresses_are_deleted_in_steps_and_a_failing_one_is_retried_at_night(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STEP", 3)
    with open_database(sqlite_url) as store:
        town = Town(store).teach(lesson("un"))
        people = [town.learner(f"{number}") for number in range(8)]
        for person in people:
            person.types("oublier")
        for person in people:
            person.does(text="1", deliver=False)  # the goodbye never leaves
        steps: list[int] = []
        leave_overdue = erasure.leave_overdue

        def counted(tx: Tx, addresses: Collection[int], now: datetime) -> int:
            steps.append(len(addresses))
            return leave_overdue(tx, addresses, now)

        monkeypatch.setattr(erasure, "leave_overdue", counted)
        town.wait(hours=25)
        stubborn = town.person("4").learner.id
        store.write_now(
            forbid,
            f"""CREATE TRIGGER stubborn BEFORE DELETE ON learner WHEN OLD.id = '{stubborn}'
            BEGIN SELECT RAISE(ABORT, 'not this'); END""",
        )
        one = Departures(store, {}, tmp_path / "j", BACKUPS, lambda: town.now)
        await one.look()
        assert await store.read(learners.count) == {"erased": 1}
        assert max(steps) == 3
        assert logged.actions(caplog) == ["delete-erased"]
        for _ in range(3):
            await one.look()
            await one.complete()
        assert logged.actions(caplog) == ["delete-erased"], "it is not tried again all day"
        store.write_now(forbid, "DROP TRIGGER stubborn")
        await one.tidy()
        assert await store.read(learners.count) == {}


def forbid(tx: Tx, sql: str) -> None:
    tx.exec_driver_sql(sql)


async def test_a_machine_that_is_absent_for_long_is_told_no_more(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    town = Town(store).teach(lesson("un"))
    await store.write(devices.note, "telegram", "absente", town.now)
    person = town.learner()
    person.types("oublier")
    person.types("1")
    town.wait(days=33)
    await Departures(store, {}, tmp_path / "j", BACKUPS, lambda: town.now).tidy()
    assert logged.actions(caplog) == ["drop-device"]
    assert await store.read(lambda tx: tx.execute(select(tables.to_forget)).all()) == []


async def test_an_address_that_is_never_forgotten_is_kept_no_longer_than_the_goodbye_said(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    town = Town(store).teach(lesson("un"))
    await store.write(devices.note, "telegram", "qui échoue", town.now)
    person = town.learner()
    person.types("oublier")
    person.types("1")
    town.deliver()
    channel = Keeping()
    channel.name, channel.own_device = "telegram", "qui échoue"
    one = Departures(store, {"telegram": channel}, tmp_path / "j", BACKUPS, lambda: town.now)
    for _ in range(33):
        town.wait(days=1)
        channel.failures = [Refused()]
        await one.look()
    caplog.clear()
    await one.tidy()
    assert logged.actions(caplog) == ["forget-address"]
    assert await store.read(lambda tx: tx.execute(select(tables.to_forget)).all()) == []


# --- the log beside a file


async def test_an_open_reader_makes_a_scrub_give_up_at_once_and_no_write_wait(sqlite_url: str) -> None:
    with open_database(sqlite_url) as store, closing(reader_of(sqlite_url)) as reader:
        await store.write(learners.meet, "telegram", LEAVES[0], language="fr", now=MONDAY)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM learner").fetchall()
        person = await store.read(learners.by_address, "telegram", LEAVES[0])
        assert person is not None
        await store.write(erasure.erase, person.id, MONDAY)
        began = time.perf_counter()
        assert not await store.scrub()
        await store.write(learners.meet, "telegram", "une autre", language="fr", now=MONDAY)
        assert time.perf_counter() - began < 1, "SQLite's usual patience is 5 s"
        assert traces.of(LEAVES[0], folder_of(sqlite_url)) != []
        reader.execute("COMMIT")
        assert await store.scrub()
        assert traces.of(LEAVES[0], folder_of(sqlite_url)) == []
        assert traces.of("une autre", folder_of(sqlite_url)) != []


async def test_the_log_is_clean_soon_after_the_readers_end(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LONG_READ", 0.5)
    with open_database(sqlite_url) as store, closing(reader_of(sqlite_url)) as reader:
        town = Town(store).teach(lesson("un"))
        person = town.learner(LEAVES[0])
        one = Departures(store, {}, folder_of(sqlite_url) / "erasures.log", BACKUPS, lambda: town.now)
        running = asyncio.create_task(one.run())
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM learner").fetchall()
        for word in LEAVES[1:]:
            person.types(word)
        one.left()
        await until(lambda: "scrub-log" in logged.actions(caplog))
        reader.execute("COMMIT")
        ended = time.monotonic()
        await until(lambda: traces.of(LEAVES[0], folder_of(sqlite_url)) == [])
        assert time.monotonic() - ended < 2.5
        assert logged.actions(caplog) == ["scrub-log"]
        running.cancel()
        await asyncio.wait({running})


async def test_one_scrub_serves_many_erasures(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_database(sqlite_url) as store:
        scrubs: list[float] = []
        scrub = store.scrub

        async def counted() -> bool:
            scrubs.append(time.monotonic())
            return await scrub()

        monkeypatch.setattr(store, "scrub", counted)
        one = Departures(store, {}, None, BACKUPS, lambda: MONDAY)
        running = asyncio.create_task(one.run())
        for _ in range(50):
            one.left()
            await asyncio.sleep(0.01)
        assert len(scrubs) == 1
        running.cancel()
        await asyncio.wait({running})


async def test_a_server_is_vacuumed_and_needs_no_scrub(store: Store) -> None:
    assert await store.scrub()
    await store.vacuum(module.ERASED_TABLES)
    assert await store.read(learners.count) == {}


def samples(tx: Tx) -> str:
    """What the server has noted of addresses, to plan by."""
    return str(
        tx.execute(text("SELECT * FROM pg_stats WHERE schemaname = 'public' AND tablename = 'address'")).all()
    )


async def test_a_night_takes_whoever_was_erased_out_of_what_a_server_samples(
    postgres: Postgres, postgres_url: str
) -> None:
    with open_database(postgres_url) as store:
        met = [
            await store.write(learners.meet, "telegram", f"celle-qui-{what}", language="fr", now=MONDAY)
            for what in ("part", "reste", "vient")
        ]
        postgres.run("ANALYZE", postgres_url.rpartition("/")[2])
        assert "celle-qui-part" in await store.read(samples)
        await store.write(erasure.erase, met[0].id, MONDAY)
        await store.vacuum(module.ERASED_TABLES)
        told = await store.read(samples)
        assert "celle-qui-part" not in told
        assert "celle-qui-reste" in told


def folder_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///")).parent


def reader_of(url: str) -> sqlite3.Connection:
    return sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)


# --- what is nobody's to keep

SECRET = "Nom à ne pas garder"


def queue_private(tx: Tx, where: str, now: datetime) -> None:
    met = learners.meet(tx, "console", where, language="fr", now=now)
    until_ = now + timedelta(minutes=5)
    draft = Draft(
        "reply:p:0.0", met.address_id, "console", {"text": SECRET}, not_after=until_, transient=True
    )
    queue.enqueue(tx, [draft], now)


def end_private(tx: Tx, state: str, now: datetime) -> None:
    (row,), _ = claims.claim(tx, "console", "token", now, 1)
    claims.mark(tx, [Mark(row.id, row.address_id, state, now)])


def contents(tx: Tx) -> list[object]:
    return list(tx.execute(select(tables.outbox.c.content)).scalars())


@pytest.mark.parametrize("state", ["sent", "refused", ""], ids=["sent", "refused", "nobody runs the channel"])
async def test_what_a_killed_process_left_of_a_private_message_goes_at_the_next_start(
    sqlite_url: str, state: str
) -> None:
    folder = folder_of(sqlite_url)
    with open_database(sqlite_url) as store:
        await store.write(queue_private, ADDRESS, MONDAY)
        if state:
            await store.write(end_private, state, MONDAY)
        assert traces.of(SECRET, folder) != []
        later = MONDAY + timedelta(hours=1)
        one = Departures(store, {}, folder / "erasures.log", BACKUPS, lambda: later)
        await one.look()
        running = asyncio.create_task(one.run())
        await until(lambda: traces.of(SECRET, folder) == [])
        running.cancel()
        await asyncio.wait({running})


@pytest.mark.parametrize("where", [ADDRESS, "ailleurs"], ids=["sent", "refused"])
async def test_the_end_of_a_private_message_empties_the_log_while_the_service_runs(
    sqlite_url: str, where: str
) -> None:
    folder = folder_of(sqlite_url)
    with open_database(sqlite_url) as store:
        leaver = Leaver(store, folder / "erasures.log")
        running = asyncio.create_task(leaver.departures.run())
        await until(lambda: not leaver.departures._dirty.is_set())
        await store.write(queue_private, where, leaver.clock())
        await until(lambda: traces.of(SECRET, folder) != [])  # the scrub of its start may still move it
        async with leaver.sending():
            leaver.pump.wake()
            await leaver.settled()
            assert await store.read(contents) == [{}]
            assert (SECRET in leaver.out.getvalue()) == (where == ADDRESS)
            await until(lambda: traces.of(SECRET, folder) == [])
        running.cancel()
        await asyncio.wait({running})
