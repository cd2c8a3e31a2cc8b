# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does `fit` lose nothing, and is every way to answer read as it was meant?"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.answers import Answer, Unreadable, answer_of, read
from bot.fitting import fit
from bot.messages import Ask, Choice, Document, Edit, Event, Form, Kind, Limits, Message, Question, Send
from lessons import markup

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
KEYS = "abcdefgh"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
markdown = st.lists(
    st.sampled_from(
        [
            "**gras** ",
            "*italique* ",
            "_souligné_ ",
            "[lien](https://a.fr/b) ",
            "- item\n",
            "\n\n",
            "\n",
            "mot ",
            "🏛️é",
            "\\*",
            "**",
        ]
    )
    | texts,
    max_size=12,
).map("".join)
labels = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


def asked(*said: str, prompt: str = "p", **other: object) -> Question:
    """A quiz with these labels, keyed a, b, c… in order."""
    choices = tuple(Choice(KEYS[place], label) for place, label in enumerate(said))
    return replace(Question(prompt, Form.QUIZ, "Que faire ?", choices), **other)  # type: ignore[arg-type]


def visible(*texts_: str) -> str:
    """What is read, without the white space that a cut takes."""
    return "".join("".join(span.text for text in texts_ for span in markup.parse(text)).split())


TRIO = asked("Un texte publié", "Une lettre", "L’arrêté en préparation")
SEVERAL = replace(TRIO, multiple=True)


# --- fit

limits = st.builds(
    Limits,
    text=st.integers(40, 400),
    caption=st.integers(20, 100),
    ask=st.sampled_from(Ask),
    edits=st.booleans(),
    documents=st.booleans(),
    label=st.integers(1, 64),
)
questions = st.none() | st.lists(labels, min_size=1, max_size=6).map(lambda said: asked(*said))
documents = st.none() | st.builds(
    Document, st.just("d.json"), st.just("application/json"), texts.map(str.encode)
)


@given(markdown, questions, documents, st.sampled_from(["", "reply:telegram:e1:0"]), limits)
def test_no_piece_is_over_the_limit(
    text: str, question: Question | None, document: Document | None, edits: str, limits: Limits
) -> None:
    for piece in fit(Message(text, question, document, edits), limits):
        beside = isinstance(piece, Send) and piece.document is not None
        assert markup.length(piece.text) <= (limits.caption if beside else limits.text)


@given(markdown, questions, documents, st.sampled_from(["", "reply:telegram:e1:0"]), limits)
@example("**aa bb** cc" * 20, None, Document("d", "t", b"x"), "", Limits(text=60, caption=30, documents=True))
@example("", None, Document("d", "t", b"x"), "", Limits(documents=True))
@example("Voici", None, Document("d", "t", b"x"), "k", Limits(documents=True, edits=True))
def test_all_visible_text_is_kept_in_order(
    text: str, question: Question | None, document: Document | None, edits: str, limits: Limits
) -> None:
    pieces = fit(Message(text, question, document, edits), limits)
    said = visible(*(piece.text for piece in pieces))
    assert said.startswith(visible(text))
    kept = [piece.document for piece in pieces if isinstance(piece, Send) and piece.document is not None]
    if document is not None and limits.documents:
        assert kept == [document]
    elif document is not None:
        assert visible(markup.escape(document.content.decode())) in said
    if question is not None and limits.ask is Ask.TYPING:
        for choice in question.choices:
            assert visible(markup.escape(choice.label)) in said


@given(markdown, labels, limits)
def test_the_question_is_on_the_last_piece_with_its_prompt(text: str, label: str, limits: Limits) -> None:
    question = asked(label, "Autre")
    pieces = fit(Message(text, question), limits)
    assert pieces[-1].question == question
    assert all(piece.question is None for piece in pieces[:-1])


@given(markdown, limits)
def test_an_edit_is_a_reply_where_nothing_can_be_edited(text: str, limits: Limits) -> None:
    assume(markup.split(text, limits.text))
    first, *rest = fit(Message(text, edits="key"), limits)
    if limits.edits:
        assert isinstance(first, Edit)
        assert first.of == "key"
    else:
        assert isinstance(first, Send)
        assert first.replies_to == "key"
    assert all(isinstance(piece, Send) and not piece.replies_to for piece in rest)


POLLS = Limits(ask=Ask.POLL)


