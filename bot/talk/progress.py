# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Progress: what was learned so far, without a word of blame."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from bot.messages import Message
from bot.talk import enrol
from bot.talk.turn import Turn, says
from bot.wording import Markdown, Words
from config.schedule import Schedule, is_day_off
from storage import courses
from storage.progress import enrolments, recalls, tallies


def command(turn: Turn) -> list[Message]:
    """Answer `progression`: lessons, answers, streak, reviews that wait, next lesson."""
    words, enrolment = turn.words, turn.enrolment
    today = turn.today
    done = enrolments.delivered_lessons(turn.tx, enrolment.id)
    published = courses.catalogue(turn.tx)
    # By the date of UTC, as what is planned and asked: what is announced here can be had.
    order = published.order(turn.learner.role, turn.now.date()) if published else ()
    available = published.available(turn.now.date()) if published else frozenset()
    verdicts = tallies.verdicts(turn.tx, turn.learner.id)
    answered = sum(verdicts.values())
    in_a_row = streak(tallies.answered_days(turn.tx, turn.learner.id), turn.schedule, today)
    due = recalls.count_due(turn.tx, turn.learner.id, available, today)
    lines = [
        words("progress.title"),
        words("progress.lessons", done=len(done), total=len(done | set(order))),
        words.many("progress.answers", answered, right=_right(words, verdicts["right"]))
        if answered
        else words("progress.none"),
        words.many("progress.streak", in_a_row) if in_a_row else "",
        words("progress.reviews") if due else "",
        words("progress.next", when=words.when(turn.next_at, turn.schedule.time_zone))
        if turn.next_at and turn.learner.state == "active"
        else enrol.paused(turn),
    ]
    return says(Markdown("\n".join(line for line in lines if line)))


def _right(words: Words, number: int) -> Markdown:
    return Markdown(f", {words.many('progress.right', number)}" if number else "")


def streak(answered: Collection[date], schedule: Schedule, today: date) -> int:
    """Count working days in a row with an answer, up to today; one missed day a week is forgiven.

    Days off neither count nor break it, and today counts only once there is an answer. A forgiven day adds nothing.
    """
    count = 0
    forgiven: set[tuple[int, int]] = set()
    day = today if today in answered else today - timedelta(days=1)
    oldest = min(answered, default=today)
    while day >= oldest:
        week = day.isocalendar()[:2]
        if not is_day_off(schedule, day):
            if day in answered:
                count += 1
            elif week in forgiven:
                break
            else:
                forgiven.add(week)
        day -= timedelta(days=1)
    return count
