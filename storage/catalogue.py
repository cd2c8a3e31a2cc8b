# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The course as published, in memory: its lessons, their places, and which may be delivered today. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from lessons.curriculum import Placed, curriculum
from lessons.model import Course, Lesson

DAYS = 64
"""Answers that are kept, of those that depend on the day: everybody's today is one of a few."""

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Entry:
    """A published lesson: its place and its current version."""

    id: str
    theme: str
    place: int
    version: str
    lesson: Lesson
    held: bool
    """Whether a channel refused it: it waits for a new version, or for its release."""
    by: str
    reason: str = ""
    """What the channel said when it was held."""
    reset_on: date | None = None
    """What was answered before this date counts no more."""

    def available(self, today: date) -> bool:
        """Tell whether it may be delivered: not refused by a channel, and not past its review date."""
        return not self.held and today <= self.lesson.review_by


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A published lesson that today's model refuses to parse, or whose stored place or theme is unreadable."""

    theme: str
    place: int | None
    version: str
    by: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The course as published, in memory."""

    course: Course
    entries: Mapping[str, Entry]
    unreadable: Mapping[str, Unreadable] = field(default_factory=dict)
    """Lessons that are published and cannot be read today: nobody is given them until they are published again."""
    course_readable: bool = True
    _paths: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    _orders: dict[tuple[str, date], tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    _available: dict[date, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def damage(self) -> tuple[str, ...]:
        """Name what cannot be read today: ids of lessons, and of the course."""
        return (*(() if self.course_readable else (self.course.id,)), *sorted(self.unreadable))

    def overdue(self, today: date) -> tuple[Entry, ...]:
        """Return the lessons held back because their review date has passed, the oldest date first."""
        late = (entry for entry in self.entries.values() if entry.lesson.review_by < today)
        return tuple(sorted(late, key=lambda entry: (entry.lesson.review_by, entry.id)))

    def available(self, today: date) -> frozenset[str]:
        """Return the lessons that may be delivered or asked again today."""
        found = self._available.get(today)
        if found is None:
            found = frozenset(entry.id for entry in self.entries.values() if entry.available(today))
            _keep(self._available, today, found)
        return found

    def resets(self, since: date) -> dict[date, list[str]]:
        """Return the lessons whose earlier answers count no more, by the date from which they do: those since a date."""
        found: dict[date, list[str]] = {}
        for entry in self.entries.values():
            if entry.reset_on is not None and entry.reset_on >= since:
                found.setdefault(entry.reset_on, []).append(entry.id)
        return found

    def title_of_theme(self, theme_id: str) -> str:
        """Return the title of a theme; its id where the course does not name it."""
        return next((theme.title for theme in self.course.themes if theme.id == theme_id), theme_id)

    def path(self, role: str) -> tuple[str, ...]:
        """Return the lessons of one role, in order, also those that may not be delivered today."""
        if role not in self._paths:
            placed = [
                Placed(entry.id, entry.theme, entry.place, entry.lesson.audience)
                for entry in self.entries.values()
            ]
            self._paths[role] = curriculum(self.course, placed, role)
        return self._paths[role]

    def order(self, role: str, today: date) -> tuple[str, ...]:
        """Return the lessons of one role, in order, that may be delivered today."""
        found = self._orders.get((role, today))
        if found is None:
            found = tuple(slug for slug in self.path(role) if self.entries[slug].available(today))
            _keep(self._orders, (role, today), found)
        return found

    def after(self, position: str | None, done: frozenset[str], role: str, today: date) -> Entry | None:
        """Return the first lesson not yet delivered: from a position on, then from the start."""
        return self.next_of(self.order(role, today), position, done)

    def next_of(self, order: tuple[str, ...], position: str | None, done: Collection[str]) -> Entry | None:
        """Do as `after`, for a known order."""
        start = order.index(position) + 1 if position in order else 0
        return next(
            (self.entries[slug] for slug in (*order[start:], *order[:start]) if slug not in done), None
        )


def _keep(found: dict[K, V], key: K, value: V) -> None:
    """Keep an answer. Readers and the writer do so at once: at worst it is found twice."""
    if len(found) >= DAYS:
        found.clear()
    found[key] = value
