# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Every way to answer is read as it was meant."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answers import Answer, Unreadable, answer_of, read
from bot.messages import Choice, Event, Form, Kind, Question
from lessons import typed
from tests.bot.quizzes import KEYS, SEVERAL, TRIO, asked, labels

if TYPE_CHECKING:
    from collections.abc import Iterable

SPELLED = {"un", "une", "deux", "trois", "quatre", "cinq", "six", "one", "two"}
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


# --- reading an answer


def misread(question: Question, said: Iterable[str], *keys: str) -> list[str]:
    """Those of several texts that are not read as these keys; without keys, those that are read at all."""
    return [text for text in said if read(question, text) != (keys or None)]


def test_one_choice_can_be_named_in_many_ways() -> None:
    ways = ["2", "2.", "2)", " 2 ", "b", "B", "B)", "b.", "２", "Une lettre", "UNE LETTRE", "une  lettre."]
    assert misread(TRIO, ways, "b") == []
    assert misread(SEVERAL, ways, "b") == []


def test_typography_does_not_matter() -> None:
    ways = ["l'arrêté en préparation", "L’arrêté en préparation", "l'arrêté en\u00a0préparation"]
    assert misread(TRIO, ways, "c") == []


def test_several_choices_can_be_named_in_many_ways() -> None:
    ways = [
        "1 et 3",
        "1-3",
        "1,3",
        "1, 3",
        "1 3",
        "3 et 1",
        "a et c",
        "A, C",
        "1) et 3)",
        "1 & 3",
        "1;3",
        "1 and 3",
        "1/3",
        "1+3",
    ]
    assert misread(SEVERAL, ways, "a", "c") == []
    assert misread(TRIO, ways) == []


def test_a_range_names_all_between() -> None:
    ranges = ["1 à 3", "a à c", "1 to 3", "1, 2 et 3", "1 et 2 et 3", "3, 2, 1"]
    assert misread(SEVERAL, ranges, "a", "b", "c") == []


def test_what_names_no_choice_is_no_answer() -> None:
    texts = ["0", "4", "d", "1 et 4", "1 à 9", "3 à 1", "oui", "2 lettres", "", "  ", ".", "!", "…", "1.5"]
    assert misread(TRIO, texts) == []
    assert misread(SEVERAL, texts) == []


def test_the_position_wins_over_a_label_that_looks_like_a_number() -> None:
    years = asked("3", "1", "2")
    assert [read(years, said) for said in "123"] == [("a",), ("b",), ("c",)]
    letters = asked("B", "C", "A")
    assert [read(letters, said) for said in "abc"] == [("a",), ("b",), ("c",)]


def test_words_answer_whatever_the_labels_say() -> None:
    question = Question(
        "p",
        Form.MENU,
        choices=(
            Choice("a", "Je commence", ("oui", "o", "ok", "d'accord")),
            Choice("b", "Plus tard", ("non", "n")),
        ),
    )
    assert misread(question, ["oui", "O", "OK !", "d’accord"], "a") == []
    assert misread(question, ["non.", "n"], "b") == []


def test_a_number_is_read_as_people_write_it() -> None:
    expected = {
        "45": 45.0,
        "45,5": 45.5,
        "45.5": 45.5,
        "45 mL": 45.0,
        "45ml": 45.0,
        "1 500": 1500.0,
        "1\u202f500": 1500.0,
        "-2": -2.0,
    }
    numbers = {said: read(Question("p", Form.NUMBER, unit="mL"), said) for said in expected}
    assert {said: keys and float(keys[0]) for said, keys in numbers.items()} == expected


def test_what_is_no_number_is_no_answer() -> None:
    texts = ["", "beaucoup", "45 kg", "1e9", "NaN", "infinity", "9" * 61, "4 5"]
    assert misread(Question("p", Form.NUMBER, unit="mL"), texts) == []


def test_any_text_answers_a_free_question() -> None:
    assert read(Question("p", Form.TEXT), "  ce que je veux ") == ("ce que je veux",)
    assert read(Question("p", Form.TEXT), "  ") is None
    assert read(replace(TRIO, free=True), "Europe/Brussels") == ("Europe/Brussels",)
    assert read(replace(TRIO, free=True), "2") == ("b",)


