# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Choices with an order, such as days: « du lun. au ven. », "Mon-Fri", « lundi et du mer. au ven. ».

A text that is understood only in part names no choice.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot import positions
from bot.messages import Choice, Question
from lessons import typed

JOINED = re.compile(r"[,;+/&]|(?<![\w-])(?:et|and|puis|ainsi que)(?![\w-])")
"""Separates the choices of a list."""
_POINT = re.compile(r"(?<=[^\W\d_])\.(?!\.)")
_BEGINS = re.compile(r"(?:du|de|des|depuis|from) ")
_ENDS = re.compile(r"(?: \(?(?:inclus|compris|inclusive|included))+$")
_DASHES = re.compile(r" ?-+ ?")
_UNTIL = re.compile(r" ?[=-]*[>~]+ ?| (?:a|au|to|till|until|through|thru|jusqu'a|jusqu'au) ")
_EACH = ["tous les", "toutes les", "chaque", "la", "le", "les", "the", "every", "each", "on"]
_LEAST, _LEAST_LISTED = 3, 2
"""Letters of an abbreviation, alone and beside others."""
_LONG = 5
"""Letters from which a final s is a plural: mondays. Shorter: mars is not Tuesday."""
_JOINS = re.compile(r"\S-")
_SHARE = re.compile(r"[0-9] ?/ ?[0-9]")
"""« 5/7 » is five days of seven."""


def named(question: Question, text: str) -> set[str]:
    """Return the keys that a `positions.fold`ed text names; nothing when a part of it is not understood."""
    whole = _POINT.sub(" ", text)
    leads = (typed.COURTESY, typed.POINTERS, positions.SURELY)
    whole = typed.trailed(typed.led(typed.fold(whole), *leads), typed.COURTESY, positions.SURELY)
    parts = [typed.fold(part) for part in JOINED.split(whole)]
    if not parts[0] or not parts[-1] or _SHARE.fullmatch(whole):
        return set()
    keys: set[str] = set()
    for part in filter(None, parts):
        if not (found := _part(question, part, alone=len(parts) == 1)):
            return set()
        keys |= found
    return keys


def _part(question: Question, part: str, *, alone: bool) -> set[str]:
    """Return the keys of one part of a list: a range, or choices with spaces or dashes between."""
    begun = _BEGINS.match(part)
    rest = _ENDS.sub("", part[begun.end() :] if begun else part)
    if len(ends := _UNTIL.split(rest)) == 2 or (len(ends := _DASHES.split(rest)) == 2 and ends[0]):
        return _between(question, *(_one(question, end, _LEAST_LISTED) for end in ends))
    if begun or rest != part:
        return set()
    if not ends[0] and _JOINS.search(part.lstrip("- ")):
        return _part(
            question, part.lstrip("- "), alone=alone
        )  # « - lundi - jeudi » is a list, « - lundi-jeudi » a range
    words = ends[not ends[0] :] if len(ends) > 2 or not ends[0] else typed.led(part, _EACH).split()
    if not all(words):
        return set()
    if len(words) == 1:
        words = [part.lstrip("- ")]  # « les deux » does not mean the second choice
    if any(word[0].isdigit() for word in words) and not all(word[0].isdigit() for word in words):
        return set()
    alone = alone and len(words) == 1
    found = [_one(question, word, _LEAST if alone else _LEAST_LISTED, listed=not alone) for word in words]
    return {question.choices[at].key for at in found if at is not None} if None not in found else set()


def _one(question: Question, word: str, least: int, *, listed: bool = True) -> int | None:
    """Return the one choice, from 0, that a word names: in full, cut short, or by its place."""
    said = "".join(typed.words(typed.led(word, _EACH)))
    names = [_names(choice) for choice in question.choices]
    found = [at for at, known in enumerate(names) if said in known]
    if not found and len(said) > _LONG:
        found = [at for at, known in enumerate(names) if said.removesuffix("s") in known]
    if not found and len(said) >= least and said.isalpha():
        found = [at for at, known in enumerate(names) if any(name.startswith(said) for name in known)]
    if not found:
        return positions.place(word, len(question.choices), letters=False, listed=listed)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=256)  # of what we show: nothing that a person typed is kept
def _names(choice: Choice) -> tuple[str, ...]:
    return tuple("".join(typed.words(name)) for name in (choice.label, *choice.words))


def _between(question: Question, first: int | None, last: int | None) -> set[str]:
    """Return the keys from one choice to another; from Saturday to Monday is three days."""
    if first is None or last is None or first == last:
        return set()
    keys = [choice.key for choice in question.choices]
    return set(keys[first : last + 1]) if first < last else {*keys[first:], *keys[: last + 1]}
