# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Cells that are read for values of a lesson: what each says, where it stands, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lessons.forms.layout import folded
from lessons.source.document import Document, Place, Problem, Value, Where
from lessons.source.workbook import values
from lessons.source.workbook.values import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lessons.source.workbook.grid import Cell
    from lessons.source.workbook.tables import Found


@dataclass(slots=True)
class Cells:
    """Reads one cell after the other. Of a value that is `unread` the problem is told already."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    unread: set[Where] = field(default_factory=set)
    places: dict[Where, Place] = field(default_factory=dict)

    def document(self, data: Value) -> Document:
        """Return the values with their cells."""
        return Document(self.file, data, tuple(self.problems), frozenset(self.unread), self.places, {})

    def say(self, place: Place, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem.at(self.file, place, "", message))

    def refuse(self, where: Where, message: str) -> None:
        """Note the problem of a value that was taken; it counts as given."""
        self.say(self.places[where], message)
        self.unread.add(where)

    def take(
        self, where: Where, found: Found | None, convert: Callable[[Cell], str] = values.text
    ) -> str | None:
        """Return what a cell says; nothing where it is empty, or cannot be read, which is noted."""
        if found is None:
            return None
        self.places[where] = found.place
        cell = found.cell
        if cell is None:
            return None
        if cell.formula or cell.error:
            self.refuse(
                where, "formule ou erreur de calcul : copier, puis « Collage spécial », valeurs seules"
            )
            return None
        if cell.hidden:
            self.refuse(
                where,
                "cellule masquée : afficher sa ligne, sa colonne ou sa feuille, défusionner, ou la vider",
            )
            return None
        try:
            return convert(cell) or None
        except Unreadable as why:
            self.refuse(where, str(why))
            return None

    def word(
        self, where: Where, found: Found | None, words: Mapping[str, str], shown: Iterable[str]
    ) -> str | None:
        """Return what a word of a drop-down stands for; that of a YAML file is one too. `shown`: those to choose from."""
        written = self.take(where, found)
        if written is None:
            return None
        known = {folded(word): value for word, value in words.items()}
        known |= {folded(value): value for value in words.values()}
        if (meant := known.get(folded(written))) is None:
            self.refuse(where, f"valeur inconnue : choisir parmi {quoted(shown)}")
        return meant


def quoted(words: Iterable[str]) -> str:
    """Return words as a list for people: « a », « b »."""
    return ", ".join(f"« {word} »" for word in words)
