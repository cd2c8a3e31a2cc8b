# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

import subprocess
import sys
from datetime import date
from typing import get_args

import pytest

from config.holidays import Calendar, public_holidays

NATIONAL_2026 = {
    date(2026, 1, 1),
    date(2026, 4, 6),
    date(2026, 5, 1),
    date(2026, 5, 8),
    date(2026, 5, 14),
    date(2026, 5, 25),
    date(2026, 7, 14),
    date(2026, 8, 15),
    date(2026, 11, 1),
    date(2026, 11, 11),
    date(2026, 12, 25),
}


def test_france_has_its_eleven_national_holidays() -> None:
    assert public_holidays("FR", 2026) == NATIONAL_2026


@pytest.mark.parametrize("calendar", ["Alsace", "Moselle"])
def test_alsace_and_moselle_add_good_friday_and_the_26th_of_december(calendar: Calendar) -> None:
    assert public_holidays(calendar, 2026) == NATIONAL_2026 | {date(2026, 4, 3), date(2026, 12, 26)}


@pytest.mark.parametrize(
    ("calendar", "abolition"),
    [
        ("GP", date(2026, 5, 27)),
        ("MQ", date(2026, 5, 22)),
        ("GF", date(2026, 6, 10)),
        ("RE", date(2026, 12, 20)),
        ("YT", date(2026, 4, 27)),
        ("BL", date(2026, 10, 9)),
        ("MF", date(2026, 5, 28)),
    ],
)
def test_overseas_departments_add_the_day_slavery_was_abolished(calendar: Calendar, abolition: date) -> None:
    assert public_holidays(calendar, 2026) >= NATIONAL_2026 | {abolition}


def test_new_caledonia_adds_its_own_day() -> None:
    assert date(2026, 9, 24) in public_holidays("NC", 2026)


def test_every_calendar_holds_the_national_holidays_and_no_other_year(subtests: pytest.Subtests) -> None:
    for calendar in sorted(set(get_args(Calendar)) - {"none"}):
        with subtests.test(calendar=calendar):
            days = public_holidays(calendar, 2026)

            assert days >= NATIONAL_2026
            assert {day.year for day in days} == {2026}


def test_no_calendar_has_no_holidays() -> None:
    assert public_holidays("none", 2026) == frozenset()


def test_reading_french_holidays_does_not_import_the_other_countries() -> None:
    program = (
        "import sys; from config.holidays import public_holidays; assert 'holidays' not in sys.modules; "
        "assert public_holidays('FR', 2026); "
        "print([name for name in sys.modules if name.startswith('holidays.countries')])"
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
