# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Weeks that go by for one learner, and what they bring."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.talk.turn import Rules
from config.schedule import Schedule
from storage import counters
from tests.bot.builders import MONDAY, lesson, publish
from tests.life import Life

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from storage.store import Store

PARIS = ZoneInfo("Europe/Paris")
SLUGS = tuple(f"l{number:02}" for number in range(1, 16))

Said = tuple[datetime, str]
"""When something was said without being asked for, and what it was: a lesson's slug, or its kind."""


class Weeks(Life):
    """A learner whose weeks go by."""

    async def begins(self, *settings: str) -> None:
        """Accept the notice, and change settings."""
        await self.says("start", "oui", *settings)

    async def tick(self, at: datetime | None = None) -> str:
        """A minute comes; what it brought."""
        self.clock.at = at or self.clock.at
        before = self.out.tell()
        await self.service.plan(self.clock.at)
        await self.settled()
        return self.out.getvalue()[before:]

    async def lives(self, answers: bool = False, minutes: int = 30, **time: float) -> list[Said]:
        """Let time go by; what came by itself."""
        came: list[Said] = []
        end = self.clock.at + timedelta(**time)
        while self.clock.at < end:
            text = await self.tick(self.clock.at + timedelta(minutes=minutes))
            if text:
                came.append((self.clock.at, kind(text)))
            while text and answers and (answer := await self.answer()) is not None:
                await self.says(answer)
        return came

    async def counters(self) -> dict[str, int]:
        return await self.store.read(counters.read)


def kind(text: str) -> str:
    """What a text of the bot is: a lesson's slug, or review, reminder, pause, notice."""
    signs = {"On révise": "review", "rien ne presse": "reminder", "en pause": "pause", "📣": "notice"}
    if "📘" in text:
        return text.partition("📘 Titre de ")[2].split("\n")[0]
    return next((kind for sign, kind in signs.items() if sign in text), text)


def teach(store: Store, *slugs: str, **other: Any) -> None:
    store.write_now(publish, *(lesson(slug, **other) for slug in slugs), now=MONDAY)


@asynccontextmanager
async def life(
    store: Store, start: datetime = MONDAY, slugs: Sequence[str] = SLUGS, **schedule: Any
) -> AsyncIterator[Weeks]:
    """A life that has begun: the first lesson was read when it starts."""
    teach(store, *slugs)
    lived = Weeks(store, start, Rules(Schedule(**schedule), "fr", frozenset()))
    async with lived.sending():
        await lived.begins()
        yield lived


def paris(at: datetime) -> tuple[date, str]:
    local = at.astimezone(PARIS)
    return local.date(), f"{local:%H:%M}"
