# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Reviews: the questions that come back, and when."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, select

from storage.tables import review
from storage.types import Tx, insert


@dataclass(frozen=True, slots=True)
class Recall:
    """A question that comes back, and the state of its memory model."""

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


Pair = tuple[str, str]
"""A lesson and a question of it."""

# Every review of a learner, some 170 at most, and no LIMIT: a limit before the availability of the lessons would let those
# held back hide the others. Read and filtered here they take 0.2 ms on SQLite and 0.4 ms on PostgreSQL; as pairs in an IN,
# which the driver has to write out each time, 0.8 and 2.2 ms.
_reviews_by_worth = (
    select(review.c.lesson_id, review.c.question)
    .where(review.c.learner_id == bindparam("of"))
    .order_by(review.c.memory.is_(None), review.c.due, review.c.lesson_id, review.c.question)
)
_due_reviews_by_worth = _reviews_by_worth.where(review.c.due <= bindparam("before"))


def _askable(
    tx: Tx, learner_id: str, askable: Container[Pair], before: datetime | None, besides: str = ""
) -> Iterator[Pair]:
    if before is None:
        rows = tx.execute(_reviews_by_worth, {"of": learner_id})
    else:
        rows = tx.execute(_due_reviews_by_worth, {"of": learner_id, "before": before})
    for row in rows.all():
        pair = (row.lesson_id, row.question)
        if row.lesson_id != besides and pair in askable:
            yield pair


def next_recall(
    tx: Tx, learner_id: str, askable: Container[Pair], before: datetime | None = None, *, besides: str = ""
) -> Pair | None:
    """Return the question most worth asking again: answered ones first, then by due date; None when there is none.

    `askable` are the questions that may be asked today: see `Catalogue.askable`. `before` leaves out what is due later,
    `besides` a lesson.
    """
    return next(_askable(tx, learner_id, askable, before, besides), None)


def memories(tx: Tx, learner_id: str) -> list[Recall]:
    """Return every review of a learner, the soonest due first."""
    rows = tx.execute(
        select(review.c.lesson_id, review.c.question, review.c.memory, review.c.due)
        .where(review.c.learner_id == learner_id)
        .order_by(review.c.due, review.c.lesson_id, review.c.question)
    )
    return [Recall(*tuple(row)) for row in rows]


def count_due(tx: Tx, learner_id: str, askable: Container[Pair], before: datetime) -> int:
    """Count the reviews that are due and can be asked."""
    return sum(1 for _ in _askable(tx, learner_id, askable, before))
