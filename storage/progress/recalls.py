# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Recalls: what learners remember of lessons, and when these come back. Dates are the learner's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, Text, Update, bindparam, func, select, true, type_coerce, update

from lessons.review import Asked, Memory, Recall
from storage.progress import lesson_prompts
from storage.tables import enrolment, learner, recall
from storage.types import LocalDate, Tx, insert, listed

_KEY = ["learner_id", "lesson_id"]
_LONGEST = 36_500
"""Days: beyond that, a stored stability is no number of ours."""
_LAST = '"last":"'
"""What stands before the date of the last answer in a stored memory."""
_state = (recall.c.due, recall.c.memory, recall.c.failed, recall.c.asked)


def _recall_of(due: date, memory: Any, failed: Any, asked: Any) -> Recall:
    """Return a stored recall. What cannot be read counts as not there: the lesson is asked as one never answered."""
    counted = asked.items() if isinstance(asked, dict) else ()
    return Recall(
        due,
        _memory(memory),
        failed if isinstance(failed, str) else None,
        {question: found for question, stored in counted if (found := _asked(stored)) is not None},
    )


def _memory(stored: Any) -> Memory | None:
    try:
        memory = Memory(
            float(stored["stability"]), float(stored["difficulty"]), date.fromisoformat(stored["last"])
        )
    except (ValueError, TypeError, LookupError, OverflowError):
        return None
    return memory if 0 < memory.stability < _LONGEST and 1 <= memory.difficulty <= 10 else None


def _asked(stored: Any) -> Asked | None:
    try:
        times, last = stored
        return Asked(int(times), date.fromisoformat(last))
    except (ValueError, TypeError, OverflowError):
        return None


def _row(learner_id: str, lesson_id: str, kept: Recall) -> dict[str, Any]:
    memory = kept.memory
    return {
        "learner_id": learner_id,
        "lesson_id": lesson_id,
        "due": kept.due,
        "memory": None
        if memory is None
        else {
            "stability": memory.stability,
            "difficulty": memory.difficulty,
            "last": memory.last.isoformat(),
        },
        "failed": kept.failed,
        "asked": {question: [asked.times, asked.last.isoformat()] for question, asked in kept.asked.items()},
    }


@cache
def _upsert(dialect: str) -> Insert:
    upsert = insert(dialect, recall)
    changed = {name: upsert.excluded[name] for name in ("due", "memory", "failed", "asked")}
    return upsert.on_conflict_do_update(index_elements=_KEY, set_=changed)


def remember(tx: Tx, learner_id: str, lesson_id: str, kept: Recall) -> None:
    """Store what a learner remembers of a lesson."""
    tx.execute(_upsert(tx.dialect.name), [_row(learner_id, lesson_id, kept)])


@cache
def _insert_delivered(dialect: str) -> Insert:
    # A SELECT, for learners who still exist: see `enrolments.deliver`.
    new = select(
        enrolment.c.learner_id,
        bindparam("lesson"),
        bindparam("on", type_=LocalDate),
        bindparam("none", type_=recall.c.asked.type),
    ).where(enrolment.c.id.in_(bindparam("of", expanding=True)))
    return (
        insert(dialect, recall)
        .from_select(["learner_id", "lesson_id", "due", "asked"], new)
        .on_conflict_do_nothing()
    )


def await_answers(tx: Tx, delivered: Iterable[tuple[int, str, date]]) -> None:
    """Have lessons that were just delivered come back if nobody answers them: (enrolment, lesson, due).

    What a learner remembers already stays.
    """
    alike: dict[tuple[str, date], list[int]] = defaultdict(list)
    for enrolment_id, lesson_id, due in delivered:
        alike[lesson_id, due].append(enrolment_id)
    for (lesson_id, due), ids in alike.items():
        tx.execute(
            _insert_delivered(tx.dialect.name), {"of": ids, "lesson": lesson_id, "on": due, "none": {}}
        )


