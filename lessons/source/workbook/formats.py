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

_BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    **dict.fromkeys((5, 6, 37, 38, 41, 42), "#,##0 €"),
    **dict.fromkeys((7, 8, 39, 40, 43, 44), "#,##0.00 €"),
    9: "0%",
    10: "0.00%",
    16: "d-mmm",
    17: "mmm-yy",
    **dict.fromkeys((*range(18, 22), *range(45, 48)), "h:mm:ss"),
    49: "@",
}
"""Codes of formats that no workbook writes down."""
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_DATE = "d/m/yyyy"
"""Stands for the other built-in ones of dates, which show the whole day."""
_PLAIN = {"General": None, "@": None, "0": 0, "0.00": 2, "": None}
"""Formats that show a number as it is, when it has no more decimals than so many."""
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|[_*].')
_DATES = re.compile("[dmyhs]")
_CONDITION = re.compile(r"\[[<>=]")
_AROUND = re.compile("[ \u00a0\u202f€$£()+-]")
_DIGITS = re.compile(r"[#0?,]*[#0?](?:\.([#0?]+))?")

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

    def of(self, style: int) -> str:
        """Return the code of a style."""
        return self.codes[style] if style < len(self.codes) else "General"

    def dated(self, value: float, style: int) -> float | date | datetime | time:
        """Return a number, or the date that its format makes of it."""
        code = self.of(style)
        last = _LAST if self.first == _FIRST else _LAST_1904
        if code in _PLAIN or not _DATES.search(seen(code)) or not 0 <= value <= last:
            return value
        if value < 1:
            return (_FIRST + timedelta(days=value)).time()
        early = self.first == _FIRST and value < _LEAP
        return self.first + timedelta(days=value + early)


def seen(code: str) -> str:
    """Return a format without what it shows beside a value, in small letters."""
    return "" if code == "General" else _LITERAL.sub("", code).casefold()


def is_plain(code: str, value: object) -> bool:
    """Tell whether a value is seen as it is stored, without a sign beside it."""
    return code in _PLAIN and (not isinstance(value, (int, float)) or _fits(value, _PLAIN[code]))


def is_whole(code: str, value: float) -> bool:
    """Tell whether all digits of a number are seen, and no others; signs may stand beside them: « 1 200,50 € »."""
    if code in _PLAIN:
        return is_plain(code, value)
    shown = _section(code, value)
    if shown.strip() == "General":
        return True
    digits = None if _CONDITION.search(code) else _DIGITS.fullmatch(_AROUND.sub("", shown))
    return digits is not None and _fits(value, len(digits[1] or ""))


def _fits(value: float, decimals: int | None) -> bool:
    shown = float(f"{value:.15g}")  # as spreadsheets do: 0.1 + 0.2 is 0.3
    return decimals is None or round(shown, decimals) == shown


def is_blank(code: str, value: object) -> bool:
    """Tell whether a format shows nothing of a text or a number: `;;;` is one that people hide cells with."""
    if code in _PLAIN or isinstance(value, bool):
        return False
    if isinstance(value, str):
        sections = _LITERAL.sub("", code).split(";")
        return len(sections) > 3 and "@" not in sections[3]
    return isinstance(value, (int, float)) and not _section(code, value).strip()


def _section(code: str, value: float) -> str:
    """Return what of a format counts for a number: those below and at zero may have sections of their own."""
    sections = _LITERAL.sub("", code).split(";")[:3]
    at = 1 if value < 0 else 2 if value == 0 else 0
    return sections[at] if at < len(sections) else sections[0]


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 9 else 0
