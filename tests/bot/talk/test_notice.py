# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does everyone read the notice that is in force, keep the version they accepted, and learn once that it changed?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.messages import Edit, Send
from bot.notice.archive import changed, in_force, pending
from bot.notice.facts import Facts
from bot.notice.texts import SHORT
from config.privacy import Controller, Privacy
from storage import notices
from storage.tables import learner as learners
from storage.tables import notice as archive
from storage.types import Tx
from tests.bot.builders import MONDAY, TYPING, Person, Town

LINE = "L’information sur vos données a changé"
NAMED = Controller(name="Ville", address="1 place", contact="a@exemple.org")


def facts(**privacy: Any) -> Facts:
    return Facts(Privacy(**{"controller": NAMED, **privacy}), channels=("telegram",))


def publish(town: Town, *, material: bool, **privacy: Any) -> str:
    """Change what the operator decided, and publish it."""
    town.facts = facts(**privacy)

    def decide(tx: Tx) -> str:
        waiting = pending(tx, town.facts, town.now)
        assert waiting is not None
        notices.publish(tx, waiting.version, town.now, material=material)
        return waiting.version

    town.wait(minutes=1)
    version = town.store.write_now(decide)
    town.wait(minutes=1)
    return version


def kept(town: Town) -> dict[str, Any]:
    """The archive: version → texts."""
    return town.store.read_now(
        lambda tx: {row.version: row.texts for row in tx.execute(select(archive.c.version, archive.c.texts))}
    )


def lines(person: Person, since: int = 0) -> int:
    """How often somebody was told."""
    return person.heard(since).count(LINE)


# --- the archive


def test_what_was_accepted_is_what_was_shown_and_it_is_kept(town: Town) -> None:
    town.facts = facts()
    person = town.person()
    person.types("bonjour")
    (_, _, shown) = person.shown[-1]
    assert isinstance(shown, Send)
    town.facts = facts(ground="legal_obligation")
    town.person("2").types("bonjour")  # another version since
    person.presses("yes")
    assert person.learner.notice == "2026-11-23-1"
    assert kept(town)["2026-11-23-1"]["fr"]["telegram"][SHORT] in shown.text
    assert len(kept(town)) == 2
    receipt = next(piece for _, _, piece in person.shown if isinstance(piece, Edit))
    assert receipt.text.startswith(kept(town)["2026-11-23-1"]["fr"]["telegram"][SHORT])


def test_a_notice_is_archived_once_and_a_former_one_is_found_again(town: Town) -> None:
    for privacy in ({}, {}, {"ground": "consent"}, {}):
        town.store.write_now(in_force, facts(**privacy), town.now)
    assert list(kept(town)) == ["2026-11-23-1", "2026-11-23-2"]
    assert set(kept(town)["2026-11-23-1"]) == {"fr", "en"}


def test_without_anybody_to_tell_every_change_is_published(town: Town) -> None:
    town.store.write_now(in_force, facts(), town.now)
    assert town.store.write_now(pending, facts(ground="consent"), town.now) is None
    town.facts = facts(ground="consent")
    town.learner()
    waiting = town.store.write_now(pending, facts(), town.now)
    assert waiting is not None
    assert [str(one) for one in waiting.differences] == ["ground: consent -> public_interest"]
    assert [one.name for one in town.store.read_now(changed, facts())] == ["ground"]
    assert town.store.read_now(changed, facts(ground="consent")) == ()


def test_another_wording_of_the_same_facts_is_no_change(town: Town) -> None:
    town.facts = facts()
    town.learner()
    version = town.store.write_now(
        lambda tx: notices.keep(tx, facts().record(), {"fr": "mieux dit"}, "x", town.now + timedelta(days=1))
    )
    assert version == "2026-11-24-1"
    last = town.store.read_now(notices.published)
    assert last is not None
    assert last.version == version


# --- all of it


@pytest.mark.parametrize(("word", "language", "name"), [
    ("confidentialite", "fr", "confidentialite.txt"), ("/confidentialité", "fr", "confidentialite.txt"),
    ("privacy", "en", "privacy.txt"),
])  # fmt: skip
def test_the_whole_comes_as_a_file_in_every_state(town: Town, word: str, language: str, name: str) -> None:
    town.facts = facts()
    for address, before in (
        ("1", []),
        ("2", ["start"]),
        ("3", ["start", "oui"]),
        ("4", ["start", "oui", "stop", "arrêter"]),
    ):
        person = town.person(str(address), language=language)
        for said in before:
            person.types(said)
        heard = person.types(word)
        piece = person.last
        assert isinstance(piece, Send)
        assert piece.document is not None
        assert (piece.document.name, piece.document.media_type) == (name, "text/plain")
        assert "Ville, 1 place" in piece.document.content.decode()
        assert "2026-11-23-1" in heard
        assert heard.count("2026-11-23-1") == (2 if "oui" in before else 1), heard


