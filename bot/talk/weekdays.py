# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The few days of the week on which a learner answers, if there are such. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from itertools import islice
from typing import get_args

from config.schedule import Day, Schedule, is_day_off
from storage.progress.days import SLOTS

WEEK: tuple[Day, ...] = get_args(Day)
WORKING_DAYS = 20
"""Days with a lesson, before today, that are looked at; none older than `SLOTS` days."""
LEAST_SLOTS = 12
"""Of these, days that brought something: fewer say nothing about a habit."""
MOST_ANSWERED = 0.6
"""Share of the slots that are answered on their day, above which the days are kept as they are."""
MOST_DAYS, LEAST_SHARE, LEAST_TIMES = 3, 0.8, 2
"""The share of the days with an answer that fall on so few days of the week, each at least so often."""
RECENT, LATELY = timedelta(days=28), timedelta(days=7)
"""How far back answers on days off are looked at, and how old the newest of them may be."""
AGAIN = timedelta(days=60)
"""How long nothing is offered after an offer."""


def to_offer(
    schedule: Schedule,
    today: date,
    slots: Collection[date],
    answered: Collection[date],
    offered_on: date | None,
) -> tuple[Day, ...]:
    """Return the days of the week to offer instead of the schedule's, in the week's order; none where nothing is to offer.

    `slots` and `answered` are the local dates that brought something, and those with an answer. The days offered are some
    of the schedule's: nobody is offered a day that they did not choose. A date in the future was written by a wrong clock.
    """
    if offered_on is not None and timedelta(0) <= today - offered_on < AGAIN:
        return ()
    before = (today - timedelta(days=ago) for ago in range(1, min(SLOTS, today.toordinal() - 1) + 1))
    working = list(islice((day for day in before if not is_day_off(schedule, day)), WORKING_DAYS))
    used = set(working) & set(slots)
    if len(used) < LEAST_SLOTS or len(used & set(answered)) > MOST_ANSWERED * len(used):
        return ()
    days = Counter(WEEK[day.weekday()] for day in set(answered) if working[-1] <= day < today)
    return _usual(days, schedule.days)


def answers_on_days_off(schedule: Schedule, today: date, answered: Collection[date]) -> bool:
    """Tell whether somebody answers on the days on which nothing is sent: what came before waits for those days.

    As with what is offered, nearly all of the last days with an answer are such days; and the newest answer is of the last
    days off, so that a silence of a week is one.
    """
    recent = [day for day in answered if timedelta(0) < today - day <= RECENT]
    off = [day for day in recent if is_day_off(schedule, day)]
    return len(off) >= LEAST_TIMES and len(off) >= LEAST_SHARE * len(recent) and today - max(off) <= LATELY


def _usual(times: Counter[Day], chosen: Collection[Day]) -> tuple[Day, ...]:
    """Return the fewest days on which nearly all falls, each more often than every day that is left out."""
    often = [*sorted(times, key=lambda day: (-times[day], WEEK.index(day))), None]
    for most in range(1, MOST_DAYS + 1):
        usual, rest = often[:most], often[most:]
        last = usual[-1]
        if last is None or times[last] < LEAST_TIMES or not set(usual) < set(chosen):
            return ()
        tied = rest[0] is not None and times[rest[0]] == times[last]
        if sum(times[day] for day in usual if day) >= LEAST_SHARE * times.total() and not tied:
            return tuple(day for day in WEEK if day in usual)
    return ()
