# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does an answer cost that is judged for somebody who remembers two hundred lessons?"""

from __future__ import annotations

from storage.store import Store
from tests.bench.figure import Figure
from tests.bench.scale import Scale
from tests.bench.town import database, know_sizes, postgres

MEMORIES = 200
"""More than the course has lessons: the others were taken out of it."""
PEOPLE = 1_000
ANSWERS = 200
"""Of each kind; none is kept."""
UNTIL_NOW = {"a review follows": 1, "the slot ends": 2}
"""What follows, by the place of the question in its slot."""


class Undone(Exception):
    """What was answered is not kept."""


async def measure(scale: Scale) -> list[Figure]:
    """Answer the first question of a lesson, then the second one, on each database."""
    figures = []
    with database(min(PEOPLE, scale.enrolments)) as store:
        figures += _measured("SQLite", store)
    with postgres() as server, database(min(PEOPLE, scale.enrolments), server=server) as store:
        figures += _measured("PostgreSQL", store)
    return figures


def _measured(engine: str, store: Store) -> list[Figure]:
    store.write_now(_remember)
    know_sizes(store)
    figures = []
    for what, step in UNTIL_NOW.items():
        took = [_timed(store, step) for _ in range(ANSWERS)]
        whole, after = (sorted(1000 * times[part] for times in took)[ANSWERS // 2] for part in (0, 1))
        figures += [
            Figure(f"{engine}, {MEMORIES} memories: after a verdict, {what}", (after,), "ms", at_most=1),
            Figure("  with the verdict and its message", (whole,), "ms"),
        ]
    return figures
