# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Addresses that were in clear are sealed beside the loops, whatever interrupts it, and no file keeps one."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from bot.app import open_sealed
from bot.channels.console import ConsoleChannel
from bot.service import Service
from bot.service.outbound import take_over
from bot.service.sealing import Sealer
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage import keys, learners, private, schema, tables
from storage.database import open_database, own_key
from storage.failures import WrongKey
from storage.filelock import own
from storage.sealing import Sealing
from storage.sqlite.files import file_of
from tests import logged, traces
from tests.bot.builders import MONDAY, Town, lesson
from tests.storage.releases import ANN, TEA, TUESDAY, load, released
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.messages import Event
    from storage.store import Store

KEY = Sealing(b"k" * 32)
ROOT = Path(__file__).parents[3]
PHONE, ROOM, ZOE = (
    "7316094582",
    "!cekGKGwhNfZYSC:agent.tchap.gouv.fr",
    "@zoe.dupont-mairie.fr:agent.tchap.gouv.fr",
)


class Silent(ConsoleChannel):
    """A terminal at which nobody types."""

    async def listen(self) -> AsyncIterator[Sequence[Event]]:
        await asyncio.Event().wait()
        yield ()


def in_files(folder: Path) -> list[str]:
    """The names of files that hold one of the people's addresses, in any form."""
    return sorted({Path(file).name for one in (PHONE, ROOM, ZOE) for file in traces.of(one, folder)})


def meet(store: Store, number: int) -> None:
    """So many strangers, at the addresses 1 and on."""
    met = [(str(address), "") for address in range(1, number + 1)]
    store.write_now(learners.meet_all, "telegram", met, language="fr", now=MONDAY)


def sealer(store: Store) -> Sealer:
    return Sealer(store, lambda: MONDAY, lambda: None)


def move_in(file: Path) -> None:
    """Give two people of a released database real addresses, and one of them a copy of her data in the outbox."""
    data = base64.b64encode(json.dumps({"address": f"telegram:{PHONE}"}).encode()).decode()
    content = json.dumps(
        {"text": f"telegram:{PHONE}", "document": {"name": "d", "type": "t", "content": data}}
    )
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE address SET address = ? WHERE address = ?", (PHONE, ANN))
        connection.execute("UPDATE address SET address = ? WHERE address = ?", (ROOM, TEA))
        if "account" in {row[1] for row in connection.execute("PRAGMA table_info(address)")}:
            connection.execute("UPDATE address SET account = ? WHERE address = ?", (ZOE, ROOM))
        connection.execute(
            "UPDATE outbox SET content = ? WHERE id = (SELECT min(outbox.id) FROM outbox "
            "JOIN address ON address.id = outbox.address_id WHERE kind = 'reply' AND address = ?)",
            (content, PHONE),
        )
        connection.commit()


