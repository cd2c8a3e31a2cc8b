# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Numbers in words, French and English: « soixante-douze mille », "twenty-one". A text with any other word is not read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

LONGEST = 12
"""Words of the longest number below a million, with a margin."""

# fmt: off
_FRENCH = [
    "zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix sept", "dix huit", "dix neuf",
]
_ENGLISH = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]
_FRENCH_TENS = {
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "quatre vingt": 80,
    "huitante": 80, "nonante": 90,
}
_ENGLISH_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}
# fmt: on
_TO_TWENTY = ("soixante", "quatre vingt")
"""Tens that count on to nineteen: soixante-dix-neuf."""
_PLURALS = {"vingts": "vingt", "cents": "cent", "milles": "mille", "une": "un"}
_THOUSANDS = ("mille", "thousand")


def number_of(words: Sequence[str]) -> int | None:
    """Return the number that folded words are, up to 999 999; nothing for any other words."""
    said = [_PLURALS.get(word, word) for word in words]
    if not said or len(said) > LONGEST:
        return None
    at = next((at for at, word in enumerate(said) if word in _THOUSANDS), None)
    if at is None:
        return _below_thousand().get(" ".join(said))
    before, after = " ".join(said[:at]), " ".join(said[at + 1 :])
    thousands = _below_thousand().get(before) if before not in ("", "a") else 1
    rest = _below_thousand().get(after) if after else 0
    return None if not thousands or rest is None else thousands * 1000 + rest


@cache
def _below_thousand() -> dict[str, int]:
    """Return every way to write a number below a thousand, without hyphens and plurals."""
    french, english = _below_hundred(_FRENCH, _FRENCH_TENS), _below_hundred(_ENGLISH, _ENGLISH_TENS)
    said = french | english
    for hundreds in range(1, 10):
        name = "cent" if hundreds == 1 else f"{_FRENCH[hundreds]} cent"
        said |= _with_hundreds(name, hundreds, french)
        for name in (f"{_ENGLISH[hundreds]} hundred", *["a hundred"] * (hundreds == 1)):
            said |= _with_hundreds(name, hundreds, english)
            said |= _with_hundreds(f"{name} and", hundreds, english)
    return said


def _below_hundred(names: list[str], tens: dict[str, int]) -> dict[str, int]:
    said = {name: value for value, name in enumerate(names)}
    for name, ten in tens.items():
        said[name] = ten
        for unit in range(1, 20 if name in _TO_TWENTY else 10):
            said[f"{name} {names[unit]}"] = ten + unit
            if names[unit] in ("un", "onze"):
                said[f"{name} et {names[unit]}"] = ten + unit
    return said


def _with_hundreds(name: str, hundreds: int, below: dict[str, int]) -> dict[str, int]:
    said = {f"{name} {rest}": hundreds * 100 + value for rest, value in below.items() if value}
    return said if name.endswith(" and") else said | {name: hundreds * 100}
