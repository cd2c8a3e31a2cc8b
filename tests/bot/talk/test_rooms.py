# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is said where people talk in rooms, vote, and encrypt what they say?"""

from __future__ import annotations

from bot.messages import Kind
from storage import accounts, figures
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


def test_a_group_is_told_once_however_often_it_is_noticed(town: Town) -> None:
    group = town.person("group")
    assert "conversation privée" in group.does("group-x-2026-11-23", kind=Kind.GROUP)
    assert group.does("group-x-2026-11-23", kind=Kind.GROUP) == ""


def test_figures_count_neither_groups_nor_second_rooms_as_people(town: Town) -> None:
    claire = town.learner("claire", sender="claire")
    town.person("group").does(kind=Kind.GROUP)
    town.person("stranger").types("bonjour")
    elsewhere = town.person("elsewhere", sender="claire")
    assert "Ce que je garde" not in elsewhere.does(kind=Kind.GREETING)
    assert claire.learner.state == "active"
    assert town.store.read_now(figures.read)["learners"] == {
        "invited": 1,
        "active": 1,
        "paused": 0,
        "stopped": 0,
    }


def test_a_group_that_began_with_a_stranger_is_told_too(town: Town) -> None:
    group = town.person("group", sender="ann")
    assert "Ce que je garde" in group.does(kind=Kind.GREETING)
    assert "conversation privée" in group.does(kind=Kind.GROUP)


def test_a_vote_is_judged_once_and_a_later_one_is_told_so(town: Town) -> None:
    claire = town.learner("claire")
    question = claire.question
    keys = [choice.key for choice in question.choices]
    claire.does(kind=Kind.CHOOSE, refers=question.prompt, keys=(keys[0],))
    late = claire.does(kind=Kind.CHOOSE, refers=question.prompt, keys=(keys[1],))
    assert "déjà" in late
    assert "Que dire de un" in late, "another one is open"


def test_a_vote_on_the_question_of_someone_else_is_refused(town: Town) -> None:
    claire, remi = town.learner("claire"), town.learner("remi")
    question = claire.question
    assert remi.does(kind=Kind.CHOOSE, refers=question.prompt, keys=(question.choices[0].key,)) != ""
    assert claire.quiz.id == question.prompt
    assert remi.quiz.answered_at is None


def test_a_stranger_who_enters_reads_the_notice(town: Town) -> None:
    first = town.person("first", sender="ann")
    assert "Ce que je garde" in first.does(kind=Kind.GREETING)
    second = town.person("second", sender="ann")
    assert "Ce que je garde" in second.does(kind=Kind.GREETING)
    assert second.types("oui") != ""
    assert second.learner.state == "active"


def test_a_greeting_moves_no_course_and_a_word_does(town: Town) -> None:
    first = town.learner("first", sender="ann")
    learner = first.learner.id
    for kind in (Kind.UNREADABLE, Kind.VERIFY, Kind.GREETING, Kind.LEFT, Kind.GROUP):
        town.person("elsewhere", sender="ann").does(kind=kind)
        assert (first.learner.id, first.learner.state) == (learner, "active"), kind
    second = town.person("second", sender="ann")
    greeting = second.does(kind=Kind.GREETING)
    assert "écrivez-moi un mot" in greeting
    assert "déjà" not in greeting
    town.tick(first.next_at)
    assert "écrivez-moi un mot" in second.heard()
    assert "Titre" not in second.heard()
    assert "progression" in second.types("progression").casefold()
    assert second.learner.id == learner
    before = len(first.shown)
    town.tick(second.next_at)
    assert "Titre" in second.heard()
    assert len(first.shown) == before


def test_whoever_writes_from_another_room_goes_on_there(town: Town) -> None:
    first = town.learner("first", sender="ann")
    learner, quiz = first.learner.id, first.quiz.id
    second = town.person("second", sender="ann")
    assert "déjà" in second.types("start")
    assert (second.learner.id, second.quiz.id) == (learner, quiz)
    assert second.types(second.right()) != ""
    town.tick(second.next_at)
    assert second.question.prompt != quiz


def test_a_newcomer_in_a_second_room_reads_the_notice_there(town: Town) -> None:
    first = town.person("first", sender="ann")
    assert "Ce que je garde" in first.types("bonjour")
    second = town.person("second", sender="ann")
    assert "Ce que je garde" in second.types("bonjour")
    assert "première leçon" in second.types("oui")


def test_a_vote_brings_the_course_to_where_it_is_given(town: Town) -> None:
    first = town.learner("first", sender="ann")
    question = first.question
    second = town.person("second", sender="ann")
    second.types("aide")
    assert "écrivez-moi" not in first.does(
        kind=Kind.CHOOSE, refers=question.prompt, keys=(question.choices[0].key,)
    )
    assert first.learner.state == "active"


