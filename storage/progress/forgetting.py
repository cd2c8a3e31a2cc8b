# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Retention of events and prompts: which ones are dropped, in small batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, exists, literal_column, or_, select, tuple_

from storage import learners
from storage.events import REPEATABLE
from storage.tables import learner, prompt, seen
from storage.types import Tx

_QUIZ: ColumnElement[str] = literal_column("'quiz'")
_IS_MENU = literal_column("prompt.topic") != _QUIZ  # as in its index


def drop_events(tx: Tx, before: datetime, limit: int) -> int:
    """Drop events seen before an instant, at most `limit`; return how many. Ids that begin with `events.REPEATABLE` stay."""
    key = seen.c.channel, seen.c.event_id
    old = (
        select(*key)
        .where(seen.c.at < before, seen.c.event_id.not_like(f"{REPEATABLE}%"))
        .order_by(seen.c.at)
        .limit(limit)
    )
    return tx.execute(delete(seen).where(tuple_(*key).in_(old))).rowcount


def drop_menus(tx: Tx, before: datetime, limit: int) -> int:
    """Drop menus shown before an instant, answered or not, at most `limit`; return how many."""
    old = (
        select(prompt.c.id)
        .where(_IS_MENU, prompt.c.created_at < before, prompt.c.learner_id.not_in(learners.limited()))
        .order_by(prompt.c.created_at)
        .limit(limit)
    )
    return tx.execute(delete(prompt).where(prompt.c.id.in_(old))).rowcount


_quizzes_of_learners = select(prompt.c.id).where(
    prompt.c.learner_id.in_(bindparam("of", expanding=True)), prompt.c.topic == _QUIZ
)

_quizzes_answered_before = _quizzes_of_learners.where(prompt.c.answered_at < bindparam("before"))

_newer_quiz = prompt.alias("newer")

_newer_quiz_is_open = exists().where(
    _newer_quiz.c.learner_id == prompt.c.learner_id,
    literal_column("newer.answered_at").is_(None),
    _newer_quiz.c.created_at > prompt.c.created_at,
    _newer_quiz.c.topic == _QUIZ,
    _newer_quiz.c.shown_at.is_not(None),
)

_quizzes_passed_over = _quizzes_of_learners.where(
    literal_column("prompt.answered_at").is_(None),
    prompt.c.created_at < bindparam("before"),
    or_(prompt.c.shown_at.is_(None), _newer_quiz_is_open),
)


def old_prompts(tx: Tx, before: datetime, after: str, number: int) -> tuple[list[str], str | None]:
    """Return the ids of quizzes to drop of the next `number` learners after one, and the last of these learners, if any.

    To drop are the quizzes answered before an instant; and of those open since before it, the ones nobody saw, and the
    ones hidden by a newer open quiz. The newest open quiz stays without limit: a learner who comes back goes on with it.

    The walk learner by learner needs no index of its own on the largest table, which every answer would have to update.
    """
    ids = learners.ids_after(tx, after, number)
    if not ids:
        return [], None
    kept = tx.execute(learners.limited().where(learner.c.id.in_(ids))).scalars().all()
    values = {"of": sorted(set(ids) - set(kept)), "before": before}
    queries = (_quizzes_answered_before, _quizzes_passed_over)
    return [prompt_id for query in queries for prompt_id in tx.execute(query, values).scalars()], ids[-1]


def drop_prompts(tx: Tx, ids: Sequence[str]) -> None:
    """Drop prompts. Their answers stay counted."""
    tx.execute(delete(prompt).where(prompt.c.id.in_(ids)))
