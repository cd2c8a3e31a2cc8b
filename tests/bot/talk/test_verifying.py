# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The verification of an attestation, by anybody: what is answered, and what is left behind, which is nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bot import codes
from bot.messages import Event
from bot.notice.facts import Facts
from bot.service.inbound import receive
from bot.service.outbound import step
from bot.talk import reception
from bot.talk.turn import Rules
from config.retention import Retention
from storage import erasure, learners, tables
from storage.progress import prompts
from tests.bot import papers
from tests.bot.builders import BUTTONS, Town
from tests.bot.papers import NAME, follower

if TYPE_CHECKING:
    from sqlalchemy import Table

    from storage.store import Store

KNOWN, UNKNOWN, MISTYPED = "délivrée le 23 novembre 2026", "Aucune attestation connue", "mal recopié"
MATCHES, OTHER = "est celui de l’attestation", "n’est pas celui de l’attestation"


@pytest.fixture
def town(store: Store) -> Town:
    return papers.course(store)


@pytest.fixture
def code(town: Town) -> str:
    """The code on a paper of the learner 1."""
    return str(papers.drawn(follower(town)).facts["verify"]["code"])


def count(town: Town) -> dict[str, int]:
    """How many rows tell of somebody."""
    tables_ = (tables.learner, tables.address, tables.prompt, tables.outbox, tables.to_forget, tables.erasure)

    def number(of: Table) -> int:
        return town.store.read_now(lambda tx: tx.execute(select(func.count()).select_from(of)).scalar_one())

    return {table.name: number(table) for table in tables_}


def test_a_learner_verifies_a_paper_with_and_without_the_name(town: Town, code: str) -> None:
    person = town.person("1")
    heard = person.types(f"verifier {code}")
    assert KNOWN in heard
    assert "parcours des agents, 12 leçons suivies" in heard
    assert "Je ne garde pas le nom" in heard
    assert MATCHES in person.types(f"Vérifier {code.lower()} camille martin lefebvre")
    assert OTHER in person.types(f"vérifiez {code} Camille Martin".replace("vérifiez", "/verifier"))
    for heard in (
        person.types(f"verify {code} {NAME}"),
        person.types(f"/verify {code.replace('-', '')} {NAME}"),
    ):
        assert MATCHES in heard
        assert "Lefebvre" not in heard


def test_a_wrong_code_is_a_slip_and_an_unknown_one_unknown(town: Town, code: str) -> None:
    person = town.person("1")
    assert MISTYPED in person.types(f"verifier {code[:-1]}{'A' if code[-1] != 'A' else 'B'}")
    assert MISTYPED in person.types(f"/verifier {code[:-5]}")
    unknown = person.types(f"verifier {codes.shown(codes.new())}")
    assert UNKNOWN in unknown
    assert "plus de 3 ans" in unknown
    assert "écrivez verifier, son code" in person.types("/verifier")


def test_the_period_that_the_operator_chose_is_the_one_that_is_said(store: Store) -> None:
    town = papers.course(store, facts=Facts(retention=Retention(attestations=timedelta(days=90))))
    person = follower(town)
    assert "pendant 90 jours" in papers.drawn(person).facts["verify"]["how"]
    assert "plus de 90 jours" in person.types(f"verifier {codes.shown(codes.new())}")


def test_a_stranger_is_answered_and_leaves_nothing(town: Town, code: str) -> None:
    before = count(town)
    stranger = town.person("passant", sender="@passant:example.org")
    heard = stranger.types(f"verifier {code} {NAME}")
    assert KNOWN in heard
    assert MATCHES in heard
    assert "Ce que je garde" not in heard
    assert stranger.state == "nobody"
    assert count(town) == before
    assert "passant" not in papers.all_texts(town.store)


def test_a_stranger_who_asks_twice_at_once_is_answered_twice_and_leaves_nothing(
    town: Town, code: str
) -> None:
    before = count(town)
    stranger = town.person("passant")
    stranger.undelivered(f"verifier {code}", f"verifier {code} {NAME}")
    heard = stranger.heard()
    assert heard.count(KNOWN) == 2
    assert count(town) == before


def test_a_stranger_whose_answer_never_leaves_is_gone_after_a_day(town: Town, code: str) -> None:
    before = count(town)
    town.person("passant").does(text=f"verifier {code}", deliver=False)
    later = town.now + timedelta(hours=25)
    assert (
        town.store.write_now(erasure.leave_overdue, town.store.read_now(erasure.overdue, later, 10), later)
        == 1
    )
    assert count(town) == before


