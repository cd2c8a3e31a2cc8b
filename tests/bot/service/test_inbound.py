# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""An event is answered once, whatever its id, and a group is left in peace."""

from __future__ import annotations

import pytest

from bot.messages import Kind
from tests.bot.builders import Town


def test_an_event_told_twice_is_answered_once(town: Town) -> None:
    person = town.learner()
    assert person.does("same", text="aide") != ""
    assert person.does("same", text="aide") == ""


def test_two_events_with_long_ids_that_begin_alike_are_both_answered(town: Town) -> None:
    person = town.learner()
    alike = "x" * 150
    assert "numéro" in person.does(alike + "1", text="charabia")
    assert "numéro" in person.does(alike + "2", text="charabia")


def test_the_bot_added_to_a_group_keeps_silent_after_a_word(town: Town) -> None:
    group = town.person("-1")
    group.does(kind=Kind.GROUP)
    town.wait(days=1)
    assert group.does(kind=Kind.GROUP) == ""


def test_the_same_request_is_answered_once_while_its_answer_is_unsent(town: Town) -> None:
    person = town.learner()
    for text in ("lecon", "/aide", "Progression", "reglages", "quiz", "pause", "reprendre", "stop"):
        before = len(person.shown)
        person.undelivered(text, text, f"{text.upper()}.")
        assert len(person.shown) == before + 1, text


def test_a_request_is_answered_again_after_another_one_or_once_its_answer_has_left(town: Town) -> None:
    person = town.learner()
    before = len(person.shown)
    person.undelivered("pause", "reprendre", "pause")
    assert len(person.shown) == before + 3
    assert person.learner.state == "paused"
    assert person.types("pause") != ""


@pytest.mark.parametrize(
    "said",
    [
        ("pause jusqu'au 5 janvier", "pause jusqu'au 12 janvier"),
        ("pause une semaine", "pause jusqu'au 12 janvier"),
        ("pause", "pause jusqu'au 12 janvier"),
        ("pause jusqu'au 5 janvier", "pause jusqu'à la rentrée", "pause jusqu'au 12 janvier"),
    ],
)
def test_the_last_of_several_pauses_is_the_one_that_is_kept_though_no_answer_left(
    town: Town, said: tuple[str, ...]
) -> None:
    person = town.learner()
    before = len(person.shown)
    person.undelivered(*said)
    assert len(person.shown) == before + len(said)
    assert "jusqu’au mardi 12 janvier" in person.heard(len(person.shown) - 1)
    assert "jusqu’au mardi 12 janvier" in person.types("progression")
    person.undelivered("pause une semaine", "pause")
    assert (person.learner.state, person.enrolment.next_at) == ("paused", None)


def test_a_stranger_who_writes_much_gets_one_notice(town: Town) -> None:
    person = town.person()
    person.undelivered("bonjour", "/start", "il y a quelqu'un ?", "hé", "lecon", "start")
    assert len(person.shown) == 1
    assert "Bienvenue" in person.types("oui")


def test_who_leaves_and_comes_back_before_anything_is_sent_is_active(town: Town) -> None:
    person = town.learner()
    for kind in (Kind.LEFT, Kind.BACK, Kind.LEFT, Kind.BACK):
        person.does(kind=kind, deliver=False)
    assert person.learner.state == "active"
    for word in ("start", "reprendre"):
        person.does(text=word, deliver=False)
        person.does(kind=Kind.LEFT, deliver=False)
        person.does(text=word, deliver=False)
        assert person.learner.state == "active"
    town.deliver()


def test_unblocking_gives_one_message(town: Town) -> None:
    person = town.learner()
    person.does(kind=Kind.LEFT)
    assert "Quel plaisir" in person.does(kind=Kind.BACK)
    town.wait(seconds=2)
    assert person.types("/start") == ""
    assert person.types("/aide") != ""
    assert "déjà" in person.types("/start")
    town.wait(minutes=2)
    person.does(kind=Kind.LEFT)
    person.does(kind=Kind.BACK)
    town.wait(minutes=2)
    assert "déjà" in person.types("/start")
