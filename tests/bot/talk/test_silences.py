# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is a request to send nothing before a day heard as a pause until then, and what only sounds like one left alone?"""

from __future__ import annotations

import time
from datetime import date

import pytest

from bot.talk import commands, pausing
from bot.talk.topics import COMMANDS
from tests.bot.builders import Town

TODAY = date(2026, 11, 23)
"""A Monday."""

PAUSES = {
    date(2027, 1, 5): [
        "merci de ne rien m'envoyer avant le 5 janvier",
        "Merci de ne rien m’envoyer avant le 5 janvier.",
        "Merci de ne rien m'envoyer avant le 5 janvier 2027, je suis en congés",
        "Bonjour, merci de ne plus rien m'envoyer avant le 5 janvier",
        "Bonjour,\nmerci de ne rien m'envoyer avant le 5 janvier.\nCordialement,\nJean Dupont",
        "Ne m'envoyez rien avant le 5 janvier svp",
        "N'envoyez rien avant le 5 janvier, merci",
        "ne m'envoie rien avant le 5/01",
        "Ne m'écrivez pas avant le mardi 5 janvier",
        "Ne m'envoyez pas de leçon avant le 5 janvier",
        "Ne m'envoyez plus de messages avant le 5 janvier",
        "ne plus rien m'envoyer avant le 5 janvier",
        "Ne pas m'écrire avant le 5 janvier",
        "Veuillez ne rien m'adresser avant le 5 janvier",
        "Pouvez-vous ne rien m'envoyer avant le 5 janvier ?",
        "Pourriez-vous ne plus m'écrire avant le 5 janvier ?",
        "Je ne veux rien recevoir avant le 5 janvier",
        "Je ne souhaite plus recevoir de messages avant le 5 janvier",
        "Je voudrais ne rien recevoir avant le 5 janvier",
        "j'aimerais ne plus recevoir de leçons avant le 5 janvier",
        "Avant le 5 janvier, ne m'envoyez rien",
        "Avant le 5 janvier ne m'envoyez rien svp",
        "D'ici le 5 janvier, merci de ne rien m'envoyer",
        "Merci de ne rien m'envoyer d'ici au 5 janvier",
        "Je suis en congé. Merci de ne rien m'envoyer avant le 5 janvier.",
        "Je suis en congé, merci de ne rien m'envoyer avant le 5 janvier",
        "Pas de message avant le 5 janvier svp",
        "Pas de leçons avant le 5 janvier, merci",
        "Plus de messages avant le 5 janvier",
        "Aucun message avant le 5 janvier s'il vous plaît",
        "Rien avant le 5 janvier, merci",
        "Ne reprenez pas avant le 5 janvier",
        "Ne recommencez pas les leçons avant le 5 janvier",
        "Please don't send me anything before January 5",
        "Don't write to me before 5 January",
        "Do not send me lessons before January 5th, thanks",
        "Could you not send me anything before January 5?",
        "I don't want any messages before January 5",
        "I don't want to receive anything before January 5",
        "No messages before January 5, please",
        "Nothing before January 5 please",
        "Before January 5, please don't send me anything",
        "Please do not resume before January 5",
        "Never write to me before January 5",
    ],
    date(2026, 11, 30): [
        "Ne m'envoyez rien avant lundi",
        "ne m'envoyez rien avant lundi matin",
        "merci de ne plus m'écrire avant la semaine prochaine",
        "Rien avant lundi",
        "Don't send me anything before Monday",
        "no lessons before next week",
    ],
    date(2026, 12, 7): [
        "ne m'envoyez rien avant deux semaines",
        "Ne m'écrivez pas avant 2 semaines",
        "don't send me anything before two weeks",
    ],
    date(2027, 1, 1): ["ne m'envoyez rien avant janvier", "please don't write before January"],
}

