# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is a request to pause or to resume heard with its end, and is a text that only speaks of a pause left alone?"""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest

from bot.messages import Kind
from bot.talk import commands, pausing
from bot.talk.topics import COMMANDS
from tests.bot.builders import Person, Town, lesson, setting
from tests.lessons import builders as lessons

TODAY = date(2026, 11, 23)
"""A Monday."""
LONG = (
    "Pause jusqu'au 5 janvier, car je suis en congé de maternité et que mon poste sera tenu par une collègue que je "
    "préviens dès aujourd'hui, avec tous mes remerciements pour ces leçons que je trouve bien faites. Jean Dupont"
)
HOW = "Pour une pause, écrivez par exemple"
FORMAT = "Je n’ai pas reconnu de réponse."


def asked(text: str) -> str:
    """The command that a text is, or has in it when it means nothing else."""
    return commands.command_of(text, COMMANDS.keys(), ()) or commands.nearly(text, COMMANDS.keys())


def standing(person: Person) -> tuple[str, str]:
    """The state of somebody, and why they are paused, or until when."""
    until, reason = person.enrolment.until, person.learner.pause_reason
    return person.state, until.isoformat() if reason == "until" and until is not None else reason


# --- the request and its end

ENDS = {
    date(2026, 12, 5): ["pause until Dec. 5", "Pause jusqu'au 5 déc. Merci", "pause jusqu'au 5 (décembre)"],
    date(2027, 1, 15): [
        "pause until Jan. 15",
        "Pause until Jan. 15, 2027",
        "pause until Friday, January 15, 2027",
    ],
    date(2027, 9, 3): ["Please pause until Sept. 3. Thanks", "pause jusqu'au 3 sept. 2027, Jean"],
    date(2027, 12, 1): ["pause jusqu'au 1er déc. 2027"],
    date(2026, 9, 20): ["pause jusqu'au 20 sept. 2026"],
    date(2027, 1, 6): [
        *("pause jusqu'au 5 janv. inclus", "pause jusqu'au 5 janvier (inclus)", "pause through January 5"),
        "Merci de mettre en pause jusqu'au 5 janvier compris, Jean",
    ],
    date(2027, 1, 4): [
        *("Pause… jusqu'au 4 janvier", "Pause.\nRetour le 4 janvier", "Please pause. Until 4 January."),
        "Bonjour,\nPause svp\njusqu'au 4 janvier\nMerci",
    ],
    date(2027, 1, 5): [
        *("pause\njusqu'au 5 janvier", "pause... jusqu'au 5 janvier", "Pause. Je reviens le 5 janvier."),
        *("pause jusqu'au 5. janvier", "pause until 5. January", "pause -> 5 janvier", "pause = 5 janvier"),
        *(
            "Please pause. I'm on leave until 5 January.",
            "Mettez-moi en pause svp, je reprendrai le 5 janvier",
        ),
        *(
            "pause jusqu'au 5 janvier, Jean",
            "pause jusqu'au 5 janvier - Jean Dupont",
            "pause jusqu'au 5 janvier Jean Dupont",
        ),
        *("pause jusqu'au 5 janvier, je suis en congé", "pause jusqu'au 5 janvier car congés"),
        *(
            "pause jusqu'au 5 janvier pour congés",
            "pause jusqu'au 5 janvier à 9h",
            "pause jusqu'au 5 janvier minimum",
        ),
        *("pause jusqu'au 5 janvier prochain", "pause jusqu'au 05-01-2027", "pause jusquau 5 janvier"),
        *(
            "pause jusqu’ au 5 janvier",
            "pause jusqu'à mon retour le 5 janvier",
            "pause jusqu'au 5 janvier environ",
        ),
        *(
            "je prends une pause jusqu'au 5 janvier",
            "suspendre jusqu'au 5 janvier",
            "stop jusqu'au 5 janvier",
        ),
        *(
            "Bonjour Madame, je souhaite faire une pause jusqu'au 5 janvier.",
            "je me mets en pause jusqu'au 5 janvier",
        ),
        *("ne m'envoyez plus rien jusqu'au 5 janvier", "stop sending me lessons until January 5"),
        *(
            "Je souhaiterais suspendre les leçons jusqu'au 5 janvier",
            "pause to January 5",
            "pause till Jan. 5th",
        ),
        LONG,
        "pause jusqu'au 5 janvier" + " " * 700,
    ],
    date(2026, 12, 7): [
        *(
            "Pause\n2 semaines\nMerci",
            "pause; 2 semaines",
            "Pause ! Deux semaines.",
            "pause jusqu'à 2 semaines",
        ),
        *(
            "pause jusqu'au lundi 7",
            "pause jusqu'à lundi 7 décembre 2026",
            "ne m'envoyez rien pendant deux semaines",
        ),
        *(
            "I need a break for 2 weeks",
            "je voudrais une pause de deux semaines",
            "stop pendant deux semaines",
        ),
        "Puis-je faire une pause de 2 semaines ?",
    ],
    date(2026, 11, 30): [
        *("Pause, je reviens lundi", "pause jusqu'à lundi 30/11", "Je ne suis pas là. Pause jusqu'à lundi."),
        *("Je ne suis pas là, pause jusqu'à lundi", "Pas de quiz. Pause jusqu'à lundi.", "stop until Monday"),
        *(
            "put the lessons on hold until Monday",
            "Please pause me until Monday",
            "can we pause until Monday?",
        ),
        *("une pause jusqu'à lundi svp", "plus de messages jusqu'à lundi", "a break until Monday"),
    ],
    date(2026, 11, 26): [
        "une pause de 3 jours",
        "j'ai besoin d'une pause de 3 jours",
        "ma pause de 3 jours, merci",
    ],
    date(2027, 1, 1): [
        "pause jusqu'en janvier 2027",
        "pause until January 2027",
        "pause jusqu'à fin d'année",
        "pause until 2027",
    ],
    date(2026, 11, 28): ["pause jusqu'à vendredi inclus", "pause thru Friday"],
    TODAY: ["pause jusqu'au 23 novembre", "pause jusqu'à aujourd'hui", "pause jusqu'au 23/11/2026"],
}


