# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the benches run: a database with many learners, and a bot on it whose clock stands on a working morning."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import bindparam, text

from bot.app import ship_library, warm_up
from bot.channels.telegram import TelegramChannel
from bot.service import Service
from bot.service.owning import give_up, own
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage import courses, keys, seals
from storage.database import open_database, upgrade
from storage.sealing import Sealing
from storage.store import Store
from storage.types import Json, LocalDate, Tx, UtcDateTime
from tests.postgres import Postgres
from tests.telegram import Counter, EmulatorProcess, Telegram

MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
"""Tuesday, 08:30 in Paris: the hour at which most lessons are due."""
CHUNK = 50_000
"""Learners in one transaction: PostgreSQL ends those of twenty seconds."""
RULES = Rules(Schedule(), "fr", frozenset())

Due = tuple[Schedule, datetime]
"""When lessons come, and when the next one is due."""

NUMBERS = """number(i) AS (
    SELECT CAST(:first AS BIGINT) UNION ALL SELECT i + 1 FROM number WHERE i < :last)"""
# Scattered over the index as random ids are, and known from the number alone. Plain SQL of both engines: a million
# learners take seconds.
ID = "CAST(i * 2654435761 % 4294967296 AS TEXT)"
_LEARNERS = f"""INSERT INTO learner (id, language, role, state, pause_reason, notice, created_at)
    WITH RECURSIVE {NUMBERS} SELECT {ID}, 'fr', 'agent', 'active', '', '1', :now FROM number ORDER BY 1"""  # noqa: S608
_ADDRESSES = f"""INSERT INTO address (channel, address, learner_id)
    WITH RECURSIVE {NUMBERS} SELECT 'telegram', CAST(i AS TEXT), {ID} FROM number ORDER BY number.i"""  # noqa: S608
_ENROLMENTS = """INSERT INTO enrolment (learner_id, course_id, schedule, next_at, silent)
    WITH RECURSIVE {numbers}, due(place, schedule, next_at) AS (VALUES {due})
    SELECT {id}, (SELECT id FROM course), due.schedule, due.next_at, 0
    FROM number JOIN due ON due.place = i % :turns ORDER BY number.i"""


def seed(tx: Tx, numbers: range, due: Sequence[Due]) -> None:
    """Learners in the course, at the addresses of these numbers, due in turn."""
    places = ", ".join(f"({place}, :schedule{place}, :next_at{place})" for place in range(len(due)))
    moments = [bindparam(f"next_at{place}", type_=UtcDateTime()) for place in range(len(due))]
    ends = {"first": numbers[0], "last": numbers[-1]}
    values: dict[str, object] = {**ends, "turns": len(due)}
    for place, (schedule, next_at) in enumerate(due):
        values |= {f"schedule{place}": schedule.model_dump_json(), f"next_at{place}": next_at}
    born = text(_LEARNERS).bindparams(bindparam("now", type_=UtcDateTime()))
    tx.execute(born, {**ends, "now": MORNING})
    tx.execute(text(_ADDRESSES), ends)
    enrolled = _ENROLMENTS.format(numbers=NUMBERS, id=ID, due=places)
    tx.execute(text(enrolled).bindparams(*moments), values)


@contextmanager
def database(
    learners: int,
    hours: Sequence[datetime] = (MORNING,),
    *,
    server: Postgres | None = None,
    key: Sealing | None = None,
) -> Iterator[Store]:
    """A new database, as durable as it comes, with the shipped course and its learners; a file, or on a server.

    With a key, their addresses are sealed.
    """
    due = [(RULES.schedule, hour) for hour in hours]
    with address(server) as url, open_database(url, key=key) as store:
        ship_library(store, MORNING)
        warm_up(RULES.schedule)
        populate(store, learners, due)
        if key is not None:
            seal(store)
        yield store


def seal(store: Store) -> None:
    """Seal every address."""
    after: int | None = 0
    while after is not None:
        ids, after = store.read_now(keys.next_in_clear, after, AT_ONCE)
        store.write_now(seals.seal, ids)
    know_sizes(store)


def populate(store: Store, learners: int, due: Sequence[Due]) -> None:
    """Seed a database with so many learners."""
    for first in range(1, learners + 1, CHUNK):
        store.write_now(seed, range(first, min(first + CHUNK, learners + 1)), due)
    know_sizes(store)


