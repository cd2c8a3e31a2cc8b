# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Counts of people that may be shown: none that would speak of a few. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

HIDDEN = "non donné (trop peu de personnes)"


def shown(counts: Sequence[int], fewest: int) -> list[int | None]:
    """Return those of some counts of the same people that may stand beside each other, and None for the others.

    A count is hidden when it is from 1 to `fewest` - 1, and when it differs by so few from one that is shown: the difference
    would speak of a few. The first comes first; nought is shown.
    """
    kept: list[int] = [0]
    result: list[int | None] = []
    for count in counts:
        if any(0 < abs(count - other) < fewest for other in kept):
            result.append(None)
        else:
            kept.append(count)
            result.append(count)
    return result


def said(count: int | None) -> str:
    """Write a count, or that it is not given."""
    return HIDDEN if count is None else str(count)


def median(people: Mapping[int, int]) -> float:
    """Return the median of numbers, given how many people have each; 0 for nobody."""
    values = sorted(people.items())
    total = sum(people.values())
    if not total:
        return 0.0
    places = [(total - 1) // 2, total // 2]
    found = []
    for place in places:
        passed = 0
        for value, number in values:
            passed += number
            if place < passed:
                found.append(value)
                break
    return sum(found) / 2
