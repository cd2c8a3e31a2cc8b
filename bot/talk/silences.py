# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Requests to send nothing before a day: « merci de ne rien m’envoyer avant le 5 janvier », a pause until that day.

« Arrêtez avant vendredi » is none: it says by when something is to stop. Nor is an hour, a question, or what is quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

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
_NO_MORE = re.compile(r"\bplus\b")
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
    if lead > at:
        days = [said for said in ends.beside(words, day, back=True) if _is_far(said)]
        if not days or not _asks(joined(words, at, lead), words[lead].said):
            return None
        return Silence(at, lead, tuple(map(_until, days)), day + len(days[0].split(" ")))
    # « Avant le 5 janvier, ne m’envoyez rien »
    for behind in range(min(day + ends.LONGEST, len(words) - 1), day, -1):
        said = joined(words, day, behind)
        if words[behind].ends or ends.day_of(said, date.min, back=True) is None or not _is_far(said):
            continue
        end = next(place for place in range(behind + 1, len(words)) if words[place].parted)
        if _asks(joined(words, behind, end), words[lead].said):
            return Silence(at, end, (_until(said),), end)
    return None


def _is_far(day: str) -> bool:
    """Tell a day from today, and from an hour: « avant ce soir », « avant 9 »."""
    return not day.isdigit() and not ends.is_today(day)


def _until(day: str) -> str:
    return f"jusqu'a {day}"


def _asks(said: str, lead: str) -> bool:
    bare = typed.bare(said, typed.COURTESY)
    if not _NEGATIVE.search(bare) or _AT_MOST.search(bare) or _ABOUT.match(bare):
        return False
    # « Je ne veux plus de messages d'ici vendredi » may say by when it is to stop for good.
    if lead == "d'ici" and _NO_MORE.search(bare):
        return False
    return phrases.asks_for(bare) in _ASKED
