# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What comes next for a learner, in words: a lesson, questions, nothing, or the end of a pause."""

from __future__ import annotations

from datetime import date

from bot.talk import recalling
from bot.talk.turn import Turn
from bot.wording import Markdown
from config.schedule import local_date
from storage import courses
from storage.types import UNREADABLE

UNTIL = "until"
"""Why somebody is paused who said until when: the first tick from that day on makes them active."""


def is_over(turn: Turn) -> bool:
    """Tell whether only questions come: the course is followed, and no lesson is left for the learner today."""
    if turn.learner.state != "active" or turn.learner.enrolment is None:
        return False
    published = courses.catalogue(turn.tx)
    return published is not None and recalling.is_over(turn, published)


def upcoming(turn: Turn) -> Markdown:
    """Return what comes next, and when, as a sentence."""
    words = turn.words
    if turn.next_at is None:
        return words("start.nothing_planned")
    published = courses.catalogue(turn.tx)
    if published is None or not recalling.is_over(turn, published):
        return words("start.next", when=words.when(turn.next_at, turn.schedule.time_zone, since=turn.today))
    at = recalling.questions_at(turn, published)
    if at is None:
        return no_questions(turn)
    return words("start.questions", when=words.when(at, turn.schedule.time_zone, since=turn.today))


def no_questions(turn: Turn) -> Markdown:
    """Say that the course is over and no question is planned: because the learner wants none, or there is none to ask."""
    return turn.words("start.unasked" if turn.enrolment.rhythm == recalling.NONE else "start.no_questions")


def pause_end(turn: Turn) -> date | None:
    """Return the day on which the learner's pause ends; None when they are not paused, or said no day."""
    enrolment = turn.learner.enrolment
    if (turn.learner.state, turn.learner.pause_reason) != ("paused", UNTIL) or enrolment is None:
        return None
    if enrolment.until is not None and enrolment.until != UNREADABLE.date():
        return enrolment.until
    return None if enrolment.next_at is None else local_date(turn.schedule, enrolment.next_at)


def paused(turn: Turn) -> Markdown:
    """Return the sentence that says that lessons are paused, and until when."""
    enrolment = turn.learner.enrolment
    end = pause_end(turn)
    if end is None or enrolment is None:
        return turn.words("progress.paused")
    day = end if enrolment.next_at is None else local_date(turn.schedule, enrolment.next_at)
    return turn.words("progress.paused_until", day=turn.words.weekday(day, since=turn.today))
