# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Erasure of a learner: at once what they answered and chose, and at night the rest, once the goodbye was sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, exists, or_, select

from storage import learners, pending
from storage.tables import address, conversation, enrolment, learner, prompt, review, tally
from storage.types import Tx

_is_departed = and_(
    ~exists().where(address.c.learner_id == learner.c.id, conversation.c.address_id == address.c.id),
    or_(
        learner.c.state == "erased",
        and_(learner.c.state == "invited", learner.c.created_at < bindparam("before")),
    ),
)


def erase(tx: Tx, learner_id: str, invited_before: datetime) -> bool:
    """Delete a learner who is `departed`, with the addresses, the answers, and every other row that refers to them.

    Return False when the learner is not departed: they may have come back since they were looked up.
    """
    deleted = tx.execute(
        delete(learner).where(learner.c.id == learner_id, _is_departed), {"before": invited_before}
    )
    return deleted.rowcount > 0


def forget(tx: Tx, learner_id: str) -> None:
    """Delete what a person answered and chose. The address stays until the goodbye was sent: see `departed`."""
    pending.drop_of(tx, learner_id)
    for table in (prompt, tally, review, enrolment):
        tx.execute(delete(table).where(table.c.learner_id == learner_id))
    learners.change(tx, learner_id, notice="", consented_at=None)


def departed(tx: Tx, invited_before: datetime, after: str, number: int) -> tuple[list[str], str | None]:
    """Return which of the next `number` learners after one are to be erased, and the last of these learners, if any.

    To be erased are those who asked for it, once their goodbye was sent, and those invited before `invited_before` who
    never accepted the notice.
    """
    ids = learners.ids_after(tx, after, number)
    if not ids:
        return [], None
    departed_ids = tx.execute(
        select(learner.c.id).where(learner.c.id.in_(ids), _is_departed), {"before": invited_before}
    )
    return list(departed_ids.scalars()), ids[-1]
