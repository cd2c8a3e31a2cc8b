# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What follows from messages that arrived: lessons are delivered, slots used, questions are where they were shown."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime

from bot.service.alerts import Reached, tell_of_lesson
from storage import courses, learners, witnesses
from storage.outbox.rows import Claimed
from storage.progress import enrolments
from storage.progress.enrolments import Delivery
from storage.types import Tx

log = logging.getLogger(__name__)


def settle(tx: Tx, sent: Sequence[Claimed], now: datetime, admins: Sequence[Reached]) -> None:
    """Write what follows from messages that arrived."""
    enrolments.deliver(
        tx,
        [
            Delivery(
                row.enrolment_id,
                str(row.content["lesson"]),
                row.version or "",
                _day(row, now),
                moves=row.kind == "lesson",
            )
            for row in sent
            if row.enrolment_id is not None and row.kind in ("lesson", "extra")
        ],
        now,
    )
    enrolments.use_slots(
        tx,
        [
            row.enrolment_id
            for row in sent
            if row.enrolment_id is not None and row.kind not in ("extra", "notice")
        ],
    )
    for row in sent:
        if row.kind == "pause" and row.enrolment_id is not None:
            learners.pause(tx, row.learner_id, "silent")
    if given := {row.version for row in sent if row.version is not None and row.given_at is None}:
        for version in witnesses.note_given(tx, given, now):
            log.warning(
                "A lesson that was held has been received: it is sent again.",
                extra={"action": "release-lesson", "version": version},
            )
            tell_of_lesson(tx, admins, "alert.refused.over", version, courses.title_of(tx, version), now)


def _day(row: Claimed, now: datetime) -> date:
    """Return the local date of a lesson that was sent; that of UTC for one planned before dates were kept."""
    try:
        return date.fromisoformat(row.content["day"])
    except (ValueError, TypeError, LookupError):
        return now.date()
