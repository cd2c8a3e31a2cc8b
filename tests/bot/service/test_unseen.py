# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Questions of messages that never left, and of messages that arrived without a word from the channel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels import Failure, Throttled, Uncertain, Unreachable
from bot.messages import Question
from bot.service import planning
from bot.service.outbound import Attempt, Outcome, settle, step
from storage.progress import recalls
from tests.bot.builders import Person, Town


def at_the_hour(town: Town) -> Person:
    """Somebody who has answered all, and whose next lesson is planned now."""
    person = town.learner()
    while person.waits:
        person.types(person.right())
    town.now = person.next_at
    town.store.write_now(planning.plan, town.now)
    return person


def fail(town: Town, *failures: Failure) -> list[Attempt]:
    """Let what may leave fail, once with each of these; return what was tried last."""
    attempts: tuple[Attempt, ...] = ()
    for failure in failures:
        attempts = town.store.write_now(step, "telegram", "token", town.limits, (), 8, (), town.now).attempts
        outcomes = [Outcome(attempt.row, town.now, failure=failure) for attempt in attempts]
        town.store.write_now(settle, outcomes, town.now)
        town.now += timedelta(minutes=20)
    return list(attempts)


@pytest.mark.parametrize("failure", [Unreachable("down"), Throttled(60)])
def test_a_number_is_no_answer_to_the_question_of_a_lesson_that_never_left(
    town: Town, failure: Failure
) -> None:
    person = at_the_hour(town)
    fail(town, failure, failure)
    assert not person.waits
    known = town.store.read_now(recalls.all_of, person.learner.id).keys()
    person.types("pause")
    person.types("1")
    assert town.store.read_now(recalls.all_of, person.learner.id).keys() == known
    assert not person.waits


def test_the_question_of_a_lesson_that_leaves_after_all_is_open_again(town: Town) -> None:
    person = at_the_hour(town)
    fail(town, Unreachable("down"))
    town.deliver()
    assert "Titre de deux" in person.heard()
    assert person.waits
    assert "Bonne réponse" in person.types(person.right())


def test_a_lesson_that_may_have_left_stays_open_though_its_next_attempt_does_not_leave(town: Town) -> None:
    person = at_the_hour(town)
    fail(town, Uncertain("timed out"), Unreachable("down"))
    assert person.waits


def pressed(town: Town) -> tuple[Person, Question]:
    """Somebody who pressed an answer under a lesson of which the channel said nothing."""
    person = at_the_hour(town)
    (attempt,) = fail(town, Uncertain("timed out"))
    town.now -= timedelta(minutes=19, seconds=40)
    person.hear(attempt.piece, attempt.row.key, "unknown")
    question = person.question
    person.presses(question.choices[0].key, question=question)
    return person, question


@pytest.mark.parametrize(("failure", "asked"), [(Uncertain("timed out"), 0), (Unreachable("down"), 1)])
def test_resuming_asks_at_once_unless_todays_lesson_may_have_come(
    town: Town, failure: Failure, asked: int
) -> None:
    person = town.learner()
    person.types(person.wrong())  # it is due two days later
    town.tick(person.next_at)
    town.now = person.next_at
    town.store.write_now(planning.plan, town.now)
    fail(town, failure)
    person.types("pause")
    assert person.types("reprendre").count("On révise") == asked
