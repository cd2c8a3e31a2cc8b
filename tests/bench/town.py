# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the benches run: a database with many learners, and a bot on it whose clock stands on a working morning."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bot.app import ship_library, warm_up
from bot.channels.telegram import TelegramChannel
from bot.service import Service
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage.engine import Store, Tx, open_database
from tests.telegram import Counter, EmulatorProcess, Telegram

MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
"""Tuesday, 08:30 in Paris: the hour at which most lessons are due."""
RULES = Rules(Schedule(), "fr", frozenset())

_STORED = "%Y-%m-%d %H:%M:%S.%f"
_NUMBERS = "WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < :learners)"
# Scattered over the index as random ids are, and known from the number alone.
_ID = "printf('%08x%08x', (i * 2654435761) % 4294967296, i)"
_SEED = (
    f"""INSERT INTO learner (id, name, language, role, state, pause_reason, notice, created_at)
    {_NUMBERS} SELECT {_ID}, '', 'fr', 'agent', 'active', '', '1', :now FROM number ORDER BY 1""",  # noqa: S608
    f"""INSERT INTO address (id, channel, address, learner_id)
    {_NUMBERS} SELECT i, 'telegram', i, {_ID} FROM number""",  # noqa: S608
    f"""INSERT INTO enrolment (id, learner_id, course_id, schedule, next_at, silent)
    {_NUMBERS} SELECT i, {_ID}, (SELECT id FROM course), :schedule,
    json_extract(:hours, '$[' || (i % json_array_length(:hours)) || ']'), 0 FROM number""",  # noqa: S608
)


def seed(tx: Tx, learners: int, hours: Sequence[datetime] = (MORNING,)) -> None:
    """Learners in the course, at the addresses 1, 2, 3…, due at these hours in turn."""
    values = {
        "learners": learners,
        "now": MORNING.strftime(_STORED),
        "schedule": RULES.schedule.model_dump_json(),
        "hours": str([hour.strftime(_STORED) for hour in hours]).replace("'", '"'),
    }
    for statement in _SEED:
        names = {name: value for name, value in values.items() if f":{name}" in statement}
        tx.execute(text(statement), names)


@contextmanager
def database(learners: int, hours: Sequence[datetime] = (MORNING,)) -> Iterator[Store]:
    """A new database, as durable as it comes, with the shipped course and its learners."""
    with TemporaryDirectory() as folder, open_database(f"sqlite:///{Path(folder)}/bench.db") as store:
        ship_library(store, MORNING)
        warm_up(RULES.schedule)
        store.write_now(seed, learners, hours)
        yield store


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
    """Its Telegram channel's way out, open."""
    channel = service.channels["telegram"]
    await channel.open()
    pump = asyncio.create_task(service.pumps["telegram"].run())
    try:
        yield
    finally:
        service.pumps["telegram"].stop()
        await pump
        await channel.close()


async def counted(telegram: Telegram, method: str, calls: int, within: float = 60.0) -> Counter:
    """The counter of a method once it was called so often. Raises `TimeoutError`."""
    async with asyncio.timeout(within):
        while True:
            counter = (await telegram.counters()).get(method)
            if counter is not None and counter.calls >= calls:
                return counter
            await asyncio.sleep(0.05)
