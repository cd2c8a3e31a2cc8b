# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is every setting changed as it was meant, refused with a reason, and followed by the plan?"""

from __future__ import annotations

import os
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from bot.messages import Choice, Edit, Kind, Send
from bot.talk import places
from tests.bot.builders import TYPING, Person, Town, lesson, schedule, setting, tables_in
from tests.bot.cards import answers


def test_the_settings_are_shown_with_their_values(town: Town) -> None:
    town.limits = TYPING
    heard = town.learner().types("reglages")
    for line in [
        "1. Heure\u00a0: 08:30",
        "2. Jours\u00a0: du lundi au vendredi",
        "3. Fuseau horaire\u00a0: Europe/Paris",
        "4. Jours fériés\u00a0: France",
        "5. Heures calmes\u00a0: 20:00-07:00",
        "6. Vous êtes\u00a0: agent ou agente",
        "7. Langue\u00a0: français",
        "8. Mes données",
        "9. Questions après la dernière leçon\u00a0: trois jours par semaine",
        "10. Images\u00a0: avec",
    ]:
        assert line in heard


HOURS = [("9h", "09:00"), ("08h45", "08:45"), ("12:30", "12:30"), ("7.05", "07:05"), ("13 h 15", "13:15")]


def test_an_hour_is_read_as_people_write_it(town: Town, subtests: pytest.Subtests) -> None:
    for said, (hour, kept) in product(["1", "a", "heure", "Heure : 08:30"], HOURS):
        with subtests.test(said=said, hour=hour):
            person = town.learner(f"{said} {hour}")
            heard = setting(person, said, hour)
            assert f"mardi 24 novembre à {kept}" in heard
            assert f"{schedule(person).time:%H:%M}" == kept
            assert person.next_at.date() == town.now.date() + timedelta(days=1)


def test_what_is_no_hour_is_refused_and_asked_again(town: Town, subtests: pytest.Subtests) -> None:
    for said in ("25:00", "9:75", "bientôt", "-1", "8:30:15", "tôt le matin", "9" * 50):
        with subtests.test(said=said):
            person = town.learner(said)
            assert "pas reconnu d’heure" in setting(person, "1", said)
            assert "09:00" in person.types("9:00")


def test_an_hour_in_quiet_hours_is_refused_with_the_reason(town: Town) -> None:
    person = town.learner()
    heard = setting(person, "1", "21:00")
    assert "heures calmes (20:00-07:00)" in heard
    assert schedule(person).time.hour == 8
    assert "19:00" in person.types("19h")


def test_days_can_be_typed_or_switched(town: Town) -> None:
    person = town.learner()
    setting(person, "2", "lundi, mercredi et vendredi")
    assert schedule(person).days == ("mon", "wed", "fri")
    assert person.next_at.date().isoformat() == "2026-11-25"
    setting(person, "2")
    for key in ("wed", "sat"):
        person.presses(key, kind=Kind.TOGGLE)
    person.presses(kind=Kind.SUBMIT)
    assert schedule(person).days == ("mon", "fri", "sat")
    setting(person, "2", "lundi à jeudi")
    assert schedule(person).days == ("mon", "tue", "wed", "thu")


def test_the_days_that_are_set_are_switched_on(town: Town) -> None:
    person = town.learner()
    setting(person, "2")
    assert person.question.chosen == {"mon", "tue", "wed", "thu", "fri"}


def test_no_day_at_all_is_not_taken(town: Town) -> None:
    person = town.learner()
    setting(person, "2")
    for key in ("mon", "tue", "wed", "thu", "fri"):
        person.presses(key, kind=Kind.TOGGLE)
    person.presses(kind=Kind.SUBMIT)
    assert "au moins une" in person.brief
    assert len(schedule(person).days) == 5


@pytest.mark.parametrize(
    ("said", "zone"),
    [("5", "Indian/Reunion"), ("Tahiti", "Pacific/Tahiti"), ("Europe/Brussels", "Europe/Brussels")],
)
def test_a_zone_is_chosen_or_typed_by_its_name(town: Town, said: str, zone: str) -> None:
    person = town.learner()
    assert "à 08:30" in setting(person, "3", said)
    assert schedule(person).time_zone == zone


