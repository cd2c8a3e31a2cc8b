# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How many lessons a second are planned, claimed, sent and marked, each step on disk before the next?"""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.channels.telegram import TelegramChannel
from bot.fitting import fit
from bot.messages import Message, Piece
from bot.service import Service
from bot.talk.showing import lesson_text, question_of
from bot.wording import words_of
from lessons.shuffle import order_of
from lessons.source import library, read
from storage.outbox import ledger
from storage.sealing import KEY, Sealing
from tests.bench.figure import Figure
from tests.bench.peers import library_sends, transport_sends
from tests.bench.scale import Scale
from tests.bench.town import MORNING, RULES, Clock, channel_to, database, emulator, postgres, sending
from tests.postgres import Postgres
from tests.telegram import Fault, Kind, Person, Telegram

IN_FLIGHT = 100
"""Ours, best: one transaction marks and claims what many ended meanwhile."""
LIBRARY_IN_FLIGHT = (1, 10, 30)
"""The library is slower with more at once: it is compared at its best."""
LATENCY = 0.1
"""Seconds from here to the real Telegram and back."""


async def measure(scale: Scale) -> list[Figure]:
    """On the spot, without a limit of ours."""
    ours, library, ready_made, transport, transport_ready = [], [], [], [], []
    async with emulator(max(scale.messages, scale.bare)) as telegram:
        for _ in range(scale.repeats):
            library.append(max([await library_sends(telegram, scale.bare, n) for n in LIBRARY_IN_FLIGHT]))
            ours.append(await lessons(telegram, scale.messages, IN_FLIGHT))
            lesson = (await Person(telegram, 1, "").messages())[-1]
            ready_made.append(await library_sends(telegram, scale.bare, 1, lesson))
            transport.append(await transport_sends(telegram, scale.messages, IN_FLIGHT))
            transport_ready.append(await transport_sends(telegram, scale.messages, IN_FLIGHT, a_lesson()))
    return [
        Figure("outbound / library, one line each", _ratios(ours, library), at_least=1.5),
        Figure("outbound / our transport, one line each", _ratios(ours, transport), at_least=0.5),
        Figure("  to our transport with the same lesson", _ratios(ours, transport_ready)),
        Figure("  to the library with the same lesson", _ratios(ours, ready_made)),
        Figure("outbound, durable", tuple(ours), "messages/s"),
        Figure("  library, one line each, at its best", tuple(library), "messages/s"),
        Figure("  library, the same lesson, ready made", tuple(ready_made), "messages/s"),
        Figure("  our transport, one line each", tuple(transport), "messages/s"),
    ]


def a_lesson() -> Piece:
    """A lesson with its first question, ready made."""
    lesson = read([library()]).lessons[0].lesson
    words, asked = words_of("fr"), lesson.questions[0]
    question = question_of(words, asked, "bench", order_of(asked, "bench"))
    (piece,) = fit(Message(lesson_text(words, lesson), question), TelegramChannel.limits)
    return piece


async def measure_sealed(scale: Scale) -> list[Figure]:
    """With sealed addresses and with addresses in clear, in turn, on the spot and without a limit of ours."""
    clear: list[Sent] = []
    sealed: list[Sent] = []
    key = Sealing(bytes(KEY))
    async with emulator(scale.messages) as telegram:
        for turn in range(2 * scale.repeats):
            # Each goes first every other time: what runs second finds the machine warm.
            for sent, with_key in ((clear, None), (sealed, key))[:: -1 if turn % 2 else 1]:
                sent.append(await send(telegram, scale.messages, IN_FLIGHT, key=with_key))
    worked = [one.worked / other.worked for one, other in zip(sealed, clear, strict=True)]
    speeds = [one.speed for one in sealed], [one.speed for one in clear]
    return [
        Figure("outbound, addresses sealed / in clear", _ratios(*speeds), at_least=0.95),
        # A machine that others use too makes one of the two wait, and not the other.
        Figure("  processor time of the same", tuple(worked), at_most=1.05),
        Figure("  sealed", tuple(speeds[0]), "messages/s"),
        Figure("  in clear", tuple(speeds[1]), "messages/s"),
    ]


async def measure_far(scale: Scale) -> list[Figure]:
    """With the latency of a real network and a hundred calls at once."""
    ours, library = [], []
    async with emulator(max(scale.messages, scale.bare)) as telegram:
        await telegram.fault(Fault(Kind.DELAY, times=None, seconds=LATENCY))
        for _ in range(scale.repeats):
            library.append(await library_sends(telegram, scale.bare, IN_FLIGHT))
            ours.append(await lessons(telegram, scale.messages, IN_FLIGHT))
    return [
        Figure("outbound at 100 ms / library", _ratios(ours, library), at_least=4),
        Figure("outbound at 100 ms, durable", tuple(ours), "messages/s"),
        Figure("  library, one line each", tuple(library), "messages/s"),
    ]


async def measure_postgres(scale: Scale) -> list[Figure]:
    """The same on each engine in turn, on the spot and without a limit of ours."""
    file, server = [], []
    with postgres() as engine:
        async with emulator(scale.messages) as telegram:
            for _ in range(scale.repeats):
                file.append(await lessons(telegram, scale.messages, IN_FLIGHT))
                server.append(await lessons(telegram, scale.messages, IN_FLIGHT, engine))
    return [
        Figure("outbound on PostgreSQL / on SQLite, durable", _ratios(server, file), at_least=0.6),
        Figure("  on PostgreSQL", tuple(server), "messages/s"),
        Figure("  on SQLite", tuple(file), "messages/s"),
    ]


@dataclass(frozen=True, slots=True)
class Sent:
    """Lessons a second, and the seconds of processor time that all of them took."""

    speed: float
    worked: float


async def lessons(telegram: Telegram, number: int, in_flight: int, server: Postgres | None = None) -> float:
    """Lessons a second, from the tick at which they are due until the last is marked as sent."""
    return (await send(telegram, number, in_flight, server)).speed


async def send(
    telegram: Telegram,
    number: int,
    in_flight: int,
    server: Postgres | None = None,
    key: Sealing | None = None,
) -> Sent:
    """Plan lessons and send them, with sealed addresses or without a key."""
    with database(number, server=server, key=key) as store:
        service = Service(store, [channel_to(telegram, in_flight=in_flight)], RULES, Clock())
        async with sending(service):
            began, work = time.perf_counter(), time.process_time()
            await service.plan(MORNING)
            await service.pumps["telegram"].drained()
            took, worked = time.perf_counter() - began, time.process_time() - work
        left = await store.read(ledger.outcomes)
    if left != {"lesson": {"sent": number}}:
        raise RuntimeError(f"not every lesson was sent: {left}")
    return Sent(number / took, worked)


def _ratios(ours: list[float], theirs: list[float]) -> tuple[float, ...]:
    return tuple(our / their for our, their in zip(ours, theirs, strict=True))
