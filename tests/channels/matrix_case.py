# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Matrix as a case of the conformance suite: the real client, over HTTP, against a real Synapse."""

from __future__ import annotations

import asyncio
import html
import re
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.account import Account, log_in
from bot.messages import Choice, Event, Form, Kind, Question
from bot.service import Service
from bot.service.service import utc_now
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage.store import Store
from tests.channels.cases import ChannelCase, Promise
from tests.channels.matrix.gate import Gate, only, refusing
from tests.journeys import teaching
from tests.matrix import Account as Owned
from tests.matrix import Learner, Shown, Synapse
from tests.matrix.reader import PATIENCE, Reader

KEY = "une phrase de tests"
QUIZ = Question(
    "p7",
    Form.QUIZ,
    "Que faites-vous ?",
    (Choice("a", "J’y colle tout"), Choice("b", "Je demande " + "d’abord " * 20), Choice("c", "Rien")),
)


async def account_of(synapse: Synapse, folder: Path, owned: Owned | None = None) -> Account:
    """The bot's account, logged in."""
    owned = owned or synapse.account("bot")
    account = Account(synapse.url, owned.user_id, folder / "store", KEY, password=owned.password)
    await log_in(account)
    return account


def channel_of(
    account: Account,
    rate: float = 0,
    allowed: Sequence[str] = (),
    key_patience: float = 1.0,
    patience: float = PATIENCE,
    device_patience: float = PATIENCE,
) -> MatrixChannel:
    """A channel that asks often, and gives a request up late: a busy machine answers in seconds."""
    return MatrixChannel(
        account,
        rate,
        allowed,
        poll=2,
        patience=patience,
        key_patience=key_patience,
        device_patience=device_patience,
    )


async def heard(channel: MatrixChannel, count: int, seconds: float = PATIENCE) -> list[Event]:
    """What happened since the last page that was followed by another; the last is left for the next."""
    events: list[Event] = []
    pages = channel.listen()
    assert isinstance(pages, AsyncGenerator)
    async with asyncio.timeout(seconds):
        while len(events) < count:
            events += await anext(pages)
    await pages.aclose()
    return events


async def overheard(
    channel: MatrixChannel,
    count: int = 0,
    seconds: float = PATIENCE,
    until: Callable[[list[Event]], object] = lambda _: False,
) -> list[Event]:
    """What happens in a while, until there are so many events or until something holds; all of it acknowledged."""
    events: list[Event] = []

    async def listen() -> None:
        async for page in channel.listen():  # each is acknowledged before anything else runs
            events.extend(page)

    listening = asyncio.create_task(listen())
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not listening.done():
                if 0 < count <= len(events) or until(events):
                    break
                await asyncio.sleep(0.01)
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    for _ in range(5):  # the request that was given up gets to a gate now, before the test changes its rule
        await asyncio.sleep(0)
    return events


def texts(events: Sequence[Event]) -> list[str]:
    return [event.text for event in events]


def kinds(events: Sequence[Event]) -> list[Kind]:
    return [event.kind for event in events]


async def meets(ann: Learner, channel: MatrixChannel, account: Account) -> str:
    """Ann opens a direct room, the bot comes and hears that it is to greet; the room's id."""
    room = await ann.invites(account.user_id)
    (greeted,) = await overheard(channel, 1)
    assert (greeted.address, greeted.kind, greeted.sender) == (room, Kind.GREETING, ann.user_id)
    await ann.met(account.user_id)
    return room


@asynccontextmanager
async def serving(store: Store, account: Account, *admins: str) -> AsyncIterator[Service]:
    """The whole service on one channel, which teaches the tests' own course."""
    await store.write(teaching.publish, account.store.parent / "lessons", now=utc_now())
    channel: MatrixChannel = channel_of(account)
    service = Service(store, [channel], Rules(Schedule(), "fr", frozenset(admins)))
    running = asyncio.create_task(service.run())
    try:
        yield service
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def asked(ann: Reader) -> tuple[Shown, Shown]:
    """The lesson, which says to vote, and the poll after it, which holds the whole question."""
    text = await ann.next_message()
    poll = await ann.next_message()
    assert text.poll is None
    assert poll.poll is not None
    assert "Votez ci-dessous" in text.text
    return text, poll


def _is(event: str, shown: Shown) -> bool:
    return shown.id == event


class MatrixCase(ChannelCase):
    """Ann, in her encrypted direct room."""

    name = "matrix"
    exempt: ClassVar[Mapping[Promise, str]] = {
        Promise.EDITS: "an answer is a reply: a message changed further up in a room goes unseen",
    }
    synapse: ClassVar[Synapse]
    """The homeserver of the test run."""

    channel: MatrixChannel

    async def start(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="matrix-")
        self._gate = await Gate(self.synapse.url).__aenter__()
        own = await account_of(self.synapse, Path(self._folder.name))
        self._account = replace(own, homeserver=self._gate.url)
        self.ann = await Learner.arrives(self.synapse, "ann")
        self.channel = channel_of(self._account)
        await self.channel.open()
        self.address = await meets(self.ann, self.channel, own)

    async def stop(self) -> None:
        await self.channel.close()
        await self.ann.closes()
        await self._gate.__aexit__(None, None, None)
        self._folder.cleanup()

    async def restart(self) -> None:
        await self.channel.close()
        self.channel = channel_of(self._account)
        await self.channel.open()

    async def shown(self) -> list[str]:
        return [shown.text for shown in await self._screen() if not shown.file or shown.text]

    async def received_files(self) -> list[tuple[str, bytes]]:
        return [
            (shown.file.name, shown.file.content)
            for shown in await self._screen()
            if shown.file and not shown.file.size
        ]

    async def received_pictures(self) -> list[tuple[str, bytes]]:
        return [
            (shown.text, shown.file.content)
            for shown in await self._screen()
            if shown.file and shown.file.size
        ]

    async def refuses_files(self) -> None:
        self._gate.rule = only("/media/", refusing(413, "M_TOO_LARGE"))

    async def _screen(self) -> list[Shown]:
        """What Ann sees, once all that the homeserver holds has reached her."""
        sent = {one.id for one in await self.ann.wire(sender=self._account.user_id) if not one.state}
        async with asyncio.timeout(PATIENCE):
            for event in sent:
                await self.ann.sees(partial(_is, event))
        screen = await self.ann.messages()
        for shown in screen:
            formatted = html.unescape(re.sub(r"<[^>]*>", "", shown.html.replace("<br>", "\n")))
            assert shown.html == "" or formatted == shown.text
        return screen

    async def type(self, text: str) -> None:
        await self.ann.says(text)

    async def press(self, question: Question, key: str) -> None:
        newest = (await self._screen())[-1]
        assert newest.poll is not None
        label = next(choice.label for choice in question.choices if choice.key == key)
        await self.ann.votes(newest, next(shown for shown in newest.poll.answers.values() if label in shown))

    async def send_file(self, name: str, content: bytes) -> None:
        await self.ann.sends_file(name, content)

    async def leave(self) -> None:
        await self.ann.leaves()
        # In the service the channel always listens; what it hears comes again to who asks for the page.
        await heard(self.channel, 1)

    async def vanish(self) -> None:
        await self._gate.closes()
