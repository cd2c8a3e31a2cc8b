# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which rule of coming back teaches most? Four over the same course, under three models of memory.

They are the rule of commit 07520fb; a ladder of fixed intervals; the program's rule, in short; and the same for those who
chose questions on all lesson days after the course. `tests.bench.habits` drives the program itself.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from lessons.model import Kind, Lesson
from tests.bench import memory
from tests.bench.memory import Item, Truth

RIGHT_AT_FIRST = 0.85
"""How often the question under its lesson is answered right."""
GUESSED = {Kind.SINGLE: 0.25, Kind.MULTIPLE: 0.1, Kind.TRUE_FALSE: 0.5, Kind.NUMBER: 0.05}
SILENT = ("lesson", "lesson", "reminder", "lesson", "lesson", "lesson", "pause")
SILENT_REVIEWS = ("lesson", "lesson", "weekly", "weekly", "weekly", "pause")
"""After the course, by a policy that keeps what was not answered."""
CATCH_UP = 2
"""Days after which a lesson without an answer is asked about."""

Attends = Callable[[date, random.Random], bool]


@dataclass(frozen=True, slots=True)
class Policy:
    """What the program knows and does. Without a `ladder`, intervals are those of FSRS at `retention`."""

    name: str
    by_lesson: bool
    """One memory a lesson, whose questions take turns; else one memory a question."""
    retention: float = 0.9
    ladder: tuple[int, ...] = ()
    after_failure: int | None = None
    """Days until a failed question is asked again, before all others, until it is answered right itself."""
    new_first: bool = False
    """Whether, of the lessons that are due, those with a question never asked come before those due longer."""
    reviews: int = 1
    """Questions of a slot after the course."""
    slots_a_week: int = 5
    together: int = 1
    """Due questions that make a slot worth it after the course; or one that waited for a week."""
    keeps: bool = False
    """Whether a lesson without an answer is asked about later, and whoever comes back is asked at once."""


BEFORE = Policy("as in 07520fb", by_lesson=False)
LADDER = Policy(
    "ladder 7-21-60-120",
    by_lesson=True,
    ladder=(7, 21, 60, 120),
    reviews=2,
    slots_a_week=3,
    together=2,
    keeps=True,
)
PROGRAM = Policy(
    "the program's rule, three slots a week after the course",
    by_lesson=True,
    retention=0.85,
    after_failure=2,
    new_first=True,
    reviews=2,
    slots_a_week=3,
    together=2,
    keeps=True,
)
DAILY = replace(PROGRAM, name="the program's rule, whose rhythm is every lesson day", slots_a_week=7)
"""A learner who is met every day: after the course too."""


@dataclass(slots=True)
class _Memory:
    stability: float
    hard: float
    last: int
    rights: int
    """In a row: the step of a ladder."""


@dataclass(slots=True)
class Course:
    """Lessons in their order, with their questions."""

    lessons: Sequence[Lesson]
    items: dict[str, list[Item]] = field(init=False)
    kinds: dict[Item, Kind] = field(init=False)

    def __post_init__(self) -> None:
        self.items = {one.id: [(one.id, question.id) for question in one.questions] for one in self.lessons}
        self.kinds = {
            (one.id, question.id): question.kind for one in self.lessons for question in one.questions
        }


