# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Can each setting be typed as it is shown, and as people say it?"""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from unicodedata import combining, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Limits
from bot.talk import courtesy, greetings, hours, places, preferences
from bot.talk.reception import command_of
from bot.wording import LANGUAGES, words_of
from config.schedule import Schedule
from lessons import grading
from tests.bot.builders import BUTTONS, TYPING, Person, Town, schedule, setting

WARM = "Avec plaisir\u00a0!"
ROLES = "agent ou agente, élu ou élue, ambassadeur ou ambassadrice de l’IA"


# --- settings read what they show


def test_each_value_that_the_settings_show_can_be_typed_back(
    sqlite_town: Town, subtests: pytest.Subtests
) -> None:
    person = sqlite_town.learner()
    person.types("reglages")
    for item, label in enumerate([choice.label for choice in person.question.choices][:7], 1):
        value = label.partition("\u00a0: ")[2]
        with subtests.test(item=item, value=value):
            for shown in (label, value):
                assert "C’est noté" in setting(person, str(item), shown)
            assert schedule(person) == Schedule()
            for choice in asked_for(person, item):
                assert "C’est noté" in setting(person, str(item), choice), choice
                setting(person, str(item), value)
            setting(person, "4", "France")


def asked_for(person: Person, item: int) -> list[str]:
    setting(person, str(item))
    if item == 7:
        return ["français"]
    return [choice.label for choice in person.question.choices] if item in (2, 3, 4, 6) else []


def written(place: int, label: str) -> list[str]:
    """Ways in which people type a line of a list."""
    return [
        f"{place}. {label}",
        f"{place}\ufe0f\u20e3 {label}",
        f"👉 {label} svp",
        f"« {label.upper()} »",
        f"Bonjour, {label}",
        "".join(letter for letter in normalize("NFKD", label) if not combining(letter)),
        label.replace("\u00a0:", " -"),
        label.partition("\u00a0: ")[0],
    ]


def test_a_setting_can_be_chosen_by_typing_its_line(sqlite_town: Town, subtests: pytest.Subtests) -> None:
    person = sqlite_town.learner()
    person.types("reglages")
    labels = [choice.label for choice in person.question.choices]
    for place, label in enumerate(labels, 1):
        expected = setting(person, str(place))
        for said in written(place, label):
            with subtests.test(said=said):
                heard = setting(person, said)
                assert heard.partition("(")[0] == expected.partition("(")[0]


@pytest.mark.parametrize("limits", [BUTTONS, TYPING], ids=["buttons", "typing"])
def test_the_list_of_settings_can_be_answered_by_typing_after_a_change(town: Town, limits: Limits) -> None:
    town.limits = limits
    person = town.learner()
    assert "heure, jours, fuseau, fériés, calme, rôle, langue, données, rythme" in setting(person, "bof")
    assert "08:30" in person.types("1")
    assert "annuler" in person.types("tôt")
    assert "C’est noté" in person.types("9h")
    assert person.types("super, merci") == WARM
    assert person.types("ok") == WARM
    assert "Quel est votre rôle" in person.types("rôle")
    assert ROLES in person.types("bof")
    assert "parcours des élus" in person.types("2")
    assert "Quels jours" in person.types("2")
    for given_up in ("annuler", "rien", "ne change rien", "retour", "laissez"):
        assert setting(person, "1", given_up) == "C’est annulé. Rien n’a changé."
    assert "langue" in person.types("changer de langue")
    assert person.types("non") == "C’est annulé. Rien n’a changé."
    assert person.waits
    assert (schedule(person).time.hour, person.learner.role, len(schedule(person).days)) == (9, "elu", 5)
    person.types("quiz")
    assert "Quels jours" not in person.types("2")


@pytest.mark.parametrize("item", ["1", "2", "3", "5"])
def test_a_greeting_is_not_refused_as_the_value_of_a_setting(town: Town, item: str) -> None:
    person = town.learner()
    asked = setting(person, item)
    for greeting in ("Bonjour", "Bonjour IAventure, comment allez-vous ?", "hello 👋"):
        heard = person.types(greeting)
        assert heard.startswith(f"Bonjour\u00a0! {asked.splitlines()[0]}")
        assert "aide." in heard
    values = {"1": "Bonjour, 9h", "2": "Bonjour, lundi", "3": "bonjour, Bruxelles", "5": "bonjour : aucune"}
    assert "C’est noté" in person.types(values[item])


