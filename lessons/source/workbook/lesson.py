# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Lesson of a workbook: what each cell says, in the words that the model knows, or what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lessons.forms.layout import (
    ANSWERS,
    AUDIENCES,
    FORM,
    LESSON,
    LISTS,
    QUESTION,
    QUESTIONS,
    SEEN,
    SOURCE,
    SOURCES,
    folded,
)
from lessons.forms.schema import is_required
from lessons.source.document import Document, Place, Value, Where
from lessons.source.workbook import values
from lessons.source.workbook.cells import Cells, quoted
from lessons.source.workbook.questions import is_blank, question
from lessons.source.workbook.tables import Found, form, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lessons.forms.layout import Column
    from lessons.source.workbook.grid import Cell, Sheet

_SHEETS = (LESSON, SOURCES, QUESTIONS)
_SEPARATOR = re.compile(r"[,;\n]")
_ID = re.compile(r"[a-z0-9-]+")
_CONVERT: dict[str, Callable[[Cell], str]] = {
    "review_by": values.day,
    "authorship.reviewed_on": values.day,
    "sources.date": values.dated,
    "sources.checked": values.day,
}
_ALL = {tuple(column.path.split(".")) for column in FORM}
_YES = ANSWERS | {
    "vrai": "true",
    "faux": "false",
    "true": "true",
    "false": "false",
    "x": "true",
    "1": "true",
    "0": "false",
}
_EVERYBODY = dict.fromkeys(("les deux", "tous", "agents elus"), AUDIENCES["agents et élus"])


def kind(name: str) -> str:
    """Return which sheet is meant by a name; nothing for one that is not read."""
    return next((one for one in (*_SHEETS, LISTS) if _named(one) == _named(name)), "")


def _named(name: str) -> str:
    return folded(name).removesuffix("s")


