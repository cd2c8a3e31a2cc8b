# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Figures of the service: counts, without any person."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import exists, func, select

from storage import counters, learners
from storage.outbox import ledger
from storage.outbox.rows import GOODBYE
from storage.progress import tallies
from storage.tables import address, learner, prompt
from storage.types import Tx

STATES = ("invited", "active", "paused", "stopped")
OUTCOMES = ("waiting", "sent", "refused", "expired", "cancelled")

_asked = (
    select(func.count())
    .select_from(learner)
    .where(
        learner.c.state == "invited",
        exists().where(
            prompt.c.learner_id == learner.c.id, prompt.c.topic == "consent", prompt.c.answered_at.is_(None)
        ),
        ~exists().where(address.c.learner_id == learner.c.id, address.c.channel == "console"),
    )
)
"""Number of people with an open notice. Not counted: a group, a second room of an enrolled person, and the terminal, which
shows the notice although nobody may be there."""


def read(tx: Tx) -> dict[str, dict[str, int]]:
    """Count learners by state, planned deliveries and replies by outcome, answers by verdict; add the named counters."""
    states, verdicts = learners.count(tx), tallies.verdicts(tx)
    states["invited"] = tx.execute(_asked).scalar_one()
    by_kind = ledger.outcomes(tx)
    replies = Counter(by_kind.pop("reply", {}))
    replies.update(by_kind.pop(GOODBYE, {}))
    return {
        "learners": {state: states.get(state, 0) for state in STATES},
        "deliveries": {
            outcome: sum(kind.get(outcome, 0) for kind in by_kind.values()) for outcome in OUTCOMES
        },
        "replies": {outcome: replies.get(outcome, 0) for outcome in OUTCOMES},
        "answers": {"total": sum(verdicts.values()), **verdicts},
        "counters": {
            name: number
            for name, number in counters.read(tx).items()
            if not name.startswith((ledger.PRUNED, *counters.MOMENTS))
        },
    }
