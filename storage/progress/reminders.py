# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What reminders need, for many learners at once: their newest open question, and the dates with an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select

from storage.progress.days import days_of
from storage.tables import enrolment, lesson_version, outbox, prompt, tally
from storage.types import Tx


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question of a lesson that a learner was shown and has not answered."""

    prompt: str
    version: str
    lesson_id: str
    content: dict[str, Any]


_place = (
    func.row_number()
    .over(
        partition_by=prompt.c.learner_id,
        order_by=(prompt.c.created_at.desc(), prompt.c.shown_at.desc(), outbox.c.id.desc().nulls_last()),
    )
    .label("place")
)
_ranked = (
    select(prompt.c.id, _place)
    .outerjoin(outbox, outbox.c.key == prompt.c.message)
    .where(
        prompt.c.learner_id.in_(bindparam("of", expanding=True)),
        literal_column("prompt.answered_at").is_(None),
        prompt.c.shown_at.is_not(None),
        prompt.c.topic == "quiz",
    )
    .subquery()
)
_open = (
    select(prompt.c.learner_id, prompt.c.id, prompt.c.version, lesson_version.c.lesson_id, prompt.c.content)
    .join(_ranked, _ranked.c.id == prompt.c.id)
    .join(lesson_version, lesson_version.c.id == prompt.c.version)
    .order_by(_ranked.c.place)
)
_newest = _open.where(_ranked.c.place == 1)


def open_questions(tx: Tx, learners: Sequence[str]) -> dict[str, list[OpenQuestion]]:
    """Return the open questions of each learner who has any, by learner, the newest first."""
    found: dict[str, list[OpenQuestion]] = defaultdict(list)
    if learners:
        for row in tx.execute(_open, {"of": list(learners)}).all():
            found[row.learner_id].append(_question(*row[1:]))
    return found


def newest_questions(tx: Tx, learners: Sequence[str]) -> dict[str, OpenQuestion]:
    """Return the newest open question of each learner who has one, by learner: that of `prompts.newest_open`."""
    if not learners:
        return {}
    rows = tx.execute(_newest, {"of": list(learners)}).all()
    return {row.learner_id: _question(*row[1:]) for row in rows}


def _question(id_: str, version: str, lesson_id: str, content: Any) -> OpenQuestion:
    return OpenQuestion(id_, version, lesson_id, content if isinstance(content, dict) else {})


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
