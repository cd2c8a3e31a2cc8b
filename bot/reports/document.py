# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a document is made of. Every text in it is plain: whoever renders it escapes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TO_COMPLETE = "à compléter"
"""Stands for what the settings do not say: the operator fills it in."""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one line each."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as long as `columns`. With a `name` it is also written as a CSV file of that name."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What we say of ourselves, and the tests that hold it."""

    text: str
    tests: Sequence[str]
    found: str = ""
    """What was found at the moment of the document, where that can be looked at."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims below each other, each with its tests."""

    claims: Sequence[Claim]


Block = str | Bullets | Table | Claims
"""A text alone is a paragraph."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """A document, by the name of its file without an ending."""

    name: str
    title: str
    sections: Sequence[Section]


def declared(value: str | None) -> str:
    """Return what the operator declared, or what stands for it."""
    return value or TO_COMPLETE


def fields(*rows: tuple[str, str | None], name: str = "") -> Table:
    """Return a table of what is asked and what is said."""
    return Table(("Rubrique", "Contenu"), [(what, declared(value)) for what, value in rows], name)
