# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does a person wait for when thousands answer at once, at the minute at which the lesson came?"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from bot.service import Service
from storage.progress import tallies
from tests.bench.figure import Figure, percentile
from tests.bench.inbound import questions
from tests.bench.replies import RATE
from tests.bench.scale import Scale
from tests.bench.town import MORNING, RULES, Clock, channel_to, counted, database, emulator
from tests.telegram import EmulatorProcess

STEPS = 100
"""In how many steps the crowd answers."""
TICK = 1.0
"""Seconds from one tick of the planner to the next: sixty times as often as in service."""
PATIENCE = 300.0
OTHERS = 11
"""One of so many is due a lesson; the rest answer."""
UNLIMITED = 30
"""Sends under way at once, without a limit of ours."""


async def measure(scale: Scale) -> list[Figure]:
    """Each has a question; all press within ten seconds of 08:30, when a tenth as many others are due a lesson."""
    free, paced = await _rush(scale, 0.0, UNLIMITED), await _rush(scale, RATE, 8)
    crowd = f"{scale.rush:,} answers in {scale.rush_within:g} s"
    return [
        Figure(f"{crowd}, no limit: lost", (float(free.lost),), "of them", at_most=0),
        Figure("  verdict in its message, p99", (free.verdict,), "s", at_most=10),
        Figure("  notice of the button, p99", (free.notice,), "s"),
        Figure("  planner's tick, at its latest", (free.lag,), "s late", at_most=10),
        Figure("  our processor for 1,000 answers", (1000 * free.cpu / scale.rush,), "s"),
        Figure(f"{crowd}, {RATE}/s: lost", (float(paced.lost),), "of them", at_most=0),
        Figure("  notice of the button, p99", (paced.notice,), "s", at_most=10),
        Figure("  planner's tick, at its latest", (paced.lag,), "s late"),
    ]


class _Rush:
    """What came of one rush: answers that were not stored, and seconds."""

    lost = 0
    verdict = notice = lag = cpu = 0.0


async def _rush(scale: Scale, rate: float, in_flight: int) -> _Rush:
    found = _Rush()
    tomorrow = MORNING + timedelta(days=1)
    clock = Clock(MORNING - timedelta(seconds=1))
    # Every eleventh is due at 08:30; the others were asked before, and answer then.
    everybody = range(1, scale.rush * OTHERS // (OTHERS - 1) + 1)
    asked = [number for number in everybody if number % OTHERS]
    with database(len(everybody), (MORNING, *[tomorrow] * (OTHERS - 1))) as store:
        async with emulator(len(everybody)) as telegram:
            asking = Service(store, [channel_to(telegram, in_flight=UNLIMITED)], RULES, clock)
            messages = await questions(telegram, store, asking, asked)
            service = Service(store, [channel_to(telegram, rate=rate, in_flight=in_flight)], RULES, clock)
            await telegram.forget()
            running = asyncio.create_task(service.run())
            await counted(telegram, "getMe", 1)
            planning = asyncio.create_task(_tick(service, found))
            used = time.process_time()
            try:
                await _press(telegram, messages, scale.rush_within)
                await counted(telegram, "answerCallbackQuery", len(asked), PATIENCE)
                if not rate:
                    await counted(telegram, "editMessageText", len(asked), PATIENCE)
                found.cpu = time.process_time() - used
            finally:
                for task in (running, planning):
                    task.cancel()
                await asyncio.gather(running, planning, return_exceptions=True)
            waits = await telegram.waits()
        found.lost = len(asked) - sum((await store.read(tallies.verdicts)).values())
    found.notice = percentile([PATIENCE if notice is None else notice for notice, _ in waits], 0.99)
    found.verdict = percentile([PATIENCE if verdict is None else verdict for _, verdict in waits], 0.99)
    return found


async def _tick(service: Service, found: _Rush) -> None:
    """Plan every second; how late a tick was at the latest, from when it should have begun to its end."""
    due = time.monotonic()
    while True:
        await service.plan(service.now())
        found.lag = max(found.lag, time.monotonic() - due)
        due = max(due + TICK, time.monotonic())
        await asyncio.sleep(due - time.monotonic())


async def _press(telegram: EmulatorProcess, messages: dict[int, int], within: float) -> None:
    """Everybody presses the first button, evenly over so many seconds."""
    presses = [
        {"do": "presses", "chat": chat, "message": message, "button": "1"}
        for chat, message in messages.items()
    ]
    began = time.monotonic()
    for step in range(STEPS):
        await telegram.together(presses[step::STEPS])
        await asyncio.sleep(max(0.0, began + (step + 1) * within / STEPS - time.monotonic()))
