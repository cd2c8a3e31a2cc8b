# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Reviews: the questions that come back, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, func, select

from storage.tables import lesson, review
from storage.types import Tx, insert


@dataclass(frozen=True, slots=True)
class Recall:
    """A question to ask again, and the state of its memory model."""

    lesson_id: str
    question: str
    memory: dict[str, Any] | None
    due: datetime


_KEY = ["learner_id", "lesson_id", "question"]


@cache
def _insert_new_review(dialect: str) -> Insert:
    return insert(dialect, review).on_conflict_do_nothing(index_elements=_KEY)


@cache
def _upsert_review(dialect: str) -> Insert:
    upsert = insert(dialect, review)
    return upsert.on_conflict_do_update(
        index_elements=_KEY, set_={"memory": upsert.excluded.memory, "due": upsert.excluded.due}
    )


def remember(
    tx: Tx, learner_id: str, lesson_id: str, question: str, memory: dict[str, Any] | None, due: datetime
) -> None:
    """Set when a question comes back. Without a memory, a question that has a review already keeps it."""
    statement = _insert_new_review if memory is None else _upsert_review
    tx.execute(
        statement(tx.dialect.name),
        [
            {
                "learner_id": learner_id,
                "lesson_id": lesson_id,
                "question": question,
                "memory": memory,
                "due": due,
            }
        ],
    )


_memory_of_question = select(review.c.memory).where(
    review.c.learner_id == bindparam("of"),
    review.c.lesson_id == bindparam("lesson"),
    review.c.question == bindparam("asked"),
)


def memory_of(tx: Tx, learner_id: str, lesson_id: str, question: str) -> dict[str, Any] | None:
    """Return the state of the memory model of a question, None before its first answer."""
    memory: dict[str, Any] | None = tx.execute(
        _memory_of_question, {"of": learner_id, "lesson": lesson_id, "asked": question}
    ).scalar()
    return memory


_next_recalls = (
    select(review.c.lesson_id, review.c.question, review.c.memory, review.c.due)
    .join(lesson, lesson.c.id == review.c.lesson_id)
    .where(review.c.learner_id == bindparam("of"), review.c.lesson_id != bindparam("besides"))
    .order_by(review.c.memory.is_(None), review.c.due, review.c.lesson_id, review.c.question)
    .limit(10)
)


_due_recalls = _next_recalls.where(review.c.due <= bindparam("before"))


def recalls(tx: Tx, learner_id: str, before: datetime | None = None, *, besides: str = "") -> list[Recall]:
    """Return up to ten questions of published lessons to ask again, answered ones first, then by due date."""
    values: dict[str, Any] = {"of": learner_id, "besides": besides}
    if before is None:
        rows = tx.execute(_next_recalls, values)
    else:
        rows = tx.execute(_due_recalls, {**values, "before": before})
    return [Recall(*tuple(row)) for row in rows]


def memories(tx: Tx, learner_id: str) -> list[Recall]:
    """Return every review of a learner, the soonest due first."""
    rows = tx.execute(
        select(review.c.lesson_id, review.c.question, review.c.memory, review.c.due)
        .where(review.c.learner_id == learner_id)
        .order_by(review.c.due, review.c.lesson_id, review.c.question)
    )
    return [Recall(*tuple(row)) for row in rows]


def count_due(tx: Tx, learner_id: str, before: datetime) -> int:
    """Count the reviews that are due."""
    return tx.execute(
        select(func.count())
        .select_from(review)
        .where(review.c.learner_id == learner_id, review.c.due <= before)
    ).scalar_one()
