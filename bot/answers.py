# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Reading of answers: a typed text, a press or a vote becomes the answer to an open question, or an unreadable one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import Event, Form, Kind, Question
from lessons import grading

_LONGEST = 1000
"""Characters of the longest text that is looked through for choices: more than six labels have."""
_SEPARATORS = re.compile(r"\s*(?:[,;+/&-]|\s(?:et|and)\s|\s)\s*")
_RANGE = re.compile(r"(\w+) (?:à|a|to) (\w+)")
_CLOSING = ".)]:! "


@dataclass(frozen=True, slots=True)
class Answer:
    """The choices (their keys) that answer a prompt; for numbers and free text, the one text given."""

    prompt: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that cannot be read as an answer to the question it must mean."""

    prompt: str


def answer_of(event: Event, question: Question) -> Answer | Unreadable | None:
    """Return what an event answers to a question; nothing for one that answers none, or names another prompt."""
    if event.refers not in ("", question.prompt):
        return None
    if event.kind is Kind.TEXT:
        keys = read(question, event.text)
    elif event.kind is Kind.CHOOSE:
        keys = _known(question, event.keys)
    else:
        return None
    return Unreadable(question.prompt) if keys is None else Answer(question.prompt, keys)


def read(question: Question, text: str) -> tuple[str, ...] | None:
    """Return the keys that a typed answer names, in the order shown; nothing when it names none.

    "2", "2.", "b", "B)" and the label are one choice; "1 et 3", "1-3", "a, c" and "1 à 3" are several, where several
    may be chosen. The position shown wins over a label that looks like a number.
    """
    if question.form is Form.TEXT:
        return (text.strip(),) if text.strip() else None
    if question.form is Form.NUMBER:
        number = grading.read_number(text, question.unit)
        return None if number is None else (str(number),)
    answer = _plain(text[:_LONGEST])
    if not answer:
        return None
    if len(text) <= _LONGEST:
        key = _key(question, answer)
        if key is not None:
            return (key,)
        if question.multiple and (keys := _keys(question, answer)):
            return keys
    return (text.strip(),) if question.free else None


def _known(question: Question, keys: Sequence[str]) -> tuple[str, ...] | None:
    known = tuple(choice.key for choice in question.choices if choice.key in keys)
    if len(known) != len(set(keys)) or not known:
        return None
    return known if question.multiple or len(known) == 1 else None


def _keys(question: Question, answer: str) -> tuple[str, ...] | None:
    order = [choice.key for choice in question.choices]
    if ends := _RANGE.fullmatch(answer):
        first, last = (_key(question, end) for end in ends.groups())
        if first is None or last is None:
            return None
        return tuple(order[order.index(first) : order.index(last) + 1]) or None
    words = [word for word in _SEPARATORS.split(answer) if word and word not in {"et", "and"}]
    named = {_key(question, word) for word in words}
    if not named or None in named:
        return None
    return tuple(key for key in order if key in named)


def _key(question: Question, word: str) -> str | None:
    word = _unclosed(word)
    for place, choice in enumerate(question.choices, 1):
        if word == str(place) or (place <= 26 and word == chr(ord("a") + place - 1)):
            return choice.key
    for choice in question.choices:
        if word in {_unclosed(_plain(name)) for name in (choice.label, *choice.words)}:
            return choice.key
    return None


def _unclosed(word: str) -> str:
    """Strip the marks that people end a choice with; a text of nothing else stays as it is."""
    return word.rstrip(_CLOSING) or word


def _plain(text: str) -> str:
    """Write a text as it is compared: no case, no typographic variants, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(folded.split())
