# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does the bench see what no learner may live through, and count what they did?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.talk.recalling import DAILY, NORMAL
from config.schedule import Schedule
from tests.bench.lived import Answer, Asked, Day, Lived, Sent

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
QUESTIONS = {"un": ["q1", "q2"], "deux": ["q1"]}


def asked(lesson: str = "un", question: str = "q1", purpose: str = "review", step: int = 1) -> Asked:
    return Asked(lesson, question, purpose, step, again=False, recalled=0.8)


def sent(day: int, what: Asked | None = None, *, kind: str = "review", over: bool = False) -> Sent:
    """A message of the hour of a slot, so many days after the first Monday."""
    at = MONDAY + timedelta(days=day)
    key = f"lesson:1:{at.date()}:0" if kind != "reply" else "reply:telegram:e1:0.0"
    return Sent(at, key, kind, "", Schedule(), NORMAL, over, what)


def lived(
    *messages: Sent, answers: tuple[tuple[int, Answer], ...] = (), days: int = 14, due: int = 0
) -> Lived:
    """Two weeks of somebody."""
    first = MONDAY.date()
    life = Lived("one", QUESTIONS, dict.fromkeys(QUESTIONS, date(2030, 1, 1)), ["un", "deux"])
    for place in range(days):
        on = first + timedelta(days=place)
        day = Day(on, place + 1, off=False, state="active", due=due)
        day.sent = [one for one in messages if one.at.date() == on]
        day.answers = [answer for at, answer in answers if at == place]
        life.days.append(day)
    return life


def test_an_ordinary_week_has_no_fault() -> None:
    week = [sent(day, asked(question=f"q{day}")) for day in range(3)]
    assert lived(*week, sent(0, asked("deux", step=2), kind="reply"), due=1).faults() == []


@pytest.mark.parametrize(
    ("messages", "fault"),
    [
        ((sent(0), sent(0)), "2 messages in the slot of 2026-11-23"),
        ((sent(0), replace(sent(0), key="lesson:1:2026-11-22:0")), "2 messages unasked on 2026-11-23"),
        ((sent(5),), "review on a day off"),
        ((replace(sent(0), at=MONDAY.replace(hour=21)),), "review in quiet hours"),
        (
            (
                sent(0, asked(purpose="lesson"), kind="lesson"),
                sent(1, asked(purpose="lesson"), kind="lesson"),
            ),
            "un sent 2 times",
        ),
        ((sent(0, asked()), sent(0, asked(), kind="reply")), "asked 2 times on 2026-11-23"),
        (tuple(sent(day, over=True) for day in range(4)), "slot 4 of week (2026, 48) after the end, of 3"),
    ],
)
def test_what_no_learner_may_live_through_is_told(messages: tuple[Sent, ...], fault: str) -> None:
    assert [one for one in lived(*messages).faults() if fault in one]


@pytest.mark.parametrize(("step", "led_to"), [(1, 2), (2, 1)])
def test_a_third_question_in_a_slot_is_told(step: int, led_to: int) -> None:
    answer = Answer(("un", "q1"), "right", step, led_to)
    assert [one for one in lived(answers=((0, answer),)).faults() if "more than two questions" in one]


def test_a_rhythm_may_allow_more_slots() -> None:
    week = [replace(sent(day, over=True), rhythm=DAILY) for day in range(5)]
    assert lived(*week).faults() == []


def test_reviews_that_dry_up_while_some_are_due_are_told() -> None:
    assert [one for one in lived(days=30, due=1).faults() if "nothing asked" in one]
    assert lived(days=30).faults() == []


def test_what_was_asked_and_answered_is_counted() -> None:
    life = lived(
        sent(0, asked("un", "q1", "lesson"), kind="lesson"),
        sent(1, asked("deux", "q1", "lesson"), kind="lesson"),
        sent(3, asked("un", "q1")),
        sent(4, kind="reminder"),
        answers=((0, Answer(("un", "q1"), "wrong")), (3, Answer(("un", "q1"), "right"))),
    )
    assert life.never_asked == (1, 3)
    assert life.waits == [3.0]
    assert life.asked["un", "q1"] == 2
    assert life.unmet == 1
    assert (life.kinds("reminder"), life.kinds("reminder", since=5)) == (1, 0)
    assert life.first(2).never_asked == (1, 3)
    assert "the" not in "".join(life.days[2].lines())
    assert "un/q1 (review, 1)" in "".join(life.days[3].lines())


def test_a_failed_question_that_waits_is_counted_after_ten_working_days() -> None:
    answer = (0, Answer(("un", "q1"), "wrong"))
    assert lived(answers=(answer,), days=8).waits == []
    assert lived(answers=(answer,), days=14).waits == [13.0]


def test_a_learner_who_is_written_to_without_end_is_told() -> None:
    week = [sent(day) for day in (0, 1, 2, 3, 4, 7, 8, 9)]
    assert lived(*week[:7]).faults() == []
    assert [one for one in lived(*week).faults() if "8 messages without a word" in one]
    answer = (3, Answer(("un", "q1"), "right"))
    assert lived(*week, answers=(answer,)).faults() == []
