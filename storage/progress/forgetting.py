# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which events and prompts are of no more use, and how they go, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, exists, literal_column, or_, select, tuple_

from storage import learners
from storage.tables import prompt, seen
from storage.types import Tx

_QUIZ: ColumnElement[str] = literal_column("'quiz'")
_MENU = literal_column("prompt.topic") != _QUIZ  # as in its index


def forget_events(tx: Tx, before: datetime, limit: int) -> int:
    """Forget events seen before an instant, at most `limit`; how many went."""
    key = seen.c.channel, seen.c.event_id
    old = select(*key).where(seen.c.at < before).order_by(seen.c.at).limit(limit)
    return tx.execute(delete(seen).where(tuple_(*key).in_(old))).rowcount


def forget_menus(tx: Tx, before: datetime, limit: int) -> int:
    """Forget menus shown before an instant, answered or not, at most `limit`; how many went."""
    old = (
        select(prompt.c.id)
        .where(_MENU, prompt.c.created_at < before)
        .order_by(prompt.c.created_at)
        .limit(limit)
    )
    return tx.execute(delete(prompt).where(prompt.c.id.in_(old))).rowcount


_quizzes = select(prompt.c.id).where(
    prompt.c.learner_id.in_(bindparam("of", expanding=True)), prompt.c.topic == _QUIZ
)

_answered = _quizzes.where(prompt.c.answered_at < bindparam("before"))

_newer = prompt.alias("newer")

_hidden = exists().where(
    _newer.c.learner_id == prompt.c.learner_id,
    literal_column("newer.answered_at").is_(None),
    _newer.c.created_at > prompt.c.created_at,
    _newer.c.topic == _QUIZ,
    _newer.c.shown_at.is_not(None),
)

_passed_over = _quizzes.where(
    literal_column("prompt.answered_at").is_(None),
    prompt.c.created_at < bindparam("before"),
    or_(prompt.c.shown_at.is_(None), _hidden),
)


def old_prompts(tx: Tx, before: datetime, after: str, number: int) -> tuple[list[str], str | None]:
    """The quizzes that the next few learners, after one of them, can do without; and the last of these learners, if any.

    Those answered before an instant. Of those open since before it: what nobody saw, and what a newer open one hides.
    The newest open one stays for as long as it takes: it is what whoever comes back goes on with.

    Walking learner by learner takes no index of its own on the largest table, which every answer would have to keep up.
    """
    ids = learners.ids_after(tx, after, number)
    if not ids:
        return [], None
    wanted = {"of": ids, "before": before}
    return [one for query in (_answered, _passed_over) for one in tx.execute(query, wanted).scalars()], ids[
        -1
    ]


def forget_prompts(tx: Tx, ids: Sequence[str]) -> None:
    """Forget these prompts. What was answered stays counted."""
    tx.execute(delete(prompt).where(prompt.c.id.in_(ids)))
