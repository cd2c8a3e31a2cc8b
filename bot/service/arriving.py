# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What follows from messages that arrived: lessons are delivered, slots used, questions are where they were shown."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime

from bot.service.alerts import Reached, tell_of_lesson
from bot.service.outgoing import above_question
from bot.talk import quiz, rhythm
from bot.talk.notice import CONSENT
from storage import courses, inactivity, learners, notices, witnesses
from storage.outbox.rows import Claimed
from storage.progress import enrolments, prompts
from storage.progress.enrolments import Delivery
from storage.types import Tx

log = logging.getLogger(__name__)

ASKING_AGAIN = ("reminder", "later")
"""Kinds of planned messages that show an open question again."""


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
    silent = enrolments.still_silent(
        tx, [row.enrolment_id for row in sent if row.kind == "pause" and row.enrolment_id is not None]
    )
    enrolments.use_slots(
        tx,
        [
            (row.enrolment_id, _day(row, now))
            for row in sent
            if row.enrolment_id is not None and row.kind not in ("extra", "notice", "later", CONSENT)
        ],
    )
    notices.note_told(tx, sorted({row.learner_id for row in sent if row.tells or row.kind == CONSENT}), now)
    inactivity.note_told(tx, {row.key: row.learner_id for row in sent if row.kind == "inactive"}, now)
    _note_repeated(tx, [row for row in sent if row.kind in ASKING_AGAIN and not row.held], now)
    for row in sent:
        if row.kind == rhythm.TOPIC and row.enrolment_id is not None:
            enrolments.note_offered(tx, [row.enrolment_id], _day(row, now))
        if row.kind == "pause" and row.enrolment_id in silent:
            learners.pause(tx, row.learner_id, "silent")
    if given := {row.version for row in sent if row.version is not None and row.may_witness}:
        for version in witnesses.note_given(tx, given, now):
            log.warning(
                "A lesson that was held has been received: it is sent again.",
                extra={"action": "release-lesson", "version": version},
            )
            tell_of_lesson(tx, admins, "alert.refused.over", version, courses.title_of(tx, version), now)


def _note_repeated(tx: Tx, sent: Sequence[Claimed], now: datetime) -> None:
    """Note where open questions were shown again."""
    asked = prompts.by_ids(tx, [row.prompt for row in sent if row.prompt])
    for row in sent:
        if row.prompt in asked:
            quiz.note_repeated(tx, asked[row.prompt], row.key, above_question(tx, row), now)


def _day(row: Claimed, now: datetime) -> date:
    """Return the local date of a slot that brought something; that of UTC for one planned before dates were kept."""
    try:
        return date.fromisoformat(row.content["day"])
    except (ValueError, TypeError, LookupError):
        return now.date()
