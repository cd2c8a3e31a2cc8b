# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Spaced repetition: when a lesson comes back, and with which question. The only module that knows FSRS-6, the memory model.

One memory a lesson, which any of its questions updates. Default parameters, no fuzz, no learning steps: whole days, which
are the learner's own local dates. What is due is due from the start of its date.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from fsrs import Card, Rating, Scheduler, State

from lessons.grading import Verdict

RETENTION = 0.85
"""The probability, by the model, that a lesson is still known on the day it is due."""
LONGEST = 120
"""Days after which a lesson comes back at the latest."""
SOON = timedelta(days=2)
"""When a lesson comes back after a wrong answer, and after its delivery when nothing is answered."""
IN_MEMORY, ANCHORED = 7.0, 30.0
"""Stability in days from which a lesson counts as known for a while, and for long."""

_SCHEDULER = Scheduler(
    desired_retention=RETENTION,
    maximum_interval=LONGEST,
    learning_steps=(),
    relearning_steps=(),
    enable_fuzzing=False,
)


@dataclass(frozen=True, slots=True)
class Memory:
    """The state of the memory model: stability in days, difficulty from 1 to 10, and the local date of the last answer."""

    stability: float
    difficulty: float
    last: date


@dataclass(frozen=True, slots=True)
class Asked:
    """How often a question was answered, and on which local date the last time."""

    times: int
    last: date


@dataclass(frozen=True, slots=True)
class Recall:
    """What one learner remembers of one lesson."""

    due: date
    memory: Memory | None = None
    """None before the first answer."""
    failed: str | None = None
    """The question that was answered wrong, or partly right, and has not been answered right since."""
    asked: Mapping[str, Asked] = field(default_factory=dict)


class Level(StrEnum):
    """How well a lesson is known. Only a wrong answer lowers it, no absence does."""

    DISCOVERED = "discovered"
    IN_MEMORY = "in_memory"
    ANCHORED = "anchored"


def delivered(day: date) -> Recall:
    """Return what is remembered of a lesson that was delivered on a local date, and not answered yet."""
    return Recall(day + SOON)


def answered(
    recall: Recall | None, question: str, verdict: Verdict, day: date, questions: Collection[str]
) -> Recall:
    """Return what is remembered after an answer on a local date. `questions` are the ids of the lesson as it is now.

    Right is Good, anything else Again. A second right answer on a date is counted and changes nothing else. The failed
    question stays until it is answered right itself, and until then the lesson comes back soon.
    """
    before = recall or Recall(day)
    counted = {one: asked for one, asked in before.asked.items() if one in questions}
    times = counted[question].times if question in counted else 0
    counted[question] = Asked(times + 1, day)
    failed = before.failed if before.failed in questions else None
    right, known = verdict is Verdict.RIGHT, before.memory
    if right and failed is None and known is not None and known.last == day:
        return replace(before, failed=None, asked=counted)
    memory, due = _reviewed(known, day, Rating.Good if right else Rating.Again)
    if not right:
        if failed is not None and failed != question:
            counted.pop(
                failed, None
            )  # it comes back next, as one never asked: only one failed question is kept
        failed = question
    elif failed == question:
        failed = None
    return Recall(due if failed is None else day + SOON, memory, failed, counted)


def since(recall: Recall, reset_on: date | None) -> Recall:
    """Return what is remembered of a lesson whose answers before a date count no more, because the lesson has changed."""
    if reset_on is None or recall.memory is None or recall.memory.last >= reset_on:
        return recall
    return Recall(recall.due)


def question_to_ask(recall: Recall, questions: Sequence[str], day: date) -> str | None:
    """Return the question of a lesson to ask on a local date; None when each was answered on that date.

    The failed one; else one never asked, in the order of the file; else the least recently asked.
    """
    free = [one for one in questions if one not in recall.asked or recall.asked[one].last != day]
    if recall.failed in free:
        return recall.failed

    def recency(question: str) -> tuple[date, int]:
        asked = recall.asked.get(question)
        return (date.min, 0) if asked is None else (asked.last, asked.times)

    return min(free, key=recency, default=None)


def level(recall: Recall) -> Level | None:
    """Return how well a lesson is known; None before its first answer."""
    if recall.memory is None:
        return None
    if recall.failed is not None or recall.memory.stability < IN_MEMORY:
        return Level.DISCOVERED
    return Level.ANCHORED if recall.memory.stability >= ANCHORED else Level.IN_MEMORY


def _reviewed(memory: Memory | None, day: date, rating: Rating) -> tuple[Memory, date]:
    card, _ = _SCHEDULER.review_card(_card(memory, day), rating, _instant(day))
    if card.stability is None or card.difficulty is None:
        raise ValueError("the memory model returned no state")
    return Memory(card.stability, card.difficulty, day), card.due.date()


def _card(memory: Memory | None, day: date) -> Card:
    # An id and a due date are given so that fsrs does not ask the clock for them.
    if memory is None:
        return Card(card_id=0, due=_instant(day))
    return Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_instant(day),
        last_review=_instant(min(memory.last, day)),  # a clock went back
    )


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)
