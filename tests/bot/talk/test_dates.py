# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is a date or a duration understood as people type it, and nothing taken for one that is none?"""

from __future__ import annotations

from datetime import date

import pytest

from bot.talk import commands, dates
from bot.talk.reception import COMMANDS

TUESDAY = date(2026, 12, 1)

READ = {
    date(2026, 12, 2): [
        "jusqu'à demain",
        "until tomorrow",
        "aujourd'hui",
        "pour la journée",
        "1 jour",
        "a day",
    ],
    date(2026, 12, 3): [
        "jusqu’à après-demain",
        "2 days",
        "2j",
        "jusqu'au deux inclus",
        "until tomorrow night",
    ],
    date(2026, 12, 5): [
        "jusqu'au week-end",
        "jusqu'à vendredi soir",
        "jusqu'à vendredi 14 h 30",
        "until Friday noon",
    ],
    date(2026, 12, 4): ["pendant 3 jours", "trois jours svp", "jusqu'à vendredi", "until Friday, please"],
    date(2026, 12, 7): [
        *("jusqu'à lundi", "jusqu’à lundi prochain", "until next Monday", "jusqu'à la semaine prochaine"),
        *("until next week", "jusqu'à la fin de la semaine", "jusqu'au 7", "jusqu'à lundi qui vient"),
        *(
            "jusqu'à lundi matin",
            "jusqu'à lundi 9h30",
            "until Monday at 9 am",
            "cette semaine",
            "je reviens lundi",
        ),
    ],
    date(2026, 12, 8): ["une semaine", "Jusqu'à mardi", "7 jours", "encore une semaine, merci", "for a week"],
    date(2026, 12, 15): [
        *("deux semaines", "les deux prochaines semaines", "the next two weeks", "une quinzaine", "2 sem"),
        *("pendant une quinzaine de jours", "until mid-December", "jusqu'à la mi-décembre", "for 14 days"),
        *("2sem", "2 sem.", "14jrs", "14 d", "en congés deux semaines"),
    ],
    date(2026, 12, 14): ["jusqu'à la semaine prochaine incluse", "jusqu'à la fin de la semaine prochaine"],
    date(2026, 12, 22): ["vingt et un jours", "three weeks", "21 jours"],
    date(2027, 1, 1): [
        *("jusqu'à début janvier", "jusqu'au mois de janvier", "jusqu'au 31 décembre minuit"),
        *("jusqu'au premier janvier", "ce mois-ci", "until the first of January"),
        *("un mois", "jusqu'en janvier", "jusqu'à la fin du mois", "jusqu'au mois prochain", "until January"),
        *(
            "jusqu'à fin décembre",
            "until the end of the month",
            "jusqu'à l'année prochaine",
            "jusqu'au 1er janvier",
        ),
    ],
    date(2027, 1, 5): [
        *(
            "jusqu'au 5 janvier",
            "jusqu’au 5 janvier 2027",
            "JUSQU'AU MARDI 5 JANVIER",
            "until 5 January",
            "5/1",
        ),
        *(
            "until January 5th",
            "until the 5th of January 2027",
            "05/01/2027",
            "5.1.27",
            "2027-01-05",
            "jusqu'au 5 janv.",
        ),
    ],
    date(2027, 3, 1): ["3 mois", "three months", "jusqu'au 1er mars", "jusqu'à la fin février"],
    date(2027, 12, 1): ["un an", "d'un an", "1 an", "une année", "a year", "for one year", "12 mois"],
    date(2028, 12, 1): ["2 ans", "deux années", "two years"],
    date(2028, 2, 29): ["jusqu'au 29 février"],
    date(2025, 1, 5): ["jusqu'au 5 janvier 2025"],
}


def test_dates_and_durations_are_read_as_they_are_typed(subtests: pytest.Subtests) -> None:
    for day, texts in READ.items():
        for text in texts:
            with subtests.test(text=text):
                assert dates.until_of(text, TUESDAY) == day


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "5",
            "deux",
            "lundi",
            "janvier",
            "jusqu'à la rentrée",
            "pendant les vacances",
            "jusqu'au 31/02",
        ),
        *(
            "jusqu'au 32 janvier",
            "0 jours",
            "1000 semaines",
            "deux bananes",
            "jusqu'à ce que je dise",
            "un mois et demi",
        ),
        *(
            "je pars 5 janvier",
            "en vacances",
            "2s",
            "depuis deux semaines",
            "le 5 janvier",
            "5j5",
            "jusqu'à 9 h",
        ),
        *("jusqu'au 5 janvier 99999", "x" * 5000, "jusqu'au " + "1" * 400),
    ],
)
def test_a_text_without_a_date_gives_none(text: str) -> None:
    assert dates.until_of(text, TUESDAY) is None


def test_the_last_day_of_a_month_has_no_twin_in_a_shorter_one() -> None:
    assert dates.until_of("un mois", date(2027, 1, 31)) == date(2027, 2, 28)
    assert dates.until_of("jusqu'au 31", date(2027, 4, 2)) == date(2027, 5, 31)
    assert dates.until_of("deux mois", date(2026, 12, 31)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "pause jusqu'au 5 janvier",
            "Pause deux semaines",
            "pause 3 jours svp",
            "pause until 5 January",
            "pause, 10 jours",
        ),
        *(
            "je voudrais faire une pause de deux semaines",
            "mettez les leçons en pause jusqu’à lundi",
            "pause for a week",
        ),
        *(
            "pouvez-vous mettre le cours en pause jusqu'au 12/01 ?",
            "en pause une semaine",
            "I'd like to take a break until Monday",
        ),
        *(
            "pause jusqu'à la rentrée",
            "pause pendant les vacances",
            "/pause 2 semaines",
            "!pause jusqu'en mars",
        ),
    ],
)
def test_a_request_to_pause_may_say_until_when(text: str) -> None:
    assert commands.command_of(text, COMMANDS.keys(), ()) == "pause"


@pytest.mark.parametrize(
    "text",
    [
        *("après la pause de midi", "la pause dure 15 minutes", "pas de pause jusqu'à vendredi"),
        *(
            "ne faites pas de pause pendant deux semaines",
            "deux semaines",
            "jusqu'à lundi",
            "break the rules until Monday",
        ),
    ],
)
def test_a_sentence_about_a_pause_is_no_request(text: str) -> None:
    assert commands.command_of(text, COMMANDS.keys(), ()) == ""


@pytest.mark.timeout(20)  # it takes milliseconds; what reads each beginning anew takes hours
@pytest.mark.parametrize("word", [" for", " pour", " until", " til", " jusqu'au 5"])
def test_many_beginnings_of_a_date_are_read_once_each(word: str) -> None:
    assert commands.command_of(("une pause x" + word * 40)[:160], COMMANDS.keys(), ()) == ""
