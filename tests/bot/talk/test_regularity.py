# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is the week shown as the streak counts it, on the learner's own days?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.talk.regularity import DayKind, streak, this_week
from config.schedule import Schedule

WORKING = Schedule()
WEDNESDAY = date(2026, 11, 25)
DAYS = [WEDNESDAY + timedelta(days=place) for place in range(-30, 1)]


def week(
    *offsets: int,
    today: date = WEDNESDAY,
    schedule: Schedule = WORKING,
    ahead: int | None = 0,
    came: bool = True,
    quiet: Collection[date] = (),
) -> str:
    """The week of someone who answered so many days ago: A, F, M, - or a dot for each day."""
    answered = {today - timedelta(days=offset) for offset in offsets}
    run = streak(answered, schedule, today, quiet=quiet)
    begins = None if ahead is None else today + timedelta(days=ahead)
    days = this_week(answered, run.forgiven, schedule, today, quiet=quiet, open_today=came, ahead=begins)
    signs = {
        DayKind.ANSWERED: "A",
        DayKind.FORGIVEN: "F",
        DayKind.MISSED: "M",
        DayKind.OFF: "-",
        DayKind.AHEAD: ".",
    }
    return "".join(signs[kind] for _, kind in days)


def test_days_with_an_answer_and_days_ahead() -> None:
    assert week(0, 1, 2) == "AAA.."
    assert week(1, 2) == "AA..."


def test_a_day_that_the_streak_forgives_is_shown_so_only_while_it_goes_on() -> None:
    assert week(0, 2, 5) == "AFA.."
    assert week(0, 7, today=date(2026, 11, 26)) == "MMMA."


def test_days_before_the_first_answer_were_not_missed() -> None:
    assert week(0) == "--A.."
    assert week() == "--..."


def test_a_holiday_is_off_and_no_other_day_is() -> None:
    armistice = date(2027, 11, 11)
    assert week(0, 4, today=armistice + timedelta(days=1)) == "AMM-A"
    assert week(1, 2, today=armistice) == "-AA-."


def test_people_who_learn_on_saturdays_see_their_days() -> None:
    own = Schedule(days=("mon", "sat"))
    assert week(0, 5, schedule=own, today=date(2026, 11, 28)) == "AA"
    assert week(0, schedule=own, today=date(2026, 11, 23)) == "A."


def test_an_answer_on_another_day_is_shown_too() -> None:
    assert week(0, today=date(2026, 11, 28)) == "-----A"


def test_nothing_is_ahead_in_a_pause_before_its_end() -> None:
    assert week(1, 2, ahead=None, came=False) == "AA---"
    assert week(1, 2, ahead=2, came=False) == "AA--."


def test_what_came_today_can_be_answered_though_nothing_follows() -> None:
    assert week(1, 2, ahead=None, came=True) == "AA.--"


def test_a_day_on_which_nothing_was_sent_was_not_missed() -> None:
    quiet = {WEDNESDAY - timedelta(days=1)}
    assert week(2, 20, quiet=quiet, ahead=None, came=False)[1] == "-"


@given(st.sets(st.sampled_from(DAYS)), st.booleans())
def test_a_week_tells_the_same_as_the_streak(answered: set[date], came: bool) -> None:
    run = streak(answered, WORKING, WEDNESDAY)
    days = this_week(answered, run.forgiven, WORKING, WEDNESDAY, open_today=came, ahead=WEDNESDAY)
    assert {day for day, kind in days if kind is DayKind.ANSWERED} == {
        day for day in answered if day.isocalendar()[:2] == WEDNESDAY.isocalendar()[:2]
    }
    forgiven = [day for day, kind in days if kind is DayKind.FORGIVEN]
    assert len(forgiven) <= 1
    assert set(forgiven) <= run.forgiven
    assert not run.forgiven & answered
