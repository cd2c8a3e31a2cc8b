# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A copy of the database was put back: what is taken as sent, and what still comes?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.service import planning
from bot.service.outbound import step
from bot.service.restored import Assumed, assume_sent
from storage import broadcasts
from storage.outbox import ledger
from storage.progress import enrolments, prompts
from tests.bot.builders import BUTTONS, MONDAY, Town

TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
"""08:30 in Paris."""


def plan(town: Town, tick: datetime) -> None:
    """Plan a tick, and let nothing leave."""
    town.now = tick
    town.store.write_now(planning.plan, tick)


def lessons(town: Town) -> list[str]:
    """The titles of all lessons that Claire was shown."""
    return [
        line.removeprefix("📘 Titre de ")
        for line in town.person().heard().splitlines()
        if line.startswith("📘")
    ]


def test_with_nothing_waiting_and_nothing_due_nothing_is_assumed(town: Town) -> None:
    town.learner()
    assert assume_sent(town.store, MONDAY + timedelta(hours=2)) == Assumed(0, 0)


def test_what_waited_in_the_copy_is_not_sent_again_and_can_be_answered(town: Town) -> None:
    claire = town.learner()
    plan(town, TUESDAY)
    assert assume_sent(town.store, TUESDAY + timedelta(hours=6)) == Assumed(1, 0)
    town.tick(TUESDAY + timedelta(hours=7))
    assert lessons(town) == ["un"]
    assert claire.enrolment.position == "deux"
    assert "Bonne réponse" in claire.types(claire.right()), "she answers what she was shown before the loss"
    town.tick(TUESDAY + timedelta(days=1))
    assert lessons(town) == ["un", "trois"]


def test_what_was_under_way_or_put_off_is_taken_as_sent_too(town: Town) -> None:
    town.learner()
    plan(town, TUESDAY)
    town.store.write_now(step, "telegram", "lost", BUTTONS, (), 8, (), TUESDAY)
    assert assume_sent(town.store, TUESDAY + timedelta(hours=6)) == Assumed(1, 0)
    town.tick(TUESDAY + timedelta(hours=7))
    assert lessons(town) == ["un"]


def test_a_lesson_that_came_due_after_the_copy_does_not_come_a_second_time(town: Town) -> None:
    claire = town.learner()
    assert assume_sent(town.store, TUESDAY + timedelta(hours=6)) == Assumed(0, 1)
    town.tick(TUESDAY + timedelta(hours=7))
    assert lessons(town) == ["un"]
    town.tick(claire.next_at)
    assert lessons(town) == ["un", "trois"]


def test_what_came_due_after_the_loss_still_comes(town: Town) -> None:
    town.learner()
    assert assume_sent(town.store, TUESDAY - timedelta(minutes=1)) == Assumed(0, 0)
    town.tick(TUESDAY + timedelta(hours=1))
    assert lessons(town) == ["un", "deux"]


def test_a_number_is_no_answer_to_a_question_whose_order_was_lost(town: Town) -> None:
    claire = town.learner()
    claire.types(claire.right())
    claire.types(claire.right())
    assume_sent(town.store, TUESDAY + timedelta(hours=6))
    town.now = TUESDAY + timedelta(hours=7)
    said = claire.types("2")
    assert not [sign for sign in ("✅", "❌", "Bonne réponse") if sign in said]
    assert "Titre de deux" in claire.types("lecon"), "whoever asks gets the lesson and a question to answer"
    assert "Bonne réponse" in claire.types(claire.right())


def test_a_question_that_a_lost_reminder_showed_again_is_still_the_one_that_a_number_answers(
    town: Town,
) -> None:
    claire = town.learner()
    for days in range(2):
        town.tick(TUESDAY + timedelta(days=days))
    asked, number = claire.quiz.id, claire.right()
    assume_sent(town.store, TUESDAY + timedelta(days=2, hours=6))
    town.now = TUESDAY + timedelta(days=2, hours=7)
    assert "Bonne réponse" in claire.types(number)
    answered = town.store.read_now(prompts.by_id, asked)
    assert answered is not None
    assert answered.verdict == "right"


def test_days_that_were_lost_pass_as_they_would_have(town: Town) -> None:
    claire = town.learner()
    assert assume_sent(town.store, TUESDAY + timedelta(days=2, hours=1)) == Assumed(0, 3)
    town.tick(TUESDAY + timedelta(days=3))
    assert lessons(town) == ["un", "quatre"]
    assert claire.enrolment.silent == 4


def test_an_announcement_under_way_is_taken_as_sent(town: Town) -> None:
    claire = town.learner()
    town.store.write_now(broadcasts.begin, roles=("agent",), by="cli:test", now=MONDAY, text="Bonjour à tous")
    assert assume_sent(town.store, MONDAY + timedelta(hours=2)) == Assumed(0, 1)
    town.tick(MONDAY + timedelta(hours=3))
    assert "Bonjour à tous" not in claire.heard()


def test_assuming_twice_changes_nothing_more(town: Town) -> None:
    town.learner()
    until = TUESDAY + timedelta(hours=6)
    assert assume_sent(town.store, until) == Assumed(0, 1)
    before = town.store.read_now(ledger.outcomes)
    assert assume_sent(town.store, until) == Assumed(0, 0)
    assert town.store.read_now(ledger.outcomes) == before


@pytest.mark.parametrize("learners", [1, 120])
def test_however_many_they_are_each_is_counted(town: Town, learners: int) -> None:
    for number in range(learners):
        town.learner(str(number))
    assert assume_sent(town.store, TUESDAY + timedelta(hours=1)) == Assumed(0, learners)
    assert town.store.read_now(enrolments.next_due) == TUESDAY + timedelta(days=1)
