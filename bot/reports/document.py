# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a document is made of. Every text in it is plain: whoever renders it escapes it.

A sentence that says something good of the program is a `Claim`, which cannot be made without the name of a test. One that
says what the program does not do is a `Limit`; a `Note` names it and promises nothing. A plain text does not name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

TO_COMPLETE = "à compléter"
"""Stands for what the settings do not say: the operator fills it in."""


class Untested(ValueError):
    """A claim names no test."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What we say of ourselves, and the tests that hold it.

    Raises:
        Untested: it names none.
    """

    text: str
    tests: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.tests or not all(name.startswith("test_") for name in self.tests):
            raise Untested(self.text)


@dataclass(frozen=True, slots=True)
class Limit:
    """What the program does not do, or does not prove: said against ourselves, it needs no test."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that names the program and promises nothing of it: how to read the document, whom to ask, what to do."""

    text: str


Said = str | Claim | Limit | Note | tuple["Said", ...]
"""A text; several are sentences of one paragraph."""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one line each."""

    items: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as long as `columns`. With a `name` it is also written as a CSV file of that name."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Said]]
    name: str = ""


Block = Said | Bullets | Table
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
    brief: Sequence[Said]
    """What a reader in a hurry must know, who decides and by when: five lines at most."""
    sections: Sequence[Section]
    unsaid: Sequence[Said]
    """What the document does not say, and who can."""
    warnings: Sequence[Said] = ()
    """What makes it of little use as it is: above everything."""
    made: str = ""
    """When, by what and from what it was made."""


def texts(document: Document) -> Iterator[Said]:
    """Yield every text of a document that stands on its own or in a cell, in reading order."""
    yield from document.warnings
    yield from document.brief
    for section in document.sections:
        for block in section.blocks:
            match block:
                case Bullets():
                    yield from block.items
                case Table():
                    for row in block.rows:
                        yield from row
                case _:
                    yield block
    yield from document.unsaid


def parts(said: Said) -> Iterator[str | Claim | Limit | Note]:
    """Yield the sentences of a text."""
    if isinstance(said, tuple):
        for part in said:
            yield from parts(part)
    else:
        yield said


def plain(said: Said) -> str:
    """Return a text as it is read, without what holds it."""
    return " ".join(part if isinstance(part, str) else part.text for part in parts(said))


def claims(document: Document) -> Iterator[Claim]:
    """Yield every claim of a document, in reading order."""
    for text in texts(document):
        yield from (part for part in parts(text) if isinstance(part, Claim))


def declared(value: str | None) -> str:
    """Return what the operator declared, or what stands for it."""
    return value or TO_COMPLETE


def fields(*rows: tuple[str, Said | None], name: str = "") -> Table:
    """Return a table of what is asked and what is said."""
    return Table(
        ("Rubrique", "Contenu"),
        [(what, TO_COMPLETE if value is None else value) for what, value in rows],
        name,
    )
