# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How long does a person wait for a reply while thousands of lessons leave?"""

from __future__ import annotations

import asyncio
import random
import time

from bot.service import Service
from tests.bench.figure import Figure, percentile
from tests.bench.scale import Scale
from tests.bench.town import MORNING, RULES, Clock, channel_to, counted, database, emulator
from tests.telegram import EmulatorProcess, Person, Shown

RATE = 30
"""Messages a second, Telegram's and ours."""
IN_FLIGHT = 8
WORDS = 5
"""A second, at random moments."""


async def measure(scale: Scale) -> list[Figure]:
    """Half of those who speak have a lesson queued, which goes before the reply: order holds."""
    later = MORNING.replace(hour=15)
    speakers = int(scale.talk * WORDS)
    # The first are due now, and the last of them, who are reached last, speak; then those due in the afternoon do.
    with database(2 * scale.broadcast, (later, MORNING)) as store:
        async with emulator(2 * scale.broadcast) as telegram:
            channel = channel_to(telegram, rate=RATE, in_flight=IN_FLIGHT)
            service = Service(store, [channel], RULES, Clock())
            running = asyncio.create_task(service.run())
            try:
                await counted(telegram, "getMe", 1)
                planning = asyncio.create_task(service.plan(MORNING))
                began = time.time()
                waits = await talk(telegram, 2 * scale.broadcast, speakers)
                await planning
                sent = (await telegram.counters())["sendMessage"]
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
    return [
        Figure("reply during a broadcast, p99", (1000 * percentile(waits, 0.99),), "ms", at_most=300),
        Figure("  median", (1000 * percentile(waits, 0.5),), "ms"),
        Figure("  slowest", (1000 * max(waits),), "ms"),
        Figure("  messages meanwhile", (sent.calls / (sent.last - began),), "messages/s"),
    ]


async def talk(telegram: EmulatorProcess, last: int, speakers: int) -> list[float]:
    """One word of each, at random moments; seconds from each word to its reply."""
    moments = random.Random(1)  # noqa: S311 - moments, no secret
    asked = []
    for chat in range(last, last - speakers, -1):
        await asyncio.sleep(moments.expovariate(WORDS))
        asked.append(asyncio.create_task(reply_to(telegram, chat)))
    return list(await asyncio.gather(*asked))


async def reply_to(telegram: EmulatorProcess, chat: int) -> float:
    """Seconds from a word that someone says to the bot's answer."""
    person = Person(telegram, chat, f"Person {chat}")
    said = time.time()
    await person.says("aide")
    reply = await person.sees(_is_help, timeout=30)
    return reply.at - said


def _is_help(message: Shown) -> bool:
    return "<b>aide</b>" in message.text
