# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Layout of a lesson's workbook: its sheets, their headings, and the words of its drop-downs."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from lessons.forms.keys import CHOICE, FEEDBACK, KEYS, RIGHT
from lessons.forms.schema import limit, part

LESSON, SOURCES, QUESTIONS = "Leçon", "Sources", "Questions"
EXAMPLE, LISTS = "Exemple", "Listes"
"""Not read, but for the themes' titles and ids in `LISTS`."""

TOPS = ("Rubrique", "À remplir", "Règle")
"""Headings above the columns of `LESSON`."""

AUDIENCES = {"agents": ("agent",), "élus": ("elu",), "agents et élus": ("agent", "elu")}
KINDS = {
    "un seul choix": "single",
    "plusieurs choix": "multiple",
    "vrai ou faux": "true_false",
    "nombre": "number",
}
SEEN = {"la page elle-même": "page", "une copie de la page": "copy", "d’autres qui la citent": "quoted"}
ANSWERS = {"oui": "true", "non": "false"}

MOST_CHOICES: int = part("questions.choices")["maxItems"]


@dataclass(frozen=True, slots=True)
class Column:
    """One heading: of a row of `LESSON`, of a column elsewhere. `number`: of which choice, from 1; 0 for the others."""

    path: str
    heading: str
    number: int = 0


def _column(path: str) -> Column:
    return Column(path, KEYS[path].heading)


FORM = tuple(
    _column(path) for path in KEYS if not path.startswith(("sources", "questions")) and KEYS[path].heading
)
"""The rows of `LESSON`."""
SOURCE = tuple(_column(path) for path in KEYS if path.startswith("sources."))
QUESTION = (
    *(_column(f"questions.{name}") for name in ("id", "kind", "text")),
    Column("questions.right", RIGHT),
    *(
        Column(f"questions.choices.{name}", f"{word} {number}", number)
        for number in range(1, MOST_CHOICES + 1)
        for name, word in (("text", CHOICE), ("feedback", FEEDBACK))
    ),
    *(_column(f"questions.{name}") for name in ("explanation", "tolerance", "unit")),
)
"""`questions.right` is an answer or marks choices, by the kind of its question."""


def rule(path: str) -> str:
    """Return what is said beside a heading: what to write there, and how much."""
    most = limit(path)
    return f"{KEYS[path].meaning} ({most})" if most else KEYS[path].meaning


def folded(text: str) -> str:
    """Return what people mean by a heading or a word of a drop-down: without case, accents, signs and spaces to spare."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return " ".join(
        "".join(mark if mark.isalnum() else " " for mark in plain if not unicodedata.combining(mark)).split()
    )
