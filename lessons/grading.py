# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Grading of answers, (question, answer) → right, partly right or wrong; and reading of typed numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from lessons.model import Kind, Question

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 60
"""Characters of the longest text that is read as a number."""

_NUMBER = re.compile(r"([+-]?)([0-9]{1,3}(?: [0-9]{3}){1,4}|[0-9]{1,15})(?:[.,]([0-9]{1,6}))?")
_SPACES = re.compile(r"\s+")


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
    given = read_number(keys[0], question.unit) if len(keys) == 1 else None
    if given is None:
        raise ValueError(f"not a number for question {question.id}")
    distance = abs(given - decimal(question.answer))
    if distance <= question.tolerance:
        return Verdict.RIGHT
    return Verdict.PARTLY if distance <= 2 * question.tolerance else Verdict.WRONG


def decimal(value: Decimal | None) -> Decimal:
    """Return the answer or tolerance of a question of numbers, which has both.

    Raises:
        ValueError: the question is of another kind.
    """
    if value is None:
        raise ValueError("only questions of numbers have an answer and a tolerance")
    return value


def read_number(text: str, unit: str = "") -> Decimal | None:
    """Return the number in "45", "45,5", "45.5", "1 500" (any space), "+3", "-2", or in one of these and `unit`.

    Return None for any other text. The comma and the point are both decimal signs: "1,500" is one and a half.
    """
    if len(text) > LONGEST:
        return None
    figure = _SPACES.sub(" ", text).strip().replace("−", "-").casefold()
    suffix = _SPACES.sub(" ", unit).strip().casefold()
    match = _NUMBER.fullmatch(figure.removesuffix(suffix).rstrip()) or _NUMBER.fullmatch(figure)
    if match is None:
        return None
    sign, whole, decimals = match.groups("0")
    return Decimal(f"{sign.strip('0')}{whole.replace(' ', '')}.{decimals}")
