# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does what one person needs cost more the more is stored? Counted in the steps of SQLite's machine, on no clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from storage import erasure, learners
from storage.database import open_database
from storage.outbox import claims, ledger, queue
from storage.outbox.rows import REPLY, Draft, Mark
from storage.progress import enrolments, forgetting, prompts
from storage.sqlite import connections
from tests.bench.tidy import LONG_AGO, age
from tests.bench.town import MORNING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.store import Store
    from storage.types import Tx

PEOPLE = 20
FEW, MANY = 500, 10_000
GRAIN = 10
"""Machine steps between two counts."""


class Undone(Exception):
    """What was done is not kept."""


def cost(store: Store, f: Callable[..., object], *args: Any) -> int:
    """Machine steps of a function that is run and undone."""
    counted = [0]

    def count() -> int:
        counted[0] += GRAIN
        return 0

    def run(tx: Tx) -> None:
        connections.raw(tx).set_progress_handler(count, GRAIN)
        try:
            f(tx, *args)
        finally:
            connections.raw(tx).set_progress_handler(None, 0)
        raise Undone

    with pytest.raises(Undone):
        store.write_now(run)
    return counted[0]


def meet(tx: Tx, where: str) -> tuple[str, int]:
    met = learners.meet(tx, "telegram", where, language="fr", now=MORNING)
    return met.id, met.address_id


def put(tx: Tx, address: int, number: int) -> None:
    """So many replies that wait for one address."""
    drafts = [Draft(str(place), address, "telegram", {}, priority=REPLY) for place in range(number)]
    queue.enqueue(tx, drafts, MORNING)


def mark_first(tx: Tx, address: int) -> None:
    """The first of what waits for an address is sent."""
    (row,), _ = claims.claim(tx, "telegram", "token", MORNING, 1)
    claims.mark(tx, [Mark(row.id, address, "sent", MORNING, ref="1")])


OLD = LONG_AGO + timedelta(days=400)
TASKS: dict[str, Callable[[Tx, str, int], object]] = {
    "erasing a newcomer": lambda tx, learner, _: erasure.erase(tx, learner, MORNING + timedelta(days=1)),
    "finding what a reply refers to": lambda tx, learner, _: prompts.shown_in(tx, learner, "7"),
    "forgetting ten events": lambda tx, *_: forgetting.drop_events(tx, OLD, 10),
    "forgetting no menu": lambda tx, *_: forgetting.drop_menus(tx, OLD, 10),
    "forgetting ten messages": lambda tx, *_: ledger.prune(tx, OLD, 10),
    "looking for what a newcomer can do without": lambda tx, learner, _: forgetting.old_prompts(
        tx, OLD, learner[:-1], 1
    ),
    "planning nothing": lambda tx, *_: enrolments.due(tx, MORNING, 200),
    "claiming and marking": lambda tx, _, address: mark_first(tx, address),
}


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, tuple[Store, str, int]]]:
    """A town with little behind it and one with much: the store, a newcomer, and an address with a long queue."""
    found = {}
    with ExitStack() as stack:
        for size in (FEW, MANY):
            folder = tmp_path_factory.mktemp(str(size))
            store = stack.enter_context(open_database(f"sqlite:///{folder}/town.db"))
            for one in range(PEOPLE):
                store.write_now(meet, str(one))
            store.write_now(age, range(size), PEOPLE)
            newcomer, _ = store.write_now(meet, "newcomer")
            _, busy = store.write_now(meet, "busy")
            store.write_now(put, busy, size // 10)
            found[size] = (store, newcomer, busy)
        yield found


@pytest.mark.parametrize("task", TASKS)
def test_it_costs_the_same_among_twenty_times_as_much(
    towns: dict[int, tuple[Store, str, int]], task: str
) -> None:
    few, many = (cost(store, TASKS[task], newcomer, busy) for store, newcomer, busy in towns.values())
    assert many <= 2 * few + 10 * GRAIN
