# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Requests to send nothing before a day: « merci de ne rien m’envoyer avant le 5 janvier », a pause until that day.

« Arrêtez avant vendredi » is none: it says by when something is to stop. Nor is an hour, a question, or what is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.talk import ends, phrases
from bot.talk.clauses import Word, joined
from lessons import typed

_LEADS = frozenset(("avant", "before", "d'ici"))
LEAD = re.compile(r"\b(?:avant|before|d'ici)\b")
"""What stands before the day."""
_AFTER_LEAD = frozenset(("a", "au", "aux", "to"))
_ASKED = ("stop", "silence")
"""What asks for it, by the rules of `wording/requests.txt`."""
_NEGATIVE = re.compile(r"\b(?:ne|rien|pas|plus|aucune?|jamais|no|not|don'?t|never|nothing)\b|\bn'")
_AT_MOST = re.compile(r"\b(?:pas plus|no more than|not more than)\b")
"""A limit: « pas plus d’une leçon avant lundi »."""
_ABOUT = re.compile(r"(?:il faut|faut-il|on |comment)\b")
"""How a sentence begins that is about everybody."""
_REQUEST = 14
"""Words of the longest request."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A request that nothing be sent before a day."""

    first: int
    last: int
    """The words of the request, with the day where that stands first: from `first`, before `last`."""
    until: tuple[str, ...]
    """What may be the day, as the end of a pause, likeliest first."""
    rest: int
    """Where what it says no more begins."""


def found(words: list[Word], at: int, after: int) -> Silence | None:
    """Return the request with which a clause, the words from `at` before `after`, begins, or whose day it is."""
    lead = next(
        (place for place in range(at, min(after, at + _REQUEST)) if words[place].said in _LEADS), None
    )
    if lead is None:
        return None
    day = lead + 1 + (words[lead + 1].said in _AFTER_LEAD)
    days = list(_days(words, day))
    if not days:
        return None
    until = tuple(f"jusqu'a {said}" for said in days)
    behind = day + len(days[0].split(" "))
    if lead > at:
        return Silence(at, lead, until, behind) if _asks(joined(words, at, lead)) else None
    # « Avant le 5 janvier, ne m’envoyez rien »
    if words[behind].ends:
        return None
    end = next(place for place in range(behind + 1, len(words)) if words[place].parted)
    return Silence(at, end, until, end) if _asks(joined(words, behind, end)) else None


def _days(words: list[Word], at: int) -> Iterator[str]:
    """Yield the days that may be meant, without those that are today, or an hour: « avant ce soir », « avant 9 »."""
    for said in ends.beside(words, at, back=True):
        if not said.isdigit() and not ends.is_today(said):
            yield said


def _asks(said: str) -> bool:
    bare = typed.bare(said, typed.COURTESY)
    if not _NEGATIVE.search(bare) or _AT_MOST.search(bare) or _ABOUT.match(bare):
        return False
    return phrases.asks_for(bare) in _ASKED
