# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Sheets of a workbook as cells: what stands in each, and what a person sees of it that its value does not say."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook

from lessons.source.bounds import CELLS, COLUMNS, ROWS
from lessons.source.workbook.archive import DAMAGED, STYLES, TOO_BIG, Refused, unpack, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lessons.source.workbook.archive import Archive

Value = str | float | bool | date | datetime | time | timedelta

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BUILT_IN = {0: "General", 1: "0", 2: "0.00", 9: "0%", 10: "0.00%", 17: "mmm-yy", 49: "@"}
"""Codes of the formats that no workbook writes down. Of the others it is enough that they are not plain."""
_PLAIN = ("General", "GENERAL", "Standard", "@", "0", "0.00", "")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell. `format` is the code of its number format: `0%`, `mmm-yy`."""

    value: Value
    format: str = "General"
    formula: bool = False
    error: bool = False
    hidden: bool = False

    @property
    def plain(self) -> bool:
        """Whether a number is seen as it is stored."""
        return self.format in _PLAIN


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells with something in them, by row and column, from 1."""

    name: str
    cells: Mapping[tuple[int, int], Cell]

    @property
    def rows(self) -> tuple[int, ...]:
        """Rows with something in them."""
        return tuple(sorted({row for row, _ in self.cells}))

    def row(self, number: int) -> dict[int, Cell]:
        """Return what stands in a row, by its column."""
        return {column: cell for (row, column), cell in sorted(self.cells.items()) if row == number}


def sheets(content: bytes, wanted: Callable[[str], bool]) -> tuple[Sheet, ...]:
    """Return the sheets whose names are `wanted`, in the order of the workbook.

    Raises:
        Refused: it is no workbook that we read.
    """
    archive = unpack(content, wanted)
    formats = _formats(archive.parts.get(STYLES, b""))
    return tuple(_sheet(archive, name, part, formats, hidden=hidden) for name, part, hidden in archive.sheets)


def _sheet(archive: Archive, name: str, part: str, formats: list[str], *, hidden: bool) -> Sheet:
    marks = _marks(archive.parts[part])
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(archive.only(part)))
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError:
        raise Refused(DAMAGED) from None
    cells: dict[tuple[int, int], Cell] = {}
    for (row, column), mark in marks.cells.items():
        written = rows[row - 1] if row <= len(rows) else []
        value = written[column - 1] if column <= len(written) else ""
        if value == "" and not (mark.formula or mark.error):
            continue
        unseen = hidden or row in marks.hidden_rows or any(column in span for span in marks.hidden_columns)
        code = formats[mark.style] if 0 <= mark.style < len(formats) else "General"
        cells[row, column] = Cell(value, code, mark.formula, mark.error, unseen)
    return Sheet(name, cells)


@dataclass(slots=True)
class _Mark:
    style: int
    error: bool
    formula: bool = False


@dataclass(slots=True)
class _Marks:
    """What the XML of a sheet says of its cells beside their values."""

    cells: dict[tuple[int, int], _Mark] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[range] = field(default_factory=list)
    row: int = 0
    column: int = 0
    mark: _Mark | None = None

    def start(self, name: str, given: dict[str, str]) -> None:
        match name:
            case "row":
                self.row, self.column = _number(given.get("r"), self.row + 1), 0
                if given.get("hidden") in ("1", "true"):
                    self.hidden_rows.add(self.row)
            case "col" if given.get("hidden") in ("1", "true"):
                first = _number(given.get("min"), 1)
                self.hidden_columns.append(range(first, _number(given.get("max"), first) + 1))
            case "c":
                at = _REFERENCE.fullmatch(given.get("r", ""))
                self.column = _column(at[1]) if at else self.column + 1
                self.row = int(at[2]) if at else self.row
                self.mark = _Mark(_number(given.get("s"), 0), error=given.get("t") == "e")
            case "v" | "is" | "f":
                self._note(name)

    def _note(self, name: str) -> None:
        if self.mark is None:
            return
        if self.row > ROWS:
            raise Refused(f"Ce classeur a plus de {ROWS} lignes : ce n’est pas une leçon.")
        if self.column > COLUMNS or not self.row or len(self.cells) >= CELLS:
            raise Refused(TOO_BIG)
        self.mark.formula |= name == "f"
        self.cells[self.row, self.column] = self.mark

    def end(self, name: str) -> None:
        if name == "c":
            self.mark = None


def _marks(part: bytes) -> _Marks:
    marks = _Marks()
    walk(part, marks.start, marks.end)
    return marks


def _number(written: str | None, otherwise: int) -> int:
    return (
        int(written)
        if written and written.isascii() and written.isdigit() and len(written) < 9
        else otherwise
    )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _formats(part: bytes) -> list[str]:
    """Return the code of the number format of each style of cell."""
    codes: dict[int, str] = dict(_BUILT_IN)
    found: list[str] = []
    inside = ""

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal inside
        match name:
            case "numFmt":
                codes[_number(given.get("numFmtId"), 0)] = given.get("formatCode", "General")
            case "cellXfs" | "cellStyleXfs":
                inside = name
            case "xf" if inside == "cellXfs":
                number = _number(given.get("numFmtId"), 0)
                found.append(codes.get(number, f"built-in {number}"))

    if part:
        walk(part, start)
    return found
