# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Are fewer days offered to those who answer on a few days of the week, and to nobody else?"""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import combinations

import pytest

from bot.talk.weekdays import WEEK, answers_on_days_off, to_offer
from bot.wording import words_of
from config.schedule import Schedule, is_day_off
from storage.progress.days import days_of, with_day

THURSDAY = date(2026, 10, 1)
"""No public holiday in the eight weeks before, but 15 August, a Saturday."""
USUAL = Schedule()


def back(days: int, *, of: str = "mon tue wed thu fri", end: date = THURSDAY) -> list[date]:
    """The last so many dates before one that are some days of the week, the latest first."""
    dates = (end - timedelta(days=ago) for ago in range(1, 400))
    return [day for day in dates if WEEK[day.weekday()] in of][:days]


def test_somebody_who_answers_on_mondays_and_thursdays_is_offered_these(subtests: pytest.Subtests) -> None:
    for number in (1, 2, 3):
        for some in combinations(WEEK[:5], number):
            with subtests.test(days=some):
                answered = [day for day in back(20) if WEEK[day.weekday()] in some]
                assert to_offer(USUAL, THURSDAY, back(20), answered, None) == some


def test_somebody_who_answers_nearly_every_day_or_never_is_offered_nothing() -> None:
    assert to_offer(USUAL, THURSDAY, back(20), back(20), None) == ()
    assert to_offer(USUAL, THURSDAY, back(20), [], None) == ()
    assert to_offer(USUAL, THURSDAY, back(20), back(400, of="mon"), None) == ("mon",)


def test_twelve_slots_are_needed_within_the_last_twenty_working_days() -> None:
    mondays = back(4, of="mon")
    for number, offered in ((11, ()), (12, ("mon",))):
        assert to_offer(USUAL, THURSDAY, back(number), mondays, None) == offered
    old = back(32)[20:]
    assert to_offer(USUAL, THURSDAY, old, mondays, None) == (), "they are older than twenty working days"
    weekends = back(12, of="sat sun")
    assert to_offer(USUAL, THURSDAY, weekends, mondays, None) == (), (
        "lessons asked for on days off are no slots"
    )


def test_public_holidays_and_days_off_are_no_working_days() -> None:
    end = date(2026, 5, 28)  # after 1, 8, 14 and 25 May
    working = [day for day in back(40, end=end) if not is_day_off(USUAL, day)]
    fridays = [day for day in working if day.weekday() == 4]
    assert to_offer(USUAL, end, working[8:20], fridays, None) == ("fri",)
    assert to_offer(USUAL, end, working[9:21], fridays, None) == ()
    two = Schedule(days=("mon", "fri"))
    assert to_offer(two, THURSDAY, back(12, of="mon fri"), back(6, of="fri"), None) == ("fri",)


def test_at_most_three_slots_in_five_are_answered() -> None:
    days = back(15)
    three = [day for day in days if day.weekday() in (0, 2, 4)]
    assert len(three) == 9
    assert to_offer(USUAL, THURSDAY, days, three, None) == ("mon", "wed", "fri")
    assert to_offer(USUAL, THURSDAY, days, [*three, max(set(days) - set(three))], None) == ()


def test_an_answer_on_another_day_than_the_slots_counts_for_its_own_day() -> None:
    slots = back(12, of="tue wed thu fri")
    mondays = back(4, of="mon")
    assert to_offer(USUAL, THURSDAY, slots, mondays, None) == ("mon",)


def test_four_answers_in_five_fall_on_the_days_offered() -> None:
    mondays, fridays = back(8, of="mon"), back(4, of="fri")
    for others, offered in ((back(1, of="tue"), ("mon",)), (back(2, of="tue"), ("mon", "tue"))):
        assert to_offer(USUAL, THURSDAY, back(20), [*mondays[:4], *others], None) == offered
    few = [*mondays[:4], *fridays, *back(2, of="tue"), *back(1, of="wed"), *back(1, of="thu")]
    assert to_offer(USUAL, THURSDAY, back(20), few, None) == ("mon", "tue", "fri")


def test_a_day_that_is_left_out_has_fewer_answers_than_each_one_offered() -> None:
    twice = [*back(2, of="tue"), *back(2, of="wed"), *back(2, of="fri")]
    assert to_offer(USUAL, THURSDAY, back(20), [*back(4, of="mon"), *twice], None) == ()


def test_a_day_with_a_single_answer_is_not_offered() -> None:
    assert to_offer(USUAL, THURSDAY, back(20), [*back(1, of="mon"), *back(1, of="thu")], None) == ()
    assert to_offer(USUAL, THURSDAY, back(20), [*back(2, of="mon"), *back(1, of="thu")], None) == ()


def test_days_off_are_never_offered_and_neither_are_the_days_that_are_set() -> None:
    saturdays = back(4, of="sat")
    assert to_offer(USUAL, THURSDAY, back(20), saturdays, None) == ()
    assert to_offer(USUAL, THURSDAY, back(20), [*saturdays, *back(2, of="mon")], None) == ()
    every = Schedule(days=WEEK)
    assert to_offer(every, THURSDAY, back(20, of=" ".join(WEEK)), back(3, of="sat"), None) == ("sat",)
    two = Schedule(days=("mon", "thu"))
    slots = back(14, of="mon thu")
    assert to_offer(two, THURSDAY, slots, [*slots[:4], *back(4, of="mon")], None) in ((), ("mon",))
    assert to_offer(two, THURSDAY, slots, slots[:4], None) == ()


