# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does it cost to find the messages that may leave, among very many that wait?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from storage import tables
from storage.database import open_database
from storage.outbox import claims, queue
from storage.outbox.rows import REPLY, SCHEDULED, Draft, Mark
from storage.progress import prompts
from storage.progress.prompts import Prompt
from storage.store import Store
from storage.types import Tx
from tests.bench.figure import Figure, percentile
from tests.bench.scale import Scale
from tests.bench.town import MORNING, address, know_sizes, postgres
from tests.postgres import Postgres

PLACES = 30
"""Claimed at once: a second's worth at Telegram's rate."""
CHUNK = 10_000
LATER = MORNING + timedelta(hours=4)
"""When what was due in the morning is late."""


async def measure(scale: Scale) -> list[Figure]:
    """In a file."""
    return _measure(scale, None, 2)


async def measure_postgres(scale: Scale) -> list[Figure]:
    """On a server."""
    with postgres() as server:
        return _measure(scale, server, 4)


def _measure(scale: Scale, server: Postgres | None, most: float) -> list[Figure]:
    """Claims of thirty from one queue, in four states."""
    # For up to a minute PostgreSQL takes that address for one like any other, and reads all that it holds.
    rounds = max(1, scale.waiting // 1000)
    with _queue(scale.waiting, server) as store:
        plain, marks = _claims(store, rounds)
        store.write_now(_flood, scale.waiting // 5)
        unknown, _ = _claims(store, rounds)
        know_sizes(store)
        flooded, flooded_marks = _claims(store, rounds)
        _write_in_chunks(store, _throttle, scale.waiting // 5)
        throttled, _ = _claims(store, rounds)
        late = _late(store)
    where = "" if server is None else ", PostgreSQL"
    waiting, fifth = f"{scale.waiting:,}", f"{scale.waiting // 5:,}"
    return [
        Figure(f"claim of {PLACES} among {waiting}{where}", plain, "ms", at_most=most),
        Figure("  99 of 100 within", (percentile(plain, 0.99),), "ms"),
        Figure(f"  with one address that holds {fifth}", flooded, "ms", at_most=most),
        Figure("    while the database does not know that yet", unknown, "ms"),
        Figure(f"  and with {fifth} addresses told to wait", throttled, "ms", at_most=most),
        Figure("  when all are late, 99 of 100 within", (percentile(late, 0.99),), "ms", at_most=50),
        Figure(f"mark of {PLACES}{where}", marks, "ms"),
        Figure(f"  with one address that holds {fifth}", flooded_marks, "ms"),
    ]


@contextmanager
def _queue(number: int, server: Postgres | None) -> Iterator[Store]:
    """A database in which a lesson waits for each of so many learners, numbered from 1."""
    with address(server) as url, open_database(url) as store:
        _write_in_chunks(store, _line_up, number)
        know_sizes(store)
        yield store


def _write_in_chunks(store: Store, f: Callable[[Tx, range], None], number: int) -> None:
    for first in range(1, number + 1, CHUNK):
        store.write_now(f, range(first, min(first + CHUNK, number + 1)))


def _line_up(tx: Tx, numbers: range) -> None:
    def row(number: int, **others: Any) -> dict[str, Any]:
        # Scattered over the indexes as random ids are.
        return {"id": f"{number * 2654435761 % 2**32:08x}{number:08x}", "created_at": MORNING, **others}

    learner = {
        "language": "fr",
        "role": "agent",
        "state": "active",
        "pause_reason": "",
        "notice": "1",
    }
    people = [row(number, **learner) for number in numbers]
    tx.execute(tables.learner.insert(), people)
    ids = [str(person["id"]) for person in people]
    tx.execute(
        tables.address.insert(),
        [
            {"id": number, "channel": "telegram", "address": str(number), "learner_id": id_}
            for number, id_ in zip(numbers, ids, strict=True)
        ],
    )
    order = {"order": ["a", "b"]}
    prompts.add(tx, [Prompt(id_[:16], id_, "quiz", None, "q1", order, MORNING) for id_ in ids])
    queue.enqueue(
        tx,
        [
            Draft(
                f"lesson:{number}:2026-11-24:0",
                number,
                "telegram",
                {"lesson": "donnees-coller"},
                kind="lesson",
                priority=SCHEDULED,
                prompt=id_[:16],
                not_after=MORNING + timedelta(hours=3),
            )
            for number, id_ in zip(numbers, ids, strict=True)
        ],
        MORNING,
    )


def _flood(tx: Tx, number: int) -> None:
    """So many replies for one address: it is the first of every claim."""
    (last,) = tx.execute(select(tables.address.c.id).order_by(tables.address.c.id.desc()).limit(1)).one()
    drafts = [
        Draft(f"reply:{one}:0.0", last, "telegram", {"text": "…"}, priority=REPLY) for one in range(number)
    ]
    queue.enqueue(tx, drafts, MORNING)


def _throttle(tx: Tx, numbers: range) -> None:
    """Those of these addresses that have something waiting were told to wait a minute."""
    rows = tx.execute(
        select(tables.outbox.c.id, tables.outbox.c.address_id).where(
            tables.outbox.c.state == "waiting",
            tables.outbox.c.priority == SCHEDULED,
            tables.outbox.c.address_id.in_(numbers),
        )
    )
    until = MORNING + timedelta(minutes=1)
    claims.mark(tx, [Mark(row.id, row.address_id, "waiting", MORNING, retry_at=until) for row in rows])


def _claims(store: Store, rounds: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Milliseconds of each claim, and of marking as sent what it gave; the commits beside."""
    claim_times, marks = [], []
    for _ in range(rounds):
        took, (rows, _) = store.write_now(_timed, claims.claim, "telegram", "bench", MORNING, PLACES)
        if len(rows) != PLACES:
            raise RuntimeError(f"{len(rows)} were claimed, not {PLACES}")
        claim_times.append(took)
        sent = [Mark(row.id, row.address_id, "sent", MORNING, ref="1") for row in rows]
        marks.append(store.write_now(_timed, claims.mark, sent)[0])
    return tuple(claim_times), tuple(marks)


def _late(store: Store) -> list[float]:
    """Milliseconds of each claim until all that waits has ended, after an outage of hours."""
    store.write_now(lambda tx: tx.execute(update(tables.outbox).values(not_after=MORNING)))
    claim_times = []
    while store.read_now(claims.next_ready, "telegram") is not None:
        took, (rows, _) = store.write_now(_timed, claims.claim, "telegram", "bench", LATER, PLACES)
        if rows:
            raise RuntimeError(f"late, and claimed: {rows}")
        claim_times.append(took)
    return claim_times


def _timed(tx: Tx, f: Callable[..., Any], *args: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    result = f(tx, *args)
    return 1000 * (time.perf_counter() - began), result
