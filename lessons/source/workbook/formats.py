# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Number formats of a workbook: which numbers are dates, and what of a value a format hides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from lessons.source.workbook.archive import STYLES, WORKBOOK

if TYPE_CHECKING:
    from lessons.source.workbook.archive import Archive

_BUILT_IN = {0: "General", 1: "0", 2: "0.00", 9: "0%", 10: "0.00%", 17: "mmm-yy", 49: "@"}
"""Codes of formats that no workbook writes down."""
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_DATE = "d/m/yyyy"
"""Stands for the built-in ones of dates: all but `mmm-yy` show the day."""
_PLAIN = ("General", "@", "0", "0.00", "")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|[_*].')
_DATES = re.compile("[dmyhs]")

_FIRST, _FIRST_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - days of no zone
_LEAP = 60
"""29 February 1900, which spreadsheets have: days before it are one further from the first."""
_LAST, _LAST_1904 = 2_958_465, 2_957_003
"""31 December 9999."""


@dataclass(frozen=True, slots=True)
class Formats:
    """The code of each style of cell; and the day from which dates are counted."""

    codes: tuple[str, ...]
    first: datetime = _FIRST

    @classmethod
    def read(cls, archive: Archive) -> Formats:
        """Read the styles of a workbook, and its own properties."""
        codes = dict(_BUILT_IN) | dict.fromkeys(_BUILT_IN_DATES - set(_BUILT_IN), _DATE)
        found: list[str] = []
        inside = ""
        first = _FIRST

        def style(name: str, given: dict[str, str]) -> None:
            nonlocal inside
            match name:
                case "numFmt":
                    codes[_number(given.get("numFmtId"))] = given.get("formatCode", "General")
                case "cellXfs" | "cellStyleXfs":
                    inside = name
                case "xf" if inside == "cellXfs":
                    number = _number(given.get("numFmtId"))
                    found.append(codes.get(number, f"built-in {number}"))

        def properties(name: str, given: dict[str, str]) -> None:
            nonlocal first
            if name == "workbookPr" and given.get("date1904") in ("1", "true"):
                first = _FIRST_1904

        archive.walk(STYLES, style)
        archive.walk(WORKBOOK, properties)
        return cls(tuple(found), first)

    def of(self, style: int) -> tuple[str, bool]:
        """Return the code of a style; and whether a number is seen as it is stored."""
        code = self.codes[style] if style < len(self.codes) else "General"
        return code, code in _PLAIN

    def dated(self, value: float, style: int) -> float | date | datetime | time:
        """Return a number, or the date that its format makes of it."""
        code, plain = self.of(style)
        last = _LAST if self.first == _FIRST else _LAST_1904
        if plain or not _DATES.search(seen(code)) or not 0 <= value <= last:
            return value
        if value < 1:
            return (_FIRST + timedelta(days=value)).time()
        early = self.first == _FIRST and value < _LEAP
        return self.first + timedelta(days=value + early)


def seen(code: str) -> str:
    """Return a format without what it shows beside a value, in small letters."""
    return "" if code == "General" else _LITERAL.sub("", code).casefold()


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 9 else 0
