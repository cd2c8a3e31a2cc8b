# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does what may be somebody else's word in an admin's name teach them, and administer nothing?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.messages import Doubt, Event, FileRef, Kind
from bot.talk import reception
from bot.talk.reception import Needs
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage import tables
from storage.types import Tx
from tests.bot.builders import Person, Town, lesson
from tests.lessons.builders import as_yaml

SAID = {
    Doubt.CLEAR: "Écrivez-moi depuis une conversation chiffrée, ou utilisez la ligne de commande.",
    Doubt.UNSIGNED: "n’est pas vérifié",
    Doubt.UNANSWERED: "Réessayez dans une minute",
    Doubt.CHANGED: "iaventure staff trust telegram:mairie",
}
FILE = as_yaml(lesson("cinq").model_dump(mode="json", exclude_defaults=True))


def rows(town: Town) -> tuple[int, int, int]:
    """Broadcasts, lessons, and what was audited."""

    def counted(tx: Tx) -> tuple[int, int, int]:
        first, second, third = (
            len(tx.execute(table.select()).all()) for table in (tables.broadcast, tables.lesson, tables.audit)
        )
        return first, second, third

    return town.store.read_now(counted)


@pytest.fixture
def admin(town: Town) -> Person:
    return town.learner("mairie")


def test_a_doubted_admin_word_is_refused_in_words_and_changes_nothing(
    admin: Person, subtests: pytest.Subtests
) -> None:
    before = rows(admin.town)
    for doubt, said in SAID.items():
        for text in (
            "stats",
            "/stats",
            "publier",
            "annonce Bonjour",
            "!annonce Bonjour",
            "announce",
            "STATS",
        ):
            with subtests.test(doubt=doubt, text=text):
                assert said in admin.does(text=text, doubt=doubt)
        with subtests.test(doubt=doubt, file=True):
            file = FileRef("ref", "05-cinq.yaml", len(FILE))
            assert said in admin.does(kind=Kind.FILE, file=file, doubt=doubt)
    assert rows(admin.town) == before


def test_a_doubted_word_answers_no_menu_of_an_admin(admin: Person, subtests: pytest.Subtests) -> None:
    menus: dict[str, Callable[[], str]] = {
        "announce": lambda: admin.types("annonce Bonjour à tous."),
        "text": lambda: admin.types("annonce"),
        "publish": lambda: admin.sends("05-cinq.yaml", FILE),
    }
    for name, asks in menus.items():
        for doubt, said in SAID.items():
            asks()
            before = rows(admin.town)
            for text in ("oui", "envoyer", "publier et envoyer maintenant", "1", "2"):
                with subtests.test(menu=name, doubt=doubt, text=text):
                    heard = admin.does(text=text, doubt=doubt)
                    assert said in heard or "ou écrivez aide" in heard
            if name != "text":
                for key in ("send", "publish"):
                    with subtests.test(menu=name, doubt=doubt, key=key):
                        admin.does(kind=Kind.CHOOSE, refers=admin.question.prompt, keys=(key,), doubt=doubt)
            assert rows(admin.town) == before
    assert "Rien n’a changé" in admin.types("non")  # the menu is still hers


def test_a_doubted_admin_learns_as_everybody_does(admin: Person) -> None:
    assert "reprendre" in admin.does(text="aide", doubt=Doubt.CLEAR)
    assert "annonce" not in admin.does(text="aide", doubt=Doubt.CLEAR)
    right = admin.right()
    assert right not in admin.does(text="aide", doubt=Doubt.UNSIGNED)
    admin.does(text=right, doubt=Doubt.UNSIGNED)
    assert admin.town.store.read_now(lambda tx: tx.execute(tables.tally.select()).one()).right == 1


def test_nobody_else_is_told_of_it(town: Town) -> None:
    """Who is no admin is doubted on Matrix at all times."""
    person = town.learner("1")
    assert person.does(text="stats", doubt=Doubt.UNSIGNED) == person.types("stats")


def test_nothing_is_fetched_or_counted_for_a_doubted_word() -> None:
    rules = Rules(Schedule(), "fr", frozenset({"matrix:@ann:x"}))
    asked = {
        Needs.FIGURES: {"text": "stats"},
        Needs.FILE: {"kind": Kind.FILE, "file": FileRef("ref", "x.yaml", 10)},
    }
    for needs, what in asked.items():
        for doubt in (None, *Doubt):
            event = Event("matrix", "1", "!room", datetime.now(UTC), sender="@ann:x", doubt=doubt, **what)  # type: ignore[arg-type]
            found = reception.needs(reception.read(event, rules), rules)
            assert found is (needs if doubt is None else Needs.NOTHING)


def test_a_word_in_clear_where_all_is_encrypted_gets_a_sentence_from_who_is_known(town: Town) -> None:
    assert town.person("stranger").does(kind=Kind.CLEAR, doubt=Doubt.UNSIGNED) == ""
    with pytest.raises(LookupError):
        _ = town.person("stranger").learner
    person = town.learner("1")
    assert "en clair" in person.does(kind=Kind.CLEAR, doubt=Doubt.UNSIGNED)
