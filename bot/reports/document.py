# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a document is made of. Every text in it is plain: whoever renders it escapes it.

There is no sentence without its kind: what is said of the program is a `Claim`, which names the tests that hold it, and
cannot be made without; any other sentence is a `Text`, which says what else it is. A cell or an item is a claim, or a name
or value that is no sentence about the program.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

TO_COMPLETE = "à compléter"
"""Stands for what the settings do not say: the operator fills it in."""


class Kind(StrEnum):
    """What a sentence is that claims nothing of the program."""

    LAW = "law"
    """What the law asks for, from `law.yaml`."""
    OPERATOR = "operator"
    """For the operator to say, to do or to know."""
    READING = "reading"
    """How the document came about and is to be read."""
    LIMIT = "limit"
    """What does not hold, or is not known: nobody asks for a test of that."""
    FOUND = "found"
    """What was found in the settings and the database at that moment."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, an item or a cell that is no claim."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Claim:
    """What we say of ourselves, and the tests that hold it."""

    text: str
    tests: Sequence[str]
    found: str = ""
    """What was found at the moment of the document, where that can be looked at."""

    def __post_init__(self) -> None:
        if not self.tests:
            raise ValueError(f"a claim names the tests that hold it: {self.text}")


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one line each."""

    items: Sequence[Text | Claim]


Cell = str | Claim


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as long as `columns`. With a `name` it is also written as a CSV file of that name."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims below each other, each with its tests."""

    claims: Sequence[Claim]


Block = Text | Claim | Bullets | Table | Claims


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


def claims_of(document: Document) -> Iterator[Claim]:
    """Yield every claim of a document, in the order in which it is read."""
    for section in document.sections:
        for block in section.blocks:
            match block:
                case Claim():
                    yield block
                case Claims():
                    yield from block.claims
                case Bullets():
                    yield from (item for item in block.items if isinstance(item, Claim))
                case Table():
                    yield from (cell for row in block.rows for cell in row if isinstance(cell, Claim))
                case Text():
                    pass


def texts_of(document: Document) -> Iterator[Text]:
    """Yield every sentence of a document that is no claim."""
    for section in document.sections:
        for block in section.blocks:
            match block:
                case Text():
                    yield block
                case Bullets():
                    yield from (item for item in block.items if isinstance(item, Text))
                case Claim() | Claims() | Table():
                    pass


def cells_of(document: Document) -> Iterator[str]:
    """Yield every cell of a document's tables that is no claim."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield from (cell for row in block.rows for cell in row if isinstance(cell, str))


def said(cell: Cell) -> str:
    """Return what a cell says, without its tests."""
    return cell.text if isinstance(cell, Claim) else cell


def unsaid(*items: str) -> Section:
    """Return the section that says what a document cannot answer."""
    return Section("Ce que ce document ne dit pas", [Bullets([Text(item, Kind.LIMIT) for item in items])])


def declared(value: str | None) -> str:
    """Return what the operator declared, or what stands for it."""
    return value or TO_COMPLETE


def fields(*rows: tuple[str, Cell | None], name: str = "") -> Table:
    """Return a table of what is asked and what is said."""
    said_of = [(what, TO_COMPLETE if value in (None, "") else value) for what, value in rows]
    return Table(("Rubrique", "Contenu"), said_of, name)
