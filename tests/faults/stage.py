# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Where faults happen: a crowd whose lesson is due, an emulated Telegram, a bot as a process of its own, some who talk."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, select

from config.schedule import Schedule
from storage import tables
from storage.database import open_database
from storage.types import Tx
from tests.faults.ledger import REPLY_PATIENCE, Books, Line, balance, books
from tests.journeys import teaching
from tests.journeys.database import rows
from tests.journeys.program import ALWAYS, ROOT, Program, environment
from tests.telegram import EmulatorProcess, Person, Shown

RATE = 100
IN_FLIGHT = 8
TALKERS = 5
MOST_WORDS = 15
"""Of one talker: a light emulator shows the last twenty messages."""
PATIENCE = 240.0
"""Seconds for a broadcast to end after what broke works again: generous, since it ends when it ends."""
ALL_DAY = Schedule.model_validate({**ALWAYS, "time": "08:30", "time_zone": "Europe/Paris"})
TOLD = "ce que vous pouvez écrire"
"""What the answer to `aide` says."""


def settle(
    tx: Tx, people: Sequence[tuple[str, datetime | None]], *, channel: str, schedule: Schedule
) -> None:
    """Active learners at these addresses, each due at an instant, or at none."""
    now = datetime.now(UTC)
    course = tx.execute(select(tables.course.c.id)).scalar_one()
    names = [f"{place:016x}" for place in range(1, len(people) + 1)]
    about = {
        "language": "fr",
        "role": "agent",
        "state": "active",
        "pause_reason": "",
        "notice": "1",
        "created_at": now,
    }
    tx.execute(insert(tables.learner), [{"id": name, **about} for name in names])
    tx.execute(
        insert(tables.address),
        [
            {"channel": channel, "address": address, "learner_id": name}
            for name, (address, _) in zip(names, people, strict=True)
        ],
    )
    enrolled = {"course_id": course, "schedule": schedule.model_dump_json(), "silent": 0}
    tx.execute(
        insert(tables.enrolment),
        [
            {"learner_id": name, "next_at": at, **enrolled}
            for name, (_, at) in zip(names, people, strict=True)
        ],
    )


class Machine(Program):
    """A process that runs the service on any database; with `turned`, on a clock that is turned through that file."""

    def __init__(
        self, folder: Path, telegram: Any, url: str, turned: Path | None = None, **settings: Any
    ) -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(folder, telegram, url, **settings)
        self.turned = turned
        self.wrapper: tuple[str, ...] = ()
        """What the command is run under."""

    async def start(self) -> None:
        command = [*self.wrapper, sys.executable, "-m"]
        if self.turned is None:
            command += ["bot.cli", "run", "--config", str(self.config)]
        else:
            command += ["tests.journeys.service", str(self.config), str(self.turned)]
        self._said_before = len(self.output)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                cwd=self.folder,
                env=environment(IAVENTURE_CHANNELS__TELEGRAM__TOKEN=self.token),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def words(self) -> str:
        """What the process that runs now wrote."""
        return self.output[self._said_before :]

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)


