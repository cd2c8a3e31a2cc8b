# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Reading of answers: a typed text, a press or a vote becomes the answer to an open question, or an unreadable one.

What is typed is compared as `lessons.typed` cleans it. Where two choices fit, none is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.messages import Choice, Event, Form, Kind, Question
from lessons import grading, typed
from lessons.typed import ARTICLES, COURTESY

_LONGEST = 1000
"""Characters of the longest text that is looked through for choices: more than six labels have."""
_LISTED = re.compile(r"[,;+/&]|(?<![\w-])(?:et|and|ainsi que)(?![\w-])")
_RANGE = re.compile(r"(?:(?:du|de|from) )?([^\W_]+) (?:a|au|to|through|jusqu'a|jusqu'au) ([^\W_]+)")
_DASHED = re.compile(r"([^\W_]+) ?- ?([^\W_]+)")
_NUMBERED = re.compile(r"([0-9]{1,2}|[a-z])(?: ?[.):/-]+ ?| )(?=\S)(.+)", re.DOTALL)
_CUT = re.compile(r"(?:\.\.\.|…)\W*$")
_CUT_LEAST = 8
"""Letters of a label that ends with an ellipsis, before it is taken for the label that begins so."""
_SPELLED = (
    "un|une|one|premier|premiere|1er|1ere|first",
    "deux|two|deuxieme|second|seconde|2e|2eme|2nd",
    "trois|three|troisieme|third|3e|3eme|3rd",
    "quatre|four|quatrieme|fourth|4e|4eme|4th",
    "cinq|five|cinquieme|fifth|5e|5eme|5th",
    "six|sixieme|sixth|6e|6eme|6th",
    "sept|seven|septieme|seventh|7e|7eme|7th",
    "huit|eight|huitieme|eighth|8e|8eme|8th",
    "neuf|nine|neuvieme|ninth|9e|9eme|9th",
)
_PLACES = {word: place for place, spelled in enumerate(_SPELLED, 1) for word in spelled.split("|")}
_ALL = frozenset({"tous", "toutes", "tout", "all", "toutes les reponses", "tous les choix"})


@dataclass(frozen=True, slots=True)
class Answer:
    """The choices (their keys) that answer a prompt; for numbers and free text, the one text given."""

    prompt: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A number that can be read in two ways: 72.000 is seventy-two, or seventy-two thousand."""

    prompt: str
    readings: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that cannot be read as an answer to the question it must mean."""

    prompt: str


def answer_of(event: Event, question: Question) -> Answer | Doubtful | Unreadable | None:
    """Return what an event answers to a question; nothing for one that answers none, or names another prompt.

    The caption of a file is a text; a file without one is unreadable.
    """
    if event.refers not in ("", question.prompt):
        return None
    if event.kind in (Kind.TEXT, Kind.FILE):
        if question.form is Form.NUMBER:
            readings = grading.read_numbers(event.text, question.unit)
            if len(readings) > 1:
                return Doubtful(question.prompt, readings)
        keys = read(question, event.text)
    elif event.kind is Kind.CHOOSE:
        keys = _known(question, event.keys)
    else:
        return None
    return Unreadable(question.prompt) if keys is None else Answer(question.prompt, keys)


def read(question: Question, text: str) -> tuple[str, ...] | None:
    """Return the keys that a typed answer names, in the order shown; nothing when it names none.

    "2", "2.", "b", "B)", "réponse 2", the label and the line that shows it are one choice; "1 et 3", "1-3", "a, c" and
    "1 à 3" are several, where several may be chosen. The position shown wins over a label that looks like a number.
    """
    if question.form is Form.TEXT:
        return (text.strip(),) if text.strip() else None
    if question.form is Form.NUMBER:
        numbers = grading.read_numbers(text, question.unit)
        return (str(numbers[0]),) if len(numbers) == 1 else None
    if not text.strip():
        return None
    if keys := named(question, text):
        return keys
    return (text.strip(),) if question.free else None


def named(question: Question, text: str) -> tuple[str, ...] | None:
    """Return the keys of the choices that a text names; nothing when it names none."""
    if len(text) > _LONGEST or len(typed.clean(text)) > _LONGEST:
        return None
    key = _key(question, text)
    if key is not None:
        return (key,)
    return _keys(question, text) if question.multiple else None


def _known(question: Question, keys: Sequence[str]) -> tuple[str, ...] | None:
    known = tuple(choice.key for choice in question.choices if choice.key in keys)
    if len(known) != len(set(keys)) or not known:
        return None
    return known if question.multiple or len(known) == 1 else None


# --- one choice


def _key(question: Question, text: str) -> str | None:
    at = _position(question, typed.fold(text, accents=True))
    if at is None:
        at = _labelled(question, text)
    if at is None:
        pointed = typed.pointed(text, COURTESY, ARTICLES)
        at = _position(question, pointed)
        if at is None and (place := _PLACES.get(pointed or typed.fold(text))) is not None:
            at = place - 1 if place <= len(question.choices) else None
    if at is None:
        at = _shown(question, text)
    return None if at is None else question.choices[at].key