@given(st.lists(labels, min_size=1, max_size=8), st.booleans())
def test_a_position_is_its_choice_whatever_the_labels(said: list[str], multiple: bool) -> None:
    question = replace(asked(*said), multiple=multiple)
    for place in range(len(said)):
        for word in (str(place + 1), f"{place + 1}.", KEYS[place], f"{KEYS[place].upper()})"):
            assert read(question, word) == (KEYS[place],)


def heard(label: str) -> str:
    """A label as far as it can be told from others when it is typed."""
    folded = " ".join(unicodedata.normalize("NFKC", label).casefold().replace("’", "'").split())
    return folded.rstrip(".)]:! ") or folded


@given(st.lists(labels.filter(heard), min_size=1, max_size=8, unique_by=heard))
@example(["A l'heure", "…"])
@example(["!", "?"])
@example(["Vrai", "Faux !"])
@example(["0", "'Ā", "Á'", "_É", "1¨", "Tous"])
@example(["Oui, et garder ma progression", "Oui, et effacer mes données", "Non, continuer"])
def test_every_label_that_is_no_position_can_be_typed_back(said: list[str]) -> None:
    positions = {sign for place in range(len(said)) for sign in (str(place + 1), KEYS[place])}
    for multiple in (False, True):
        question = replace(asked(*said), multiple=multiple)
        for place, label in enumerate(said):
            if typed.fold(label, accents=True) not in positions:
                assert read(question, label) == (KEYS[place],)


sentences = st.text("abcdexyzéèàçÉŒ0123456789 ,.'’!?%-()«»€", min_size=1, max_size=30).filter(
    lambda said: typed.pointed(said, typed.COURTESY, typed.ARTICLES)
)


def alike(said: str) -> tuple[str, ...]:
    """Labels that only their marks or articles tell apart."""
    return typed.words(typed.pointed(said, typed.COURTESY, typed.ARTICLES), signs=False)


@given(st.lists(sentences.filter(alike), min_size=2, max_size=5, unique_by=alike), st.booleans())
@example(["L’arrêté déjà affiché, sans les noms", "10 %", "« Non »"], False)
def test_whatever_is_shown_can_be_typed_back(said: list[str], multiple: bool) -> None:
    question = replace(asked(*said), multiple=multiple)
    known = {alike(label) for label in said}
    places = {sign for place in range(len(said)) for sign in (str(place + 1), KEYS[place])}
    for place, label in enumerate(said, 1):
        if alike(f"{place} {label}") not in known:
            for line in (
                f"{place}. {label}",
                f"{place}) {label} ✓",
                f"{place}️⃣ {label.upper()}",
                f"☑ {place}. {label}",
            ):
                assert read(question, line) == (KEYS[place - 1],), line
        if len(alike(label)) < 2 and {"".join(alike(label))} & (places | SPELLED):
            continue
        bare = "".join(
            mark for mark in unicodedata.normalize("NFD", label) if not unicodedata.combining(mark)
        )
        for written in (label.upper(), bare, f"« {label} »", label.replace(" ", "\u202f"), f"{label}…"):
            assert read(question, written) == (KEYS[place - 1],), written


@pytest.mark.parametrize("several", [False, True])
def test_polite_and_pointing_words_lead_to_a_choice(several: bool) -> None:
    ways = [
        "réponse 2", "la 2", "le 2", "n° 2", "nº2", "№ 2", "numéro 2", "option B", "#2", "(2)", "[2]", "2️⃣", "❷", "②",
        "２", "٢", "🅱️", "je dirais la 2", "c’est la b", "l’option b", "deux", "ma réponse est 2",
        "2, merci", "la 2 s’il vous plaît", "Réponse\u00a0: 2", "« 2 »", "2\u202f!", "2 👍",
        "2. Une lettre", "2) une lettre", "2 - Une lettre", "Une lettre…", "2. UNE LETTRE ✓",
    ]  # fmt: skip
    assert misread(SEVERAL if several else TRIO, ways, "b") == []


def test_a_text_that_says_more_than_a_choice_names_none() -> None:
    texts = [
        "pas la 2",
        "tout sauf 2",
        "2 ou 3",
        "ni 1 ni 2",
        "2 réponses",
        "la 2 ou la 3",
        "peut-être",
        "3. Une lettre",
    ]
    assert misread(TRIO, texts) == []
    assert misread(SEVERAL, texts) == []


