# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is stored of a piece comes back as it was, and a newer edit replaces an older one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.messages import Art, Choice, Document, Drawing, Edit, Form, Message, Piece, Question, Send
from bot.service.outgoing import pack, queue_replies, unpack
from storage.outbox import claims, ledger, queue
from storage.outbox.rows import Mark
from storage.tables import outbox as rows
from storage.types import Tx
from tests import logged
from tests.bot.builders import BUTTONS, MONDAY, TYPING, Town

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


plain = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50)


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10)


questions = st.builds(
    Question,
    prompt=names,
    form=st.sampled_from(Form),
    choices=st.lists(st.builds(Choice, names, texts), min_size=1, max_size=6).map(tuple),
    multiple=st.booleans(),
    chosen=st.frozensets(names, max_size=3),
    submit=texts,
)


pieces = (
    st.builds(
        Send,
        texts,
        st.none() | questions,
        st.none() | st.builds(Document, names, names, st.binary(max_size=50), st.just("Un fichier.")),
        texts,
    )
    | st.builds(
        Send,
        texts,
        drawing=st.builds(Drawing, st.sampled_from(Art), st.dictionaries(plain, plain), plain, plain),
    )
    | st.builds(Edit, names, texts, st.none() | questions)
)


@given(pieces)
def test_a_piece_comes_back_as_it_was_stored(piece: Piece) -> None:
    stored = json.loads(json.dumps(pack(piece), ensure_ascii=False))
    target = piece.replies_to if isinstance(piece, Send) else piece.of
    assert unpack(stored, target) == piece


CARD = Drawing(Art.CARD, {"title": "Votre progression"}, "Votre progression", "p.png")


