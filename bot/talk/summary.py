# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a learner has done and what comes next, counted once: `progress` says it in words, `card` as a picture."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.talk import levels, outlook, recalling
from bot.talk.levels import Standing, ThemeStanding
from bot.talk.regularity import DayKind, Streak, streak, this_week
from bot.talk.turn import Turn
from bot.wording import Markdown, Words
from config.schedule import local_date
from storage import courses
from storage.catalogue import Catalogue
from storage.progress import enrolments, recalls, tallies
from storage.progress.days import LENGTH, SLOTS, days_of


@dataclass(frozen=True, slots=True)
class Summary:
    """Where a learner is, on one day of theirs."""

    today: date
    path: str
    """The title of the learner's path, or of the course where their role has none; empty without a course."""
    standing: Standing
    total: int
    """Lessons with an answer, and those of the path that can be had today."""
    themes: tuple[ThemeStanding, ...]
    """Of all those lessons."""
    badges: tuple[tuple[str, str, date], ...]
    """The badges, the oldest first: the id of the theme, its title, and when it was given."""
    answered: Markdown
    """How many answers were given and how many were right, as a sentence; empty before the first."""
    streak: int
    days: int
    """Days with an answer, of those that are kept."""
    in_all: bool
    """Whether those are all there were."""
    week: tuple[tuple[date, DayKind], ...]
    waiting: Markdown
    """What can be asked again, as a sentence; empty when nothing is."""
    coming: Markdown
    """What comes next, or why nothing does, as a sentence."""
    lesson: str
    """The title of the next lesson; empty when none is planned."""

    def days_of_week(self, kind: DayKind) -> list[date]:
        """Return those days of this week that are of one kind."""
        return [day for day, is_kind in self.week if is_kind is kind]


def summary(turn: Turn) -> Summary:
    """Count everything anew."""
    published, today = courses.catalogue(turn.tx), turn.today
    # By the date of UTC, as what is planned and asked: what is announced here can be had.
    order = published.order(turn.learner.role, turn.now.date()) if published else ()
    available = published.available(turn.now.date()) if published else frozenset()
    found = levels.standing(turn, published)
    lessons = found.lessons | set(order)
    verdicts, answered_on = tallies.of_learner(turn.tx, turn.learner.id)
    quiet = _quiet_days(turn, answered_on)
    run = streak(answered_on, turn.schedule, today, quiet=quiet)
    due = recalls.count_due(turn.tx, turn.learner.id, available, today)
    ahead = _ahead(turn, published)
    return Summary(
        today=today,
        path=_path(turn, published),
        standing=found,
        total=len(lessons),
        themes=levels.by_theme(published, found, lessons) if published else (),
        badges=_badges(turn, published),
        answered=_answered(turn.words, sum(verdicts.values()), verdicts["right"]),
        streak=run.length,
        days=len(answered_on),
        in_all=turn.now - turn.learner.created_at < timedelta(days=LENGTH),
        week=_week(turn, ahead, answered_on, run, quiet),
        waiting=_due(turn, due, available, answered=found.followed > 0)
        if due and not (ahead.over and turn.enrolment.rhythm == recalling.NONE)
        else Markdown(),
        coming=_coming(turn, ahead),
        lesson=ahead.lesson,
    )


def _path(turn: Turn, published: Catalogue | None) -> str:
    if published is None:
        return ""
    course = published.course
    return next((path.title for path in course.paths if path.id == turn.learner.role), course.title)


def _answered(words: Words, number: int, right: int) -> Markdown:
    if not number:
        return Markdown()
    key = "progress.all_right" if right == number else "progress.right"
    among = Markdown(f", {words.many(key, right)}" if right else "")
    return words.many("progress.answers", number, right=among)


def _due(turn: Turn, due: int, available: Collection[str], *, answered: bool) -> Markdown:
    """Say what can be asked again; of lessons that were never answered, which are nothing to review, how many have come."""
    if answered:
        return turn.words("progress.reviews")
    came = enrolments.delivered_lessons(turn.tx, turn.enrolment.id) & set(available)
    return turn.words.many("progress.waiting", max(due, len(came)))


def _badges(turn: Turn, published: Catalogue | None) -> tuple[tuple[str, str, date], ...]:
    badges = levels.given(turn)
    return tuple(
        (theme, theme if published is None else published.title_of_theme(theme), badges[theme])
        for theme in sorted(badges, key=lambda one: (badges[one], one))
    )


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What is left for somebody who is not paused: asked once of the database, told of in four places."""

    over: bool = False
    """Whether no lesson is left today: only questions come."""
    questions_at: datetime | None = None
    """When they come, once it is over; None when none come."""
    lesson: str = ""
    """The title of the lesson that the next slot brings, as the course is now; empty where it brings none."""


def _ahead(turn: Turn, published: Catalogue | None) -> _Ahead:
    if published is None or turn.learner.state != "active":
        return _Ahead()
    enrolment, role = turn.enrolment, turn.learner.role
    done = enrolments.delivered_lessons(turn.tx, enrolment.id)
    if published.after(enrolment.position, done, role, turn.now.date()) is None:
        return _Ahead(over=True, questions_at=recalling.questions_at(turn, published))
    next_at = turn.next_at
    entry = published.after(enrolment.position, done, role, next_at.date()) if next_at is not None else None
    return _Ahead(lesson="" if entry is None else entry.lesson.title)


def _coming(turn: Turn, ahead: _Ahead) -> Markdown:
    words, next_at = turn.words, turn.next_at
    if not next_at or turn.learner.state != "active":
        return outlook.paused(turn)
    if ahead.over and ahead.questions_at is None:
        return outlook.no_questions(turn)
    key, at = ("progress.questions", ahead.questions_at) if ahead.over else ("progress.next", next_at)
    return words(key, when=words.when(at or next_at, turn.schedule.time_zone, since=turn.today))


def _week(
    turn: Turn, ahead: _Ahead, answered: Collection[date], run: Streak, quiet: Collection[date]
) -> tuple[tuple[date, DayKind], ...]:
    active = turn.learner.state == "active"
    first: date | None = turn.today
    if not active:
        first = outlook.pause_end(turn)
    elif ahead.over:
        first = None if ahead.questions_at is None else local_date(turn.schedule, ahead.questions_at)
    came = active and turn.today in days_of(turn.enrolment.slots)
    return this_week(
        answered, run.forgiven, turn.schedule, turn.today, quiet=quiet, open_today=came, ahead=first
    )


def _quiet_days(turn: Turn, answered: Collection[date]) -> frozenset[date]:
    """Return the days on which nothing came, so that nothing was missed: in a pause, after the end, in an outage.

    Only the last 60 days are kept on which something came: what was sent before that is not known, and no day is quiet then.
    """
    used = days_of(turn.enrolment.slots)
    known = max(used, default=turn.today) - timedelta(days=SLOTS - 1)
    first = max(known, turn.today - timedelta(days=LENGTH))
    since = {first + timedelta(days=place) for place in range((turn.today - first).days + 1)}
    return frozenset(since - used - set(answered))
