# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which lesson comes back, with which question, and how often once the course is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.talk.turn import Turn
from config.schedule import due_after, local_date
from lessons import review
from lessons.model import Question
from lessons.review import Recall
from storage.catalogue import Catalogue, Entry
from storage.progress import enrolments, recalls
from storage.progress.days import days_of
from storage.types import Tx

DAILY, NORMAL, WEEKLY, NONE = "daily", "normal", "weekly", "none"
"""How often questions come after the last lesson."""
SLOTS_A_WEEK = {DAILY: 7, NORMAL: 3, WEEKLY: 1, NONE: 0}
ENOUGH = 2
"""Lessons to ask again that make a slot after the last lesson; fewer wait until one is `LATE`."""
LATE = timedelta(days=7)
BEYOND = timedelta(days=21)
"""How long after all is due a slot is looked for: the week may have no room, and days off may follow."""
LATELY = timedelta(days=8)
"""How long a question that came back and waits keeps its lesson behind the others: until after the next weekly slot."""
FORESEEN = 20
"""Lessons, the soonest due ones, by which the next questions are foretold."""
LOOKED_AT = 8
"""Lessons due, the first ones, of which one is chosen."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A question that comes back."""

    entry: Entry
    asked: Question
    purpose: str
    """review; missed, for a lesson that was never answered; changed, for one that was, before it changed."""
    theme: str
    """The title of the lesson's theme."""


def first_of(
    published: Catalogue,
    found: Sequence[tuple[str, Recall]],
    day: date,
    waiting: Mapping[tuple[str, str], int],
) -> Recalled | None:
    """Return the question to ask on a local date, of some lessons.

    Those come last whose questions came back lately and wait: `waiting` tells how often each did, by (lesson, question). Of
    the others one that was answered wrong comes first, then one that was never asked, then that of the first lesson.
    """
    able = []
    for lesson_id, stored in found:
        entry = published.entries[lesson_id]
        recall = review.since(stored, entry.reset_on)
        questions = [one.id for one in entry.lesson.questions]
        waits = [waiting.get((lesson_id, one), 0) for one in questions]
        least = [one for one, times in zip(questions, waits, strict=True) if times == min(waits)]
        question = review.question_to_ask(recall, least, day) or review.question_to_ask(
            recall, questions, day
        )
        if question is not None:
            purpose = "review" if recall.memory else "changed" if stored.memory else "missed"
            order = (sum(waits), question != recall.failed, question in recall.asked)
            able.append((order, entry, question, purpose))
    if not able:
        return None
    _, entry, question, purpose = min(able, key=lambda one: one[0])
    theme = published.title_of_theme(entry.theme)
    return Recalled(entry, entry.lesson.question(question), purpose, theme)


def bring_forward(tx: Tx, learners: Sequence[str], published: Catalogue, today: date) -> None:
    """Have lessons whose earlier answers count no more come back soon, instead of on the date those answers had led to.

    That is done whenever somebody's lessons are looked at: when a lesson is published nobody waits for a walk over all
    learners. After `LONGEST` days each was due anyway.
    """
    for reset_on, lessons in published.resets(today - timedelta(days=review.LONGEST)).items():
        recalls.bring_forward(tx, learners, lessons, reset_on, review.delivered(reset_on).due)


def next_of(turn: Turn, published: Catalogue, *, due: bool = True) -> Recalled | None:
    """Return the question to ask the learner again now, never of a lesson of which one was asked or answered today.

    `due`: only of a lesson that is due. One whose question came back lately and waits for an answer comes after all others:
    who answers only the first question of a slot was asked the same second one every day.
    """
    bring_forward(turn.tx, [turn.learner.id], published, turn.now.date())
    midnight = datetime.combine(turn.today, time(0), ZoneInfo(turn.schedule.time_zone))
    found = recalls.unasked(
        turn.tx,
        turn.learner.id,
        published.available(turn.now.date()),
        LOOKED_AT,
        since=midnight,
        lately=turn.now - LATELY,
        due=turn.today if due else None,
    )
    waiting = {(one.lesson_id, question): n for one in found for question, n in one.waiting.items()}
    return first_of(published, [(one.lesson_id, one.recall) for one in found], turn.today, waiting)


def is_slot(dues: Sequence[date], day: date) -> bool:
    """Tell whether lessons that came due on these local dates, the first ones first, make a slot after the last lesson."""
    return len(dues) >= ENOUGH or any(day - due >= LATE for due in dues)


def has_room(slots: str, day: date, most: int) -> bool:
    """Tell whether the ISO week of a local date has room for one more slot, of `most`."""
    week = day.isocalendar()[:2]
    return sum(used.isocalendar()[:2] == week for used in days_of(slots)) < most


def has_had_all(turn: Turn, published: Catalogue) -> bool:
    """Tell whether each lesson of the learner's path reached them, also those that are held back for a while.

    One whose review date passed before it came will not come, unless somebody renews it: the course does not wait for it.
    """
    done = enrolments.delivered_lessons(turn.tx, turn.enrolment.id)
    overdue = {entry.id for entry in published.overdue(turn.now.date())}
    return bool(done) and done.issuperset(set(published.path(turn.learner.role)) - overdue)


def is_over(turn: Turn, published: Catalogue) -> bool:
    """Tell whether no lesson is left for the learner today: only questions come."""
    done = enrolments.delivered_lessons(turn.tx, turn.enrolment.id)
    return published.after(turn.enrolment.position, done, turn.learner.role, turn.now.date()) is None


def questions_at(turn: Turn, published: Catalogue) -> datetime | None:
    """Return when questions come next, at the earliest, after the last lesson; None when none come."""
    enrolment = turn.enrolment
    most = SLOTS_A_WEEK.get(enrolment.rhythm, SLOTS_A_WEEK[NORMAL])
    among = published.available(turn.now.date())
    bring_forward(turn.tx, [turn.learner.id], published, turn.now.date())
    soonest = recalls.soonest(turn.tx, turn.learner.id, among, FORESEEN)
    if not soonest or not most or turn.next_at is None:
        return None
    known = [(recall.due, published.entries[lesson_id].lesson.review_by) for lesson_id, recall in soonest]
    dues = [due for due, _ in known]
    day = max(local_date(turn.schedule, turn.next_at), min([dues[0] + LATE, *dues[ENOUGH - 1 :]]))
    last = max(day, known[-1][0] + LATE) + BEYOND
    while day <= last:
        at = due_after(turn.schedule, turn.now, turn.learner.id, day)
        if day == local_date(turn.schedule, turn.next_at):
            at = turn.next_at  # it may have been put off
        then = local_date(turn.schedule, at)
        # A lesson whose review date passes before that day is not asked on it.
        due = [due for due, review_by in known if due <= then and at.date() <= review_by]
        if has_room(enrolment.slots, then, most) and is_slot(due, then):
            return at
        day = then + timedelta(days=1)
    return None
