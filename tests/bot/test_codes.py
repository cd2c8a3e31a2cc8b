# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Codes of attestations: made, typed back, mistyped, and told from other words."""

from __future__ import annotations

import random

from bot import codes

CODE = "7K3M92QFXT4D8RB"
CODE += codes.check(CODE)


def changed(code: str, place: int, symbol: str) -> str:
    return code[:place] + symbol + code[place + 1 :]


def test_each_wrong_symbol_is_found() -> None:
    for code in {codes.new() for _ in range(20)}:
        for place in range(codes.LENGTH):
            for symbol in set(codes.SYMBOLS) - {code[place]}:
                assert codes.read(changed(code, place, symbol))[0] == ""


def test_hardly_two_neighbours_in_the_wrong_order_pass() -> None:
    chance, passed, tried = random.Random(1), 0, 0  # noqa: S311 - no secret
    for _ in range(500):
        drawn = "".join(chance.choices(codes.SYMBOLS, k=codes.LENGTH - 1))
        code = drawn + codes.check(drawn)
        for place in range(codes.LENGTH - 1):
            first, second = code[place], code[place + 1]
            swapped = code[:place] + second + first + code[place + 2 :]
            if first != second:
                tried += 1
                passed += codes.read(swapped)[0] == swapped
    assert passed / tried < 0.01


def test_a_code_is_read_in_any_case_with_spaces_and_dashes_and_the_name_behind_it() -> None:
    shown = codes.shown(CODE)
    assert shown.count("-") == 3
    for typed in (
        shown,
        CODE,
        shown.lower(),
        shown.replace("-", " "),
        shown.replace("-", " – "),
        f"« {shown} »",
    ):
        assert codes.read(typed.strip("« »"))[0] == CODE, typed
    for typed in (f"{shown} Zoé Le Goff", f"{shown.replace('-', ' ')} : Zoé Le Goff", f"{CODE}, Zoé Le Goff"):
        assert codes.read(typed) == (CODE, "Zoé Le Goff"), typed


def test_a_sign_that_no_code_has_is_read_as_the_one_that_fits() -> None:
    read = [
        codes.read(changed(CODE, place, wrong))[0]
        for wrong, meant in {"O": "QD", "0": "QD", "I": "JT7", "1": "JT7", "l": "JT7", "u": "VW"}.items()
        for place in range(codes.LENGTH)
        if CODE[place] in meant
    ]
    assert read
    assert set(read) == {CODE}
    assert codes.read(changed(CODE, CODE.index("K"), "0"))[0] == "", "no other symbol fits here"
    assert codes.read("O" * codes.LENGTH)[0] == "", "too many ways to read it"


def test_too_few_and_too_many_symbols_are_no_code() -> None:
    for wrong in (CODE[:-1], f"{CODE}A", "", "7K3M", "é" * 16):
        assert codes.read(wrong)[0] == "", wrong


def test_a_text_names_a_code_or_something_else() -> None:
    for code in {codes.new() for _ in range(200)}:
        shown = codes.shown(code)
        for typed in (
            code,
            shown,
            shown.lower(),
            shown.replace("-", " "),
            f"{shown} Zoé",
            f"{code[:-1]} Zoé",
        ):
            assert codes.begins(typed), typed
    others = (
        "les informations",
        "tous ceux dont rien",
        "2027",
        "3 sources",
        "la 2e réponse",
        "article 50",
        "le RGPD",
    )
    assert [text for text in others if codes.begins(text)] == []
