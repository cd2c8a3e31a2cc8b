# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""After a silence: who presses or answers goes on at once, who asked for a pause stays in it, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages import Kind
from tests.bot.builders import Person, Town, quiz_of, setting

GOES_ON = "Les leçons reprennent."


def falls_silent(town: Town) -> Person:
    """Someone whose lessons are paused because nothing was answered for long."""
    person = town.learner()
    while person.learner.state == "active":
        town.tick(person.next_at)
    assert person.learner.pause_reason == "silent"
    town.wait(days=21)
    return person


def test_a_press_after_a_silence_is_judged_and_resumes(town: Town) -> None:
    person = falls_silent(town)
    heard = person.presses("a", question=quiz_of(person))
    assert "Bonne réponse" in heard
    assert GOES_ON in heard
    assert "Écrivez pause pour en rester là." in heard
    assert person.learner.state == "active"
    assert person.next_at - town.now < timedelta(days=4)
    assert person.waits  # the second question of the slot
    assert "pause" not in person.types("progression")


def test_a_typed_answer_after_a_silence_resumes(town: Town) -> None:
    person = falls_silent(town)
    heard = person.types(person.right())
    assert heard.index("Bonne réponse") < heard.index(GOES_ON)
    assert person.learner.state == "active"


@pytest.mark.parametrize("wrong", ["bof", "42", "aide"])
def test_what_answers_nothing_does_not_resume(town: Town, wrong: str) -> None:
    person = falls_silent(town)
    assert GOES_ON not in person.types(wrong)
    assert person.learner.state == "paused"


def test_a_press_on_an_answered_question_resumes_too(town: Town) -> None:
    person = town.learner()
    question = quiz_of(person)
    person.presses("a", question=question)
    while person.learner.state == "active":
        town.tick(person.next_at)
    assert GOES_ON in person.presses("b", question=question)
    assert person.learner.state == "active"


def test_a_choice_that_is_ticked_resumes_once(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    several = person.question
    while person.learner.state == "active":
        town.tick(person.next_at)
    assert GOES_ON in person.presses("a", kind=Kind.TOGGLE, question=several)
    assert GOES_ON not in person.presses("c", kind=Kind.TOGGLE, question=several)


def test_a_setting_that_is_changed_resumes(town: Town) -> None:
    person = falls_silent(town)
    assert GOES_ON in setting(person, "heure")
    assert "09:00" in person.types("9 h")
    assert person.next_at.minute == 0


@pytest.mark.parametrize("choice", ["keep", "erase", "no"])
def test_who_is_asked_about_leaving_is_not_resumed_by_the_answer(town: Town, choice: str) -> None:
    person = falls_silent(town)
    person.types("stop")
    assert GOES_ON not in person.presses(choice)


@pytest.mark.parametrize("pause", ["pause", "pause deux semaines"])
def test_answers_in_a_pause_that_was_asked_for_are_judged_and_it_stays(town: Town, pause: str) -> None:
    person = town.learner()
    person.types(pause)
    heard = person.presses("a", question=quiz_of(person))
    assert "Bonne réponse" in heard
    assert "reprendre les relance" in heard
    assert "Que retenir" not in heard
    assert ("en pause jusqu’au" in heard) == (pause != "pause")
    assert person.learner.state == "paused"


def test_back_on_a_day_that_brought_nothing_two_reviews_come_at_once(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    person.types(person.right())
    town.tick(person.next_at)
    person.types(person.wrong())
    person.types("pause")
    town.wait(days=14, hours=4)
    heard = person.types("reprendre")
    assert "On révise" in heard
    assert person.enrolment.slot == town.now.date()
    assert person.next_at.date() > town.now.date()
    assert "On révise" in person.types(person.right())
    assert "C’est tout pour aujourd’hui" in person.types(person.right())


def test_back_when_today_had_its_lesson_nothing_more_comes(town: Town) -> None:
    person = town.learner()
    person.types(person.wrong())
    person.types("pause")
    assert "Quel plaisir" in person.types("reprendre")
    assert "révise" not in person.heard()


def test_back_when_nothing_is_due_the_day_keeps_its_lesson(town: Town) -> None:
    person = town.learner()
    answered = person.types(person.right())
    person.types("pause")
    assert answered
    town.now = town.now.replace(hour=6) + timedelta(days=1)
    person.types("reprendre")
    assert person.next_at.date() == town.now.date()
