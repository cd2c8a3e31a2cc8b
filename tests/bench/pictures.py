# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does a picture cost, and what do others notice while hundreds ask for theirs at once?"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Sequence
from dataclasses import replace

from bot.children import Bounds
from bot.drawing.studio import Studio
from bot.messages import Art, Drawing
from bot.service import Service
from tests.bench.figure import Figure, percentile
from tests.bench.process import resident
from tests.bench.replies import IN_FLIGHT, WORDS, talk
from tests.bench.scale import Scale
from tests.bench.town import MORNING, RULES, Clock, channel_to, counted, database, emulator
from tests.bot.builders import Town
from tests.bot.drawings import CARD
from tests.bot.papers import drawn, follower
from tests.telegram import EmulatorProcess

WALL = {Art.CARD: 150, Art.ATTESTATION: 200}
"""Milliseconds from the facts to the bytes, with the start of the child."""
SIZE = {Art.CARD: 150, Art.ATTESTATION: 60}
"""Kilobytes."""
GROWTH = 5
"""Megabytes that the service may keep of its drawings: what draws ends with each."""
PATIENT = Bounds(seconds=60)
WARM = 5
WITHIN = 5.0
"""Seconds in which people ask: in one, two hundred words alone, of any kind, take the loop a second and more."""
PATIENCE = 300.0
"""Seconds, until nobody waits for an answer."""


async def measure_drawing(scale: Scale) -> list[Figure]:
    """One after the other, on a machine that has nothing else to do."""
    figures = []
    for drawing in (CARD, attestation()):
        figures += await measure_one(drawing, scale.cards)
    return figures


def attestation() -> Drawing:
    """An attestation of the shipped course, as the program gives it to somebody who has followed the agents' path."""
    with database(1) as store:
        return drawn(follower(Town(store), "2"))


async def measure_one(drawing: Drawing, number: int) -> list[Figure]:
    """One drawing, again and again: how long, how large, whether always the same, and what is left of them in memory."""
    studio = Studio(bounds=PATIENT)
    sheets: set[bytes] = {(await studio.draw(drawing)).content for _ in range(WARM)}
    gc.collect()
    before, took = resident(), []
    for _ in range(number):
        began = time.perf_counter()
        sheet = await studio.draw(drawing)
        took.append(1000 * (time.perf_counter() - began))
        sheets.add(sheet.content)
    gc.collect()
    more = resident() - before
    kind = drawing.kind
    return [
        Figure(f"{kind}, drawn by a child", tuple(took), "ms", at_most=WALL[kind]),
        Figure("  size", (len(sheet.content) / 1000,), "KB", at_most=SIZE[kind]),
        Figure("  different sheets of the same facts", (float(len(sheets)),), "sheets", at_most=1),
        Figure(f"  memory of the service after {number}", (more,), "MB more", at_most=GROWTH),
    ]


async def measure_cards(scale: Scale) -> list[Figure]:
    """People talk, alone; while others ask for their progress as text; while as many ask for it with a card."""
    speakers, asking = int(scale.talk * WORDS), 2 * scale.cards
    first = 3 * speakers + 1
    with database(first + 2 * asking, (MORNING.replace(hour=15),)) as store:
        async with emulator(first + 2 * asking) as telegram:
            channel = channel_to(telegram, rate=0, in_flight=IN_FLIGHT)
            service = Service(store, [channel], RULES, Clock())
            running = asyncio.create_task(service.run())
            try:
                await counted(telegram, "getMe", 1)
                await talk(telegram, 3, 3)
                rest = await talk(telegram, speakers, speakers)
                limits = channel.limits
                channel.limits = replace(limits, pictures=False)
                ask = range(first, first + asking)
                texts, _ = await _beside(service, telegram, ask, 2 * speakers, speakers)
                channel.limits = limits
                ask = range(first + asking, first + 2 * asking)
                cards, last = await _beside(service, telegram, ask, 3 * speakers, speakers)
                calls = await telegram.counters()
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
    sent = sum(calls[method].calls for method in ("sendMessage", "sendPhoto") if method in calls)
    everybody = 2 * asking + 3 * speakers + 3
    return [
        Figure(f"reply while {asking} ask for their card, p99", _ms(cards, 0.99), "ms", at_most=300),
        Figure("  median", _ms(cards, 0.5), "ms"),
        Figure("  p99 while as many ask for the text", _ms(texts, 0.99), "ms"),
        Figure("  p99 at rest", _ms(rest, 0.99), "ms"),
        Figure("  answers / words", (sent / everybody,), at_least=1),
        Figure("  with their card", (_counted(service, "drawings", "shown"),), "cards"),
        Figure("  that could not be drawn", (_counted(service, "drawings", "undrawn"),), "cards", at_most=0),
        Figure("  from the first word to the last answer", (last,), "s"),
    ]


async def _beside(
    service: Service, telegram: EmulatorProcess, asking: range, last: int, speakers: int
) -> tuple[list[float], float]:
    """Seconds that each who talks waits while some ask for their progress within `WITHIN`, and until all have it."""
    answered, began = _events(service), time.monotonic()
    talking = asyncio.create_task(talk(telegram, last, speakers))
    tenth = len(asking) // 10 + 1
    for start in range(0, len(asking), tenth):
        some = asking[start : start + tenth]
        await telegram.together({"do": "says", "chat": chat, "text": "progression"} for chat in some)
        await asyncio.sleep(WITHIN / 10)
    async with asyncio.timeout(PATIENCE):
        while _events(service) < answered + len(asking):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await service.receiving.rested(service.channels["telegram"])
        await service.pumps["telegram"].drained()
        took = time.monotonic() - began
        waits = await talking
        await service.pumps["telegram"].drained()
    return waits, took


def _events(service: Service) -> float:
    return _counted(service, "events", "received")


def _counted(service: Service, name: str, outcome: str) -> float:
    labels = {"channel": "telegram", "outcome": outcome}
    return service.measures.registry.get_sample_value(f"iaventure_{name}_total", labels) or 0.0


def _ms(waits: Sequence[float], share: float) -> tuple[float, ...]:
    return (1000 * percentile(waits, share),)
