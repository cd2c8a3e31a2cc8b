# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Spaced repetition: when to ask a question again. The only module that knows the memory model, FSRS-6.

Default parameters, no fuzz, no learning steps: whole days. An answer counts for its day in UTC, whatever its
hour, and what is due is due from the start of a day; else an answer at 09:00 would come due half an hour
after the next slot.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fsrs import Card, Rating, Scheduler, State

from lessons.grading import Verdict

Memory = dict[str, float | str]
"""One learner's memory of one question, for JSON: stability (days), difficulty (1 to 10), last (a date)."""

_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def review(memory: Memory | None, verdict: Verdict, at: datetime) -> tuple[Memory, datetime]:
    """Return the memory after an answer at `at` (aware, UTC), and when it is due again: 00:00 UTC, a later day.

    Right is Good, anything else Again. `memory` is None before the first answer.

    Raises:
        ValueError: `at` is not in UTC.
    """
    if at.utcoffset() != timedelta(0):
        raise ValueError(f"an answer's time must be in UTC: {at!r}")
    day = datetime(at.year, at.month, at.day, tzinfo=UTC)
    rating = Rating.Good if verdict is Verdict.RIGHT else Rating.Again
    card, _ = _SCHEDULER.review_card(_card(memory, day), rating, day)
    if card.stability is None or card.difficulty is None:
        raise ValueError("the memory model returned no state")
    return {
        "stability": card.stability,
        "difficulty": card.difficulty,
        "last": day.date().isoformat(),
    }, card.due


def _card(memory: Memory | None, day: datetime) -> Card:
    # An id and a due date are given so that fsrs does not ask the clock for them.
    if memory is None:
        return Card(card_id=0, due=day)
    last = datetime.fromisoformat(str(memory["last"])).replace(tzinfo=UTC)
    return Card(
        card_id=0,
        state=State.Review,
        stability=float(memory["stability"]),
        difficulty=float(memory["difficulty"]),
        due=day,
        last_review=last,
    )