def test_the_end_of_a_pause_is_read_wherever_it_stands(subtests: pytest.Subtests) -> None:
    for day, texts in ENDS.items():
        for text in texts:
            with subtests.test(text=text[:60]):
                assert (asked(text), pausing.end_of(text, TODAY)) == ("pause", day)


def test_plain_words_ask_for_a_pause(subtests: pytest.Subtests) -> None:
    for text in (
        *(
            "I want to pause",
            "I'd like to pause",
            "can you pause?",
            "pause me",
            "put me on pause",
            "I need a break",
        ),
        *(
            "je fais une pause",
            "je prends une pause",
            "je me mets en pause",
            "besoin d'une pause",
            "il me faut une pause",
            "il nous faudrait une petite pause",
            "pause maintenant",
        ),
        *(
            "Pause, je n'ai pas le temps en ce moment",
            "Pause svp. Je ne suis pas au bureau.",
            "je voudrais une pause",
        ),
        *("Merci de mettre en pause. Ne me désinscrivez pas !", "Pause please, I don't have time now."),
        *(
            "Pause\nJean Dupont, mairie de X",
            "pause\n" + "Ce message est confidentiel. " * 40,
            "Pause (congés)",
        ),
        *(
            "Mettez en pause svp. Je n'ai pas le temps.",
            "J'aimerais une petite pause",
            "Pause svp, merci. A. Martin",
        ),
    ):
        with subtests.test(text=text[:60]):
            assert (asked(text), pausing.names_time(text), pausing.wonders(text)) == ("pause", False, False)


def test_a_reason_asks_for_a_pause_and_doubt_for_none(subtests: pytest.Subtests) -> None:
    texts = {
        "pause": (
            *(
                "pause, pas le temps",
                "Pause ! Pas le temps",
                "Pause deux semaines, pas plus",
                "Pause\nj. dupont",
            ),
            *("Je suis débordé, pause svp", "Je suis malade, pause", "Je n'ai pas le temps, pause svp"),
            *(
                "Bonjour Madame, pause svp",
                "Pause ; je reprendrai plus tard",
                "Pause jusqu'à lundi, pas avant",
            ),
            "/stop 2 semaines",
        ),
        "": (
            *("« pause deux semaines », ça fait quoi ?", "pause deux semaines, ça marche comment ?"),
            *("Pause, on vérifie le texte avant", "Pause : je relis le texte", "Pause. Puis je relis."),
            *("Faire une pause. Relire.", "PAUSE. LA MACHINE ATTEND.", "Mon chef m'a dit : mettez en pause"),
            *("je reprendrai", "i'll resume", "Le résumé", "un résumé svp", "pause, pas la peine"),
            *("mon nom\nmes données\nma photo", "Nom, adresse. Mes données.", "résumer\naider\ntraduire"),
            *("aide, conseil", "help, advice"),
        ),
    }
    for command, said in texts.items():
        for text in said:
            with subtests.test(text=text):
                assert asked(text) == command
    assert asked("Bonjour, merci de me désinscrire. " + "Ce message est confidentiel. " * 40) == "stop"


