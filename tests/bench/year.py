# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How large is the file after a year of people who answer every working day, and what of it is each learner's?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import ship_library
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
from tests.bench.scale import IN_MEMORY, Scale
from tests.bench.town import RULES
from tests.bot.builders import BUTTONS, MONDAY, Town, lesson
from tests.lessons.builders import multiple, true_false

WORDS = ("quiz", "2", "quiz", "2")
"""What each of them says on a working day: two questions, and two answers."""
QUESTIONS = [true_false(), multiple()]
"""One is always answered right and the other never, in whatever order the choices are shown: every year is the same."""
FEW = 5
"""Learners of the year of lessons: it takes ten times as long, and its figures are those of one learner."""
_PAGES = """SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_schema USING (name)
    WHERE aggregate = TRUE GROUP BY tbl_name"""
BEFORE = {20: 5_849_088, 5: 1_662_976, 1: 552_960}
"""The bytes of the file after such a year, by its learners, when each question had a memory of its own: at 25fd06c."""
AT_ONCE = 2
"""Years that are simulated at once."""
MONTH = timedelta(days=30)
YEAR = 12
SHORT = Retention(answers=timedelta(days=60))
"""So short that what is kept for a while is all there by the third month."""


async def measure(scale: Scale) -> list[Figure]:
    """Twice the same year: with answers kept for two months, and for 400 days; and a year of lessons."""
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        return begun(pool, scale)()


def begun(pool: ProcessPoolExecutor, scale: Scale) -> Callable[[], list[Figure]]:
    """Begin the years in processes of a pool; return what waits for them and gives their figures."""
    lessons = pool.submit(_year_of_lessons, min(scale.residents, FEW), scale.months)
    years = [pool.submit(_year, scale.residents, kept, scale.months) for kept in (SHORT, Retention())]
    return lambda: _figures(scale, [one.result() for one in years], lessons.result())


def _year(residents: int, kept: Retention, months: int) -> list[int]:
    return asyncio.run(a_year(residents, kept, months))


def _year_of_lessons(residents: int, months: int) -> dict[str, float]:
    return asyncio.run(a_year_of_lessons(residents, months))


def _figures(scale: Scale, years: Sequence[list[int]], tables: dict[str, float]) -> list[Figure]:
    short, long = years
    growth = (long[-1] - long[2]) / scale.residents * 12 / (scale.months - 3)
    figures = [
        Figure("file after a year / after three months", (short[-1] / short[2],), at_most=1.2),
        Figure("  after a year, of each learner", (short[-1] / scale.residents / 1024,), "KB"),
        Figure("  a year of answers kept, of each learner", (growth / 1024,), "KB more"),
    ]
    if scale.months == YEAR and (before := BEFORE.get(scale.residents)) is not None:
        figures.append(
            Figure("  the same, / before there was one memory a lesson", (long[-1] / before,), at_most=1.1)
        )
    prompt, recall = tables.pop("prompt"), tables["recall"]
    return [
        *figures,
        Figure(
            "the shipped course: a year of a learner, beside prompts",
            (sum(tables.values()) / 1024,),
            "KB",
            at_most=60,
        ),
        Figure("  of which memories of lessons", (recall / 1024,), "KB", at_most=30),
        Figure("  prompts", (prompt / 1024,), "KB", at_most=180),
    ]


async def a_year(residents: int, kept: Retention, months: int = YEAR) -> list[int]:
    """The bytes of the database at the end of each month. The course itself is over in the first week."""
    sizes = []
    with (
        TemporaryDirectory(dir=IN_MEMORY) as folder,
        open_database(f"sqlite:///{Path(folder)}/year.db") as store,
    ):
        town = Town(store).teach(
            *(lesson(slug, questions=QUESTIONS) for slug in ("un", "deux", "trois", "quatre", "cinq"))
        )
        for number in range(residents):
            town.learner(str(number))
        service = Service(store, [], RULES, now=lambda: town.now, retention=kept)
        for day in range(1, months * MONTH.days + 1):
            town.now = MONDAY + timedelta(days=day)
            if not is_day_off(RULES.schedule, local_date(RULES.schedule, town.now)):
                store.write_now(_live, town, day)
            if day % 7 == 0:  # each night would only make it smaller
                await service.tidy()
            if day % MONTH.days == 0:
                sizes.append(store.read_now(_size))
    return sizes


async def a_year_of_lessons(residents: int, months: int = YEAR) -> dict[str, float]:
    """The bytes of each table, with its indexes, of each learner after a year of the shipped course.

    Everybody answers whatever comes on a working day, four of five right.
    """
    with (
        TemporaryDirectory(dir=IN_MEMORY) as folder,
        open_database(f"sqlite:///{Path(folder)}/year.db") as store,
    ):
        town = Town(store)
        ship_library(store, town.now)
        empty = store.read_now(_sizes)
        for number in range(residents):
            town.learner(str(number))
        service = Service(store, [], RULES, now=lambda: town.now)
        for day in range(1, months * MONTH.days + 1):
            town.now = MONDAY + timedelta(days=day)
            town.tick()
            for place, person in enumerate(town.people.values()):
                for turn in range(2):
                    if person.waits:
                        person.types(person.wrong() if (day + place + turn) % 5 == 0 else person.right())
                person.shown.clear()
            if day % 7 == 0:
                await service.tidy()
        return {name: (size - empty[name]) / residents for name, size in store.read_now(_sizes).items()}


def _sizes(tx: Tx) -> dict[str, int]:
    """The bytes of the pages of each table and its indexes."""
    return {table: int(pages) for table, pages in tx.exec_driver_sql(_PAGES)}


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
