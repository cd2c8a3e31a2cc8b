# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A lesson that is sent to all while it waits for somebody, and how often everybody is walked."""

from __future__ import annotations

from datetime import timedelta

from bot.service import planning, spreading
from storage import broadcasts
from tests.bot.builders import Person, Town, lesson, setting


def send_to_all(town: Town) -> None:
    version = lesson("deux").version
    town.store.write_now(
        lambda tx: broadcasts.begin(tx, roles=["agent"], by="cli:test", now=town.now, version=version)
    )
    while town.store.write_now(spreading.spread, town.now):
        pass


def titles(person: Person, since: int) -> int:
    return person.heard(since).count("Titre de deux")


def test_a_lesson_sent_to_all_while_it_waits_as_the_lesson_of_the_day_comes_once(town: Town) -> None:
    waits, other = town.learner("1"), town.learner("2")
    town.now = waits.next_at
    other.types("pause")
    town.store.write_now(planning.plan, town.now)
    other.does(text="reprendre", deliver=False)
    before = len(waits.shown), len(other.shown)
    send_to_all(town)
    town.deliver()
    assert [titles(waits, before[0]), titles(other, before[1])] == [1, 1]
    assert waits.enrolment.position == "deux"


def test_a_lesson_sent_to_all_that_is_asked_for_before_it_leaves_comes_once(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    send_to_all(town)
    before, slots = len(person.shown), person.enrolment.slots
    person.types("lecon")
    assert titles(person, before) == 1
    assert person.enrolment.slots == slots


def test_everybody_is_walked_four_times_an_hour_at_most(town: Town) -> None:
    people = [town.learner(str(minute)) for minute in range(5)]
    for minute, person in enumerate(people):
        setting(person, "heures calmes", f"20:00-07:{minute:02}")
    town.now = town.now.replace(hour=22)
    send_to_all(town)
    before = [len(person.shown) for person in people]
    morning, walks = town.now.replace(hour=6, minute=0) + timedelta(days=1), 0
    for minute in range(20):
        walks += town.store.read_now(broadcasts.due, morning + timedelta(minutes=minute)) is not None
        town.tick(morning + timedelta(minutes=minute))
        came = [titles(person, since) for person, since in zip(people, before, strict=True)]
        if minute < 15:
            assert came == [1, 0, 0, 0, 0]  # who was first has it at the very end of their night
    assert came == [1] * 5
    assert walks == 2
