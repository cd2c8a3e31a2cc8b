# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Grading of answers, (question, answer) → right, partly right or wrong; and reading of typed numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from lessons import numerals, typed
from lessons.model import Kind, Question

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 60
"""Characters of the longest text that is read as a number."""

_FIGURES = re.compile(
    r"(?P<sign>[+-]?)(?:"
    r"(?P<spaced>[0-9]{1,3}(?:[ '][0-9]{3}){1,4}(?:[.,][0-9]{1,6})?)"
    r"|(?P<dotted>[0-9]{1,3}(?:(?:\.[0-9]{3}){2,4}(?:,[0-9]{1,6})?|\.[0-9]{3},[0-9]{1,6}))"
    r"|(?P<commaed>[0-9]{1,3}(?:(?:,[0-9]{3}){2,4}(?:\.[0-9]{1,6})?|,[0-9]{3}\.[0-9]{1,6}))"
    r"|(?P<doubtful>[1-9][0-9]{0,2}[.,][0-9]{3})"
    r"|(?P<plain>[0-9]{1,15}(?:[.,][0-9]{1,6})?)"
    r")(?![0-9]|[.,'][0-9])"
)
_NO_WHOLE = re.compile(r"^[.,](?=[0-9])")
_POWER = re.compile(r"[\d)][⁰¹²³⁴-⁹]")
"""A superscript: NFKC would turn 5² into 52."""
_UNENDED = re.compile(r"^[^\"'].*[0-9] ?['\"]+$|[0-9] ?-+$")
"""An unfinished text: 30' are minutes, and « 70- » begins a range."""
_PERCENT = re.compile(r"(?<![\w-])(?:pour[ -]?cents?|pourcents?|per ?cents?|pct|pour 100)(?![\w-])")
_CANONICAL = re.compile(r"-?[0-9]{1,24}(?:\.[0-9]{1,6})?")
_SAME_UNITS = (
    {"€", "euro", "eur"},
    {"ht", "hor", "taxe"},
    {"h", "heure", "hour"},
    {"min", "mn", "minute"},
    {"s", "sec", "seconde", "second"},
    {"fois", "foi", "x", "time", "par"},
    {"kwh", "kilowattheure"},
)
"""Other ways to write a unit, each word without its plural."""
_BEFORE = frozenset({"€", "euro", "eur", "%", "x", "par"})
"""Units that may stand before their number: « page 5 » is not five pages."""


