# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The pump goes on whatever a reader does while a message is on its way, and stops when it is told to."""

from __future__ import annotations

import asyncio
import io
import math
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from bot.channels import Throttled, Uncertain, Unreachable
from bot.channels.console import ConsoleChannel
from bot.messages import Kind
from bot.service import planning
from bot.service.pump import Pump
from bot.service.service import utc_now
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage import ownership
from storage.outbox import ledger
from storage.progress import prompts
from storage.tables import outbox as rows
from tests import logged
from tests.bot.builders import MONDAY, lesson, publish
from tests.life import WAIT, Life

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.messages import Piece
    from storage.store import Store

TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
"""08:30 in Paris."""


class SlowTerminal(ConsoleChannel):
    """A terminal on which a message may be held up on its way, and fail then."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        super().__init__(io.BytesIO(), self.out)
        self.sending = asyncio.Event()
        self.open_way = asyncio.Event()
        self.open_way.set()
        self.failure: Exception | None = None

    async def send(self, address: str, piece: Piece, key: str, target: str = "") -> str:
        self.sending.set()
        await self.open_way.wait()
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure
        return await super().send(address, piece, key, target)


class Reader(Life):
    """Someone at a slow terminal who has read the first lesson."""

    def __init__(self, store: Store) -> None:
        store.write_now(publish, lesson("un"), lesson("deux"), lesson("trois"), now=MONDAY)
        self.terminal = SlowTerminal()
        super().__init__(store, MONDAY, Rules(Schedule(), "fr", frozenset()), self.terminal)
        self.out = self.terminal.out

    async def presses(self, menu: str, key: str) -> None:
        """Press a button of the newest menu of a topic, as on a channel that has them."""
        prompt = await self.store.read(prompts.newest_open, (await self.learner()).id, menu)
        assert prompt is not None
        await self.tells(kind=Kind.CHOOSE, refers=prompt.id, keys=(key,))

    @asynccontextmanager
    async def while_a_lesson_leaves(self) -> AsyncIterator[None]:
        """The lesson of a Tuesday is on its way until the block ends."""
        self.clock.at = TUESDAY
        self.terminal.open_way.clear()
        self.terminal.sending.clear()
        await self.service.plan(self.clock.at)
        async with asyncio.timeout(WAIT):
            await self.terminal.sending.wait()
        yield
        self.terminal.open_way.set()
        await self.settled()

    def outcomes(self, kind: str = "lesson") -> dict[str, int]:
        return self.store.read_now(ledger.outcomes)[kind]


@pytest.fixture
async def reader(store: Store) -> AsyncIterator[Reader]:
    reading = Reader(store)
    async with reading.sending():
        await reading.says("start", "oui")
        yield reading


async def test_who_erases_everything_meanwhile_stops_nothing(
    reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    await reader.says("stop")
    async with reader.while_a_lesson_leaves():
        await reader.presses("stop", "erase")
    assert "Titre de deux" in reader.out.getvalue()
    assert "C’est arrêté, et effacé" in reader.out.getvalue().rpartition("Titre de deux")[2], (
        "the goodbye left too"
    )
    assert reader.outcomes() == {"cancelled": 1}
    assert logged.lines(caplog) == []


async def test_a_failure_that_cannot_be_settled_ends_its_message_and_holds_up_no_other(
    reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    async with reader.while_a_lesson_leaves():
        reader.terminal.failure = Throttled(math.inf)
    assert reader.outcomes() == {"refused": 1}
    assert [record.__dict__["action"] for record in caplog.records if record.levelname == "ERROR"] == [
        "settle-message"
    ]
    assert "aide" in await reader.says("aide")


async def test_a_message_that_arrived_and_cannot_be_settled_is_not_sent_again(
    reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    reader.clock.at = TUESDAY
    reader.store.write_now(planning.plan, TUESDAY)
    reader.store.write_now(
        lambda tx: tx.execute(update(rows).where(rows.c.kind == "lesson").values(content={}))
    )
    reader.pump.wake()
    await reader.settled()
    assert reader.outcomes() == {"sent": 1}
    assert reader.out.getvalue().count("Titre de deux") == 1
    assert logged.actions(caplog) == ["settle-message"]
    assert "aide" in await reader.says("aide")


@pytest.mark.parametrize("failure", [Unreachable("down"), Uncertain("cut")])
async def test_who_pauses_meanwhile_does_not_get_it_a_second_time(reader: Reader, failure: Exception) -> None:
    async with reader.while_a_lesson_leaves():
        reader.terminal.failure = failure
        await reader.tells("pause")
    reader.clock.at += timedelta(minutes=3)
    assert "en pause" in await reader.says("aide")
    assert reader.outcomes() == {"cancelled": 1}
    assert "Titre de deux" not in reader.out.getvalue()


async def test_who_pauses_meanwhile_and_comes_back_gets_it_after_all(reader: Reader) -> None:
    async with reader.while_a_lesson_leaves():
        reader.terminal.failure = Unreachable("down")
        await reader.tells("pause")
        await reader.tells("reprendre")
    reader.clock.at += timedelta(minutes=3)
    await reader.says("aide")
    assert reader.outcomes() == {"sent": 1}


async def test_who_writes_after_a_lesson_that_may_have_left_has_the_answer_within_seconds(
    reader: Reader,
) -> None:
    async with reader.while_a_lesson_leaves():
        reader.terminal.failure = Uncertain("cut")
    before = reader.out.tell()
    await reader.tells("aide")
    reader.clock.at += timedelta(seconds=6)
    reader.pump.wake()
    await reader.settled()
    _, lesson_again, answer = reader.out.getvalue()[before:].partition("Titre de deux")
    assert lesson_again
    assert "progression" in answer


async def unheard(key: str, about: str) -> None:
    """No admin to tell."""


@pytest.mark.parametrize("turns", range(5))
async def test_a_pump_cancelled_just_after_it_was_woken_ends(store: Store, turns: int) -> None:
    channel = ConsoleChannel(io.BytesIO(), io.StringIO())
    assert await store.write(ownership.take, channel.account)
    pump = Pump(store, channel, utc_now, unheard)
    running = asyncio.create_task(pump.run())
    pump.wake()
    await pump.drained()
    await asyncio.sleep(0.05)
    pump.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    ended, _ = await asyncio.wait({running}, timeout=WAIT)
    assert ended
    assert running.cancelled()
