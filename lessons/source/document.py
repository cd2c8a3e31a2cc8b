# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Values of a YAML file with their places, and every problem of its form.

Read from parser events, which neither resolve types nor follow aliases: YAML 1.1 would make a number of
`12:30` and false of `no`, and an alias can unfold a kilobyte into gigabytes. `yaml.compose` is no base: its
nodes hide anchors and tags, and its recursion ends the process at 50,000 nested brackets (ADR 0027).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Protocol

import yaml

from config.errors import INPUT, IaventureError
from lessons.source.bounds import DEPTH, SIZE, VALUES
from lessons.source.syntax import LOADER, lines_of, mend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class _Mark(Protocol):
    line: int
    column: int


_NULL = ("", "~", "null")
_LONGEST_PATH = 120
_COMMENT = re.compile(r"[ \t]+(?=#)")
_CUT_BY_COMMENT = (
    'ce qui suit « # » ne se lit pas : mettre tout le texte entre guillemets droits ("…"), '
    "ou le commentaire sur une ligne à lui"
)

Value = str | None | list["Value"] | dict[str, "Value"]
Where = tuple[int | str, ...]
"""Keys and indexes that lead to a value."""


class Place(NamedTuple):
    """Line and column, from 1. In a workbook: the row and column of a sheet, and the heading of the cell."""

    line: int
    column: int
    sheet: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Problem of a file with its place: lines and columns from 1, or 0 where the file as a whole is refused.

    `path` is like `questions[1].text`, or empty. In a workbook, whose cell the place is, it is a heading: `Explication`.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    sheet: str = ""

    def __str__(self) -> str:
        if self.sheet:
            named = f" ({self.path})" if self.path else ""
            return f"{self.file}: {self.sheet}{self._cell}{named} : {self.message}"
        place = f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: "
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"

    @classmethod
    def at(cls, file: str, place: Place, path: str, message: str) -> Problem:
        """Return a problem at a place: in a workbook, a heading tells more than the path of a value."""
        named = place.heading if place.sheet else path
        return cls(file, place.line, place.column, named, message, place.sheet)

    @property
    def _cell(self) -> str:
        return f"!{letters(self.column)}{self.line}" if self.line else ""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Where it stands among the problems of its file."""
        return self.sheet, self.line, self.column, self.path, self.message


def letters(column: int) -> str:
    """Return the name of a column of a sheet: 1 is A, 27 is AA."""
    named = ""
    while column:
        column, rest = divmod(column - 1, 26)
        named = chr(ord("A") + rest) + named
    return named


class Problems(IaventureError):
    """The files read cannot be used. `problems` has every reason, by file in the order read, then by place."""

    exit_code = INPUT

    def __init__(self, problems: Iterable[Problem]) -> None:
        unique = list(dict.fromkeys(problems))
        files = {file: rank for rank, file in enumerate(dict.fromkeys(problem.file for problem in unique))}
        self.problems = tuple(sorted(unique, key=lambda problem: (files[problem.file], problem.order)))
        super().__init__("\n".join(map(str, self.problems)))

    @property
    def lines(self) -> tuple[str, ...]:
        """The problems, one line each."""
        return tuple(map(str, self.problems))


@dataclass(frozen=True, slots=True)
class Document:
    """Content of one file. Every scalar is the text as written, or None.

    Problems of form are kept, to report all of them at once.
    """

    file: str
    data: Value
    problems: tuple[Problem, ...]
    unread: frozenset[Where]
    """Paths we refused to read (aliases). Validation errors at these paths are suppressed."""
    places: Mapping[Where, Place]
    keys: Mapping[Where, Place]

    @classmethod
    def load(cls, content: bytes, file: str) -> Document:
        """Read one document.

        Raises:
            Problems: the content is no single YAML document within the bounds of size, depth and number of values.
        """
        text, reader = _text(content, file), _Reader(file)
        try:
            return reader.document(reader.read(text))
        except yaml.YAMLError:
            return _mended(file, text, reader.problems)

    def problem(self, where: Where, message: str, *, key: bool = False) -> Problem:
        """Return a problem placed at a value, or at its key; at the group that lacks it, where it is missing."""
        known, at = (self.keys if key else self.places), where
        while at not in known and at:
            known, at = self.places, at[:-1]
        place = known.get(at, Place(1, 1))
        return Problem.at(self.file, place, _path(where), message)


def _mended(file: str, text: str, before: Iterable[Problem]) -> Document:
    """Return what can be read of a text with faults of syntax, which are among its problems.

    Raises:
        Problems: too little of its form is left to tell what else is missing.
    """
    mended = mend(text)
    faults = [Problem.at(file, Place(*fault.at), "", fault.message) for fault in mended.faults]
    if not mended.text.strip():
        raise Problems([*before, *faults])
    reader = _Reader(file, list(faults), mended=mended.lines)
    try:
        data = reader.read(mended.text)
    except yaml.YAMLError:
        raise Problems([*before, *faults]) from None
    if not mended.sound:
        raise Problems(reader.problems)
    return reader.document(data)


def _path(where: Where) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where).removeprefix(".")
    shown = "".join(char if char.isprintable() else "�" for char in path)
    return shown if len(shown) <= _LONGEST_PATH else f"{shown[:_LONGEST_PATH]}…"


def _text(content: bytes, file: str) -> str:
    if len(content) > SIZE:
        raise Problems([Problem(file, 1, 1, "", f"fichier trop gros : {SIZE // 1024} Kio au plus")])
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Problems([Problem(file, 1, 1, "", "de l’UTF-16 : enregistrer le fichier en UTF-8")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _end(content[: error.start].decode("utf-8", "replace"))
        raise Problems(
            [Problem.at(file, place, "", "pas de l’UTF-8 : enregistrer le fichier en UTF-8")]
        ) from None
    before, nul, _ = text.partition("\0")
    if nul:
        raise Problems([Problem.at(file, _end(before), "", "caractère nul : ce n’est pas du texte")])
    return text


def _end(before: str) -> Place:
    return Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _place(mark: _Mark | None) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


@dataclass(slots=True)
class _Reader:
    """Builds the values of one document from its events, and notes the place of each."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    unread: set[Where] = field(default_factory=set)
    places: dict[Where, Place] = field(default_factory=dict)
    keys: dict[Where, Place] = field(default_factory=dict)
    values: int = 0
    """How many were met, also those refused."""
    mended: frozenset[int] = frozenset()
    """Lines whose value was put there so that the rest can be read."""
    lines: list[str] = field(default_factory=list)

    def document(self, data: Value) -> Document:
        return Document(self.file, data, tuple(self.problems), frozenset(self.unread), self.places, self.keys)

    def read(self, text: str) -> Value:
        self.lines = lines_of(text)
        events = iter(yaml.parse(text, Loader=LOADER))
        next(events)  # the start of the stream
        if isinstance(next(events), yaml.StreamEndEvent):
            raise Problems([Problem(self.file, 1, 1, "", "fichier vide")])
        data = self._value(next(events), events, ())
        next(events)  # the end of the document
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse(after, (), "un seul document par fichier : enlever ce qui suit « --- »")
        return data

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], where: Where) -> Value:
        self.values += 1
        if self.values > VALUES:
            self._stop(event, (), f"plus de {VALUES} valeurs : une leçon en a quelques centaines")
        self.places.setdefault(where, _place(event.start_mark))
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, where, "pas d’alias (*) : écrire le contenu")
            self.unread.add(where)
            return None
        if not isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            raise TypeError(f"not the start of a value: {event}")
        if event.anchor is not None:
            self._refuse(event, where, "pas d’ancre (&) : l’enlever")
        if event.tag is not None:
            self._refuse(event, where, "pas d’étiquette (!) : l’enlever")
        if isinstance(event, yaml.ScalarEvent):
            if _place(event.start_mark).line in self.mended:
                self.unread.add(where)
                return None
            self._tell_comment(event, where)
            return None if event.implicit[0] and event.value in _NULL else event.value
        if len(where) >= DEPTH:
            self._stop(event, where, f"plus de {DEPTH} niveaux imbriqués")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, where)
        values: list[Value] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            values.append(self._value(event, events, (*where, len(values))))
        return values

    def _tell_comment(self, event: yaml.ScalarEvent, where: Where) -> None:
        """Refuse a comment behind a value without quotes: whoever writes « le projet #3 » means it as text."""
        line, column = _place(event.end_mark)[:2]
        if not event.implicit[0] or line > len(self.lines):
            return
        if found := _COMMENT.match(self.lines[line - 1], column - 1):
            self.unread.add(where)
            self.problems.append(
                Problem.at(self.file, Place(line, found.end() + 1), _path(where), _CUT_BY_COMMENT)
            )

    def _mapping(self, events: Iterator[yaml.Event], where: Where) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._stop(event, where, "une clé doit être un simple mot")
            key = event.value
            here = (*where, key)
            if event.anchor is not None or event.tag is not None:
                self._refuse(event, here, "ni ancre (&) ni étiquette (!) : l’enlever")
            if key in values:
                line = self.keys[here].line
                self._refuse(event, here, f"clé en double, déjà donnée ligne {line}")
            self.keys.setdefault(here, _place(event.start_mark))
            value = self._value(next(events), events, here)
            values.setdefault(key, value)
        return values

    def _refuse(self, event: yaml.Event, where: Where, message: str) -> None:
        self.problems.append(Problem.at(self.file, _place(event.start_mark), _path(where), message))

    def _stop(self, event: yaml.Event, where: Where, message: str) -> NoReturn:
        self._refuse(event, where, message)
        raise Problems(self.problems)
