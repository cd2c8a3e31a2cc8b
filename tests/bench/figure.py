# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What was measured, and whether it is what was wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. Without a target it is there to be compared with."""

    name: str
    runs: tuple[float, ...]
    unit: str = ""
    """Empty for a ratio."""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def value(self) -> float:
        """The median of the runs."""
        return median(self.runs)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; nothing where there is none."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most

    @property
    def target(self) -> str:
        """The target as it is read."""
        if self.at_least is not None:
            return f"≥ {self._shown(self.at_least)}"
        return "" if self.at_most is None else f"≤ {self._shown(self.at_most)}"

    @property
    def row(self) -> tuple[str, str, str, str, str]:
        """Name, median, spread, target, and whether it is met."""
        ends = (min(self.runs), max(self.runs))
        spread = "" if len(self.runs) == 1 else " to ".join(map(_rounded, ends))
        verdict = {True: "ok", False: "MISSED", None: ""}[self.met]
        return self.name, self._shown(self.value), spread, self.target, verdict

    def described(self) -> dict[str, Any]:
        """The figure for a file."""
        return {**asdict(self), "median": self.value, "met": self.met}

    def _shown(self, value: float) -> str:
        return f"{_rounded(value)} {self.unit}" if self.unit else f"{_rounded(value)} ×"


def described(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """Return figures for a file, each with the names of those under which it stands in the table: its own says little."""
    above: list[tuple[int, str]] = []
    found = []
    for figure in figures:
        depth = len(figure.name) - len(figure.name.lstrip())
        above = [one for one in above if one[0] < depth]
        found.append({**figure.described(), "under": [name for _, name in above]})
        above.append((depth, figure.name.strip()))
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


def table(figures: Sequence[Figure], title: str = "") -> str:
    """Return the figures as aligned lines, under a line of headings that begins with the title."""
    rows = [(title, "median", "spread", "target", ""), *(figure.row for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, len(widths) - 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
