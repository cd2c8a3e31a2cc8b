# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One chat that refuses costs nobody else anything: a town on the real Telegram channel, against the emulator."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.channels.telegram import TelegramChannel
from bot.messages import Event, Kind
from bot.pacing import Pace
from bot.service import Service
from bot.service.breaker import FIRST_PROBE, GONE, PROBE
from bot.service.outbound import LONGEST_RETRY, REFUSALS
from bot.service.taking_back import AGAIN
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage import broadcasts, courses, learners, ownership
from storage.database import open_database
from tests import logged
from tests.bot.builders import MONDAY, lesson, publish
from tests.life import WAIT, TurnedClock
from tests.telegram import Emulator, Fault, Person, Telegram
from tests.telegram import Kind as Trouble
from tests.telegram.errors import LEFT, REFUSES, UNKNOWN, UPGRADED
from tests.waiting import until, until_all

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

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
        self.channel.pace = Pace(0, 8, address_rate=0)
        self.seconds = 0.0
        self.service = Service(
            store,
            [self.channel],
            Rules(Schedule(), "fr", frozenset({f"telegram:{MAYOR}"})),
            now=self.clock,
            monotonic=lambda: self.seconds,
        )
        self.pump = self.service.pumps["telegram"]
        self.told = 0

    def later(self, seconds: float) -> None:
        """Turn both clocks."""
        self.seconds += seconds
        self.clock.at += timedelta(seconds=seconds)
        self.service.wake()

    async def sends(self) -> int:
        """How many messages were sent, or refused."""
        counter = (await self.telegram.counters()).get("sendMessage")
        return 0 if counter is None else counter.calls

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


async def test_a_chat_that_goes_on_refusing_counts_as_gone_until_somebody_writes_from_it(
    sqlite_url: str,
) -> None:
    with open_database(sqlite_url) as store:
        async with city(store, 3) as here:
            await here.telegram.refuses(3, description="Bad Request: private chat not found")
            for number in range(REFUSALS):
                assert here.state_of(3) == ("active", "")
                await here.announces(f"Annonce {number}")
            assert here.state_of(3) == ("paused", "gone")
            await here.telegram.refuses(3, description="")
            await here.tells(3, "aide")
            assert here.state_of(3) == ("active", "")
            await here.telegram.refuses(3, description="Bad Request: private chat not found")
            await here.announces("Encore")
            assert here.state_of(3) == ("active", ""), "it received something meanwhile"


async def fails(here: City, kind: Trouble, probes: int = 4) -> None:
    """Let every send fail as the lessons of a morning leave, and as many probes; then let them work again."""
    await here.telegram.fault(Fault(kind, method="sendMessage", times=None))
    here.clock.at = MORNING
    await here.service.plan(here.clock.at)
    await until(lambda: here.pump.breaker.is_open)
    for _ in range(probes):
        before = await here.sends()
        here.later(PROBE)
        await until_all(here.sends, before + 1)
    await here.telegram.clear_faults()
    here.later(PROBE)
    here.later(LONGEST_RETRY)
    await until(lambda: not here.pump.breaker.is_open)
    await here.settled()


async def test_people_who_seem_gone_while_the_channel_is_at_fault_are_all_taken_back(store: Store) -> None:
    everybody = range(1, 31)
    async with city(store, 30) as here:
        await fails(here, Trouble.BLOCKED)
        assert {here.state_of(address) for address in everybody} == {("active", "")}
        assert len(await here.saw("Titre de deux", *everybody)) == 30 - GONE + 1, (
            "whoever seemed gone lost a day"
        )
        await here.morning(1)
        assert await here.saw("Titre de deux", *everybody) == list(everybody)


async def test_a_proxy_that_forbids_every_call_loses_nobody_and_no_lesson(sqlite_url: str) -> None:
    everybody = range(1, 13)
    with open_database(sqlite_url) as store:
        async with city(store, 12) as here:
            await fails(here, Trouble.PROXY_FORBIDDEN)
            assert {here.state_of(address) for address in everybody} == {("active", "")}
            assert await here.saw("Titre de deux", *everybody) == list(everybody)


async def test_whoever_cannot_be_taken_back_at_once_is_taken_back_later(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    refuses = """CREATE TRIGGER refuses BEFORE UPDATE OF state ON learner WHEN NEW.state = 'active' AND OLD.state <> 'active'
        BEGIN SELECT RAISE(ABORT, 'no'); END"""
    everybody = range(1, 16)
    with open_database(sqlite_url) as store:
        async with city(store, 15) as here:
            store.write_now(lambda tx: tx.exec_driver_sql(refuses))
            await fails(here, Trouble.BLOCKED, probes=1)
            states = [here.state_of(address) for address in everybody]
            assert states.count(("paused", "gone")) == GONE - 1
            assert "take-back" in logged.actions(caplog)
            store.write_now(lambda tx: tx.exec_driver_sql("DROP TRIGGER refuses"))
            here.later(AGAIN)
            await until(lambda: {here.state_of(address) for address in everybody} == {("active", "")})


async def test_groups_that_refuse_are_greeted_once_and_delay_nobody(sqlite_url: str) -> None:
    sentences = [*LEFT, *REFUSES, *UNKNOWN[:2], UPGRADED]
    with open_database(sqlite_url) as store:
        async with city(store, 2) as here:
            for number, sentence in enumerate(sentences, 1):
                await here.telegram.group(-number, "Mairie")
                await here.telegram.refuses(-number, description=sentence)
            before = await here.sends()
            for number in range(1, len(sentences) + 1):
                await here.tells(-number, kind=Kind.GROUP)
            assert not here.pump.breaker.is_open
            await here.tells(1, "aide")
            here.later(3600)
            await here.settled()
            assert await here.sends() == before + len(sentences) + 1


async def test_a_probe_waits_for_something_to_send_and_a_group_that_refuses_it_is_not_greeted_again(
    sqlite_url: str,
) -> None:
    with open_database(sqlite_url) as store:
        async with city(store, 1) as here:  # without the admin, to whom an alert would be ready
            await here.telegram.fault(Fault(Trouble.PROXY_FORBIDDEN, method="sendMessage", times=None))
            await here.tells(1, "aide")
            assert here.pump.breaker.is_open
            await here.telegram.clear_faults()
            await here.telegram.group(-1, "Mairie")
            await here.telegram.refuses(-1, description=REFUSES[0])
            before = await here.sends()
            here.seconds += FIRST_PROBE
            here.service.wake()
            await here.settled()
            assert await here.sends() == before, "nothing was ready"
            async with asyncio.timeout(5):
                await here.tells(-1, kind=Kind.GROUP)
            assert here.pump.breaker.is_open
            assert await here.sends() == before + 1
            here.later(3600)
            await here.settled()
            assert await here.sends() == before + 2, (
                "the answer to the first person, and nothing to the group"
            )
