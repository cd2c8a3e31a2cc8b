# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What people type when a conversation begins is understood: a greeting, a yes in their own words, a correction."""

from __future__ import annotations

from bot.talk import greetings
from bot.wording import words_of
from tests.bot.builders import Town

GREETINGS = (
    "Bonjour",
    "bonjour !",
    "BONJOUR",
    "Bonjour\u00a0!",
    "Bonjour 👋",
    "👋 Bonjour",
    "Bonsoir.",
    "Salut…",
    "coucou :)",
    "Re-bonjour",
    "Hello!",
    "hi",
    "Hey 😀",
    "Good morning!",
    "Bonjour, bonjour",
    "Bonjour, comment allez-vous ?",
    "Bonjour IAventure",
    "*Bonjour*",
    "Salut tous",
    "Bonjour à toutes et à tous !",
    "Hello everyone",
)


def test_a_greeting_is_no_wrong_answer_whatever_is_open(town: Town) -> None:
    for number, greeting in enumerate(GREETINGS):
        stranger = town.person(f"stranger {number}")
        assert "Ce que je garde" in stranger.types(greeting)
        assert "oui ou non" in stranger.types(greeting), greeting
        learner = town.learner(f"learner {number}")
        said = learner.types(greeting)
        assert said.startswith("Bonjour"), greeting
        assert "numéro" in said
        assert learner.quiz.answered_at is None
        while learner.waits:
            learner.types(learner.right())
        assert "prochaine leçon" in learner.types(greeting), greeting
        learner.types("pause")
        assert "reprendre" in learner.types(greeting), greeting


def test_a_greeting_to_everybody_is_not_read_as_all_choices(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    assert person.question.multiple
    for said in ("Salut tous", "Bonjour tout le monde", "hi all", "Bonjour, tous"):
        assert person.types(said).startswith("Bonjour"), said
        assert person.quiz.answered_at is None
    assert "Bonne réponse" in person.types(f"Salut tous, {person.right()}")


def test_what_follows_a_greeting_counts(town: Town) -> None:
    person = town.person("1")
    person.types("start")
    assert "📘" in person.types("Bonjour, oui !")
    assert "aide" in person.types("bonjour, aide")
    answer = person.right()
    assert "Bonne réponse" in person.types(f"Bonjour 👋 : {answer}")


def test_a_text_without_a_greeting_has_none() -> None:
    words = words_of("fr")
    for text in ("", "2", "salutations", "Hippocrate", "oui bonjour", "!lecon", "...", "bon jour", "cci"):
        assert greetings.after(words, text) is None, text


def test_a_yes_to_the_notice_may_be_said_in_many_ways(town: Town) -> None:
    said = (
        "ok",
        "Je commence",
        "C’est parti !",
        "c'est parti",
        "Allons-y !",
        "Oui, je commence",
        "D’accord.",
    )
    for number, yes in enumerate(
        (*said, "Let’s go!", "Okay", "go", "bien sûr !", "oui je commence", "1", "Yes")
    ):
        person = town.person(f"yes {number}")
        person.types("bonjour")
        assert "📘" in person.types(yes), yes
        assert person.learner.state == "active"
    for number, no in enumerate(("non merci", "Non merci !", "Pas pour moi.", "no thanks")):
        person = town.person(f"no {number}")
        person.types("bonjour")
        assert "📘" not in person.types(no)
        assert person.state == "nobody", no


def test_a_correction_of_an_hour_that_was_refused_is_read(town: Town) -> None:
    person = town.learner("1")
    person.types("reglages")
    person.types("1")
    assert "heure" in person.does(text="9g", message="m1")
    assert "09:00" in person.does(text="9h", message="m1", corrects=True)


def test_a_correction_is_answered_when_what_it_corrects_was_not_understood(town: Town) -> None:
    person = town.learner("1")
    for typo in ("lecpm", "aixd", "zzz"):
        message = f"m-{typo}"
        assert person.does(text=typo, message=message) != ""
        assert person.does(text=f"{typo}s", message=message, corrects=True) != ""  # another typo
        assert "Leçons suivies" in person.does(text="progression", message=message, corrects=True)
        assert person.does(text="aide", message=message, corrects=True) == ""
    assert "Leçons suivies" in person.does(text="progression", message="m2")
    assert person.does(text="progression !", message="m2", corrects=True) == ""
    assert person.does(text="aide", message="nobody saw it", corrects=True) == ""
    answer = person.right()
    person.does(text="trente-douze", message="m3")
    assert "Bonne réponse" in person.does(text=answer, message="m3", corrects=True)


def test_a_correction_of_what_somebody_else_wrote_is_not_read(town: Town) -> None:
    one, other = town.learner("1"), town.learner("2")
    one.does(text="lecpm", message="m1")
    assert other.does(text="lecon", message="m1", corrects=True) == ""
    assert one.does(text="lecon", message="m1", corrects=True) != ""
