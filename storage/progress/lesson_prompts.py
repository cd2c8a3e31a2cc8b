# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Prompts by the lesson that they ask about: which lessons have an open question, and answering it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Select,
    Text,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    type_coerce,
    union_all,
    update,
)

from storage.progress.prompts import Prompt
from storage.tables import lesson_version, prompt
from storage.types import Tx, listed

_versions_of_lesson = select(lesson_version.c.id).where(lesson_version.c.lesson_id == bindparam("lesson"))

_asks_the_same = (
    prompt.c.learner_id == bindparam("of"),
    literal_column("prompt.answered_at").is_(None),
    prompt.c.question == bindparam("asked"),
    prompt.c.version.in_(_versions_of_lesson),
)
_judged = prompt.alias()
_is_judged = prompt.c.id == bindparam("judged")
_is_open = exists().where(_judged.c.id == bindparam("judged"), _judged.c.answered_at.is_(None))

_answer = (
    update(prompt)
    .where(*_asks_the_same, _is_open)
    .values(
        answered_at=bindparam("now"),
        given=case((_is_judged, bindparam("keys", type_=prompt.c.given.type)), else_=prompt.c.given),
        verdict=case((_is_judged, bindparam("how")), else_=prompt.c.verdict),
    )
    .returning(prompt.c.id, prompt.c.message)
)


def answer(
    tx: Tx, judged: Prompt, lesson_id: str, keys: Sequence[str], verdict: str, now: datetime
) -> dict[str, str | None] | None:
    """Accept the first answer to a quiz, and close every other one that asks the same question of its lesson.

    Return the key of the message of each of those, by prompt; None when this quiz had its answer before: nothing is changed.
    """
    values = {
        "of": judged.learner_id,
        "lesson": lesson_id,
        "asked": judged.question,
        "judged": judged.id,
        "now": now,
        "keys": list(keys),
        "how": verdict,
    }
    closed = {row.id: row.message for row in tx.execute(_answer, values)}
    if judged.id not in closed:
        return None
    del closed[judged.id]
    return closed


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


_comes_back = not_(type_coerce(prompt.c.content, Text).contains('"purpose":"lesson"'))

waiting_since = (
    select(lesson_version.c.lesson_id, func.aggregate_strings(prompt.c.question, " ").label("questions"))
    .join(prompt, prompt.c.version == lesson_version.c.id)
    .where(
        prompt.c.learner_id == bindparam("of"),
        literal_column("prompt.answered_at").is_(None),
        prompt.c.created_at >= bindparam("lately"),
        _comes_back,
    )
    .group_by(lesson_version.c.lesson_id)
    .subquery()
)
"""The questions, as often as each, that came back since an instant `:lately` and wait for an answer of a learner `:of`, by
lesson: `left_open` for one of them. Ids of questions have no spaces."""


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
