# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`python -m tests.bench.day [--learners N]`: a whole day of a town in all time zones, against the emulator.

The clock is turned from minute to minute, and a minute lasts as long as what it brings. A tenth of those who got a lesson
answer its question at once. The same day is lived through by 1,000 learners, in a process of its own: what is
compared is what one delivery costs, and how much memory the service holds.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from zoneinfo import available_timezones

from pydantic import ValidationError

from bot.app import ship_library, warm_up
from bot.service import Service
from config.schedule import Schedule, next_slot
from storage.database import open_database
from storage.outbox import ledger
from storage.store import Store
from tests.bench.figure import Figure, table
from tests.bench.process import resident
from tests.bench.scale import Scale
from tests.bench.town import RULES, Due, address, channel_to, counted, emulator, populate
from tests.telegram import EmulatorProcess

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
"""A Tuesday: it is a working day, or becomes one, in every zone."""
MINUTES = 24 * 60
ANSWERING = 10
"""One of so many answers."""
SMALL = 1_000
IN_FLIGHT = 30
PATIENCE = 3600.0
SAMPLE = 0.05


@dataclass(frozen=True, slots=True)
class Day:
    """What one day took."""

    learners: int
    answers: int
    seconds: float
    cpu: float
    """Seconds of our process alone."""
    memory: float
    """Megabytes at its highest."""

    @property
    def cost(self) -> float:
        """Seconds of processor for 1,000 lessons."""
        return 1000 * self.cpu / self.learners


async def measure(scale: Scale) -> list[Figure]:
    """Both days one after the other, in this process."""
    return figures(await live(scale.small_day), await live(scale.day))


def figures(small: Day, large: Day) -> list[Figure]:
    """What is told of the two days."""
    return [
        Figure(
            f"a delivery among {large.learners:,} / among {small.learners:,}",
            (large.cost / small.cost,),
            at_most=1.5,
        ),
        Figure("  memory, at its highest", (large.memory - small.memory,), "MB more", at_most=40),
        Figure(f"a day of {large.learners:,}", (large.seconds,), "s"),
        Figure("  processor for 1,000 deliveries", (large.cost,), "s"),
        Figure("  answers meanwhile", (float(large.answers),), "answers"),
        Figure("  memory, at its highest", (large.memory,), "MB"),
        Figure(f"a day of {small.learners:,}", (small.seconds,), "s"),
        Figure("  processor for 1,000 deliveries", (small.cost,), "s"),
        Figure("  memory, at its highest", (small.memory,), "MB"),
    ]


async def live(learners: int) -> Day:
    """A day of so many learners: everybody gets a lesson, or it is an error."""
    due = everywhere()[:learners]
    with address() as url, open_database(url) as store:
        ship_library(store, MIDNIGHT)
        warm_up(RULES.schedule)
        populate(store, learners, due)
        async with emulator(learners) as telegram:
            town = _Town(store, telegram, learners, due)
            began, used = time.perf_counter(), time.process_time()
            memory = await town.live()
            seconds, cpu = time.perf_counter() - began, time.process_time() - used
        outcomes = await store.read(ledger.outcomes)
    if outcomes["lesson"] != {"sent": learners}:
        raise RuntimeError(f"not everybody had a lesson: {outcomes}")
    return Day(learners, town.answers, seconds, cpu, memory)


def everywhere() -> list[Due]:
    """The default schedule in every zone that there is, and when the first lesson of the day comes."""
    found = []
    for zone in sorted(available_timezones()):
        try:
            schedule = Schedule(time_zone=zone)
        except ValidationError:
            continue
        found.append((schedule, next_slot(schedule, MIDNIGHT - timedelta(minutes=1)).at))
    return found


class _Town:
    """A service whose clock is turned, and people who answer."""

    def __init__(self, store: Store, telegram: EmulatorProcess, learners: int, due: Sequence[Due]) -> None:
        self.telegram, self.learners, self.due = telegram, learners, due
        self.now = MIDNIGHT
        self.answers = 0
        channel = channel_to(telegram, in_flight=IN_FLIGHT)
        self.service = Service(store, [channel], RULES, now=lambda: self.now)

    async def live(self) -> float:
        """The whole day; megabytes at their highest."""
        running = asyncio.create_task(self.service.run())
        sizes = [resident()]
        watching = asyncio.create_task(_watch(sizes))
        try:
            await counted(self.telegram, "getMe", 1)
            for minute in range(MINUTES):
                self.now = MIDNIGHT + timedelta(minutes=minute)
                if await self.service.plan(self.now):
                    await self.service.pumps["telegram"].drained()
                    await self._answer()
        finally:
            for task in (running, watching):
                task.cancel()
            await asyncio.gather(running, watching, return_exceptions=True)
        return max(sizes)

    async def _answer(self) -> None:
        """Every tenth of those whose lesson came now presses the first button of it."""
        turns = len(self.due)
        for place, (_, at) in enumerate(self.due):
            if at != self.now:
                continue
            chats = [chat for chat in range(place or turns, self.learners + 1, turns) if not chat % ANSWERING]
            await self.telegram.together(
                {"do": "presses", "chat": chat, "message": 1, "button": "1"} for chat in chats
            )
            self.answers += len(chats)
        if self.answers:
            await counted(self.telegram, "answerCallbackQuery", self.answers, PATIENCE)
        await self.service.pumps["telegram"].drained()


async def _watch(sizes: list[float]) -> None:
    while True:
        sizes[0] = max(sizes[0], resident())
        await asyncio.sleep(SAMPLE)


def _lived(learners: int) -> Day:
    logging.basicConfig(level=logging.ERROR)
    return asyncio.run(live(learners))


def main() -> None:
    """Live both days, each in a process of its own, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.day")
    parser.add_argument("--learners", type=int, default=1_000_000)
    days = []
    for learners in (SMALL, parser.parse_args().learners):
        sys.stderr.write(f"a day of {learners:,}…\n")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            days.append(process.submit(_lived, learners).result())
    sys.stdout.write(table(figures(*days)) + "\n")


if __name__ == "__main__":
    main()
