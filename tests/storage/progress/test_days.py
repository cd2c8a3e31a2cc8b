# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The days on which someone answered are what was noted, of the last 400, in a text that fits its column."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import String

from storage.progress.days import LENGTH, days_of, with_day
from storage.tables import tally

START = date(2026, 11, 23)
steps = st.lists(st.integers(-3, 40), max_size=60)
"""Days from one answer to the next: a traveller's may go back."""


def noted(days: list[date]) -> str:
    text = ""
    for day in days:
        text = with_day(text, day)
    return text


def days_after(steps: list[int]) -> list[date]:
    days = [START]
    for step in steps:
        days.append(days[-1] + timedelta(days=step))
    return days


def room() -> int:
    """Characters of the column."""
    kind = tally.c.days.type
    assert isinstance(kind, String)
    return kind.length or 0


@given(steps)
def test_the_days_of_the_last_four_hundred_are_those_that_were_noted(steps: list[int]) -> None:
    days = days_after(steps)
    oldest = max(days) - timedelta(days=LENGTH)
    assert days_of(noted(days)) == {day for day in days if day > oldest}


@given(steps)
def test_it_fits_its_column(steps: list[int]) -> None:
    assert len(noted(days_after(steps))) <= room()


def test_the_fullest_text_fits_too() -> None:
    everyday = [START + timedelta(days=day) for day in range(2 * LENGTH)]
    assert days_of(noted(everyday)) == set(everyday[-LENGTH:])
    assert len(noted(everyday)) <= room()


def test_nothing_noted_is_no_day() -> None:
    assert days_of("") == frozenset()


def test_a_clock_that_was_years_ahead_does_no_lasting_harm() -> None:
    assert days_of(noted([START, START.replace(year=2099), START])) == {START}