@dataclass(frozen=True, slots=True)
class Reading:
    """Builds the values of one lesson."""

    cells: Cells

    def document(self, found: Mapping[str, Sheet]) -> Document:
        """Return the lesson that stands in the sheets, which come by their kind."""
        data: dict[str, Value] = {"authorship": {}}
        self.cells.places[()] = Place(0, 0, LESSON)
        if (lesson := self._sheet(found, LESSON)) is not None:
            self._form(lesson, _themes(found.get(LISTS)), data)
        else:
            self.cells.unread |= _ALL
        for name, key, columns, read in (
            (SOURCES, "sources", SOURCE, self._source),
            (QUESTIONS, "questions", QUESTION, partial(question, self.cells)),
        ):
            if (sheet := self._sheet(found, name)) is None:
                self.cells.unread.add((key,))
                continue
            rows = [row for row in self._table(sheet, columns, key) if not is_blank(row)]
            data[key] = [read((key, at), row) for at, row in enumerate(rows)]
        self._identify(data)
        return self.cells.document(data)

    def _sheet(self, found: Mapping[str, Sheet], name: str) -> Sheet | None:
        sheet = found.get(name)
        if sheet is None:
            self.cells.say(Place(0, 0, name), "cette feuille manque : partir du modèle")
        return sheet

    def _table(self, sheet: Sheet, columns: Sequence[Column], key: str) -> list[dict[Column, Found]]:
        read = table(sheet, columns)
        self.cells.places[(key,)] = read.top
        if not read.rows and read.problems:
            self.cells.unread.add((key,))
        present = {column for row in read.rows[:1] for column in row}
        for place, message in read.problems:
            self.cells.say(place, message)
        if read.rows:
            for column in columns:
                if column not in present and not column.number and _is_needed(column.path):
                    self.cells.say(Place(0, 0, sheet.name), f"la colonne « {column.heading} » manque")
                    name = column.path.rpartition(".")[2]
                    lost = ("choices", "answer") if name == "right" else (name,)
                    self.cells.unread |= {(key, at, one) for at in range(len(read.rows)) for one in lost}
        return read.rows

    # --- the lesson itself

    def _form(self, sheet: Sheet, themes: Mapping[str, str], data: dict[str, Value]) -> None:
        read = form(sheet, FORM)
        (row,) = read.rows
        if not row:
            self.cells.say(
                Place(0, 0, sheet.name), f"aucun titre reconnu ({FORM[0].heading}…) : partir du modèle"
            )
            self.cells.unread |= _ALL
            return
        for place, message in read.problems:
            self.cells.say(place, message)
        for column in FORM:
            where: Where = tuple(column.path.split("."))
            found = row.get(column)
            if found is None and is_required(column.path):
                self.cells.say(Place(0, 0, sheet.name), f"la ligne « {column.heading} » manque")
                self.cells.unread.add(where)
                continue
            if found is not None and column.path == "authorship.reviewed_by":
                self.cells.places[where[:-1]] = (
                    found.place
                )  # of what is wrong with this one and the next together
            value = self._field(column.path, where, found, themes)
            if value is not None:
                group = data
                for step in where[:-1]:
                    inner = group.setdefault(str(step), {})
                    group = inner if isinstance(inner, dict) else {}
                group[str(where[-1])] = value

    def _field(self, path: str, where: Where, found: Found | None, themes: Mapping[str, str]) -> Value:
        match path:
            case "theme":
                return self._theme(where, found, themes)
            case "audience":
                return self._audience(where, found)
            case "facts":
                written = self.cells.take(where, found) or ""
                return [fact.strip() for fact in _SEPARATOR.split(written) if fact.strip()]
            case "authorship.ai_assisted":
                return self.cells.word(where, found, _YES, ANSWERS)
            case _:
                return self.cells.take(where, found, _CONVERT.get(path, values.text))

    def _theme(self, where: Where, found: Found | None, themes: Mapping[str, str]) -> str | None:
        written = self.cells.take(where, found)
        if written is None or _ID.fullmatch(written):
            return written
        if (theme := themes.get(folded(written))) is None:
            self.cells.refuse(where, "thème inconnu : choisir dans la liste, ou écrire son identifiant")
        return theme

    def _audience(self, where: Where, found: Found | None) -> Value:
        written = self.cells.take(where, found)
        if written is None:
            return None
        known = {folded(word): whom for word, whom in (AUDIENCES | _EVERYBODY).items()}
        known |= {whom: (whom,) for whom in AUDIENCES["agents et élus"]}
        whole = known.get(folded(written))
        parts = [known.get(folded(part)) for part in _SEPARATOR.split(written)]
        if whole is None and None in parts:
            self.cells.refuse(where, f"valeur inconnue : choisir parmi {quoted(AUDIENCES)}")
            return None
        whom = whole or tuple(one for part in parts if part for one in part)
        return list(dict.fromkeys(whom))

    # --- its sources and questions

    def _source(self, where: Where, row: Mapping[Column, Found]) -> Value:
        source: dict[str, Value] = {}
        self.cells.places[where] = next(iter(row.values())).place
        for column, found in row.items():
            name = column.path.rpartition(".")[2]
            if name == "seen":
                value = self.cells.word((*where, name), found, SEEN, SEEN)
            else:
                value = self.cells.take((*where, name), found, _CONVERT.get(column.path, values.text))
            if value is not None:
                source[name] = value
        return source

    def _identify(self, data: Mapping[str, Value]) -> None:
        """Name the questions that have no name: the first of q1, q2… that no other has."""
        questions = data.get("questions")
        rows = [row for row in questions if isinstance(row, dict)] if isinstance(questions, list) else []
        taken = {row.get("id") for row in rows}
        free = (
            name for number in range(1, len(rows) + len(taken) + 1) if (name := f"q{number}") not in taken
        )
        for at, row in enumerate(rows):
            if "id" not in row and ("questions", at, "id") not in self.cells.unread:
                row["id"] = next(free)


def _is_needed(path: str) -> bool:
    return path == "questions.right" or (path != "questions.id" and is_required(path))


def _themes(sheet: Sheet | None) -> dict[str, str]:
    """Return the ids of themes by their titles, as the workbook lists them."""
    if sheet is None:
        return {}
    listed = (list(row.values())[:2] for row in sheet.rows.values())
    return {
        folded(str(pair[0].value)): str(pair[1].value)
        for pair in listed
        if len(pair) > 1 and _ID.fullmatch(str(pair[1].value))
    }
