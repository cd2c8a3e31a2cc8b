# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Places in a list, as people type them: 2, b, « la 2e », « n° deux », "the third one", « la dernière ».

A text with anything else in it names no place.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lessons import typed
from lessons.typed import COURTESY, POINTERS

_ARTICLES = ["la", "le", "les", "l'", "ma", "mon", "mes", "the", "my"]
SURELY = [
    *("seulement", "uniquement", "juste", "evidemment", "surement", "probablement", "certainement"),
    *("bien sur", "only", "just", "probably", "surely", "ok", "rep", "hum", "bah", "ben"),
]
"""Words around a place that change nothing. They are not removed from labels."""
_PLURAL = re.compile(r"(?<![\w-])(?:les|mes|the) $")
_CARDINALS = (
    ("un", "une", "one"),
    ("deux", "two"),
    ("trois", "three"),
    ("quatre", "four"),
    ("cinq", "five"),
    ("six",),
    ("sept", "seven"),
    ("huit", "eight"),
    ("neuf", "nine"),
)
_ORDINALS = (
    ("premier", "premiere", "first"),
    ("deuxieme", "second", "seconde"),
    ("troisieme", "third"),
    ("quatrieme", "fourth"),
    ("cinquieme", "fifth"),
    ("sixieme", "sixth"),
    ("septieme", "seventh"),
    ("huitieme", "eighth"),
    ("neuvieme", "ninth"),
)
_COUNTED = {word: place for place, words in enumerate(_CARDINALS, 1) for word in words}
_ORDERED = {word: place for place, words in enumerate(_ORDINALS, 1) for word in words}
_LAST = {"derniere": 0, "dernier": 0, "last": 0, "avant-derniere": 1, "avant-dernier": 1, "avant derniere": 1}
"""Word → number of places after it."""
_INDEFINITE = ("un", "une")
"""Alone they are articles: the text is unfinished."""
_FIGURE = re.compile(r"[1-9][0-9]?")
_ORDINAL = re.compile(r"([1-9][0-9]?)(?:er|ere|re|e|eme|ieme|nd|nde|rd|st|th|°)")
_THING = re.compile(r" (?:reponse|choix|option|proposition|lettre|answer|choice|one)$")
_KINDS: dict[str, Callable[[str], object]] = {
    "figure": lambda word: word[:1].isdigit(),
    "letter": lambda word: len(word) == 1 and word.isalpha(),
    "cardinal": lambda word: word in _COUNTED,
    "ordinal": lambda word: word in _ORDERED or word in _LAST,
}
_ALL = frozenset({"tous", "toutes", "tout", "all"})
_ALL_NAMED = frozenset(
    {
        "toutes les reponses",
        "toutes les propositions",
        "toutes les options",
        "tous les choix",
        "all of them",
        "all of the above",
        "all the answers",
        "all answers",
    }
)
_FIRST = re.compile(
    r"(?:les )?(?P<count>\w+) (?P<end>premier|dernier)e?s(?: (?:reponses|choix|options|propositions))?"
    r"|(?:the )?(?P<edge>first|last) (?P<number>\w+)(?: ones)?"
)
_ALL_COUNTED = re.compile(r"(?:(?:tous|toutes) )?les (\w+)|all (\w+)|the (\w+)")

_RAISED = re.compile("[ª⁰¹²³⁴-⁹]")
_NO_LETTER = re.compile(r"(?<![^\W_])(?!à)[^\W\d_a-z](?!'?[^\W_])|(?<![\w'])[a-z]'(?!\w)")
_TO = re.compile(r"(?<![^\W_])(?<!\w')(?:jusqu' )?à(?! mon avis)(?![^\W_])")


def fold(text: str) -> str:
    """Return a folded text for the readers of this module, in which folding makes no letter or figure that was not typed.

    « à » becomes "jusqu'a". Other single letters with an accent, « c’ » and ² become ¤, which names no place.
    """
    plain = _NO_LETTER.sub("¤", typed.clean(_RAISED.sub("¤", text)).casefold())
    return typed.fold(_TO.sub("jusqu'a", plain))


def sole(text: str, last: int, *, letters: bool = True) -> int | None:
    """Return the place, from 0, that a `fold`ed text names by a figure or a letter alone."""
    if _FIGURE.fullmatch(text):
        place = int(text)
    elif letters and re.fullmatch(r"[a-z]", text):
        place = ord(text) - ord("a") + 1
    else:
        return None
    return place - 1 if place <= last else None


def place(text: str, last: int, *, letters: bool = True, listed: bool = False) -> int | None:
    """Return which of `last` places, from 0, a `fold`ed text names, with words that lead to it and polite ones.

    `listed`: the text is one item of a list, where « les 1 » and « un » are places. Alone, « les 2 » means both and « un »
    is an article.
    """
    core = typed.led(text, COURTESY, POINTERS, SURELY, _ARTICLES)
    lead, core = text[: len(text) - len(core)], typed.trailed(core, COURTESY, SURELY)
    if (at := sole(core, last, letters=letters)) is not None:
        return at if listed or core.isalpha() or not _PLURAL.search(lead) else None
    if core in _COUNTED:
        whole = listed or not (_PLURAL.search(lead) or (core in _INDEFINITE and not lead.strip()))
        return _within(_COUNTED[core], last) if whole else None
    core = _THING.sub("", core)
    if (ordinal := _ORDINAL.fullmatch(core)) is not None:
        return _within(int(ordinal[1]), last)
    if core in _LAST:
        return _within(last - _LAST[core], last)
    return _within(_ORDERED.get(core, 0), last)


def places(text: str, last: int) -> list[int]:
    """Return the places, from 0, of a text such as "1-3", « deux quatre » or « les deux premières ».

    All must be of one kind: « une seconde » and "a 2" name no places.
    """
    if (first := _FIRST.fullmatch(text)) is not None:
        count = _counted(first["count"] or first["number"])
        begins = (first["end"] or first["edge"]) in ("premier", "first")
        if 1 < count <= last:
            return list(range(count) if begins else range(last - count, last))
    words = re.split(r"[\s-]+", typed.led(text, ["les", "the"]))
    kinds = {kind for word in words for kind, known in _KINDS.items() if known(word)}
    if len(words) < 2 or len(kinds) != 1:
        return []
    found = [at for word in words if (at := place(word, last, listed=True)) is not None]
    return found if len(found) == len(words) else []


def is_all(text: str, last: int) -> bool:
    """Tell whether the whole of a `fold`ed text means every place: « toutes », « les deux » of two; not « salut tous »."""
    core = typed.trailed(typed.led(text, typed.OPINIONS, typed.ANSWERS), typed.POLITE, typed.OPINIONS)
    if core in _ALL or (core == "both" and last == 2):
        return True
    core = typed.led(core, COURTESY, POINTERS)
    if core in _ALL_NAMED:
        return True
    if (counted := _ALL_COUNTED.fullmatch(core)) is None:
        return False
    (count,) = filter(None, counted.groups())
    return _counted(count) == last


def _counted(count: str) -> int:
    """Return the number that a figure or a word means; 0 for any other word."""
    return int(count) if _FIGURE.fullmatch(count) else _COUNTED.get(count, 0)


def _within(number: int, last: int) -> int | None:
    return number - 1 if 1 <= number <= last else None
