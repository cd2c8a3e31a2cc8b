# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a reminder shows, and what answering it does to the messages before it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text, update

from bot.channels import Uncertain
from bot.messages import Ask, Kind, Limits, Send
from bot.service import planning
from bot.service.outbound import Outcome, settle, step
from storage import courses, tables, witnesses
from storage.progress import prompts
from tests.bot.builders import MONDAY, Person, Town, lesson
from tests.lessons import builders as lessons

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

HOUR = MONDAY.replace(hour=7, minute=30)
"""08:30 in Paris."""
SLUGS = ("un", "deux", "trois", "quatre")


def silent(town: Town, days: int = 2) -> Person:
    """Someone who answers nothing of what comes from Tuesday on."""
    person = town.learner()
    for day in range(1, days + 1):
        town.tick(HOUR + timedelta(days=day))
    return person


def reminded(town: Town) -> Person:
    """Someone whose third unanswered slot, on Thursday, brought a reminder."""
    person = silent(town)
    town.tick(HOUR + timedelta(days=3))
    return person


def test_a_reminder_shows_the_newest_open_question_again_without_its_lesson(town: Town) -> None:
    person = silent(town)
    asked = person.quiz
    town.tick(HOUR + timedelta(days=3))
    assert "3 leçons attendent votre réponse" in person.heard()
    shown = person.shown[-1][2]
    assert isinstance(shown, Send)
    assert "Que dire de trois" in shown.text
    assert "📘" not in shown.text
    assert shown.question is not None
    assert shown.question.prompt == asked.id
    assert person.quiz.message == person.shown[-1][0]


@pytest.mark.parametrize("where", [-1, -2])
def test_a_press_on_the_reminder_or_on_the_lesson_answers_once_and_takes_both_buttons_away(
    town: Town, where: int
) -> None:
    person = reminded(town)
    (lesson_key, _, before), (reminder_key, _, _) = person.shown[-2:]
    question = person.shown[where][2].question
    assert question is not None
    assert before.question is not None
    assert question.prompt == before.question.prompt
    heard = person.presses(question.choices[int(person.right()) - 1].key, question=question)
    assert "Bonne réponse" in heard
    assert "📘" not in heard
    assert person.enrolment.silent == 0
    changed = {piece.of for _, _, piece in person.shown if not isinstance(piece, Send)}
    assert changed == {reminder_key}
    assert lesson_key in person.unbuttoned
    person.presses(question.choices[0].key, question=question)
    assert "déjà" in person.brief


def test_a_typed_answer_takes_the_buttons_of_the_lesson_and_of_the_reminder_away(town: Town) -> None:
    person = reminded(town)
    keys = {key for key, _, _ in person.shown[-2:]}
    assert "Bonne réponse" in person.types(person.right())
    assert keys <= set(person.unbuttoned)


def test_a_number_loses_the_button_for_its_lesson_when_it_is_answered(store: Store) -> None:
    counted = [lessons.number(text="Combien ?"), lessons.multiple()]
    town = Town(store).teach(*(lesson(slug, questions=counted) for slug in SLUGS))
    person = reminded(town)
    key = person.shown[-1][0]
    assert "Bonne réponse" in person.types(person.right())
    assert key in person.unbuttoned


@pytest.mark.parametrize("typed", [False, True])
def test_the_lesson_of_a_reminder_can_be_read_again(town: Town, typed: bool) -> None:
    person = reminded(town)
    heard = person.types("relire") if typed else person.presses("reread")
    assert "📘 Titre de trois" in heard
    assert "attendent" not in heard
    assert "Bonne réponse" in person.types(person.right())
    assert len({key for key, _, _ in person.shown[-5:]} & set(person.unbuttoned)) >= 2


def test_a_choice_of_several_is_ticked_in_the_reminder_itself(store: Store) -> None:
    several = [lessons.multiple(text="Que retenir ?"), lessons.single()]
    town = Town(store).teach(*(lesson(slug, questions=several) for slug in SLUGS))
    person = reminded(town)
    heard = person.presses(person.question.choices[0].key, kind=Kind.TOGGLE)
    assert "rien ne presse" in heard
    assert "✓" in heard
    assert "📘" not in heard


