# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is said where people talk in rooms, vote, and encrypt what they say?"""

from __future__ import annotations

from bot.messages import Kind
from tests.bot.builders import Town


def test_what_cannot_be_decrypted_is_told_once_a_day(town: Town) -> None:
    claire = town.learner("claire")
    first = claire.does("unreadable-x-2026-11-23", kind=Kind.UNREADABLE)
    assert "déchiffrer" in first
    assert claire.does("unreadable-x-2026-11-23", kind=Kind.UNREADABLE) == ""
    assert claire.does("unreadable-x-2026-11-24", kind=Kind.UNREADABLE) == first


def test_a_newcomer_whose_first_words_cannot_be_decrypted_is_told(town: Town) -> None:
    assert "déchiffrer" in town.person("claire").does(kind=Kind.UNREADABLE)


def test_whoever_asks_to_compare_devices_is_told_why_not(town: Town) -> None:
    claire = town.learner("claire")
    assert "émojis" in claire.does("verify-x-2026-11-23", kind=Kind.VERIFY)
    assert claire.does("verify-x-2026-11-23", kind=Kind.VERIFY) == ""


def test_a_conversation_that_becomes_a_group_gets_no_more_lessons(town: Town) -> None:
    claire = town.learner("claire")
    assert "conversation privée" in claire.does(kind=Kind.GROUP)
    assert (claire.learner.state, claire.learner.pause_reason) == ("paused", "gone")
    assert claire.enrolment.next_at is None


def test_a_group_is_told_once(town: Town) -> None:
    group = town.person("group")
    assert "conversation privée" in group.does(kind=Kind.GROUP)
    assert group.does(kind=Kind.GROUP) == ""


def test_a_vote_is_judged_once_and_a_later_one_is_told_so(town: Town) -> None:
    claire = town.learner("claire")
    question = claire.question
    keys = [choice.key for choice in question.choices]
    claire.does(kind=Kind.CHOOSE, refers=question.prompt, keys=(keys[0],))
    late = claire.does(kind=Kind.CHOOSE, refers=question.prompt, keys=(keys[1],))
    assert "déjà" in late


def test_a_vote_on_the_question_of_someone_else_is_refused(town: Town) -> None:
    claire, remi = town.learner("claire"), town.learner("remi")
    question = claire.question
    assert remi.does(kind=Kind.CHOOSE, refers=question.prompt, keys=(question.choices[0].key,)) != ""
    assert claire.quiz.id == question.prompt
    assert remi.quiz.answered_at is None


def test_whoever_opens_another_room_goes_on_there(town: Town) -> None:
    first = town.learner("first")
    learner, quiz = first.learner.id, first.quiz.id
    second = town.person("second")
    assert "déjà" in second.does(text="start", elsewhere=("unknown", "first"))
    assert (second.learner.id, second.quiz.id) == (learner, quiz)
    before = len(first.shown)
    assert second.types(second.right()) != ""
    town.tick(second.next_at)
    assert second.question.prompt != quiz
    assert len(first.shown) == before


def test_a_word_in_the_first_room_brings_the_lessons_back_there(town: Town) -> None:
    first = town.learner("first")
    learner = first.learner.id
    second = town.person("second")
    second.does(text="start", elsewhere=("first",))
    assert "progression" in first.does(text="progression", elsewhere=("second",)).casefold()
    assert first.learner.id == learner


def test_leaving_the_former_room_pauses_nobody(town: Town) -> None:
    town.learner("first")
    second = town.person("second")
    second.does(text="start", elsewhere=("first",))
    assert town.person("first").does(kind=Kind.LEFT, elsewhere=("second",)) == ""
    assert second.learner.state == "active"


def test_someone_with_a_learner_in_each_room_keeps_both(town: Town) -> None:
    first, second = town.learner("first"), town.learner("second")
    ids = first.learner.id, second.learner.id
    second.does(text="progression", elsewhere=("first",))
    assert (first.learner.id, second.learner.id) == ids
