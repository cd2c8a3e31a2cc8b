# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Typed answers to menus that stop, erase, publish or announce something: only a clear decision counts.

« A », « un peu » and « effacer ? » decide nothing here, though a quiz may read some of them as a choice.
"""

from __future__ import annotations

import re

from bot.answers import named, refuses
from bot.messages import Choice, Question
from lessons import typed

HARMLESS = frozenset({"no", "cancel"})
"""Keys of choices that change nothing: they may be typed as in any other menu."""
_POLITE = [
    *("s'il vous plait", "s'il te plait", "svp", "stp", "please"),
    *("merci beaucoup", "merci bien", "merci", "thank you", "thanks"),
]
_LINE = re.compile(r"([1-9])(?: ?[.):-]+ ?| )(.+)", re.DOTALL)


def read(question: Question, text: str) -> tuple[str, ...] | None:
    """Return the key of the choice that a text names: by its number, its whole label, or one of its own words.

    Polite words may stand around it. A text with a question mark, or with ❌ or 👎, names only a harmless choice.
    """
    harmless = named(question, text)
    if harmless is not None and HARMLESS.issuperset(harmless):
        return harmless
    if "?" in typed.clean(text) or refuses(question, text):
        return None
    said = typed.bare(text, _POLITE)
    place, label = said, ""
    if (line := _LINE.fullmatch(said)) is not None:
        place, label = line[1], line[2]
    if re.fullmatch(r"[1-9]", place) and int(place) <= len(question.choices):
        choice = question.choices[int(place) - 1]
        return (choice.key,) if not label or _words(label) in _names(choice) else None
    return next(((choice.key,) for choice in question.choices if _words(said) in _names(choice)), None)


def _names(choice: Choice) -> list[tuple[str, ...]]:
    return [_words(name) for name in (choice.label, *choice.words)]


def _words(text: str) -> tuple[str, ...]:
    return typed.words(text, signs=False)