_DELIVERED = f"""INSERT INTO delivered (enrolment_id, lesson_id, at, version)
    WITH RECURSIVE {NUMBERS} SELECT enrolment.id, lesson.id, :at, lesson.version
    FROM number JOIN enrolment ON enrolment.learner_id = {ID} JOIN lesson ON lesson.id = :lesson WHERE i % :step = 0"""  # noqa: S608
_RECALLS = f"""INSERT INTO recall (learner_id, lesson_id, memory, due, failed, asked)
    WITH RECURSIVE {NUMBERS} SELECT {ID}, :lesson, :memory, :due, NULL, :asked FROM number WHERE i % :step = 0"""  # noqa: S608
AT_ONCE = 20_000
"""Numbers of one transaction of `finish`: in it, the rows of one learner lie on pages of their own, as after a year."""


def finish(store: Store, numbers: range, day: date) -> None:
    """Have learners behind them every lesson of their path, each answered twice and due since before a date."""
    step = numbers.step
    for first in range(numbers[0], numbers[-1] + 1, AT_ONCE):
        store.write_now(_finish, range(first, min(first + AT_ONCE, numbers[-1] + 1)), step, day)


def _finish(tx: Tx, numbers: range, step: int, day: date) -> None:
    published = courses.catalogue(tx)
    if published is None:
        raise LookupError("no course is published")
    delivered = text(_DELIVERED).bindparams(bindparam("at", type_=UtcDateTime()))
    kinds = {"memory": Json(), "due": LocalDate(), "asked": Json()}
    recalled = text(_RECALLS).bindparams(*(bindparam(name, type_=kind) for name, kind in kinds.items()))
    for place, lesson in enumerate(published.path("agent")):
        last = day - timedelta(days=30 + place)
        asked = {one.id: [1, last.isoformat()] for one in published.entries[lesson].lesson.questions[:2]}
        memory = {"stability": 20.5, "difficulty": 5.25, "last": last.isoformat()}
        some = {"first": numbers[0], "last": numbers[-1], "step": step, "lesson": lesson}
        tx.execute(delivered, {**some, "at": MORNING - timedelta(days=60)})
        due = day - timedelta(days=place % 20)
        tx.execute(recalled, {**some, "memory": memory, "due": due, "asked": asked})


def know_sizes(store: Store) -> None:
    """Let PostgreSQL know how large its tables are, as its autovacuum does within a minute."""
    store.write_now(lambda tx: tx.exec_driver_sql("ANALYZE") if tx.dialect.name != "sqlite" else None)


@contextmanager
def address(server: Postgres | None = None) -> Iterator[str]:
    """The address of a new database with every table; a file, or on a server."""
    if server is None:
        with TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder)}/bench.db"
        return
    url = server.database()
    upgrade(url)
    try:
        yield url
    finally:
        server.drop(url)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server that keeps what it says it kept, as one in service does."""
    server = Postgres(durable=True)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Clock:
    """Time that goes on from an instant."""

    def __init__(self, start: datetime = MORNING) -> None:
        self._start, self._began = start, time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)


def channel_to(telegram: Telegram, *, rate: float = 0, in_flight: int) -> TelegramChannel:
    """Our channel, connected to the emulator."""
    return TelegramChannel(telegram.token, telegram.base_url, telegram.base_file_url, rate, in_flight)


@asynccontextmanager
async def emulator(people: int) -> AsyncIterator[EmulatorProcess]:
    """Telegram in a process of its own, with people who started the bot, numbered from 1."""
    async with EmulatorProcess(light=True) as telegram:
        await telegram.crowd(people)
        yield telegram


@asynccontextmanager
async def sending(service: Service) -> AsyncIterator[None]:
    """Its Telegram channel's way out, open; the account is this process's own."""
    channel = service.channels["telegram"]
    await own(service.store, channel.name, channel.account, service.pulse.stand_by)
    await channel.open()
    pump = asyncio.create_task(service.pumps["telegram"].run())
    try:
        yield
    finally:
        service.pumps["telegram"].stop()
        await pump
        await channel.close()
        await give_up(service.store, channel.account)


async def counted(telegram: Telegram, method: str, calls: int, within: float = 60.0) -> Counter:
    """The counter of a method once it was called so often. Raises `TimeoutError`."""
    async with asyncio.timeout(within):
        while True:
            counter = (await telegram.counters()).get(method)
            if counter is not None and counter.calls >= calls:
                return counter
            await asyncio.sleep(0.05)
