# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What leaves together, what is dropped with what was refused, and what a process that died left under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.channels import Failure, Gone, Refused, Rejected, Uncertain, Unexplained
from bot.messages import Ask, Event, Kind, Limits, Question, Send
from bot.service import planning
from bot.service.alerts import Reached
from bot.service.inbound import receive
from bot.service.outbound import REFUSALS, Attempt, Held, Outcome, Step, counted, settle, step, take_over
from bot.talk import reception
from bot.talk.turn import Rules
from storage import counters, courses, witnesses
from storage.database import open_database
from storage.outbox import claims, ledger
from storage.store import Store
from storage.tables import address as addresses
from storage.tables import outbox as rows
from storage.types import Tx
from tests.bot.builders import BUTTONS, MONDAY, Person, Town, lesson

POLLS = Limits(ask=Ask.POLL)


def test_a_lesson_that_is_voted_on_leaves_as_a_text_and_a_poll_right_after(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    claire, remi = town.learner("claire"), town.learner("remi")
    for person in (claire, remi):
        person.types("1")
        person.types("1")
        person.shown.clear()
    town.tick(MONDAY + timedelta(days=1))
    for person in (claire, remi):
        (first, _, text), (second, _, poll) = person.shown
        assert first.startswith("lesson:")
        assert (first.removesuffix(":0"), second.removesuffix(":1")) == (second.removesuffix(":1"),) * 2
        assert text.question is None
        assert "Titre de deux" in text.text
        assert poll.question is not None
        assert poll.question.prompt == person.quiz.id
    figures = town.store.read_now(ledger.outcomes)
    assert figures["lesson"] == {"sent": 2}


def test_a_verdict_replies_to_the_text_above_a_poll_unless_that_is_the_newest(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    claire, remi = town.learner("claire"), town.learner("remi")
    assert targets(town, claire, claire.question) == [None]
    asked = remi.question
    (_, text, above), (_, _, poll) = remi.shown[-2:]
    assert poll.question == asked
    assert "Titre de un" in above.text
    remi.types("aide")
    assert targets(town, remi, asked) == [text]


def targets(town: Town, person: Person, question: Question) -> list[str | None]:
    """What the verdict on a vote replies to, by the channel's reference; then everything is delivered."""
    event = Event("telegram", f"v{question.prompt}", person.address, town.now, Kind.CHOOSE)
    vote = replace(event, refers=question.prompt, keys=(question.choices[0].key,), command="")
    rules = Rules(town.schedule, "fr", town.admins)
    town.store.write_now(receive, vote, rules, town.limits, town.now)
    attempts = town.store.write_now(step, "telegram", "token", POLLS, (), 8, (), town.now).attempts
    assert [isinstance(attempt.piece, Send) for attempt in attempts] == [True]
    sent = [Outcome(attempt.row, town.now, ref="verdict") for attempt in attempts]
    town.store.write_now(settle, sent, town.now)
    town.deliver()
    return [attempt.row.target_ref for attempt in attempts]


def test_a_lesson_whose_text_is_refused_asks_nothing(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    town.learner("claire")
    town.store.write_now(planning.plan, MONDAY + timedelta(days=1))
    now = town.now = MONDAY + timedelta(days=1)
    (attempt,) = town.store.write_now(step, "telegram", "token", POLLS, (), 8, (), now).attempts
    assert keys_waiting(town) == [attempt.row.key, attempt.row.key[:-1] + "1"]
    town.store.write_now(settle, [Outcome(attempt.row, now, failure=Rejected("too long"))], now)
    assert keys_waiting(town) == []


def test_a_lesson_that_may_have_left_keeps_its_place_before_its_poll(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    claire = town.learner("claire")
    claire.shown.clear()
    town.store.write_now(planning.plan, MONDAY + timedelta(days=1))
    now = town.now = MONDAY + timedelta(days=1)
    (attempt,) = town.store.write_now(step, "telegram", "token", POLLS, (), 8, (), now).attempts
    town.store.write_now(settle, [Outcome(attempt.row, now, failure=Uncertain("cut"))], now)
    town.wait(minutes=5)
    town.deliver()
    assert [key[-1] for key, _, _ in claire.shown] == ["0", "1"]


def asks_for_help_before_the_lesson_leaves(town: Town, times: int = 1) -> str:
    """Tuesday's lesson waits, and so do the answers to someone who asked for help; what the key of its text begins with."""
    claire = town.learner("claire")
    claire.shown.clear()
    town.now = MONDAY + timedelta(days=1)
    town.store.write_now(planning.plan, town.now)
    (lesson_key,) = keys_waiting(town)
    for number in range(times):
        event = Event(
            "telegram", f"aide-{number}", "claire", town.now, text=("aide", "progression")[number % 2]
        )
        rules = Rules(town.schedule, "fr", town.admins)
        town.store.write_now(receive, reception.read(event, rules), rules, POLLS, town.now)
    return lesson_key[:-1]


def test_an_answer_queued_before_a_lesson_left_does_not_come_between_its_text_and_its_poll(
    store: Store,
) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    stem = asks_for_help_before_the_lesson_leaves(town, times=2)
    town.deliver()
    shown = [key for key, _, _ in town.person("claire").shown]
    assert shown == [f"{stem}0", f"{stem}1", "reply:telegram:aide-0:0.0", "reply:telegram:aide-1:0.0"]


def test_nor_does_it_when_the_text_may_have_left_and_is_sent_again(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    stem = asks_for_help_before_the_lesson_leaves(town)
    (attempt,) = town.store.write_now(step, "telegram", "token", POLLS, (), 8, (), town.now).attempts
    assert keys_waiting(town) == [f"{stem}0", f"{stem}1", "reply:telegram:aide-0:0.0"]
    town.store.write_now(settle, [Outcome(attempt.row, town.now, failure=Uncertain("cut"))], town.now)
    town.wait(minutes=5)
    town.deliver()
    shown = [key for key, _, _ in town.person("claire").shown]
    assert shown == [f"{stem}0", f"{stem}1", "reply:telegram:aide-0:0.0"]


def test_behind_a_hundred_answers_the_poll_comes_last_and_nothing_is_lost(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    stem = asks_for_help_before_the_lesson_leaves(town, times=100)
    town.deliver()
    shown = [key for key, _, _ in town.person("claire").shown]
    assert shown == [f"{stem}0", *(f"reply:telegram:aide-{number}:0.0" for number in range(100)), f"{stem}1"]


def may_have_left(town: Town) -> str:
    """The text of Tuesday's lesson may have left, its poll has not; the key of the text."""
    town.learner("claire")
    now = town.now = MONDAY + timedelta(days=1)
    town.store.write_now(planning.plan, now)
    (attempt,) = town.store.write_now(step, "telegram", "token", POLLS, (), 8, (), now).attempts
    town.store.write_now(settle, [Outcome(attempt.row, now, failure=Uncertain("cut"))], now)
    assert keys_waiting(town) == [attempt.row.key, attempt.row.key[:-1] + "1"]
    return attempt.row.key


def test_a_lesson_held_back_before_it_is_tried_again_asks_nothing(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    may_have_left(town)
    town.store.write_now(witnesses.hold, lesson("deux").version)
    town.wait(minutes=5)
    turned = town.store.write_now(step, "telegram", "token", POLLS, (), 8, (), town.now)
    assert turned.attempts == ()
    assert turned.ended == {(1, "refused", "held"): 1, (0, "refused", "incomplete"): 1}
    assert keys_waiting(town) == []


def test_a_pause_before_a_retry_cancels_the_question_too(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"), lesson("deux"))
    key = may_have_left(town)
    said = town.person("claire").types("pause")
    town.wait(minutes=5)
    town.deliver()
    assert town.store.read_now(ledger.outcomes)["lesson"] == {"cancelled": 1}
    assert not [heard for heard, _, _ in town.person("claire").shown if heard.startswith(key[:-1])]
    assert "pause" in said or "pause" in town.person("claire").heard()


def test_a_text_is_an_answer_from_the_moment_the_numbered_text_left(store: Store) -> None:
    town = Town(store, limits=POLLS).teach(lesson("un"))
    claire = town.person("claire")
    claire.types("start")
    event = Event("telegram", "oui-1", "claire", town.now, text="oui")
    rules = Rules(town.schedule, "fr", town.admins)
    town.store.write_now(receive, reception.read(event, rules), rules, POLLS, town.now)
    sent = [leave_one(town) for _ in range(2)]
    assert "1. " in sent[-1].piece.text
    assert sent[-1].piece.question is None
    assert claire.quiz.shown_at is not None


def leave_one(town: Town) -> Attempt:
    (attempt,) = town.store.write_now(step, "telegram", "token", POLLS, (), 1, (), town.now).attempts
    town.store.write_now(settle, [Outcome(attempt.row, town.now, ref=attempt.row.key)], town.now)
    return attempt


def keys_waiting(town: Town) -> list[str]:
    """The keys of what has not left, in order."""
    wanted = select(rows.c.key).where(rows.c.state == "waiting").order_by(rows.c.id)
    return town.store.read_now(lambda tx: list(tx.execute(wanted).scalars()))


# --- taking over from a process that ended


OLD = claims.token_of("DEVICE-A", "11111111")


def claim(town: Town, token: str) -> Step:
    return town.store.write_now(step, "telegram", token, BUTTONS, (), 8, (), town.now)


@pytest.fixture
def leaving(town: Town) -> Town:
    """An answer was claimed by a process that was killed before it marked it."""
    event = Event("telegram", "e1", "claire", town.now, text="aide")
    rules = Rules(town.schedule, "fr", town.admins)
    town.store.write_now(receive, reception.read(event, rules), rules, BUTTONS, town.now)
    assert len(claim(town, OLD).attempts) == 1
    return town


@pytest.mark.parametrize("process", ["11111111", "22222222"])
def test_from_the_same_device_it_leaves_again_at_once(leaving: Town, process: str) -> None:
    token = claims.token_of("DEVICE-A", process)
    assert claim(leaving, token).attempts == ()
    assert leaving.store.write_now(take_over, "telegram", token, leaving.now) == 1
    assert len(claim(leaving, token).attempts) == 1
    assert leaving.store.read_now(counters.read) == {"sent.taken-over": 1}


def test_from_another_device_it_is_uncertain_and_waits_as_such(leaving: Town) -> None:
    token = claims.token_of("DEVICE-B", "22222222")
    assert leaving.store.write_now(take_over, "telegram", token, leaving.now) == 1
    turned = claim(leaving, token)
    assert turned.attempts == ()
    assert turned.next_ready == leaving.now + timedelta(seconds=5)
    leaving.wait(seconds=5)
    (attempt,) = claim(leaving, token).attempts
    assert attempt.row.attempts == 1
    assert leaving.store.read_now(counters.read) == {"sent.taken-over": 1, "sent.uncertain": 1}


def test_nothing_was_leaving(town: Town) -> None:
    assert town.store.write_now(take_over, "telegram", OLD, town.now) == 0
    assert town.store.read_now(counters.read) == {}


# --- refusals, and who is a witness


TOO_LONG = Rejected("BadRequest: Message is too long")


def leave(town: Town, failures: Mapping[str, Failure], *, together: bool = True) -> list[Held]:
    """Let the lessons of the next day leave, with these failures by address; the lessons that are held for them."""
    town.now = town.now.replace(hour=9) + timedelta(days=1)
    town.store.write_now(planning.plan, town.now)
    held: list[Held] = []
    while attempts := town.store.write_now(step, "telegram", "t", BUTTONS, (), 99, (), town.now).attempts:
        outcomes = []
        for attempt in attempts:
            failure = counted(attempt.row, failures.get(attempt.row.address))
            outcomes.append(Outcome(attempt.row, town.now, "" if failure else "1", failure))
        for some in [outcomes] if together else [[one] for one in outcomes]:
            held += town.store.write_now(settle, some, town.now)[0]
    return held


def refusals(town: Town, address: str) -> int:
    wanted = select(addresses.c.refusals).where(addresses.c.address == address)
    return int(town.store.read_now(lambda tx: tx.execute(wanted).scalar_one()))


def held_back(town: Town) -> list[str]:
    published = town.store.read_now(courses.catalogue)
    assert published is not None
    return sorted(entry.id for entry in published.entries.values() if entry.held)


@pytest.fixture
def crowd(store: Store) -> Town:
    """Ann, Bob and Cleo have read the first of five lessons."""
    town = Town(store).teach(*(lesson(slug) for slug in ("un", "deux", "trois", "quatre", "cinq")))
    for address in ("ann", "bob", "cleo"):
        town.learner(address)
    return town


@pytest.mark.parametrize("failure", [TOO_LONG, Unexplained("BadRequest: Something new")])
def test_a_lesson_is_held_when_two_witnesses_refuse_it_and_nobody_was_given_it(
    crowd: Town, failure: Failure
) -> None:
    (held,) = leave(crowd, dict.fromkeys(("ann", "bob", "cleo"), failure), together=False)
    assert (held.title, held.reason) == ("Titre de deux", str(failure))
    assert held_back(crowd) == ["deux"]
    published = crowd.store.read_now(courses.catalogue)
    assert published is not None
    assert published.entries["deux"].reason == str(failure)
    assert leave(crowd, {}) == []
    assert {crowd.person(address).enrolment.position for address in ("ann", "bob", "cleo")} == {"trois"}


def test_one_witness_is_not_enough_however_often_it_refuses(crowd: Town) -> None:
    for _ in range(3):
        assert leave(crowd, {"ann": TOO_LONG, "bob": Uncertain("cut"), "cleo": Uncertain("cut")}) == []
    assert held_back(crowd) == []


@pytest.mark.parametrize("together", [True, False])
def test_what_somebody_was_given_is_never_held(crowd: Town, together: bool) -> None:
    for _ in range(3):
        assert leave(crowd, {"bob": TOO_LONG, "cleo": TOO_LONG}, together=together) == []
    assert held_back(crowd) == []


def test_a_chat_that_refuses_everything_is_no_witness(crowd: Town) -> None:
    failures = {
        "ann": Unexplained("?"),
        "bob": Refused("BadRequest: Chat not found"),
        "cleo": Uncertain("cut"),
    }
    for _ in range(3):
        assert leave(crowd, failures) == []
    # Both have refused before, and received nothing since.
    for _ in range(2):
        assert leave(crowd, {**failures, "bob": TOO_LONG}) == []
    assert held_back(crowd) == []


def test_what_is_about_the_chat_holds_no_lesson(crowd: Town) -> None:
    for failure in (Refused("BadRequest: Peer_id_invalid"), Gone("Forbidden: bot was blocked by the user")):
        assert leave(crowd, dict.fromkeys(("ann", "bob", "cleo"), failure)) == []
    assert held_back(crowd) == []


def test_a_lesson_held_while_it_was_on_its_way_to_somebody_is_sent_again(crowd: Town) -> None:
    crowd.now += timedelta(days=1)
    crowd.store.write_now(planning.plan, crowd.now)
    attempts = crowd.store.write_now(step, "telegram", "t", BUTTONS, (), 8, (), crowd.now).attempts
    for attempt, failure in zip(attempts, (TOO_LONG, TOO_LONG, None), strict=True):
        crowd.store.write_now(settle, [Outcome(attempt.row, crowd.now, "1", failure)], crowd.now)
    assert held_back(crowd) == []


def test_the_transaction_that_holds_or_releases_a_lesson_queues_the_alert_to_admins(crowd: Town) -> None:
    """Only the settling functions are called: a process killed right after them has queued the alerts."""
    mayor, admins = crowd.learner("mairie"), [Reached("telegram", ("mairie",), BUTTONS)]
    crowd.now += timedelta(days=1)
    crowd.store.write_now(planning.plan, crowd.now)
    attempts = crowd.store.write_now(step, "telegram", "t", BUTTONS, (), 8, (), crowd.now).attempts
    on_its_way = {attempt.row.address: attempt.row for attempt in attempts}
    for address, failure in (("ann", TOO_LONG), ("bob", TOO_LONG), ("bob", TOO_LONG), ("mairie", TOO_LONG)):
        outcome = Outcome(on_its_way[address], crowd.now, "", failure)
        crowd.store.write_now(settle, [outcome], crowd.now, admins)
    crowd.deliver()
    assert mayor.heard().count("refuse la leçon «\xa0Titre de deux\xa0» à plusieurs personnes") == 1
    assert "finalement" not in mayor.heard()
    outcome = Outcome(on_its_way["cleo"], crowd.now, "1")
    crowd.store.write_now(step, "telegram", "t", BUTTONS, [outcome], 0, (), crowd.now, admins=admins)
    crowd.deliver()
    assert mayor.heard().count("La leçon «\xa0Titre de deux\xa0» a finalement été reçue") == 1


def test_released_or_published_again_it_takes_two_new_witnesses(crowd: Town) -> None:
    leave(crowd, dict.fromkeys(("ann", "bob", "cleo"), TOO_LONG), together=False)
    version = lesson("deux").version
    assert crowd.store.write_now(witnesses.release, version)
    assert not crowd.store.write_now(witnesses.release, version)
    assert held_back(crowd) == []
    assert leave(crowd, {"cleo": TOO_LONG, "ann": Uncertain("cut"), "bob": Uncertain("cut")}) == []
    assert held_back(crowd) == []


def test_refusals_in_a_row_end_at_the_first_success_and_make_gone_in_the_end(crowd: Town) -> None:
    no = Refused("BadRequest: Private chat not found")
    leave(crowd, {"ann": no})
    leave(crowd, {"ann": no})
    assert refusals(crowd, "ann") == 2
    crowd.person("ann").types("aide")
    assert refusals(crowd, "ann") == 0
    for number in range(1, REFUSALS):
        fail_reply(crowd, no)
        assert refusals(crowd, "ann") == number
        assert crowd.person("ann").learner.state == "active"
    fail_reply(crowd, Unexplained("BadRequest: Something new"))
    assert (crowd.person("ann").learner.state, crowd.person("ann").learner.pause_reason) == ("paused", "gone")


def test_an_unreadable_count_of_refusals_starts_again_at_one(sqlite_url: str) -> None:
    no = Refused("BadRequest: Private chat not found")
    with open_database(sqlite_url) as store:
        town = Town(store).teach(lesson("un"))
        town.learner("ann")
        for value in ("many", "", b"\xff"):
            town.store.write_now(_count, value)
            fail_reply(town, no)
            assert refusals(town, "ann") == 1


def _count(tx: Tx, value: object) -> None:
    tx.execute(text("UPDATE address SET refusals = :value"), {"value": value})


def test_what_is_the_contents_fault_makes_nobody_gone(crowd: Town) -> None:
    for _ in range(2 * REFUSALS):
        fail_reply(crowd, TOO_LONG)
    assert refusals(crowd, "ann") == 1
    assert crowd.person("ann").learner.state == "active"


def fail_reply(town: Town, failure: Failure) -> None:
    """Let Ann ask something, and the answer be refused."""
    town.events += 1
    event = Event("telegram", f"f{town.events}", "ann", town.now, text="aide")
    rules = Rules(town.schedule, "fr", town.admins)
    town.store.write_now(receive, reception.read(event, rules), rules, BUTTONS, town.now)
    (attempt,) = town.store.write_now(step, "telegram", "t", BUTTONS, (), 8, (), town.now).attempts
    outcome = Outcome(attempt.row, town.now, failure=counted(attempt.row, failure))
    town.store.write_now(settle, [outcome], town.now)
