# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What learners live through in a year, on the program's own code; and what is known after ninety working days, by the rule
of coming back, under three models of memory.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from multiprocessing import get_context

from lessons.curriculum import Role
from tests.bench import habits, memory, policies, verdict, year
from tests.bench.figure import Figure
from tests.bench.habits import FIRST
from tests.bench.lived import Lived, middle
from tests.bench.policies import BEFORE, DAILY, LADDER, PROGRAM, Attends, Course
from tests.bench.released import released
from tests.bench.scale import Scale

AT_ONCE = 2
"""Processes that simulate."""


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
POLICIES = (BEFORE, LADDER, PROGRAM, DAILY)
AT_LEAST = {("daily", "FSRS"): 8.0, ("daily", "ACT-R"): 10.0}
"""Points that the program's rule is to add, for somebody who is met every day."""


async def measure(scale: Scale) -> list[Figure]:
    """Simulate a year of the nine learners, on both courses; compare the rules; then what a verdict and a year take.

    Whatever is only counted shares the processors; what is timed comes last, alone.

    Raises:
        RuntimeError: somebody lived through what nobody may, e.g. two messages in one slot.
    """
    courses = ("released", "shipped")
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        # The longest first, so that no process ends alone.
        begun = [
            (course, pool.submit(habits.live, course, days=scale.working, seed=seed))
            for course in courses
            for seed in range(scale.lives if course == "released" else 1)
        ]
        years = year.begun(pool, scale)
        found = {
            (habit, truth): pool.submit(_known, habit, truth, scale.simulated)
            for habit in HABITS
            for truth in memory.TRUTHS
        }
        lives = [(course, life.result()) for course, life in begun]
        known = {of: shares.result() for of, shares in found.items()}
        kept = years()
    if faults := [fault for _, lived in lives for one in lived for fault in one.faults()]:
        raise RuntimeError(f"{len(faults)} faults: {'; '.join(faults)}")
    figures = []
    for course in courses:
        for same in zip(*(lived for of, lived in lives if of == course), strict=True):
            figures += _figures(course, same, scale.working)
    # What learning takes of the machine stands beside what it gives.
    return [*figures, *_compared(known), *await verdict.measure(scale), *kept]


def _figures(course: str, same: Sequence[Lived], days: int) -> list[Figure]:
    """What the lives of some learners of one habit came to: after ninety working days, and at the end."""
    name = same[0].name
    figures = []
    for end in sorted({min(FIRST, days), days}):
        found = [one.first(end) for one in same]
        aimed = course == "released" and end == FIRST
        diligent, twice = aimed and name == "diligent", aimed and name == "Monday and Thursday"
        figures += [
            Figure(
                f"{name}, course as {course}, day {end}: never asked",
                tuple(float(one.never_asked[0]) for one in found),
                f"of {found[0].never_asked[1]} questions",
                at_most=25 if diligent else None,
            ),
            Figure(
                "  failed, asked again after, median",
                tuple(middle(one.waits) for one in found),
                "working days",
                at_most=6 if diligent else None,
            ),
            Figure(
                "  failed, asked again after, 90th percentile",
                tuple(middle(one.waits, 0.9) for one in found),
                "working days",
                at_most=10 if diligent else None,
            ),
            Figure(
                "  most repeats of one question",
                tuple(float(max(one.asked.values(), default=0)) for one in found),
                "times",
                at_most=4 if diligent else None,
            ),
            Figure("  known when asked again", tuple(100 * one.recalled for one in found), "%"),
            Figure(
                "  neither answered nor asked again",
                tuple(float(one.unmet) for one in found),
                f"of {len(found[0].lessons)} lessons",
                at_most=0 if twice else None,
            ),
            Figure("  reminders", tuple(float(one.kinds("reminder")) for one in found), "messages"),
        ]
        if any(one.accepted is not None for one in same):
            after = tuple(float(one.kinds("reminder", since=one.accepted or 0)) for one in found)
            figures.append(
                Figure("    after accepting fewer days", after, "messages", at_most=0 if twice else None)
            )
    figures += [
        Figure("  the end is said on working day", tuple(float(one.ended) for one in same), "(0: never)"),
        Figure("  questions since 2027-06-30", tuple(float(one.late_reviews) for one in same), "came back"),
    ]
    return figures


@cache
def _taught() -> Course:
    course, placed = released()
    lessons = {one.lesson.id: one.lesson for one in placed}
    path = next(one for one in course.paths if one.id == Role.AGENT)
    return Course([lessons[slug] for slug in path.lessons])


def _known(habit: str, truth: str, learners: int) -> list[float]:
    """The share that is known by each policy."""
    return [policies.known(policy, _taught(), truth, HABITS[habit], FIRST, learners) for policy in POLICIES]


def _compared(known: Mapping[tuple[str, str], Sequence[float]]) -> list[Figure]:
    """What is known by rule, habit and model of memory."""
    figures = []
    for (habit, truth), (before, *shares) in known.items():
        figures.append(Figure(f"{habit}, {truth}: {BEFORE.name}", (100 * before,), "% known"))
        for policy, share in zip(POLICIES[1:], shares, strict=True):
            wanted = AT_LEAST.get((habit, truth)) if policy in (PROGRAM, DAILY) else None
            gained = 100 * (share - before)
            figures.append(Figure(f"  {policy.name}", (gained,), "points more", at_least=wanted))
    return figures
