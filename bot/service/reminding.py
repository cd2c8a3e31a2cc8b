# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What brings an open question back: a reminder, or its reader's wish; and the offer of fewer days in a reminder's place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from bot.talk import quiz, weekdays
from config.schedule import Day, Schedule, day_end
from storage.outbox.rows import SCHEDULED, Draft
from storage.progress import reminders
from storage.progress.days import days_of
from storage.progress.enrolments import Due
from storage.progress.reminders import OpenQuestion
from storage.types import Tx


def instead(
    tx: Tx, reminded: Sequence[tuple[Due, Schedule, date]]
) -> tuple[dict[int, tuple[Day, ...]], frozenset[int]]:
    """Return what comes in place of a reminder: days of the week to offer, by enrolment; and whose lessons go on.

    Lessons go on for those who answer on days off: they are not silent. `reminded`: each with their schedule, and the local
    date of the slot. One look-up for all.
    """
    habits = reminders.habits(tx, [due.id for due, _, _ in reminded])
    found: dict[int, tuple[Day, ...]] = {}
    going_on: set[int] = set()
    for due, schedule, day in reminded:
        if due.id not in habits:
            continue
        offered_on, answered = habits[due.id]
        if weekdays.answers_on_days_off(schedule, day, answered):
            going_on.add(due.id)
        elif days := weekdays.to_offer(schedule, day, days_of(due.slots), answered, offered_on):
            found[due.id] = days
    return found, frozenset(going_on)


def open_questions(tx: Tx, learners: Iterable[Due], available: Collection[str]) -> dict[int, OpenQuestion]:
    """Return the question to show again, by enrolment: the newest open one, if its lesson is `available`."""
    enrolled = {due.learner_id: due.id for due in learners}
    found = reminders.newest_questions(tx, list(enrolled))
    return {enrolled[id_]: asked for id_, asked in found.items() if asked.lesson_id in available}


def put_off(
    tx: Tx, wanted: Sequence[tuple[Due, Schedule, date]], available: Collection[str], tick: datetime
) -> list[Draft]:
    """Return the messages that bring questions back at the hour that their readers asked for, on the date of a used slot.

    An answer meanwhile has taken the wish back with the question. Else the newest open question comes: the one that a typed
    answer is about. It comes even if something else waits to be sent: it was promised.
    """
    wishing: dict[date, list[str]] = defaultdict(list)
    for due, _, day in wanted:
        wishing[day].append(due.learner_id)
    wished = {
        (id_, day)
        for day, ids in wishing.items()
        for id_ in reminders.noted(tx, ids, quiz.LATER, day.isoformat())
    }
    found = reminders.newest_questions(tx, [id_ for id_, _ in wished])
    drafts: list[Draft] = []
    for due, schedule, day in wanted:
        asked = found.get(due.learner_id)
        if asked is None or (due.learner_id, day) not in wished or asked.lesson_id not in available:
            continue
        if tick < (ends := day_end(schedule, due.next_at)):
            drafts.append(
                Draft(
                    quiz.later_key(due.id, day),
                    due.address_id,
                    due.channel,
                    {},
                    kind="later",
                    priority=SCHEDULED,
                    enrolment_id=due.id,
                    version=asked.version,
                    prompt=asked.prompt,
                    not_after=ends,
                )
            )
    return drafts
