# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Asked whether to begin, does « plus tard » leave that open, and is a real answer still one?"""

from __future__ import annotations

import time

import pytest

from bot.messages import Kind
from bot.notice.facts import Facts
from bot.talk import phrases
from config.privacy import Controller, Privacy
from tests.bot.builders import Person, Town
from tests.bot.talk.test_notice import publish

OPEN = "rien n’est décidé"

LATER = [
    "plus tard",
    "Plus tard.",
    "plus tard svp",
    "Non, plus tard",
    "non merci, plus tard",
    "oui, plus tard",
    "Oui mais plus tard",
    "ok mais plus tard",
    "peut-être plus tard",
    "Pas maintenant",
    "non, pas maintenant",
    "Pas maintenant, je suis en réunion",
    "pas tout de suite",
    "pas encore",
    "pas aujourd'hui",
    "demain",
    "oui mais demain",
    "D'accord, demain matin",
    "lundi",
    "On commence lundi",
    "je commencerai lundi prochain",
    "Je préfère commencer lundi",
    "la semaine prochaine",
    "oui, la semaine prochaine",
    "le mois prochain",
    "à la rentrée",
    "après les vacances",
    "en janvier",
    "le 5 janvier",
    "dans une heure",
    "dans deux semaines",
    "quand j'aurai le temps",
    "je n'ai pas le temps",
    "pas le temps cette semaine",
    "une autre fois",
    "Un autre jour",
    "je verrai",
    "on verra",
    "je vais réfléchir",
    "J'y réfléchis",
    "laissez-moi réfléchir",
    "je ne sais pas encore",
    "attendez",
    "Bonjour, plus tard",
    "je le ferai plus tard",
    "rappelez-moi demain",
    "/plustard",
    "later",
    "Maybe later",
    "not now",
    "No, not now",
    "not yet",
    "yes, but tomorrow",
    "next week",
    "I'll start on Monday",
    "I'll think about it",
    "let me think about it",
    "I don't know yet",
    "after the holidays",
    "when I have time",
    "another time",
    "remind me tomorrow",
]
ANSWERS = {
    "oui": "active",
    "Oui, merci.": "active",
    "je commence": "active",
    "ok": "active",
    "yes please": "active",
    "pourquoi pas": "active",
    "non": "nobody",
    "Non merci": "nobody",
    "pas intéressé": "nobody",
    "no thanks": "nobody",
    "sans façon": "nobody",
}
NEITHER = [
    "Plus tard, c'est possible ?",
    "demain ?",
    "On commence lundi ?",
    "Combien de temps cela prend-il ?",
    "C'est plus tard que prévu",
    "Que se passe-t-il plus tard ?",
    "Mon chef a dit « plus tard »",
    "jamais de la vie",
    "bof",
    "les données sont effacées quand ?",
    "Can I start later?",
    "What happens next week?",
]


def invited(town: Town, address: str = "1", language: str = "fr") -> Person:
    """Somebody who reads the notice."""
    person = town.person(address, language=language)
    person.types("start")
    return person


def test_plus_tard_declines_nothing_and_says_how_to_accept_later(
    sqlite_town: Town, subtests: pytest.Subtests
) -> None:
    person = invited(sqlite_town)
    for said in LATER:
        with subtests.test(said=said):
            assert OPEN in person.types(said)
            assert person.state == "invited"
    assert "Titre de un" in person.types("oui")


def test_an_answer_is_still_an_answer(sqlite_town: Town, subtests: pytest.Subtests) -> None:
    for said, state in ANSWERS.items():
        with subtests.test(said=said):
            person = invited(sqlite_town, said)
            person.types("plus tard")
            person.types(said)
            assert person.state == state


def test_a_question_or_a_quotation_neither_begins_nor_declines(
    sqlite_town: Town, subtests: pytest.Subtests
) -> None:
    person = invited(sqlite_town)
    for said in NEITHER:
        with subtests.test(said=said):
            person.types(said)
            assert person.state == "invited"


def test_in_english_it_says_so_in_english(town: Town) -> None:
    person = invited(town, language="en")
    assert "nothing is decided" in person.types("later")
    assert person.state == "invited"
    assert "**" not in person.types("yes")
    assert person.state == "active"


def test_the_buttons_of_the_notice_still_serve_after_plus_tard(town: Town) -> None:
    person = invited(town)
    question = person.question
    person.types("plus tard")
    town.wait(days=3)
    person.presses("yes", question=question)
    assert person.state == "active"


def test_start_shows_the_notice_again_after_plus_tard(town: Town) -> None:
    person = invited(town)
    person.types("plus tard")
    assert "On commence" in person.types("start")


def test_asked_anew_for_consent_plus_tard_withdraws_nothing(town: Town) -> None:
    named = Controller(name="Ville", address="1 place", contact="a@exemple.org")
    town.facts = Facts(Privacy(controller=named, ground="consent"), channels=("telegram",))
    person = town.learner()
    publish(town, material=True, ground="consent", recipients=("le département",))
    person.types("lecon")
    assert OPEN in person.types("plus tard")
    assert person.state == "active"
    assert "Titre de deux" in person.types("oui")


def test_without_the_notice_plus_tard_is_what_it_was(town: Town) -> None:
    person = town.learner()
    person.does(kind=Kind.TEXT, text="plus tard")
    assert OPEN not in person.heard()


@pytest.mark.parametrize(
    "text",
    ["quand " * 26, "oui mais " * 17, "pas encore " * 14, "je y le la l " * 12, "lundi " * 26, "a la " * 31],
)
def test_hostile_texts_are_read_fast(text: str) -> None:
    began = time.process_time()
    phrases.asks_for(text)
    assert time.process_time() - began < 0.2  # 2 ms where nothing else runs
