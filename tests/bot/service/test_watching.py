# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A channel that is at fault or deaf is told to the admins, once, and so is its end; nothing is closed for it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from bot.channels import ChannelFault, Contested
from bot.hearing import DEAF, REFUSALS
from bot.service import Service
from bot.service.watching import NOTE, STEADY, Watching
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage import counters, ownership
from tests import logged
from tests.channels.telegram_case import channel_of
from tests.telegram import Emulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.channels.telegram import TelegramChannel
    from tests.bot.builders import Town

OTHER = Contested("another process receives with this token")
PROXY = ChannelFault("a proxy forbids every call")


class Watched:
    """One Telegram channel of a town, looked at when a test says, by a clock that it turns."""

    def __init__(self, town: Town, channel: TelegramChannel) -> None:
        self.town, self.channel, self.seconds = town, channel, 5000.0
        self.mayor = town.learner("mairie")
        rules = Rules(Schedule(), "fr", town.admins)
        self.service = Service(town.store, [channel], rules, lambda: town.now, lambda: self.seconds)
        assert town.store.write_now(ownership.take, channel.account)
        self.restart()

    def restart(self) -> None:
        """A new process looks: it knows what the database holds."""
        self.channel.hearing.begin(self.seconds)
        self.service.pulse.open["telegram"] = True
        self.service.pulse.faulty.clear()
        self.watching: Watching = self.service._watching(self.channel)  # whose loop nobody starts

    def wait(self, seconds: float) -> None:
        self.seconds += seconds
        self.town.wait(seconds=seconds)

    async def said(self) -> str:
        """What the mayor reads after one look."""
        before = len(self.mayor.shown)
        await self.watching.look()
        self.town.deliver()
        return self.mayor.heard(before)

    async def refused(self, error: Exception, seconds: float) -> str:
        """What the mayor reads while the service refuses for so long, every ten seconds."""
        said = ""
        for _ in range(int(seconds // 10)):
            self.wait(10)
            self.channel.hearing.refused(self.seconds, error)
            said += await self.said()
        return said

    async def answered(self, seconds: float) -> str:
        said = ""
        for _ in range(int(seconds // 10)):
            self.wait(10)
            self.channel.hearing.heard(self.seconds)
            said += await self.said()
        return said


@pytest.fixture
async def watched(town: Town) -> AsyncIterator[Watched]:
    async with Emulator() as telegram:
        channel = channel_of(telegram)
        yield Watched(town, channel)
        await channel.close()


async def test_a_deaf_channel_is_told_once_by_its_reason_and_once_when_it_hears_again(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    for error, told in ((OTHER, "Un autre programme reçoit"), (PROXY, "n’entend plus")):
        assert await watched.refused(error, DEAF - 10) == ""
        said = await watched.refused(error, 600)
        assert said.count(told) == 1
        assert said.count("⚠️") == 1
        assert "entend de nouveau" not in await watched.answered(STEADY - 10)
        assert (await watched.answered(600)).count("entend de nouveau") == 1
        watched.wait(3600)
    told_of = [
        record.getMessage() for record in caplog.records if record.__dict__["action"] == "judge-hearing"
    ]
    assert len(told_of) == 4
    assert str(OTHER) in told_of[0]
    assert set(logged.actions(caplog)) == {"judge-hearing"}


async def test_a_few_refusals_are_no_deafness(watched: Watched) -> None:
    said = ""
    for _ in range(20):
        for _ in range(REFUSALS + 10):  # many, within a minute: a process that takes over
            watched.wait(1)
            watched.channel.hearing.refused(watched.seconds, OTHER)
            said += await watched.said()
        said += await watched.answered(10)
    for _ in range(REFUSALS - 1):  # few, over minutes
        watched.wait(70)
        watched.channel.hearing.refused(watched.seconds, PROXY)
        said += await watched.said()
    assert said == ""


async def test_a_new_process_does_not_tell_again_what_lasts_and_tells_its_end(watched: Watched) -> None:
    assert "n’entend plus" in await watched.refused(PROXY, 120)
    for _ in range(3):
        watched.restart()
        assert await watched.refused(PROXY, 300) == ""
    watched.restart()
    assert (await watched.answered(300)).count("entend de nouveau") == 1
    watched.restart()
    assert await watched.answered(300) == ""


async def test_a_fault_is_over_when_the_channel_is_open_hears_and_sends_for_a_minute(
    watched: Watched,
) -> None:
    service, breaker = watched.service, watched.service.pumps["telegram"].breaker
    await watched.answered(100)
    service.pulse.open["telegram"] = False
    service.pulse.faulty.add("telegram")
    assert "ne fonctionne plus" in await watched.said()
    assert await watched.refused(PROXY, 600) == "", "what is closed is not said to be deaf besides"
    with service.pulse.opened("telegram"):
        assert await watched.answered(STEADY - 10) == ""
    service.pulse.faulty.add("telegram")
    assert await watched.answered(STEADY) == "", "it was open for less than a minute"
    service.pulse.open["telegram"] = True
    service.pulse.faulty.clear()
    breaker.opened_at = watched.seconds
    assert await watched.answered(600) == "", "it hears, and does not send"
    breaker.opened_at = None
    assert (await watched.answered(600)).count("fonctionne de nouveau") == 1


async def test_a_fault_so_short_that_no_look_saw_it_is_ended_and_hides_no_other(watched: Watched) -> None:
    """A breaker opens, and its first probe closes it five seconds later."""
    await watched.answered(100)
    for _ in range(3):
        await watched.service.telling.alert("alert.fault", "telegram")
        said = await watched.answered(STEADY + 20)
        assert "ne fonctionne plus" in said
        assert said.count("fonctionne de nouveau") == 1
        watched.wait(3600)


async def test_what_a_channel_has_to_tell_is_told_even_when_the_database_was_busy(watched: Watched) -> None:
    watched.channel.hearing.note("alert.webhook", "https://autre.example.org")
    watched.channel.hearing.note("alert.unhooked", "telegram")
    said = await watched.said()
    assert "https://autre.example.org" in said
    assert "a retiré l’adresse" in said
    assert said.count("Le bot essaie de") == 2, "it is told before it is done"
    assert await watched.said() == ""
    watched.channel.hearing.note("alert.position", "matrix")
    watched.town.store.write_now(ownership.give_up, watched.channel.account)
    if watched.town.store.write_now(ownership.held, watched.channel.account):
        return  # a file is owned as a whole
    await watched.channel.hearing.tell("alert.position", "matrix")
    with pytest.raises(Exception, match="another process"):
        await watched.watching.look()
    assert watched.channel.hearing.told() == [("alert.position", "matrix")]


async def test_an_act_of_a_channel_is_queued_before_it_is_done(watched: Watched) -> None:
    """A process that is killed right after loses no alert, and one that does it again tells it once."""
    before = len(watched.mayor.shown)
    for _ in range(2):
        await watched.channel.hearing.tell("alert.webhook", "https://autre.example.org")
        watched.restart()
    watched.town.deliver()
    assert watched.mayor.heard(before).count("https://autre.example.org") == 1


async def test_it_is_noted_once_a_minute_when_the_service_answered(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await watched.answered(10)
    before = watched.town.store.read_now(counters.read)
    await watched.answered(NOTE - 10)
    assert watched.town.store.read_now(counters.read) == before
    await watched.answered(10)
    moments = watched.town.store.read_now(counters.read)
    now = int(watched.town.now.timestamp())
    assert moments["watched.telegram"] == moments["heard.telegram"] == now
    await watched.refused(PROXY, 2 * NOTE)
    moments = watched.town.store.read_now(counters.read)
    assert moments["heard.telegram"] == now
    assert moments["watched.telegram"] == now + 2 * NOTE
