# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The days, among the last 400, on which a learner answered: one short text, `<last date> <bits>`. Pure.

The lowest bit is the last date, the next one the day before. A row for each day would take 45 bytes a day: 12 GB for a
million learners instead of 0.1.
"""

from __future__ import annotations

from datetime import date, timedelta

LENGTH = 400
"""Days kept: more than a year of working days in a row."""
_ALL = (1 << LENGTH) - 1


def days_of(text: str) -> frozenset[date]:
    """Return the dates in a text; none for an empty one."""
    last, bits = _read(text)
    return frozenset(last - timedelta(days=ago) for ago in range(bits.bit_length()) if bits >> ago & 1)


def with_day(text: str, day: date) -> str:
    """Return the text with one more date. A date `LENGTH` days away, either way, begins anew: a clock was wrong."""
    last, bits = _read(text)
    later = (day - last).days
    if not bits or abs(later) >= LENGTH:
        return f"{day} 1"
    if later < 0:
        return f"{last} {bits | 1 << -later:x}"
    return f"{day} {(bits << later) & _ALL | 1:x}"


def _read(text: str) -> tuple[date, int]:
    last, _, bits = text.partition(" ")
    return (date.fromisoformat(last), int(bits, 16)) if text else (date.min, 0)