def test_a_text_about_a_pause_asks_for_none(subtests: pytest.Subtests) -> None:
    for text in (
        *("Il faut faire une pause jusqu'à l'avis du DPO", "Il faut mettre en pause jusqu'à la décision"),
        *(
            "Mettre en pause jusqu'à validation",
            "Mettre en pause pour vérifier",
            "Pause pour relire",
            "pause for thought",
        ),
        *(
            "On peut mettre en pause jusqu'à lundi",
            "Pause. La machine attend.",
            "mettre en pause, prévenir le DPO",
        ),
        *(
            "Comment faire une pause ?",
            "Peut-on faire une pause ?",
            "how do I take a break?",
            "pause et réflexion",
        ),
        *("pause lundi", "pause demain", "pause à partir de demain", "pause du 20 décembre au 5 janvier"),
        *(
            "Il a écrit : « pause jusqu'au 5 janvier »",
            "pause, virgule, point",
            "Pause – respirez",
            "arrêter la pause déjeuner",
        ),
        *(
            "mettre en pause le chatbot jusqu'à lundi",
            "L'outil est en pause pour deux semaines",
            "Mettre en pause 3 outils",
        ),
        *(
            "Je suis en congé jusqu'au 5 janvier",
            "Une pause jusqu'à l'avis du DPO",
            "on fait une pause ?",
            "pause café",
        ),
        *(
            "> pause\nmerci",
            "Pause. Non merci",
            "Pause ? Non, je continue",
            "pause jusqu'au bout",
            "pause the project until Monday",
        ),
        *(
            "Stop pour vérifier",
            "Il faut arrêter jusqu'à lundi",
            "le stop dure deux semaines",
            "Pause jusqu'à 3 validations",
        ),
    ):
        with subtests.test(text=text):
            assert asked(text) not in ("pause", "reprendre")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "pause a, " * 450,
            "pause jusqu'au 5 " * 240,
            "stop 5, " * 500,
            "reprendre\n5 " * 330,
            "mes données, " * 300,
        ),
        *(
            "pause " * 670,
            "5 jours " * 500,
            "pause" + ", 5" * 1300,
            "a." * 2000,
            "- " * 2000,
            "«" * 4000,
            "pause, non " * 370,
        ),
        *(
            "jusqu'au " * 440,
            "pause pour " * 360,
            "1,2" * 1300,
            "je suis en congé jusqu'au 5 " * 145,
            "." * 4000,
        ),
        *("pause\n" * 10 + "sos\n" * 180, "pause\n" * 119, "pause 5\n" * 70, "pause\n" * 10 + "j\n" * 540),
    ],
)
def test_hostile_texts_are_read_fast(text: str) -> None:
    began = time.process_time()
    asked(text)
    pausing.end_of(text, TODAY)
    pausing.names_time(text)
    pausing.wonders(text)
    pausing.in_pause(text)
    assert time.process_time() - began < 1  # 0.1 s where nothing else runs


@pytest.mark.parametrize("item", ["heure", "jours", "fuseau"])
def test_a_long_text_where_a_setting_is_asked_for_is_read_fast(town: Town, item: str) -> None:
    for place, text in enumerate(
        (
            "ﷺ" * 4000,
            "lundi\n" + ("ﷺ" * 55 + "\n") * 70,
            "pause\n" * 10 + "sos\n" * 180,
            "lundi\n" + "a\nb\nc\n" * 600,
        )
    ):
        person = town.learner(f"{place}")
        setting(person, item)
        began = time.process_time()
        person.types(text)
        assert time.process_time() - began < 0.5  # 0.05 s where nothing else runs