def test_a_dash_between_numbers_names_two_and_between_days_all_between() -> None:
    assert misread(SEVERAL, ["1-3", "1–3", "1 — 3"], "a", "c") == []
    week = replace(asked("lundi", "mardi", "mercredi"), form=Form.MENU, multiple=True)
    assert misread(week, ["lundi-mercredi", "1–3", "du lundi au mercredi", "tous"], "a", "b", "c") == []
    assert misread(week, ["mercredi à lundi"], "a", "c") == []
    assert (
        misread(week, ["- lundi - mercredi", "- 1 - 3", "- lundi, - mercredi", "- lundi, mercredi"], "a", "c")
        == []
    )
    assert [read(week, said) for said in ("lundi - - mercredi", "- -", "- - lundi", "du -")] == [None] * 4


FOUR = replace(
    asked("Un texte publié", "Une lettre", "L’arrêté en préparation", "Un courriel"), multiple=True
)


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("un, trois", "ac"), ("un trois", "ac"), ("une, deux", "ab"), ("un et trois", "ac"), ("one, three", "ac"),
        ("deux quatre", "bd"), ("les un et trois", "ac"), ("réponses : un, trois", "ac"), ("un à trois", "abc"),
        ("1, deux, c", "abc"), ("la 2e, la 4e", "bd"), ("2e 4e", "bd"), ("première et troisième", "ac"),
        ("la 3e et la dernière", "cd"), ("1, 3, merci", "ac"), ("Bonjour, 1 et 3 svp", "ac"), ("les 1 et 3", "ac"),
        ("A à C", "abc"), ("je dirais a et d", "ad"), ("1 a 3", "abc"), ("deux", "b"), ("the first and the third one", "ac"),
        ("toutes", "abcd"), ("Toutes, merci", "abcd"), ("je dirais toutes", "abcd"), ("toutes les réponses", "abcd"),
        ("all of them", "abcd"), ("seulement 1 et 3", "ac"), ("- 1\n- 3", "ac"), ("1, 2\n3", "abc"),
        ("toutes je pense", "abcd"), ("les deux premières", "ab"), ("les 2 dernières réponses", "cd"),
        ("the first three", "abc"), ("les deux premières et la dernière", "abd"), ("les quatre", "abcd"),
        ("toutes les quatre", "abcd"),
        ("all four", "abcd"),
    ],
)  # fmt: skip
def test_a_list_of_choices_is_read(said: str, keys: str) -> None:
    assert read(FOUR, said) == tuple(keys)


@pytest.mark.parametrize("question", [FOUR, replace(FOUR, multiple=False)])
@pytest.mark.parametrize(
    "said",
    [
        "Salut tous", "Salut à tous !", "Bonjour à toutes et à tous", "merci tous", "hello all", "toutes sauf la 2",
        "les deux", "les 2", "les trois", "the two", "both", "tous les deux", "les cinq premières",
        "un", "Une", "un…", "À", "à", "À.", "Â", "à b", "d à", "1 à", "à 1", "c’", "d'", "la", "de", "²", "2²",
        "1 et", "et 3", "1 et peut-être 3", "un et autre chose", "un texte et 3", "1, deux, onze", "2 et deux", "1 ou 3",
        "trois réponses", "deux fois", "b a d", "une seconde", "a 2", "2 b", "sauf 2", "non, 2", "2, non 3",
        "1er mars", "la deuxième leçon", "les dernières", "5e", "cinquième", "dernière fois",
    ],
)  # fmt: skip
def test_a_partly_understood_text_is_not_an_answer(question: Question, said: str) -> None:
    assert read(question, said) is None


def test_an_article_or_a_preposition_alone_answers_no_menu() -> None:
    menu = replace(asked("Je commence", "Plus tard", "Annuler"), form=Form.MENU)
    assert (
        misread(menu, ["À", "à", "À.", "« À »", "'à'", "un", "Une", "É", "'É'", "les deux", "c’", "à la"])
        == []
    )
    assert misread(menu, ["1", "numéro un", "la première", "a"], "a") == []