DAYS = {
    "du lundi au vendredi": ("mon", "tue", "wed", "thu", "fri"),
    "lundi-vendredi": ("mon", "tue", "wed", "thu", "fri"),
    "1-5": ("mon", "tue", "wed", "thu", "fri"),
    "lundi au jeudi": ("mon", "tue", "wed", "thu"),
    "lun mer ven": ("mon", "wed", "fri"),
    "Lundi, mercredi et vendredi": ("mon", "wed", "fri"),
    "les lundis et les jeudis": ("mon", "thu"),
    "du lundi au mercredi et vendredi": ("mon", "tue", "wed", "fri"),
    "tous les jours": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    "en semaine": ("mon", "tue", "wed", "thu", "fri"),
    "samedi à lundi": ("mon", "sat", "sun"),
    "lundi ➡️ mercredi": ("mon", "tue", "wed"),
    "lun. / mer. / ven.": ("mon", "wed", "fri"),
    "Lun Mer": ("mon", "wed"),
    "le week-end": ("sat", "sun"),
    "du mardi au jeudi svp": ("tue", "wed", "thu"),
    "MARDI !": ("tue",),
    "du lun. au ven.": ("mon", "tue", "wed", "thu", "fri"),
    "mar. à jeu.": ("tue", "wed", "thu"),
    "de lundi à jeudi": ("mon", "tue", "wed", "thu"),
    "lundi a jeudi": ("mon", "tue", "wed", "thu"),
    "du lundi jusqu’au jeudi inclus": ("mon", "tue", "wed", "thu"),
    "lun.-mer.": ("mon", "tue", "wed"),
    "mar — ven": ("tue", "wed", "thu", "fri"),
    "mardi->jeudi": ("tue", "wed", "thu"),
    "lu-je": ("mon", "tue", "wed", "thu"),
    "Tues. through Thurs.": ("tue", "wed", "thu"),
    "from Mon to Wed": ("mon", "tue", "wed"),
    "ven. à dim.": ("fri", "sat", "sun"),
    "lundi, du mer. au ven.": ("mon", "wed", "thu", "fri"),
    "lun.mar.jeu.": ("mon", "tue", "thu"),
    "chaque mardi et chaque jeudi": ("tue", "thu"),
    "un, deux": ("mon", "tue"),
    "1 à 3": ("mon", "tue", "wed"),
    "mercr. et vendr.": ("wed", "fri"),
    "seulement le lundi": ("mon",),
    "Mon. - Thu.": ("mon", "tue", "wed", "thu"),
    "Mon Tue": ("mon", "tue"),
    "every Monday and Thursday": ("mon", "thu"),
    "tous les lundis et jeudis": ("mon", "thu"),
    "depuis mardi jusqu' à jeudi": ("tue", "wed", "thu"),
    "je préfère du mardi au jeudi (inclus), merci": ("tue", "wed", "thu"),
    "lundi-mardi, jeudi => samedi": ("mon", "tue", "thu", "fri", "sat"),
    "- lundi\n- jeudi": ("mon", "thu"),
    "- lundi-jeudi": ("mon", "tue", "wed", "thu"),
    "lundi\nau mercredi": ("mon", "tue", "wed"),
    "1. lundi\n3. mercredi": ("mon", "wed"),
    "7/7": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    "je préfère le jeudi": ("thu",),
    "plutôt du lundi au mercredi svp": ("mon", "tue", "wed"),
}


def test_days_are_read_as_people_type_them_and_repeated(sqlite_town: Town, subtests: pytest.Subtests) -> None:
    person = sqlite_town.learner()
    for said, days in DAYS.items():
        with subtests.test(said=said):
            heard = setting(person, "2", said)
            assert schedule(person).days == days
            assert heard.startswith("C’est noté. Jours\u00a0: ")
    assert "mardi" in setting(person, "2", "mardi")


DOUBTFUL_DAYS = [
    "lundi à", "à vendredi", "au vendredi", "du lundi", "jusqu’à jeudi", "du mardi, au vendredi", "mardi … vendredi", "1..5",
    "lundi à mercredi à vendredi", "lundi mardi jusqu’à jeudi", "lundi mercredi-vendredi", "entre mardi et jeudi",
    "à partir de mercredi", "lundi ou mardi", "pas lundi", "tous sauf lundi", "Salut tous", "à", "À", "un", "lundi à lundi",
    "deux jours", "lundi 9h", "ma", "L-V", "lundi et", "mardi 2 jeudi", "les deux", "les 5", "5/7", "dès mardi", "mars",
    "- lundi\n- mardi\n- mecredi", "❌ lundi", "lundi ✅ mardi ❌",
]  # fmt: skip


