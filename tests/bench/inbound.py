# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How many button answers a second are graded, stored, shown in their message and acknowledged?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.service import Service
from bot.talk import quiz
from storage import courses
from storage.outbox import queue
from storage.outbox.rows import SCHEDULED, Draft
from storage.progress import prompts, tallies
from storage.store import Store
from storage.types import Tx
from tests.bench.figure import Figure
from tests.bench.peers import library_answers
from tests.bench.scale import Scale
from tests.bench.town import RULES, Clock, channel_to, counted, database, emulator, sending
from tests.telegram import Telegram

IN_FLIGHT = 30


async def measure(scale: Scale) -> list[Figure]:
    """The same presses: first for the library, which only answers them, then for us."""
    ours, library = [], []
    number = scale.presses
    for _ in range(scale.repeats):
        with database(number) as store:
            async with emulator(number) as telegram:
                service = Service(store, [channel_to(telegram, in_flight=IN_FLIGHT)], RULES, Clock())
                messages = await questions(telegram, store, service, range(1, number + 1))
                await _press(telegram, messages)
                library.append(await library_answers(telegram, number))
                await _press(telegram, messages)
                ours.append(await _answers(telegram, service, number))
            verdicts = await store.read(tallies.verdicts)
        if sum(verdicts.values()) != number:
            raise RuntimeError(f"not every answer was stored: {verdicts}")
    ratios = tuple(our / their for our, their in zip(ours, library, strict=True))
    return [
        Figure("answers / library, trivial handler", ratios, at_least=0.6),
        Figure("answers, graded and durable", tuple(ours), "answers/s"),
        Figure("  library, trivial handler", tuple(library), "answers/s"),
    ]


def ask(tx: Tx, addressees: Sequence[int], now: datetime) -> None:
    """Queue one question with one right choice for the learners at these addresses, as a review."""
    published = courses.catalogue(tx)
    if published is None:
        raise LookupError("no course is published")
    entry, asked = next(
        (entry, question)
        for entry in published.entries.values()
        for question in entry.lesson.questions
        if question.kind == "single"
    )
    addresses = tx.exec_driver_sql("SELECT id, learner_id FROM address")
    ids = {row.id: row.learner_id for row in addresses}
    rows = [
        quiz.new_prompt(ids[i], entry.version, asked, now, purpose="review", message=f"lesson:{i}:bench:0")
        for i in addressees
    ]
    prompts.add(tx, rows)
    drafts = [
        Draft(
            str(prompt.message),
            i,
            "telegram",
            {"lesson": entry.id},
            kind="review",
            priority=SCHEDULED,
            enrolment_id=i,
            version=entry.version,
            prompt=prompt.id,
        )
        for i, prompt in zip(addressees, rows, strict=True)
    ]
    queue.enqueue(tx, drafts, now)


async def questions(
    telegram: Telegram, store: Store, service: Service, addressees: Sequence[int]
) -> dict[int, int]:
    """Show these people a question; the message in each chat."""
    await store.write(ask, addressees, service.now())
    async with sending(service):
        await service.pumps["telegram"].drained()
    refs = await store.read(lambda tx: tx.exec_driver_sql("SELECT address_id, ref FROM outbox").all())
    return {chat: int(ref) for chat, ref in refs}


async def _press(telegram: Telegram, messages: dict[int, int]) -> None:
    """Everybody presses the first button while nobody listens."""
    await telegram.together(
        {"do": "presses", "chat": chat, "message": message, "button": "1"}
        for chat, message in messages.items()
    )
    await telegram.forget()


async def _answers(telegram: Telegram, service: Service, number: int) -> float:
    running = asyncio.create_task(service.run())
    try:
        edited = await counted(telegram, "editMessageText", number)
        answered = await counted(telegram, "answerCallbackQuery", number)
        await service.pumps["telegram"].drained()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    began = (await telegram.counters())["getUpdates"].first
    return number / (max(edited.last, answered.last) - began)
