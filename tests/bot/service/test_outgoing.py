# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does what is stored of a piece come back as it was, and does a newer edit replace an older one?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.channels import Rejected, Uncertain
from bot.messages import Ask, Choice, Document, Edit, Event, Form, Limits, Message, Piece, Question, Send
from bot.service import planning
from bot.service.inbound import receive
from bot.service.outbound import Attempt, Outcome, settle, step
from bot.service.outgoing import pack, queue_replies, unpack
from bot.talk import reception
from bot.talk.turn import Rules
from storage import courses
from storage.outbox import claims, ledger, queue
from storage.outbox.rows import Mark
from storage.store import Store
from storage.tables import outbox as rows
from storage.types import Tx
from tests.bot.builders import BUTTONS, MONDAY, TYPING, Town, lesson

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
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
pieces = st.builds(
    Send,
    texts,
    st.none() | questions,
    st.none() | st.builds(Document, names, names, st.binary(max_size=50)),
    texts,
) | st.builds(Edit, names, texts, st.none() | questions)


@given(pieces)
def test_a_piece_comes_back_as_it_was_stored(piece: Piece) -> None:
    stored = json.loads(json.dumps(pack(piece), ensure_ascii=False))
    target = piece.replies_to if isinstance(piece, Send) else piece.of
    assert unpack(stored, target) == piece


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


def test_two_events_with_long_ids_that_begin_alike_are_both_answered(town: Town) -> None:
    person = town.learner()
    alike = "x" * 150
    assert "numéro" in person.does(alike + "1", text="charabia")
    assert "numéro" in person.does(alike + "2", text="charabia")


def test_a_planned_message_is_one_piece_where_nothing_can_be_pressed(town: Town) -> None:
    town.limits = TYPING
    person = town.learner()
    before = len(person.shown)
    town.tick(person.next_at)
    assert len(person.shown) == before + 1
    assert "Titre de deux" in person.heard(before)
    assert "Répondez par un numéro" in person.heard(before)


def test_what_follows_a_refused_part_of_a_message_is_dropped_and_no_other_message(town: Town) -> None:
    learner = town.learner().learner
    limits = replace(BUTTONS, text=10)
    long, short = Message("un deux trois quatre cinq six"), Message("autre")
    town.store.write_now(queue_replies, learner, [long, short], limits, "e1", MONDAY)
    (claimed,), _ = town.store.write_now(claims.claim, "telegram", "token", MONDAY, 1)
    town.store.write_now(queue.drop_rest, claimed, MONDAY)
    assert [text for _, text in waiting(town)] == [claimed.content["text"], "autre"]


@pytest.mark.parametrize("state", ["sent", "refused", "waiting"])
def test_whatever_a_channel_says_of_a_message_can_be_kept(town: Town, state: str) -> None:
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


def test_what_is_pruned_stays_counted(town: Town) -> None:
    learner = town.learner().learner
    town.store.write_now(queue_replies, learner, [Message("bonjour")], BUTTONS, "e1", MONDAY)
    (claimed,), _ = town.store.write_now(claims.claim, "telegram", "token", MONDAY, 1)
    sent = Mark(claimed.id, claimed.address_id, "sent", MONDAY, ref="1")
    town.store.write_now(claims.mark, [sent])
    before = town.store.read_now(ledger.outcomes)
    assert town.store.write_now(ledger.prune, MONDAY + timedelta(days=1), 500) > 0
    assert town.store.write_now(ledger.prune, MONDAY + timedelta(days=1), 500) == 0
    assert town.store.read_now(ledger.outcomes) == before


POLLS = Limits(ask=Ask.POLL)