@pytest.mark.parametrize("revision", [revision for engine, revision in released() if engine == "sqlite"])
async def test_no_file_of_an_upgraded_database_holds_an_address(revision: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/iaventure.db"
    load("sqlite", revision, url)
    move_in(file_of(url))
    assert in_files(tmp_path) == ["iaventure.db"]
    with own(url), open_sealed(url, KEY) as store:
        town = Town(store, now=TUESDAY + timedelta(days=2, hours=15), events=1000, sent=1000)
        store.write_now(take_over, "telegram", "token", town.now)
        town.wait(minutes=10)
        before = town.person(PHONE).learner
        await sealer(store).run()
        assert await store.scrub()
        assert town.person(PHONE).learner.id == before.id
        copies = [copy.name for copy in private.copies_of(url)]
        assert in_files(tmp_path) == copies == [f"iaventure.db.before-{schema.HEAD}"]
        assert "réponses données" in town.person(PHONE).types("progression")
        before = town.person(PHONE).learner
    with own(url), open_sealed(url, KEY) as store:
        assert private.copies_of(url) == []
        assert Town(store).person(PHONE).learner == before
        assert in_files(tmp_path) == []


async def test_a_copy_of_after_the_key_stays(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/iaventure.db"
    with own(url), open_sealed(url, KEY) as store:
        Town(store).teach(lesson("un")).learner(PHONE)
        await sealer(store).run()
    later = tmp_path / "iaventure.db.before-0999"
    later.write_bytes(file_of(url).read_bytes())
    with own(url), open_sealed(url, KEY):
        assert private.copies_of(url) == [later]


async def test_everybody_is_sealed_in_steps_and_known_all_along(database_url: str) -> None:
    with open_database(database_url) as store:
        meet(store, 1000)
    assert own_key(database_url, KEY, MONDAY)
    with open_database(database_url, key=KEY) as store:
        assert store.read_now(keys.left) == 1000
        sealing = asyncio.create_task(sealer(store).run())
        met = 0
        while not sealing.done():
            met += (await store.read(learners.by_address, "telegram", "977")) is not None
            await asyncio.sleep(0.001)
        await sealing
        assert met > 3
        assert store.read_now(keys.left) == 0
        assert store.read_now(keys.is_done)
        assert (await store.read(learners.by_address, "telegram", "977")) is not None


def test_a_service_that_is_killed_while_it_seals_goes_on_where_it_was(database_url: str) -> None:
    with open_database(database_url) as store:
        meet(store, 4000)
    assert own_key(database_url, KEY, MONDAY)
    program = (
        "import asyncio, sys\n"
        "from tests.bot.service.test_sealing import KEY, sealer\n"
        "from storage.database import open_database\n"
        "store = open_database(sys.argv[1], key=KEY)\n"
        "asyncio.run(sealer(store).run())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        open_database(database_url, key=KEY) as store,
        subprocess.Popen([sys.executable, "-c", program, database_url], cwd=ROOT, env=environment) as process,
    ):
        left = 4000
        end = time.monotonic() + 60
        while left == 4000 and time.monotonic() < end:
            left = store.read_now(keys.left)
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = store.read_now(keys.left)
        assert 0 < left < 4000
        assert not store.read_now(keys.is_done)
        for one in ("1", "4000"):
            assert store.read_now(learners.by_address, "telegram", one) is not None
        asyncio.run(sealer(store).run())
        assert store.read_now(keys.left) == 0
        assert store.read_now(keys.is_done)


async def test_a_row_that_cannot_be_sealed_stops_no_other(
    store: Store, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    meet(store, 10)
    store.close()
    own_key(database_url, KEY, MONDAY)
    with open_database(database_url, key=KEY) as sealed:
        twice = KEY.tag("telegram", "3")
        odd = update(tables.address).where(tables.address.c.address == "7").values(address=twice, sealed=b"")
        await sealed.write(lambda tx: tx.execute(odd))
        with caplog.at_level(logging.INFO):
            await sealer(sealed).run()
        assert sealed.read_now(keys.left) == 1
        assert not sealed.read_now(keys.is_done)
        assert logged.actions(caplog) == ["seal-addresses"]
        clear = select(tables.address.c.address).where(tables.address.c.sealed.is_(None))
        assert sealed.read_now(lambda tx: list(tx.execute(clear).scalars())) == ["3"]
        assert (await sealed.read(learners.by_address, "telegram", "9")) is not None


def test_a_service_without_the_key_does_not_start(database_url: str) -> None:
    own_key(database_url, KEY, MONDAY)
    for key in (None, Sealing(b"o" * 32)):
        with pytest.raises(WrongKey, match=r"privacy\.key"):
            open_sealed(database_url, key)


async def test_a_service_seals_while_it_talks(sqlite_url: str, tmp_path: Path) -> None:
    with open_database(sqlite_url) as store:
        Town(store).teach(lesson("un")).learner(PHONE)
    with own(sqlite_url), open_sealed(sqlite_url, KEY) as store:
        service = Service(store, [Silent()], Rules(Schedule(), "fr", frozenset()))
        running = asyncio.create_task(service.run())
        await until(lambda: store.read_now(keys.is_done))
        await until(lambda: not in_files(tmp_path))
        running.cancel()
        await asyncio.wait({running})
