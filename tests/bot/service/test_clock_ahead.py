# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A clock that was ahead for one tick: the night puts right what it left, and leaves alone what is honest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.service.tidying import Tidying
from config.retention import Retention
from storage import odd_rows
from tests.bot.builders import Town, setting

DAY = timedelta(days=1)
NIGHT = timedelta(hours=19)
"""From the hour of a lesson to the night's work."""


async def night(town: Town, now: datetime) -> None:
    await Tidying(town.store, Retention(), now).run()


def odd(town: Town, now: datetime) -> list[str]:
    return town.store.read_now(odd_rows.astray, now, "", 500)[0]


@pytest.mark.parametrize("ahead", [4, 9, 30, 3650])
async def test_after_a_tick_ahead_of_time_lessons_go_on_the_day_after_the_night(
    town: Town, ahead: int
) -> None:
    person = town.learner()
    tuesday = person.next_at
    town.tick(tuesday + ahead * DAY)
    town.tick(tuesday + NIGHT)
    assert person.next_at > tuesday + 2 * DAY
    await night(town, tuesday + NIGHT)
    before = len(person.shown)
    for minute in range(4):  # the tick that meets the row, and the hour of the lesson
        town.tick(tuesday + NIGHT + timedelta(minutes=minute))
    assert person.heard(before) == ""
    town.tick(tuesday + DAY)
    town.tick(tuesday + 2 * DAY)
    assert person.heard(before).count("Titre de") == 2
    assert person.next_at == tuesday + 3 * DAY
    assert odd(town, tuesday + 2 * DAY + NIGHT) == []


async def test_a_setting_or_a_pause_is_not_behind_a_slot_ahead_of_time_after_the_night(town: Town) -> None:
    person = town.learner()
    tuesday = person.next_at
    town.tick(tuesday + 30 * DAY)
    town.now = tuesday + timedelta(hours=1)
    person.types("pause")
    await night(town, tuesday + NIGHT)
    town.now = tuesday + NIGHT
    person.types("reprendre")
    assert person.next_at <= tuesday + 2 * DAY  # « reprendre » may ask at once, which takes a slot


async def test_the_nights_work_of_a_clock_ahead_changes_nothing(town: Town) -> None:
    people = [town.learner("1"), town.learner("2")]
    people[1].types("pause jusqu'au 5 janvier")
    stored = [(person.enrolment, person.state) for person in people]
    await night(town, town.now + 300 * DAY)
    assert [(person.enrolment, person.state) for person in people] == stored


async def test_the_nights_work_of_a_clock_behind_costs_nobody_a_lesson(town: Town) -> None:
    person = town.learner()
    tuesday = person.next_at
    await night(town, tuesday - 40 * DAY)
    town.tick(tuesday - timedelta(hours=1))
    town.tick(tuesday)
    assert "Titre de deux" in person.heard()


def test_the_night_leaves_the_longest_honest_gap_alone(town: Town) -> None:
    person = town.learner()
    setting(person, "jours", "vendredi")
    last = datetime(2026, 12, 18, 7, 30, tzinfo=UTC)
    town.tick(last)
    town.tick(last)
    assert person.next_at == last + 21 * DAY  # 25 December and 1 January are Fridays
    assert odd(town, last + NIGHT) == []


def test_the_night_leaves_a_lesson_alone_that_comes_later_on_its_date(town: Town) -> None:
    person = town.learner()
    town.now = person.next_at - timedelta(hours=1)
    person.types("plus tard à 18 h")
    assert odd(town, town.now) == []
