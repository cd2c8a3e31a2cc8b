# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What reminders need, for many learners at once: their newest open question, and the dates with an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import FromClause, Select, Text, bindparam, literal_column, select, true, type_coerce

from storage.progress.days import days_of
from storage.tables import enrolment, learner, lesson_version, outbox, prompt, tally
from storage.types import Tx, canonical, listed


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question of a lesson that a learner was shown and has not answered."""

    prompt: str
    version: str
    lesson_id: str


_open = (
    prompt.c.learner_id == learner.c.id,
    literal_column("prompt.answered_at").is_(None),
    prompt.c.shown_at.is_not(None),
    prompt.c.topic == "quiz",
)


@cache
def _newest(dialect: str) -> Select[Any]:
    # The first one of each learner is read along an index: 1.5 ms on SQLite and 2.5 on PostgreSQL for 200 learners with 50
    # open questions each. Ranking all of them by a window took 12 and 18 ms.
    first = (
        select(prompt.c.id, prompt.c.version)
        .outerjoin(outbox, outbox.c.key == prompt.c.message)
        .where(*_open)
        .order_by(prompt.c.created_at.desc(), prompt.c.shown_at.desc(), outbox.c.id.desc().nulls_last())
        .limit(1)
        .correlate(learner)
    )
    if dialect == "sqlite":  # it has no LATERAL
        again = prompt.alias()
        which = first.with_only_columns(prompt.c.id).scalar_subquery()
        asked: FromClause = again
        found = learner.join(again, again.c.id == which)
    else:
        asked = first.lateral()
        found = learner.join(asked, true())
    found = found.join(lesson_version, lesson_version.c.id == asked.c.version)
    rows = select(learner.c.id, asked.c.id, asked.c.version, lesson_version.c.lesson_id).select_from(found)
    return rows.where(listed(dialect, learner.c.id, "of"))


def newest_questions(tx: Tx, learners: Sequence[str]) -> dict[str, OpenQuestion]:
    """Return the newest open question of each learner who has one, by learner: that of `prompts.newest_open`."""
    if not learners:
        return {}
    rows = tx.execute(_newest(tx.dialect.name), {"of": list(learners)}).all()
    return {learner_id: OpenQuestion(*asked) for learner_id, *asked in rows}


@cache
def _noted(dialect: str) -> Select[Any]:
    # As text: what is stored of one prompt may be no JSON, and stops nobody else's. With a limit, each learner's are read
    # along an index; PostgreSQL makes of EXISTS one search of all open prompts.
    noted = type_coerce(prompt.c.content, Text).contains(bindparam("note"))
    one = select(prompt.c.id).where(*_open, noted).order_by(prompt.c.created_at.desc()).limit(1)
    return select(learner.c.id).where(
        listed(dialect, learner.c.id, "of"), one.correlate(learner).scalar_subquery().is_not(None)
    )


def noted(tx: Tx, learners: Sequence[str], name: str, value: str) -> frozenset[str]:
    """Return those of some learners who have an open question of which this is kept, under this name."""
    note = canonical({name: value})[1:-1]
    return frozenset(tx.execute(_noted(tx.dialect.name), {"of": list(learners), "note": note}).scalars())


_habits = (
    select(enrolment.c.id, enrolment.c.offered_on, tally.c.days)
    .join(tally, tally.c.learner_id == enrolment.c.learner_id)
    .where(enrolment.c.id.in_(bindparam("of", expanding=True)))
)


def habits(tx: Tx, enrolments: Sequence[int]) -> dict[int, tuple[date | None, frozenset[date]]]:
    """Return when another rhythm was offered last, and the local dates with an answer, of each enrolment that has any."""
    if not enrolments:
        return {}
    rows = tx.execute(_habits, {"of": list(enrolments)}).all()
    return {row.id: (row.offered_on, days_of(row.days)) for row in rows}