NONE = [
    # by when something is to stop
    "Arrêtez avant le 5 janvier",
    "Arrêtez de m'envoyer des messages avant le 5 janvier",
    "Stop before January 5",
    "Stop sending me messages before January 5",
    "Désinscrivez-moi avant le 5 janvier",
    # a limit, or something else before that day
    "Ne m'envoyez pas plus d'une leçon avant le 5 janvier",
    "Envoyez-moi tout avant le 5 janvier",
    "Envoyez-moi une leçon avant lundi",
    "Please send me everything before January 5",
    "ne m'envoyez rien après le 5 janvier",
    "don't send anything after January 5",
    # an hour, or what is too near
    "Ne m'envoyez rien avant 9h",
    "Ne m'envoyez rien avant 9 heures",
    "ne m'envoyez rien avant 9",
    "Pas de message avant midi",
    "ne m'envoyez rien avant ce soir",
    "don't send me anything before 9 am",
    # no request to the program
    "Vous n'envoyez rien avant le 5 janvier",
    "Vous ne m'avez rien envoyé avant le 5 janvier",
    "Je n'ai reçu aucun message avant le 5 janvier",
    "Je ne vous enverrai rien avant le 5 janvier",
    "Il faut ne rien envoyer avant le 5 janvier",
    "Il ne faut rien envoyer avant le 5 janvier",
    "On n'envoie rien avant le 5 janvier",
    "Je n'ai rien avant le 5 janvier",
    "Il n'y a rien avant le 5 janvier",
    "Pas de réunion avant le 5 janvier",
    "Rien de neuf avant le 5 janvier",
    "Ne rien publier avant le 5 janvier",
    "Ne rien envoyer à la CNIL avant le 5 janvier",
    "Pas de leçon avant le 5 janvier, dommage",
    "We have nothing before January 5",
    "They don't send anything before January 5",
    # by when it is to stop
    "Je ne veux plus de messages d'ici vendredi",
    "Ne m'envoyez plus rien d'ici lundi",
    # questions
    "Rien avant le 5 janvier ?",
    "Pas de message avant le 5 janvier ?",
    "Ne rien envoyer avant le 5 janvier ?",
    "Est-ce que vous n'envoyez rien avant le 5 janvier ?",
    "Pourquoi ne m'envoyez-vous rien avant le 5 janvier ?",
    "No messages before January 5?",
    "Nothing before Monday?",
    # quotations
    "« Merci de ne rien m'envoyer avant le 5 janvier »",
    "Il a écrit : « ne m'envoyez rien avant le 5 janvier »",
    "Le courriel dit « merci de ne rien m'envoyer avant le 5 janvier »",
    "Mon chef m'a dit : ne m'envoyez rien avant le 5 janvier",
    "> merci de ne rien m'envoyer avant le 5 janvier\nbonjour",
    'She wrote: "don\'t send me anything before January 5"',
]


def asked(text: str) -> str:
    """The command that a text is, or has in it when it means nothing else."""
    return commands.command_of(text, COMMANDS.keys(), ()) or commands.nearly(text, COMMANDS.keys())


def test_a_wish_for_nothing_before_a_day_is_a_pause_until_then(subtests: pytest.Subtests) -> None:
    for day, texts in PAUSES.items():
        for text in texts:
            with subtests.test(text=text):
                assert (asked(text), pausing.end_of(text, TODAY)) == ("pause", day)
                assert not pausing.wonders(text)


def test_a_deadline_a_limit_an_hour_a_question_or_a_quotation_pauses_nothing(
    subtests: pytest.Subtests,
) -> None:
    for text in NONE:
        with subtests.test(text=text):
            assert asked(text) != "pause"


def test_it_says_until_when_lessons_are_paused_and_they_come_back_then(town: Town) -> None:
    person = town.learner()
    heard = person.types("Bonjour, merci de ne rien m'envoyer avant le 5 janvier. Jean Dupont")
    assert "en pause jusqu’au mardi 5 janvier 2027" in heard
    assert (person.learner.state, person.learner.pause_reason) == ("paused", "until")
    assert "jusqu’au lundi 11 janvier" in person.types("merci de ne rien m'envoyer avant le 11 janvier")
    town.tick(person.next_at)
    assert "Titre de deux" in person.heard()
    assert town.now.date() == date(2027, 1, 11)


@pytest.mark.parametrize("said", ["Pas de message avant le 5 janvier ?", "Stop before January 5"])
def test_a_phrase_that_pauses_nothing_leaves_the_lessons_as_they_are(town: Town, said: str) -> None:
    person = town.learner()
    planned = person.next_at
    person.types(said)
    assert (person.state, person.next_at) == ("active", planned)


@pytest.mark.parametrize(
    "text",
    [
        "avant le 5 janvier, " * 200,
        "ne m'envoyez rien avant " * 160,
        "ne rien rien rien " * 220,
        "avant " * 700,
        "pas de message avant le 5, " * 150,
        "d'ici " * 700,
        "before before, nothing before " * 130,
    ],
)
def test_hostile_texts_are_read_fast(text: str) -> None:
    began = time.process_time()
    asked(text)
    pausing.end_of(text, TODAY)
    assert time.process_time() - began < 1  # 0.1 s where nothing else runs
