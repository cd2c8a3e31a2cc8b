# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Telegram as a case of the conformance suite: the real client, over HTTP, against the emulator."""

from __future__ import annotations

from bot.channels.telegram import Hook, TelegramChannel
from bot.messages import Question
from tests.channels.cases import ChannelCase
from tests.telegram import PUBLIC, Emulator, Fault, Telegram
from tests.telegram import Kind as Trouble

SECRET = "the_secret-of-the-webhook"
PATIENCE = 30.0
"""Seconds to wait for what must come: generous, since it ends with what is waited for."""


def channel_of(
    telegram: Telegram,
    in_flight: int = 8,
    hook: Hook | None = None,
    quiet: float = 60,
    patience: float = 10,
) -> TelegramChannel:
    """A channel on the emulator's bot that asks often."""
    where = (telegram.token, telegram.base_url, telegram.base_file_url)
    return TelegramChannel(*where, 0, in_flight, hook, poll=2, quiet=quiet, patience=patience)


async def hook_of(telegram: Telegram) -> Hook:
    """A public address behind which nothing listens yet."""
    return Hook(f"{PUBLIC}/telegram", "127.0.0.1", await telegram.free_address(), SECRET)


class TelegramCase(ChannelCase):
    """Claire, in her direct chat. Telegram is exempt from nothing."""

    name = "telegram"
    address = "4711"

    async def start(self) -> None:
        self.telegram = Emulator()
        await self.telegram.__aenter__()
        self.claire = await self.telegram.person(4711, "Claire")
        await self.prepare()
        self.channel = self.make()
        await self.channel.open()

    async def prepare(self) -> None:
        """Nothing is needed to poll."""

    def make(self) -> TelegramChannel:
        """A channel of the same account."""
        return channel_of(self.telegram)

    async def stop(self) -> None:
        await self.channel.close()
        violations = await self.telegram.violations()
        await self.telegram.__aexit__(None, None, None)
        assert violations == []

    async def restart(self) -> None:
        await self.channel.close()
        self.channel = self.make()
        await self.channel.open()

    async def shown(self) -> list[str]:
        return [message.text for message in await self.claire.messages()]

    async def received_files(self) -> list[tuple[str, bytes]]:
        return [(shown.document, shown.content) for shown in await self.claire.messages() if shown.document]

    async def received_pictures(self) -> list[tuple[str, bytes]]:
        return [(shown.text, shown.content) for shown in await self.claire.messages() if shown.photo]

    async def refuses_files(self) -> None:
        for method in ("sendPhoto", "sendDocument"):
            await self.telegram.fault(
                Fault(Trouble.REFUSED, method, times=None, description="Request Entity Too Large")
            )

    async def type(self, text: str) -> None:
        await self.claire.says(text)

    async def press(self, question: Question, key: str) -> None:
        newest = (await self.claire.messages())[-1]
        place = [choice.key for choice in question.choices].index(key) + 1
        await self.claire.presses(newest.id, str(place))

    async def send_file(self, name: str, content: bytes) -> None:
        await self.claire.sends_file(name, content)

    async def leave(self) -> None:
        await self.claire.blocks()

    async def vanish(self) -> None:
        await self.telegram.goes_down()


class WebhookCase(TelegramCase):
    """The same, with Telegram posting what Claire does."""

    name = "telegram, webhook"

    async def prepare(self) -> None:
        self.hook = await hook_of(self.telegram)

    def make(self) -> TelegramChannel:
        return channel_of(self.telegram, hook=self.hook)
