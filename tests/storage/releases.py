# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Databases as released versions left them: `released/<engine>/<revision>.sql`, and the story that fills them.

`python -m tests.storage.releases` tells the story on the present schema and writes its files, once: what was released stays
as it was.
"""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

import psycopg
from sqlalchemy import select, update

from bot.channels import Rejected
from bot.messages import Event, Kind, Message
from bot.service import planning, spreading
from bot.service.inbound import apologise
from bot.service.outbound import Outcome, settle, step
from bot.service.outgoing import queue_replies
from bot.service.packing import pack
from bot.talk.turn import Rules
from storage import (
    access,
    attestations,
    broadcasts,
    devices,
    keys,
    learners,
    pending,
    pins,
    reconciliation,
    schema,
    seals,
    staff,
    tables,
    witnesses,
)
from storage.database import open_database, upgrade
from storage.outbox import ledger, queue
from storage.progress import enrolments
from storage.sealing import Sealing
from storage.sqlite.files import file_of
from tests.bot.builders import BUTTONS, MONDAY, Person, Town, lesson
from tests.postgres import Postgres

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

FOLDER = Path(__file__).with_name("released")
HEADER = "-- SPDX-FileCopyrightText: 2026 IAventure contributors\n-- SPDX-License-Identifier: MIT\n\n"

KEY = Sealing(bytes(range(32)))
MAYOR = "mairie"
TUESDAY = MONDAY + timedelta(days=1)
ANN, TEA, ZOE, BOB = "1001", "1002", "1003", "1004"
"""Ann answers in Paris, Téa in Tahiti; Zoé reads and has never answered; Bob has blocked the bot."""


def released() -> list[tuple[str, str]]:
    """The engine and the revision of each file."""
    return sorted((file.parent.name, file.stem) for file in FOLDER.glob("*/*.sql"))


def load(engine: str, revision: str, url: str) -> None:
    """Fill an empty database as a released version left it."""
    sql = (FOLDER / engine / f"{revision}.sql").read_text("utf-8")
    if engine == "sqlite":
        with closing(sqlite3.connect(file_of(url))) as file:
            file.executescript(sql)
    else:
        with closing(psycopg.connect(url, autocommit=True)) as server:
            server.execute(sql.encode())


def tell(store: Store) -> Town:
    """Whatever happens in a town, until each table has rows and each column a value. The same at each telling."""
    town = Town(store).teach(*(lesson(slug) for slug in ("un", "deux", "trois", "quatre", "cinq", "six")))
    ann, tea, _, bob = (town.learner(address) for address in (ANN, TEA, ZOE, BOB))
    tea.types("reglages")
    tea.types("3")
    tea.types("Pacific/Tahiti")
    tea.types("quiz")  # typed words no longer change settings
    answers(ann, "right", "partly")
    answers(tea, "wrong", "right")
    bob.does(kind=Kind.LEFT)
    for day in (TUESDAY, TUESDAY + timedelta(days=1)):
        town.tick(day.replace(hour=8))
        answers(ann, "wrong")
        town.tick(day.replace(hour=19))
        answers(tea, "right")
    for address, words in (("1005", ["bonjour"]), ("1006", ["bonjour", "oui", "stop", "arrêter"])):
        for word in words:
            town.person(address).types(word)
    store.write_now(devices.note, "telegram", "a machine with a store", town.now)
    town.person("1008", sender="@lea:example.org").types("bonjour")
    gone = town.learner("1007")
    gone.types("stop")
    gone.types("effacer")
    mayor = town.learner(MAYOR)
    mayor.types("annonce Les inscriptions sont ouvertes.")
    mayor.types("envoyer")
    mayor.types("reglages")
    mayor.types("aide")
    town.now = TUESDAY + timedelta(days=2, hours=1)
    store.write_now(reconciliation.close, TUESDAY.date(), {"within_10s": 2}, {}, town.now)
    store.write_now(leave_behind, town)
    return town


def answers(person: Person, *verdicts: str) -> None:
    """Answer the open quizzes, one after the other."""
    for verdict in verdicts:
        right = person.right().split(" et ")
        said = {"right": right, "partly": right[:2], "wrong": [person.wrong().split(" et ")[0]]}[verdict]
        person.types(" et ".join(said))


def leave_behind(tx: Tx, town: Town) -> None:
    """What a process leaves when it is killed at work: planned, late, refused, cancelled, failed, and under way."""
    rules, now = Rules(town.schedule, "fr", town.admins), town.now
    tea, zoe = (town.person(address).learner for address in (TEA, ZOE))
    apologise(tx, Event("telegram", "failed", ANN, now, text="?"), rules, BUTTONS, now)
    queue_replies(tx, tea, [Message("trop tard")], BUTTONS, "late", now - timedelta(days=2))
    queue_replies(tx, zoe, [Message("changé", edits="reply:telegram:e1:0.0")], BUTTONS, "edit", now)
    sent = Event("telegram", "file", ANN, now, Kind.FILE, sender="@ann:example.org")
    pending.add(tx, "telegram", [(ANN, pack(sent))], now)
    planning.plan(tx, now)
    (attempt, *_) = step(tx, "telegram", "0123456789abcdef", BUTTONS, (), 3, (), now).attempts
    settle(tx, [Outcome(attempt.row, now, failure=Rejected("no such chat"))], now)
    queue.cancel(tx, zoe.address_id, now, "asked")
    version, ungiven = (
        tx.execute(select(tables.lesson.c.version).where(tables.lesson.c.id == slug)).scalar_one()
        for slug in ("quatre", "six")
    )
    witnesses.hold(tx, version, "BadRequest: Message is too long")
    witnesses.note_refused(tx, ungiven, zoe.address_id, "BadRequest: Message is too long")
    ledger.prune(tx, TUESDAY, 5)
    broadcasts.begin(tx, roles=["agent"], by="telegram:mairie", now=now, version=version)
    if zoe.enrolment is not None:
        days = {
            "offered_on": now.date(),
            "finished_at": now,
            "until": now.date(),
            "badges": {"bases": now.date().isoformat()},
        }
        enrolments.change(tx, zoe.enrolment.id, **days)
    tx.execute(update(tables.lesson).where(tables.lesson.c.id == "deux").values(reset_on=TUESDAY.date()))
    attestations.issue(
        *(tx, zoe.id, "7K3M92QFXT4D8RBN", "Zoé Le Goff"),
        path="agent",
        course_version="v",
        facts={"lessons": 12},
        now=now,
    )
    learners.change(tx, zoe.id, warned_on=now.date())
    staff.note_admins(tx, [*town.admins, "telegram:parti"], now)
    staff.note_admins(tx, town.admins, now)
    tx.execute(update(tables.learner).values(told_at=now, admitted_at=now))
    access.add(tx, "K7QF-M2XW-9TRA", until=now + timedelta(days=30), by="cli:test", now=now)
    access.note_wrong(tx, tea.address_id, now)
    pins.keep(tx, "matrix:@mairie:example.org", "x" * 43, now)
    spreading.spread(tx, now.replace(hour=23))


def written_sqlite() -> str:
    """The story in a file."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "released.db")
        retold(f"sqlite:///{file}")
        with closing(sqlite3.connect(file)) as connection:
            statements = list(connection.iterdump())
    # Indexes are made in any order.
    indexes = [one for one in statements if one.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX"))]
    *others, commit = (one for one in statements if one not in indexes)
    return "\n".join([*others, *sorted(indexes), commit])


def written_postgresql(server: Postgres) -> str:
    """The story on a server."""
    url = server.database()
    retold(url)
    try:
        return server.dump(url)
    finally:
        server.drop(url)


def retold(url: str) -> None:
    """Tell the story in an empty database, with the same chances each time."""
    chance = random.Random(2026)  # noqa: S311 - a story, no secret
    upgrade(url)
    with (
        patch("secrets.token_hex", lambda size: chance.randbytes(size).hex()),
        patch("secrets.token_urlsafe", lambda size: chance.randbytes(size).hex()[:12]),
        patch("secrets.token_bytes", chance.randbytes),
    ):
        with open_database(url) as store:
            town = tell(store)
        with open_database(url, key=KEY) as store:
            store.write_now(seal_some, town)


def seal_some(tx: Tx, town: Town) -> None:
    """Begin with a key: what waits is sealed, and one address, as if the process had been killed then."""
    keys.begin(tx, KEY, town.now)
    seals.seal_waiting(tx)
    met = select(tables.address.c.id).where(tables.address.c.account.is_not(None))
    seals.seal(tx, list(tx.execute(met).scalars()))
    keys.note_done(tx, town.now)


def main() -> None:
    """Write the files of the present schema, where there are none yet."""
    server = Postgres()
    server.start()
    try:
        for engine, sql in (("sqlite", written_sqlite()), ("postgresql", written_postgresql(server))):
            with (FOLDER / engine / f"{schema.HEAD}.sql").open("x", encoding="utf-8") as file:
                file.write(f"{HEADER}{sql}\n")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
