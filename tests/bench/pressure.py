# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What others notice of a flood, a chat that refuses everything, strangers, a file that is read, and announcements."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.service import Service
from bot.talk.turn import Rules
from storage import broadcasts, counters, learners
from storage.outbox import ledger
from storage.store import Store
from tests.bench.figure import Figure, percentile
from tests.bench.process import resident
from tests.bench.replies import IN_FLIGHT, RATE, WORDS, reply_to, talk
from tests.bench.scale import Scale
from tests.bench.town import MORNING, RULES, Clock, channel_to, counted, database, emulator
from tests.telegram import EmulatorProcess, Person

FLOOD = 100
"""Messages a second of the one who writes without end."""
UNNOTICED = 150
"""Milliseconds that a reply may take when others are up to something."""
BAD = 250_000
"""Bytes of a lesson file that is none: a list of numbers takes 1.1 s to read."""
REPLY = 300
"""Milliseconds that a reply may take, as during any broadcast."""
REFUSAL = "Bad Request: PEER_ID_INVALID"
AS_WITHOUT = 1.3
"""Two equal runs of forty seconds differ by up to a quarter on two busy cores."""


async def measure_flood(scale: Scale) -> list[Figure]:
    """The same people talk at rest, then while one more writes a hundred times a second."""
    speakers = int(scale.talk * WORDS)
    flooder = 2 * speakers + 1
    with database(flooder, (MORNING.replace(hour=15),)) as store:
        async with emulator(flooder) as telegram, _running(store, telegram):
            rest = await talk(telegram, speakers, speakers)
            flood = asyncio.create_task(_flood(telegram, flooder))
            beside = await talk(telegram, 2 * speakers, speakers)
            flood.cancel()
            await asyncio.gather(flood, return_exceptions=True)
            while await telegram.updates():  # noqa: ASYNC110 - another process tells nobody
                await asyncio.sleep(0.05)
        dropped = (await store.read(counters.read)).get("event.dropped", 0)
    return [
        Figure(
            f"reply beside {FLOOD} messages a second of one, p99", (_ms(beside, 0.99),), "ms", at_most=REPLY
        ),
        Figure("  median", (_ms(beside, 0.5),), "ms"),
        Figure("  p99 at rest", (_ms(rest, 0.99),), "ms"),
        Figure("  median at rest", (_ms(rest, 0.5),), "ms"),
        Figure("  of the one, dropped and counted", (float(dropped),), "messages", at_least=1),
    ]


async def measure_strangers(scale: Scale) -> list[Figure]:
    """The same people talk at rest, then while strangers write within ten seconds; then all strangers in one instant."""
    speakers, strangers = int(scale.talk * WORDS), scale.strangers
    first = 2 * speakers + 2
    with database(first - 1, (MORNING.replace(hour=15),)) as store:
        async with emulator(first + 2 * strangers) as telegram, _running(store, telegram):
            rest = await talk(telegram, speakers, speakers)
            crowd = asyncio.create_task(_come(telegram, range(first, first + strangers)))
            beside = await talk(telegram, 2 * speakers, speakers)
            await crowd
            unknown = range(first + strangers, first + 2 * strangers)
            await telegram.together({"do": "says", "chat": chat, "text": "bonjour"} for chat in unknown)
            last = await reply_to(telegram, first - 1)
            async with asyncio.timeout(120):
                while sum((await store.read(learners.count)).values()) < first - 1 + 2 * strangers:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
    return [
        Figure(
            f"reply while {strangers:,} strangers write, p99", (_ms(beside, 0.99),), "ms", at_most=UNNOTICED
        ),
        Figure("  right after as many wrote in one instant", (1000 * last,), "ms"),
        Figure("  slowest", (_ms(beside, 1.0),), "ms"),
        Figure("  median", (_ms(beside, 0.5),), "ms"),
        Figure("  p99 at rest", (_ms(rest, 0.99),), "ms"),
    ]


async def _come(telegram: EmulatorProcess, strangers: range) -> None:
    tenth = len(strangers) // 100 + 1
    for some in range(0, len(strangers), tenth):
        await telegram.together(
            {"do": "says", "chat": chat, "text": "bonjour"} for chat in strangers[some : some + tenth]
        )
        await asyncio.sleep(0.1)


async def measure_file(scale: Scale) -> list[Figure]:
    """The same people talk at rest, then while an admin's files of the worst kind are read, one after the other."""
    speakers = int(scale.talk * WORDS)
    mayor = 2 * speakers + 1
    rules = replace(RULES, admins=frozenset({f"telegram:{mayor}"}))
    with database(mayor, (MORNING.replace(hour=15),)) as store:
        async with emulator(mayor) as telegram, _running(store, telegram, rules):
            rest = await talk(telegram, speakers, speakers)
            read = [0]
            reading = asyncio.create_task(_send_files(Person(telegram, mayor, "Mayor"), read))
            beside = await talk(telegram, 2 * speakers, speakers)
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
    return [
        Figure("reply while a bad file is read, p99", (_ms(beside, 0.99),), "ms", at_most=UNNOTICED),
        Figure("  median", (_ms(beside, 0.5),), "ms"),
        Figure("  p99 at rest", (_ms(rest, 0.99),), "ms"),
        Figure("  files read meanwhile", (float(read[0]),), "files", at_least=1),
    ]


