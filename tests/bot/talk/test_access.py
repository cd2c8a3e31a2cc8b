# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Where a code is needed, does nothing begin without one, and can nobody guess it?"""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.talk.access import code_in
from storage import access, erasure
from storage.tables import address, prompt, wrong_code
from storage.types import Tx
from tests.bot.builders import Town

CODE = "K7QF-M2XW-9TRA"
WRONG = "AAAA-BBBB-CCC2"


@pytest.fixture
def closed(town: Town) -> Town:
    """A town with a code."""
    town.facts = dataclasses.replace(town.facts, access="code")
    town.store.write_now(access.add, CODE, until=town.now + timedelta(days=7), by="cli:test", now=town.now)
    return town


def count(town: Town, table: str) -> int:
    tables = {"prompt": prompt, "address": address, "wrong_code": wrong_code}
    return town.store.read_now(
        lambda tx: tx.execute(select(func.count()).select_from(tables[table])).scalar_one()
    )


def test_a_stranger_gets_one_sentence_and_leaves_no_prompt(closed: Town) -> None:
    person = closed.person()
    for word in ("bonjour", "oui", "/start", "lecon", "stats", "je commence", "4711"):
        heard = person.types(word)
        assert heard.startswith("Ce cours demande un code.")
        assert "\n" not in heard
    assert (count(closed, "prompt"), person.learner.admitted_at) == (0, None)


@pytest.mark.parametrize(
    "said",
    [
        *(CODE, "k7qf m2xw 9tra", "K7QFM2XW9TRA", "Bonjour, mon code : K7QF–M2XW–9TRA. Merci, Anne"),
        *(
            "code K7QF-M2XW-9TRA",
            "Mon code k7qf m2xw 9tra pour vous",
            "Avec K7QF-M2XW-9TRA",
            "K7QF-M2XW 9TRA",
        ),
    ],
)
def test_a_code_opens_the_course_however_it_is_written(closed: Town, said: str) -> None:
    person = closed.person()
    person.types("bonjour")
    assert "Ce que je garde" in person.types(said)
    assert "Titre de un" in person.types("oui")
    assert person.state == "active"


def test_several_codes_are_valid_until_they_end(closed: Town) -> None:
    closed.store.write_now(access.add, "BBBB-CCCC-DDD3", until=None, by="cli:test", now=closed.now)
    closed.wait(days=8)
    assert "n’ouvre pas" in closed.person("1").types(CODE)
    assert "Ce que je garde" in closed.person("2").types("BBBB-CCCC-DDD3")
    assert closed.store.write_now(access.end_all) == 2
    assert "n’ouvre pas" in closed.person("3").types("BBBB-CCCC-DDD3")


def test_five_wrong_codes_an_hour_are_all_that_an_address_may_try(closed: Town) -> None:
    person = closed.person()
    for _ in range(access.MOST_OF_ONE):
        assert "n’ouvre pas" in person.types(WRONG)
    assert "Réessayez dans une heure" in person.types(CODE)
    assert "Ce que je garde" in closed.person("2").types(CODE)
    closed.wait(minutes=61)
    assert "Ce que je garde" in person.types(CODE)


def test_a_hundred_wrong_codes_an_hour_are_all_that_all_may_try_also_when_they_erase_themselves(
    closed: Town,
) -> None:
    for number in range(access.MOST_OF_ALL // access.MOST_OF_ONE):
        person = closed.person(f"p{number}")
        for _ in range(access.MOST_OF_ONE):
            person.types(WRONG)
        person.types("oublier")
        person.types("effacer")
    assert "Réessayez dans une heure" in closed.person("last").types(CODE)
    closed.wait(minutes=61)
    closed.person("other").types(WRONG)
    assert count(closed, "wrong_code") == 1, "older ones are forgotten"


def test_rights_need_no_code(closed: Town) -> None:
    person = closed.person()
    person.types("bonjour")
    assert "confidentialite" in person.types("aide")
    person.types("confidentialite")
    person.types("mesdonnees")
    assert "Effacer toutes" in person.types("oublier")
    assert "sont effacés" in person.types("effacer")


def test_whoever_has_begun_and_admins_need_no_code(town: Town) -> None:
    person = town.learner()
    shown = town.person("2")
    shown.types("bonjour")
    town.facts = dataclasses.replace(town.facts, access="code")
    assert "Titre de un" in person.types("lecon")
    assert "Ce que je garde" in town.person("mairie").types("bonjour")
    assert "demande un code" in shown.presses("yes")
    assert shown.state == "invited"


def forget(town: Town) -> None:
    """What each minute does."""

    def erase(tx: Tx) -> None:
        for learner_id in access.strangers(tx, town.now, 100):
            assert erasure.erase_departed(tx, learner_id, town.now - access.STRANGERS_KEPT, town.now)

    town.store.write_now(erase)


def test_the_address_of_a_stranger_is_kept_for_a_day(closed: Town) -> None:
    closed.person("9").types(CODE)
    closed.person("9").types("oui")
    closed.person("1").types("bonjour")
    closed.wait(hours=23)
    closed.person("2").types(CODE)
    forget(closed)
    assert closed.person("1").state == "invited"
    closed.wait(hours=1, minutes=1)
    forget(closed)
    assert [closed.person(who).state for who in ("1", "2", "9")] == ["nobody", "invited", "active"]
    closed.wait(hours=24)
    forget(closed)
    assert closed.person("2").state == "nobody"


@pytest.mark.parametrize(
    "text", ["Bonjour à tous", "pour bien voir", "le 12 mars 2027", "2026-2027", "0612345678"]
)
def test_words_and_dates_are_no_code(text: str) -> None:
    assert code_in(text) == ""


def test_codes_differ_and_are_found_in_a_text() -> None:
    made = {access.new_code() for _ in range(200)}
    assert len(made) == 200
    assert all(code_in(f"voici {code.lower()} !") == code for code in made)


def test_wrong_codes_that_a_clock_ahead_wrote_lock_nobody_out_and_go(closed: Town) -> None:
    now = closed.now
    closed.now = now + timedelta(days=365)
    for number in range(access.MOST_OF_ALL // access.MOST_OF_ONE):
        for _ in range(access.MOST_OF_ONE):
            closed.person(f"p{number}").types(WRONG)
    assert count(closed, "wrong_code") == access.MOST_OF_ALL
    closed.now = now + timedelta(minutes=1)
    assert "Ce que je garde" in closed.person("1").types(CODE)
    closed.person("2").types(WRONG)
    assert count(closed, "wrong_code") == 1


def test_strangers_who_wait_for_an_answer_hold_up_no_other(closed: Town) -> None:
    other = closed.person("other")
    other.types("bonjour")
    closed.now -= timedelta(hours=1)  # those who wait came before
    for number in range(3):
        closed.person(f"waits{number}").does(text="bonjour", deliver=False)
    closed.wait(days=2)
    assert closed.store.read_now(access.strangers, closed.now, 1) == [other.learner.id]
