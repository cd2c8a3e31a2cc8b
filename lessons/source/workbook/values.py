# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Values of cells as a lesson's file would say them: numbers, dates and yes or no as people type them in France."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from lessons.source.workbook.formats import is_blank, is_whole, seen

if TYPE_CHECKING:
    from lessons.source.workbook.grid import Cell

_SPACES = re.compile("[ \u00a0\u202f]")
_FIGURE = re.compile(r"([+-]?[0-9]+)(?:[.,]([0-9]+))?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?")
_DAY = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_MONTH = re.compile(r"([0-9]{1,2})[/.]([0-9]{4})")
_LINE = re.compile(r"\r\n?")

_NOT_TEXT = "mettre la cellule au format Texte, puis retaper ce qui doit se lire"
_PART = (
    "le tableur ne montre qu’une partie de cette date : mettre la cellule au format Texte, et l’écrire en entier, "
    "comme 2026-03-01"
)


class Unreadable(Exception):
    """What stands in a cell cannot be what is expected there; the text says why, in French."""


def text(cell: Cell) -> str:
    """Return a text as it is seen.

    Raises:
        Unreadable: what is seen is not what is stored: a date, a percentage, a number that is rounded, nothing.
    """
    if is_blank(cell.format, cell.value):
        raise Unreadable(f"son format ne montre rien : {_NOT_TEXT}")
    match cell.value:
        case bool() as value:
            return "Vrai" if value else "Faux"
        case str() as value:
            return _LINE.sub("\n", value).strip()
        case int() | float() as value:
            if not cell.plain:
                raise Unreadable(f"nombre mis en forme par le tableur (%, €…) : {_NOT_TEXT}")
            return _figure(value).replace(".", ",")
        case _:
            raise Unreadable(f"date ou heure écrite par le tableur : {_NOT_TEXT}")


def _figure(value: float) -> str:
    """Return a number as a spreadsheet shows it: with 15 digits, and without a fraction that is none."""
    return f"{value:.15g}"


def number(cell: Cell) -> str:
    """Return a number with a point: « 1 200,5 » is 1200.5. What is none is returned as it is, for the model to refuse.

    Raises:
        Unreadable: it is a percentage or a date, or shown otherwise than it is: rounded, in thousands, not at all.
    """
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        if "%" in cell.format:
            raise Unreadable("nombre en pourcentage : écrire 85, pas 85 %, et « % » dans la colonne Unité")
        if not is_whole(cell.format, cell.value):
            raise Unreadable(f"nombre que le tableur montre autrement qu’il n’est : {_NOT_TEXT}")
        return _figure(cell.value)
    written = text(cell)
    bare = _SPACES.sub("", written) if _GROUPED.fullmatch(written) else written
    if found := _FIGURE.fullmatch(bare):
        return found[1] if found[2] is None else f"{found[1]}.{found[2]}"
    return written


def day(cell: Cell) -> str:
    """Return a day as 2026-03-01: « 1/3/2026 » is one, and so is a date of the spreadsheet.

    Raises:
        Unreadable: only a part of a date is seen, as in « juin 2027 »: nobody typed the rest.
    """
    if isinstance(cell.value, date):
        if _precision(cell.format) < 10:
            raise Unreadable(_PART)
        return _iso(cell.value)
    written = text(cell)
    if found := _DAY.fullmatch(written):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    return written


def dated(cell: Cell) -> str:
    """Return a date as precise as it is seen: 2026-03-01, 2026-03 or 2026.

    Raises:
        Unreadable: no year is seen.
    """
    if isinstance(cell.value, date):
        if not (precision := _precision(cell.format)):
            raise Unreadable(_PART)
        return _iso(cell.value)[:precision]
    written = text(cell)
    if found := _MONTH.fullmatch(written):
        return f"{found[2]}-{int(found[1]):02}"
    return day(cell)


def _precision(code: str) -> int:
    """Return how many characters of 2026-03-01 a format shows; all where it is none of dates."""
    shown = seen(code)
    if "y" in shown:
        return 10 if "d" in shown else 7 if "m" in shown else 4
    return 0 if set(shown) & set("dmhs") else 10


def _iso(value: date) -> str:
    return (value.date() if isinstance(value, datetime) else value).isoformat()
