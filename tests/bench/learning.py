# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is known after ninety working days, by the rule of coming back, under three models of memory."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

from lessons.curriculum import Role
from lessons.model import Course as Published
from lessons.model import Lesson
from tests.bench import memory, policies
from tests.bench.figure import Figure
from tests.bench.policies import LADDER, PROGRAM, PROPOSED, Attends, Course
from tests.bench.scale import Scale

RELEASED = Path(__file__).parents[1] / "lessons" / "released" / "2026-11-23.jsonl"
"""The course as it was first released: figures are compared with those taken on it."""
DAYS = 90
UNCAPPED = replace(PROPOSED, name="the proposed rule, any day of the week", slots_a_week=5)


def _daily(_day: date, _chance: random.Random) -> bool:
    return True


def _four_of_five(_day: date, chance: random.Random) -> bool:
    return chance.random() < 0.8


def _twice_a_week(day: date, _chance: random.Random) -> bool:
    return day.weekday() in (0, 3)


HABITS: dict[str, Attends] = {
    "daily": _daily,
    "four days of five": _four_of_five,
    "Monday and Thursday": _twice_a_week,
}
AT_LEAST = {("daily", "FSRS"): 8.0, ("daily", "ACT-R"): 10.0}
"""Points that the proposed rule is to add."""


def released(role: Role) -> Course:
    """Return the path of a role in the course as it was first released."""
    rows = [json.loads(line) for line in RELEASED.read_text().splitlines()]
    course = next(Published.model_validate(row["course"]) for row in rows if "course" in row)
    lessons = {row["lesson"]["id"]: Lesson.model_validate(row["lesson"]) for row in rows if "lesson" in row}
    path = next(one for one in course.paths if one.id == role)
    return Course([lessons[slug] for slug in path.lessons])


async def measure(scale: Scale) -> list[Figure]:
    """Compare the rules for the habits that people have."""
    course = released(Role.AGENT)
    figures = []
    for habit, attends in HABITS.items():
        known = policies.compare(
            (PROGRAM, LADDER, PROPOSED, UNCAPPED), course, attends, DAYS, scale.simulated
        )
        for truth in memory.TRUTHS:
            before = 100 * known[PROGRAM.name, truth]
            figures.append(Figure(f"{habit}, {truth}: {PROGRAM.name}", (before,), "% known"))
            for policy in (LADDER, PROPOSED, UNCAPPED):
                gained = 100 * known[policy.name, truth] - before
                wanted = AT_LEAST.get((habit, truth)) if policy is PROPOSED else None
                figures.append(Figure(f"  {policy.name}", (gained,), "points more", at_least=wanted))
    return figures