def test_a_stranger_who_then_says_good_day_is_met_as_anybody(town: Town, code: str) -> None:
    stranger = town.person("passant")
    stranger.does(text=f"verifier {code}", deliver=False)
    assert "Ce que je garde" in stranger.types("bonjour")
    assert stranger.state == "invited"
    heard = stranger.types(f"verifier {code}")
    assert KNOWN in heard
    assert "Ce que je garde" not in heard
    assert stranger.state == "invited"
    stranger.types("oui")
    assert stranger.state == "active"


def test_verifying_works_in_every_state(town: Town, code: str) -> None:
    stopped, paused = town.learner("stopped"), town.learner("paused")
    stopped.types("stop")
    stopped.types("arrêter")
    paused.types("pause")
    for person in (stopped, paused):
        state = person.state
        assert KNOWN in person.types(f"verifier {code}")
        assert person.state == state


def test_to_verify_something_else_is_no_verification(town: Town) -> None:
    person = town.learner("2")
    for said in (
        "vérifier les informations",
        "vérifier tous ceux dont rien",
        "verifier 2 sources",
        "vérifier",
    ):
        event = reception.read(
            Event("telegram", said, "2", town.now, text=said), Rules(town.schedule, "fr", town.admins)
        )
        assert (event.command == "verifier") == (said == "vérifier")
    assert "verifier" not in person.types("vérifier les sources")


def test_what_is_asked_too_often_is_told_and_not_looked_up(town: Town, code: str) -> None:
    rules = Rules(town.schedule, "fr", town.admins)
    event = Event("telegram", "vite", "1", town.now, text=f"verifier {code}", hurried=True)
    town.store.write_now(receive, reception.read(event, rules), rules, BUTTONS, town.now)
    (attempt,) = town.store.write_now(step, "telegram", "token", BUTTONS, (), 8, (), town.now).attempts
    assert "dans une minute" in attempt.piece.text
    assert KNOWN not in attempt.piece.text
    assert town.store.read_now(learners.by_address, "telegram", "1") is not None


@pytest.mark.parametrize("marks", ["!" * 195, "\u2026" * 180])
def test_a_code_behind_a_greeting_too_long_to_be_counted_is_not_looked_up(
    town: Town, code: str, marks: str
) -> None:
    person = town.person("1")
    assert KNOWN not in person.types(f"bonjour{marks} vérifier {code}")
    assert MISTYPED in person.types(f"bonjour, vérifier {code[:-1]}{'A' if code[-1] != 'A' else 'B'}")
    assert KNOWN in person.types(f"bonjour ! vérifier {code}")


WAYS = (
    "« verifier » {code} {name}",
    "verifier Code : {code} {name}",
    "verifier « {code} » {name}",
    "verifier “{code}”, puis « {name} »",
    "vérifier l’attestation {code} {name}",
    "Vérifier cette attestation : {code}, au nom de {name}",
    "vérifiez l’attestation de {name} {code}",
    "Bonjour, merci de vérifier le code {code}, {name}.",
    "verify this attestation: {code} {name}",
)


@pytest.mark.parametrize("said", WAYS)
def test_it_is_written_as_the_paper_prints_it_or_as_people_say_it(town: Town, code: str, said: str) -> None:
    text = said.format(code=code, name=NAME)
    stranger, learner = town.person("passant"), town.learner("2")
    asked = learner.question.prompt
    for person in (stranger, learner):
        heard = person.types(text)
        assert KNOWN in heard
        assert MATCHES in heard
        assert OTHER in person.types(said.format(code=code, name="Zoé Le Goff"))
    assert stranger.state == "nobody"
    prompt = town.store.read_now(prompts.by_id, asked)
    assert prompt is not None
    assert prompt.answered_at is None


def test_a_name_may_begin_with_a_word_that_is_left_out(town: Town) -> None:
    code = papers.drawn(follower(town), "De La Tour Zoé").facts["verify"]["code"]
    stranger = town.person("passant")
    assert MATCHES in stranger.types(f"verifier {code} de la tour zoé")
    assert MATCHES in stranger.types(f"verifier {code} puis De La Tour Zoé")
    assert "Je ne garde pas le nom" in stranger.types(f"verifier {code} puis le nom")


def test_the_example_that_is_given_is_no_code(town: Town) -> None:
    heard = town.learner("2").types("/verifier")
    assert "verifier CODE NOM" in heard
    assert not re.search(r"\b\w{4}-\w{4}\b", heard)


def test_a_course_followed_in_one_day_has_one_date(town: Town, code: str) -> None:
    assert "12 leçons suivies, le 23 novembre 2026." in town.person("passant").types(f"verifier {code}")
