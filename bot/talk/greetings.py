# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Greetings that people type: « Bonjour ! » is how a conversation begins, and no wrong answer to a question."""

from __future__ import annotations

import re
from itertools import islice

from bot.messages import Message
from bot.talk import enrol, notice, outlook
from bot.talk.turn import Turn, says
from bot.wording import Words
from lessons import typed

MOST, LONGEST = 12, 30
"""Words of a greeting that are looked at, and letters of each."""
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"[^\w/]+")


def after(words: Words, text: str) -> str | None:
    """Return what a text says after its greeting, which may be nothing; None when it begins with none."""
    known, whom = _listed(words, "answer.greeting"), _listed(words, "answer.greeting.whom")
    said, longest = list(islice(_WORD.finditer(text), MOST)), max(map(len, known + whom))
    place = 0
    while True:
        ahead = [_folded(word[0]) for word in said[place : place + longest]]
        greets = known + whom if place else known
        matched = max((len(one) for one in greets if one == ahead[: len(one)]), default=0)
        if not matched:
            break
        place += matched
    if not place:
        return None
    rest = text[said[place - 1].end() :]
    return rest[marks.end() :] if (marks := _MARKS.match(rest)) else rest


def answer(turn: Turn, hint: str) -> list[Message]:
    """Greet in return, and say what comes next. `hint`: how to answer the question that waits, if any does."""
    if hint:
        return says(enrol.hinting(turn, turn.words("greeting.question", hint=hint)))
    match turn.learner.state:
        case "active":
            return says(turn.words("greeting.active", next=outlook.upcoming(turn)))
        case "paused":
            ends = outlook.pause_end(turn) is not None
            return says(outlook.paused(turn) if ends else turn.words("greeting.paused"))
        case _:
            return notice.ask(turn)


def _listed(words: Words, key: str) -> list[list[str]]:
    return [[_folded(part) for part in _WORD.findall(one)] for one in words.plain(key).split(",")]


def _folded(word: str) -> str:
    return typed.fold(word[:LONGEST])
