# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A planned message counts when it arrives; what somebody says while it waits is taken into account."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.channels import Unreachable
from bot.messages import Kind
from bot.service import planning
from bot.service.outbound import Outcome, settle, step
from lessons.review import Memory, Recall
from storage.outbox import ledger
from storage.progress import recalls
from storage.progress.days import days_of
from storage.store import Store
from storage.types import Tx
from tests.bot.builders import MONDAY, Person, Town, lesson, quiz_of


def waits(person: Person) -> None:
    """Plan the next slot, and let nothing leave."""
    town = person.town
    town.now = person.next_at
    town.store.write_now(planning.plan, town.now)


def comes_back(town: Town) -> None:
    """The channel can be reached again: what is cancelled in a step leaves the next row to the step after."""
    town.wait(minutes=2)
    town.deliver()
    town.deliver()


def leaves(town: Town) -> Outcome:
    """Claim the one row that may leave; the channel is out of reach."""
    (attempt,) = town.store.write_now(step, "telegram", "token", town.limits, (), 8, (), town.now).attempts
    return Outcome(attempt.row, town.now, failure=Unreachable("down"))


def answers_all(person: Person) -> None:
    while person.waits:
        person.types(person.right())


def finished(store: Store) -> Person:
    """Someone who has answered both lessons of a course."""
    person = Town(store).teach(lesson("a"), lesson("b")).learner()
    answers_all(person)
    person.town.tick(person.next_at)
    answers_all(person)
    return person


def is_due(person: Person, *slugs: str, on: date) -> None:
    """Have lessons come due on a date."""
    for slug in slugs:
        kept = Recall(on, Memory(2.0, 5.0, on - timedelta(days=2)), None, {})
        person.town.store.write_now(recalls.remember, person.learner.id, slug, kept)


def test_a_slot_of_which_nothing_arrived_leaves_its_week_to_another(store: Store) -> None:
    person = finished(store)
    person.types("une fois par semaine")
    is_due(person, "a", "b", on=person.town.now.date())
    person.town.tick(person.next_at - timedelta(seconds=1))
    while person.next_at.weekday() != 0:
        person.town.store.write_now(planning.plan, person.next_at)
    waits(person)
    monday = person.town.now.date()
    person.town.wait(hours=5)
    person.town.deliver()
    assert monday not in days_of(person.enrolment.slots)
    before = len(person.shown)
    person.town.tick(person.next_at)
    assert "On révise" in person.heard(before)
    assert max(days_of(person.enrolment.slots)) == monday + timedelta(days=1)


def test_a_slot_taken_back_before_it_left_brings_reviews_on_the_same_day(town: Town) -> None:
    person = town.learner()
    person.types(person.wrong())
    town.tick(person.next_at)
    town.tick(person.next_at)
    waits(person)
    person.types("pause")
    town.wait(minutes=30)
    assert "Question" in person.types("reprendre")
    assert town.now.date() in days_of(person.enrolment.slots)


def test_reviews_come_at_once_on_a_day_whose_slot_brought_nothing(store: Store) -> None:
    person = finished(store)
    is_due(person, "a", on=person.next_at.date())
    before = len(person.shown)
    person.town.tick(person.next_at)
    assert person.enrolment.slot == person.town.now.date()
    assert len(person.shown) == before
    person.types("pause")
    assert "Que dire de a" in person.types("reprendre")
    assert person.next_at.date() > person.town.now.date()


def pause_waits(store: Store) -> Person:
    """Someone silent for so long that the next message pauses the lessons."""
    town = Town(store).teach(*map(lesson, "abcdefgh"))
    person = town.learner()
    while person.enrolment.silent < 6:
        town.tick(person.next_at)
    waits(person)
    return person


@pytest.mark.parametrize("leaving", [False, True])
def test_who_answers_while_a_pause_waits_goes_on(store: Store, leaving: bool) -> None:
    person = pause_waits(store)
    town = person.town
    under_way = leaves(town) if leaving else None
    person.does(text=person.right(), deliver=False)
    if under_way is not None:
        town.store.write_now(settle, [under_way], town.now)
    comes_back(town)
    assert "Bonne réponse" in person.heard()
    assert "en pause" not in person.heard()
    assert person.state == "active"


def test_who_answers_as_a_pause_arrives_goes_on(store: Store) -> None:
    person = pause_waits(store)
    town = person.town
    row = leaves(town).row
    person.does(text=person.right(), deliver=False)
    town.store.write_now(settle, [Outcome(row, town.now, ref="9")], town.now)
    assert person.state == "active"


def asked_again_waits(store: Store) -> Person:
    """Someone who answered nothing of a course; the question of its first lesson is about to be asked again."""
    person = Town(store).teach(lesson("a"), lesson("b")).learner()
    person.town.tick(person.next_at)
    before = person.town.now
    while not person.town.store.read_now(_planned):
        waits(person)
        assert person.town.now < before + timedelta(days=30)
    return person


def _planned(tx: Tx) -> int:
    return sum(ledger.outcomes(tx).get("review", {}).values())


@pytest.mark.parametrize("leaving", [False, True])
def test_a_question_is_not_asked_again_that_was_answered_while_it_waited(store: Store, leaving: bool) -> None:
    person = asked_again_waits(store)
    town, question = person.town, quiz_of(person)
    under_way = leaves(town) if leaving else None
    before = len(person.shown)
    person.does(kind=Kind.CHOOSE, refers=question.prompt, keys=("a",), receipt="r", deliver=False)
    if under_way is not None:
        town.store.write_now(settle, [under_way], town.now)
    comes_back(town)
    assert "Bonne réponse" in person.heard(before)
    assert "📌 À rattraper : Titre de a" not in person.heard(before)
    assert all(key.startswith("reply:") for key, _, _ in person.shown[before:])


def test_a_question_put_off_is_not_shown_once_it_is_answered(town: Town) -> None:
    person = town.learner()
    answers_all(person)
    town.tick(person.next_at)
    town.wait(minutes=30)
    person.types("plus tard à 14 h")
    waits(person)
    under_way = leaves(town)
    person.does(text=person.right(), deliver=False)
    town.store.write_now(settle, [under_way], town.now)
    before = len(person.shown)
    comes_back(town)
    assert all(key.startswith("reply:") for key, _, _ in person.shown[before:])
    assert "Bonne réponse" in person.heard(before)


def test_a_question_that_the_reminder_showed_is_not_asked_again_that_day(store: Store) -> None:
    wednesday = MONDAY + timedelta(days=2)
    town = Town(store, now=wednesday).teach(*map(lesson, "abcdef"))
    person = town.learner()
    asked = [person.question]
    for _ in range(2):
        town.tick(person.next_at)
        asked.append(person.question)
    town.tick(person.next_at)
    assert "attendent votre réponse" in person.heard()
    town.wait(hours=1)
    for question in asked[:2]:
        assert "Que dire de c" not in person.presses("a", question=question)


def test_the_lesson_of_the_day_comes_once_to_who_asks_for_it_while_it_waits(town: Town) -> None:
    person = town.learner()
    answers_all(person)
    waits(person)
    before = len(person.shown)
    person.types("lecon")
    assert person.heard(before).count("📘") == 1
    assert town.now.date() in days_of(person.enrolment.slots)
    assert "Bonne réponse" in person.types(person.right())