def test_both_means_all_choices_only_where_there_are_two() -> None:
    pair = replace(asked("Une lettre", "Un courriel"), multiple=True)
    ways = ["les deux", "Les 2", "both", "tous les deux", "les deux, merci", "the two"]
    assert misread(pair, ways, "a", "b") == []
    assert misread(asked("Vrai", "Faux"), ways) == []


@pytest.mark.parametrize("several", [False, True])
def test_ordinals_name_a_choice(several: bool) -> None:
    ordinals = {
        "a": ["1er", "1re", "1ère", "la première", "le premier", "first", "the first one", "1st", "numéro un", "la une"],
        "b": ["la 2e", "2ème", "2nde", "2nd", "la seconde", "second", "le deuxième choix", "2°", "la 2e réponse",
              "la deuxième", "numéro deux", "choix n° 2", "la 2 uniquement", "je vote pour la 2",
              "la bonne réponse est la 2", "évidemment 2", "2 je crois", "rép. 2",
              "la réponse b", "Je prends la deuxième", "the second one"],
        "c": ["la 3e", "the third one", "3rd", "l’avant-dernière", "la troisième, merci", "à mon avis la 3e"],
        "d": ["la dernière", "le dernier", "the last one", "4th", "quatrième"],
    }  # fmt: skip
    question = replace(FOUR, multiple=several)
    assert {key: misread(question, ways, key) for key, ways in ordinals.items()} == {
        key: [] for key in "abcd"
    }


@given(st.text(max_size=4096), st.booleans(), st.sampled_from(Form), st.booleans())
def test_no_text_is_too_strange_to_be_read(said: str, multiple: bool, form: Form, free: bool) -> None:
    keys = read(replace(SEVERAL, multiple=multiple, form=form, free=free), said)
    assert keys is None or all(isinstance(key, str) for key in keys)
    if keys is not None and form in (Form.QUIZ, Form.MENU) and not free:
        assert set(keys) <= set("abc")
        assert multiple or len(keys) == 1


@pytest.mark.parametrize(
    "said",
    ["." * 4095 + "x", " et " * 1024, "1 " * 2048, "é" * 4096, "1-" * 2048, "\u0301" * 4096, "‮2", "ﷺ" * 4096],
)
@pytest.mark.timeout(20)  # it takes milliseconds; what backtracks takes hours
def test_the_longest_and_strangest_texts_are_read_at_once(said: str) -> None:
    read(SEVERAL, said)
    read(replace(TRIO, form=Form.NUMBER), said)


# --- which question is meant


def event(text: str = "", *, kind: Kind = Kind.TEXT, refers: str = "", keys: tuple[str, ...] = ()) -> Event:
    return Event("telegram", "e1", "1", NOW, kind, text, refers=refers, keys=keys)


def test_an_event_answers_the_question_that_it_names_or_that_it_is_read_for() -> None:
    assert answer_of(event("2"), TRIO) == Answer(TRIO.prompt, ("b",))
    assert answer_of(event("2", refers=TRIO.prompt), TRIO) == Answer(TRIO.prompt, ("b",))
    pressed = event(kind=Kind.CHOOSE, refers=TRIO.prompt, keys=("c",))
    assert answer_of(pressed, TRIO) == Answer(TRIO.prompt, ("c",))


def test_another_prompt_or_another_kind_of_event_is_no_answer() -> None:
    assert answer_of(event("2", refers="gone"), TRIO) is None
    assert answer_of(event("2", kind=Kind.LEFT), TRIO) is None


@pytest.mark.parametrize("keys", [(), ("z",), ("a", "z"), ("a", "b")])
def test_keys_that_the_question_does_not_take_cannot_be_read(keys: tuple[str, ...]) -> None:
    pressed = event(kind=Kind.CHOOSE, refers=TRIO.prompt, keys=keys)
    assert answer_of(pressed, TRIO) == Unreadable(TRIO.prompt)


def test_votes_come_in_any_order() -> None:
    several = replace(TRIO, multiple=True)
    voted = event(kind=Kind.CHOOSE, refers=TRIO.prompt, keys=("c", "a"))
    assert answer_of(voted, several) == Answer(TRIO.prompt, ("a", "c"))


def test_a_text_that_names_no_choice_is_unreadable() -> None:
    assert answer_of(event("bof"), TRIO) == Unreadable(TRIO.prompt)