class Simulated:
    """One learner under one policy."""

    def __init__(self, policy: Policy, course: Course, truth: Truth, chance: random.Random) -> None:
        self.policy, self.course, self.truth, self.chance = policy, course, truth, chance
        self.todo = [one.id for one in course.lessons]
        self.memories: dict[object, _Memory] = {}
        self.asked: dict[Item, list[int]] = {}
        self.failed: dict[object, Item] = {}
        self.waiting: dict[Item, int] = {}
        """Questions never asked, by when they may be: only a memory a question needs them."""
        self.unanswered: list[tuple[int, str]] = []
        self.silent = 0
        self.paused = False
        self.week: tuple[int, int] = (0, 0)
        self.of_week = 0
        self.notified = 0

    def known(self, day: int) -> float:
        """The share of all questions of the course that are known on a day."""
        items = list(self.course.kinds)
        return sum(self.truth.recalled(item, day) for item in items) / len(items)

    def live(self, day: int, today: date, *, here: bool) -> None:
        """Have one working day."""
        if today.isocalendar()[:2] != self.week:
            self.week, self.of_week = today.isocalendar()[:2], 0
        if self.paused:
            if here:
                self.paused, self.silent = False, 0
                if self.policy.keeps:
                    self.reviews(day, 2)
            return
        over = self.policy.keeps and not self.todo
        kinds = SILENT_REVIEWS if over else SILENT
        slot = kinds[min(self.silent, len(kinds) - 1)]
        if not self.todo and (over or slot == "lesson") and not self.worth_it(day, slot):
            return
        self.notified += 1
        self.of_week += 1
        slot = "lesson" if slot == "weekly" else slot
        if here:
            self.silent = 0
            self.come(day, slot)
        else:
            self.silent += 1
            self.paused = slot == "pause"
            if slot == "lesson" and self.todo:
                lesson = self.todo.pop(0)
                if self.policy.keeps:
                    self.unanswered.append((day + CATCH_UP, lesson))

    def come(self, day: int, slot: str) -> None:
        """Answer what a slot brings."""
        if slot != "lesson":
            if self.policy.keeps:
                self.reviews(day, 2)
        elif self.todo:
            lesson = self.todo.pop(0)
            self.teach(lesson, day)
            others = self.course.items[lesson][1:]
            if not self.policy.by_lesson:
                self.waiting |= dict.fromkeys(others, day + 1)
            if not self.reviews(day, 1, besides=lesson) and others:
                self.waiting.pop(others[0], None)
                self.answer(others[0], day, taught=True)
        else:
            self.reviews(day, self.policy.reviews)

    def worth_it(self, day: int, slot: str) -> bool:
        """Whether a slot after the course brings anything."""
        most = self.policy.slots_a_week if slot == "lesson" else 1
        due = self.due(day)
        late = [at for at, _ in self.unanswered if at <= day]
        oldest = min([*(at for at, _ in due), *late], default=day)
        enough = len(due) + len(late) >= self.policy.together or day - oldest >= 7
        return bool(due or late) and enough and self.of_week < most

    def teach(self, lesson: str, day: int) -> None:
        """Show a lesson with its first question."""
        items = self.course.items[lesson]
        self.truth.read(items, day)
        self.answer(items[0], day, taught=True)

    def reviews(self, day: int, most: int, besides: str = "") -> int:
        """Answer some due questions, of other lessons each; return how many."""
        done = 0
        for _ in range(most):
            late = [one for one in self.unanswered if one[0] <= day]
            due = [key for _, key in self.due(day, besides)]
            if late:
                self.unanswered.remove(late[0])
                self.teach(late[0][1], day)
            elif due:
                item = self.pick(due[0])
                self.waiting.pop(item, None)
                self.answer(item, day, taught=False)
            else:
                break
            done += 1
        return done

    def due(self, day: int, besides: str = "") -> list[tuple[int, object]]:
        """Return what is due and when, the longest overdue first; never asked last."""
        found = sorted(
            (
                (at, key)
                for key in self.memories
                if (at := self.due_at(key)) <= day and self.lesson(key) != besides
            ),
            key=self.rank,
        )
        new = sorted((at, item) for item, at in self.waiting.items() if at <= day and item[0] != besides)
        return [*found, *new]

    def rank(self, one: tuple[int, object]) -> tuple[bool, bool, int]:
        """Return what due lessons are sorted by."""
        at, key = one
        failed = self.policy.after_failure is not None and key in self.failed
        old = self.policy.new_first and self.pick(key) in self.asked
        return not failed, old, at

    def due_at(self, key: object) -> int:
        """Return the day from which a memory is due."""
        one = self.memories[key]
        if self.policy.after_failure is not None and key in self.failed:
            return one.last + self.policy.after_failure
        if self.policy.ladder:
            return one.last + self.policy.ladder[min(max(one.rights - 1, 0), len(self.policy.ladder) - 1)]
        return one.last + min(120, memory.interval(one.stability, self.policy.retention))

    def lesson(self, key: object) -> str:
        """Return the lesson of a memory."""
        return key[0] if isinstance(key, tuple) else str(key)

    def pick(self, key: object) -> Item:
        """Return the question to ask: the failed one, else the one asked least, and longest ago."""
        if isinstance(key, tuple):
            return key
        if key in self.failed and self.policy.after_failure is not None:
            return self.failed[key]
        return min(
            self.course.items[str(key)],
            key=lambda item: (len(self.asked.get(item, ())), self.asked.get(item, [-1])[-1]),
        )

    def answer(self, item: Item, day: int, *, taught: bool) -> None:
        """Answer a question, rightly or not, and let the policy and the learner remember it."""
        known = RIGHT_AT_FIRST if taught else self.truth.recalled(item, day)
        guess = 0.0 if taught else (1 - known) * GUESSED[self.course.kinds[item]]
        right = self.chance.random() < known + guess
        self.truth.answer(item, day, right=right, taught=taught, repeated=len(self.asked.get(item, ())))
        self.asked.setdefault(item, []).append(day)
        key: object = item[0] if self.policy.by_lesson else item
        self.memories[key] = self.remembered(key, day, right=right)
        if not right:
            self.failed[key] = item
        elif self.failed.get(key) == item:
            del self.failed[key]

    def remembered(self, key: object, day: int, *, right: bool) -> _Memory:
        """Return what the program keeps of a memory after an answer."""
        before = self.memories.get(key)
        if before is None:
            return _Memory(
                memory.first_stability(right=right), memory.difficulty(None, right=right), day, int(right)
            )
        rights = before.rights + 1 if right else 0
        hard = memory.difficulty(before.hard, right=right)
        if day == before.last:
            stable = before.stability if right else min(before.stability, memory.first_stability(right=False))
        else:
            recalled = memory.retrievability(day - before.last, before.stability)
            stable = memory.stability(before.hard, before.stability, recalled, right=right)
        return _Memory(stable, hard, day, rights)


def working_days(first: date, number: int) -> list[date]:
    """Return so many days from Monday to Friday."""
    days: list[date] = []
    while len(days) < number:
        if first.weekday() < 5:
            days.append(first)
        first += timedelta(days=1)
    return days


def known(policy: Policy, course: Course, truth: str, attends: Attends, days: int, learners: int) -> float:
    """Return the share of questions known after some working days: each policy meets the same learners."""
    calendar = working_days(date(2026, 11, 23), days + 1)
    total = 0.0
    for seed in range(learners):
        chance = random.Random(seed * 7919 + 13)  # noqa: S311 - a simulation
        one = Simulated(policy, course, memory.TRUTHS[truth](random.Random(seed)), chance)  # noqa: S311
        for today in calendar[:-1]:
            one.live((today - calendar[0]).days, today, here=attends(today, chance))
        total += one.known((calendar[-1] - calendar[0]).days)
    return total / learners
