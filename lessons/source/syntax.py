# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Syntax of YAML: every fault that can be found, in words that need no YAML.

The parser stops at the first. What is wrong there is replaced, a value by another, a line by none, and the rest is parsed
again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import yaml

from lessons.source.bounds import VALUES

# For 250 KB the C parser takes 29 ms, the one in Python 640 ms.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MOST = 20
"""Faults that are looked for."""
_WORK = 2_000_000
"""Characters that are parsed in all, for files with many faults."""

_KEYED = re.compile(r"([ ]*(?:-[ ]+)*)([\w-]+)[ ]*:(?=\s|$)")
_ITEM = re.compile(r"[ ]*-[ ]")
_INDENT = re.compile(r"[ \t]*")
_CLOSED = re.compile(r"""[^:]*:[ ]+(?:"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+')[ ]*[^ #]""")
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""Where the parser counts a new line."""

_COLON = 'deux-points dans un texte : mettre tout le texte entre guillemets droits ("…")'
_TAB = "tabulation : la remplacer par des espaces"
_INDENTED = "ligne mal placée : lui donner le même nombre d’espaces que ses voisines"
_OPEN_QUOTE = "guillemet droit jamais refermé : en mettre un à la fin du texte"
_INNER_QUOTE = "guillemet droit au milieu d’un texte : écrire « … » à l’intérieur"
_BRACKETS = "crochet ou accolade jamais refermé, ou virgule oubliée"
_NO_COLON = "ni clé ni valeur : il manque « : » après la clé, ou des espaces devant la suite d’un texte"
_UNKNOWN = "forme inconnue : vérifier les espaces en début de ligne, les guillemets et les deux-points"


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as the parser counts them."""
    return _LINE_ENDS.split(text)


class Fault(NamedTuple):
    """Line and column, from 1; and what is wrong there."""

    at: tuple[int, int]
    message: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A text that can be parsed further than what was written. `lines`: those whose value was replaced.

    `sound`: nothing else was changed, so that what else is missing is the author's doing.
    """

    text: str
    faults: tuple[Fault, ...]
    lines: frozenset[int]
    sound: bool


def mend(text: str) -> Mended:
    """Return the faults of a text that the parser refuses, and the text without them as far as possible."""
    lines = lines_of(text)
    faults: list[Fault] = []
    replaced: set[int] = set()
    emptied: set[int] = set()
    for _ in range(min(MOST, max(1, _WORK // (len(text) + 1)))):
        error = _error("\n".join(lines))
        if error is None:
            return Mended("\n".join(lines), tuple(faults), frozenset(replaced - emptied), sound=not emptied)
        fault = _fault(error, lines)
        number = fault.at[0]
        if number in emptied:
            break
        if number not in replaced:
            faults.append(fault)
        lines[number - 1] = _repaired(lines[number - 1], fault.message, again=number in replaced)
        (replaced if lines[number - 1] else emptied).add(number)
    return Mended("\n".join(lines), tuple(faults), frozenset(), sound=False)


def _error(text: str) -> yaml.YAMLError | None:
    try:
        # Who reads the values refuses what is longer.
        for _ in islice(yaml.parse(text, Loader=LOADER), 3 * VALUES):
            pass
    except yaml.YAMLError as error:
        return error
    return None


def _repaired(line: str, message: str, *, again: bool) -> str:
    if message == _TAB and not again:
        return line.expandtabs(2)
    if again:
        return ""
    if keyed := _KEYED.match(line):
        return f'{keyed[1]}{keyed[2]}: "…"'
    if item := _ITEM.match(line):
        return f'{item[0]}"…"'
    return ""


def _fault(error: yaml.YAMLError, lines: list[str]) -> Fault:
    """Return where and what an error of the parser is. It names what it was reading (context) and where it gave up."""
    if isinstance(error, yaml.reader.ReaderError):
        return _unreadable(lines)
    mark, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    mark = mark or begun
    said, reading = getattr(error, "problem", None) or "", getattr(error, "context", None) or ""
    if mark is None:
        return Fault((1, 1), _UNKNOWN)
    here = _placed(mark, lines)
    started = here if begun is None else _placed(begun, lines)
    line = lines[here[0] - 1]
    sign = line[here[1] - 1 : here[1]]
    if "\t" in _INDENT.match(line)[0] or sign == "\t":  # type: ignore[index]
        return Fault(here, _TAB)
    match said:
        case _ if "quoted scalar" in reading and "escape" not in said:
            return Fault(started, _OPEN_QUOTE)
        case _ if "escape" in said or "hexdecimal" in said:
            return Fault(
                here, "barre oblique inversée (\\) dans un texte entre guillemets : en écrire deux (\\\\)"
            )
        case "mapping values are not allowed in this context":
            keyed = _KEYED.match(line)
            return Fault(here, _COLON if keyed and keyed.end() < here[1] else _INDENTED)
        case "found character that cannot start any token":
            return Fault(
                here, f'« {sign} » ne peut pas commencer un texte : le mettre entre guillemets droits ("…")'
            )
        case _ if "flow" in reading:
            return Fault(started, _BRACKETS)
        case "could not find expected ':'":
            return Fault(started, _NO_COLON)
        case "block sequence entries are not allowed in this context":
            return Fault(here, "« - » mal placé : une liste commence à la ligne, sous sa clé")
        case _ if "alphabetic or numeric" in said or "tag" in reading or "tag" in said:
            return Fault(here, '* & ou ! au début d’un texte : le mettre entre guillemets droits ("…")')
        case _ if said.startswith("did not find expected"):
            return Fault(here, _INNER_QUOTE if _CLOSED.match(line) else _INDENTED)
        case _:
            return Fault(here, _UNKNOWN)


def _unreadable(lines: list[str]) -> Fault:
    for number, line in enumerate(lines, 1):
        if found := _UNREADABLE.search(line):
            return Fault(
                (number, found.start() + 1), f"caractère interdit (U+{ord(found[0]):04X}) : l’enlever"
            )
    return Fault((1, 1), _UNKNOWN)


def _placed(mark: yaml.error.Mark, lines: list[str]) -> tuple[int, int]:
    """Return line and column from 1; what is wrong at the end of a file is on its last line."""
    number = min(mark.line, len(lines) - 1)
    while number and not lines[number].strip():
        number -= 1
    return number + 1, (mark.column if number == mark.line else len(lines[number])) + 1
