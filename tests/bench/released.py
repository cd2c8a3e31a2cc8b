# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The course as it was first released, on 2026-11-23: figures are compared with those taken on it.

Commit 07520fb teaches the same lessons: the same ids, themes, audiences, questions, review dates and paths. Only words
differ.
"""

from __future__ import annotations

import json
from pathlib import Path

from lessons.model import Course, Lesson
from lessons.source import PlacedLesson

FILE = Path(__file__).parents[1] / "lessons" / "released" / "2026-11-23.jsonl"


def released() -> tuple[Course, list[PlacedLesson]]:
    """Return the course and its lessons, each at a place of its theme."""
    rows = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    course = next(Course.model_validate(row["course"]) for row in rows if "course" in row)
    lessons = [Lesson.model_validate(row["lesson"]) for row in rows if "lesson" in row]
    return course, [PlacedLesson(lesson, place) for place, lesson in enumerate(lessons, 1)]
