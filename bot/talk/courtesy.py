# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Thanks, goodbyes and kind words: one short line for them, whatever was said before."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache

from bot.answers import REFUSING
from bot.messages import Message
from bot.talk.turn import Turn, says
from bot.wording import LANGUAGES, words_of
from lessons import typed

LONGEST = 200
"""Characters of a text that is looked through."""


class Said(StrEnum):
    """What a text without a question or an answer in it says."""

    THANKS = "thanks"
    """Thanks, or goodbye."""
    KIND = "kind"
    """« ok », « super », an emoji: it may also be meant as an answer."""


def of(text: str) -> Said | None:
    """Return what kind words a text is; nothing for one that says anything else, or nothing at all."""
    if not text.strip() or len(text) > LONGEST:
        return None
    if not typed.fold(text):
        return Said.KIND if any(map(_is_drawn, text)) else None  # a thumb, a heart
    thanks, kind = _phrases("thanks.words"), _phrases("kind.words")
    if not typed.bare(text, typed.ARTICLES):
        return None
    if typed.bare(text, thanks, kind, typed.ARTICLES):
        return None
    return Said.THANKS if typed.bare(text, kind, typed.ARTICLES) else Said.KIND


def _is_drawn(mark: str) -> bool:
    """Tell an emoji that may be kind from dots, from marks that nobody sees, and from a cross."""
    return unicodedata.category(mark) == "So" and not REFUSING.match(mark)


@cache
def _phrases(key: str) -> list[str]:
    return [typed.fold(phrase) for language in LANGUAGES for phrase in words_of(language).phrases(key)]


def answer(turn: Turn, *, waits: bool) -> list[Message]:
    """Answer kind words. Who has never been asked whether to begin is told how."""
    new = turn.learner.state == "invited" and not waits
    return says(turn.words("thanks.start" if new else "thanks"))
