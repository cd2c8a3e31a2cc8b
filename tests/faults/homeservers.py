# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a homeserver does: it restarts while lessons leave. A transaction id shows one message, whatever dies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert, select, update

from storage import tables
from storage.database import open_database
from storage.types import Tx
from tests.channels.matrix_case import account_of
from tests.faults.ledger import Line, balance, books
from tests.faults.sizes import Size
from tests.faults.stage import ALL_DAY, IN_FLIGHT, Machine, until
from tests.journeys.database import rows
from tests.matrix import Account, Synapse
from tests.telegram import Telegram

CLIENT = "/_matrix/client/v3"


@dataclass(slots=True)
class Village:
    """A homeserver, people with a room each, a bot in all of them."""

    synapse: Synapse
    bot: Machine
    me: str
    people: dict[str, Account]
    """Who reads which room."""

    def delivered(self) -> int:
        """Lessons that the service knows to have left."""
        return int(
            rows(self.bot.url, "SELECT count(*) FROM outbox WHERE kind = 'lesson' AND state = 'sent'")[0][0]
        )

    async def screens(self) -> dict[str, list[str]]:
        """The bot's messages in each room."""
        found = {}
        for room, person in self.people.items():
            path = f"{CLIENT}/rooms/{room}/messages?dir=f&limit=100"
            status, page = await self.synapse.call("GET", path, token=person.access_token)
            assert status == 200, page
            found[room] = [
                event["event_id"]
                for event in page["chunk"]
                if event["sender"] == self.me and "state_key" not in event
            ]
        return found


def enrol(tx: Tx) -> None:
    """Everybody who was greeted has accepted, and their lesson is due."""
    now = datetime.now(UTC)
    course = tx.execute(select(tables.course.c.id)).scalar_one()
    learners = list(tx.execute(select(tables.learner.c.id)).scalars())
    tx.execute(update(tables.learner).values(state="active", notice="1", consented_at=now))
    shared = {
        "course_id": course,
        "schedule": ALL_DAY.model_dump_json(),
        "silent": 0,
        "next_at": now - timedelta(minutes=1),
    }
    tx.execute(insert(tables.enrolment), [{"learner_id": learner, **shared} for learner in learners])


@asynccontextmanager
async def village(people: int) -> AsyncIterator[Village]:
    """People who have met the bot, and whose lesson is due; the bot is about to run."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        synapse = Synapse(folder / "synapse")
        await synapse.starts()
        account = await account_of(synapse, folder)
        matrix = {
            "homeserver": account.homeserver,
            "user_id": account.user_id,
            "store": str(account.store),
            "store_key": account.store_key,
            "rate": 0,
        }
        url = f"sqlite:///{folder / 'iaventure.db'}"
        bot = Machine(folder / "machine", Telegram(), url, channels={"matrix": matrix}, log={"level": "info"})
        rooms: dict[str, Account] = {}
        wanted = {"preset": "trusted_private_chat", "is_direct": True, "invite": [account.user_id]}
        try:
            for _ in range(people):
                person = await asyncio.to_thread(synapse.account, "quidam")
                status, made = await synapse.call(
                    "POST", f"{CLIENT}/createRoom", wanted, token=person.access_token
                )
                assert status == 200, made
                rooms[made["room_id"]] = person
            await bot.start()
            await until(lambda: bot.folder.parent.joinpath("iaventure.db").exists())
            greeted = "SELECT count(*) FROM outbox WHERE state = 'sent'"
            await until(lambda: "The channel is open" in bot.output and rows(url, greeted)[0][0] == people)
            assert await bot.stop() == 0
            with open_database(url) as store:
                store.write_now(enrol)
            yield Village(synapse, bot, account.user_id, rooms)
        finally:
            await bot.kill()
            await synapse.stops()


async def restarted(size: Size) -> Line:
    """Synapse restarts twice while lessons leave, and the bot is killed once in between."""
    began = time.monotonic()
    async with village(size.rooms) as here:
        await here.bot.start()
        await until(lambda: here.delivered() >= size.rooms // 10)
        await here.synapse.restarts()
        await here.bot.restart()
        await until(lambda: here.delivered() >= size.rooms // 2)
        await here.synapse.restarts()
        await until(lambda: here.delivered() >= size.rooms)
        await until(lambda: not rows(here.bot.url, "SELECT 1 FROM outbox WHERE state = 'waiting' LIMIT 1"))
        assert await here.bot.stop() == 0
        line = balance(
            "Synapse restarted twice, SIGKILL",
            books(here.bot.url),
            await here.screens(),
            due=size.rooms,
            replies=(),
            seconds=time.monotonic() - began,
            crashes=1,
            in_flight=IN_FLIGHT,
        )
        assert line.repeated == 0, f"{line.repeated} shown twice under the same transaction"
        return line
