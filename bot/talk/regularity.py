# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How regularly somebody answers: working days in a row, and the days of this week. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import get_args

from config.schedule import Day, Schedule, is_day_off

DAYS: tuple[Day, ...] = get_args(Day)


class DayKind(StrEnum):
    """What a day of this week was, or will be."""

    ANSWERED = "answered"
    FORGIVEN = "forgiven"
    """Without an answer, within a streak that goes on all the same."""
    MISSED = "missed"
    OFF = "off"
    """Nothing is sent, or was: a holiday, a pause, an outage, a day before the first answer."""
    AHEAD = "ahead"
    """Something may come, or can still be answered."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Working days in a row with an answer, and the days that were forgiven between them."""

    length: int
    forgiven: frozenset[date] = frozenset()


def streak(
    answered: Collection[date], schedule: Schedule, today: date, *, quiet: Collection[date] = ()
) -> Streak:
    """Count working days in a row with an answer, up to today; one missed day a week is forgiven.

    Days off, and the `quiet` ones, on which nothing was sent, neither count nor break it. Today counts only once there is an
    answer. A forgiven day adds nothing.
    """
    length = 0
    weeks: set[tuple[int, int]] = set()
    missed: list[date] = []
    forgiven: list[date] = []
    day = today if today in answered else today - timedelta(days=1)
    oldest = min(answered, default=today)
    while day >= oldest:
        if day not in quiet and not is_day_off(schedule, day):
            if day in answered:
                length += 1
                forgiven += missed
                missed.clear()
            elif (week := day.isocalendar()[:2]) in weeks:
                break
            else:
                weeks.add(week)
                missed.append(day)
        day -= timedelta(days=1)
    return Streak(length, frozenset(forgiven))


def this_week(
    answered: Collection[date],
    forgiven: Collection[date],
    schedule: Schedule,
    today: date,
    *,
    quiet: Collection[date] = (),
    open_today: bool,
    ahead: date | None,
) -> tuple[tuple[date, DayKind], ...]:
    """Return the days of the week of `today` on which the learner wants lessons or has answered, in order.

    `open_today`: something came today, or will, and can be answered. `ahead`: from which day on something may come; None
    when nothing will.
    """
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=place) for place in range(len(DAYS))]
    oldest = min(answered, default=today)

    def kind(day: date) -> DayKind:
        if day in answered:
            return DayKind.ANSWERED
        if day in forgiven:
            return DayKind.FORGIVEN
        if is_day_off(schedule, day):
            return DayKind.OFF
        if day >= today:
            comes = (ahead is not None and day >= ahead) or (day == today and open_today)
            return DayKind.AHEAD if comes else DayKind.OFF
        return DayKind.OFF if day in quiet or day < oldest else DayKind.MISSED

    return tuple((day, kind(day)) for day in days if DAYS[day.weekday()] in schedule.days or day in answered)
