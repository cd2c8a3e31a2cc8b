# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How far a learner is: lessons by level, and the badge of a theme."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.talk.turn import Turn
from lessons import review
from lessons.review import Level, Recall
from storage.catalogue import Catalogue
from storage.progress import enrolments, recalls

FEWEST = 2
"""Lessons that a theme must have for a badge."""
SHARE = 0.8
"""Of the lessons of a theme, those that must be anchored for its badge."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Lessons with at least one answer, and how well each is known."""

    levels: Mapping[str, Level]

    @property
    def lessons(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(self.levels)

    @property
    def followed(self) -> int:
        """How many there are."""
        return len(self.levels)

    @property
    def anchored(self) -> int:
        """How many are known for long."""
        return self.by_level[Level.ANCHORED]

    @property
    def by_level(self) -> Counter[Level]:
        """How many are at each level."""
        return Counter(self.levels.values())


@dataclass(frozen=True, slots=True)
class ThemeStanding:
    """The lessons of a theme that a learner follows, or has before them."""

    theme: str
    """Its id; empty for lessons of which the theme cannot be told."""
    title: str
    total: int
    by_level: Counter[Level]
    """Of those with an answer."""

    @property
    def followed(self) -> int:
        """How many have an answer."""
        return self.by_level.total()


def standing(turn: Turn, published: Catalogue | None) -> Standing:
    """Count what the learner has followed."""
    return Standing(
        {
            lesson_id: level
            for lesson_id, recall in recalls.known_of(turn.tx, turn.learner.id).items()
            if (level := level_of(published, lesson_id, recall)) is not None
        }
    )


def by_theme(published: Catalogue, found: Standing, lessons: Collection[str]) -> tuple[ThemeStanding, ...]:
    """Return where each theme of some lessons stands, in the order of the course; last the themes that it does not name."""
    places = {theme.id: place for place, theme in enumerate(published.course.themes)}
    themes: dict[str, list[str]] = defaultdict(list)
    for lesson_id in lessons:
        placed = published.entries.get(lesson_id) or published.unreadable.get(lesson_id)
        themes["" if placed is None else placed.theme].append(lesson_id)
    return tuple(
        ThemeStanding(
            theme,
            published.title_of_theme(theme),
            len(themes[theme]),
            Counter([found.levels[lesson_id] for lesson_id in themes[theme] if lesson_id in found.levels]),
        )
        for theme in sorted(themes, key=lambda one: (places.get(one, len(places)), not one, one))
    )


def level_of(published: Catalogue | None, lesson_id: str, recall: Recall) -> Level | None:
    """Return the level of a lesson; None for one without an answer that counts."""
    entry = published.entries.get(lesson_id) if published is not None else None
    if entry is None:
        return review.level(recall)
    counted = review.since(recall, entry.reset_on)
    if counted.failed is not None and counted.failed not in {one.id for one in entry.lesson.questions}:
        counted = replace(counted, failed=None)  # a question that the lesson has no more
    return review.level(counted)


def given(turn: Turn) -> dict[str, date]:
    """Return the badges of the learner: the theme of each, and the local date on which it was given."""
    return _readable(turn.enrolment.badges)


def _readable(stored: Any) -> dict[str, date]:
    badges: dict[str, date] = {}
    for theme, day in stored.items() if isinstance(stored, Mapping) else ():
        try:
            badges[theme] = date.fromisoformat(day)
        except (ValueError, TypeError):
            continue
    return badges


def beside(turn: Turn, published: Catalogue, lesson_id: str) -> list[str]:
    """Return the lessons that decide, with this one, about the badge of its theme; none if there is no badge to earn."""
    entry = published.entries.get(lesson_id)
    if turn.learner.enrolment is None or entry is None or entry.theme in given(turn):
        return []
    path = [one for one in published.path(turn.learner.role) if published.entries[one].theme == entry.theme]
    return path if len(path) >= FEWEST else []


def earn(turn: Turn, published: Catalogue, path: Sequence[str], recalled: Mapping[str, Recall]) -> str | None:
    """Give the badge of a theme if it is earned now. Return the title of the theme; None without a new badge.

    `path` is what `beside` returns: all these lessons are followed, and four of five are anchored. A badge stays, with its
    date, when the theme grows or something is forgotten.
    """
    levels = [level_of(published, lesson, recalled[lesson]) for lesson in path if lesson in recalled]
    if not path or len(levels) < len(path) or None in levels:
        return None
    if levels.count(Level.ANCHORED) < SHARE * len(path):
        return None
    theme = published.entries[path[0]].theme
    kept = {theme: day.isoformat() for theme, day in given(turn).items()}
    enrolments.change(turn.tx, turn.enrolment.id, badges={**kept, theme: turn.today.isoformat()})
    return published.title_of_theme(theme)
