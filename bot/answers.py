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

from bot import positions, scales
from bot.messages import Choice, Event, Form, Kind, Question
from lessons import grading, typed
from lessons.typed import ARTICLES, COURTESY, POINTERS

_LONGEST = 1000
"""Characters of the longest text that is looked through for choices: more than six labels have."""
_RANGE = re.compile(r"(?:(?:du|de|from) )?(.+?) (a|au|to|through|jusqu'a|jusqu'au) (.+)")
_NUMBERED = re.compile(r"([0-9]{1,2}|[a-z])(?: ?[.):/-]+ ?| )(?=\S)(.+)", re.DOTALL)
_BULLETS = "-–—•*· "
REFUSING = re.compile("[❌✖✗✘👎🚫⛔🙅☐⬜]")
"""What says that something is not meant: « ✅ 1 ❌ 2 » names no two choices."""
_CUT = re.compile(r"(?:\.\.\.|…)\W*$")
_CUT_LEAST = 8
"""Letters of a label that ends with an ellipsis, before it is taken for the label that begins so."""


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
            readings = _numbers(question, event.text)
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

    "2", "2.", "b", "B)", "réponse 2", "la 2e", the label and the line that shows it are one choice; "1 et 3", "1-3", "a, c"
    and "1 à 3" are several, where several may be chosen. The position shown wins over a label that looks like a number.
    A text that is understood only in part is not read.
    """
    if question.form is Form.TEXT:
        return (text.strip(),) if text.strip() else None
    if question.form is Form.NUMBER:
        numbers = _numbers(question, text)
        return (str(numbers[0]),) if len(numbers) == 1 else None
    if not text.strip():
        return None
    if keys := named(question, text):
        return keys
    return (text.strip(),) if question.free else None


def _numbers(question: Question, text: str) -> tuple[Decimal, ...]:
    numbers = () if refuses(question, text) else grading.read_numbers(text, question.unit)
    return () if question.positive and any(number < 0 for number in numbers) else numbers


def named(question: Question, text: str) -> tuple[str, ...] | None:
    """Return the keys of the choices that a text names; nothing when it names none."""
    if len(text) > _LONGEST or len(typed.clean(text)) > _LONGEST or refuses(question, text):
        return None
    if not question.multiple:
        key = _key(question, text)
        return None if key is None else (key,)
    keys = _keys(question, text)
    return tuple(choice.key for choice in question.choices if choice.key in keys) or None


def refuses(question: Question, text: str) -> bool:
    """Tell whether a text bears a mark that refuses something, which no choice bears: the rest is not an answer."""
    return bool(REFUSING.search(text)) and not any(
        REFUSING.search(choice.label) for choice in question.choices
    )


def _known(question: Question, keys: Sequence[str]) -> tuple[str, ...] | None:
    known = tuple(choice.key for choice in question.choices if choice.key in keys)
    if len(known) != len(set(keys)) or not known:
        return None
    return known if question.multiple or len(known) == 1 else None


# --- one choice


def _key(question: Question, text: str, *, listed: bool = False) -> str | None:
    said, last = positions.fold(text), len(question.choices)
    at = positions.sole(said, last) if said == typed.fold(text, accents=True) else None
    if at is None:
        at = _labelled(question, text)
    if at is None:
        at = positions.place(said, last, listed=listed)
    if at is None:
        at = _shown(question, text)
    return None if at is None else question.choices[at].key


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
        as_typed = typed.fold(text, accents=True).startswith(line[1])  # « à lundi » is no line of a list
        at, label = positions.sole(line[1], len(question.choices)) if as_typed else None, line[2]
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


def _keys(question: Question, text: str) -> set[str]:
    """Return the keys that a text names where several may be chosen: in one line, or in each of several lines."""
    lines = [line.lstrip(_BULLETS) for line in text.splitlines() if typed.fold(line)]
    each = [_of_line(question, line) for line in lines] if len(lines) > 1 else []
    # « lundi / au vendredi » in two lines is one range.
    return set().union(*each) if each and all(each) else _of_line(question, text)


def _of_line(question: Question, text: str) -> set[str]:
    said, keys = positions.fold(text), [choice.key for choice in question.choices]
    if question.form is not Form.MENU and (key := _key(question, text)) is not None:
        return {key}
    if positions.is_all(said, len(keys)):
        return set(keys)
    if question.form is not Form.MENU:
        return _listed(question, said)
    # Days are a scale, and from Monday to Friday is five.
    at = _shown(question, text)
    return scales.named(question, said) if at is None else {keys[at]}


def _listed(question: Question, said: str) -> set[str]:
    """Return the keys of a list. Each part must be a choice, a range, or places with spaces or dashes between."""
    whole = typed.trailed(typed.led(said, COURTESY, POINTERS), COURTESY)
    parts = [typed.fold(part) for part in scales.JOINED.split(whole)]
    if not parts[0] or not parts[-1]:
        return set()
    keys: list[str] = []
    for part in filter(None, parts):
        key = _key(question, part, listed=True) if len(parts) > 1 else None
        found = _several(question, part) if key is None else [key]
        if not found:
            return set()
        keys += found
    return set(keys) if len(set(keys)) == len(keys) else set()


def _several(question: Question, part: str) -> list[str]:
    """Return the keys of a range, or of places side by side: "1-3" names two answers of a quiz."""
    keys = [choice.key for choice in question.choices]
    if (match := _RANGE.fullmatch(part)) is not None:
        first, last = (positions.place(end, len(keys), listed=True) for end in match.group(1, 3))
        doubtful = match[2] == "a" and not (match[1] + match[3]).isnumeric()  # "b a d"
        return [] if first is None or last is None or doubtful else keys[first : last + 1]
    # Of sentences, words are no names: "3. Une lettre" is no two answers.
    return [keys[at] for at in positions.places(part, len(keys))]


def is_one_of(phrases: Iterable[str], text: str) -> bool:
    """Tell whether a text is one of some phrases, courtesy and articles aside."""
    said = _without_articles(text)
    return bool(said) and said in _meant_by(tuple(phrases))


@lru_cache(
    maxsize=512
)  # of what we show, as `_names`: for each text that is typed, fifty phrases took a millisecond
def _meant_by(phrases: tuple[str, ...]) -> frozenset[object]:
    return frozenset(_without_articles(phrase) for phrase in phrases)
