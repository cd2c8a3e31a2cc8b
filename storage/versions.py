# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The stored texts of lessons and courses, read with the model of today."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Text, select, type_coerce

from lessons.model import Course, Lesson, Theme
from storage.tables import course, lesson_version
from storage.types import Tx

_REFUSED = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What a text raises that is no JSON, or nothing that the model of today accepts."""

_lessons: dict[str, Lesson] = {}
"""A cache of lessons by version. A version is the hash of its content, so none is ever stale, whatever the database."""

_refused: dict[str, str] = {}
"""The stored text of each version that was refused: it is looked at again when it has changed."""


def read(tx: Tx, versions: Iterable[str]) -> dict[str, Lesson]:
    """Return the lessons of some versions; without those that were never published, or that cannot be read today."""
    wanted = set(versions)
    if unread := wanted - _lessons.keys():
        rows = tx.execute(
            select(lesson_version.c.id, type_coerce(lesson_version.c.content, Text).label("text")).where(
                lesson_version.c.id.in_(unread)
            )
        )
        for row in rows:
            if _refused.get(row.id) != row.text:
                _take(row.id, row.text)
    return {version: _lessons[version] for version in wanted if version in _lessons}


def _take(version: str, text: str) -> None:
    try:
        _lessons[version] = Lesson.model_validate(json.loads(text))
    except _REFUSED:
        _refused[version] = text


_course_text = select(course.c.id, type_coerce(course.c.content, Text).label("text"))


def course_text(tx: Tx) -> tuple[str, str] | None:
    """Return the id and the stored text of the published course; None before the first publication."""
    row = tx.execute(_course_text).first()
    return None if row is None else (row.id, row.text)


def course_of(course_id: str, text: str, themes: Iterable[str]) -> tuple[Course, bool]:
    """Return the course that a stored text is, and whether it can be read.

    A course of these themes in their order, without paths, stands in for one that cannot be read: the lessons go on.
    """
    try:
        return Course.model_validate(json.loads(text)), True
    except _REFUSED:
        named = tuple(Theme.model_construct(id=theme, title=theme, summary=theme) for theme in themes)
        return Course.model_construct(
            id=course_id, title=course_id, language="fr", themes=named, paths=()
        ), False
