# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A channel to which something unforeseen happens goes on, and so does the process."""

from __future__ import annotations

import asyncio
import io
import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.channels.console import ConsoleChannel
from bot.notice.facts import Facts
from bot.service import Service, service, strangers
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage.database import open_database
from tests import logged
from tests.bot.builders import Town, lesson, publish
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from bot.messages import Event, Piece
    from storage.store import Store


NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Stumbling(ConsoleChannel):
    """A terminal whose first hour ends with an error that no channel tells of."""

    stumbled = False

    async def listen(self) -> AsyncIterator[Sequence[Event]]:
        """Raises `RuntimeError` the first time."""
        if not self.stumbled:
            self.stumbled = True
            raise RuntimeError("a library's own fault")
        async for page in super().listen():
            yield page


class Locking(ConsoleChannel):
    """A terminal that finds, while it is opened for the first time, another program at work on the database."""

    def __init__(self, file: Path, lines: io.BytesIO, out: io.StringIO) -> None:
        super().__init__(lines, out)
        self.other = sqlite3.connect(file, isolation_level=None)
        self.opened = 0

    async def open(self) -> None:
        """Locks the database the first time; then it is whoever needs it that is in trouble."""
        self.opened += 1
        if self.opened == 1:
            self.other.execute("BEGIN IMMEDIATE")

    async def close(self) -> None:
        """The other program is done."""
        if self.other.in_transaction:
            self.other.execute("ROLLBACK")


class Hanging(ConsoleChannel):
    """A terminal that takes for ever to write a line, and whose input ends meanwhile."""

    asks_one_at_a_time = False
    closed = 0
    ended = False

    def __init__(self, lines: io.BytesIO, out: io.StringIO) -> None:
        super().__init__(lines, out)
        self.sending = asyncio.Event()

    async def listen(self) -> AsyncIterator[Sequence[Event]]:
        """One word."""
        yield [self._event(1, "bonjour")]
        await self.sending.wait()
        self.ended = True

    async def send(self, address: str, piece: Piece, key: str, target: str = "") -> str:
        """Never returns."""
        del address, piece, key, target
        self.sending.set()
        await asyncio.Event().wait()
        return ""

    async def close(self) -> None:
        """Notes that it was closed."""
        self.closed += 1


def talking(store: Store, channel: ConsoleChannel) -> Service:
    store.write_now(publish, lesson("un"), now=NOW)
    return Service(store, [channel], Rules(Schedule(), "fr", frozenset()), now=lambda: NOW)


async def test_a_channel_that_stumbles_is_opened_again(
    store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "REOPEN", 0.0)
    out = io.StringIO()
    with caplog.at_level(logging.ERROR):
        await talking(store, Stumbling(io.BytesIO(b"oui\n"), out)).run()
    assert "Titre de un" in out.getvalue()
    assert logged.actions(caplog) == ["channel-fault"]


async def test_a_database_that_is_busy_when_sending_begins_ends_nothing(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    out = io.StringIO()
    with open_database(sqlite_url) as store:
        channel = Locking(tmp_path / "iaventure.db", io.BytesIO(), out)
        with closing(channel.other), caplog.at_level(logging.ERROR):
            await talking(store, channel).run()
    assert channel.opened == 2
    assert "On commence" in out.getvalue()
    assert set(logged.actions(caplog)) == {"receive-events"}


async def test_a_stop_while_a_channel_ends_is_heeded_and_leaves_it_closed(store: Store) -> None:
    """Its input is over, and it waits for the send under way."""
    channel = Hanging(io.BytesIO(), io.StringIO())
    service = talking(store, channel)
    running = asyncio.create_task(service.run())
    await until(lambda: channel.ended and service.pulse.open == {"console": False})
    assert channel.closed == 0
    running.cancel()
    async with asyncio.timeout(PATIENCE):
        await asyncio.wait({running})
    assert running.cancelled()
    assert channel.closed == 1
    await until(lambda: service.pumps["console"].alive_at is None)


async def test_a_stranger_who_cannot_be_erased_stops_neither_the_lessons_nor_the_other_strangers(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with open_database(sqlite_url) as store:
        town = Town(store).teach(lesson("un"), lesson("deux"))
        taught, stuck, other = town.learner("1"), town.person("2"), town.person("3")
        town.facts = Facts(channels=("telegram",), access="code")
        for stranger in (stuck, other):
            stranger.types("bonjour")
            town.wait(minutes=1)
        refusing = f"""CREATE TRIGGER stubborn BEFORE DELETE ON learner WHEN OLD.id = '{stuck.learner.id}'
            BEGIN SELECT RAISE(ABORT, 'no'); END"""
        store.write_now(lambda tx: tx.execute(text(refusing)))
        at = max(taught.next_at, town.now + timedelta(hours=25))
        rules = Rules(town.schedule, "fr", town.admins, town.facts)
        with caplog.at_level(logging.ERROR):
            assert await Service(store, [], rules, now=lambda: at).plan(at) == 1
        assert (stuck.state, other.state) == ("invited", "nobody")
        assert logged.actions(caplog) == ["tidy-database"]


async def test_strangers_who_cannot_be_erased_are_passed_by_for_an_hour(
    sqlite_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "EACH", 2)
    with open_database(sqlite_url) as store:
        town = Town(store)
        town.facts = Facts(channels=("telegram",), access="code")
        people = [town.person(str(number)) for number in range(4)]
        for person in people:
            person.types("bonjour")
            town.wait(minutes=1)
        stuck = tuple(person.learner.id for person in people[:2])
        refusing = f"""CREATE TRIGGER stubborn BEFORE DELETE ON learner WHEN OLD.id IN {stuck}
            BEGIN SELECT RAISE(ABORT, 'no'); END"""
        store.write_now(lambda tx: tx.execute(text(refusing)))
        town.wait(hours=25)
        work = strangers.Strangers(store, lambda: town.now)
        with caplog.at_level(logging.ERROR):
            for left in (4, 2, 2):  # the first minute meets those who cannot be, the second the others
                await work.forget()
                assert [person.state for person in people].count("invited") == left
                town.wait(minutes=1)
            assert len(logged.actions(caplog)) == 2
            town.wait(hours=1)
            await work.forget()
            assert len(logged.actions(caplog)) == 4
