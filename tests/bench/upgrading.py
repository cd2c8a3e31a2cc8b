# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How long does an upgrade of a released database take, how large is its process, and may it be killed?

`python -m tests.bench.upgrading --learners 100000 [--server]` measures a town of another size, on one of the databases.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import bindparam, text

from storage import dialects, schema
from storage.types import Tx, UtcDateTime, canonical
from tests.bench.figure import Figure, table
from tests.bench.scale import Scale
from tests.bench.town import ID, MORNING, NUMBERS, RULES, postgres, seed
from tests.postgres import Postgres
from tests.storage.releases import load
from tests.storage.test_schema import connected

BEFORE = "0003"
"""The released schema from which the upgrade goes."""
LESSONS = 50
"""Behind each learner, each with two questions: a hundred memories and a hundred answers."""
CHUNK = 1_000
"""Learners in one transaction."""
FIRST = 10_001
"""The number of the first learner: smaller ones are in the released database."""
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
_LESSONS = f"lesson_number(j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM lesson_number WHERE j < {LESSONS})"  # noqa: S608
_EACH = f"""WITH RECURSIVE {NUMBERS}, {_LESSONS}, question(q) AS (VALUES (1), (2)), person(id, learner_id) AS (
        SELECT enrolment.id, learner_id FROM number JOIN enrolment ON learner_id = {ID})"""  # noqa: S608
_VERSIONS = f"""INSERT INTO lesson_version (id, lesson_id, content, published_by, published_at, held, reason)
    WITH RECURSIVE {_LESSONS}
    SELECT 'version-' || j, 'une-lecon-' || j, content, published_by, published_at, held, reason
    FROM lesson_number JOIN lesson_version ON lesson_version.lesson_id = 'un'"""  # noqa: S608
_ROWS = (
    f"""INSERT INTO delivered (enrolment_id, lesson_id, at)
    {_EACH} SELECT id, 'une-lecon-' || j, :at FROM person CROSS JOIN lesson_number""",  # noqa: S608
    f"""INSERT INTO review (learner_id, lesson_id, question, memory, due)
    {_EACH} SELECT learner_id, 'une-lecon-' || j, 'q' || q, CAST(:memory AS TEXT), :at
    FROM person CROSS JOIN lesson_number CROSS JOIN question""",  # noqa: S608
    f"""INSERT INTO prompt (id, learner_id, topic, version, question, content, chosen, message, created_at, shown_at,
        answered_at, given, verdict)
    {_EACH} SELECT id || '-' || j || '-' || q, learner_id, 'quiz', 'version-' || j, 'q' || q,
        CAST(CASE q WHEN 1 THEN :lesson ELSE :more END AS TEXT), '[]', 'lesson-' || id || '-2026-10-23-' || j,
        :at, :at, :at, '["a"]', CASE j % 4 WHEN 0 THEN 'wrong' ELSE 'right' END
    FROM person CROSS JOIN lesson_number CROSS JOIN question""",  # noqa: S608
)
_VALUES = {
    "at": MORNING - timedelta(days=30),
    "memory": canonical({"difficulty": 2.118103970459016, "last": "2026-10-25", "stability": 12.3065}),
    "lesson": canonical({"order": ["c", "b", "a"], "purpose": "lesson", "step": 1, "with_lesson": True}),
    "more": canonical({"order": ["c", "b", "a"], "purpose": "lesson", "step": 2, "with_lesson": False}),
}


async def measure(scale: Scale) -> list[Figure]:
    """Each database: an upgrade that is killed half way, and the one after it."""
    figures = measured(scale.upgraded, None)
    with postgres() as server:
        return figures + measured(scale.upgraded, server)


def measured(learners: int, server: Postgres | None) -> list[Figure]:
    """Upgrade a town of so many learners twice: the first upgrade is killed, and must leave nothing."""
    with _left(server) as url:
        _fill(url, learners)
        whole = _count(url, "review")
        killed = _kill(url, learners / 2_000)
        if _count(url, "review") != whole:
            raise RuntimeError("an upgrade that was killed left something")
        took, cpu, grew = _run(url)
        kept = _count(url, "recall")
        if kept < learners * LESSONS:
            raise RuntimeError(f"{kept} memories are left of {learners * LESSONS}")
    engine = "SQLite" if server is None else "PostgreSQL"
    return [
        Figure(f"{engine}: upgrade from {BEFORE}, {learners:,} × {2 * LESSONS} memories", (took,), "s"),
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
def _left(server: Postgres | None) -> Iterator[str]:
    """A database as the released version left it."""
    if server is None:
        with TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder)}/left.db"
            load("sqlite", BEFORE, url)
            yield url
        return
    url = server.database()
    load("postgresql", BEFORE, url)
    try:
        yield url
    finally:
        server.drop(url)


def _fill(url: str, learners: int) -> None:
    due = [(RULES.schedule, MORNING)]
    with connected(url) as connection:
        dialect = dialects.of(connection)
        with dialect.begin(connection):
            connection.execute(text(_VERSIONS))
        for first in range(FIRST, FIRST + learners, CHUNK):
            numbers = range(first, min(first + CHUNK, FIRST + learners))
            with dialect.begin(connection):
                seed(connection, numbers, due)
                _learn(connection, numbers)


def _learn(tx: Tx, numbers: range) -> None:
    for rows in _ROWS:
        named = {name: value for name, value in _VALUES.items() if f":{name}" in rows}
        statement = text(rows).bindparams(bindparam("at", type_=UtcDateTime()))
        tx.execute(statement, {"first": numbers[0], "last": numbers[-1], **named})


def _count(url: str, name: str) -> int:
    with connected(url) as connection, dialects.of(connection).begin(connection, read_only=True):
        revision = schema.revision(connection)
        if (revision == BEFORE) is not (name == "review"):
            raise RuntimeError(f"the database has schema {revision}")
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
    arguments = parser.parse_args()
    if not arguments.server:
        sys.stdout.write(table(measured(arguments.learners, None)) + "\n")
        return
    with postgres() as server:
        sys.stdout.write(table(measured(arguments.learners, server)) + "\n")


if __name__ == "__main__":
    main()
