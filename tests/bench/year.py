# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How large is the file after a year of people who answer every working day?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.messages import Event
from bot.service import Service
from bot.service.inbound import receive
from bot.service.outbound import Outcome, settle, step
from bot.talk import reception
from config.retention import Retention
from config.schedule import is_day_off, local_date
from storage.database import open_database
from storage.types import Tx
from tests.bench.figure import Figure
from tests.bench.scale import Scale
from tests.bench.town import RULES
from tests.bot.builders import BUTTONS, MONDAY, Town, lesson
from tests.lessons.builders import multiple, true_false

WORDS = ("quiz", "2", "quiz", "2")
"""What each of them says on a working day: two questions, and two answers."""
QUESTIONS = [true_false(), multiple()]
"""One is always answered right and the other never, in whatever order the choices are shown: every year is the same."""
MONTH = timedelta(days=30)
SHORT = Retention(answers=timedelta(days=60))
"""So short that what is kept for a while is all there by the third month."""


async def measure(scale: Scale) -> list[Figure]:
    """Twice the same year: with answers kept for two months, and for 400 days."""
    short, long = [await a_year(scale.residents, kept) for kept in (SHORT, Retention())]
    growth = (long[11] - long[2]) / scale.residents * 12 / 9
    return [
        Figure("file after a year / after three months", (short[11] / short[2],), at_most=1.2),
        Figure("  after a year, of each learner", (short[11] / scale.residents / 1024,), "KB"),
        Figure("  a year of answers kept, of each learner", (growth / 1024,), "KB more"),
    ]


async def a_year(residents: int, kept: Retention) -> list[int]:
    """The bytes of the database at the end of each of twelve months. The course itself is over in the first week."""
    sizes = []
    with TemporaryDirectory() as folder, open_database(f"sqlite:///{Path(folder)}/year.db") as store:
        town = Town(store).teach(
            *(lesson(slug, questions=QUESTIONS) for slug in ("un", "deux", "trois", "quatre", "cinq"))
        )
        for number in range(residents):
            town.learner(str(number))
        service = Service(store, [], RULES, now=lambda: town.now, retention=kept)
        for day in range(1, 12 * MONTH.days + 1):
            town.now = MONDAY + timedelta(days=day)
            if not is_day_off(RULES.schedule, local_date(RULES.schedule, town.now)):
                store.write_now(_live, town, day)
            if day % 7 == 0:  # each night would only make it smaller
                await service.tidy()
            if day % MONTH.days == 0:
                sizes.append(store.read_now(_size))
    return sizes


def _live(tx: Tx, town: Town, day: int) -> None:
    for address in town.people:
        for place, word in enumerate(WORDS):
            event = Event("telegram", f"{day}:{address}:{place}", address, town.now, text=word)
            receive(tx, reception.read(event, RULES), RULES, BUTTONS, town.now)
            while attempts := step(tx, "telegram", "bench", BUTTONS, (), 8, (), town.now).attempts:
                sent = [Outcome(attempt.row, town.now, ref=str(attempt.row.id)) for attempt in attempts]
                settle(tx, sent, town.now)


def _size(tx: Tx) -> int:
    pages, page = (tx.exec_driver_sql(f"PRAGMA {what}").scalar_one() for what in ("page_count", "page_size"))
    return int(pages) * int(page)
