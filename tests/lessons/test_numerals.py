# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Numbers in words, French and English."""

from __future__ import annotations

import pytest

from lessons.numerals import number_of


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("zero", 0), ("une", 1), ("seize", 16), ("dix sept", 17), ("vingt et un", 21), ("vingt et une", 21),
        ("soixante dix", 70), ("soixante et onze", 71), ("septante deux", 72), ("quatre vingts", 80), ("huitante", 80),
        ("quatre vingt dix neuf", 99), ("cent", 100), ("cent un", 101), ("deux cents", 200), ("deux cent trois", 203),
        ("mille", 1000), ("mille neuf cent quatre vingt quatre", 1984), ("soixante douze mille", 72_000),
        ("cent un mille dix", 101_010), ("six", 6), ("twenty one", 21), ("a hundred", 100), ("one hundred and five", 105),
        ("seventy two thousand", 72_000), ("a thousand", 1000),
    ],
)  # fmt: skip
def test_french_and_english_words_are_numbers(said: str, number: int) -> None:
    assert number_of(said.split()) == number


@pytest.mark.parametrize(
    "said",
    ["", "sept cinq", "vingt trois quatre", "trois quarts", "mille mille", "deux mille trois mille", "cent cent",
     "un million", "a", "et un", "vingt et", "trente et deux", "beaucoup", "un " * 50],
)  # fmt: skip
def test_other_words_are_not_numbers(said: str) -> None:
    assert number_of(said.split()) is None


def test_french_hundreds_and_eighties_are_numbers() -> None:
    units = ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
    assert [number_of([unit, "cent"]) for unit in units[1:]] == list(range(200, 1000, 100))
    assert [number_of(["quatre", "vingt", unit]) for unit in units] == list(range(81, 90))