def test_incomplete_or_ambiguous_days_are_asked_again(sqlite_town: Town, subtests: pytest.Subtests) -> None:
    person = sqlite_town.learner()
    for said in DOUBTFUL_DAYS:
        with subtests.test(said=said):
            assert "noté" not in setting(person, "2", said)
            assert schedule(person) == Schedule()


def test_a_refusal_keeps_the_choices(town: Town, subtests: pytest.Subtests) -> None:
    for item, wrong, place, kept in (
        ("3", "Mars/Olympus", "5", "Indian/Reunion"),
        ("2", "quand je peux", "2", "mardi"),
    ):
        with subtests.test(item=item):
            person = town.learner(item)
            setting(person, item)
            choices = person.question.choices
            assert "Je " in person.types(wrong)
            assert [choice.key for choice in person.question.choices] == [choice.key for choice in choices]
            assert kept in person.types(place)


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Bruxelles", "Europe/Brussels"),
        ("heure de Paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ("réunion", "Indian/Reunion"),
        ("Nouvelle Calédonie", "Pacific/Noumea"),
        ("Belgique", "Europe/Brussels"),
        ("new york", "America/New_York"),
        ("Etc/GMT+1", "Etc/GMT+1"),
        ("Fort de France", "America/Martinique"),
        ("à Papeete", "Pacific/Tahiti"),
        ("en métropole", "Europe/Paris"),
    ],
)
def test_a_zone_is_named_by_its_city_or_country(town: Town, said: str, zone: str) -> None:
    person = town.learner()
    assert f"Fuseau horaire\u00a0: {zone}" in setting(person, "3", said)


def test_hours_roles_and_languages_are_read_in_plain_words(town: Town, subtests: pytest.Subtests) -> None:
    person = town.learner()
    for said, hour in (
        ("9 heures", "09:00"),
        ("neuf heures et demie", "09:30"),
        ("à 9h15 svp", "09:15"),
        ("9:30 am", "09:30"),
        ("midi", "12:00"),
        ("18 h", "18:00"),
        ("8h le matin", "08:00"),
        ("8 h du mat", "08:00"),
        ("8:30 in the morning", "08:30"),
        ("3 in the afternoon", "15:00"),
        ("nine thirty", "09:30"),
        ("plutôt 10 heures pile", "10:00"),
        ("je préfère 7 h du soir", "19:00"),
    ):
        with subtests.test(said=said):
            assert setting(person, "1", said).startswith(f"C’est noté. Heure\u00a0: {hour}.")
    for said, quiet in (
        ("de 20 h à 7 h", "20:00-07:00"),
        ("entre 21h et 6h30", "21:00-06:30"),
        ("20h–7h", "20:00-07:00"),
        ("aucune", "aucune"),
    ):
        with subtests.test(said=said):
            assert f"Heures calmes\u00a0: {quiet}." in setting(person, "5", said)
    for said, role in (
        ("agent", "agent"),
        ("élue", "elu"),
        ("Je suis ambassadrice", "ambassadeur"),
        ("je voudrais élu ou élue", "elu"),
        ("agente", "agent"),
    ):
        with subtests.test(said=said):
            setting(person, "6", said)
            assert person.learner.role == role
    for said, language in (("English", "en"), ("français", "fr"), ("en anglais", "en")):
        with subtests.test(said=said):
            setting(person, "7", said)
            assert person.learner.language == language
            assert "heure" not in person.types("hum")  # the earlier list was in the other language


