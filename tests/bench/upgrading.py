# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How long does an upgrade of a released database take, how large is its process, and may it be killed?

`python -m tests.bench.upgrading [--learners 10000] [--server] [--schema 0003]` upgrades a town of any size on one database.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.types import TypeEngine

from storage import dialects, schema
from storage.types import LocalDate, Tx, UtcDateTime, canonical
from tests.bench.figure import Figure, table
from tests.bench.scale import Scale
from tests.bench.town import ID, MORNING, NUMBERS, RULES, postgres, seed
from tests.postgres import Postgres
from tests.storage.releases import load
from tests.storage.test_schema import connected

MEMORIES = 100
"""Of each learner, each with its answer."""
CHUNK = 1_000
"""Learners in one transaction."""
FIRST = 10_001
"""The number of the first learner: smaller ones are in the released database."""


@dataclass(frozen=True, slots=True)
class _Left:
    """A released schema from which an upgrade goes, and how its learners remembered."""

    schema: str
    lessons: int
    """Behind each learner, with as many questions each as make `MEMORIES`."""
    table: str
    """In which memories are."""
    rows: tuple[str, ...]
    """What fills it."""
    killed: float
    """Seconds after which an upgrade is killed, for each learner: less than it takes."""

    @property
    def questions(self) -> int:
        return MEMORIES // self.lessons


_UPGRADE = """
import resource, sys, time
from storage.database import upgrade
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("began", flush=True)
began, used = time.perf_counter(), time.process_time()
upgrade(sys.argv[1])
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.perf_counter() - began, time.process_time() - used, (after - before) / 1024)
"""
_LESSONS = (
    "lesson_number(j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM lesson_number WHERE j < :lessons), "
    "question(q) AS (SELECT 1 UNION ALL SELECT q + 1 FROM question WHERE q < :questions)"
)
_EACH = f"""WITH RECURSIVE {NUMBERS}, {_LESSONS}, person(id, learner_id) AS (
        SELECT enrolment.id, learner_id FROM number JOIN enrolment ON learner_id = {ID})"""  # noqa: S608
_VERSIONS = f"""INSERT INTO lesson_version (id, lesson_id, content, published_by, published_at, held, reason)
    WITH RECURSIVE {_LESSONS}
    SELECT 'version-' || j, 'une-lecon-' || j, content, published_by, published_at, held, reason
    FROM lesson_number JOIN lesson_version ON lesson_version.lesson_id = 'un'"""  # noqa: S608
_DELIVERED = f"""INSERT INTO delivered (enrolment_id, lesson_id, at)
    {_EACH} SELECT id, 'une-lecon-' || j, :at FROM person CROSS JOIN lesson_number"""  # noqa: S608
_PROMPTS = f"""INSERT INTO prompt (id, learner_id, topic, version, question, content, chosen, message, created_at, shown_at,
        answered_at, given, verdict)
    {_EACH} SELECT id || '-' || j || '-' || q, learner_id, 'quiz', 'version-' || j, 'q' || q,
        CAST(CASE q WHEN 1 THEN :lesson ELSE :more END AS TEXT), '[]', 'lesson-' || id || '-2026-10-23-' || j,
        :at, :at, :at, '["a"]', CASE j % 4 WHEN 0 THEN 'wrong' ELSE 'right' END
    FROM person CROSS JOIN lesson_number CROSS JOIN question"""  # noqa: S608
_REVIEWS = f"""INSERT INTO review (learner_id, lesson_id, question, memory, due)
    {_EACH} SELECT learner_id, 'une-lecon-' || j, 'q' || q, CAST(:memory AS TEXT), :at
    FROM person CROSS JOIN lesson_number CROSS JOIN question"""  # noqa: S608
_RECALLS = f"""INSERT INTO recall (learner_id, lesson_id, memory, due, asked)
    {_EACH} SELECT learner_id, 'une-lecon-' || j, CAST(:memory AS TEXT), :due, CAST(:asked AS TEXT)
    FROM person CROSS JOIN lesson_number"""  # noqa: S608
BY_QUESTION = _Left("0003", 50, "review", (_DELIVERED, _REVIEWS, _PROMPTS), 1 / 2_000)
LAST = _Left("0004", MEMORIES, "recall", (_DELIVERED, _RECALLS, _PROMPTS), 1 / 40_000)
"""The schema of the last release."""
BEFORE = {left.schema: left for left in (BY_QUESTION, LAST)}
_VALUES = {
    "at": MORNING - timedelta(days=30),
    "due": (MORNING - timedelta(days=3)).date(),
    "asked": canonical({"q1": [1, "2026-10-25"]}),
    "memory": canonical({"difficulty": 2.118103970459016, "last": "2026-10-25", "stability": 12.3065}),
    "lesson": canonical({"order": ["c", "b", "a"], "purpose": "lesson", "step": 1, "with_lesson": True}),
    "more": canonical({"order": ["c", "b", "a"], "purpose": "lesson", "step": 2, "with_lesson": False}),
}


