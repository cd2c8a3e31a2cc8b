# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which questions come back, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, func, select

from storage.tables import (
    lesson,
    review,
)
from storage.types import Tx, insert


@dataclass(frozen=True, slots=True)
class Recall:
    """A question to ask again, and what is known of how well it is remembered."""

    lesson_id: str
    question: str
    memory: dict[str, Any] | None
    due: datetime


_KEY = ["learner_id", "lesson_id", "question"]


@cache
def _foresee(dialect: str) -> Insert:
    return insert(dialect, review).on_conflict_do_nothing(index_elements=_KEY)


@cache
def _remember(dialect: str) -> Insert:
    upsert = insert(dialect, review)
    return upsert.on_conflict_do_update(
        index_elements=_KEY, set_={"memory": upsert.excluded.memory, "due": upsert.excluded.due}
    )


def remember(
    tx: Tx, learner_id: str, lesson_id: str, question: str, memory: dict[str, Any] | None, due: datetime
) -> None:
    """Set when a question comes back. Without a memory, only where it is not remembered yet."""
    statement = _foresee if memory is None else _remember
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


_memory = select(review.c.memory).where(
    review.c.learner_id == bindparam("of"),
    review.c.lesson_id == bindparam("lesson"),
    review.c.question == bindparam("asked"),
)


def memory_of(tx: Tx, learner_id: str, lesson_id: str, question: str) -> dict[str, Any] | None:
    """What is known of how well a question is remembered."""
    found: dict[str, Any] | None = tx.execute(
        _memory, {"of": learner_id, "lesson": lesson_id, "asked": question}
    ).scalar()
    return found


_recalls = (
    select(review.c.lesson_id, review.c.question, review.c.memory, review.c.due)
    .join(lesson, lesson.c.id == review.c.lesson_id)
    .where(review.c.learner_id == bindparam("of"), review.c.lesson_id != bindparam("besides"))
    .order_by(review.c.memory.is_(None), review.c.due, review.c.lesson_id, review.c.question)
    .limit(10)
)


_recalls_due = _recalls.where(review.c.due <= bindparam("before"))


def recalls(tx: Tx, learner_id: str, before: datetime | None = None, *, besides: str = "") -> list[Recall]:
    """Ten questions of published lessons to ask again: what may be forgotten first, then what was never asked."""
    values: dict[str, Any] = {"of": learner_id, "besides": besides}
    if before is None:
        rows = tx.execute(_recalls, values)
    else:
        rows = tx.execute(_recalls_due, {**values, "before": before})
    return [Recall(*tuple(row)) for row in rows]


def memories(tx: Tx, learner_id: str) -> list[Recall]:
    """All that is remembered of how well a learner knows what, the soonest due first."""
    found = tx.execute(
        select(review.c.lesson_id, review.c.question, review.c.memory, review.c.due)
        .where(review.c.learner_id == learner_id)
        .order_by(review.c.due, review.c.lesson_id, review.c.question)
    )
    return [Recall(*tuple(row)) for row in found]


def count_due(tx: Tx, learner_id: str, before: datetime) -> int:
    """How many reviews are due."""
    return tx.execute(
        select(func.count())
        .select_from(review)
        .where(review.c.learner_id == learner_id, review.c.due <= before)
    ).scalar_one()