def test_a_quiz_that_is_voted_on_is_a_numbered_text_and_a_poll_after_it() -> None:
    quiz = replace(TRIO, hint="Répondez par un numéro.")
    text, poll = fit(Message("Leçon", quiz, edits="key"), POLLS)
    assert isinstance(text, Send)
    assert text.text.startswith("Leçon\n\nQue faire ?\n1. Un texte publié\n2. ")
    assert text.text.endswith("Répondez par un numéro.")
    assert (text.question, text.asks, text.replies_to) == (None, "p", "key")
    assert poll == Send("Que faire ?", quiz)


def test_what_is_not_a_quiz_is_typed_where_a_quiz_is_voted_on() -> None:
    menu = replace(asked("Oui", "Non"), form=Form.MENU, hint="Répondez oui ou non.")
    (typed,) = fit(Message(question=menu), POLLS)
    assert typed.text == "Que faire ?\n1. Oui\n2. Non\nRépondez oui ou non."
    number = Question("p", Form.NUMBER, "Combien ?", hint="Répondez par un nombre.")
    assert [piece.text for piece in fit(Message(question=number), POLLS)] == [
        "Combien ?\nRépondez par un nombre."
    ]


def test_a_reply_may_say_less_than_the_edit_it_stands_for() -> None:
    message = Message("Leçon, question, verdict", edits="key", reply="Verdict")
    assert fit(message, Limits(edits=True)) == (Edit("key", "Leçon, question, verdict"),)
    assert fit(message, Limits()) == (Send("Verdict", replies_to="key"),)


def test_an_author_is_whoever_speaks_in_a_room() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert Event("telegram", "e", "4711", at).author == "telegram:4711"
    assert Event("matrix", "e", "!room:x", at, sender="@ann:x").author == "matrix:@ann:x"


def test_a_question_in_words_is_on_buttons_and_numbered_without() -> None:
    menu = replace(asked("Oui", "Non"), form=Form.MENU, hint="Répondez oui ou non.")
    (pressed,) = fit(Message(question=menu), Limits(ask=Ask.BUTTONS))
    (typed,) = fit(Message(question=menu), Limits())
    assert pressed.text == "Que faire ?"
    assert typed.text == "Que faire ?\n1. Oui\n2. Non\nRépondez oui ou non."


def test_labels_too_long_for_a_button_are_numbered() -> None:
    menu = replace(asked("Oui", "N" * 65), form=Form.MENU)
    (piece,) = fit(Message(question=menu), Limits(ask=Ask.BUTTONS))
    assert "1. Oui" in piece.text


def test_the_sentences_of_a_quiz_are_numbered_beside_buttons() -> None:
    (piece,) = fit(Message("Leçon", TRIO), Limits(ask=Ask.BUTTONS))
    assert "2. Une lettre" in piece.text


def test_what_is_switched_on_is_seen_in_the_text() -> None:
    (piece,) = fit(Message(question=replace(SEVERAL, chosen=frozenset("b"))), Limits(ask=Ask.BUTTONS))
    assert "2. Une lettre ✓" in piece.text
    assert "1. Un texte publié ✓" not in piece.text


def test_how_to_answer_by_typing_is_said_where_nothing_can_be_pressed() -> None:
    number = Question("p", Form.NUMBER, "Combien ?", hint="Répondez par un nombre.")
    for ask in Ask:
        assert "par un nombre" in fit(Message(question=number), Limits(ask=ask))[0].text
    quiz = replace(TRIO, hint="Répondez par un numéro.")
    assert "par un numéro" not in fit(Message(question=quiz), Limits(ask=Ask.BUTTONS))[0].text


def test_a_label_shows_as_it_is() -> None:
    (piece,) = fit(Message(question=asked("**gras** [x](https://y.fr)", "_b_")), Limits())
    assert "1. **gras** [x](https://y.fr)\n2. _b_" in markup.plain(piece.text)


def test_a_document_is_said_where_files_cannot_be_sent() -> None:
    document = Document("d.json", "application/json", '{"*nom*": "Zoé"}'.encode())
    (piece,) = fit(Message("Voici.", document=document), Limits())
    assert isinstance(piece, Send)
    assert piece.document is None
    assert markup.plain(piece.text) == 'Voici.\n\n{"*nom*": "Zoé"}'


def test_a_message_without_anything_visible_is_no_piece() -> None:
    assert fit(Message(" \n"), Limits()) == ()


# --- reading an answer


@pytest.mark.parametrize(
    "said", ["2", "2.", "2)", " 2 ", "b", "B", "B)", "b.", "２", "Une lettre", "UNE LETTRE", "une  lettre."]
)
def test_one_choice_can_be_named_in_many_ways(said: str) -> None:
    assert read(TRIO, said) == ("b",)
    assert read(SEVERAL, said) == ("b",)