async def measure(scale: Scale) -> list[Figure]:
    """Each database: an upgrade that is killed half way, and the one after it."""
    return _on_each(scale.upgraded, BY_QUESTION)


async def measure_last(scale: Scale) -> list[Figure]:
    """The same, from the schema of the last release."""
    return _on_each(scale.migrated, LAST)


def _on_each(learners: int, before: _Left) -> list[Figure]:
    figures = measured(learners, None, before)
    with postgres() as server:
        return figures + measured(learners, server, before)


def measured(learners: int, server: Postgres | None, before: _Left) -> list[Figure]:
    """Upgrade a town of so many learners twice: the first upgrade is killed, and must leave nothing."""
    with _left(server, before) as url:
        _fill(url, learners, before)
        whole = _count(url, before.table, before.schema)
        killed = _kill(url, learners * before.killed)
        if _count(url, before.table, before.schema) != whole:
            raise RuntimeError("an upgrade that was killed left something")
        took, cpu, grew = _run(url)
        kept = _count(url, "recall", schema.HEAD)
        if kept < learners * before.lessons:
            raise RuntimeError(f"{kept} memories are left of {learners * before.lessons}")
    engine = "SQLite" if server is None else "PostgreSQL"
    return [
        Figure(f"{engine}: upgrade from {before.schema}, {learners:,} × {MEMORIES} memories", (took,), "s"),
        Figure(
            "  for 100,000 learners, as many times as many",
            (took * 100_000 / learners / 60,),
            "min",
            at_most=30,
        ),
        Figure("  our processor", (cpu,), "s"),
        Figure("  memory, at its highest", (grew,), "MB more", at_most=150),
        Figure("  killed before, after", (killed,), "s"),
    ]


@contextmanager
def _left(server: Postgres | None, before: _Left) -> Iterator[str]:
    """A database as the released version left it."""
    if server is None:
        with TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder)}/left.db"
            load("sqlite", before.schema, url)
            yield url
        return
    url = server.database()
    load("postgresql", before.schema, url)
    try:
        yield url
    finally:
        server.drop(url)


def _fill(url: str, learners: int, before: _Left) -> None:
    due = [(RULES.schedule, MORNING)]
    sizes = {"lessons": before.lessons, "questions": before.questions}
    with connected(url) as connection:
        dialect = dialects.of(connection)
        with dialect.begin(connection):
            connection.execute(text(_VERSIONS), sizes)
        for first in range(FIRST, FIRST + learners, CHUNK):
            numbers = range(first, min(first + CHUNK, FIRST + learners))
            with dialect.begin(connection):
                seed(connection, numbers, due)
                for rows in before.rows:
                    _insert(connection, rows, {"first": numbers[0], "last": numbers[-1], **sizes})


def _insert(tx: Tx, rows: str, sizes: Mapping[str, int]) -> None:
    named = {name: value for name, value in _VALUES.items() if f":{name}" in rows}
    kinds: dict[str, TypeEngine[Any]] = {"at": UtcDateTime(), "due": LocalDate()}
    statement = text(rows).bindparams(
        *(bindparam(name, type_=kind) for name, kind in kinds.items() if name in named)
    )
    values: dict[str, object] = {**sizes, **named}
    tx.execute(statement, values)


def _count(url: str, name: str, revision: str) -> int:
    with connected(url) as connection, dialects.of(connection).begin(connection, read_only=True):
        if (found := schema.revision(connection)) != revision:
            raise RuntimeError(f"the database has schema {found}")
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one())  # noqa: S608


def _start(url: str) -> subprocess.Popen[str]:
    upgrading = subprocess.Popen([sys.executable, "-c", _UPGRADE, url], stdout=subprocess.PIPE, text=True)
    if upgrading.stdout is None or upgrading.stdout.readline() != "began\n":
        raise RuntimeError("the upgrade did not begin")
    return upgrading


def _kill(url: str, after: float) -> float:
    """Kill an upgrade while it works; after how many seconds."""
    began = time.perf_counter()
    with _start(url) as upgrading:
        time.sleep(after)
        upgrading.kill()
    if upgrading.returncode == 0:
        raise RuntimeError("the upgrade was over before it was killed")
    return time.perf_counter() - began


def _run(url: str) -> tuple[float, float, float]:
    """Upgrade a database; seconds, seconds of the processor, and megabytes more than before at the highest."""
    out, _ = _start(url).communicate()
    took, cpu, grew = map(float, out.split())
    return took, cpu, grew


def main() -> None:
    """Upgrade a town of any size on one of the databases, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.upgrading")
    parser.add_argument("--learners", type=int, default=100_000)
    parser.add_argument("--server", action="store_true", help="on PostgreSQL")
    parser.add_argument("--schema", choices=BEFORE, default=LAST.schema, help="as it was released")
    arguments = parser.parse_args()
    before = BEFORE[arguments.schema]
    if not arguments.server:
        sys.stdout.write(table(measured(arguments.learners, None, before)) + "\n")
        return
    with postgres() as server:
        sys.stdout.write(table(measured(arguments.learners, server, before)) + "\n")


if __name__ == "__main__":
    main()