async def _send_files(mayor: Person, read: list[int]) -> None:
    content = b"- &a\n" * (BAD // 5)  # a problem each, until the bound on values: what takes longest
    while True:
        await mayor.sends_file("04-quatre.yaml", content)
        await mayor.next_message(60)
        read[0] += 1


async def measure_broadcast(scale: Scale) -> list[Figure]:
    """An announcement for everybody, which waits at thirty a second, while people talk."""
    speakers = int(scale.talk * WORDS)
    everybody = scale.crowd + speakers
    with database(everybody, (MORNING.replace(hour=15),)) as store:
        async with emulator(everybody) as telegram, _running(store, telegram) as service:
            await talk(telegram, 3, 3)  # what is loaded at first use is no growth
            await store.write(
                broadcasts.begin, roles=["agent"], by="bench", now=MORNING, text="Une annonce pour chacun."
            )
            before = resident()
            sizes = [before]
            watching = asyncio.create_task(_watch(sizes))
            spreading = asyncio.create_task(
                service.plan(service.now())
            )  # walked while people talk, then waits
            waits = await talk(telegram, everybody, speakers)
            await spreading
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        waiting = sum(number for (_, _), number in (await store.read(ledger.depths)).items())
    return [
        Figure(f"reply while {waiting:,} wait, p99", (_ms(waits, 0.99),), "ms", at_most=REPLY),
        Figure("  median", (_ms(waits, 0.5),), "ms"),
        Figure("  memory, at its highest", (max(sizes) - before,), "MB more", at_most=20),
    ]


async def measure_refusal(scale: Scale) -> list[Figure]:
    """An announcement leaves while people talk, one of them all the time: in the second run this one refuses everything."""
    without, beside, refused = [], [], 0
    for _ in range(scale.repeats):
        without.append(_ms((await _announced(scale, refusing=False))[0], 0.99))
        waits, number = await _announced(scale, refusing=True)
        beside.append(_ms(waits, 0.99))
        refused += number
    return [
        Figure(
            "reply p99 beside a chat that refuses everything / without",
            tuple(one / other for one, other in zip(beside, without, strict=True)),
            at_most=AS_WITHOUT,
        ),
        Figure("  p99 beside it", tuple(beside), "ms"),
        Figure("  p99 without", tuple(without), "ms"),
        Figure("  refused meanwhile", (float(refused),), "messages", at_least=1),
    ]


async def _announced(scale: Scale, *, refusing: bool) -> tuple[list[float], int]:
    """Seconds that each waited for a reply during a broadcast, and how many messages were refused."""
    speakers = int(scale.talk * WORDS)
    last = scale.broadcast + speakers
    with database(last, (MORNING.replace(hour=15),)) as store:
        async with emulator(last) as telegram, _running(store, telegram) as service:
            await talk(telegram, 3, 3)  # what is loaded at first use waits for nobody
            await store.write(broadcasts.begin, roles=["agent"], by="bench", now=MORNING, text="Une annonce.")
            await telegram.refuses(1, description=REFUSAL if refusing else "")
            writing = asyncio.create_task(_write(telegram, 1))
            spreading = asyncio.create_task(service.plan(service.now()))
            waits = await talk(telegram, last, speakers)
            await spreading
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
        outcomes = await store.read(ledger.outcomes)
    return waits, sum(states.get("refused", 0) for states in outcomes.values())


async def _write(telegram: EmulatorProcess, chat: int) -> None:
    while True:
        await telegram.together([{"do": "says", "chat": chat, "text": "aide"}])
        await asyncio.sleep(0.5)


@asynccontextmanager
async def _running(store: Store, telegram: EmulatorProcess, rules: Rules = RULES) -> AsyncIterator[Service]:
    """The service at Telegram's pace."""
    service = Service(store, [channel_to(telegram, rate=RATE, in_flight=IN_FLIGHT)], rules, Clock())
    running = asyncio.create_task(service.run())
    try:
        await counted(telegram, "getMe", 1)
        yield service
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _flood(telegram: EmulatorProcess, chat: int) -> None:
    while True:
        await telegram.together([{"do": "says", "chat": chat, "text": "aide"}] * (FLOOD // 10))
        await asyncio.sleep(0.1)


async def _watch(sizes: list[float]) -> None:
    while True:
        sizes.append(resident())
        await asyncio.sleep(0.1)


def _ms(waits: list[float], share: float) -> float:
    return 1000 * percentile(waits, share)
