# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Tables of a workbook: which heading stands where, whatever people made of their order, case and accents."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from lessons.forms.layout import TOPS, folded
from lessons.source.document import Place, letters
from lessons.source.workbook.values import Unreadable, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lessons.forms.layout import Column
    from lessons.source.workbook.grid import Cell, Sheet

TOP = 10
"""Rows among which the headings of a table stand: people put a title above."""


@dataclass(frozen=True, slots=True)
class Found:
    """One value's cell, empty or not, and where it stands."""

    cell: Cell | None
    place: Place


@dataclass(slots=True)
class Table:
    """What was found of a sheet. `rows`: of each row with something in it, the cell of each heading."""

    top: Place
    rows: list[dict[Column, Found]] = field(default_factory=list)
    problems: list[tuple[Place, str]] = field(default_factory=list)


def form(sheet: Sheet, columns: Sequence[Column]) -> Table:
    """Read a sheet whose headings stand below each other, each with its value on its right."""
    known, table = _known(columns), Table(Place(0, 0, sheet.name))
    values: dict[Column, Found] = {}
    for number, row in sheet.rows.items():
        first = min(row)
        heading = _seen(row[first])
        place, cell = Place(number, first + 1, sheet.name, heading), row.get(first + 1)
        column = known.get(folded(heading))
        if column is None:
            if cell is not None and folded(heading) != folded(TOPS[0]):
                table.problems.append((Place(number, first, sheet.name), _unknown(heading, columns)))
        elif column in values:
            table.problems.append((Place(number, first, sheet.name), f"« {column.heading} » est en double"))
        else:
            values[column] = Found(cell, place._replace(heading=column.heading))
    table.rows.append(values)
    return table


def table(sheet: Sheet, columns: Sequence[Column]) -> Table:
    """Read a sheet whose headings stand beside each other, above their values."""
    known = _known(columns)
    top = max(
        (row for row in sheet.rows if row <= TOP),
        key=lambda row: (sum(folded(_seen(cell)) in known for cell in sheet.rows[row].values()), -row),
        default=0,
    )
    found = Table(Place(top or 1, 1, sheet.name))
    headings = {at: _seen(cell) for at, cell in sheet.rows[top].items()} if top else {}
    if not any(folded(heading) in known for heading in headings.values()):
        named = ", ".join(column.heading for column in columns[:3])
        found.problems.append((Place(0, 0, sheet.name), f"la ligne des titres manque ({named}…)"))
        return found
    places: dict[Column, int] = {}
    for at, heading in headings.items():
        column = known.get(folded(heading))
        if column is None:
            if any(at in row for number, row in sheet.rows.items() if number > top):
                found.problems.append((Place(top, at, sheet.name), _unknown(heading, columns)))
        elif column in places:
            found.problems.append((Place(top, at, sheet.name), f"« {column.heading} » est en double"))
        else:
            places[column] = at
    for number, row in sheet.rows.items():
        if number > top and any(at in row for at in places.values()):
            found.rows.append(
                {
                    column: Found(row.get(at), Place(number, at, sheet.name, column.heading))
                    for column, at in places.items()
                }
            )
    found.problems += _strays(sheet, top, headings)
    return found


def _strays(sheet: Sheet, top: int, headings: dict[int, str]) -> Iterator[tuple[Place, str]]:
    """Yield the first cell of each column without a heading: what stands there would be lost without a word."""
    told: set[int] = set()
    for number, row in sheet.rows.items():
        for at in row if number > top else ():
            if at not in headings and at not in told:
                told.add(at)
                under = f"{letters(at)}{top}"
                yield (
                    Place(number, at, sheet.name),
                    f"rien n’est écrit au-dessus, en {under} : un titre manque",
                )


def _known(columns: Sequence[Column]) -> dict[str, Column]:
    return {folded(column.heading): column for column in columns}


def _seen(cell: Cell) -> str:
    try:
        return text(cell)[:80]
    except Unreadable:
        return ""


def _unknown(heading: str, columns: Sequence[Column]) -> str:
    near = get_close_matches(folded(heading), _known(columns), n=1)
    meant = f"vouliez-vous dire « {_known(columns)[near[0]].heading} » ? Sinon, " if near else ""
    shown = "".join(mark if mark.isprintable() else " " for mark in heading)
    return f"titre inconnu, « {shown} » : {meant}vider ce qui s’y trouve"