SIGNED = [
    "9h\nJean", "9h\nJean Dupont", "9 h.\nJean DUPONT", "9h\nA. Martin", "9h. Merci. Jean Dupont", "9h. Merci, Jean",
    "9h, merci. Jean", "9 heures svp\nMarie-Claire", "9h\nCordialement,\nJean", "9h\nBien cordialement\nJean Dupont",
    "9h svp\nMerci\nJean Dupont", "9h\n\nClément", "9h\nClément Roy", "9h. Cordialement, Emily", "9 am\nKelly Smith",
    "9h\nAmicalement,\nLéa", "09:00\nJ. Dupont", "9h. Thanks, Tom", "9h\nThank you\nTom Brown", "plutôt 9h\nJean",
]  # fmt: skip
LIMITED = [
    "9h. Temporairement", "9h\nTemporairement", "9h. Merci. Temporairement", "9h\nProvisoirement", "9h. Exceptionnellement",
    "9h\nSeulement", "9h. Uniquement", "9h\nActuellement", "9h\nNormalement", "9h. Éventuellement", "9h\nProvisoire",
    "9h. À Confirmer", "9h\nÀ Voir", "9h\nÀ Tester", "9h. Sous Réserve", "9h\nDemain", "9h. Demain Seulement", "9h\nParfois",
    "9h. Souvent", "9h\nDésormais", "9h\nTest", "9h\nEn Janvier", "9h. Lundi", "9h\nSauf Mercredi", "9h. Hormis Vendredi",
    "9h\nTélétravail", "9h\nSemaine Prochaine", "9h. Jean", "9h. Jean Dupont", "9h. Pour Voir", "9h\nMaximum",
    "9 am. Temporarily", "9 am\nOnly", "9 am\nUsually", "9 am. Maybe", "9 am\nSometimes", "9 am\nTomorrow Only",
    "9 am\nProvisionally", "9 am. Until June", "9 am\nFrom Monday", "9 am\nMostly", "9 am\nTbc",
    # questions and quotations
    "9h ?\nJean Dupont", "C'est 9h ?\nJean", "9h, c'est possible ?", "« 9h »\nJean Dupont", "Il a dit « 9h ». Jean",
    "Mon chef m'a dit : 9h\nJean", "> 9h\nJean", "9h\nVraiment ?", "9 am?\nTom Brown", "He said \"9 am\"\nTom",
]  # fmt: skip


def test_an_hour_may_be_signed_and_what_limits_or_questions_it_is_no_signature(
    sqlite_town: Town, subtests: pytest.Subtests
) -> None:
    person = sqlite_town.learner()
    for said in LIMITED:
        with subtests.test(limited=said):
            assert "C’est noté" not in setting(person, "1", said)
            assert schedule(person) == Schedule()
    for said in SIGNED:
        with subtests.test(signed=said):
            assert setting(person, "1", said).startswith("C’est noté. Heure\u00a0: 09:00.")


@given(st.decimals(-(10**9), 10**9, places=3) | st.integers(-(10**6), 10**6).map(Decimal))
def test_a_number_that_is_shown_to_be_told_apart_is_read_in_one_way(number: Decimal) -> None:
    for language in LANGUAGES:
        shown = words_of(language).sole_number(number)
        assert grading.read_numbers(shown) == (number,), shown
        assert number in grading.read_numbers(
            words_of(language).number(number) + "\u00a0€ HT", "€ hors taxes"
        )


def test_every_hour_and_every_zone_that_can_be_shown_is_read_back() -> None:
    for hour, minute in product(range(24), range(0, 60, 7)):
        shown = f"{hour:02}:{minute:02}"
        ways = (
            shown,
            f"{hour}h{minute:02}",
            f"à {hour} h {minute:02}",
            f"{hour} heures {minute:02}",
            shown.replace(":", "."),
        )
        assert {hours.hour_of(way) for way in ways} == {shown}
        assert (
            hours.span_of(f"{shown}-07:00")
            == hours.span_of(f"de {hour} h {minute:02} à 7 h")
            == f"{shown}-07:00"
        )
    for zone in preferences.ZONES:
        for language in LANGUAGES:
            label = words_of(language).plain(f"zone.{zone}")
            assert places.zone_of(zone) == places.zone_of(zone.lower().replace("_", " ")) == zone
            assert places.zone_of(label) in (zone, None), label


@pytest.mark.parametrize(
    "said",
    ["x" * 4096, "1 " * 2000, "de " * 1300, "h" * 4096, "9h" * 2000, "à" * 4096, "-" * 4096, "ﷺ" * 60_000],
)
@pytest.mark.timeout(20)  # it takes milliseconds; what backtracks takes hours
def test_the_longest_texts_are_no_setting(said: str) -> None:
    assert (hours.hour_of(said), hours.span_of(said), places.zone_of(said)) == (None, None, None)
    assert greetings.after(words_of("fr"), said) is None
    assert courtesy.of(said) is None
    assert command_of(said, by_admin=True) == ""
