# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The days, among the last 400 or fewer, on which something happened: one short text, `<last date> <bits>`. Pure.

The lowest bit is the last date, the next one the day before. A row for each day would take 45 bytes a day: 12 GB for a
million learners instead of 0.1.
"""

from __future__ import annotations

from datetime import date, timedelta

LENGTH = 400
"""Days kept of answers: more than a year of working days in a row."""
SLOTS = 60
"""Days kept of slots: those of twenty working days, whatever the holidays."""


def days_of(text: str) -> frozenset[date]:
    """Return the dates in a text; none for an empty one, or for one that cannot be read."""
    last, bits = _read(text)
    return frozenset(last - timedelta(days=ago) for ago in range(bits.bit_length()) if bits >> ago & 1)


def with_day(text: str, day: date, length: int = LENGTH) -> str:
    """Return the text with one more date, of at most `length` days.

    A date as far away, either way, begins anew: a clock was wrong.
    """
    last, bits = _read(text)
    later = (day - last).days
    if not bits or abs(later) >= length:
        return f"{day} 1"
    if later < 0:
        return f"{last} {bits | 1 << -later:x}"
    return f"{day} {(bits << later) & ((1 << length) - 1) | 1:x}"


def _read(text: str) -> tuple[date, int]:
    try:
        last, bits = text.split(" ")
        found = date.fromisoformat(last), int(bits, 16) & ((1 << LENGTH) - 1)
        found[0] - timedelta(days=LENGTH)  # the calendar has a first day
    except (ValueError, TypeError, AttributeError, OverflowError):  # SQLite stores any type
        return date.min, 0
    return found
