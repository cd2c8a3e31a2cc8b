# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`fit` loses nothing, whatever a channel can show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.facts import ALTERNATIVE
from bot.fitting import as_text, fit, is_drawn
from bot.messages import Art, Ask, Document, Drawing, Edit, Form, Limits, Message, Piece, Question, Send
from lessons import markup
from tests.bot.quizzes import SEVERAL, TRIO, asked, labels

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


def visible(*texts_: str) -> str:
    """What is read, without the white space that a cut takes."""
    return "".join("".join(span.text for text in texts_ for span in markup.parse(text)).split())


limits = st.builds(
    Limits,
    text=st.integers(40, 400),
    caption=st.just(0) | st.integers(20, 100),
    ask=st.sampled_from(Ask),
    edits=st.booleans(),
    documents=st.booleans(),
    pictures=st.booleans(),
    label=st.integers(1, 64),
)
questions = st.none() | st.lists(labels, min_size=1, max_size=6).map(lambda said: asked(*said))
documents = st.none() | st.builds(
    Document, st.just("d.json"), st.just("application/json"), texts.map(str.encode)
)


@given(markdown, questions, documents, st.sampled_from(["", "reply:telegram:e1:0"]), limits, markdown)
def test_no_piece_is_over_the_limit(
    text: str, question: Question | None, document: Document | None, edits: str, limits: Limits, aside: str
) -> None:
    for piece in fit(Message(text, question, document, edits, aside=aside), limits):
        beside = isinstance(piece, Send) and piece.document is not None
        shown = markup.length(piece.text) + (2 + markup.length(piece.aside) if piece.aside else 0)
        assert shown <= (limits.caption if beside else limits.text)


@given(markdown, limits, markdown)
def test_an_aside_is_kept_last_or_before_the_question(text: str, limits: Limits, aside: str) -> None:
    assume(text.strip())
    pieces = fit(Message(text, aside=aside), limits)
    assert visible(*(part for piece in pieces for part in (piece.text, piece.aside))) == visible(text, aside)
    assert all(not piece.aside for piece in pieces[:-1])


def test_an_aside_comes_after_the_question_while_it_fits() -> None:
    message = Message("Leçon", TRIO, aside="Sources :\n- une")
    (piece,) = fit(message, Limits(ask=Ask.BUTTONS))
    assert (piece.text.startswith("Leçon\n\nQue faire ?"), piece.aside) == (True, "Sources :\n- une")
    *_, last = fit(message, Limits(text=40, ask=Ask.BUTTONS))
    assert last.aside == ""
    assert last.question == TRIO


def test_a_reply_in_the_place_of_an_edit_has_no_aside() -> None:
    message = Message("Leçon, verdict", edits="key", reply="Verdict", aside="Sources")
    assert fit(message, Limits()) == (Send("Verdict", replies_to="key"),)
    assert fit(message, Limits(edits=True)) == (Edit("key", "Leçon, verdict", aside="Sources"),)


drawings = st.builds(Drawing, st.sampled_from(Art), st.just({"n": 1}), markdown, st.just("x.png"))


def drawn(piece: Piece) -> bool:
    return isinstance(piece, Send) and piece.drawing is not None


@given(
    markdown, drawings, questions, documents, st.sampled_from(["", "reply:telegram:e1:0"]), limits, markdown
)
def test_around_a_drawing_nothing_is_lost_no_piece_is_over_its_limit_and_the_question_is_last(
    text: str,
    drawing: Drawing,
    question: Question | None,
    document: Document | None,
    edits: str,
    limits: Limits,
    aside: str,
) -> None:
    pieces = fit(Message(text, question, document, edits, aside=aside, picture=drawing), limits)
    said = visible(*(part for piece in pieces for part in (piece.text, piece.aside)))
    assert visible(text) in said or not is_drawn(drawing, limits)
    assert said.startswith(visible(text))
    assert visible(aside) in said
    shown = [piece.drawing for piece in pieces if isinstance(piece, Send) and piece.drawing is not None]
    if is_drawn(drawing, limits):
        assert shown == [drawing]
        assert not any(isinstance(piece, Edit) for piece in pieces)
    else:
        assert shown == []
        if drawing.kind.is_paper or not text.strip():
            assert visible(markup.escape(drawing.alternative or drawing.name)) in said
    for piece in pieces:
        beside = isinstance(piece, Send) and (piece.document is not None or piece.drawing is not None)
        read = markup.length(piece.text) + (2 + markup.length(piece.aside) if piece.aside else 0)
        assert read <= (limits.caption if beside else limits.text)
        assert not (drawn(piece) and piece.question is not None)
    if question is not None:
        assert not drawn(pieces[-1])
        # Without captions a document comes last, whatever is asked: no message has both.
        if limits.ask is not Ask.TYPING and (document is None or limits.caption):
            assert pieces[-1].question == question
    if document is not None and limits.documents:
        assert [piece.document for piece in pieces if isinstance(piece, Send) and piece.document] == [
            document
        ]


CARD = Drawing(Art.CARD, {"n": 1}, "Une carte", "card.png")
PAPER = Drawing(Art.ATTESTATION, {"n": 1}, "Une *attestation*", "paper.pdf")
PICTURES = Limits(documents=True, pictures=True, ask=Ask.BUTTONS, edits=True)


