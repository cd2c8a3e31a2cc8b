# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Ten days with one learner in about a minute: the real service, on a clock that is turned."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import rules_of, ship_library
from bot.channels.console import ADDRESS, ConsoleChannel
from bot.messages import Event
from bot.service import Service
from bot.wording import words_of
from config.settings import Settings
from storage import courses, learners
from storage.database import open_database
from storage.learners import Learner
from storage.progress import prompts
from storage.store import Store
from storage.types import Tx

DAYS = 10
PAUSE = 2.2
"""Seconds to read what was just said."""
RIGHT = 0.75
"""How often the learner of the demonstration is right."""


@dataclass(slots=True)
class TurnedClock:
    """A clock that goes only when it is turned."""

    at: datetime

    def __call__(self) -> datetime:
        """What it shows."""
        return self.at


class Demonstration:
    """One learner in a terminal, who answers everything they are asked."""

    def __init__(self, store: Store, clock: TurnedClock, pause: float) -> None:
        self.store, self.clock, self.pause = store, clock, pause
        self.channel = ConsoleChannel()
        self.service = Service(store, [self.channel], rules_of(Settings()), now=clock)
        self.chance = random.Random(2026)  # noqa: S311 - a story, no secret
        self.said = 0

    async def live(self) -> None:
        """Subscribe, then live until the last day."""
        pump = self.service.pumps[self.channel.name]
        pumping = asyncio.create_task(pump.run())
        end = self.clock.at + timedelta(days=DAYS)
        try:
            await self.say("start")
            while (answer := await self.store.read(self.answer)) is not None:
                await self.say(answer)
            while (due := await self.store.read(self.next_at)) is not None and due < end:
                self.clock.at = due
                self.show(f"\n── {self.words.when(due, 'Europe/Paris')} ──\n")
                await self.service.plan(due)
                await self.settle()
                while (answer := await self.store.read(self.answer)) is not None:
                    self.clock.at += timedelta(minutes=1)
                    await self.say(answer)
            await self.say("progression")
        finally:
            pump.stop()
            await pumping

    words = words_of("fr")

    async def say(self, text: str) -> None:
        """Type something, and read what comes back."""
        self.show(f"> {text}\n\n")
        self.said += 1
        event = Event(self.channel.name, f"demo-{self.said}", ADDRESS, self.clock(), text=text)
        await self.service.receiving.receive(self.channel, event)
        await self.settle()

    async def settle(self) -> None:
        """Let everything that is queued be printed, and read it."""
        await self.service.pumps[self.channel.name].drained()
        await asyncio.sleep(self.pause)

    @staticmethod
    def show(text: str) -> None:
        """Print what is not a message of the bot."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def learner(self, tx: Tx) -> Learner | None:
        """The learner of the demonstration."""
        return learners.by_address(tx, self.channel.name, ADDRESS)

    def next_at(self, tx: Tx) -> datetime | None:
        """When the next lesson is due."""
        learner = self.learner(tx)
        return learner.enrolment.next_at if learner and learner.enrolment else None

    def answer(self, tx: Tx) -> str | None:
        """What the learner types to the question in front of them, if there is one."""
        learner = self.learner(tx)
        prompt = prompts.newest_open(tx, learner.id) if learner else None
        if prompt is None:
            return None
        if prompt.version is None or prompt.question is None:
            return "oui"
        asked = courses.lesson_of(tx, prompt.version).question(prompt.question)
        knows = self.chance.random() < RIGHT
        if asked.kind == "number":
            return str(asked.answer if knows else 1)
        right = {key for key, choice in asked.keyed() if choice.correct}
        order: list[str] = prompt.content["order"]
        places = [str(place) for place, key in enumerate(order, 1) if (key in right) == knows]
        return " et ".join(places if asked.kind == "multiple" else places[:1])


async def _run(pause: float) -> None:
    start = datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_database(f"sqlite:///{Path(folder) / 'demo.db'}") as store,
    ):
        ship_library(store, start)
        await Demonstration(store, TurnedClock(start), pause).live()


def main() -> None:
    """Show it. `--fast` leaves no time to read."""
    asyncio.run(_run(0.0 if "--fast" in sys.argv[1:] else PAUSE))


if __name__ == "__main__":
    main()
