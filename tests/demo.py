# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A month with one learner in about a minute: the real service, on a clock that is turned.

They answer on Mondays and Thursdays: a question they failed comes back, what they left comes again, fewer days are offered,
and a short course ends.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import rules_of
from bot.channels.console import ConsoleChannel
from bot.talk import finish, rhythm
from bot.wording import words_of
from config.settings import Settings
from lessons import source
from lessons.curriculum import Role
from storage import courses
from storage.database import open_database
from storage.progress import prompts
from storage.store import Store
from tests.life import Life

DAYS = 37
LESSONS = 14
"""Of the agents' path: so that it ends within the month."""
PAUSE = 1.0
"""Seconds to read what was just said."""
WRONG = 4
"""One of so many answers is wrong, the first one too."""


class Demonstration(Life):
    """The learner of the demonstration: what they type is shown, and there is time to read."""

    def __init__(self, store: Store, start: datetime, pause: float, pictures: Path) -> None:
        super().__init__(store, start, rules_of(Settings()), ConsoleChannel(folder=pictures))
        self.pause = pause
        self.given = 0
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
                await self.accepts(rhythm.TOPIC, "oui")
                if due.weekday() in (0, 3):
                    await self.answers()
            await self.say("progression")

    async def answers(self) -> None:
        """Answer the question that came last and the one that follows it, a minute after each; agree to the end."""
        for _ in range(2):
            answer = await self.answer(right=self.given % WRONG != 0)
            if answer is not None:
                self.given += 1
                self.clock.at += timedelta(minutes=1)
                await self.say(answer)
                await self.accepts(finish.TOPIC, "d’accord")

    async def accepts(self, topic: str, word: str) -> None:
        """Say yes to what was offered, if it was."""
        learner = await self.learner()
        if await self.store.read(prompts.newest_open, learner.id, topic) is not None:
            await self.say(word)

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


def teach(store: Store, now: datetime) -> None:
    """Publish the beginning of the course that ships with the program."""
    library = source.read([source.library()])
    assert library.course is not None
    path = next(path.lessons for path in library.course.paths if path.id == Role.AGENT)
    lessons = [one for one in library.lessons if one.lesson.id in path[:LESSONS]]
    store.write_now(courses.publish, library.course, lessons, by="cli:demo", now=now)


async def tell(pause: float, today: datetime, pictures: Path) -> None:
    """Tell the story from the first Monday on. `pause`: seconds to read what was just said. `pictures`: where they go."""
    now = today.replace(hour=7, minute=0, second=0, microsecond=0)
    start = now + timedelta(days=-now.weekday() % 7)  # whole weeks make a habit
    with (
        tempfile.TemporaryDirectory() as folder,
        open_database(f"sqlite:///{Path(folder) / 'demo.db'}") as store,
    ):
        teach(store, start)
        await Demonstration(store, start, pause, pictures).live()


def main() -> None:
    """Show it. `--fast` leaves no time to read."""
    logging.basicConfig(level=logging.ERROR)  # how busy the machine is has no part in the story
    # It stays, so that the pictures can be looked at when the story is over.
    pictures = Path(tempfile.mkdtemp(prefix="iaventure-"))
    asyncio.run(tell(0.0 if "--fast" in sys.argv[1:] else PAUSE, datetime.now(UTC), pictures))


if __name__ == "__main__":
    main()
