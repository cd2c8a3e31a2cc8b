# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Learners who seemed gone while the channel was at fault: each is resumed, however often that must be tried."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from config.schedule import Schedule, due_after, schedule_of
from storage import learners
from storage.failures import DatabaseError
from storage.progress import enrolments
from storage.store import Store
from storage.types import Tx

log = logging.getLogger(__name__)

AGAIN = 60.0
"""Seconds before a learner who could not be resumed is tried again."""


class TakingBack:
    """Those of one channel who wait to be resumed."""

    def __init__(
        self, store: Store, channel: str, now: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self._store, self._channel, self._now, self._monotonic = store, channel, now, monotonic
        self._waiting: list[str] = []
        self._at = 0.0

    @property
    def waiting(self) -> tuple[str, ...]:
        """The learners who wait now."""
        return tuple(self._waiting)

    def add(self, learner_ids: Iterable[str]) -> None:
        """Note learners who seemed gone; each waits until they are resumed."""
        self._waiting += learner_ids

    async def resume(self, learner_ids: Sequence[str]) -> None:
        """Resume some of those who wait, each in a transaction of their own.

        What became of their messages must have been marked: else they are marked gone after they were resumed. Whoever
        cannot be resumed is tried again.

        Raises:
            DatabaseError: it kept nothing for those who are left.
        """
        now = self._monotonic()
        if now < self._at:
            return
        for learner_id in learner_ids:
            try:
                await self._store.write(take_back, learner_id, self._now())
            except DatabaseError:
                raise
            except Exception:
                self._at = now + AGAIN
                log.exception(
                    "A learner who seemed gone stays paused; tried again in %g s.",
                    AGAIN,
                    extra={"action": "take-back", "channel": self._channel, "learner": learner_id},
                )
            else:
                self._waiting.remove(learner_id)


def take_back(tx: Tx, learner_id: str, now: datetime) -> None:
    """Resume a learner who seemed gone while the channel was at fault: at their next slot."""
    learner = learners.by_id(tx, learner_id)
    if learner is None or learner.enrolment is None or learner.pause_reason != "gone":
        return
    learners.change(tx, learner_id, state="active", pause_reason="")
    not_before = None if learner.enrolment.slot is None else learner.enrolment.slot + timedelta(days=1)
    schedule = schedule_of(learner.enrolment.schedule) or Schedule()
    enrolments.change(tx, learner.enrolment.id, next_at=due_after(schedule, now, learner_id, not_before))
