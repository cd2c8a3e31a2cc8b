# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What everybody together received and answered, in counts: for the file on AI literacy. Nobody is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, select

from storage.notices import ACCEPTED
from storage.progress.tallies import VERDICTS
from storage.tables import address, attestation, delivered, enrolment, learner, lesson_version, tally
from storage.types import Tx


@dataclass(frozen=True, slots=True)
class Learning:
    """Counts of people who accepted the notice and did not object; erased people are in none of them."""

    enrolled: int = 0
    active: int = 0
    answered: int = 0
    """People with an answer."""
    finished: int = 0
    """People who were told that the course is finished."""
    received: Mapping[int, int] = field(default_factory=dict)
    """Number of lessons → how many people received that many; nobody who received none."""
    deliveries: Mapping[str, int] = field(default_factory=dict)
    """Lesson → how often it was received."""
    verdicts: Mapping[str, int] = field(default_factory=dict)
    holders: int = 0
    """People with an attestation."""
    first: datetime | None = None
    last: datetime | None = None
    """When a lesson was received first, and last."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a lesson: its short name, and since when it is published."""

    lesson: str
    version: str
    published_at: datetime
    held: bool


_counted = learner.c.state.in_(ACCEPTED)
_followed = delivered.join(enrolment, enrolment.c.id == delivered.c.enrolment_id).join(
    learner, learner.c.id == enrolment.c.learner_id
)
_each = (
    select(func.count().label("n")).select_from(_followed).where(_counted).group_by(delivered.c.enrolment_id)
).subquery()
_tallied = tally.join(learner, learner.c.id == tally.c.learner_id)


def read(tx: Tx) -> Learning:
    """Count everything in one transaction: the counts fit each other."""
    states = {
        row[0]: row[1]
        for row in tx.execute(select(learner.c.state, func.count()).where(_counted).group_by(learner.c.state))
    }
    sums = select(*(func.coalesce(func.sum(tally.c[name]), 0) for name in VERDICTS))
    any_answer = tally.c.right + tally.c.partly + tally.c.wrong > 0
    finished = select(func.count()).select_from(enrolment.join(learner)).where(_counted)
    holders = select(func.count(attestation.c.learner_id.distinct())).select_from(attestation.join(learner))
    ends = select(func.min(delivered.c.at), func.max(delivered.c.at)).select_from(_followed).where(_counted)
    first, last = tx.execute(ends).one()
    return Learning(
        enrolled=sum(states.values()),
        active=states.get("active", 0),
        answered=_count(tx, select(func.count()).select_from(_tallied).where(_counted, any_answer)),
        finished=_count(tx, finished.where(enrolment.c.finished_at.is_not(None))),
        received={row[0]: row[1] for row in tx.execute(select(_each.c.n, func.count()).group_by(_each.c.n))},
        deliveries={
            row[0]: row[1]
            for row in tx.execute(
                select(delivered.c.lesson_id, func.count())
                .select_from(_followed)
                .where(_counted)
                .group_by(delivered.c.lesson_id)
            )
        },
        verdicts=dict(
            zip(
                VERDICTS,
                map(int, tx.execute(sums.select_from(_tallied).where(_counted)).one()),
                strict=True,
            )
        ),
        holders=_count(tx, holders.where(_counted)),
        first=first,
        last=last,
    )


def _count(tx: Tx, query: Select[int]) -> int:
    return tx.execute(query).scalar_one()


def versions(tx: Tx, since: datetime) -> Sequence[Version]:
    """Return the versions of lessons published since an instant, the oldest first."""
    table = lesson_version
    rows = tx.execute(
        select(table.c.lesson_id, table.c.id, table.c.published_at, table.c.held)
        .where(table.c.published_at >= since)
        .order_by(table.c.published_at, table.c.lesson_id)
    )
    return [Version(*row) for row in rows]


def published_at(tx: Tx, some: Sequence[str]) -> dict[str, datetime]:
    """Return when some versions were published."""
    table = lesson_version
    rows = tx.execute(select(table.c.id, table.c.published_at).where(table.c.id.in_(list(some))))
    return {row.id: row.published_at for row in rows}


def people(tx: Tx) -> tuple[int, int, int]:
    """Count, of everybody whose address is kept: all, those an announcement reaches, and those with an answer kept."""
    everybody = _count(tx, select(func.count(address.c.learner_id.distinct())))
    reached = _count(tx, select(func.count()).select_from(learner).where(learner.c.state == "active"))
    answers = select(func.count()).select_from(tally)
    return everybody, reached, _count(tx, answers)