@pytest.mark.parametrize(
    "said", ["l'arrêté en préparation", "L’arrêté en préparation", "l'arrêté en\u00a0préparation"]
)
def test_typography_does_not_matter(said: str) -> None:
    assert read(TRIO, said) == ("c",)


@pytest.mark.parametrize(
    "said",
    [
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
    ],
)
def test_several_choices_can_be_named_in_many_ways(said: str) -> None:
    assert read(SEVERAL, said) == ("a", "c")
    assert read(TRIO, said) is None


@pytest.mark.parametrize("said", ["1 à 3", "a à c", "1 to 3", "1, 2 et 3", "1 et 2 et 3", "3, 2, 1"])
def test_a_range_names_all_between(said: str) -> None:
    assert read(SEVERAL, said) == ("a", "b", "c")


@pytest.mark.parametrize(
    "said", ["0", "4", "d", "1 et 4", "1 à 9", "3 à 1", "oui", "2 lettres", "", "  ", ".", "!", "…", "1.5"]
)
def test_what_names_no_choice_is_no_answer(said: str) -> None:
    assert read(TRIO, said) is None
    assert read(SEVERAL, said) is None


def test_the_position_wins_over_a_label_that_looks_like_a_number() -> None:
    years = asked("3", "1", "2")
    assert [read(years, said) for said in "123"] == [("a",), ("b",), ("c",)]
    letters = asked("B", "C", "A")
    assert [read(letters, said) for said in "abc"] == [("a",), ("b",), ("c",)]


@pytest.mark.parametrize(
    ("said", "key"), [("oui", "a"), ("O", "a"), ("OK !", "a"), ("d’accord", "a"), ("non.", "b"), ("n", "b")]
)
def test_words_answer_whatever_the_labels_say(said: str, key: str) -> None:
    question = Question(
        "p",
        Form.MENU,
        choices=(
            Choice("a", "Je commence", ("oui", "o", "ok", "d'accord")),
            Choice("b", "Plus tard", ("non", "n")),
        ),
    )
    assert read(question, said) == (key,)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("45", "45"),
        ("45,5", "45.5"),
        ("45.5", "45.5"),
        ("45 mL", "45"),
        ("45ml", "45"),
        ("1 500", "1500"),
        ("1\u202f500", "1500"),
        ("-2", "-2"),
    ],
)
def test_a_number_is_read_as_people_write_it(said: str, number: str) -> None:
    keys = read(Question("p", Form.NUMBER, unit="mL"), said)
    assert keys is not None
    assert float(keys[0]) == float(number)


@pytest.mark.parametrize("said", ["", "beaucoup", "45 kg", "1e9", "NaN", "infinity", "9" * 61, "4 5"])
def test_what_is_no_number_is_no_answer(said: str) -> None:
    assert read(Question("p", Form.NUMBER, unit="mL"), said) is None


def test_any_text_answers_a_free_question() -> None:
    assert read(Question("p", Form.TEXT), "  ce que je veux ") == ("ce que je veux",)
    assert read(Question("p", Form.TEXT), "  ") is None
    assert read(replace(TRIO, free=True), "Europe/Brussels") == ("Europe/Brussels",)
    assert read(replace(TRIO, free=True), "2") == ("b",)


@given(st.lists(labels, min_size=1, max_size=8), st.booleans())
def test_a_position_is_its_choice_whatever_the_labels(said: list[str], multiple: bool) -> None:
    question = replace(asked(*said), multiple=multiple)
    for place in range(len(said)):
        for typed in (str(place + 1), f"{place + 1}.", KEYS[place], f"{KEYS[place].upper()})"):
            assert read(question, typed) == (KEYS[place],)


def heard(label: str) -> str:
    """A label as far as it can be told from others when it is typed."""
    folded = " ".join(unicodedata.normalize("NFKC", label).casefold().replace("’", "'").split())
    return folded.rstrip(".)]:! ") or folded


@given(st.lists(labels.filter(heard), min_size=1, max_size=8, unique_by=heard))
@example(["A l'heure", "…"])
@example(["!", "?"])
@example(["Vrai", "Faux !"])
@example(["Oui, et garder ma progression", "Oui, et effacer mes données", "Non, continuer"])
def test_every_label_that_is_no_position_can_be_typed_back(said: list[str]) -> None:
    positions = {sign for place in range(len(said)) for sign in (str(place + 1), KEYS[place])}
    for multiple in (False, True):
        question = replace(asked(*said), multiple=multiple)
        for place, label in enumerate(said):
            if heard(label) not in positions:
                assert read(question, label) == (KEYS[place],)


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
    assert answer_of(event("2", kind=Kind.FILE), TRIO) is None


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