@pytest.mark.parametrize(
    "facts", [{"n": "x" * 4090}, {"n": {1}}, {"n": float("inf")}, {"n": "\ud83d"}, {"n": "\0"}]
)
def test_what_no_row_can_hold_is_refused_and_its_text_leaves(
    town: Town, facts: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    drawing = replace(CARD, facts=facts)
    with pytest.raises(ValueError, match=r"the facts of a drawing|NUL"):
        pack(Send("Voici.", drawing=drawing))
    learner = town.learner().learner
    limits = replace(BUTTONS, pictures=True)
    town.store.write_now(queue_replies, learner, [Message("Voici.", picture=drawing)], limits, "e1", MONDAY)
    assert waiting(town) == [("reply:e1:0.0", "Voici.")]
    assert [record.__dict__["action"] for record in caplog.records] == ["draw-picture"]


def test_a_document_of_a_version_before_is_still_read() -> None:
    packed = {"text": "Voici", "document": {"name": "a.pdf", "type": "application/pdf", "content": "eA=="}}
    assert unpack(packed, None) == Send("Voici", document=Document("a.pdf", "application/pdf", b"x", "a.pdf"))
    packed["document"] |= {"type": "application/json"}  # type: ignore[operator]
    assert unpack(packed, None) == Send("Voici", document=Document("a.pdf", "application/json", b"x"))


@pytest.mark.parametrize(
    "damage",
    [
        {"kind": "poster"},
        {"kind": ["card"]},
        {"facts": None},
        {"facts": [1]},
        {"facts": {"n": "x" * 5000}},
        {"alternative": 3},
        {"alternative": "x" * 3000},
        {"name": None},
    ],
)
def test_a_damaged_drawing_stops_nobody(
    town: Town, damage: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    person, other = town.learner(), town.learner("2")
    limits = town.limits = replace(BUTTONS, pictures=True)
    message = Message("Voici.", picture=CARD)
    town.store.write_now(queue_replies, person.learner, [message], limits, "e1", MONDAY)
    content = pack(Send("Voici.", drawing=CARD))
    content["drawing"] |= damage
    with pytest.raises((TypeError, ValueError)):
        unpack(content, None)
    town.store.write_now(
        lambda tx: tx.execute(rows.update().where(rows.c.key == "reply:e1:0.0").values(content=content))
    )
    town.store.write_now(queue_replies, other.learner, [message], limits, "e2", MONDAY)
    town.deliver()
    assert other.heard().endswith("Voici.")
    assert logged.actions(caplog) == ["render-message"]
    assert town.store.read_now(
        lambda tx: tuple(
            tx.execute(
                select(rows.c.state, func.substr(rows.c.reason, 1, 17)).where(rows.c.key == "reply:e1:0.0")
            ).one()
        )
    ) == ("refused", "cannot be shown: ")


def test_a_question_with_nothing_to_press_is_stored_as_its_text() -> None:
    piece = Send("Combien ?", Question("p", Form.NUMBER, unit="mL"))
    assert unpack(pack(piece), None) == Send("Combien ?")


def waiting(town: Town) -> list[tuple[str, str]]:
    """The keys and texts of what has not left, in order."""
    found = town.store.read_now(
        lambda tx: tx.execute(rows.select().where(rows.c.state == "waiting").order_by(rows.c.id)).all()
    )
    return [(row.key, row.content["text"]) for row in found]


def test_a_newer_edit_takes_the_place_of_an_unsent_one(town: Town) -> None:
    town.learner()
    learner = town.person().learner
    for number in (1, 2, 3):
        queued = town.store.write_now(
            queue_replies, learner, [Message(f"état {number}", edits="old")], BUTTONS, f"e{number}", MONDAY
        )
        assert queued == (number == 1)
    assert waiting(town) == [("reply:e1:0.0", "état 3")]


def test_an_edit_under_way_is_not_touched(town: Town) -> None:
    learner = town.learner().learner
    town.store.write_now(queue_replies, learner, [Message("état 1", edits="old")], BUTTONS, "e1", MONDAY)
    (claimed,), _ = town.store.write_now(claims.claim, "telegram", "token", MONDAY, 8)
    town.store.write_now(queue_replies, learner, [Message("état 2", edits="old")], BUTTONS, "e2", MONDAY)
    assert claimed.content["text"] == "état 1"
    assert waiting(town) == [("reply:e1:0.0", "état 1"), ("reply:e2:0.0", "état 2")]


def test_edits_of_different_messages_are_kept_apart(town: Town) -> None:
    learner = town.learner().learner
    for of in ("one", "two"):
        town.store.write_now(queue_replies, learner, [Message(of, edits=of)], BUTTONS, of, MONDAY)
    assert [text for _, text in waiting(town)] == ["one", "two"]


def test_a_long_message_leaves_in_order_with_its_question_last(town: Town) -> None:
    person = town.learner()
    question = Question("p", Form.QUIZ, "Et alors ?", (Choice("a", "Oui"), Choice("b", "Non")))
    town.store.write_now(
        queue_replies, person.learner, [Message("mot " * 3000, question)], BUTTONS, "long", MONDAY
    )
    before = len(person.shown)
    town.deliver()
    shown = [piece for _, _, piece in person.shown[before:]]
    assert len(shown) == 3
    assert [piece.question is not None for piece in shown] == [False, False, True]


def test_a_message_without_a_word_is_not_sent(town: Town) -> None:
    learner = town.learner().learner
    assert town.store.write_now(queue_replies, learner, [Message(brief="Vu.")], BUTTONS, "e", MONDAY) == 0
    assert waiting(town) == []


def test_a_planned_lesson_is_written_in_the_language_of_the_moment_it_leaves(town: Town) -> None:
    person = town.learner()
    person.types("reglages")
    person.types("7")
    person.types("2")
    town.tick(person.next_at)
    assert "To remember" in person.heard() or "Remember" in person.heard()
    assert "Titre de deux" in person.heard()


def test_a_planned_message_is_one_piece_where_nothing_can_be_pressed(town: Town) -> None:
    town.limits = TYPING
    person = town.learner()
    before = len(person.shown)
    town.tick(person.next_at)
    assert len(person.shown) == before + 1
    assert "Titre de deux" in person.heard(before)
    assert "Répondez par un numéro" in person.heard(before)


def test_a_refused_piece_drops_the_rest_of_its_message_only(town: Town) -> None:
    learner = town.learner().learner
    limits = replace(BUTTONS, text=10)
    long, short = Message("un deux trois quatre cinq six"), Message("autre")
    town.store.write_now(queue_replies, learner, [long, short], limits, "e1", MONDAY)
    (claimed,), _ = town.store.write_now(claims.claim, "telegram", "token", MONDAY, 1)
    town.store.write_now(queue.drop_rest, claimed, MONDAY)
    assert [text for _, text in waiting(town)] == [claimed.content["text"], "autre"]


@pytest.mark.parametrize("state", ["sent", "refused", "waiting"])
def test_any_text_of_a_channel_about_a_message_is_stored(town: Town, state: str) -> None:
    learner = town.learner().learner
    town.store.write_now(queue_replies, learner, [Message("bonjour")], BUTTONS, "e1", MONDAY)
    (claimed,), _ = town.store.write_now(claims.claim, "telegram", "token", MONDAY, 1)
    hostile = "\0\ud83d" + "é" * 1000
    mark = Mark(claimed.id, claimed.address_id, state, MONDAY, ref=hostile, reason=hostile)
    town.store.write_now(claims.mark, [mark])

    def kept(tx: Tx) -> tuple[str, str]:
        row = tx.execute(select(rows.c.state, rows.c.reason).where(rows.c.id == claimed.id)).one()
        return row.state, row.reason

    assert town.store.read_now(kept) == (state, ("?" + "é" * 1000)[:199])


def test_pruned_rows_stay_counted(town: Town) -> None:
    learner = town.learner().learner
    town.store.write_now(queue_replies, learner, [Message("bonjour")], BUTTONS, "e1", MONDAY)
    (claimed,), _ = town.store.write_now(claims.claim, "telegram", "token", MONDAY, 1)
    sent = Mark(claimed.id, claimed.address_id, "sent", MONDAY, ref="1")
    town.store.write_now(claims.mark, [sent])
    before = town.store.read_now(ledger.outcomes)
    assert town.store.write_now(ledger.prune, MONDAY + timedelta(days=1), 500) > 0
    assert town.store.write_now(ledger.prune, MONDAY + timedelta(days=1), 500) == 0
    assert town.store.read_now(ledger.outcomes) == before
