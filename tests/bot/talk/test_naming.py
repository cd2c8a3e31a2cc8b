# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which name a typed text gives for a paper: none in what is no name, and all of it in what is one."""

from __future__ import annotations

import pytest

from bot.names import Refused
from bot.talk import naming

NO_NAMES = (
    *("ok", "OK !", "oui", "Oui oui", "non merci", "d’accord", "Très bien", "merci beaucoup", "yes", "sure"),
    *(
        "bonjour",
        "Bonjour !",
        "Hello",
        "Bonjour Marie",
        "Oui Marie",
        "je ne sais pas",
        "Je sais pas",
        "aucune idée",
    ),
    *(
        "Je voudrais réfléchir",
        "pourquoi",
        "Comment ça marche",
        "je suis en réunion",
        "c’est noté",
        "C’est bon",
    ),
    *(
        "un instant",
        "attendez",
        "mon nom",
        "le mien",
        "I don’t know",
        "no idea",
        "I am in a meeting",
        "not yet",
    ),
    *("my name", "je m’appelle", "bonjour, c’est", "👍", "merci de l’attestation"),
)


@pytest.mark.parametrize("said", NO_NAMES)
def test_a_phrase_without_a_name_is_asked_again(said: str) -> None:
    assert isinstance(naming.read(said), Refused)


@pytest.mark.parametrize(
    "said", ["7K3M-92QF-XT4D-8RBN", "12/05/1980", "Marie Dupont 2", "agent 007", "٣ Marie"]
)
def test_no_name_has_a_digit(said: str) -> None:
    assert isinstance(naming.read(said), Refused)


WHEN = (
    *(
        "dans une heure",
        "Dans 2 heures",
        "une heure",
        "lundi",
        "demain",
        "à 14 h",
        "cet après-midi",
        "ce soir",
        "plus tard",
    ),
    *("la semaine prochaine", "dans trois jours", "in an hour", "tomorrow", "next week", "tonight", "Monday"),
    *("plus tard, après ma réunion", "tout à l’heure"),
)


@pytest.mark.parametrize("said", WHEN)
def test_a_phrase_with_a_moment_is_a_delay(said: str) -> None:
    assert naming.is_put_off(said)


NAMES = (
    *(
        "Marie Dupont",
        "jean dupont",
        "DUPONT Jean",
        "Zoé Le Goff",
        "Camille Martin-Lefebvre",
        "Anne-Marie d’Ornano",
    ),
    *("Charles de Gaulle", "de La Tour du Pin", "Ludwig van der Berg", "Sean O’Brien", "Fatou N’Diaye", "Li"),
    *(
        "Oui-Kim",
        "Oui-Kim Tran",
        "Jean Merci",
        "Merci Jean",
        "MERCI Awa",
        "Jean Bonjour",
        "BONJOUR Jean",
        "SALUT Zoé",
    ),
    *(
        "Hi-Yong Kim",
        "No Min-ji",
        "Oh Se-hoon",
        "OK Taec-yeon",
        "My Tran",
        "You Jin",
        "John I. Smith",
        "Tu Youyou",
    ),
    *(
        "Jean Dimanche",
        "Marie Noël",
        "Jean Demain",
        "Paul Midi",
        "Alice Noon",
        "An Min",
        "May Day",
        "Jean Bravo",
        "Ion Pas",
    ),
    *(
        "Luce Personne",
        "Ré Martin",
        "Giovanni Re",
        "Re Giovanni",
        "Élise Super",
        "Daniel arap Moi",
        "Ana Sá",
        "D’Accord-Roy Luc",
    ),
    *(
        "Jean-Noël Mardi",
        "Mme Claire Petit",
        "Dr José Ñandú",
        "Le Bon Roi",
        "Des Moulins",
        "A Marca Gil",
        "Ève Leçon",
    ),
    *(
        "Jean Heure",
        "Heurtebise Ida",
        "Marie Curie, née Skłodowska",
        "Martin Luther King Jr.",
        "Bien Aimé Jean",
    ),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_written_as_it_is_typed(name: str) -> None:
    assert naming.read(name) == name
    assert not naming.is_put_off(name)


AROUND = {
    "bonjour Marie Dupont": "Marie Dupont",
    "Bonjour, Marie Dupont": "Marie Dupont",
    "Bonjour ! Je m’appelle Marie Dupont.": "Marie Dupont",
    "My name is Martin King Jr.": "Martin King Jr.",
    "bonjour, c’est Marie": "Marie",
    "C'est Marie": "Marie",
    "mon nom est Zoé Le Goff": "Zoé Le Goff",
    "je m'appelle zoé le goff": "zoé le goff",
    "Je suis Zoé de Gaulle": "Zoé de Gaulle",
    "Oui, Marie Dupont": "Marie Dupont",
    "ok Marie Dupont": "Marie Dupont",
    "Nom : Marie Dupont": "Marie Dupont",
    "Merci ! Marie Dupont": "Marie Dupont",
    "Marie Dupont, merci": "Marie Dupont",
    "Marie Dupont merci": "Marie Dupont",
    "marie dupont svp": "marie dupont",
    "Marie Dupont s’il vous plaît": "Marie Dupont",
    "Hello, my name is Mary O’Neil": "Mary O’Neil",
    "I'm Mary O’Neil, thank you very much": "Mary O’Neil",
    "Hi Mary O’Neil": "Mary O’Neil",
    "yes, Oui-Kim please": "Oui-Kim",
}


@pytest.mark.parametrize(("said", "name"), AROUND.items())
def test_the_words_around_a_name_are_taken_out(said: str, name: str) -> None:
    assert naming.read(said) == name


def test_a_long_or_broken_text_is_no_name() -> None:
    assert isinstance(naming.read("ok, " * 80), Refused)
    assert naming.read("Marie\nDupont") == Refused("lines")
    assert naming.read("ok " * 4000) == Refused("length")
    assert naming.read("Nguyễn Thị Ngọc Ơ") == Refused("accents", "ị → i, ọ → o, Ơ → O")
