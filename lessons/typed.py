# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Typed text as it is compared: the one reader of commands, choices, numbers, hours, days and names.

`clean` says what was typed, whatever the keyboard; `fold` says it without case, accents and closing marks; `words` says
its words alone. `bare` takes away the words that people put around what they mean, in French and in English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

LONGEST = 4096
"""Characters that are read."""

# Before NFKC, which makes a space and a combining accent of ´.
_UNIFIED = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`ʼʹ＇", "'"),
        **dict.fromkeys("“”„‟″«»‹›＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－→➔➜➡⇒", "-"),
        "№": "n°",
        "×": "x",
        "٪": "%",
        "º": "°",
        "œ": "oe",
        "Œ": "OE",
        "æ": "ae",
        "Æ": "AE",
        # 🅰 and 🅐 are letters that NFKC leaves as they are.
        **{chr(first + place): chr(65 + place) for first in (0x1F150, 0x1F170) for place in range(26)},
    }
)
_INVISIBLE = frozenset("\u034f\u115f\u1160\u3164\u20e3")
"""Joiners and fillers that no category tells from letters, and the frame of a keycap."""
_KEPT = "°"
_SPACES = re.compile(r"\s+")
_ENDS = " .,;:!?…\"'()[]{}*_~-"
_STARTS = " .,;:?…\"'()[]{}*_"
_WORD = re.compile(r"[^\W_]+|[%€$£°+<>=&#-]")
_LETTERS = re.compile(r"[^\W_]+")


class _Marks(dict[int, str]):
    """What becomes of each mark, looked up once: texts are then translated at the speed of C."""

    def __init__(self, become: Callable[[str], str]) -> None:
        super().__init__()
        self._become = become

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, self._become(chr(code)))


def _meant(mark: str) -> str:
    kind, digit = unicodedata.category(mark), unicodedata.digit(mark, None)
    if digit is not None:
        return str(digit)
    if mark.isspace() or (kind in ("So", "Sk") and not mark.isascii() and mark not in _KEPT):
        return " "
    return "" if kind[0] == "C" or mark in _INVISIBLE or _varies(mark) else mark


def _varies(mark: str) -> bool:
    """Tell a variation selector, which only says how the sign before it looks."""
    return "\ufe00" <= mark <= "\ufe0f" or "\U000e0100" <= mark <= "\U000e01ef"


_MEANT = _Marks(_meant)
_UNACCENTED = _Marks(lambda mark: "" if unicodedata.combining(mark) else mark)


def clean(text: str) -> str:
    """Return a text as it was meant: NFKC; one kind of quotes, dashes, digits and spaces; nothing invisible, no emoji."""
    # One ligature may become 18 letters: cut before and after.
    normal = unicodedata.normalize("NFKC", text[:LONGEST].translate(_UNIFIED))[:LONGEST]
    return _SPACES.sub(" ", normal.translate(_UNIFIED).translate(_MEANT)).strip()


def fold(text: str, *, accents: bool = False) -> str:
    """Return a text without case, accents, and the marks and quotation marks around it: Stop !, « STOP » and stop are one.

    With `accents`, they stay: À is no a.
    """
    folded = clean(text).casefold()
    if not accents:
        folded = unicodedata.normalize("NFKD", folded).translate(_UNACCENTED)
    return _SPACES.sub(" ", folded).lstrip(_STARTS).rstrip(_ENDS)


def words(text: str, *, signs: bool = True) -> tuple[str, ...]:
    """Return the words of a text, folded; with the signs that change what it says, as % and +."""
    return tuple((_WORD if signs else _LETTERS).findall(fold(text)))


GREETINGS = ["bonjour", "bonsoir", "salut", "coucou", "hello", "hi"]
POLITE = [
    "s'il vous plait",
    "s'il te plait",
    "s il vous plait",
    "s il te plait",
    "svp",
    "s.v.p",
    "stp",
    "please",
    "pls",
    "plz",
    "merci beaucoup",
    "merci bien",
    "merci d'avance",
    "merci",
    "thank you",
    "thanks",
    "thx",
    "desole",
    "desolee",
    "sorry",
    "bien cordialement",
    "cordialement",
    "cdlt",
    "cdt",
    "bien a vous",
    "bonne journee",
    "bonne soiree",
    "bonne continuation",
    "best regards",
    "kind regards",
    "regards",
]
OPINIONS = [
    "euh",
    "alors",
    "donc",
    "je pense que",
    "je pense",
    "je crois que",
    "je crois",
    "il me semble",
    "selon moi",
    "a mon avis",
    "i think",
    "i guess",
]
COURTESY = [*GREETINGS, *POLITE, *OPINIONS]
"""What politeness adds before or after a word."""
ARTICLES = [
    "la",
    "le",
    "les",
    "un",
    "une",
    "des",
    "du",
    "de",
    "au",
    "aux",
    "ma",
    "mon",
    "mes",
    "the",
    "my",
    "an",
    "l'",
    "d'",
]
ANSWERS = [
    "ma reponse est",
    "la reponse est",
    "la bonne reponse est",
    "reponse est",
    "answer is",
    "c'est",
    "c est",
    "cest",
    "je dirais que",
    "je dirais",
    "je reponds",
    "j'aurais dit",
    "disons",
    "je pense que",
    "je pense",
    "je mets",
    "ce serait",
    "ce sera",
    "pour moi",
    "plutot",
    "my answer is",
    "it's",
    "it is",
    "i'd say",
    "i think",
    "reponses",
    "reponse",
    "answers",
    "answer",
]
"""Phrases that lead to any answer."""
POINTERS = [
    *ANSWERS,
    "choix",
    "options",
    "option",
    "propositions",
    "proposition",
    "lettres",
    "lettre",
    "choices",
    "choice",
    "je choisis",
    "je prends",
    "je vote pour",
    "je vote",
    "je penche pour",
    "je pencherais pour",
    "j'opte pour",
    "je coche",
    "je selectionne",
    "mon choix est",
    "je suis",
    "je veux",
    "je voudrais",
    "je prefere",
    "i choose",
    "i pick",
    "i'd go with",
    "i go with",
    "i vote for",
    "i want",
    "i'd like",
    "i prefer",
    "i am",
    "i'm",
    "numeros",
    "numero",
    "num",
    "no",
    "n°",
    "n",
    "nr",
    "number",
    "#",
]
"""What leads to the choice that is meant: the answer is, number, option."""
ABOUT = [
    "a peu pres",
    "environ",
    "autour de",
    "dans les",
    "aux alentours de",
    "de l'ordre de",
    "approximativement",
    "quelque chose comme",
    "vers",
    "about",
    "around",
    "approximately",
    "roughly",
    "some",
]
"""What says that a number or an hour is not exact; it is taken as said."""


@lru_cache(maxsize=64)
def _around(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    parts = (re.escape(part) + ("" if part[-1] in "'#°" else r"(?![\w'-])") for part in longest_first)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})")


@lru_cache(maxsize=64)
def _at_end(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(map(re.escape, longest_first))})$")


def bare(text: str, *around: list[str]) -> str:
    """Return a text, folded, without the phrases that stand around what is meant."""
    phrases = tuple(phrase for some in around for phrase in some)
    left = _around(phrases).sub(" ", fold(text))
    return fold(_SPACES.sub(" ", left).strip(" ,;:!?"))


def pointed(text: str, *around: list[str], leads: list[str] = POINTERS) -> str:
    """Return what is bare of a text, without what leads to it: "la réponse 2" is 2, "2 réponses" is not."""
    return led(bare(text, *around), leads)


def led(text: str, *leads: list[str]) -> str:
    """Return a folded text without these phrases at its beginning; elsewhere they stay."""
    pattern = _around(tuple(phrase for some in leads for phrase in some))
    while (lead := pattern.match(text)) is not None and lead.end():
        text = text[lead.end() :].lstrip(" .,;:")
    return text


def trailed(text: str, *trails: list[str]) -> str:
    """Return a folded text without these phrases at its end; elsewhere they stay."""
    phrases = tuple(phrase for some in trails for phrase in some)
    longest = max(map(len, phrases))
    while (trail := _at_end(phrases).search(text, max(0, len(text) - longest))) is not None:
        text = text[: trail.start()].rstrip(_ENDS)
    return text
