# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Figures of the service: counts, without any person."""

from __future__ import annotations

from collections import Counter

from storage import counters, learners
from storage.outbox import ledger
from storage.outbox.rows import GOODBYE
from storage.progress import tallies
from storage.types import Tx

OPENS_BY_ITSELF = "console"
"""The terminal begins its conversation: whoever has not accepted the notice there may be nobody at all."""
STATES = ("invited", "active", "paused", "stopped")
OUTCOMES = ("waiting", "sent", "refused", "expired", "cancelled")


def read(tx: Tx) -> dict[str, dict[str, int]]:
    """Count learners by state, planned deliveries and replies by outcome, answers by verdict; add the named counters."""
    states, verdicts = learners.count(tx), tallies.verdicts(tx)
    unseen = learners.count(tx, channel=OPENS_BY_ITSELF).get("invited", 0)
    by_kind = ledger.outcomes(tx)
    replies = Counter(by_kind.pop("reply", {}))
    replies.update(by_kind.pop(GOODBYE, {}))
    return {
        "learners": {state: states.get(state, 0) - (unseen if state == "invited" else 0) for state in STATES},
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