# --- what is answered


def test_an_end_that_is_not_read_is_told_and_its_correction_is_read(town: Town) -> None:
    for place, (said, heard) in enumerate(
        {
            "pause jusqu'au 5 javier": "pas compris laquelle",
            "pause jusqu'au 5 janvier 2020": "est passé",
            "pause 400 jours": "jusqu’à un an",
            "Mettez-moi en pause. Du 20/12 au 4/1.": "je ne sais pas commencer plus tard",
            "Bonjour,\nJe serai absente du 20/12 au 04/01.\nMerci de mettre le cours en pause.": "commencer plus tard",
            "/pause lundi": "je ne sais pas commencer plus tard",
            "/pause 2h": "pas compris laquelle",
            "Pause deux semaines, du 20 décembre au 3 janvier": "je ne sais pas commencer plus tard",
            "Pause deux semaines (à partir du 20 décembre)": "je ne sais pas commencer plus tard",
            "Pause deux semaines, dès lundi": "je ne sais pas commencer plus tard",
            "pause 20/12 - 5/1": "pas compris laquelle",
            "Pause jusqu'au 5 janvier, à partir du 20 décembre": "pas compris laquelle",
            "Pause, une semaine, en février": "pas compris laquelle",
        }.items()
    ):
        person = town.learner(f"{place}")
        assert heard in person.does(kind=Kind.TEXT, text=said, message="m1"), said
        assert standing(person) == ("paused", "asked")
        corrected = person.does(kind=Kind.TEXT, text="pause jusqu'au 5 janvier", message="m1", corrects=True)
        assert (
            "jusqu’au mardi 5 janvier 2027. La prochaine leçon arrive mardi 5 janvier 2027 à 08:30"
            in corrected
        )


def test_a_pause_with_an_end_keeps_it_until_another_one_is_read(town: Town) -> None:
    person = town.learner()
    person.types("pause jusqu'au 5 janvier")
    for said in (
        "Pause ?",
        "en pause ?",
        "pause jusqu'à quand ?",
        "pause until when?",
        "suis-je en pause ?",
        "/pause ?",
    ):
        assert person.types(said).startswith("Les leçons sont en pause jusqu’au mardi 5 janvier 2027"), said
    for said in (
        "pause jusqu'au 31/02",
        "pause jusqu'à la rentrée",
        "pause 400 jours",
        "pause jusqu'au 1er mars 2020",
    ):
        heard = person.types(said)
        assert "rien n’a changé" in heard
        assert "jusqu’au mardi 5 janvier 2027" in heard, said
    for said in ("bof", "je ne sais pas", "Bonjour"):
        assert "en pause jusqu’au mardi 5 janvier 2027" in person.types(said), said
    person.types("stop")
    assert person.types("continuer").startswith("Les leçons sont en pause jusqu’au mardi 5 janvier 2027")
    assert standing(person) == ("paused", "2027-01-05")


@pytest.mark.parametrize(
    "said", ["pause jusqu'au 23 novembre", "pause jusqu'au 23 novembre 2026", "pause until today"]
)
def test_today_is_no_end_and_the_learner_is_asked_for_another(town: Town, said: str) -> None:
    person = town.learner()
    assert "c’est aujourd’hui" in person.types(said)
    assert person.state == "active"


def test_a_day_of_the_week_that_is_not_that_of_the_date_is_said(town: Town) -> None:
    person = town.learner()
    assert person.types("pause jusqu'au lundi 5 janvier").startswith("Ce jour est un mardi. ")
    assert person.types("pause jusqu'au lundi 5 janvier inclus").startswith("Ce jour est un mardi. ")
    assert person.types("pause jusqu'au mardi 5 janvier").startswith("C’est en pause")
    assert person.types("pause jusqu'à vendredi 18 h").startswith("C’est en pause")


