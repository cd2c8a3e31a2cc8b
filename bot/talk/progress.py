# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Progress: what was learned so far, without a word of blame."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from bot.messages import Message
from bot.talk import levels, outlook, recalling
from bot.talk.levels import Standing
from bot.talk.turn import Turn, says
from bot.wording import Markdown, Words
from config.schedule import Schedule, is_day_off, local_date
from storage import courses
from storage.catalogue import Catalogue
from storage.progress import recalls, tallies
from storage.progress.days import SLOTS, days_of


def command(turn: Turn) -> list[Message]:
    """Answer `progression`: lessons by level, badges, answers, streak, reviews that wait, what comes next."""
    words, today = turn.words, turn.today
    published = courses.catalogue(turn.tx)
    # By the date of UTC, as what is planned and asked: what is announced here can be had.
    order = published.order(turn.learner.role, turn.now.date()) if published else ()
    available = published.available(turn.now.date()) if published else frozenset()
    found = levels.standing(turn, published)
    verdicts = tallies.verdicts(turn.tx, turn.learner.id)
    answered = sum(verdicts.values())
    answered_on = tallies.answered_days(turn.tx, turn.learner.id)
    in_a_row = streak(answered_on, turn.schedule, today, quiet=_quiet_days(turn, answered_on))
    due = recalls.count_due(turn.tx, turn.learner.id, available, today)
    lines = [
        words("progress.title"),
        words("progress.lessons", done=found.followed, total=len(found.lessons | set(order))),
        *_levels(words, found),
        *_badges(turn, published),
        words.many("progress.answers", answered, right=_right(words, verdicts["right"]))
        if answered
        else words("progress.none"),
        words.many("progress.streak", in_a_row) if in_a_row else "",
        _due(words, due, answered=found.followed > 0) if due and not _unasked(turn) else "",
        _next(turn, published),
    ]
    return says(Markdown("\n".join(line for line in lines if line)))


def _due(words: Words, due: int, *, answered: bool) -> str:
    """Return what can be asked again; there is nothing to review of lessons that were never answered."""
    return words("progress.reviews") if answered else words.many("progress.waiting", due)


def _unasked(turn: Turn) -> bool:
    """Tell whether the learner wants no question any more, and has no lesson left."""
    return turn.enrolment.rhythm == recalling.NONE and outlook.is_over(turn)


def _levels(words: Words, found: Standing) -> list[str]:
    """Return a line for each level that some lesson has."""
    counted = (
        ("discovered", found.discovered),
        ("in_memory", found.in_memory),
        ("anchored", found.anchored),
    )
    return [words.many(f"progress.{name}", number) for name, number in counted if number]


def _badges(turn: Turn, published: Catalogue | None) -> list[str]:
    """Return the badges that were given, the oldest first."""
    badges = levels.given(turn)
    return [
        turn.words(
            "progress.badge",
            theme=theme if published is None else published.title_of_theme(theme),
            day=turn.words.date(badges[theme]),
        )
        for theme in sorted(badges, key=lambda one: (badges[one], one))
    ]


def _next(turn: Turn, published: Catalogue | None) -> str:
    words, next_at = turn.words, turn.next_at
    if not next_at or turn.learner.state != "active":
        return outlook.paused(turn)
    if published is None or not recalling.is_over(turn, published):
        return words("progress.next", when=words.when(next_at, turn.schedule.time_zone, since=turn.today))
    at = recalling.questions_at(turn, published)
    if at is None:
        return outlook.no_questions(turn)
    return words("progress.questions", when=words.when(at, turn.schedule.time_zone, since=turn.today))


def _right(words: Words, number: int) -> Markdown:
    return Markdown(f", {words.many('progress.right', number)}" if number else "")


def _quiet_days(turn: Turn, answered: Collection[date]) -> frozenset[date]:
    """Return the days since the end of the course on which nothing was sent."""
    finished = turn.enrolment.finished_at
    if finished is None:
        return frozenset()
    used = days_of(turn.enrolment.slots)
    # What was sent longer ago than is kept is not known.
    known = max(used, default=turn.today) - timedelta(days=SLOTS - 1)
    first = max(local_date(turn.schedule, finished), known)
    since = {first + timedelta(days=place) for place in range((turn.today - first).days + 1)}
    return frozenset(since - used - set(answered))


def streak(
    answered: Collection[date], schedule: Schedule, today: date, *, quiet: Collection[date] = ()
) -> int:
    """Count working days in a row with an answer, up to today; one missed day a week is forgiven.

    Days off, and the `quiet` ones, on which nothing was sent, neither count nor break it. Today counts only once there is an
    answer. A forgiven day adds nothing.
    """
    count = 0
    forgiven: set[tuple[int, int]] = set()
    day = today if today in answered else today - timedelta(days=1)
    oldest = min(answered, default=today)
    while day >= oldest:
        week = day.isocalendar()[:2]
        if day not in quiet and not is_day_off(schedule, day):
            if day in answered:
                count += 1
            elif week in forgiven:
                break
            else:
                forgiven.add(week)
        day -= timedelta(days=1)
    return count
