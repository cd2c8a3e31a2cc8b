# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One chat that refuses costs nobody else anything: a town on the real Telegram channel, against the emulator."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.channels.telegram import TelegramChannel
from bot.messages import Event
from bot.service import Service
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage import broadcasts, courses, learners, ownership
from tests.bot.builders import MONDAY, lesson, publish
from tests.life import WAIT, TurnedClock
from tests.telegram import Emulator, Person, Telegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from storage.store import Store

DAY = timedelta(days=1)
MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=MONDAY.tzinfo)
"""Tuesday, 08:30 in Paris."""
SLUGS = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit")
MAYOR = 2


class City:
    """A bot on Telegram, and learners numbered from 1 who have read the first lesson; the first is its admin."""

    def __init__(self, store: Store, telegram: Telegram) -> None:
        self.store, self.telegram, self.clock = store, telegram, TurnedClock(MONDAY)
        self.channel = TelegramChannel(telegram.token, telegram.base_url, telegram.base_file_url, 0, 8)
        self.service = Service(
            store,
            [self.channel],
            Rules(Schedule(), "fr", frozenset({f"telegram:{MAYOR}"})),
            now=self.clock,
        )
        self.pump = self.service.pumps["telegram"]
        self.told = 0

    async def settled(self) -> None:
        """Wait until nothing more may leave now."""
        async with asyncio.timeout(WAIT):
            await self.pump.drained()

    async def tells(self, address: int, text: str = "", **what: object) -> None:
        """Let somebody write, and let the answer leave."""
        self.told += 1
        event = Event("telegram", f"e{self.told}", str(address), self.clock(), text=text, **what)  # type: ignore[arg-type]
        await self.service.receiving.receive(self.channel, event)
        await self.settled()

    async def settles(self, *addresses: int) -> None:
        """Have people accept the notice and read the first lesson."""
        for address in addresses:
            await self.telegram.person(address, f"Person {address}")
            await self.tells(address, "start")
            await self.tells(address, "oui")

    async def morning(self, day: int) -> None:
        """Let the lessons of a day leave, counted from Tuesday."""
        self.clock.at = MORNING + day * DAY
        await self.service.plan(self.clock.at)
        await self.settled()

    async def announces(self, text: str) -> None:
        """Send an announcement to everybody."""
        await self.store.write(broadcasts.begin, roles=["agent"], by="test", now=self.clock.at, text=text)
        await self.service.plan(self.clock.at)
        await self.settled()

    async def saw(self, text: str, *addresses: int) -> list[int]:
        """Those of some people whose screen shows a text."""
        found = []
        for address in addresses:
            screen = await Person(self.telegram, address, "").messages()
            if any(text in message.text for message in screen):
                found.append(address)
        return found

    def state_of(self, address: int) -> tuple[str, str]:
        found = self.store.read_now(learners.by_address, "telegram", str(address))
        assert found is not None
        return found.state, found.pause_reason

    def held(self) -> list[str]:
        published = self.store.read_now(courses.catalogue)
        assert published is not None
        return sorted(entry.id for entry in published.entries.values() if entry.held)


@asynccontextmanager
async def city(store: Store, learners_: int) -> AsyncIterator[City]:
    """A city whose messages leave while the block runs."""
    store.write_now(publish, *(lesson(slug) for slug in SLUGS), now=MONDAY)
    async with Emulator(light=True) as telegram:
        here = City(store, telegram)
        assert await store.write(ownership.take, here.channel.account)
        await here.channel.open()
        pump = asyncio.create_task(here.pump.run())
        try:
            await here.settles(*range(1, learners_ + 1))
            yield here
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            await here.channel.close()


async def test_chats_that_refuse_cost_nobody_else_a_lesson_or_an_announcement(store: Store) -> None:
    sentences = {
        1: "Bad Request: private chat not found",
        4: "Bad Request: PEER_ID_INVALID",
        7: "Forbidden: something that nobody has seen yet",
        10: "Bad Request: something that nobody has seen yet",
    }
    others = [address for address in range(1, 17) if address not in sentences]
    async with city(store, 16) as here:
        for address, sentence in sentences.items():
            await here.telegram.refuses(address, description=sentence)
        for day, slug in enumerate(SLUGS[1:3]):
            await here.morning(day)
            assert await here.saw(f"Titre de {slug}", *others) == others
        await here.announces("La mairie ferme à midi.")
        assert await here.saw("La mairie ferme", *others) == others
        assert here.held() == []
        assert await here.saw("⚠️", MAYOR) == []
        assert here.pump.breaker.opened_at is None
        assert {here.state_of(address) for address in range(1, 17)} == {("active", "")}