def test_a_drawing_has_the_text_as_its_caption_and_the_question_comes_after() -> None:
    assert fit(Message("Voici.", picture=CARD), PICTURES) == (Send("Voici.", drawing=CARD),)
    above, below = fit(Message("Voici.", TRIO, picture=CARD), PICTURES)
    assert above == Send("Voici.", drawing=CARD)
    assert (below.text[:10], below.question) == ("Que faire ", TRIO)


def test_what_a_caption_cannot_hold_comes_after_it_in_long_messages() -> None:
    pieces = fit(Message("mot " * 1000, picture=CARD, aside="Sources"), PICTURES)
    assert [drawn(piece) for piece in pieces] == [True, False]
    assert [piece.aside for piece in pieces] == ["", "Sources"]
    assert markup.length(pieces[0].text) > 1000


def test_without_captions_a_drawing_stands_between_its_text_and_the_question() -> None:
    limits = replace(PICTURES, caption=0, edits=False)
    pieces = fit(Message("Voici.", TRIO, picture=CARD, answers="key"), limits)
    assert pieces[:2] == (Send("Voici.", replies_to="key"), Send("", drawing=CARD))
    assert pieces[2].question == TRIO
    assert fit(Message(picture=CARD, answers="key"), limits) == (Send("", replies_to="key", drawing=CARD),)


def test_where_no_picture_is_shown_the_text_says_all_and_a_paper_is_said() -> None:
    for limits in (Limits(), Limits(documents=True, edits=True)):
        assert fit(Message("Voici.", picture=CARD), limits) == (Send("Voici."),)
        assert fit(Message(picture=CARD), limits) == (Send("Une carte"),)
    (said,) = fit(Message("Voici.", picture=PAPER), replace(PICTURES, documents=False))
    assert markup.plain(said.text) == "Voici.\n\nUne *attestation*"
    assert fit(Message("Voici.", picture=PAPER), Limits(documents=True)) == (Send("Voici.", drawing=PAPER),)


@pytest.mark.parametrize(
    "facts", [{"n": "é" * 4096}, {"n": {1, 2}}, {"n": float("nan")}, {"n": "\ud800"}, {"n": "\0"}]
)
def test_what_no_row_can_hold_is_said(facts: dict[str, object]) -> None:
    assert fit(Message("Voici.", picture=replace(CARD, facts=facts)), PICTURES) == (Send("Voici."),)
    (said,) = fit(Message("Voici.", picture=replace(PAPER, facts=facts)), PICTURES)
    assert "attestation" in said.text
    long = replace(PAPER, alternative="mot " * 1500)
    assert [len(piece.text) > 1500 for piece in fit(Message(picture=long), PICTURES)] == [True, True]


def test_a_caption_and_the_longest_alternative_are_one_message_on_every_channel() -> None:
    caption = "*" + "c" * 1022 + "*"
    paper = replace(PAPER, alternative="*" * ALTERNATIVE)
    for longest in (4096, 3500, 20_000):
        (piece,) = fit(Message(caption, picture=paper), replace(PICTURES, text=longest))
        assert isinstance(piece, Send)
        said = as_text(piece, replace(PICTURES, text=longest))
        assert markup.plain(said.text) == f"{'c' * 1022}\n\n{'*' * ALTERNATIVE}"
        assert said.drawing is None


def test_without_captions_a_text_stands_above_its_document() -> None:
    document = Document("d", "text/plain", b"x")
    message = Message("Voici", document=document)
    assert fit(message, Limits(documents=True, caption=0)) == (Send("Voici"), Send("", document=document))
    assert fit(message, Limits(documents=True)) == (Send("Voici", document=document),)


@given(markdown, questions, documents, st.sampled_from(["", "reply:telegram:e1:0"]), limits)
@example(
    "**aa bb** cc" * 20,
    None,
    Document("d", "text/plain", b"x"),
    "",
    Limits(text=60, caption=30, documents=True),
)
@example("", None, Document("d", "text/plain", b"x"), "", Limits(documents=True))
@example("Voici", None, Document("d", "text/plain", b"x"), "k", Limits(documents=True, edits=True))
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


def test_a_poll_that_holds_the_whole_question_has_only_a_hint_above_it() -> None:
    quiz = replace(TRIO, hint="Répondez par un numéro.", vote="Votez ci-dessous.")
    whole = Limits(ask=Ask.POLL, label=340, title=340)
    text, poll = fit(Message("Leçon", quiz), whole)
    assert (text.text, poll) == ("Leçon\n\nVotez ci-dessous.", Send("Que faire ?", quiz))
    for cut in (
        replace(quiz, text="é" * 341),
        replace(quiz, choices=(*quiz.choices[:2], replace(quiz.choices[2], label="x" * 338))),
    ):
        text, _ = fit(Message("Leçon", cut), whole)
        assert "1. Un texte publié" in text.text
        assert text.text.endswith("Répondez par un numéro.")


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


def test_buttons_are_taken_away_where_there_are_any() -> None:
    closing = Message(closes="k1")
    assert fit(closing, Limits(ask=Ask.BUTTONS, edits=True)) == (Edit("k1", ""),)
    for limits in (Limits(), Limits(ask=Ask.POLL), Limits(ask=Ask.BUTTONS), Limits(edits=True)):
        assert fit(closing, limits) == ()
