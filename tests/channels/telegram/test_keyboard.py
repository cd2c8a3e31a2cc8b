# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The buttons that a question gets on Telegram."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import Rejected
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.keyboard import keyboard, press
from bot.messages import Choice, Form, Kind, Question

KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)
PROMPTS = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0189_-", min_size=1, max_size=16)


def shown(question: Question) -> list[list[str]]:
    markup = keyboard(question, TelegramChannel.limits)
    return [] if markup is None else [[button["text"] for button in row] for row in markup["inline_keyboard"]]


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"k{place}", label) for place, label in enumerate(labels))


def test_a_quiz_shows_numbers_in_one_row() -> None:
    assert shown(Question("p", Form.QUIZ, choices=choices("Une phrase", "Une autre", "Encore"))) == [
        ["1", "2", "3"]
    ]


def test_more_than_eight_numbers_go_on_in_the_next_row() -> None:
    assert [len(row) for row in shown(Question("p", Form.QUIZ, choices=choices(*"abcdefghij")))] == [8, 2]


def test_several_right_answers_are_switched_and_then_submitted() -> None:
    question = Question(
        "p", Form.QUIZ, choices=choices("a", "b"), multiple=True, chosen=frozenset({"k1"}), submit="Valider"
    )
    assert shown(question) == [["1", "☑ 2"], ["Valider"]]


def test_a_menu_shows_a_label_a_row() -> None:
    assert shown(Question("p", Form.MENU, choices=choices("Changer l'heure", "Non"))) == [
        ["Changer l'heure"],
        ["Non"],
    ]


def test_a_menu_of_short_labels_shows_two_a_row() -> None:
    assert shown(Question("p", Form.MENU, choices=choices("Oui", "Non", "Plus tard"))) == [
        ["Oui", "Non"],
        ["Plus tard"],
    ]


def test_a_menu_of_several_marks_what_is_chosen() -> None:
    question = Question(
        "p",
        Form.MENU,
        choices=choices("lundi", "mardi"),
        multiple=True,
        chosen=frozenset({"k0"}),
        submit="Valider",
    )
    assert shown(question) == [["☑ lundi", "mardi"], ["Valider"]]


def test_labels_too_long_for_a_button_are_numbers() -> None:
    assert shown(Question("p", Form.MENU, choices=choices("x" * 41, "Non"))) == [["1", "2"]]


def test_a_question_to_type_has_no_buttons() -> None:
    for form in (Form.NUMBER, Form.TEXT):
        assert shown(Question("p", form)) == [], form


@given(PROMPTS, KEYS, st.booleans())
def test_the_data_of_a_button_fit_and_come_back(prompt: str, key: str, multiple: bool) -> None:
    markup = keyboard(
        Question(prompt, Form.QUIZ, choices=(Choice(key, "x"),), multiple=multiple), TelegramChannel.limits
    )
    assert markup is not None
    data = markup["inline_keyboard"][0][0]["callback_data"]
    assert len(data.encode()) <= 64
    found = press(data)
    assert found is not None
    assert (found.kind, found.prompt, found.keys) == (
        Kind.TOGGLE if multiple else Kind.CHOOSE,
        prompt,
        (key,),
    )


def test_an_id_that_no_button_can_carry_is_refused(subtests: pytest.Subtests) -> None:
    for prompt, key in (("p" * 17, "k"), ("p", "k" * 41), ("p", "é"), ("p:q", "k"), ("", "k")):
        with subtests.test(prompt=prompt, key=key), pytest.raises(Rejected):
            keyboard(Question(prompt, Form.QUIZ, choices=(Choice(key, "x"),)), TelegramChannel.limits)


@given(st.text())
def test_no_data_breaks_the_reading_of_a_press(data: str) -> None:
    press(data)