def test_the_first_zone_is_found_without_a_walk_through_the_files_of_all_zones(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walk took 283 ms inside the writer's transaction."""
    person = town.learner()
    places._identifiers.cache_clear()
    monkeypatch.delattr(os, "walk")
    setting(person, "3", "Asia/Tokyo")
    assert schedule(person).time_zone == "Asia/Tokyo"


def test_a_zone_that_does_not_exist_is_refused(town: Town, subtests: pytest.Subtests) -> None:
    for said in ("Mars/Olympus", "../../etc/passwd", "localtime", "/etc/passwd", "x" * 500):
        with subtests.test(said=said):
            person = town.learner(said[:64])
            heard = setting(person, "3", said)
            assert "Je ne connais pas" in heard or "pas compris" in heard
            assert schedule(person).time_zone == "Europe/Paris"


def test_holidays_of_another_place(town: Town) -> None:
    person = town.learner()
    setting(person, "4", "Alsace")
    assert schedule(person).holidays == "Alsace"
    setting(person, "4", "aucun")
    assert schedule(person).holidays == "none"


def test_quiet_hours_are_read_as_people_write_them(town: Town, subtests: pytest.Subtests) -> None:
    for said, kept in [
        ("22:00-06:00", "22:00-06:00"),
        ("22h - 6h", "22:00-06:00"),
        ("21h à 6h30", "21:00-06:30"),
        ("aucune", "none"),
        ("jamais", "none"),
        ("Non", "20:00-07:00"),
        ("rien", "20:00-07:00"),
    ]:
        with subtests.test(said=said):
            person = town.learner(said)
            setting(person, "5", said)
            assert schedule(person).model_dump(mode="json")["quiet"] == kept


def test_quiet_hours_that_are_none_are_refused(town: Town, subtests: pytest.Subtests) -> None:
    for said in ("22:00", "22:00-22:00", "tôt-tard", "1-2-3", "25:00-07:00"):
        with subtests.test(said=said):
            person = town.learner(said)
            assert "pas reconnu ces heures" in setting(person, "5", said)
            assert "C’est noté" in person.types("22:00-06:00")


def test_quiet_hours_over_the_lesson_are_refused_with_the_reason(town: Town) -> None:
    person = town.learner()
    heard = setting(person, "5", "20:00-09:00")
    assert "Votre leçon de 08:30 tomberait dans ces heures calmes" in heard
    assert schedule(person).model_dump(mode="json")["quiet"] == "20:00-07:00"


def test_a_role_is_chosen(town: Town) -> None:
    person = town.learner()
    assert "parcours des élus" in setting(person, "6", "2")
    assert person.learner.role == "elu"


def test_an_ambassador_follows_every_lesson(town: Town) -> None:
    person = town.learner()
    assert "toutes les leçons" in setting(person, "6", "3")
    assert person.learner.role == "ambassadeur"


def test_the_language_changes_at_once(town: Town) -> None:
    person = town.learner()
    assert "English" in setting(person, "7", "2")
    assert "Your settings" in person.types("settings")
    assert "français" in setting(person, "7", "1")


@pytest.mark.parametrize(
    "said",
    [
        ["reglages", "10", "2"],
        ["reglages", "images", "texte seul"],
        ["reglages", "texte seul"],
        ["reglages", "10. Images : avec", "sans image"],
        ["Texte seul, merci."],
        ["sans les images"],
        ["text only"],
        ["no pictures"],
    ],
)
def test_text_alone_is_wanted_in_few_words(town: Town, said: list[str]) -> None:
    person = town.learner()
    heard = [person.types(one) for one in said]
    assert "texte seul, sans image" in heard[-1]
    assert wants_pictures(person) is False
    assert "Images\u00a0: texte seul" in [choice.label for choice in settings_of(person)]
    assert data(person)["Inscription"]["images voulues"] is False
    for back in ("avec images", "with pictures"):
        assert "une image avec le texte" in person.types(back)
        assert wants_pictures(person) is True
        person.types("sans images")
    assert "une image avec le texte" in setting(person, "10", "1")


def wants_pictures(person: Person) -> bool:
    return person.learner.pictures


def settings_of(person: Person) -> tuple[Choice, ...]:
    person.types("reglages")
    return person.question.choices


def test_text_alone_says_all_that_it_said_beside_the_picture(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    with_picture = answers(person)
    person.types("texte seul")
    alone = answers(person)
    assert (with_picture.text, with_picture.aside) == (alone.text, alone.aside)
    assert (with_picture.picture is None, alone.picture is None) == (False, True)
    for line in (
        "Jours avec une réponse\u00a0: 1 en tout.",
        "Cette semaine\u00a0: lundi.",
        "Au programme\u00a0: Titre de deux",
    ):
        assert line in alone.text
    assert alone.aside == "**Par thème**\nDonnées personnelles\u00a0: 1 sur 4"


def test_what_sounds_like_pictures_changes_no_setting(town: Town) -> None:
    person = town.learner()
    for said in (
        "une image",
        "l’image est générée par une IA",
        "avec images générées",
        "texte",
        "plus d’images",
    ):
        person.types(said)
        assert wants_pictures(person)


def test_a_menu_is_edited_when_it_is_pressed_and_left_when_one_types(town: Town) -> None:
    person = town.learner()
    setting(person, "6")
    person.presses("elu")
    pressed = person.last
    setting(person, "6", "1")
    typed = person.last
    assert (type(pressed), type(typed)) == (Edit, Send)


def test_an_older_menu_is_closed_by_a_newer_one(town: Town) -> None:
    person = town.learner()
    setting(person, "6")
    old = person.question
    person.types("reglages")
    person.presses("elu", question=old)
    assert person.learner.role == "agent"


@pytest.mark.parametrize("words", [("jours fériés", "aucun"), ("heure", "8h"), ("heures calmes", "aucune")])
def test_a_setting_changed_between_the_hour_and_its_tick_keeps_todays_lesson(
    town: Town, words: tuple[str, str]
) -> None:
    person = town.learner()
    at = person.next_at
    town.now = at + timedelta(seconds=20)
    assert "mardi 24 novembre à 08:30" in setting(person, *words)
    before = len(person.shown)
    town.tick(at + timedelta(minutes=1))
    assert "Titre de deux" in person.heard(before)
    assert person.next_at.date() == at.date() + timedelta(days=1)


def test_a_day_dropped_between_the_hour_and_its_tick_brings_nothing_that_day(town: Town) -> None:
    person = town.learner()
    at = person.next_at
    town.now = at + timedelta(seconds=20)
    assert "jeudi 26 novembre" in setting(person, "jours", "jeudi")
    assert person.next_at.date() == at.date() + timedelta(days=2)


def test_someone_else_cannot_change_them(town: Town) -> None:
    person, other = town.learner("1"), town.learner("2")
    setting(person, "6")
    other.presses("elu", question=person.question)
    assert (person.learner.role, other.learner.role) == ("agent", "agent")


def test_settings_in_a_pause_plan_nothing(town: Town) -> None:
    person = town.learner()
    person.types("pause")
    assert setting(person, "1", "9:00") == "C’est noté. Heure\u00a0: 09:00."
    assert person.enrolment.next_at is None
    person.types("reprendre")
    assert person.next_at.isoformat() == "2026-11-24T08:00:00+00:00"


@pytest.mark.parametrize(
    ("zone", "hour"), [("Pacific/Tahiti", "19:30"), ("Pacific/Noumea", "07:30"), ("Indian/Reunion", "07:00")]
)
def test_moving_never_brings_a_second_lesson_on_a_date(town: Town, zone: str, hour: str) -> None:
    person = town.learner()
    person.types(person.right())
    setting(person, "3", zone)
    setting(person, "1", hour)
    setting(person, "3", "1")
    assert person.next_at.date() > town.now.date()


# --- one's own data


def data(person: Person) -> dict[str, Any]:
    setting(person, "8")
    piece = person.last
    assert isinstance(piece, Send)
    assert piece.document is not None
    return tables_in(piece.document.content)


def test_my_data_hold_all_that_is_kept(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    found = data(person)
    now = town.now.isoformat()
    assert found["Ce fichier"]["adresse"] == "telegram:1"
    about = found["Inscription"]
    assert (about["langue choisie"], about["parcours choisi (agent, élu, ambassadeur)"]) == ("fr", "agent")
    assert about["date du choix de participer"] == about["date de la première parole"] == now
    assert about["images voulues"] is True
    assert found["Adresse de messagerie"] == [
        {
            "messagerie": "telegram",
            "adresse de la conversation dans la messagerie": "1",
            "messages refusés de suite par la messagerie": 0,
        }
    ]
    assert found["Parcours"]["jours, heure, fuseau horaire"]["time_zone"] == "Europe/Paris"
    assert found["Parcours"]["jours d’envoi, les soixante derniers"] == ["2026-11-23"]
    assert found["Leçons reçues"] == [
        {"leçon": "un", "date et heure de réception": now, "version de la leçon": lesson("un").version}
    ]
    (answer,) = [one for one in found["Questions et réponses"] if "résultat (juste, en partie, faux)" in one]
    assert (answer["question de la leçon"], answer["réponse donnée"]) == ("q1", ["a"])
    assert answer["résultat (juste, en partie, faux)"] == "right"
    assert found["Totaux de réponses"] == {
        "nombre de réponses justes": 1,
        "nombre de réponses en partie justes": 0,
        "nombre de réponses fausses": 0,
        "jours avec une réponse, les 400 derniers": ["2026-11-23"],
    }
    (review,) = found["Révisions à venir"]
    assert review["leçon"] == "un"
    assert review["questions déjà posées, combien de fois et quand"] == {"q1": [1, "2026-11-23"]}
    assert found["Attestations délivrées"] == []
    assert "telegram:1" in person.heard()


def test_my_data_are_said_where_files_cannot_be_sent(town: Town) -> None:
    town.limits = TYPING
    person = town.learner()
    assert '"adresse": "telegram:1"' in setting(person, "8")