class Verdict(StrEnum):
    """How good an answer was."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"


def grade(question: Question, keys: Sequence[str]) -> Verdict:
    """Judge the keys of the choices made; of a number, the one text typed.

    Several choices are right when all the right ones and no other were made. They are partly right when more
    right ones than wrong ones were: so neither ticking everything where half is wrong, nor one lucky guess
    beside one error, is rewarded. A number is right up to the tolerance, partly right up to twice it.

    Raises:
        ValueError: this is no answer to the question: an unknown key, two choices where one is asked for, none, a
            text that is not a number.
    """
    if question.kind is Kind.NUMBER:
        return _grade_number(question, keys)
    choices = dict(question.keyed())
    chosen = set(keys)
    if not chosen or not chosen <= choices.keys():
        raise ValueError(f"not choices of question {question.id}: {sorted(chosen)}")
    right = {key for key, choice in choices.items() if choice.correct}
    if question.kind is not Kind.MULTIPLE and len(chosen) > 1:
        raise ValueError(f"question {question.id} takes one choice")
    if chosen == right:
        return Verdict.RIGHT
    return Verdict.PARTLY if len(chosen & right) > len(chosen - right) else Verdict.WRONG


def _grade_number(question: Question, keys: Sequence[str]) -> Verdict:
    given = _given(keys[0], question.unit) if len(keys) == 1 else None
    if given is None:
        raise ValueError(f"not a number for question {question.id}")
    distance = abs(given - decimal(question.answer))
    if distance <= question.tolerance:
        return Verdict.RIGHT
    return Verdict.PARTLY if distance <= 2 * question.tolerance else Verdict.WRONG


def _given(key: str, unit: str) -> Decimal | None:
    if _CANONICAL.fullmatch(key):
        return Decimal(key)
    numbers = read_numbers(key, unit)
    return numbers[0] if len(numbers) == 1 else None


def is_positive(question: Question) -> bool:
    """Tell whether every number below zero is wrong for a question of numbers."""
    return decimal(question.answer) >= 2 * question.tolerance


def decimal(value: Decimal | None) -> Decimal:
    """Return the answer or tolerance of a question of numbers, which has both.

    Raises:
        ValueError: the question is of another kind.
    """
    if value is None:
        raise ValueError("only questions of numbers have an answer and a tolerance")
    return value


def read_numbers(text: str, unit: str = "") -> tuple[Decimal, ...]:
    """Return the number in "45", "45,5", "environ 1 500" (any space), "-2", « cinq », or in one of these and `unit`.

    The comma and the point are both decimal signs, and both part thousands. So "72.000" and "1,234" have two readings, the
    larger one first. Any other text has none. Nor has "0,75" for a percentage without a "%": 75 may be
    meant.
    """
    cleaned = typed.clean(text)
    if len(text) > LONGEST or _POWER.search(text) or _UNENDED.search(cleaned):
        return ()
    around = (typed.COURTESY, ["la", "le", "les"], typed.ABOUT)
    said = typed.pointed(_NO_WHOLE.sub("0.", cleaned), *around, leads=typed.ANSWERS)
    said = _PERCENT.sub("%", said.lstrip("~≈=± "))
    match = _FIGURES.search(said)
    if match is None:
        return _in_words(said, unit)
    before, after = said[: match.start()], said[match.end() :]
    if not _is_unit(before, after, unit):
        return ()
    sign = -1 if match["sign"] == "-" else 1
    if (figures := match["spaced"]) is not None:
        return (sign * Decimal(re.sub("[ ']", "", figures).replace(",", ".")),)
    if (figures := match["dotted"]) is not None:
        return (sign * Decimal(figures.replace(".", "").replace(",", ".")),)
    if (figures := match["commaed"]) is not None:
        return (sign * Decimal(figures.replace(",", "")),)
    if (figures := match["doubtful"]) is not None:
        return sign * Decimal(re.sub("[.,]", "", figures)), sign * Decimal(figures.replace(",", "."))
    number = sign * Decimal(match["plain"].replace(",", "."))
    is_share = unit == "%" and 0 < abs(number) < 1 and "%" not in before + after
    return () if is_share else (number,)


def _in_words(said: str, unit: str) -> tuple[Decimal, ...]:
    """Return the number in words that a text begins with, when only its unit follows."""
    if said.startswith("-"):
        return ()  # a minus, or the mark of a list
    words = said.replace("-", " ").split()
    before = words.pop(0) if words[:1] == ["par"] else ""
    for length in range(min(len(words), numerals.LONGEST), 0, -1):
        number = numerals.number_of(words[:length])
        if number is not None and words != ["un"] and words != ["une"]:  # alone they are articles
            return (Decimal(number),) if _is_unit(before, " ".join(words[length:]), unit) else ()
    return ()


def _is_unit(before: str, after: str, unit: str) -> bool:
    """Tell whether what stands beside a number is its unit, a part of it, or nothing."""
    ahead = [_singular(word) for word in typed.words(before)]
    said = [*ahead, *(_singular(word) for word in typed.words(after))]
    if not said:
        return not before.strip() and not after.strip()
    known = {_singular(word) for word in typed.words(unit)}
    known |= {word for same in _SAME_UNITS if same & known for word in same}
    return len(said) == len(set(said)) and known.issuperset(said) and _BEFORE.issuperset(ahead)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 2 and word.endswith(("s", "x")) else word
