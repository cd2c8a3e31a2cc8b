# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Prompts by the lesson that they ask about: which lessons have an open question, and closing it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal_column, or_, select, union_all, update

from storage.tables import lesson_version, prompt
from storage.types import Tx, listed

_versions_of_lesson = select(lesson_version.c.id).where(lesson_version.c.lesson_id == bindparam("lesson"))

_close_question = (
    update(prompt)
    .where(
        prompt.c.learner_id == bindparam("of"),
        literal_column("prompt.answered_at").is_(None),
        prompt.c.question == bindparam("asked"),
        prompt.c.version.in_(_versions_of_lesson),
    )
    .values(answered_at=bindparam("now"))
    .returning(prompt.c.id, prompt.c.message)
)


def close_question(
    tx: Tx, learner_id: str, lesson_id: str, question: str, now: datetime
) -> dict[str, str | None]:
    """Close what else asks a question of a lesson that was just answered. Return the key of its message by prompt."""
    values = {"of": learner_id, "lesson": lesson_id, "asked": question, "now": now}
    return {row.id: row.message for row in tx.execute(_close_question, values)}


asked_since = union_all(
    select(lesson_version.c.lesson_id)
    .join(prompt, prompt.c.version == lesson_version.c.id)
    .where(
        prompt.c.learner_id == bindparam("of"),
        literal_column("prompt.answered_at").is_(None),
        # A planned message may show an older one again: see `quiz.note_repeated`.
        or_(prompt.c.created_at >= bindparam("since"), prompt.c.shown_at >= bindparam("since")),
    ),
    select(lesson_version.c.lesson_id)
    .join(prompt, prompt.c.version == lesson_version.c.id)
    .where(prompt.c.learner_id == bindparam("of"), prompt.c.answered_at >= bindparam("since")),
)
"""The lessons of which a question was asked, or answered, of a learner `:of` since an instant `:since`."""


@cache
def _left_open(dialect: str) -> Select[Any]:
    return (
        select(prompt.c.learner_id, lesson_version.c.lesson_id, prompt.c.question, prompt.c.content)
        .join(prompt, prompt.c.version == lesson_version.c.id)
        .where(
            listed(dialect, prompt.c.learner_id, "of"),
            literal_column("prompt.answered_at").is_(None),
            prompt.c.created_at >= bindparam("since"),
        )
    )


def left_open(tx: Tx, learners: Sequence[str], since: datetime) -> dict[str, Counter[tuple[str, str]]]:
    """Return the questions, (lesson, question), that came back since an instant and wait for an answer, by learner."""
    found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    rows = tx.execute(_left_open(tx.dialect.name), {"of": list(learners), "since": since}) if learners else ()
    for row in rows:
        if isinstance(row.content, dict) and row.content.get("purpose") != "lesson":
            found[row.learner_id][row.lesson_id, row.question or ""] += 1
    return found


def open_lessons(tx: Tx, learner_id: str) -> int:
    """Count the lessons that a learner was shown and whose first question waits for an answer."""
    rows = tx.execute(
        select(lesson_version.c.lesson_id, prompt.c.content)
        .join(lesson_version, lesson_version.c.id == prompt.c.version)
        .where(
            prompt.c.learner_id == learner_id,
            literal_column("prompt.answered_at").is_(None),
            prompt.c.shown_at.is_not(None),
        )
    )
    return len(
        {row.lesson_id for row in rows if isinstance(row.content, dict) and row.content.get("with_lesson")}
    )
