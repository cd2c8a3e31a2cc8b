# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Progress: what was learned so far, without a word of blame; the same as a picture for those who want it."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Message
from bot.talk import card
from bot.talk.levels import ThemeStanding
from bot.talk.regularity import DAYS, DayKind
from bot.talk.summary import Summary, summary
from bot.talk.turn import Turn
from bot.wording import Markdown, Words
from lessons import markup
from lessons.review import Level


def command(turn: Turn) -> list[Message]:
    """Answer `progression`: lessons by level, badges, answers, regularity, reviews that wait, what comes next.

    The text says all that the picture shows: themes come last, folded where the channel can fold.
    """
    found = summary(turn)
    said = Message(_text(turn.words, found), aside=_themes(turn.words, found))
    if not turn.learner.pictures or not found.themes:
        return [said]
    return [replace(said, picture=card.drawing(turn.words, found))]


def _text(words: Words, found: Summary) -> Markdown:
    lines = [
        words("progress.title"),
        markup.escape(found.path),
        words("progress.lessons", done=found.standing.followed, total=found.total),
        words("card.pace") if found.total and not found.standing.followed else "",
        *_levels(words, found),
        *(
            words("progress.badge", theme=title, day=words.date(day), share=words("progress.share"))
            for _, title, day in found.badges
        ),
        found.answered or words("progress.none"),
        words.many("progress.streak", found.streak) if found.streak > 1 else "",
        *_days(words, found),
        found.waiting,
        found.coming,
        words("progress.lesson", title=found.lesson) if found.lesson else "",
    ]
    return Markdown("\n".join(line for line in lines if line))


def _levels(words: Words, found: Summary) -> list[str]:
    """Return a line for each level that some lesson has."""
    by_level = found.standing.by_level
    return [words.many(f"progress.{level}", by_level[level]) for level in Level if by_level[level]]


def _days(words: Words, found: Summary) -> list[str]:
    """Return how many days have an answer, and which ones of this week."""
    if not found.days:
        return []
    lines: list[str] = [words("progress.days" if found.in_all else "progress.days.lately", n=found.days)]
    for kind, key in ((DayKind.ANSWERED, "progress.week"), (DayKind.FORGIVEN, "progress.forgiven")):
        if days := found.days_of_week(kind):
            names = [words.plain(f"day.{DAYS[day.weekday()]}") for day in days]
            lines.append(words(key, days=words.series(names)))
    return lines


def _themes(words: Words, found: Summary) -> Markdown:
    """Return a line for each theme, under a title."""
    lines = [_theme(words, theme) for theme in found.themes]
    return Markdown("\n".join([words("progress.themes"), *lines]) if lines else "")


def _theme(words: Words, one: ThemeStanding) -> Markdown:
    counted: list[str] = [
        words.many(f"progress.theme.{level}", one.by_level[level])
        for level in (Level.ANCHORED, Level.IN_MEMORY)
        if one.by_level[level]
    ]
    among = words("progress.theme.among", levels=words.series(counted)) if counted else Markdown()
    title = one.title or words.plain("progress.theme.other")
    return words("progress.theme", title=title, done=one.followed, total=one.total, among=among)
