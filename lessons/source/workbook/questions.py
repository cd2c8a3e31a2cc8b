# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Questions of a workbook: one a row, with its choices beside each other and the right ones named in one cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lessons.forms.layout import KINDS, folded
from lessons.model import TRUE_FALSE, Kind
from lessons.source.workbook import values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lessons.forms.layout import Column
    from lessons.source.document import Value, Where
    from lessons.source.workbook.cells import Cells
    from lessons.source.workbook.tables import Found

_MARKS = re.compile(r"\s*(?:[,;/+\n]|\bet\b)\s*|\s+")
_SIGNS = re.compile(r"(?<!\w)[-‐-―]|[^\w\s.,:;!?…'’\"“”«»()‐-―-]")


def is_blank(row: Mapping[Column, Found]) -> bool:
    """Tell whether nothing of a question stands in a row but its name, which an empty workbook has."""
    return all(found.cell is None for column, found in row.items() if column.path != "questions.id")


def question(cells: Cells, where: Where, row: Mapping[Column, Found]) -> dict[str, Value]:
    """Return the question of a row. Its right answer is a number, or names choices, by its kind."""
    named = {(column.path.rpartition(".")[2], column.number): found for column, found in row.items()}
    cells.places[where] = next(iter(row.values())).place
    found: dict[str, Value] = {}
    for name in ("id", "text", "explanation", "tolerance", "unit"):
        convert = values.number if name == "tolerance" else values.text
        value = cells.take((*where, name), named.get((name, 0)), convert)
        if value is not None:
            found[name] = value
    kind = cells.word((*where, "kind"), named.get(("kind", 0)), KINDS, KINDS)
    if kind is not None:
        found["kind"] = kind
    right = named.get(("right", 0))
    if kind == Kind.NUMBER:
        answer = cells.take((*where, "answer"), right, values.number)
        if answer is not None:
            found["answer"] = answer
    choices = _choices(cells, where, kind, named)
    if kind != Kind.NUMBER:
        _mark(cells, (*where, "choices"), right, choices)
    if right is not None:
        cells.places[*where, "choices"] = right.place
    if choices:
        found["choices"] = list(choices.values())
    return found


def _choices(
    cells: Cells, where: Where, kind: str | None, named: Mapping[tuple[str, int], Found]
) -> dict[int, dict[str, Value]]:
    """Return the choices by their numbers in the headings; a number left empty is passed over."""
    choices: dict[int, dict[str, Value]] = {}
    for number in sorted({number for _, number in named if number}):
        pair = {name: named.get((name, number)) for name in ("text", "feedback")}
        is_empty = all(found is None or found.cell is None for found in pair.values())
        if is_empty and (kind != Kind.TRUE_FALSE or number > len(TRUE_FALSE[0])):
            continue
        at = (*where, "choices", len(choices))
        choice: dict[str, Value] = {}
        for name, found in pair.items():
            value = cells.take((*at, name), found)
            if value is not None:
                choice[name] = value
        cells.places[at] = next(found for found in pair.values() if found is not None).place
        if kind == Kind.TRUE_FALSE:
            _say_true_or_false(cells, choice, len(choices), at)
        choices[number] = choice
    return choices


def _say_true_or_false(cells: Cells, choice: dict[str, Value], rank: int, at: Where) -> None:
    said = {folded(word): word for words in TRUE_FALSE for word in words}
    written = choice.get("text")
    if isinstance(written, str):
        choice["text"] = said.get(folded(written), written)
    elif (*at, "text") not in cells.unread and rank < len(TRUE_FALSE[0]):
        choice["text"] = TRUE_FALSE[0][rank]


def _mark(cells: Cells, where: Where, found: Found | None, choices: dict[int, dict[str, Value]]) -> None:
    """Note which choices are right: by number or letter, which stand alone, or by their text."""
    written = cells.take(where, found)
    if written is None:
        return
    ranks = {name: number for number in choices for name in (str(number), "abcdef"[number - 1])}
    texts: dict[str, set[int]] = {}
    for number, choice in choices.items():
        texts.setdefault(_said(str(choice.get("text", ""))), set()).add(number)

    def named(name: str) -> set[int]:
        bare, said = name.strip().casefold(), _said(name)
        if bare in ranks:
            return {ranks[bare]} | texts.get(said, set())
        return texts.get(said, set()) if said and said not in ranks else set()

    lines, parts = written.split("\n"), [part for part in _MARKS.split(written) if part]
    chosen = next((names for names in ([written], lines, parts) if all(map(named, names))), None)
    if chosen is None:
        cells.refuse(
            where, "ne désigne aucun choix : écrire son numéro, comme 2 ; s’il y en a plusieurs, 1, 3"
        )
        return
    if any(len(named(name)) > 1 for name in chosen):
        cells.refuse(
            where,
            "désigne deux choix, l’un par son numéro, l’autre par son texte : écrire la lettre, A, B…",
        )
        return
    for number in {number for name in chosen for number in named(name)}:
        choices[number]["correct"] = "true"


def _said(text: str) -> str:
    """Return a text without case, accents and punctuation, but with its signs: « 3 % » is not 3, « -2 » is not 2."""
    return " ".join([folded(text), *_SIGNS.findall(text)]).strip()