@pytest.mark.parametrize(
    ("ago", "offered"), [(0, ()), (59, ()), (60, ("mon",)), (-1, ("mon",)), (60_000, ("mon",))]
)
def test_nothing_is_offered_within_sixty_days_of_an_offer(ago: int, offered: tuple[str, ...]) -> None:
    on = THURSDAY - timedelta(days=ago)
    assert to_offer(USUAL, THURSDAY, back(20), back(4, of="mon"), on) == offered


def test_dates_in_the_future_count_for_nothing() -> None:
    ahead = [THURSDAY + timedelta(days=days) for days in range(60)]
    assert to_offer(USUAL, THURSDAY, ahead, back(4, of="mon"), None) == ()
    assert to_offer(USUAL, THURSDAY, back(20), [*ahead, *back(4, of="mon")], None) == ("mon",)


@pytest.mark.parametrize("today", [date.min, date.min + timedelta(days=30), date.max])
def test_the_ends_of_the_calendar_are_no_error(today: date) -> None:
    assert to_offer(USUAL, today, back(20), back(4, of="mon"), date.max) == ()


DAMAGED = [
    "",
    "2026",
    "2026-09-30",
    "2026-09-30 zz",
    "9999-12-31 ff",
    "0001-01-01 ff",
    "0001-02-03 fff",
    " ",
    "x y z",
]


@pytest.mark.parametrize("stored", [*DAMAGED, None, 7, 1.5, b"2026-09-30 ff"])
def test_dates_that_cannot_be_read_are_no_dates(stored: str) -> None:
    mondays = frozenset(back(4, of="mon"))
    assert to_offer(USUAL, THURSDAY, days_of(stored), mondays, None) == ()
    assert to_offer(USUAL, THURSDAY, back(20), days_of(stored), None) == ()
    assert with_day(stored, THURSDAY) == f"{THURSDAY} 1" or stored == "9999-12-31 ff"


def test_whatever_the_history_what_is_offered_is_a_habit() -> None:
    chance, offers = random.Random(12), 0  # noqa: S311
    for _ in range(3000):
        days = tuple(sorted(chance.sample(WEEK, chance.randint(1, 7)), key=WEEK.index))
        schedule = Schedule(days=days)
        recent = back(60, of=" ".join(WEEK))
        slots = {day for day in recent if not is_day_off(schedule, day) and chance.random() < 0.9}
        likes = {day: chance.choice((0.02, 0.05, 0.9)) for day in WEEK}
        answered = {day for day in recent if chance.random() < likes[WEEK[day.weekday()]]}
        offered = to_offer(schedule, THURSDAY, slots, answered, None)
        if not offered:
            continue
        offers += 1
        working = [day for day in recent if not is_day_off(schedule, day)][:20]
        seen = [day for day in answered if day >= working[-1]]
        assert 1 <= len(offered) <= 3
        assert set(offered) < set(days)
        assert Schedule(days=offered).days == offered
        assert 5 * sum(WEEK[day.weekday()] in offered for day in seen) >= 4 * len(seen)
        used = slots & set(working)
        assert len(used) >= 12
        assert 10 * len(used & answered) <= 6 * len(used)
    assert offers > 100


def test_days_are_named_as_they_are_said() -> None:
    french, english = words_of("fr"), words_of("en")
    assert [french.plain(f"day.{day}.usual") for day in WEEK] == [
        *("le lundi", "le mardi", "le mercredi", "le jeudi", "le vendredi", "le samedi", "le dimanche")
    ]
    assert [english.plain(f"day.{day}.usual") for day in WEEK] == [
        *("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
    ]


# --- answers on days off


def test_answers_on_days_off_are_counted_by_the_days_of_the_schedule() -> None:
    weekends, week = back(8, of="sat sun"), back(20)
    assert answers_on_days_off(USUAL, THURSDAY, weekends)
    assert not answers_on_days_off(USUAL, THURSDAY, week)
    assert not answers_on_days_off(USUAL, THURSDAY, [*weekends, *week])
    assert not answers_on_days_off(USUAL, THURSDAY, [])
    only = Schedule(days=("sat", "sun"))
    assert not answers_on_days_off(only, THURSDAY, weekends)
    assert answers_on_days_off(only, THURSDAY, week)


def test_one_answer_on_a_day_off_or_one_of_long_ago_is_no_habit() -> None:
    assert not answers_on_days_off(USUAL, THURSDAY, back(1, of="sat"))
    assert answers_on_days_off(USUAL, THURSDAY, back(2, of="sat sun"))
    assert not answers_on_days_off(USUAL, THURSDAY, back(8, of="sat sun")[2:])
    ahead = [THURSDAY + timedelta(days=2), THURSDAY + timedelta(days=3)]
    assert not answers_on_days_off(USUAL, THURSDAY, ahead), "a clock was wrong"