@dataclass(slots=True)
class Stage:
    """One story's people and machines."""

    telegram: EmulatorProcess
    url: str
    folder: Path
    crowd: int
    machines: list[Machine]
    replies: list[float] = field(default_factory=list)
    crashes: int = 0
    outage: float = 0.0
    """Seconds for which nobody can have an answer."""
    began: float = field(default_factory=time.monotonic)
    chance: random.Random = field(default_factory=lambda: random.Random(41))  # noqa: S311 - moments, no secret
    _talking: list[asyncio.Task[None]] = field(default_factory=list)
    _silence: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def bot(self) -> Machine:
        """The first machine."""
        return self.machines[0]

    def delivered(self) -> int:
        """Lessons that the service knows to have left."""
        return int(
            rows(self.url, "SELECT count(*) FROM outbox WHERE kind <> 'reply' AND state = 'sent'")[0][0]
        )

    async def under_way(self, share: float = 0.05) -> None:
        """Wait until some of the lessons have left."""
        await until(lambda: self.delivered() >= share * self.crowd)

    async def over(self) -> None:
        """Wait until nobody waits any more, and those who talk have had their answers."""
        planned = "SELECT count(*) FROM outbox WHERE kind <> 'reply'"
        waiting = "SELECT count(*) FROM outbox WHERE state = 'waiting'"
        await until(lambda: rows(self.url, planned)[0][0] >= self.crowd)
        self._silence.set()
        await asyncio.gather(*self._talking)
        await until(lambda: rows(self.url, waiting)[0][0] == 0)

    def talk(self) -> None:
        """Some people, who get no lesson, ask something every second or so and wait for the answer."""
        self._talking = [
            asyncio.create_task(self._talks(self.crowd + place)) for place in range(1, TALKERS + 1)
        ]

    async def _talks(self, chat: int) -> None:
        person = Person(self.telegram, chat, f"Person {chat}")
        last = 0
        for _ in range(MOST_WORDS):
            if self._silence.is_set():
                return
            said = time.time()
            await person.says("aide")
            answer = await person.sees(TOLD, timeout=PATIENCE + self.outage, after=last)
            self.replies.append(answer.at - said)
            last = answer.id
            await asyncio.sleep(self.chance.uniform(0.5, 1.5))

    async def screens(self) -> dict[str, list[str]]:
        """The messages that each conversation shows: their references."""
        people = range(1, self.crowd + TALKERS + 1)
        found: dict[str, list[str]] = {}
        for start in range(0, len(people), 500):
            some = people[start : start + 500]
            looks = await self.telegram.together(
                [{"do": "look", "chat": chat, "after": -1, "seconds": 0} for chat in some]
            )
            for chat, look in zip(some, looks, strict=True):
                found[str(chat)] = [str(message["id"]) for message in look["messages"]]
        return found

    async def balance(self, fault: str, *, due: int | None = None, **more: Any) -> Line:
        """Wait until all is over, stop what runs as a service manager would, and hold the books against the screens."""
        await self.over()
        for machine in self.machines:
            if machine.turned is not None:
                await machine.kill()  # at rest; only `iaventure run` knows how to stop
            elif machine.running and await machine.stop() != 0:
                raise AssertionError(f"it did not stop cleanly: {machine.output[-3000:]}")
        found: Books = books(self.url)
        if violations := await self.telegram.violations():
            raise AssertionError(f"Telegram would not like this: {violations[:5]}")
        return balance(
            fault,
            found,
            await self.screens(),
            due=self.crowd if due is None else due,
            replies=self.replies,
            seconds=time.monotonic() - self.began,
            crashes=self.crashes,
            in_flight=IN_FLIGHT,
            patience=REPLY_PATIENCE + self.outage,
            **more,
        )


async def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for what nobody announces."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110 - another process tells nobody
            await asyncio.sleep(0.1)


@asynccontextmanager
async def stage(
    crowd: int,
    *,
    url: str = "",
    machines: int = 1,
    plugged: Sequence[str] = (),
    due: datetime | None = None,
    schedule: Schedule = ALL_DAY,
    turned: bool = False,
    started: bool = True,
    account: Mapping[str, Any] | None = None,
) -> AsyncIterator[Stage]:
    """A crowd whose lesson is due (at `due`, else a minute ago), everything started, and nobody left behind at the end.

    `plugged`: where each machine finds the database, if not at `url`.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        url = url or f"sqlite:///{folder / 'iaventure.db'}"
        at = due or datetime.now(UTC) - timedelta(minutes=1)
        people: list[tuple[str, datetime | None]] = [(str(place), at) for place in range(1, crowd + 1)]
        people += [(str(crowd + place), None) for place in range(1, TALKERS + 1)]
        with open_database(url) as store:
            store.write_now(teaching.publish, folder / "lessons", now=datetime.now(UTC))
            store.write_now(settle, people, channel="telegram", schedule=schedule)
        async with EmulatorProcess(light=True) as telegram:
            await telegram.crowd(crowd + TALKERS)
            clock = folder / "turned" if turned else None
            settings = {
                "account": {"rate": RATE, "in_flight": IN_FLIGHT, **(account or {})},
                "log": {"level": "info"},
            }
            made = [
                Machine(folder / f"machine-{place}", telegram, where, clock, **settings)
                for place, where in enumerate(plugged or [url] * machines)
            ]
            here = Stage(telegram, url, folder, crowd, made)
            try:
                if started:
                    for machine in made:
                        await machine.start()
                yield here
            except BaseException:
                sys.stderr.write("".join(machine.output[-3000:] for machine in made))
                raise
            finally:
                for task in here._talking:
                    task.cancel()
                for machine in made:
                    await machine.kill()


__all__ = ["ALL_DAY", "ROOT", "Machine", "Shown", "Stage", "settle", "stage", "until"]
