# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One memory a lesson instead of one a question; what an enrolment needs to know of its slots, its end and its rhythm."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from storage.types import Json, LocalDate, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LEARNERS = 500
"""Learners whose rows are read at once."""
SOON = timedelta(days=2)
TO_85 = 1.9066
"""Days after which 85 % is known, by the stability, after which 90 % is: (0.85^(1/w) - 1) / (0.9^(1/w) - 1), w = -0.1542."""
LONGEST = 120
STABLEST = 36_500
"""Days: beyond that, a stored stability is no number of ours."""
PARIS = ZoneInfo("Europe/Paris")


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("until", sa.Date()))
    op.add_column(
        "enrolment", sa.Column("slots", sa.String(40), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("enrolment", sa.Column("offered_on", sa.Date()))
    op.add_column("enrolment", sa.Column("finished_at", sa.DateTime(timezone=True)))
    op.add_column(
        "enrolment", sa.Column("rhythm", sa.String(10), nullable=False, server_default=sa.text("'normal'"))
    )
    op.add_column("enrolment", sa.Column("badges", sa.Text()))
    op.add_column("lesson", sa.Column("reset_on", sa.Date()))
    op.add_column("delivered", sa.Column("version", sa.String(32)))
    op.create_table(
        "recall",
        sa.Column("learner_id", sa.String(16), nullable=False),
        sa.Column("lesson_id", sa.String(64), nullable=False),
        sa.Column("memory", sa.Text()),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("failed", sa.String(64)),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_recall_learner_id_learner", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "lesson_id", name="pk_recall"),
    )
    move_memories()
    # After the rows: an index that is built at once is smaller, and takes half the time.
    op.create_index("ix_recall_due", "recall", ["learner_id", "due"])
    failed = sa.text("failed IS NOT NULL")
    op.create_index(
        "ix_recall_failed",
        "recall",
        ["learner_id", "due"],
        sqlite_where=failed,
        postgresql_where=failed,
    )
    op.drop_table("review")


learner = sa.table("learner", sa.column("id"))
enrolment = sa.table("enrolment", sa.column("id"), sa.column("learner_id"), sa.column("schedule"))
delivered = sa.table(
    "delivered",
    sa.column("enrolment_id"),
    sa.column("lesson_id"),
    sa.column("at", UtcDateTime()),
    sa.column("version"),
)
lesson_version = sa.table("lesson_version", sa.column("id"), sa.column("lesson_id"))
prompt = sa.table(
    "prompt",
    *map(sa.column, ("learner_id", "version", "question", "verdict")),
    sa.column("content", Json()),
    sa.column("created_at", UtcDateTime()),
    sa.column("shown_at", UtcDateTime()),
    sa.column("answered_at", UtcDateTime()),
)
review = sa.table(
    "review",
    *map(sa.column, ("learner_id", "lesson_id", "question")),
    sa.column("memory", Json()),
    sa.column("due", UtcDateTime()),
)
recall = sa.table(
    "recall",
    *map(sa.column, ("learner_id", "lesson_id", "failed")),
    sa.column("memory", Json()),
    sa.column("due", LocalDate()),
    sa.column("asked", Json()),
)
Key = tuple[str, str]
"""A learner and a lesson."""


class Known(NamedTuple):
    """The memory of a question: the newest of a lesson is the greatest, and of two of one day the less stable."""

    last: str
    unstable: float
    question: str
    memory: dict[str, Any]


class Answer(NamedTuple):
    """An answer to a question of a lesson."""

    at: datetime
    question: str
    verdict: str


def move_memories() -> None:
    connection, after = op.get_bind(), ""
    lessons: dict[str, str] = {
        row.id: row.lesson_id
        for row in connection.execute(sa.select(lesson_version.c.id, lesson_version.c.lesson_id))
    }
    while True:
        some = sa.select(learner.c.id).where(learner.c.id > after).order_by(learner.c.id).limit(LEARNERS)
        ids = list(connection.scalars(some))
        if not ids:
            return
        move_memories_of(connection, ids, lessons)
        after = ids[-1]


def move_memories_of(connection: sa.Connection, ids: list[str], lessons: dict[str, str]) -> None:
    zones, enrolments = enrolled(connection, ids)
    given, shown = prompted(connection, ids, lessons)
    known, waiting = remembered(connection, ids)
    came = deliveries(connection, enrolments)
    rows = [
        row(key, known.get(key, ()), given.get(key, ()), zones.get(key[0], PARIS))
        for key in known.keys() | given.keys()
    ]
    for key in (waiting.keys() | came.keys()) - known.keys() - given.keys():
        at = came.get(key)
        day = waiting[key] if at is None else at.astimezone(zones.get(key[0], PARIS)).date() + SOON
        rows.append(
            {
                "learner_id": key[0],
                "lesson_id": key[1],
                "memory": None,
                "due": day,
                "failed": None,
                "asked": {},
            }
        )
    if rows:
        connection.execute(recall.insert(), rows)
    of = {learner_id: id_ for id_, learner_id in enrolments.items()}
    versions = [
        {"of": of[key[0]], "lesson": key[1], "as": version}
        for key, (_, version) in shown.items()
        if key in came
    ]
    if versions:
        connection.execute(
            delivered.update()
            .where(
                delivered.c.enrolment_id == sa.bindparam("of"),
                delivered.c.lesson_id == sa.bindparam("lesson"),
            )
            .values(version=sa.bindparam("as")),
            versions,
        )


def enrolled(connection: sa.Connection, ids: list[str]) -> tuple[dict[str, ZoneInfo], dict[int, str]]:
    """The zone of each learner, and the learner of each enrolment."""
    zones: dict[str, ZoneInfo] = {}
    enrolments: dict[int, str] = {}
    for found in connection.execute(sa.select(enrolment).where(enrolment.c.learner_id.in_(ids))):
        enrolments[found.id] = found.learner_id
        zones[found.learner_id] = zone_of(found.schedule)
    return zones, enrolments


def zone_of(schedule: str) -> ZoneInfo:
    """The zone of a schedule; that of Paris for one that cannot be read."""
    try:
        return ZoneInfo(json.loads(schedule)["time_zone"])
    except (ValueError, TypeError, LookupError, OSError, RecursionError):
        return PARIS


def prompted(
    connection: sa.Connection, ids: list[str], lessons: dict[str, str]
) -> tuple[dict[Key, list[Answer]], dict[Key, tuple[datetime, str]]]:
    """What was answered of each lesson, and the version that was shown last."""
    answers: dict[Key, list[Answer]] = defaultdict(list)
    shown: dict[Key, tuple[datetime, str]] = {}
    found = sa.select(prompt).where(prompt.c.learner_id.in_(ids), prompt.c.version.is_not(None))
    for asked in connection.execute(found):
        if (lesson_id := lessons.get(asked.version)) is None:
            continue
        key = (asked.learner_id, lesson_id)
        if asked.verdict is not None and asked.answered_at is not None:
            answers[key].append(Answer(asked.answered_at, asked.question or "", asked.verdict))
        content = asked.content if asked.shown_at is not None else None
        if isinstance(content, dict) and content.get("with_lesson"):
            shown[key] = max(shown.get(key, (asked.created_at, "")), (asked.created_at, asked.version))
    return answers, shown


def remembered(connection: sa.Connection, ids: list[str]) -> tuple[dict[Key, list[Known]], dict[Key, date]]:
    """The memories of each lesson; and of those with none the date on which a question was due."""
    known: dict[Key, list[Known]] = defaultdict(list)
    waiting: dict[Key, date] = {}
    for found in connection.execute(sa.select(review).where(review.c.learner_id.in_(ids))):
        key, memory = (found.learner_id, found.lesson_id), found.memory
        if (day := last_of(memory)) is not None:
            known[key].append(Known(day, -memory["stability"], found.question, memory))
        else:
            waiting[key] = min(waiting.get(key, date.max), found.due.date())
    return known, waiting


def last_of(memory: Any) -> str | None:
    """The date of the last answer that a memory tells of; nothing for one that cannot be read."""
    try:
        last = date.fromisoformat(memory["last"])
        last + timedelta(LONGEST) + SOON
        sound = 0 < memory["stability"] < STABLEST and 1 <= memory["difficulty"] <= 10
        return last.isoformat() if sound else None
    except (ValueError, TypeError, LookupError, OverflowError):
        return None


def deliveries(connection: sa.Connection, enrolments: dict[int, str]) -> dict[Key, datetime]:
    """When each lesson came."""
    columns = (delivered.c.enrolment_id, delivered.c.lesson_id, delivered.c.at)
    found = connection.execute(sa.select(*columns).where(delivered.c.enrolment_id.in_(list(enrolments))))
    return {(enrolments[one.enrolment_id], one.lesson_id): one.at for one in found}


def row(key: Key, known: Iterable[Known], given: Iterable[Answer], zone: ZoneInfo) -> dict[str, Any]:
    """What a learner remembers of a lesson that they answered."""
    asked: dict[str, list[Any]] = {}
    for answer in sorted(given):
        times = asked[answer.question][0] if answer.question in asked else 0
        asked[answer.question] = [times + 1, answer.at.astimezone(zone).date().isoformat()]
    for memory in known:
        asked.setdefault(memory.question, [1, memory.last])
    newest, last = max(known, default=None), max(given, default=None)
    failed = None if last is None or last.verdict == "right" else last.question
    since = max(day for _, day in asked.values()) if newest is None else newest.last
    days = 1 if newest is None else min(max(round(-newest.unstable * TO_85), 1), LONGEST)
    return {
        "learner_id": key[0],
        "lesson_id": key[1],
        "memory": None if newest is None else newest.memory,
        "due": date.fromisoformat(since) + (timedelta(days) if failed is None else SOON),
        "failed": failed,
        "asked": asked,
    }
