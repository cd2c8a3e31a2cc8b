# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One learner at a terminal, who answers as a script says: the real service, on a clock that is turned."""

from __future__ import annotations

import asyncio
import io
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.channels.console import ADDRESS, ConsoleChannel
from bot.messages import Event
from bot.service import Service
from storage import courses, learners, ownership
from storage.progress import prompts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.talk.turn import Rules
    from lessons.model import Question
    from storage.learners import Enrolment, Learner
    from storage.progress.prompts import Prompt
    from storage.store import Store
    from storage.types import Tx

WAIT = 30.0
"""Seconds in which what is waited for must be seen."""


@dataclass(slots=True)
class TurnedClock:
    """A clock that goes only when it is turned."""

    at: datetime

    def __call__(self) -> datetime:
        """Return what it shows."""
        return self.at


class Life:
    """A learner at a terminal, and the clock of their world."""

    def __init__(
        self, store: Store, start: datetime, rules: Rules, channel: ConsoleChannel | None = None
    ) -> None:
        """Begin at `start`. `channel`: the terminal; one that writes to `out` by default."""
        self.store, self.clock = store, TurnedClock(start)
        self.out = io.StringIO()
        self.channel = channel or ConsoleChannel(io.BytesIO(), self.out)
        self.service = Service(store, [self.channel], rules, now=self.clock)
        self.pump = self.service.pumps[self.channel.name]
        self.told = 0

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Let what is queued leave, while the block runs."""
        assert await self.store.write(ownership.take, self.channel.account)
        pump = asyncio.create_task(self.pump.run())
        try:
            yield
            await self.settled()
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until nothing more may leave now."""
        async with asyncio.timeout(WAIT):
            await self.pump.drained()

    async def tells(self, text: str = "", **what: Any) -> None:
        """Type something, or press it, whether anything leaves now or not."""
        self.told += 1
        event = Event(self.channel.name, f"e{self.told}", ADDRESS, self.clock(), text=text, **what)
        await self.service.receiving.receive(self.channel, event)

    async def says(self, *texts: str) -> str:
        """Type one thing after the other; what came back."""
        before = self.out.tell()
        for text in texts:
            await self.tells(text)
            await self.settled()
        return self.out.getvalue()[before:]

    async def learner(self) -> Learner:
        """What is stored of the learner."""
        found = await self.store.read(learners.by_address, self.channel.name, ADDRESS)
        assert found is not None
        return found

    async def enrolment(self) -> Enrolment:
        """Where the learner is in the course."""
        enrolment = (await self.learner()).enrolment
        assert enrolment is not None
        return enrolment

    async def answer(self, *, right: bool = True) -> str | None:
        """What to type to answer the open quiz right, or wrong; nothing when none is open."""
        return await self.store.read(_answer, (await self.learner()).id, right)


def _answer(tx: Tx, learner_id: str, right: bool) -> str | None:
    prompt = prompts.newest_open(tx, learner_id, "quiz")
    return None if prompt is None else typed(tx, prompt, right=right)


def typed(tx: Tx, prompt: Prompt, *, right: bool) -> str:
    """What a learner types to answer a quiz right or wrong."""
    assert prompt.version is not None
    assert prompt.question is not None
    asked = courses.lesson_of(tx, prompt.version).question(prompt.question)
    return _number(asked, right=right) if asked.kind == "number" else _places(asked, prompt, right=right)


def _number(asked: Question, *, right: bool) -> str:
    return str(asked.answer if right else 1)


def _places(asked: Question, prompt: Prompt, *, right: bool) -> str:
    choices, order = dict(asked.keyed()), prompt.content["order"]
    places = [str(place) for place, key in enumerate(order, 1) if choices[key].correct is right]
    return " et ".join(places if asked.kind == "multiple" else places[:1])
