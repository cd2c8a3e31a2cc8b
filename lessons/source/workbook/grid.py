# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Sheets of a workbook as cells: what stands in each, and what a person sees of it that its value does not say.

Read here rather than by a library: python-calamine took a cell `xfd1048576` for a table of that size, and ended the process
for want of memory (ADR 0049).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from lessons.source.bounds import CELLS, COLUMNS, ROWS, TEXT
from lessons.source.workbook.archive import DAMAGED, STRINGS, TOO_BIG, Refused, unpack
from lessons.source.workbook.formats import Formats, is_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lessons.source.workbook.archive import Archive

Value = str | float | bool | date | datetime | time

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""As spreadsheets write signs that XML has not: `_x000D_`."""
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell. `format` is the code of its number format: `0%`, `mmm-yy`; `plain`: it hides nothing."""

    value: Value
    format: str = "General"
    plain: bool = True
    formula: bool = False
    error: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells with something in them, by row, then by column, from 1; in that order."""

    name: str
    rows: Mapping[int, Mapping[int, Cell]]


def sheets(content: bytes, wanted: Callable[[str], str]) -> dict[str, Sheet]:
    """Return the sheets of a workbook by their kind, the first of each; `wanted` returns it, and nothing for others.

    Raises:
        Refused: it is no workbook that we read.
    """
    archive = unpack(content, wanted)
    formats, strings = Formats.read(archive), _strings(archive)
    return {
        kind: _sheet(name, _written(archive, part), formats, strings, hidden=hidden)
        for kind, (name, part, hidden) in archive.sheets.items()
    }


def _sheet(name: str, written: _Written, formats: Formats, strings: list[str], *, hidden: bool) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), raw in sorted(written.cells.items(), key=lambda one: one[0]):
        error = raw.kind == "e"
        value: Value = "" if error else _value(raw, formats, strings)
        if value == "" and not (raw.formula or error):
            continue
        unseen = hidden or row in written.hidden_rows or column in written.hidden_columns
        unseen = unseen or (row, column) in written.covered
        code = formats.of(raw.style)
        plain = is_plain(code, value)
        rows.setdefault(row, {})[column] = Cell(value, code, plain, raw.formula, error, unseen)
    return Sheet(name, rows)


@dataclass(slots=True)
class _Raw:
    """A cell as the XML has it: its kind, its style, the text of its value."""

    kind: str
    style: int
    text: str = ""
    formula: bool = False


def _value(raw: _Raw, formats: Formats, strings: list[str]) -> Value:
    match raw.kind:
        case "n":
            if not _NUMBER.fullmatch(raw.text.strip()):
                return raw.text
            return formats.dated(float(raw.text), raw.style)
        case "s":
            index = _integer(raw.text.strip(), -1)
            if not 0 <= index < len(strings):
                raise Refused(DAMAGED)
            return strings[index]
        case "b" if raw.text.strip() in _TRUTHS:
            return _TRUTHS[raw.text.strip()]
        case "d":
            try:
                return datetime.fromisoformat(raw.text.strip()).replace(tzinfo=None)
            except ValueError:
                return raw.text
        case "str" | "inlineStr":
            return _unescaped(raw.text)
        case _:
            raise Refused(DAMAGED)


@dataclass(slots=True)
class _Written:
    """What the XML of a sheet says."""

    cells: dict[tuple[int, int], _Raw] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    covered: set[tuple[int, int]] = field(default_factory=set)
    merged: int = 0
    spans: int = 0
    row: int = 0
    column: int = 0
    raw: _Raw | None = None
    listening: bool = False
    phonetic: bool = False

    def start(self, name: str, given: dict[str, str]) -> None:
        match name:
            case "row":
                self.row, self.column = _integer(given.get("r"), self.row + 1), 0
                if given.get("hidden") in ("1", "true"):
                    self.hidden_rows.add(self.row)
            case "col" if given.get("hidden") in ("1", "true"):
                first = _integer(given.get("min"), 1)
                last = min(_integer(given.get("max"), first), COLUMNS)
                self.hidden_columns |= set(range(first, last + 1))
                self.spans += 1
                if self.spans > COLUMNS:
                    raise Refused(TOO_BIG)
            case "c":
                at = _REFERENCE.fullmatch(given.get("r", "").upper())
                self.column = _column(at[1]) if at else self.column + 1
                self.row = int(at[2]) if at else self.row
                self.raw = _Raw(given.get("t", "n"), _integer(given.get("s"), 0))
            case "mergeCell":
                self._merge(given.get("ref", "").upper())
            case "rPh":
                self.phonetic = True
            case "f" | "v" | "t" if self.raw is not None and not self.phonetic:
                self._note(self.raw)
                self.raw.formula |= name == "f"
                self.listening = name != "f"

    def _merge(self, written: str) -> None:
        """Note the cells behind the first of those shown as one: none counts twice, so all are no more than a sheet has."""
        first, last = (_REFERENCE.fullmatch(name) for name in f"{written}:".split(":")[:2])
        if first is None or last is None:
            return
        rows = range(int(first[2]), min(int(last[2]), ROWS) + 1)
        columns = range(_column(first[1]), min(_column(last[1]), COLUMNS) + 1)
        self.merged += len(rows) * len(columns)
        if self.merged > ROWS * COLUMNS:
            raise Refused(TOO_BIG)
        cells = {(row, column) for row in rows for column in columns}
        self.covered |= cells - {(rows.start, columns.start)}

    def _note(self, raw: _Raw) -> None:
        if self.row > ROWS:
            raise Refused(f"Ce classeur a plus de {ROWS} lignes : ce n’est pas une leçon.")
        if self.column > COLUMNS or self.row < 1 or len(self.cells) >= CELLS:
            raise Refused(TOO_BIG)
        self.cells[self.row, self.column] = raw

    def end(self, name: str) -> None:
        match name:
            case "v" | "t":
                self.listening = False
            case "rPh":
                self.phonetic = False
            case "c":
                self.raw = None

    def text(self, text: str) -> None:
        if self.listening and self.raw is not None:
            self.raw.text = _joined(self.raw.text, text)


def _written(archive: Archive, part: str) -> _Written:
    written = _Written()
    archive.walk(part, written.start, written.end, written.text)
    return written


def _strings(archive: Archive) -> list[str]:
    """Return the texts that cells name by their number; how they are pronounced is no part of them."""
    found: list[str] = []
    listening = phonetic = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal listening, phonetic
        if name == "si":
            found.append("")
        listening = name == "t" and not phonetic
        phonetic |= name == "rPh"

    def end(name: str) -> None:
        nonlocal listening, phonetic
        listening = False
        phonetic &= name != "rPh"

    def text(text: str) -> None:
        if found and listening:
            found[-1] = _joined(found[-1], text)

    archive.walk(STRINGS, start, end, text)
    return [_unescaped(one) for one in found]


def _joined(before: str, text: str) -> str:
    if len(before) + len(text) > TEXT:
        raise Refused(TOO_BIG)
    return before + text


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _integer(written: str | None, otherwise: int) -> int:
    return (
        int(written)
        if written and written.isascii() and written.isdigit() and len(written) < 9
        else otherwise
    )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