def test_while_lessons_are_paused_plain_words_move_or_end_the_pause(town: Town) -> None:
    for place, (said, until) in enumerate(
        {
            "je reprends lundi": "2026-11-30",
            "/reprendre lundi": "2026-11-30",
            "Reprendre ; lundi": "2026-11-30",
            "Reprendre\nle 5 janvier": "2027-01-05",
            "Reprendre. En janvier.": "2027-01-01",
            "Reprendre… en janvier": "2027-01-01",
            "jusqu'au 10 janvier": "2027-01-10",
            "plutôt jusqu'au 10 janvier": "2027-01-10",
            "prolonger jusqu'au 10 janvier": "2027-01-10",
            "encore 2 semaines": "2026-12-21",
            "pause une semaine de plus": "2026-12-14",
            "annuler la pause": "",
            "fin de la pause": "",
            "I'm back": "",
            "de retour": "",
            "continuer": "",
            "Reprendre. Je n'étais pas là.": "",
            "Reprendre, pas maintenant": "2026-12-07",
            "Reprendre ?": "2026-12-07",
            "Comment reprendre ?": "2026-12-07",
            "Résumé ?": "2026-12-07",
            "Le résumé": "2026-12-07",
            "je reprendrai": "2026-12-07",
            "/pause off": "2026-12-07",
            "je reprends cette semaine": "",
            "reprendre aujourd'hui": "",
            "resume today": "",
            "reprendre à la rentrée": "2026-12-07",
        }.items()
    ):
        person = town.learner(f"{place}")
        person.types("pause deux semaines")
        person.types(said)
        assert standing(person) == (("paused", until) if until else ("active", "")), said


def test_who_seemed_gone_and_asks_for_a_pause_in_a_sentence_is_paused(town: Town) -> None:
    person = town.learner()
    person.does(kind=Kind.LEFT)
    assert "C’est en pause" in person.types("Pause svp, je n'ai pas le temps")
    assert standing(person) == ("paused", "asked")


def test_a_pause_and_then_its_end_are_two_requests(town: Town) -> None:
    person = town.learner()
    person.undelivered("pause", "pause\njusqu'à lundi")
    assert standing(person) == ("paused", "2026-11-30")


def test_a_word_about_a_pause_that_means_nothing_here_is_answered_with_how_to_ask(town: Town) -> None:
    texts = (
        "pause du 20 décembre au 5 janvier",
        "Je suis en congé jusqu'au 5 janvier",
        "Comment faire une pause ?",
    )
    for item in ("", "heure", "jours", "fuseau", "calme"):
        person = town.learner(item or "nothing")
        for said in texts:
            if item:
                setting(person, item)
            assert HOW in person.types(said), (item, said)
            assert person.state == "active"
    person = town.learner("free")
    while person.waits:
        person.types(person.right())
    assert HOW in person.types("let's have a break")
    assert HOW not in person.types("bof")


def test_help_says_that_a_pause_may_end(town: Town) -> None:
    assert "pause jusqu’à lundi" in town.learner().types("aide")


# --- other requests in a text


@pytest.mark.parametrize(
    "said",
    [
        *("Elle collecte mon nom, mes données, mon adresse", "Ne collez jamais : nom, adresse, mes données"),
        *("it uses my name, my data, my photos", "L'IA résume, aide, traduit", "mes données, mes photos"),
        "Il faut anonymiser, supprimer mes données, puis chiffrer",
    ],
)
def test_a_list_asks_for_nothing(said: str) -> None:
    assert asked(said) == ""


def test_the_first_line_of_a_long_text_counts() -> None:
    for said, command in {
        "stop": "stop",
        "Bonjour,\nje souhaite me désinscrire": "stop",
        "aide !": "aide",
    }.items():
        assert asked(f"{said}\n-- \nJean Dupont\n" + "Ce message est confidentiel. " * 60) == command
        assert asked(said + " " * 700) == command


@pytest.mark.parametrize("several", [False, True])
def test_a_choice_typed_word_for_word_is_the_answer(town: Town, several: bool) -> None:
    choices = [
        "Mettre en pause jusqu'à l'avis du DPO",
        "Prendre une pause jusqu'à lundi",
        "Pause deux semaines",
        "La pause",
    ]
    made = [lessons.choice(text, correct=place < 2) for place, text in enumerate(choices)]
    made = (
        made if several else [lessons.choice(text, correct=not place) for place, text in enumerate(choices)]
    )
    asking = (lessons.multiple if several else lessons.single)(id="q7", choices=made)
    town.teach(lesson("projet", questions=[asking, lessons.single()]))
    for said in choices:
        person = town.learner(f"{said}, with its place")
        place = next(at for at, shown in enumerate(person.question.choices, 1) if shown.label == said)
        placed = f"{place}. {said}" if place > 1 else f"{'abcd'[place - 1]}) {said}"
        assert person.types(placed)[0] in "✅❌🟠", placed
        assert person.state == "active"
        person = town.learner(said)
        assert person.types(said)[0] in "✅❌🟠", said
        assert person.state == "active"


