# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Recovery after a backup was put back: mark as sent what the lost service sent after the copy was made.

So nobody gets a lesson twice. A learner who did not get theirs can still ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.service import isolating, planning
from bot.service.arriving import ASKING_AGAIN
from bot.service.outbound import Outcome, settle
from config.schedule import Schedule
from storage.outbox import claims, ledger, takeover
from storage.progress import enrolments
from storage.store import Store
from storage.types import Tx

PROCESS = claims.token_of("", "restored")
STEP = 50
"""Messages in one transaction."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """How many messages are taken as sent: those that waited in the copy, and those that came due since."""

    waiting: int
    since: int


def assume_sent(store: Store, lost_at: datetime, default: Schedule = planning.STANDARD) -> Assumed:
    """Mark as sent what the service must have sent until it was lost. No service may run on the database meanwhile.

    `default` is the operator's schedule, for learners whose own cannot be read.
    """
    copied_at = store.write_now(_begin, lost_at)
    waiting = since = 0
    while number := store.write_now(_let_go, copied_at):
        waiting += number
    while (tick := store.read_now(enrolments.next_due)) is not None and tick <= lost_at:
        isolating.plan(store, tick, default)
        while number := store.write_now(_let_go, tick, unseen=True):
            since += number
    while isolating.spread(store, lost_at, default):
        while number := store.write_now(_let_go, lost_at, unseen=True):
            since += number
    return Assumed(waiting, since)


def _begin(tx: Tx, lost_at: datetime) -> datetime:
    """Free all rows that wait. Return when the copy was made, as far as the rows tell."""
    copied_at = min(ledger.last_queued(tx) or lost_at, lost_at)
    takeover.release_all(tx, copied_at)
    return copied_at


def _let_go(tx: Tx, at: datetime, *, unseen: bool = False) -> int:
    """Mark as sent what may leave at a time. Return how many rows ended.

    `unseen`: the learner saw the same lesson, but under a question that was lost with the database, whose choices may
    have had another order. A number typed now is no answer to it. What a reminder showed again was not lost.
    """
    ended = 0
    for channel in {channel for channel, _ in ledger.depths(tx)}:
        rows, expired = claims.claim(tx, channel, PROCESS, at, STEP)
        settle(tx, [Outcome(row, at) for row in rows], at)
        if unseen:
            claims.mark_unshown(tx, [row.id for row in rows if row.kind not in ASKING_AGAIN])
        ended += len(rows) + len(expired)
    return ended
