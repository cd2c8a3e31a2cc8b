# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.grading import Verdict, decimal, grade, is_positive, read_numbers
from tests.lessons import builders


@pytest.mark.parametrize(
    ("key", "verdict"), [("a", Verdict.RIGHT), ("b", Verdict.WRONG), ("c", Verdict.WRONG)]
)
def test_one_choice_is_right_or_wrong(key: str, verdict: Verdict) -> None:
    assert grade(builders.question(builders.single()), [key]) is verdict


def test_true_or_false_is_right_or_wrong() -> None:
    asked = builders.question(builders.true_false())
    assert grade(asked, ["b"]) is Verdict.RIGHT
    assert grade(asked, ["a"]) is Verdict.WRONG


def test_several_choices_are_partly_right_when_most_of_those_made_are() -> None:
    expected = {
        "abc": Verdict.RIGHT,
        "cab": Verdict.RIGHT,
        "ab": Verdict.PARTLY,
        "a": Verdict.PARTLY,
        "abd": Verdict.PARTLY,
        "abcde": Verdict.PARTLY,
        "ad": Verdict.WRONG,
        "abde": Verdict.WRONG,
        "d": Verdict.WRONG,
        "de": Verdict.WRONG,
    }
    asked = builders.question(builders.multiple())
    assert {keys: grade(asked, list(keys)) for keys in expected} == expected


@pytest.mark.parametrize("keys", [[], ["z"], ["a", "b"], ["a", "z"], ["Un texte déjà publié"]])
def test_keys_that_are_no_answer_are_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="q1"):
        grade(builders.question(builders.single()), keys)


def test_a_number_is_right_within_the_tolerance_and_partly_right_within_twice() -> None:
    expected = {
        "45": Verdict.RIGHT,
        "35": Verdict.RIGHT,
        "55 mL": Verdict.RIGHT,
        "55,01": Verdict.PARTLY,
        "25": Verdict.PARTLY,
        "65ml": Verdict.PARTLY,
        "65,1": Verdict.WRONG,
        "-45": Verdict.WRONG,
    }
    asked = builders.question(builders.number())
    assert {text: grade(asked, [text]) for text in expected} == expected


def test_without_tolerance_only_the_exact_number_is_right() -> None:
    asked = builders.question(builders.number(answer="0.3", tolerance=0, unit=""))
    assert grade(asked, ["0,30"]) is Verdict.RIGHT
    assert grade(asked, ["0,300001"]) is Verdict.WRONG


@pytest.mark.parametrize("keys", [[], ["beaucoup"], ["45", "46"], ["45 L"]])
def test_a_text_that_is_no_number_is_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="q4"):
        grade(builders.question(builders.number()), keys)


def test_numbers_are_read_as_people_type_them() -> None:
    expected = [
        ("45", "", "45"),
        (" 45 ", "", "45"),
        ("45,5", "", "45.5"),
        ("45.5", "", "45.5"),
        ("1 500", "", "1500"),
        ("1\u202f500", "", "1500"),
        ("1\u00a0500\u00a0000,25", "", "1500000.25"),
        ("+3", "", "3"),
        ("-2", "", "-2"),
        ("−2", "", "-2"),
        ("007", "", "7"),
        ("45 mL", "mL", "45"),
        ("45mL", "mL", "45"),
        ("45 ML", "mL", "45"),
        ("45\u202f%", "%", "45"),
        ("1 500 kWh", "kWh", "1500"),
        ("3 g  CO2", "g CO2", "3"),
        ("45", "mL", "45"),
        ("٤٥", "", "45"),
        ("45.", "", "45"),
        ("45 ?", "", "45"),
        ("«\u00a045\u00a0»", "", "45"),
        ("environ 45", "", "45"),
        ("45 environ", "", "45"),
        ("à peu près 45,5", "", "45.5"),
        ("~45", "", "45"),
        ("≈ 45", "", "45"),
        ("c’est 45", "", "45"),
        ("Réponse : 45", "", "45"),
        ("45, merci", "", "45"),
        ("4️⃣5️⃣", "", "45"),
        (",5", "", "0.5"),
        ("72 000 €", "€ hors taxes", "72000"),
        ("72\u202f000\u00a0€ HT", "€ hors taxes", "72000"),
        ("72000 euros", "€ hors taxes", "72000"),
        ("72’000", "€ hors taxes", "72000"),
        ("€72,000.00", "€ hors taxes", "72000"),
        ("1.234.567,5", "", "1234567.5"),
        ("45 pour cent", "%", "45"),
        ("1 page", "pages", "1"),
        ("3 g CO₂", "g CO2", "3"),
        ("45 pct", "%", "45"),
        ("45٪", "%", "45"),
        ("0,45 %", "%", "0.45"),
        ("0", "%", "0"),
        ("×5", "fois", "5"),
        ("5 x", "fois", "5"),
        ("par cinq", "fois", "5"),
        ("cinq", "pages", "5"),
        ("Une page.", "pages", "1"),
        ("les quatre colonnes", "colonnes", "4"),
        ("soixante-quinze pour cent", "%", "75"),
        ("environ soixante et onze", "", "71"),
        ("quatre-vingts secondes", "secondes", "80"),
        ("nonante-neuf", "", "99"),
        ("Vingt-huit mille euros", "euros", "28000"),
        ("soixante-douze mille euros HT", "€ hors taxes", "72000"),
        ("one hundred and five", "", "105"),
        ("twenty-one pages", "pages", "21"),
    ]
    read = {(text, unit): read_numbers(text, unit) for text, unit, _ in expected}
    assert read == {(text, unit): (Decimal(number),) for text, unit, number in expected}


