# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does a YAML file say, and where? Its values with their places, and every problem in its form.

Read from parser events, which neither resolve types nor follow aliases: YAML 1.1 would make a number of
`12:30` and false of `no`, and an alias can unfold a kilobyte into gigabytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SIZE = 256 * 1024
"""Bytes of the largest file."""
DEPTH = 20
"""How deep lists and mappings may be nested."""


class _Mark(Protocol):
    line: int
    column: int


_NULL = ("", "~", "null")
_LONGEST_PATH = 120
# For 250 KB the C parser takes 29 ms, the one in Python 640 ms.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Value = str | None | list["Value"] | dict[str, "Value"]
Where = tuple[int | str, ...]
"""The keys and indexes that lead to a value."""
Place = tuple[int, int]
"""Line and column, from 1."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, and where: lines and columns from 1; `path` is like `questions[1].text`, or empty."""

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: "
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"


class Problems(Exception):
    """What was read cannot be used. `problems` has every reason, by file in the order read, then by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = list(dict.fromkeys(problems))
        files = {file: rank for rank, file in enumerate(dict.fromkeys(problem.file for problem in found))}
        self.problems = tuple(sorted(found, key=lambda problem: (files[problem.file], problem)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Document:
    """What one file holds. Every scalar is the text as written, or None.

    Problems of form are kept, so that all can be told at once.
    """

    file: str
    data: Value
    problems: tuple[Problem, ...]
    unread: frozenset[Where]
    """Where something was left out because of its form: what else is wrong there is no news."""
    places: Mapping[Where, Place]
    keys: Mapping[Where, Place]

    @classmethod
    def load(cls, content: bytes, file: str) -> Document:
        """Read one document. Raises `Problems` when nothing can be made of it."""
        reader = _Reader(file)
        try:
            data = reader.read(_text(content, file))
        except yaml.MarkedYAMLError as error:
            place = _at_mark(error.problem_mark or error.context_mark)
            raise Problems([*reader.problems, Problem(file, *place, "", _syntax(error))]) from None
        except yaml.YAMLError as error:
            raise Problems([*reader.problems, Problem(file, 1, 1, "", _syntax(error))]) from None
        return cls(file, data, tuple(reader.problems), frozenset(reader.unread), reader.places, reader.keys)

    def problem(self, where: Where, message: str, *, key: bool = False) -> Problem:
        """A problem with the value there, or with its key; with what should hold it, where it is missing."""
        known, at = (self.keys if key else self.places), where
        while at not in known and at:
            known, at = self.places, at[:-1]
        line, column = known.get(at, (1, 1))
        return Problem(self.file, line, column, _path(where), message)


def _path(where: Where) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where).removeprefix(".")
    shown = "".join(char if char.isprintable() else "�" for char in path)
    return shown if len(shown) <= _LONGEST_PATH else f"{shown[:_LONGEST_PATH]}…"


def _syntax(error: yaml.YAMLError) -> str:
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "forme inconnue"
    return f"YAML mal formé : vérifier les retraits, les guillemets et les deux-points ({reason})"


def _text(content: bytes, file: str) -> str:
    if len(content) > SIZE:
        raise Problems([Problem(file, 1, 1, "", f"fichier trop gros : {SIZE // 1024} Kio au plus")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place(content[: error.start].decode("utf-8", "replace"))
        message = "pas de l'UTF-8 : enregistrer le fichier en UTF-8"
        raise Problems([Problem(file, *place, "", message)]) from None
    before, nul, _ = text.partition("\0")
    if nul:
        raise Problems([Problem(file, *_place(before), "", "caractère nul : ce n'est pas du texte")])
    return text


def _place(before: str) -> Place:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


@dataclass(slots=True)
class _Reader:
    """Builds the values of one document from its events, noting where each stands."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    unread: set[Where] = field(default_factory=set)
    places: dict[Where, Place] = field(default_factory=dict)
    keys: dict[Where, Place] = field(default_factory=dict)

    def read(self, text: str) -> Value:
        events = iter(yaml.parse(text, Loader=_LOADER))
        next(events)  # the start of the stream
        start = next(events)
        if isinstance(start, yaml.StreamEndEvent):
            raise Problems([Problem(self.file, 1, 1, "", "fichier vide")])
        data = self._value(next(events), events, ())
        next(events)  # the end of the document
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse(after, (), "un seul document par fichier : enlever ce qui suit « --- »")
        return data

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], where: Where) -> Value:
        self.places.setdefault(where, _at(event))
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, where, "pas d'alias (*) : écrire le contenu")
            self.unread.add(where)
            return None
        if not isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            raise TypeError(f"not the start of a value: {event}")
        if event.anchor is not None:
            self._refuse(event, where, "pas d'ancre (&) : l'enlever")
        if event.tag is not None:
            self._refuse(event, where, "pas d'étiquette (!) : l'enlever")
        if isinstance(event, yaml.ScalarEvent):
            return None if event.implicit[0] and event.value in _NULL else event.value
        if len(where) >= DEPTH:
            self._refuse(event, where, f"plus de {DEPTH} niveaux imbriqués")
            raise Problems(self.problems)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, where)
        return self._mapping(events, where)

    def _list(self, events: Iterator[yaml.Event], where: Where) -> list[Value]:
        values: list[Value] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            values.append(self._value(event, events, (*where, len(values))))
        return values

    def _mapping(self, events: Iterator[yaml.Event], where: Where) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(event, where, "une clé doit être un simple mot")
                raise Problems(self.problems)
            key = event.value
            here = (*where, key)
            if event.anchor is not None or event.tag is not None:
                self._refuse(event, here, "ni ancre (&) ni étiquette (!) : l'enlever")
            if key in values:
                line, _ = self.keys[here]
                self._refuse(event, here, f"clé en double, déjà donnée ligne {line}")
            self.keys.setdefault(here, _at(event))
            value = self._value(next(events), events, here)
            values.setdefault(key, value)
        return values

    def _refuse(self, event: yaml.Event, where: Where, message: str) -> None:
        self.problems.append(Problem(self.file, *_at(event), _path(where), message))


def _at(event: yaml.Event) -> Place:
    return _at_mark(event.start_mark)


def _at_mark(mark: _Mark | None) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
