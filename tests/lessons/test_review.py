# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lessons.grading import Verdict
from lessons.review import (
    LONGEST,
    SOON,
    Asked,
    Level,
    Memory,
    Recall,
    answered,
    delivered,
    level,
    question_to_ask,
)

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
QUESTIONS = ("q1", "q2", "q3")
RIGHT, PARTLY, WRONG = Verdict.RIGHT, Verdict.PARTLY, Verdict.WRONG


def after(*said: tuple[str, Verdict], recall: Recall | None = None, day: date = MONDAY) -> Recall:
    """What is remembered after answers given on one date."""
    for question, verdict in said:
        recall = answered(recall, question, verdict, day, QUESTIONS)
    assert recall is not None
    return recall


def intervals(*verdicts: Verdict) -> list[int]:
    """The days until each next review, the same question answered on the day it is due."""
    recall, day, days = None, MONDAY, []
    for verdict in verdicts:
        recall = after(("q1", verdict), recall=recall, day=day)
        days.append((recall.due - day).days)
        day = recall.due
    return days


def test_what_is_known_comes_back_later_and_later_and_within_four_months() -> None:
    assert intervals(*[RIGHT] * 5) == [4, 31, 120, 120, 120]


def test_what_was_not_answered_right_comes_back_in_two_days() -> None:
    assert intervals(WRONG, PARTLY, WRONG, RIGHT) == [2, 2, 2, 1]
    assert after(("q1", PARTLY)).memory == after(("q1", WRONG)).memory
    assert delivered(MONDAY) == Recall(MONDAY + SOON)


def test_a_second_right_answer_on_a_date_is_counted_and_changes_nothing_else() -> None:
    once = after(("q1", RIGHT))
    twice = after(("q2", RIGHT), recall=once)
    assert (twice.due, twice.memory, twice.failed) == (once.due, once.memory, None)
    assert twice.asked == {"q1": Asked(1, MONDAY), "q2": Asked(1, MONDAY)}


def test_a_wrong_answer_counts_on_any_date() -> None:
    recall = after(("q1", RIGHT), ("q2", WRONG))
    assert (recall.failed, recall.due) == ("q2", MONDAY + SOON)
    assert recall.memory != after(("q1", RIGHT)).memory


def test_the_failed_question_stays_until_it_is_answered_right() -> None:
    recall = after(("q1", WRONG), ("q2", RIGHT))
    assert (recall.failed, recall.due) == ("q1", MONDAY + SOON)
    recall = after(("q1", RIGHT), recall=recall, day=recall.due)
    assert recall.failed is None
    assert recall.due > MONDAY + 2 * SOON


def test_of_two_failed_questions_none_is_forgotten() -> None:
    first = answered(None, "q1", Verdict.WRONG, MONDAY, QUESTIONS)
    both = answered(first, "q2", Verdict.WRONG, MONDAY, QUESTIONS)
    assert question_to_ask(both, QUESTIONS, MONDAY + SOON) == "q2"
    one = answered(both, "q2", Verdict.RIGHT, MONDAY + SOON, QUESTIONS)
    assert question_to_ask(one, QUESTIONS, MONDAY + 2 * SOON) == "q1"


def test_the_failed_question_is_asked_first_then_one_never_asked_then_the_oldest() -> None:
    recall = after(("q1", RIGHT))
    assert question_to_ask(recall, QUESTIONS, MONDAY) == "q2"
    recall = after(("q2", WRONG), recall=recall, day=MONDAY + DAY)
    assert question_to_ask(recall, QUESTIONS, MONDAY + 2 * DAY) == "q2"
    recall = after(("q2", RIGHT), recall=recall, day=MONDAY + 3 * DAY)
    assert question_to_ask(recall, QUESTIONS, MONDAY + 4 * DAY) == "q3"
    recall = after(("q3", RIGHT), recall=recall, day=MONDAY + 4 * DAY)
    assert question_to_ask(recall, QUESTIONS, MONDAY + 5 * DAY) == "q1"


def test_no_question_is_asked_twice_on_a_date() -> None:
    recall = after(("q1", WRONG))
    assert question_to_ask(recall, QUESTIONS, MONDAY) == "q2"
    recall = after(*((question, RIGHT) for question in QUESTIONS))
    assert question_to_ask(recall, QUESTIONS, MONDAY) is None


def test_a_question_that_is_no_more_is_ignored_then_dropped() -> None:
    recall = Recall(MONDAY, None, "gone", {"gone": Asked(3, MONDAY)})
    assert question_to_ask(recall, QUESTIONS, MONDAY) == "q1"
    recall = after(("q1", RIGHT), recall=recall)
    assert (recall.failed, set(recall.asked)) == (None, {"q1"})


@given(
    st.lists(
        st.tuples(st.sampled_from(QUESTIONS), st.sampled_from(Verdict), st.integers(-5, 200)), max_size=20
    )
)
def test_a_lesson_is_always_due_on_a_later_date_within_four_months(
    history: list[tuple[str, Verdict, int]],
) -> None:
    recall, day = None, MONDAY
    for question, verdict, days in history:  # a clock may go back
        day += timedelta(days=days)
        recall = after((question, verdict), recall=recall, day=day)
        assert recall.memory is not None
        assert recall.memory.last <= day
        if recall.memory.last == day:
            assert 1 <= (recall.due - day).days <= LONGEST


def test_levels_rise_with_stability_and_only_a_failure_lowers_them() -> None:
    assert level(delivered(MONDAY)) is None
    known = {days: Recall(MONDAY, Memory(days, 5.0, MONDAY)) for days in (6.9, 7.0, 29.9, 30.0)}
    assert [level(recall) for recall in known.values()] == [
        Level.DISCOVERED,
        Level.IN_MEMORY,
        Level.IN_MEMORY,
        Level.ANCHORED,
    ]
    assert level(Recall(MONDAY, Memory(90.0, 5.0, MONDAY), "q1")) is Level.DISCOVERED


def test_the_optimizer_and_its_heavy_libraries_stay_out() -> None:
    program = "import sys, lessons.review; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"torch", "pandas", "numpy", "tqdm", "asyncio"} & set(run.stdout.split())
