# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Ten days with one learner in about a minute: the real service, on a clock that is turned."""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import rules_of, ship_library
from bot.channels.console import ConsoleChannel
from bot.wording import words_of
from config.settings import Settings
from storage.database import open_database
from storage.store import Store
from tests.life import Life

DAYS = 10
PAUSE = 2.2
"""Seconds to read what was just said."""
RIGHT = 0.75
"""How often the learner of the demonstration is right."""


class Demonstration(Life):
    """The learner of the demonstration: what they type is shown, and there is time to read."""

    def __init__(self, store: Store, start: datetime, pause: float) -> None:
        super().__init__(store, start, rules_of(Settings()), ConsoleChannel())
        self.pause = pause
        self.chance = random.Random(2026)  # noqa: S311 - a story, no secret
        self.words = words_of("fr")

    async def live(self) -> None:
        """Subscribe, then live until the last day."""
        end = self.clock.at + timedelta(days=DAYS)
        async with self.sending():
            await self.say("start")
            await self.say("oui")
            await self.answers()
            while (due := (await self.enrolment()).next_at) is not None and due < end:
                self.clock.at = due
                self.show(f"\n── {self.words.when(due, 'Europe/Paris')} ──\n")
                await self.service.plan(due)
                await self.settled()
                await self.answers()
            await self.say("progression")

    async def answers(self) -> None:
        """Answer every question that is open, a minute after each."""
        while (answer := await self.answer(right=self.chance.random() < RIGHT)) is not None:
            self.clock.at += timedelta(minutes=1)
            await self.say(answer)

    async def say(self, text: str) -> None:
        """Type something, and read what comes back."""
        self.show(f"> {text}\n\n")
        await self.says(text)

    async def settled(self) -> None:
        """Let everything that is queued be printed, and read it."""
        await super().settled()
        await asyncio.sleep(self.pause)

    @staticmethod
    def show(text: str) -> None:
        """Print what is not a message of the bot."""
        sys.stdout.write(text)
        sys.stdout.flush()


async def _run(pause: float) -> None:
    start = datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_database(f"sqlite:///{Path(folder) / 'demo.db'}") as store,
    ):
        ship_library(store, start)
        await Demonstration(store, start, pause).live()


def main() -> None:
    """Show it. `--fast` leaves no time to read."""
    logging.basicConfig(level=logging.ERROR)  # how busy the machine is has no part in the story
    asyncio.run(_run(0.0 if "--fast" in sys.argv[1:] else PAUSE))


if __name__ == "__main__":
    main()