@pytest.mark.parametrize(
    ("item", "said", "heard"),
    [
        ("heure", "9h\nJean", "Heure\u00a0: 09:00"),
        ("heure", "9h. Merci. Jean Dupont", "Heure\u00a0: 09:00"),
        ("jours", "Lundi.\nJean", "Jours\u00a0: lundi"),
        ("calme", "22h-6h\nA. Martin", "22:00-06:00"),
        ("calme", "entre midi et deux", "12:00-14:00"),
        ("calme", "non", "Rien n’a changé"),
        ("calme", "rien", "Rien n’a changé"),
        ("heure", "à la pause", "pas reconnu d’heure"),
        ("heure", "9h. 10h", "pas reconnu d’heure"),
        ("heure", "9h\nStop", "Pour ne rien changer"),
        ("fuseau", "en réunion", "pas ce fuseau"),
        ("fuseau", "Paris. Tokyo", "pas ce fuseau"),
        ("fuseau", "Tokyo\nJean", "Asia/Tokyo"),
        *(
            ("jours", said, "pas reconnu de jour")
            for said in (
                *(
                    "TOUS LES JOURS\nSAUF LE LUNDI",
                    "Tous les jours\nSauf Mercredi",
                    "EN SEMAINE. SAUF MERCREDI",
                ),
                "LUNDI\nJEUDI APRES MIDI",
            )
        ),
        *(
            ("heure", said, "pas reconnu d’heure")
            for said in ("9H\nSAUF LE LUNDI", "9h. Lundi", "9H30\nUNIQUEMENT LE MARDI", "9h\nExpliquez")
        ),
    ],
)
def test_a_setting_is_read_as_it_is_written(town: Town, item: str, said: str, heard: str) -> None:
    person = town.learner()
    setting(person, item)
    assert heard in person.types(said)
    assert person.state == "active"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("Oui, merci.", "active"),
        ("Non.", "nobody"),
        *(
            (said, "invited")
            for said in (
                *("Oui. Non", "oui mais demain", "OUI. JE REFUSE TOUT", "OK. JE REFUSE", "D'accord. Refuse"),
                *("OUI\nJE NE SUIS PAS D'ACCORD", "OUI. MAIS JE NE VEUX PAS DE MESSAGES.", "Oui. Expliquez"),
                *(
                    "OUI. A CONDITION QUE CE SOIT ANONYME",
                    "Oui. Attendez",
                    "Oui\nAttendez",
                    "Oui, Jean Dupont",
                ),
                *(
                    "NON\nENFIN SI",
                    "NON. JE PLAISANTE OUI",
                    "non. Si",
                    "Non\nEnfin Si",
                    "Non\nJe Plaisante Oui",
                ),
                *(
                    "Oui ?\nJean Dupont",
                    "Oui\n👎\nJean Dupont",
                    "Oui\nSauf Le Lundi",
                    "Non\nOui\nJean Dupont",
                ),
                "oui\n" + "Jean Dupont\n" * 2,
                "oui" + "\n" * 700 + "Jean Dupont",
                *("oui\nJean Dupont", "Oui, merci.\nCordialement,\nJean DUPONT", "Non.\nA. Martin"),
                *("Oui\nRefus Total", "Yes\nNope Sorry", "Oui\nPeut Être", "Non\nFausse Manip"),
            )
        ),
    ],
)
def test_the_notice_is_answered_by_a_plain_word_and_nothing_more(town: Town, said: str, state: str) -> None:
    person = town.person()
    person.types("bonjour")
    person.types(said)
    assert person.state == state


def test_a_lesson_a_year_away_is_told_with_its_year(town: Town) -> None:
    person = town.learner()
    town.now += timedelta(days=1)
    person.types("pause un an")
    setting(person, "heure")
    assert "mercredi 24 novembre 2027 à 14:00" in person.types("14h")