# --- a change


def test_a_minor_change_is_told_to_nobody_and_read_by_newcomers(town: Town) -> None:
    town.facts = facts()
    person = town.learner()
    version = publish(town, material=False, dpo={"contact": "dpo@exemple.org"})
    assert lines(person) == 0
    person.types("aide")
    town.tick(person.next_at)
    assert lines(person) == 0
    assert version in person.types("confidentialite")
    assert town.learner("2").learner.notice == version


def test_a_material_change_is_told_once_above_the_next_lesson_which_comes(town: Town) -> None:
    town.facts = facts()
    person = town.learner()
    publish(town, material=True, ground="legal_obligation")
    town.tick(person.next_at)
    assert lines(person) == 1
    assert "Titre de deux" in person.heard()
    for _ in range(8):
        person.types("progression")
        town.tick(person.next_at)
    assert lines(person) == 1


def test_a_material_change_is_told_above_a_reply_and_an_edit_does_not_carry_it(town: Town) -> None:
    town.facts = facts()
    person = town.learner()
    publish(town, material=True, ground="legal_obligation")
    before = len(person.shown)
    person.presses(person.quiz.content["order"][0] if "order" in person.quiz.content else "1")
    edits = [piece for _, _, piece in person.shown[before:] if isinstance(piece, Edit)]
    assert all(LINE not in piece.text for piece in edits)
    person.types("progression")
    assert lines(person) == 1


def test_who_asks_for_the_notice_or_accepted_it_is_not_told(town: Town) -> None:
    town.facts = facts()
    reader, newcomer = town.learner("1"), town.person("2")
    town.facts = facts(ground="legal_obligation")
    newcomer.types("start")
    newcomer.types("oui")
    publish(town, material=True, ground="legal_obligation")
    reader.types("confidentialite")
    for person in (reader, newcomer):
        person.types("aide")
        assert lines(person) == 0


def test_nobody_is_told_twice_in_thirty_days_and_the_second_change_is_told_then(town: Town) -> None:
    town.facts = facts()
    person = town.learner()
    publish(town, material=True, ground="legal_obligation")
    person.types("aide")
    publish(town, material=True, host={"name": "x", "country": "FR"})
    town.wait(days=29)
    person.types("aide")
    assert lines(person) == 1
    town.wait(days=2)
    person.types("aide")
    person.types("aide")
    assert lines(person) == 2


def test_strangers_and_goodbyes_are_told_of_no_change(town: Town) -> None:
    town.facts = facts()
    person, stranger = town.learner("1"), town.person("2")
    publish(town, material=True, ground="legal_obligation")
    stranger.types("bonjour")
    stranger.types("mesdonnees")
    assert lines(stranger) == 0
    person.types("oublier")
    before = len(person.shown)
    person.types("effacer")
    assert lines(person, before) == 0


def test_a_message_that_does_not_arrive_has_told_nobody(town: Town) -> None:
    town.facts = facts()
    person = town.learner()
    publish(town, material=True, ground="legal_obligation")
    person.does(text="aide", deliver=False)
    town.store.write_now(lambda tx: tx.execute(learners.update().values(told_at=None)))
    town.wait(days=2)  # it has expired
    town.deliver()
    assert lines(person) == 0
    person.types("progression")
    assert lines(person) == 1


# --- a change of what was consented to


def asked(person: Person) -> bool:
    return person.question is not None and "Les leçons attendent" in person.heard()


def test_with_consent_lessons_wait_for_the_new_yes_which_is_asked_once(town: Town) -> None:
    town.facts = facts(ground="consent")
    person = town.learner()
    version = publish(town, material=True, ground="consent", recipients=("le département",))
    town.tick(person.next_at)
    assert person.heard().count("Les leçons attendent") == 1
    for _ in range(5):
        town.tick(person.next_at)
    assert "Titre de deux" not in person.heard()
    assert person.heard().count("Les leçons attendent") == 1
    assert (person.learner.state, person.enrolment.silent) == ("active", 0)
    assert "Titre de deux" in person.presses("yes")
    assert person.learner.notice == version
    town.tick(person.next_at)
    assert "Titre de trois" in person.heard()


