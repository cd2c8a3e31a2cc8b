# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Roles of learners, and the order of the lessons for each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lessons.model import Audience, Course


class Role(StrEnum):
    """What a learner chose to be, and the path that they follow."""

    AGENT = "agent"
    ELU = "elu"
    AMBASSADEUR = "ambassadeur"
    """Helps colleagues along: every lesson is for them, whatever its audience."""

    def learns(self, audience: Collection[Audience]) -> bool:
        """Return whether a lesson for such an audience is for this role."""
        return self is Role.AMBASSADEUR or self.value in audience


def roles_of(audience: Collection[Audience]) -> tuple[Role, ...]:
    """Return the roles that a lesson for such an audience is for."""
    return tuple(role for role in Role if role.learns(audience))


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a lesson stands: its theme, and its place in it."""

    id: str
    theme: str
    place: int
    audience: tuple[Audience, ...]


def curriculum(course: Course, placed: Iterable[Placed], role: str) -> tuple[str, ...]:
    """Return the ids of the lessons of a learner of that role, in order.

    They follow the path named like the role, without what is not in `placed`, then whatever no path of the course names,
    what was published beside it. Those come in the order of the themes and the places in each, and last what stands in a
    theme that the course does not name; as do all where the role has no path.
    """
    own = {lesson.id: lesson for lesson in placed if Role(role).learns(lesson.audience)}
    way = next((path.lessons for path in course.paths if path.id == role), None)
    named = {lesson for path in course.paths for lesson in path.lessons} if way is not None else set()
    rank = {theme.id: place for place, theme in enumerate(course.themes)}

    def order(lesson: Placed) -> tuple[int, str, int, str]:
        return rank.get(lesson.theme, len(rank)), lesson.theme, lesson.place, lesson.id

    rest = sorted((lesson for lesson in own.values() if lesson.id not in named), key=order)
    return tuple(lesson for lesson in way or () if lesson in own) + tuple(lesson.id for lesson in rest)