@cache
def _bring_forward(dialect: str) -> Update:
    # The date is read out of the text, as `_row` writes it: one that is no JSON must not stop the others.
    found = func.instr if dialect == "sqlite" else func.strpos
    memory = type_coerce(recall.c.memory, Text)
    last = func.substr(memory, found(memory, _LAST) + len(_LAST), len("2026-11-23"))
    return (
        update(recall)
        .where(
            listed(dialect, recall.c.learner_id, "of"),
            listed(dialect, recall.c.lesson_id, "among"),
            recall.c.due > bindparam("soon", type_=LocalDate),
            last < bindparam("reset"),
        )
        .values(due=bindparam("soon", type_=LocalDate))
    )


def bring_forward(
    tx: Tx, learners: Sequence[str], lessons: Collection[str], reset_on: date, soon: date
) -> None:
    """Have lessons whose answers before a date count no more come back on a date, of learners who gave none since.

    One that is due before that date stays as it is.
    """
    values = {"of": list(learners), "among": list(lessons), "reset": reset_on.isoformat(), "soon": soon}
    tx.execute(_bring_forward(tx.dialect.name), values)


_of_learner = recall.c.learner_id == bindparam("of")
_one = select(*_state).where(_of_learner, recall.c.lesson_id == bindparam("lesson"))


def of(tx: Tx, learner_id: str, lesson_id: str) -> Recall | None:
    """Return what a learner remembers of a lesson; None for one that never reached them."""
    row = tx.execute(_one, {"of": learner_id, "lesson": lesson_id}).first()
    return None if row is None else _recall_of(*row)


@cache
def _some(dialect: str) -> Select[Any]:
    return select(recall.c.lesson_id, *_state).where(
        _of_learner, listed(dialect, recall.c.lesson_id, "among")
    )


def of_some(tx: Tx, learner_id: str, among: Collection[str]) -> dict[str, Recall]:
    """Return what a learner remembers of some lessons; without those that never reached them."""
    rows = tx.execute(_some(tx.dialect.name), {"of": learner_id, "among": list(among)}).all()
    return {row[0]: _recall_of(*row[1:]) for row in rows}


_all = select(recall.c.lesson_id, *_state).where(_of_learner).order_by(recall.c.due, recall.c.lesson_id)


def all_of(tx: Tx, learner_id: str) -> dict[str, Recall]:
    """Return all that a learner remembers, by lesson, the soonest due first."""
    return {row[0]: _recall_of(*row[1:]) for row in tx.execute(_all, {"of": learner_id}).all()}


_known = select(recall.c.lesson_id, recall.c.due, recall.c.memory, recall.c.failed).where(
    _of_learner, recall.c.memory.is_not(None)
)


def known_of(tx: Tx, learner_id: str) -> dict[str, Recall]:
    """Return what `level` looks at, of the lessons with an answer: `all_of` without how often each question was asked."""
    return {row[0]: _recall_of(*row[1:], None) for row in tx.execute(_known, {"of": learner_id}).all()}


# The lessons that may be asked are in the query, before any limit: those that may not would fill it for ever.
@cache
def _soonest(dialect: str, *, due: bool) -> Select[Any]:
    return _in_turn(_some(dialect), due=due)


def _in_turn(rows: Select[Any], *, due: bool) -> Select[Any]:
    rows = rows.limit(bindparam("most"))
    if not due:
        return rows.order_by(recall.c.due, recall.c.lesson_id)
    # What was answered wrong comes first: in the order of `due` alone it waits behind all that is overdue, for 16 working
    # days (see ADR 0039).
    rows = rows.where(recall.c.due <= bindparam("day", type_=LocalDate))
    return rows.order_by(recall.c.failed.is_(None), recall.c.due, recall.c.lesson_id)


