# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does a broken channel stop trying, and start again when it works?"""

from __future__ import annotations

import pytest

from bot.channels import ChannelFault, Gone, Refused, Rejected, Throttled, Uncertain, Unexplained, Unreachable
from bot.service.breaker import FAILURES, FIRST_PROBE, GONE, PROBE, REFUSING, THROTTLED, Breaker


def opened(breaker: Breaker, now: float = 0.0) -> Breaker:
    for _ in range(FAILURES):
        breaker.note(Unreachable("down"), "l", now)
    assert breaker.opened_at == now
    return breaker


def probe(breaker: Breaker, now: float) -> bool:
    """Start a send if one may start."""
    if breaker.places(8, now) != 1:
        return False
    breaker.probed(now)
    return True


@pytest.mark.parametrize("failure", [Unreachable("down"), Uncertain("cut"), RuntimeError("a bug")])
def test_it_opens_at_the_tenth_failure_in_a_row(failure: Exception) -> None:
    breaker = Breaker()
    told = [breaker.note(failure, "l", 0.0) for _ in range(FAILURES + 3)]
    assert told == [""] * (FAILURES - 1) + ["opened"] + [""] * 3


@pytest.mark.parametrize("answer", [None, Rejected("no"), Unexplained("?"), Throttled(1.0)])
def test_a_channel_that_answers_works(answer: Exception | None) -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.note(Unreachable("down"), "l", 0.0)
    assert breaker.note(answer, "l", 0.0) == ""
    assert breaker.note(Unreachable("down"), "l", 0.0) == ""
    assert breaker.places(8, 0.0) == 8


def test_a_fault_of_the_channel_opens_it_at_once() -> None:
    assert Breaker().note(ChannelFault("bad token"), "l", 0.0) == "opened"


def test_an_open_one_tries_one_message_soon_and_then_less_and_less_often() -> None:
    breaker = opened(Breaker())
    assert breaker.places(8, 1.0) == 0
    assert breaker.wait(1.0) == pytest.approx(FIRST_PROBE - 1)
    now, pauses = 0.0, []
    for _ in range(7):
        pauses.append(breaker.wait(now))
        assert breaker.places(8, now + pauses[-1] - 0.1) == 0
        now += pauses[-1]
        assert probe(breaker, now)
    assert pauses == pytest.approx([5, 10, 20, 40, 60, 60, 60])


def test_somebody_who_is_heard_is_worth_a_probe_though_not_one_after_another() -> None:
    breaker = opened(Breaker())
    for now in (5.0, 15.0, 35.0):
        assert probe(breaker, now)
    assert breaker.wait(50.0) == pytest.approx(25)
    breaker.heard(50.0)
    assert probe(breaker, 50.0)
    breaker.heard(51.0)
    assert breaker.places(8, 51.0) == 0
    assert breaker.wait(51.0) == pytest.approx(FIRST_PROBE - 1)


def test_who_is_heard_while_all_is_well_changes_nothing() -> None:
    breaker = Breaker()
    breaker.heard(100.0)
    assert breaker.places(8, 100.0) == 8
    assert opened(breaker, 200.0).wait(200.0) == pytest.approx(FIRST_PROBE)


def test_each_opening_begins_with_a_soon_probe() -> None:
    breaker = opened(Breaker())
    assert probe(breaker, PROBE)
    assert breaker.note(None, "l", PROBE) == "closed"
    assert opened(breaker).wait(0.0) == pytest.approx(FIRST_PROBE)


def test_a_probe_is_kept_until_there_is_something_to_send() -> None:
    breaker = opened(Breaker())
    assert breaker.places(0, PROBE) == 0
    for now in (PROBE, PROBE + 1, PROBE + 60):
        assert (breaker.places(8, now), breaker.wait(now)) == (1, 0)
    assert probe(breaker, PROBE + 60)
    assert not probe(breaker, PROBE + 61)


def test_a_probe_that_is_answered_closes_it() -> None:
    breaker = opened(Breaker())
    assert probe(breaker, PROBE)
    assert breaker.note(Unreachable("down"), "l", PROBE) == ""
    assert probe(breaker, 2 * PROBE)
    assert breaker.note(None, "l", 2 * PROBE) == "closed"
    assert breaker.places(8, 2 * PROBE) == 8
    assert breaker.wait(2 * PROBE) == 0


def test_many_people_gone_in_a_row_are_a_fault_of_the_channel() -> None:
    breaker = Breaker()
    told = [breaker.note(Gone("blocked"), f"l{number}", 0.0) for number in range(GONE)]
    assert told == [""] * (GONE - 1) + ["opened"]
    assert breaker.take_gone() == [f"l{number}" for number in range(GONE)]
    assert breaker.take_gone() == []


def test_what_refuses_in_a_row_is_one_too_but_loses_nobody() -> None:
    breaker = Breaker()
    told = [breaker.note(Refused("not found"), f"l{number}", 0.0) for number in range(REFUSING)]
    assert told == [""] * (REFUSING - 1) + ["opened"]
    assert breaker.take_gone() == []


@pytest.mark.parametrize("failure", [Gone("kicked"), Refused("no rights"), Unexplained("?")])
def test_places_of_nobody_who_learns_here_say_nothing_of_the_channel(failure: Exception) -> None:
    breaker = Breaker()
    assert {breaker.note(failure, "", 0.0) for _ in range(5 * REFUSING)} == {""}


def test_what_is_said_of_people_while_it_is_open_is_not_counted() -> None:
    breaker = opened(Breaker())
    assert {breaker.note(Gone("blocked"), f"l{number}", 0.0) for number in range(2 * GONE)} == {""}
    assert breaker.take_gone() == []


@pytest.mark.parametrize(
    "answer", [Rejected("too long"), Throttled(1.0), Unexplained("?"), Gone("blocked"), Refused("no")]
)
def test_opened_because_of_people_only_somebody_reached_closes_it(answer: Exception) -> None:
    breaker = Breaker()
    for number in range(GONE):
        breaker.note(Gone("blocked"), f"l{number}", 0.0)
    assert breaker.note(answer, "l", 5.0) == ""
    assert breaker.is_open
    assert breaker.note(None, "l", 5.0) == "closed"
    assert not opened(breaker, 9.0).by_people


def test_one_person_gone_with_many_messages_on_their_way_is_one_person_gone() -> None:
    breaker = Breaker()
    assert {breaker.note(Gone("blocked"), "l", 0.0) for _ in range(2 * GONE)} == {""}
    assert breaker.take_gone() == ["l"]


def test_people_gone_now_and_then_are_people_gone() -> None:
    breaker = Breaker()
    for number in range(5 * GONE):
        assert breaker.note(Gone("blocked"), f"l{number}", 0.0) == ""
        if number % 3 == 0:
            breaker.note(None, "reached", 0.0)
    assert len(breaker.take_gone()) < GONE


def test_several_addresses_told_to_wait_at_once_hold_the_account() -> None:
    breaker = Breaker()
    assert [breaker.pushed_back(address, 30.0, 0.0) for address in range(THROTTLED)] == [0.0, 0.0, 30.0]


def test_one_address_told_to_wait_often_holds_nobody_else() -> None:
    breaker = Breaker()
    assert not any(breaker.pushed_back(7, 30.0, float(now)) for now in range(20))
    assert breaker.pushed_back(8, 5.0, 100.0) == 0.0