def test_with_consent_a_request_for_a_lesson_shows_the_notice_and_yes_can_be_typed(town: Town) -> None:
    town.limits = TYPING
    town.facts = facts(ground="consent")
    person = town.learner()
    publish(town, material=True, ground="consent", recipients=("le département",))
    for word in ("lecon", "quiz", "start"):
        assert "Les leçons attendent" in person.types(word)
    assert "Votre progression" in person.types("progression") or lines(person)
    assert "Titre de deux" in person.types("oui")


def test_with_consent_no_is_a_withdrawal_and_start_asks_again(town: Town) -> None:
    town.facts = facts(ground="consent")
    person = town.learner()
    publish(town, material=True, ground="consent", recipients=("le département",))
    person.types("lecon")
    assert "plus de leçons" in person.presses("no")
    assert person.learner.state == "stopped"
    assert "On commence" in person.types("start")
    person.presses("yes")
    assert person.learner.state == "active"


def test_with_consent_a_lesson_that_was_planned_before_does_not_leave(town: Town) -> None:
    town.facts = facts(ground="consent")
    person = town.learner()
    at = person.next_at
    town.now = at - timedelta(minutes=2)
    publish(town, material=True, ground="consent", recipients=("le département",))
    town.tick(at)
    assert "Titre de deux" not in person.heard()


def test_without_consent_a_change_holds_no_lesson_back(town: Town) -> None:
    town.facts = facts()
    person = town.learner()
    publish(town, material=True, recipients=("le département",))
    assert "Titre de un" in person.types("lecon")
    town.tick(person.next_at)
    assert "Titre de deux" in person.heard()


def test_a_press_on_a_notice_of_before_a_material_change_shows_the_present_one(town: Town) -> None:
    town.facts = facts()
    person = town.person()
    person.types("bonjour")
    old = person.question
    town.learner("2")
    publish(town, material=True, ground="legal_obligation")
    person.presses("yes", question=old)
    assert (person.state, person.learner.notice) == ("invited", "")
    person.presses("yes", question=person.question)
    assert (person.state, person.learner.notice) == ("active", "2026-11-23-2")


def test_a_press_on_a_notice_of_before_a_minor_change_accepts_what_it_showed(town: Town) -> None:
    town.facts = facts()
    person = town.person()
    person.types("bonjour")
    old = person.question
    town.learner("2")
    publish(town, material=False, dpo={"contact": "dpo@exemple.org"})
    person.presses("yes", question=old)
    assert (person.state, person.learner.notice) == ("active", "2026-11-23-1")
    assert person.learner.consented_at == town.now > MONDAY


# --- a clock that was a year ahead


def ahead(town: Town, **privacy: Any) -> str:
    """Publish a material change while the clock is a year ahead; it comes back."""
    now = town.now
    town.now = now + timedelta(days=365)
    version = publish(town, material=True, **privacy)
    town.now = now + timedelta(hours=1)
    return version


@pytest.mark.parametrize("ground", ["public_interest", "consent"])
def test_newcomers_after_a_notice_published_ahead_can_begin_and_learn(town: Town, ground: str) -> None:
    town.facts = facts(ground=ground)
    town.learner("1")
    ahead(town, ground=ground, recipients=("le département",))
    town.facts = facts(ground=ground, recipients=("la région",))  # nobody decided yet
    newcomer = town.person("2")
    newcomer.types("bonjour")
    newcomer.presses("yes")
    assert newcomer.state == "active"
    publish(town, material=False, ground=ground, recipients=("la région",))
    town.tick(newcomer.next_at)
    assert "Titre de deux" in newcomer.heard()


def test_a_change_that_follows_one_published_ahead_is_the_last_and_is_told_once(town: Town) -> None:
    town.facts = facts()
    person = town.learner()
    town.now += timedelta(days=365)
    publish(town, material=True, ground="legal_obligation")
    person.types("progression")  # told ahead
    assert lines(person) == 1
    town.now = MONDAY + timedelta(days=2)
    version = publish(town, material=True, host={"name": "x", "country": "FR"})
    last = town.store.read_now(notices.published)
    assert last is not None
    assert last.version == version
    town.wait(days=31)
    for _ in range(4):
        person.types("progression")
        town.wait(days=31)
    assert lines(person) == 2


def test_with_consent_a_change_that_follows_one_published_ahead_waits_for_one_yes(town: Town) -> None:
    town.facts = facts(ground="consent")
    person = town.learner()
    ahead(town, ground="consent", recipients=("le département",))
    version = publish(town, material=True, ground="consent", recipients=("la région",))
    assert "Les leçons attendent" in person.types("lecon")
    assert "Titre de deux" in person.presses("yes") + person.types("lecon")
    assert person.learner.notice == version
    town.wait(days=40)
    assert "Les leçons attendent" not in person.types("lecon")
