# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How many answers, how good, and on which days: what stays when the prompts themselves are forgotten."""

from __future__ import annotations

from datetime import date
from functools import cache

from sqlalchemy import Insert, bindparam, func, select

from storage.progress.days import days_of, with_day
from storage.tables import tally
from storage.types import Tx, insert

VERDICTS = ("right", "partly", "wrong")

_days = select(tally.c.days).where(tally.c.learner_id == bindparam("of"))


@cache
def _count(dialect: str) -> Insert:
    upsert = insert(dialect, tally)
    sums = {verdict: tally.c[verdict] + upsert.excluded[verdict] for verdict in VERDICTS}
    return upsert.on_conflict_do_update(
        index_elements=["learner_id"], set_={**sums, "days": upsert.excluded.days}
    )


def count_answer(tx: Tx, learner_id: str, verdict: str, day: date) -> None:
    """Count an answer to a quiz, given on a date where the learner is."""
    days = tx.execute(_days, {"of": learner_id}).scalar() or ""
    numbers = {one: int(one == verdict) for one in VERDICTS}
    tx.execute(_count(tx.dialect.name), {"learner_id": learner_id, **numbers, "days": with_day(days, day)})


def answered_days(tx: Tx, learner_id: str) -> frozenset[date]:
    """The dates, of the last 400 or so, on which a learner answered quizzes."""
    return days_of(tx.execute(_days, {"of": learner_id}).scalar() or "")


def verdicts(tx: Tx, learner_id: str | None = None) -> dict[str, int]:
    """How many answers got each verdict: of one learner, or of all who are not erased."""
    wanted = select(*(func.coalesce(func.sum(tally.c[verdict]), 0) for verdict in VERDICTS))
    if learner_id is not None:
        wanted = wanted.where(tally.c.learner_id == learner_id)
    return dict(zip(VERDICTS, map(int, tx.execute(wanted).one()), strict=True))
