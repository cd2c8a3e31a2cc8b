# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Tallies: the number of answers by verdict, and their days. They stay when the prompts are dropped."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, bindparam, func, select

from storage import learners
from storage.progress.days import days_of, with_day
from storage.tables import tally
from storage.types import Tx, insert

VERDICTS = ("right", "partly", "wrong")

_days_of_learner = select(tally.c.days).where(tally.c.learner_id == bindparam("of"))


@cache
def _upsert_tally(dialect: str) -> Insert:
    upsert = insert(dialect, tally)
    sums = {verdict: tally.c[verdict] + upsert.excluded[verdict] for verdict in VERDICTS}
    return upsert.on_conflict_do_update(
        index_elements=["learner_id"], set_={**sums, "days": upsert.excluded.days}
    )


def count_answer(tx: Tx, learner_id: str, verdict: str, day: date) -> None:
    """Count an answer to a quiz, given on a local date of the learner."""
    days = tx.execute(_days_of_learner, {"of": learner_id}).scalar() or ""
    numbers = {name: int(name == verdict) for name in VERDICTS}
    tx.execute(
        _upsert_tally(tx.dialect.name), {"learner_id": learner_id, **numbers, "days": with_day(days, day)}
    )


_all_of_learner = select(*(tally.c[verdict] for verdict in VERDICTS), tally.c.days).where(
    tally.c.learner_id == bindparam("of")
)


def of_learner(tx: Tx, learner_id: str) -> tuple[dict[str, int], frozenset[date]]:
    """Return what `verdicts` returns of a learner, and the dates on which they answered, among the last `days.LENGTH`."""
    row = tx.execute(_all_of_learner, {"of": learner_id}).first()
    if row is None:
        return dict.fromkeys(VERDICTS, 0), frozenset()
    return dict(zip(VERDICTS, map(int, row[:-1]), strict=True)), days_of(row[-1])


def verdicts(tx: Tx, learner_id: str | None = None) -> dict[str, int]:
    """Count the answers by verdict: of one learner, or of all who are not erased and did not object."""
    sums = select(*(func.coalesce(func.sum(tally.c[verdict]), 0) for verdict in VERDICTS))
    if learner_id is not None:
        return _counted(tx, sums.where(tally.c.learner_id == learner_id))
    # Those who objected are few, and have an index: to join a million learners takes a second.
    everybody, out = (
        _counted(tx, sums),
        _counted(tx, sums.where(tally.c.learner_id.in_(learners.out_of_figures()))),
    )
    return {verdict: everybody[verdict] - out[verdict] for verdict in VERDICTS}


def _counted(tx: Tx, sums: Select[Any]) -> dict[str, int]:
    return dict(zip(VERDICTS, map(int, tx.execute(sums).one()), strict=True))
