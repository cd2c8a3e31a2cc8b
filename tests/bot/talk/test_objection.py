# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Objection, limitation and rectification: nothing more comes, nothing is counted, and what is kept lies unused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bot.notice.facts import Facts
from bot.talk import objection
from config.privacy import Controller, Privacy
from storage import broadcasts, figures, tables
from storage.outbox import ledger
from storage.progress import forgetting
from tests.bot.builders import MONDAY, Town, lesson

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

LATER = timedelta(days=500)
VILLE = Controller(name="Ville", address="1 place", contact="dpd@ville.fr")


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store).teach(lesson("un"), lesson("deux"), lesson("trois"))


def answers(town: Town) -> int:
    return town.store.read_now(figures.read)["answers"]["total"]


def people(town: Town) -> dict[str, int]:
    return town.store.read_now(figures.read)["learners"]


def kept(town: Town, learner_id: str) -> tuple[int, int]:
    """How many quizzes and messages of a learner are stored."""

    def count(tx: Tx) -> tuple[int, int]:
        quizzes = (
            select(func.count()).select_from(tables.prompt).where(tables.prompt.c.learner_id == learner_id)
        )
        rows = tables.outbox.join(tables.address, tables.address.c.id == tables.outbox.c.address_id)
        messages = select(func.count()).select_from(rows).where(tables.address.c.learner_id == learner_id)
        return tx.execute(quizzes).scalar_one(), tx.execute(messages).scalar_one()

    return town.store.read_now(count)


def grow_old(town: Town) -> None:
    """Drop what is older than any retention, as the night does."""
    before = MONDAY + LATER

    def drop(tx: Tx) -> None:
        ids, _ = forgetting.old_prompts(tx, before, "", 100)
        forgetting.drop_prompts(tx, ids)
        forgetting.drop_menus(tx, before, 100)
        ledger.prune(tx, before, 100)

    town.store.write_now(drop)


@pytest.mark.parametrize(
    "word", ["opposition", "/opposition", "Opposition.", "object", "je m’oppose à l’usage de mes données"]
)
def test_an_objection_stops_everything_at_once(town: Town, word: str) -> None:
    ann = town.learner()
    assert "plus rien" in ann.types(word)
    assert ann.state == "opposed"
    before = ann.heard()
    town.store.write_now(
        lambda tx: broadcasts.begin(tx, roles=["agent"], by="x", now=town.now, text="Réunion")
    )
    for _ in range(10):
        town.wait(days=1)
        town.tick()
    assert ann.heard() == before


def test_an_objection_takes_a_person_out_of_every_figure(town: Town) -> None:
    ann, bea = town.learner(), town.learner("2")
    ann.types(ann.right())
    bea.types(bea.right())
    assert (answers(town), people(town)["active"]) == (2, 2)
    ann.types("opposition")
    assert (answers(town), sum(people(town).values())) == (1, 1)
    ann.types("garder sans utiliser")
    assert (answers(town), sum(people(town).values())) == (1, 1)
    ann.types("start")
    ann.types("oui")
    assert (answers(town), people(town)["active"]) == (2, 2)


def test_limited_data_are_kept_at_any_age(town: Town) -> None:
    ann, bea = town.learner(), town.learner("2")
    for person in (ann, bea):
        person.types(person.right())
    ann.types("opposition")
    assert "sans être utilisées" in ann.types("garder")
    assert ann.state == "limited"
    before = kept(town, ann.learner.id)
    grow_old(town)
    assert kept(town, ann.learner.id) == before
    assert kept(town, bea.learner.id) < kept(town, ann.learner.id)


def test_opposed_data_still_go_with_age(town: Town) -> None:
    ann = town.learner()
    ann.types(ann.right())
    ann.types("opposition")
    quizzes, messages = kept(town, ann.learner.id)
    grow_old(town)
    assert kept(town, ann.learner.id) < (quizzes, messages)


@pytest.mark.parametrize("limited", [False, True])
def test_an_old_button_uses_no_answer_after_an_objection(town: Town, *, limited: bool) -> None:
    ann = town.learner()
    question = ann.question
    ann.types("opposition")
    if limited:
        ann.types("garder sans utiliser")
    ann.presses(question.choices[0].key, question=question)
    assert "opposé" in ann.brief
    assert answers(town) == 0
    assert ann.state == ("limited" if limited else "opposed")


def test_it_is_erased_from_the_menu(town: Town) -> None:
    ann = town.learner()
    ann.types("opposition")
    assert "effacé" in ann.types("effacer")


def test_a_refused_notice_leaves_an_objection_as_it_is(town: Town) -> None:
    ann = town.learner()
    ann.types("opposition")
    ann.types("garder sans utiliser")
    ann.types("start")
    assert "rien ne change" in ann.types("non")
    assert ann.state == "limited"
    assert "rien ne change" in ann.types("stop")
    assert ann.state == "limited"


def test_an_objection_said_twice_offers_the_same_again(town: Town) -> None:
    ann = town.learner()
    ann.types("opposition")
    assert "Vous vous êtes opposé" in ann.types("opposition")
    assert "annuler" in ann.types("bonjour à tous")
    ann.types("annuler")
    assert "Vous vous êtes opposé" in ann.types("la réunion est à 14 h")
    ann.types("opposition")
    ann.types("garder sans utiliser")
    assert "sans être utilisées" in ann.types("opposition")
    assert "effacer" in ann.question.text + "".join(choice.label.lower() for choice in ann.question.choices)


def test_the_menu_of_an_objection_changes_nothing_after_a_return(town: Town) -> None:
    ann = town.learner()
    ann.types("opposition")
    menu = ann.question
    ann.types("start")
    ann.types("oui")
    assert "de nouveau" in ann.presses("limit", question=menu)
    assert ann.state == "active"


def test_a_stranger_may_object(town: Town) -> None:
    ann = town.person()
    ann.types("bonjour")
    assert "pas inscrit" in ann.types("opposition")
    assert ann.state == "invited"


def test_rectifying_shows_the_settings(town: Town) -> None:
    town.facts = Facts(Privacy(controller=VILLE))
    ann = town.learner()
    said = ann.types("rectifier")
    assert "corriger" in said
    assert "écrivez à dpd@ville.fr" in said
    assert {choice.key for choice in ann.question.choices} > {*objection.CORRECTED}
    stranger = town.person("2")
    stranger.types("bonjour")
    assert "mesdonnees" in stranger.types("rectifier")


@pytest.mark.parametrize("word", ["opposition", "garder sans utiliser", "stop"])
def test_role_and_language_are_corrected_after_an_objection_and_nothing_is_planned(
    town: Town, word: str
) -> None:
    ann = town.learner()
    for said in {"garder sans utiliser": ("opposition", word), "stop": (word, "arrêter")}.get(word, (word,)):
        ann.types(said)
    state = ann.state
    assert state != "active"
    assert "toujours rien" in ann.types("rectifier")
    listed = ann.question
    assert [choice.key for choice in listed.choices] == [*objection.CORRECTED]
    ann.presses("role", question=listed)
    ann.presses("elu")
    ann.presses("hour", question=listed)
    assert "C’est noté" in ann.types("9 h 15")
    ann.types("rectifier")
    ann.types("langue")
    assert "English" in ann.presses("en")
    assert (ann.learner.role, ann.learner.language, ann.state) == ("elu", "en", state)
    assert ann.enrolment.next_at is None
    before = ann.heard()
    for _ in range(5):
        town.wait(days=1)
        town.tick()
    assert ann.heard() == before
