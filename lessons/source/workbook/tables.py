# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Tables of a workbook: which heading stands where, whatever people made of their order, case and accents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from lessons.forms.layout import TOPS, folded, rule
from lessons.source.document import Place, letters
from lessons.source.workbook.values import Unreadable, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lessons.forms.layout import Column
    from lessons.source.workbook.grid import Cell, Sheet

TOP = 10
"""Rows among which the headings of a table stand: people put a title above."""

_LONGEST = 400
"""Characters of a cell that are looked at for a heading or a rule, all of which are shorter."""
_SHOWN = 80


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
    seen = {(row, at): folded(_seen(cell)) for row, cells in sheet.rows.items() for at, cell in cells.items()}
    headed = [(row, at) for (row, at), text in seen.items() if text in known]
    values: dict[Column, Found] = {}
    table.rows.append(values)
    if not headed:
        return table
    counted = Counter(at for _, at in headed)
    side = max(counted, key=lambda at: (counted[at], -at))
    top = min(row for row, at in headed if at == side)
    ours = {folded(text) for text in (*TOPS, *(rule(column.path) for column in columns))}
    for number, row in sheet.rows.items():
        if number < top and len(row) == 1:  # a title above
            continue
        others = [at for at in row if at != side and seen[number, at] not in ours]
        column = known.get(seen.get((number, side), ""))
        if column is not None:
            place = Place(number, side + 1, sheet.name, column.heading)
            if column in values:
                table.problems.append(
                    (Place(number, side, sheet.name), f"« {column.heading} » est en double")
                )
                continue
            values[column] = Found(row.get(side + 1), place)
            others = [at for at in others if at != side + 1]
        elif side in row and seen[number, side] not in ours:
            table.problems.append((Place(number, side, sheet.name), _unknown(_seen(row[side]), columns)))
            continue
        if others:
            told = _beside(number, side, is_headed=column is not None)
            table.problems.append((Place(number, others[0], sheet.name), told))
    return table


def _beside(row: int, side: int, *, is_headed: bool) -> str:
    if is_headed:
        return f"rien ne se lit ici : à mettre dans la case de la rubrique, en {letters(side + 1)}{row}"
    return f"rien n’est écrit à gauche, en {letters(side)}{row} : à mettre dans la case du dessus"


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
    """Return what may be a heading or a rule; no text of a lesson is read to its end for it."""
    if isinstance(cell.value, str):
        cell = replace(cell, value=cell.value[:_LONGEST])
    try:
        return text(cell)
    except Unreadable:
        return ""


def _unknown(heading: str, columns: Sequence[Column]) -> str:
    near = get_close_matches(folded(heading[:_SHOWN]), _known(columns), n=1)
    meant = f"vouliez-vous dire « {_known(columns)[near[0]].heading} » ? Sinon, " if near else ""
    shown = "".join(mark if mark.isprintable() else " " for mark in heading[:_SHOWN])
    return f"titre inconnu, « {shown} » : {meant}vider ce qui s’y trouve"
