# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Telegram as a case of the conformance suite: the real client, over HTTP, against the emulator."""

from __future__ import annotations

from bot.channels.telegram import TelegramChannel
from bot.messages import Question
from tests.channels.cases import ChannelCase
from tests.telegram import Emulator, Telegram


def channel_of(telegram: Telegram, in_flight: int = 8) -> TelegramChannel:
    """A channel on the emulator's bot that asks often and gives up soon."""
    return TelegramChannel(
        telegram.token, telegram.base_url, telegram.base_file_url, 0, in_flight, poll=2, patience=2
    )


class TelegramCase(ChannelCase):
    """Claire, in her direct chat. Telegram is exempt from nothing."""

    name = "telegram"
    address = "4711"

    async def start(self) -> None:
        self.telegram = Emulator()
        await self.telegram.__aenter__()
        self.claire = await self.telegram.person(4711, "Claire")
        self.channel = channel_of(self.telegram)
        await self.channel.open()

    async def stop(self) -> None:
        await self.channel.close()
        violations = await self.telegram.violations()
        await self.telegram.__aexit__(None, None, None)
        assert violations == []

    async def restart(self) -> None:
        await self.channel.close()
        self.channel = channel_of(self.telegram)
        await self.channel.open()

    async def shown(self) -> list[str]:
        return [message.text for message in await self.claire.messages()]

    async def received_files(self) -> list[tuple[str, bytes]]:
        return [(shown.document, shown.content) for shown in await self.claire.messages() if shown.document]

    async def type(self, text: str) -> None:
        await self.claire.says(text)

    async def press(self, question: Question, key: str) -> None:
        newest = (await self.claire.messages())[-1]
        place = [choice.key for choice in question.choices].index(key) + 1
        await self.claire.presses(newest.id, str(place))

    async def send_file(self, name: str, content: bytes) -> None:
        await self.claire.sends_file(name, content)

    async def rename(self, name: str) -> None:
        self.claire = await self.telegram.person(4711, name)

    async def leave(self) -> None:
        await self.claire.blocks()

    async def vanish(self) -> None:
        await self.telegram.goes_down()