def test_a_reminder_is_a_text_and_a_poll_where_questions_are_voted_on(store: Store) -> None:
    town = Town(store, limits=Limits(ask=Ask.POLL)).teach(*map(lesson, SLUGS))
    person = reminded(town)
    (key, _, above), (_, _, poll) = person.shown[-2:]
    assert "rien ne presse" in above.text
    assert poll.question is not None
    assert (poll.question.prompt, person.quiz.message) == (person.quiz.id, key)
    assert "Bonne réponse" in person.presses(poll.question.choices[int(person.right()) - 1].key)


def test_the_message_of_a_question_is_the_old_one_until_the_reminder_has_left(town: Town) -> None:
    person = silent(town)
    before = person.quiz.message
    now = town.now = HOUR + timedelta(days=3)
    town.store.write_now(planning.plan, now)
    (attempt,) = town.store.write_now(step, "telegram", "token", town.limits, (), 8, (), now).attempts
    assert person.quiz.message == before
    town.store.write_now(settle, [Outcome(attempt.row, now, failure=Uncertain("cut"))], now)
    assert person.quiz.message == before
    town.wait(minutes=5)
    town.deliver()
    assert person.quiz.message == person.shown[-1][0] == attempt.row.key


def test_a_reminder_of_what_was_answered_meanwhile_comes_without_a_question(town: Town) -> None:
    person = silent(town)
    town.now = HOUR + timedelta(days=3)
    town.store.write_now(planning.plan, town.now)
    prompt = person.quiz
    town.store.write_now(prompts.answer, prompt.id, ("a",), "right", town.now)
    town.deliver()
    assert "rien ne presse" in person.heard()
    assert person.last.question is None
    found = town.store.read_now(prompts.by_id, prompt.id)
    assert found is not None
    assert found.message == prompt.message


def test_an_answer_while_a_reminder_is_sent_stays_where_it_was_given(town: Town) -> None:
    person = silent(town)
    prompt, now = person.quiz, HOUR + timedelta(days=3)
    town.now = now
    town.store.write_now(planning.plan, now)
    (attempt,) = town.store.write_now(step, "telegram", "token", town.limits, (), 8, (), now).attempts
    town.store.write_now(prompts.answer, prompt.id, ("a",), "right", now)
    town.store.write_now(settle, [Outcome(attempt.row, now, ref="r")], now)
    found = town.store.read_now(prompts.by_id, prompt.id)
    assert found is not None
    assert found.message == prompt.message


def hold(tx: Tx, slug: str) -> None:
    published = courses.catalogue(tx)
    assert published is not None
    witnesses.hold(tx, published.entries[slug].version)


def test_a_question_of_a_lesson_that_is_held_is_not_shown_again(town: Town) -> None:
    person = silent(town)
    town.store.write_now(hold, "trois")
    town.tick(HOUR + timedelta(days=3))
    assert "rien ne presse" in person.heard()
    assert person.last.question is None


@pytest.mark.parametrize("content", ["[]", "7", '"x"', '{"older": 3, "order": {}}', '{"above": 5}'])
def test_a_damaged_question_stops_neither_its_reminder_nor_another(town: Town, content: str) -> None:
    damaged, whole = town.learner("damaged"), town.learner("whole")
    for day in (1, 2):
        town.tick(HOUR + timedelta(days=day))
    spoilt = damaged.quiz.id
    update_it = text("UPDATE prompt SET content = CAST(:it AS JSON) WHERE id = :of")
    if town.store.read_now(lambda tx: tx.dialect.name) == "sqlite":
        update_it = text("UPDATE prompt SET content = :it WHERE id = :of")
    town.store.write_now(lambda tx: tx.execute(update_it, {"it": content, "of": spoilt}))
    town.tick(HOUR + timedelta(days=3))
    for person in (damaged, whole):
        assert "rien ne presse" in person.heard()
    assert "Bonne réponse" in whole.types(whole.right())
    damaged.types("1")


def test_a_question_that_its_lesson_no_longer_has_leaves_the_reminder_alone(town: Town) -> None:
    person = silent(town)
    of = tables.prompt.c.id == person.quiz.id
    town.store.write_now(lambda tx: tx.execute(update(tables.prompt).where(of).values(question="gone")))
    town.tick(HOUR + timedelta(days=3))
    assert "rien ne presse" in person.heard()
    assert person.last.question is None