def soonest(
    tx: Tx, learner_id: str, among: Collection[str], most: int, *, due: date | None = None
) -> list[tuple[str, Recall]]:
    """Return the lessons to ask again, of those in `among`, at most `most`.

    `due`: the local date on which they must be due; the failed ones come first, then the longest due. Without one, also
    those that come later, the soonest due first.
    """
    statement = _soonest(tx.dialect.name, due=due is not None)
    values = {"of": learner_id, "among": list(among), "most": most, "day": due}
    return [(row[0], _recall_of(*row[1:])) for row in tx.execute(statement, values).all()]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lesson that may be asked again now."""

    lesson_id: str
    recall: Recall
    waiting: Mapping[str, int]
    """How often each of its questions came back lately and waits for an answer."""


@cache
def _unasked(dialect: str, *, due: bool) -> Select[Any]:
    waiting = lesson_prompts.waiting_since
    rows = (
        _some(dialect)
        .add_columns(waiting.c.questions)
        .outerjoin_from(recall, waiting, waiting.c.lesson_id == recall.c.lesson_id)
        .where(recall.c.lesson_id.not_in(lesson_prompts.asked_since))
        .order_by(waiting.c.lesson_id.is_not(None))
    )
    return _in_turn(rows, due=due)


def unasked(
    tx: Tx,
    learner_id: str,
    among: Collection[str],
    most: int,
    *,
    since: datetime,
    lately: datetime,
    due: date | None = None,
) -> list[Candidate]:
    """Return what `soonest` returns, but no lesson of which a question was asked or answered since an instant.

    Those of which a question came back since the instant `lately`, and waits for an answer, come after all others.
    """
    statement = _unasked(tx.dialect.name, due=due is not None)
    values = {"of": learner_id, "among": list(among), "most": most, "day": due}
    values |= {"since": since, "lately": lately}
    return [
        Candidate(row[0], _recall_of(*row[1:5]), Counter((row[5] or "").split()))
        for row in tx.execute(statement, values).all()
    ]


@cache
def _first_due(dialect: str, *, failed: bool) -> Select[Any]:
    # The first few of each learner are read along an index, and nothing else: 1.5 ms on SQLite and 2.3 on PostgreSQL for
    # 200 learners with 70 lessons each. Ranking all that is due by a window took 25 and 17 ms. Those that were answered
    # wrong have an index of their own.
    mine = recall.alias()
    first = (
        select(mine.c.lesson_id, mine.c.due, mine.c.memory, mine.c.failed, mine.c.asked)
        .where(
            mine.c.learner_id == learner.c.id,
            mine.c.due <= bindparam("day", type_=LocalDate),
            mine.c.failed.is_not(None) if failed else mine.c.failed.is_(None),
            listed(dialect, mine.c.lesson_id, "among"),
        )
        .order_by(mine.c.due, mine.c.lesson_id)
        .limit(bindparam("most"))
        .correlate(learner)
    )
    if dialect == "sqlite":  # it has no LATERAL
        keys = first.with_only_columns(mine.c.lesson_id)
        each = (recall.c.learner_id == learner.c.id) & recall.c.lesson_id.in_(keys)
        rows = select(learner.c.id, recall.c.lesson_id, *_state).select_from(learner).join(recall, each)
        rows = rows.order_by(recall.c.due, recall.c.lesson_id)
    else:
        few = first.lateral()
        rows = select(learner.c.id, *few.c).join(few, true()).order_by(few.c.due, few.c.lesson_id)
    return rows.where(listed(dialect, learner.c.id, "of"))


def first_due(
    tx: Tx, learners: Sequence[str], among: Collection[str], day: date, most: int
) -> dict[str, list[tuple[str, Recall]]]:
    """Return, for many learners at once, what `soonest` returns for each of them."""
    found: dict[str, list[tuple[str, Recall]]] = defaultdict(list)
    if learners and among:
        values = {"of": list(learners), "among": list(among), "day": day, "most": most}
        for failed in (True, False):
            for row in tx.execute(_first_due(tx.dialect.name, failed=failed), values).all():
                if len(found[row[0]]) < most:
                    found[row[0]].append((row[1], _recall_of(*row[2:])))
    return found


@cache
def _count_due(dialect: str) -> Select[Any]:
    return select(func.count()).where(
        _of_learner,
        listed(dialect, recall.c.lesson_id, "among"),
        recall.c.due <= bindparam("day", type_=LocalDate),
    )


def count_due(tx: Tx, learner_id: str, among: Collection[str], day: date) -> int:
    """Count the lessons, of those in `among`, that are due on a local date."""
    values = {"of": learner_id, "among": list(among), "day": day}
    return int(tx.execute(_count_due(tx.dialect.name), values).scalar_one())
