# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.grading import Verdict
from lessons.review import Memory, review

MONDAY = datetime(2026, 11, 23, 8, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def answered(*verdicts: Verdict) -> list[int]:
    """The days until each next review, every question answered the day it is due."""
    memory: Memory | None = None
    at, days = MONDAY, []
    for verdict in verdicts:
        memory, due = review(memory, verdict, at)
        days.append((due.date() - at.date()).days)
        at = due + timedelta(hours=9)
    return days


def test_what_is_known_comes_back_later_and_later() -> None:
    days = answered(*[Verdict.RIGHT] * 5)
    assert days == [2, 11, 46, 163, 497]


def test_what_was_forgotten_comes_back_the_next_day() -> None:
    assert answered(Verdict.WRONG) == [1]
    days = answered(Verdict.RIGHT, Verdict.RIGHT, Verdict.WRONG)
    assert days[2] < days[1]


def test_partly_right_counts_as_forgotten() -> None:
    assert review(None, Verdict.PARTLY, MONDAY) == review(None, Verdict.WRONG, MONDAY)


def test_a_question_is_due_from_the_start_of_a_day() -> None:
    _, due = review(None, Verdict.WRONG, MONDAY)
    assert due == datetime(2026, 11, 24, tzinfo=UTC)


def test_the_hour_of_an_answer_does_not_count() -> None:
    memory, due = review(None, Verdict.RIGHT, MONDAY)
    assert review(memory, Verdict.RIGHT, due) == review(memory, Verdict.RIGHT, due + timedelta(hours=23))


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.integers(0, 100_000)), max_size=20))
def test_a_review_is_always_due_on_a_later_day_and_survives_json(history: list[tuple[Verdict, int]]) -> None:
    memory: Memory | None = None
    at = MONDAY
    for verdict, minutes in history:
        at += timedelta(minutes=minutes)
        memory, due = review(memory, verdict, at)
        assert due.date() > at.date()
        assert due.tzinfo is UTC
        assert json.loads(json.dumps(memory)) == memory


def test_a_clock_that_went_back_does_no_harm() -> None:
    memory, _ = review(None, Verdict.RIGHT, MONDAY)
    _, due = review(memory, Verdict.RIGHT, MONDAY - 3 * DAY)
    assert due > MONDAY - 3 * DAY


@pytest.mark.parametrize("at", [MONDAY.replace(tzinfo=None), MONDAY.astimezone(timezone(timedelta(hours=1)))])
def test_a_time_that_is_not_in_utc_is_refused(at: datetime) -> None:
    with pytest.raises(ValueError, match="UTC"):
        review(None, Verdict.RIGHT, at)


def test_the_optimizer_and_its_heavy_libraries_stay_out() -> None:
    program = "import sys, lessons.review; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"torch", "pandas", "numpy", "tqdm", "asyncio"} & set(run.stdout.split())