def test_a_lesson_that_is_voted_on_leaves_as_a_text_and_a_poll_right_after(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    claire, remi = town.learner("claire"), town.learner("remi")
    for person in (claire, remi):
        person.types("1")
        person.types("1")
        person.shown.clear()
    town.tick(MONDAY + timedelta(days=1))
    for person in (claire, remi):
        (first, _, text), (second, _, poll) = person.shown
        assert first.startswith("lesson:")
        assert (first.removesuffix(":0"), second.removesuffix(":1")) == (second.removesuffix(":1"),) * 2
        assert text.question is None
        assert "Titre de deux" in text.text
        assert poll.question is not None
        assert poll.question.prompt == person.quiz.id
    figures = town.store.read_now(ledger.outcomes)
    assert figures["lesson"] == {"sent": 2}


def test_a_lesson_whose_text_is_refused_asks_nothing(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    town.learner("claire")
    town.store.write_now(planning.plan, MONDAY + timedelta(days=1))
    now = town.now = MONDAY + timedelta(days=1)
    (attempt,) = town.store.write_now(step, "telegram", "token", POLLS, (), 8, (), now).attempts
    assert keys_waiting(town) == [attempt.row.key, attempt.row.key[:-1] + "1"]
    town.store.write_now(settle, [Outcome(attempt.row, now, failure=Rejected("too long"))], now)
    assert keys_waiting(town) == []


def test_a_lesson_that_may_have_left_keeps_its_place_before_its_poll(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    claire = town.learner("claire")
    claire.shown.clear()
    town.store.write_now(planning.plan, MONDAY + timedelta(days=1))
    now = town.now = MONDAY + timedelta(days=1)
    (attempt,) = town.store.write_now(step, "telegram", "token", POLLS, (), 8, (), now).attempts
    town.store.write_now(settle, [Outcome(attempt.row, now, failure=Uncertain("cut"))], now)
    town.wait(minutes=5)
    town.deliver()
    assert [key[-1] for key, _, _ in claire.shown] == ["0", "1"]


def asks_for_help_before_the_lesson_leaves(town: Town, times: int = 1) -> str:
    """Tuesday's lesson waits, and so do the answers to someone who asked for help; what the key of its text begins with."""
    claire = town.learner("claire")
    claire.shown.clear()
    town.now = MONDAY + timedelta(days=1)
    town.store.write_now(planning.plan, town.now)
    (lesson_key,) = keys_waiting(town)
    for number in range(times):
        event = Event("telegram", f"aide-{number}", "claire", town.now, text="aide")
        rules = Rules(town.schedule, "fr", town.admins)
        town.store.write_now(receive, reception.read(event, rules), rules, POLLS, town.now)
    return lesson_key[:-1]


def test_an_answer_queued_before_a_lesson_left_does_not_come_between_its_text_and_its_poll(
    store: Store,
) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    stem = asks_for_help_before_the_lesson_leaves(town, times=2)
    town.deliver()
    shown = [key for key, _, _ in town.person("claire").shown]
    assert shown == [f"{stem}0", f"{stem}1", "reply:telegram:aide-0:0.0", "reply:telegram:aide-1:0.0"]


def test_nor_does_it_when_the_text_may_have_left_and_is_sent_again(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    stem = asks_for_help_before_the_lesson_leaves(town)
    (attempt,) = town.store.write_now(step, "telegram", "token", POLLS, (), 8, (), town.now).attempts
    assert keys_waiting(town) == [f"{stem}0", f"{stem}1", "reply:telegram:aide-0:0.0"]
    town.store.write_now(settle, [Outcome(attempt.row, town.now, failure=Uncertain("cut"))], town.now)
    town.wait(minutes=5)
    town.deliver()
    shown = [key for key, _, _ in town.person("claire").shown]
    assert shown == [f"{stem}0", f"{stem}1", "reply:telegram:aide-0:0.0"]


def test_behind_a_hundred_answers_the_poll_comes_last_and_nothing_is_lost(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    stem = asks_for_help_before_the_lesson_leaves(town, times=100)
    town.deliver()
    shown = [key for key, _, _ in town.person("claire").shown]
    assert shown == [f"{stem}0", *(f"reply:telegram:aide-{number}:0.0" for number in range(100)), f"{stem}1"]


def may_have_left(town: Town) -> str:
    """The text of Tuesday's lesson may have left, its poll has not; the key of the text."""
    town.learner("claire")
    now = town.now = MONDAY + timedelta(days=1)
    town.store.write_now(planning.plan, now)
    (attempt,) = town.store.write_now(step, "telegram", "token", POLLS, (), 8, (), now).attempts
    town.store.write_now(settle, [Outcome(attempt.row, now, failure=Uncertain("cut"))], now)
    assert keys_waiting(town) == [attempt.row.key, attempt.row.key[:-1] + "1"]
    return attempt.row.key


def test_a_lesson_held_back_before_it_is_tried_again_asks_nothing(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    may_have_left(town)
    town.store.write_now(courses.hold, lesson("deux").version)
    town.wait(minutes=5)
    turned = town.store.write_now(step, "telegram", "token", POLLS, (), 8, (), town.now)
    assert turned.attempts == ()
    assert turned.ended == {(1, "refused", "held"): 1, (0, "refused", "incomplete"): 1}
    assert keys_waiting(town) == []


def test_who_pauses_before_a_lesson_is_tried_again_is_asked_nothing(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    key = may_have_left(town)
    said = town.person("claire").types("pause")
    town.wait(minutes=5)
    town.deliver()
    assert town.store.read_now(ledger.outcomes)["lesson"] == {"cancelled": 1}
    assert not [heard for heard, _, _ in town.person("claire").shown if heard.startswith(key[:-1])]
    assert "pause" in said or "pause" in town.person("claire").heard()


def test_a_text_is_an_answer_from_the_moment_the_numbered_text_left(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"))
    claire = town.person("claire")
    claire.types("start")
    event = Event("telegram", "oui-1", "claire", town.now, text="oui")
    rules = Rules(town.schedule, "fr", town.admins)
    town.store.write_now(receive, reception.read(event, rules), rules, POLLS, town.now)
    sent = [leave_one(town) for _ in range(2)]
    assert "1. " in sent[-1].piece.text
    assert sent[-1].piece.question is None
    assert claire.quiz.shown_at is not None


def leave_one(town: Town) -> Attempt:
    (attempt,) = town.store.write_now(step, "telegram", "token", POLLS, (), 1, (), town.now).attempts
    town.store.write_now(settle, [Outcome(attempt.row, town.now, ref=attempt.row.key)], town.now)
    return attempt


def keys_waiting(town: Town) -> list[str]:
    """The keys of what has not left, in order."""
    wanted = select(rows.c.key).where(rows.c.state == "waiting").order_by(rows.c.id)
    return town.store.read_now(lambda tx: list(tx.execute(wanted).scalars()))
