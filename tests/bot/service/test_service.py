# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What nobody foresaw happens to one channel: does the process go on, and the channel with it?"""

from __future__ import annotations

import asyncio
import io
import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.channels import ChannelFault
from bot.channels.console import ConsoleChannel
from bot.service import Service, owning, service
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage.database import open_database
from tests.bot.builders import lesson, publish

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from bot.messages import Event
    from storage.store import Store
    from tests.postgres import Postgres

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


class Shut(ConsoleChannel):
    """A terminal that cannot be opened."""

    async def open(self) -> None:
        """Raises `ChannelFault`."""
        raise ChannelFault("It is shut.")


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
    assert [record.__dict__["action"] for record in caplog.records] == ["channel-fault"]


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
    assert {record.__dict__["action"] for record in caplog.records} == {"receive-events"}


async def test_an_account_that_is_lost_before_its_channel_opens_is_let_go_of(
    postgres: Postgres, postgres_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owning, "SPEAK", 0.05)
    with open_database(postgres_url) as store, caplog.at_level(logging.WARNING):
        running = asyncio.create_task(talking(store, Shut(io.BytesIO(), io.StringIO())).run())
        await told(caplog, "channel-fault")
        (owner,) = postgres.run("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 27")
        postgres.run(f"SELECT pg_terminate_backend({owner[0]}, 5000)")
        await told(caplog, "lose-account")
        running.cancel()
        await asyncio.wait({running})


async def told(caplog: pytest.LogCaptureFixture, action: str) -> None:
    """Wait for a line of the log."""
    async with asyncio.timeout(60):
        while all(record.__dict__.get("action") != action for record in caplog.records):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
