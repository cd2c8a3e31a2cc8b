# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does a picture cost, and what do others notice while hundreds ask for theirs at once?"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Sequence

from bot.children import Bounds
from bot.drawing.studio import Studio
from bot.messages import Art, Drawing
from bot.service import Service
from tests.bench.figure import Figure, percentile
from tests.bench.process import resident
from tests.bench.replies import IN_FLIGHT, WORDS, talk
from tests.bench.scale import Scale
from tests.bench.town import MORNING, RULES, Clock, channel_to, counted, database, emulator
from tests.bot.drawings import CARD

WALL = {Art.CARD: 150, Art.ATTESTATION: 200}
"""Milliseconds from the facts to the bytes, with the start of the child."""
SIZE = {Art.CARD: 150, Art.ATTESTATION: 60}
"""Kilobytes."""
GROWTH = 5
"""Megabytes that the service may keep of its drawings: what draws ends with each."""
DRAWINGS: tuple[Drawing, ...] = (CARD,)
"""One of each kind, as the program draws it."""
PATIENT = Bounds(seconds=60)
WARM = 5


async def measure_drawing(scale: Scale) -> list[Figure]:
    """One after the other, on a machine that has nothing else to do."""
    figures = []
    for drawing in DRAWINGS:
        figures += await measure_one(drawing, scale.cards)
    return figures


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
    """People talk at rest; then they talk while others ask for their card in one instant, at no limited rate."""
    speakers, asking = int(scale.talk * WORDS), 2 * scale.cards
    first = 2 * speakers + 1
    with database(first + asking, (MORNING.replace(hour=15),)) as store:
        async with emulator(first + asking) as telegram:
            service = Service(store, [channel_to(telegram, rate=0, in_flight=IN_FLIGHT)], RULES, Clock())
            running = asyncio.create_task(service.run())
            try:
                await counted(telegram, "getMe", 1)
                await talk(telegram, 3, 3)
                rest = await talk(telegram, speakers, speakers)
                answered = _events(service)
                began = time.time()
                await telegram.together(
                    {"do": "says", "chat": chat, "text": "progression"}
                    for chat in range(first, first + asking)
                )
                talking = asyncio.create_task(talk(telegram, 2 * speakers, speakers))
                async with asyncio.timeout(300):
                    while _events(service) < answered + asking:  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
                    await service.pumps["telegram"].drained()
                    beside = await talking
                    await service.pumps["telegram"].drained()
                calls = await telegram.counters()
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
    shown, undrawn = (_counted(service, "drawings", outcome) for outcome in ("shown", "undrawn"))
    sent = sum(calls[method].calls for method in ("sendMessage", "sendPhoto") if method in calls)
    last = max(calls[method].last for method in ("sendMessage", "sendPhoto") if method in calls) - began
    return [
        Figure(f"reply while {asking} ask for their card, p99", _ms(beside, 0.99), "ms", at_most=300),
        Figure("  median", _ms(beside, 0.5), "ms"),
        Figure("  p99 at rest", _ms(rest, 0.99), "ms"),
        Figure("  answers that everybody had", (float(sent),), "answers", at_least=asking + 2 * speakers + 3),
        Figure("  with their card", (shown,), "cards"),
        Figure("  that could not be drawn", (undrawn,), "cards", at_most=0),
        Figure("  until the last answer", (last,), "s"),
    ]


def _events(service: Service) -> float:
    return _counted(service, "events", "received")


def _counted(service: Service, name: str, outcome: str) -> float:
    labels = {"channel": "telegram", "outcome": outcome}
    return service.measures.registry.get_sample_value(f"iaventure_{name}_total", labels) or 0.0


def _ms(waits: Sequence[float], share: float) -> tuple[float, ...]:
    return (1000 * percentile(waits, share),)