def test_a_word_in_the_first_room_brings_the_lessons_back_there(town: Town) -> None:
    first = town.learner("first", sender="ann")
    learner = first.learner.id
    town.person("second", sender="ann").types("aide")
    assert "progression" in first.types("progression").casefold()
    assert first.learner.id == learner


def test_leaving_the_former_room_pauses_nobody(town: Town) -> None:
    town.learner("first", sender="ann")
    second = town.person("second", sender="ann")
    second.types("aide")
    assert town.person("first").does(kind=Kind.LEFT) == ""
    assert second.learner.state == "active"
    # A third person who was there leaves.
    assert town.person("second").does(kind=Kind.LEFT, sender="bob") == ""
    assert (second.learner.state, second.learner.account) == ("active", "ann")


def test_someone_with_a_learner_in_each_room_keeps_both_and_the_one_that_answered_last_leads(
    town: Town,
) -> None:
    first, second = town.learner("first"), town.learner("second")
    ids = first.learner.id, second.learner.id
    first.about["sender"] = second.about["sender"] = "ann"
    for person in (first, second, first):  # accounts that an earlier version did not keep
        town.wait(minutes=1)
        person.types("progression")
    assert (first.learner.id, second.learner.id) == ids
    town.wait(minutes=1)
    first.types(first.right())
    third = town.person("third", sender="ann")
    third.types("progression")
    assert third.learner.id == ids[0]
    rows = town.store.read_now(accounts.rows_of_person, third.learner)
    assert {row.id for row in rows if row.state == "active"} == set(ids)
    assert {row.address for row in rows} == {"first", "second", "third"}


def test_a_course_that_lost_its_room_is_found_again_by_a_word_in_a_new_one(town: Town) -> None:
    for number, lost in enumerate((Kind.LEFT, Kind.GROUP)):
        for word in ("bonjour", "lecon", "start", "reprendre", "progression"):
            account = f"@{word}{number}:x"
            former = town.learner(f"{account} former", sender=account)
            learner = former.learner.id
            former.does(kind=lost)
            assert former.learner.pause_reason == "gone"
            new = town.person(f"{account} new", sender=account)
            assert "écrivez-moi un mot" in new.does(kind=Kind.GREETING)
            said = new.types(word)
            assert "Ce que je garde" not in said
            assert (new.learner.id, new.learner.state) == (learner, "active"), word
            assert new.enrolment.next_at is not None


def test_whoever_comes_back_to_their_room_goes_on_there(town: Town) -> None:
    ann = town.learner("room", sender="ann")
    ann.does(kind=Kind.LEFT)
    assert "retrouver" in ann.does(kind=Kind.GREETING)
    assert ann.learner.state == "active"
    assert ann.enrolment.next_at is not None
    ann.types("pause")
    assert "pause" in ann.does(kind=Kind.GREETING)
    assert ann.learner.state == "paused"


def test_what_lost_its_room_may_be_left_for_good_from_a_new_one(town: Town) -> None:
    former = town.learner("former", sender="ann")
    former.does(kind=Kind.LEFT)
    new = town.person("new", sender="ann")
    new.types("stop")
    assert "effac" in new.types("2")
    assert (former.state, new.state) == ("nobody", "nobody")


def test_a_pause_that_was_asked_for_lasts_in_the_new_room(town: Town) -> None:
    former = town.learner("former", sender="ann")
    former.types("pause")
    new = town.person("new", sender="ann")
    new.types("progression")
    assert (new.learner.state, new.learner.pause_reason) == ("paused", "asked")


def test_whoever_comes_into_the_room_of_somebody_else_gets_neither_their_course_nor_their_data(
    town: Town,
) -> None:
    ann = town.learner("room", sender="ann")
    learner = ann.learner.id
    eve = ann
    eve.about["sender"] = "eve"
    for kind in (Kind.LEFT, Kind.GREETING):
        eve.does(kind=kind)
    assert "Ce que je garde" in eve.types("progression")
    assert eve.learner.id != learner
    new = town.person("new", sender="ann")
    new.types("progression")
    assert (new.learner.id, new.learner.state) == (learner, "active")


def test_a_room_that_names_its_successor_takes_the_course_along(town: Town) -> None:
    first = town.learner("first", sender="ann")
    learner = first.learner.id
    mallory = town.person("mallory", sender="mallory")
    mallory.does(kind=Kind.GREETING, succeeds="first")
    assert first.learner.id == learner
    second = town.person("second", sender="ann")
    assert "continue dans cette conversation" in second.does(kind=Kind.GREETING, succeeds="first")
    assert second.learner.id == learner
    before = len(first.shown)
    town.tick(second.next_at)
    assert "Titre" in second.heard()
    assert len(first.shown) == before


def test_an_account_is_kept_where_an_address_names_a_place_and_nowhere_else(town: Town) -> None:
    assert town.learner("first", sender="ann").learner.account == "ann"
    assert town.learner("4711").learner.account is None
