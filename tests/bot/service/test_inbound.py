# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""An event is answered once, whatever its id, and a group is left in peace."""

from __future__ import annotations

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
