# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Rows of learners that cannot be right: found by the night's walk, and corrected."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select, update

from lessons.curriculum import Role
from storage import learners
from storage.tables import enrolment, learner
from storage.types import UNREADABLE, Tx, UtcDateTime

_no_role = learner.c.role.not_in([str(role) for role in Role])
_far = enrolment.c.next_at > bindparam("far", type_=UtcDateTime)


def astray(tx: Tx, now: datetime, after: str, number: int) -> tuple[list[str], str | None]:
    """Return the damaged rows among the next `number` learners after an id, and the last id; None when no learner is left.

    A row is damaged if its role is unknown, or its next slot is further ahead than `learners.FAR`:
    garbage may sort after every date.
    """
    ids = learners.ids_after(tx, after, number)
    if not ids:
        return [], None
    rows = learner.outerjoin(enrolment, enrolment.c.learner_id == learner.c.id)
    odd = select(learner.c.id).select_from(rows).where(learner.c.id.in_(ids), _no_role | _far)
    return list(tx.execute(odd, {"far": now + learners.FAR}).scalars()), ids[-1]


def mend(tx: Tx, ids: Collection[str], now: datetime) -> None:
    """Correct some rows: the role becomes the first one, as it is read, and the next tick plans the slot again.

    `ids`: a few hundred at most.
    """
    tx.execute(update(learner).where(learner.c.id.in_(ids), _no_role).values(role=str(next(iter(Role)))))
    slots = update(enrolment).where(enrolment.c.learner_id.in_(ids), _far).values(next_at=UNREADABLE)
    tx.execute(slots, {"far": now + learners.FAR})