def _position(question: Question, word: str) -> int | None:
    """Return which choice, from 0, a number or a letter names."""
    if re.fullmatch(r"[1-9][0-9]?", word):
        place = int(word)
    elif re.fullmatch(r"[a-z]", word):
        place = ord(word) - ord("a") + 1
    else:
        return None
    return place - 1 if place <= len(question.choices) else None


def _labelled(question: Question, text: str) -> int | None:
    """Return the one choice whose label, or another word for it, a text is: to the letter first, then in its mere words."""
    for write in _WRITINGS:
        said = write(text)
        found = [at for at, choice in enumerate(question.choices) if said and said in _names(choice, write)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


Writing = Callable[[str], object]


@lru_cache(maxsize=4096)  # of what we show: nothing that a person typed is kept
def _names(choice: Choice, write: Writing) -> frozenset[object]:
    return frozenset(write(name) for name in (choice.label, *choice.words))


def _without_signs(text: str) -> object:
    return typed.words(text, signs=False)


def _without_courtesy(text: str) -> object:
    return typed.words(typed.bare(text, COURTESY))


def _without_articles(text: str) -> object:
    return typed.words(typed.bare(text, COURTESY, ARTICLES), signs=False)


def _without_pointers(text: str) -> object:
    return typed.words(typed.pointed(text, COURTESY, ARTICLES), signs=False)


_WRITINGS: tuple[Writing, ...] = (
    str.strip,
    typed.clean,
    typed.fold,
    typed.words,
    _without_signs,
    _without_courtesy,
    _without_articles,
    _without_pointers,
)


def _shown(question: Question, text: str) -> int | None:
    """Return the choice whose line, as a message shows it, a text is; or whose beginning, where it was cut."""
    if (line := _NUMBERED.fullmatch(typed.fold(text))) is not None:
        at, label = _position(question, line[1]), line[2]
        if at is not None and _same(question, label) == at:
            return at
    return _same(question, text) if _CUT.search(typed.clean(text)) else None


def _same(question: Question, text: str) -> int | None:
    at = _labelled(question, text)
    begins = "".join(typed.words(text, signs=False))
    if at is not None or not _CUT.search(typed.clean(text)) or len(begins) < _CUT_LEAST:
        return at
    found = [
        at
        for at, choice in enumerate(question.choices)
        if "".join(typed.words(choice.label, signs=False)).startswith(begins)
    ]
    return found[0] if len(found) == 1 else None


# --- several choices


def _keys(question: Question, text: str) -> tuple[str, ...] | None:
    named = _lines(question, text) or _listed(question, typed.fold(text))
    return tuple(choice.key for choice in question.choices if choice.key in named) or None


def _lines(question: Question, text: str) -> set[str]:
    """Return the keys that several lines name, one choice a line."""
    lines = [_key(question, line) for line in text.splitlines() if line.strip()]
    return {key for key in lines if key} if len(lines) > 1 and None not in lines else set()


def _listed(question: Question, text: str) -> set[str]:
    if typed.bare(text, COURTESY) in _ALL:
        return {choice.key for choice in question.choices}
    keys: set[str] = set()
    for part in _LISTED.split(text):
        if not typed.fold(part):
            continue
        if not (found := _part(question, typed.fold(part))):
            return set()
        keys |= found
    return keys


def _part(question: Question, part: str) -> set[str]:
    """Return the keys that one part of a list names: a choice, a range, or choices with spaces between."""
    if (key := _key(question, part)) is not None:
        return {key}
    # Days are a scale, and from Monday to Friday is five; "1-3" names two answers of a quiz.
    scale = question.form is Form.MENU
    for ends in (_RANGE, _DASHED) if scale else (_RANGE,):
        said = typed.bare(part, COURTESY, [] if ends is _RANGE else ARTICLES)
        if (match := ends.fullmatch(said)) is not None:
            return _between(question, _key(question, match[1]), _key(question, match[2]), around=scale)
    parts = [word for word in re.split(r"[\s-]+", typed.pointed(part, COURTESY, ARTICLES)) if word]
    if scale:
        keys = {_key(question, word) for word in parts}
        return {key for key in keys if key} if None not in keys else set()
    # Of sentences, words are no names: "3. Une lettre" is no two answers.
    places = {_position(question, word) for word in parts}
    return {question.choices[at].key for at in places if at is not None} if None not in places else set()


def _between(question: Question, first: str | None, last: str | None, *, around: bool) -> set[str]:
    if first is None or last is None:
        return set()
    order = [choice.key for choice in question.choices]
    start, end = order.index(first), order.index(last)
    if start <= end:
        return set(order[start : end + 1])
    return {*order[start:], *order[: end + 1]} if around else set()


def is_one_of(phrases: Iterable[str], text: str) -> bool:
    """Tell whether a text is one of some phrases, courtesy and articles aside."""
    said = _without_articles(text)
    return bool(said) and said in [_without_articles(phrase) for phrase in phrases]
