# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a slot brings instead of one more lesson that nobody answers: the last open question, or the offer of fewer days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from bot.talk import weekdays
from config.schedule import Day, Schedule
from storage.progress import reminders
from storage.progress.days import days_of
from storage.progress.enrolments import Due
from storage.progress.reminders import OpenQuestion
from storage.types import Tx


def offers(tx: Tx, reminded: Sequence[tuple[Due, Schedule, date]]) -> dict[int, tuple[Day, ...]]:
    """Return the days of the week to offer in place of a reminder, by enrolment: one look-up for all.

    `reminded`: each with their schedule, and the local date of the slot.
    """
    habits = reminders.habits(tx, [due.id for due, _, _ in reminded])
    found: dict[int, tuple[Day, ...]] = {}
    for due, schedule, day in reminded:
        if due.id in habits:
            offered_on, answered = habits[due.id]
            found[due.id] = weekdays.to_offer(schedule, day, days_of(due.slots), answered, offered_on)
    return {id_: days for id_, days in found.items() if days}


def open_questions(tx: Tx, learners: Iterable[Due], available: Collection[str]) -> dict[int, OpenQuestion]:
    """Return the question to show again, by enrolment: the newest open one, if its lesson is `available`."""
    enrolled = {due.learner_id: due.id for due in learners}
    found = reminders.newest_questions(tx, list(enrolled))
    return {enrolled[id_]: asked for id_, asked in found.items() if asked.lesson_id in available}