def test_a_number_that_has_two_readings_has_both() -> None:
    expected = {
        "72.000": ("72000", "72.000"),
        "72,000 €": ("72000", "72.000"),
        "1.234": ("1234", "1.234"),
        "-3,500": ("-3500", "-3.500"),
    }
    read = {text: read_numbers(text, "€") for text in expected}
    assert read == {text: tuple(map(Decimal, numbers)) for text, numbers in expected.items()}
    sole = ["0,500", "72,00", "1234,567", "1 234,567", "72.0000", "1.234,5"]
    assert [text for text in sole if len(read_numbers(text)) != 1] == []


def test_what_says_more_than_a_number_is_none() -> None:
    texts = [
        "pas 45",
        "moins de 45",
        "plus de 45",
        "entre 40 et 50",
        "45 + 3",
        "45-50",
        "45 réponses",
        "45 sur 100",
    ]
    assert [text for text in texts if read_numbers(text, "pages")] == []


def test_anything_else_is_no_number() -> None:
    texts = [
        "",
        " ",
        "mL",
        "beaucoup",
        "45 L",
        "45 mL mL",
        "4,5,6",
        "1e5",
        "inf",
        "nan",
        "1_000",
        "0x10",
        "1 50",
        "- 2",
        "--2",
        "1 500 00",
        "45 ou 50",
        "9" * 16,
        "0,1234567",
        "4" + " " * 60,
        "1/2",
        "½",
    ]
    assert [text for text in texts if read_numbers(text, "mL")] == []


DOUBTFUL = {
    "%": [
        "0,75", "0.75", ".75", "0,033", "-0,5", "75/100", "3/4", "¾", "trois quarts", "75 sur 100", "1 sur 4", "75‰",
        "70-80", "70-", "70 à 80", "> 70", "≥ 70", "plus de 70", "75 ou 76", "1e3", "7.5e1", "75²", "7⁵", "75 cent",
        "75 pour", "cent 75", "n° 75", "numéro 75", "#75", "option 75", "choix 75", "75e", "75 points", "75 €", "100 - 25",
        "30/40 = 75 %", "soixante-quinze virgule deux", "sept cinq", "la moitié", "un", "une", "moins 75", "75 mille",
        "-soixante-quinze", "- soixante-quinze",
    ],
    "€ hors taxes": [
        "72k", "72 k€", "75 000 k€", "72 M€", "72 000 $", "72 000 TTC", "72 000 € par mois", "4 x 18 000", "72 milliers",
        "soixante-douze mille dollars", "deux millions", "72 000 et quelques", "hors taxes 72 000",
    ],
    "pages": ["page 5", "pages 41 à 45", "p. 5", "5/200", "cinq ou six", "5 pages sur 200", "cinq à six", "V"],
    "secondes": ["30 minutes", "30'", "0,5 min", "une demi-minute", "trente minutes", "30e", "00:30"],
    "fois": ["1/5", "÷5", "5 fois moins", "cinq fois plus", "fois 5"],
    "kWh": ["3 kW", "3000 Wh", "3 MWh", "3 kWh par an", "trois mille Wh"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "said"), [(unit, said) for unit, texts in DOUBTFUL.items() for said in texts]
)
def test_an_ambiguous_number_is_not_read(unit: str, said: str) -> None:
    assert read_numbers(said, unit) == ()


def test_a_question_is_positive_when_no_negative_number_can_be_right() -> None:
    expected = {
        ("75", "1"): True,
        ("0", "0"): True,
        ("1", "0.5"): True,
        ("1", "1"): False,
        ("-3", "0"): False,
    }
    asked = {
        (answer, within): builders.number(answer=answer, tolerance=within) for answer, within in expected
    }
    assert {known: is_positive(builders.question(one)) for known, one in asked.items()} == expected


@given(st.text(max_size=100), st.text(max_size=20))
def test_no_text_can_break_the_reading(text: str, unit: str) -> None:
    read = read_numbers(text, unit)
    assert all(number.is_finite() for number in read)


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_number_written_the_french_way_is_read_exactly(number: Decimal) -> None:
    french = f"{number:,.3f}".replace(",", "\u202f").replace(".", ",")
    assert number in read_numbers(f"{french} mL", "mL")


def test_only_questions_of_numbers_have_an_answer() -> None:
    with pytest.raises(ValueError, match="only questions of numbers"):
        decimal(builders.question(builders.single()).answer)
