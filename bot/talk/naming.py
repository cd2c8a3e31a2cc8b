# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The name in what is typed for a paper: the words around it are taken out, and what is no name is refused.

A wrong name on a proof is worse than to be asked again: where a word may be either, it is asked again. What stands in
capitals beside other letters, or before a hyphen, is a name: « BONJOUR Jean », « Oui-Kim ».
"""

from __future__ import annotations

from functools import cache

from bot import names
from bot.names import Refused
from bot.talk import courtesy, delays
from bot.wording import LANGUAGES, words_of
from lessons import typed

_MARKS = ",;:.!…"
"""Signs that part a word from the name: « ok, Marie Dupont »."""
_LEAD = 4
"""Words of the longest phrase before a name."""
_PLEASE = frozenset({"svp", "stp", "s'il vous plait", "s'il te plait", "please"})
"""What is no name behind one, whatever its case and signs."""
_UNITS = frozenset({"heure", "heures", "minute", "minutes", "hour", "hours"})
"""Words of a duration; « An Min » is somebody."""
_ABBREVIATED = 4
"""Characters of the longest last word whose full stop is its own: « Jr. »."""
_FEWEST = 2
"""Words that a name has behind a word that may be its first: « bonjour Marie Dupont »."""


def is_put_off(text: str) -> bool:
    """Tell whether a text says when, rather than a name: « dans une heure », « lundi », « 14 h »."""
    if delays.delay_of(text) is not None:
        return True
    when = delays.delay_of(f"{delays.NAMES[1]} {text}")
    if when is None or when.unread:
        return False
    return when.minutes is None or not _UNITS.isdisjoint(typed.words(text))


def read(text: str) -> str | Refused:
    """Return the name in a text, as it is written on a paper; or why there is none. See `bot.names.read`.

    `Refused.why` is `alone` where something else is said, or may be.
    """
    if len(text) > 4 * names.LONGEST or len(text.strip().splitlines()) > 1:
        return names.read(text)
    said = text.split()
    found = _behind(said)
    if found is None:
        return Refused("alone")
    name = _before(found)
    if _says_otherwise(name):
        return Refused("alone")
    if name == said:
        return names.read(text)
    is_sentence = len(name[-1]) > _ABBREVIATED
    return names.read(" ".join(name).rstrip("." if is_sentence else ""))


def _behind(said: list[str]) -> list[str] | None:
    """Return the words behind what leads to a name; None where it is not sure that they are all of it."""
    while found := _lead(said):
        length, sure = found
        lead, rest = said[:length], said[length:]
        if not rest:
            return None
        if sure:
            said = rest
            continue
        if typed.fold(" ".join(lead)) in _listed("attestation.said.words"):
            if not rest[0][0].isupper():  # « je suis en réunion », « c’est noté »
                return None
        elif " ".join(lead).isupper() and not " ".join(rest).isupper():  # « BONJOUR Jean »
            return said
        elif len(rest) < _FEWEST:
            return None
        said = rest
    return said


def _lead(said: list[str]) -> tuple[int, bool] | None:
    """Return how many words lead to a name, and whether it is sure that they are no part of it."""
    for length in range(min(_LEAD, len(said)), 0, -1):
        phrase, end = " ".join(said[:length]), length
        folded = typed.fold(phrase)
        while end < len(said) and not typed.fold(said[end]):
            end += 1  # « bonjour ! », « nom : »
        parted = end > length or phrase.endswith(tuple(_MARKS))
        if folded in _listed("attestation.given.words"):
            return end, True
        if folded in _listed("attestation.said.words"):
            return end, False
        if folded in _listed("attestation.before.words"):
            return end, parted
        if parted and courtesy.of(phrase) is not None:
            return end, True
    return None


def _before(said: list[str]) -> list[str]:
    """Return the words of a name before thanks and the like."""
    for length in range(min(_LEAD, len(said) - 1), 0, -1):
        name, tail = said[:-length], " ".join(said[-length:])
        folded = typed.fold(tail)
        is_polite = folded in typed.POLITE or courtesy.of(tail) is courtesy.Said.THANKS
        parted = name[-1].endswith(tuple(_MARKS))
        is_lower = tail == tail.lower() and name[-1] != name[-1].lower()  # « Jean Merci » is a name
        if is_polite and (parted or is_lower or folded in _PLEASE):
            return [*name[:-1], name[-1].rstrip(_MARKS)]
    return said


def _says_otherwise(name: list[str]) -> bool:
    """Tell whether words are none of a name: « oui », « je ne sais pas »."""
    whole, words = " ".join(name), {typed.fold(word) for word in name}
    return (
        typed.fold(whole) in _listed("attestation.none.words")
        or typed.fold(whole) in _listed("answer.yes")
        or courtesy.of(whole) is not None
        or not words.isdisjoint(_listed("attestation.sentence.words"))
    )


@cache
def _listed(key: str) -> frozenset[str]:
    return frozenset(typed.fold(one) for language in LANGUAGES for one in words_of(language).phrases(key))
