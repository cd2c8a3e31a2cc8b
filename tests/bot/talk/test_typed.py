# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is what people type read as they meant it, and answers a menu only while the menu is what was asked last?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import product
from pathlib import Path
from unicodedata import combining, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from yaml import safe_load

import lessons as lessons_package
from bot.messages import Edit, Event, Kind, Limits, Question
from bot.talk import commands, courtesy, greetings, hours, places, preferences, reception
from bot.talk.reception import command_of
from bot.wording import LANGUAGES, words_of
from config.schedule import Schedule
from lessons import grading
from lessons.grading import Verdict
from storage import courses, tables
from storage.progress import prompts
from tests.bot.builders import BUTTONS, MONDAY, TYPING, Person, Town, lesson
from tests.lessons import builders as lessons

WARM = "Avec plaisir\u00a0!"
FORMAT = "Je n’ai pas reconnu de réponse."
ROLES = "agent ou agente, élu ou élue, ambassadeur ou ambassadrice de l’IA"


def schedule(person: Person) -> Schedule:
    return Schedule.model_validate_json(person.enrolment.schedule)


def setting(person: Person, *words: str) -> str:
    heard = person.types("reglages")
    for word in words:
        heard = person.types(word)
    return heard


# --- leaving in one's own words


LEAVING = [
    "Stop\u00a0!",
    "Stop\u202f!",
    "stop?",
    "Stop, merci",
    "« stop »",
    "ＳＴＯＰ",
    "st\u200bop",
    "stop 🛑",
    "/stop\ufe0f",
    "S'il vous plaît, stop",
    "arrêter",
    "Arrêtez !",
    "ARRETE",
    "Je veux arrêter.",
    "désinscription",
    "Me désinscrire",
    "me désabonner",
    "Je voudrais me désabonner svp",
    "Désinscrivez moi SVP",
    "je me désabonne",
    "Stop les leçons !",
    "Stop stop",
    "unsubscribe",
    "quitter",
    "Quit",
]


def test_people_leave_in_their_own_words(town: Town) -> None:
    for said in ("Stop\u00a0!", "arrêter", "me désabonner"):
        person = town.learner(said)
        assert "Voulez-vous arrêter les leçons" in person.types(said)
        person.presses("a", question=quiz_of(person))
        assert "Voulez-vous arrêter les leçons" in person.types(said)


@given(
    st.sampled_from(
        ["stop", "Stop", "STOP", "arrêter", "Arre\u0302ter", "désinscription", "me désabonner", "unsubscribe"]
    ),
    st.sampled_from(["", "« ", "(", "\u200e", "*", "\ufeff", "s’il vous plaît, ", "Bonjour, "]),
    st.lists(
        st.sampled_from(
            [
                "\u00a0!",
                "\u202f?!",
                "…",
                ".",
                " 🙏🏽",
                "\ufe0f",
                " svp",
                ", merci",
                " »",
                ")",
                "*",
                "\u200b",
                "\n",
            ]
        ),
        max_size=3,
    ).map("".join),
)
def test_leaving_is_heard_through_any_typography(word: str, before: str, after: str) -> None:
    assert command_of(f"{before}{word}{after}", by_admin=False) == "stop"


COMMANDS = {
    "stop": [
        *LEAVING,
        "je souhaite me désinscrire",
        "arrêtez de m’écrire",
        "Merci de ne plus m'écrire.",
        "ne m’envoyez plus rien",
        "m'envoyez plus de leçons svp",
        "Je ne veux plus recevoir de messages",
        "je ne veux pas recevoir vos messages",
        "désabonnez-moi",
        "Pouvez-vous me désinscrire ?",
        "Comment arrêter les leçons ?",
        "je veux quitter le cours",
        "annuler mon inscription",
        "retirez-moi de la liste",
        "ça ne m’intéresse plus",
        "plus aucun message",
        "jveux arreter",
        "je voudrai arrêter",
        "Merci de bien vouloir me retirer de la liste",
        "Je vous prie de bien vouloir cesser ces envois",
        "on s’arrête là",
        "jen ai marre",
        "je ne souhaite pas poursuivre",
        "retirez-moi",
        "I'd like to stop receiving these",
        "j’aimerais que vous cessiez de m’écrire",
        "Merci d’arrêter les envois",
        "je n’ai plus envie de suivre le cours",
        "je ne suis plus intéressée par la formation",
        "peut-on arrêter les messages ?",
        "Bonjour, je souhaite ne plus rien recevoir, merci",
        "please stop",
        "unsubscribe me",
        "stop sending me messages",
        "don't write to me anymore",
        "how do I unsubscribe?",
        "remove me from the list",
        "I no longer want to receive these messages",
        "do not contact me again",
        "I'm not interested anymore",
    ],
    "oublier": [
        "effacer mes données",
        "je veux exercer mon droit à l’oubli",
        "Je souhaite que toutes mes données soient supprimées",
        "supprimez mes données",
        "oubliez-moi",
        "Je veux supprimer mon compte",
        "je souhaite que vous supprimiez mes données",
        "effacez toutes mes données personnelles",
        "droit à l’oubli",
        "je demande la suppression de mes données",
        "supprimez-moi de votre base",
        "delete my data",
        "forget me",
    ],
    "mesdonnees": [
        "mes données",
        "droit d’accès",
        "Montrez-moi mes données personnelles",
        "que savez-vous de moi ?",
        "show me my data",
    ],
    "aide": [
        "aidez-moi",
        "?",
        "??",
        "help me",
        "J’ai besoin d’aide",
        "can you help me?",
        "que puis-je faire ?",
    ],
    "lecon": ["la prochaine leçon", "je voudrais une leçon", "next lesson please"],
    "quiz": ["encore une question", "donnez-moi un quiz"],
    "progression": ["où en suis-je ?", "voir ma progression"],
    "reglages": ["je voudrais changer l’heure", "mes paramètres"],
    "pause": ["je veux faire une pause", "mettez en pause"],
    "reprendre": ["je veux reprendre", "reprendre les leçons"],
}


def test_a_sentence_can_be_a_command(subtests: pytest.Subtests) -> None:
    for command, said in ((command, said) for command, sentences in COMMANDS.items() for said in sentences):
        with subtests.test(said=said):
            assert request_of(said) == command


def request_of(said: str) -> str:
    event = Event("telegram", "e1", "1", MONDAY, text=said, command=command_of(said, by_admin=False))
    return reception.request_of(event)


NO_COMMANDS = [
    "pas stop",
    "stop ou encore ?",
    "il faut arrêter de coller des noms",
    "fin",
    "pause café",
    "je veux que mes données soient protégées",
    "on ne s’arrête pas",
    "je souhaite poursuivre",
    "je veux en savoir plus",
    "ne pas arrêter",
    "je ne veux pas arrêter",
    "N’arrêtez pas de m’écrire",
    "je ne souhaite pas me désinscrire",
    "ne me désinscrivez pas",
    "please don't stop",
    "I don't want to unsubscribe",
    "je veux arrêter de fumer",
    "faut-il arrêter d’utiliser cet outil ?",
    "je n’ai pas envie d’arrêter",
    "pourquoi arrêter ?",
    "arrêter quoi ?",
    "je veux plus de leçons",
    "more lessons please",
    "don't forget me",
    "j’ai oublié mon mot de passe",
    "n’effacez pas mes données",
    "ne rien effacer",
    "don't delete my data",
    "protéger mes données",
    "supprimer les données personnelles avant d’envoyer",
    "mes données sont-elles protégées ?",
    "j’ai une question",
    "la leçon était bien",
    "que faire si l’IA se trompe ?",
    "ne rien envoyer",
    "je veux",
    "plus tard",
    "rien",
]


def test_a_negated_or_unrelated_sentence_is_not_a_command(
    subtests: pytest.Subtests,
) -> None:
    for said in NO_COMMANDS:
        with subtests.test(said=said):
            assert command_of(said, by_admin=False) in ("", "?")


SIGNED = {
    "stop\nEnvoyé de mon iPhone": "Voulez-vous arrêter",
    "Bonjour,\nje souhaite me désinscrire de ce cours.\nCordialement,\nJean Dupont": "Voulez-vous arrêter",
    "Je pars à la retraite, merci de me désinscrire": "Voulez-vous arrêter",
    "Je n’y comprends rien. Aide !": "Voici ce que vous pouvez écrire",
    "Bonjour, merci de supprimer mes données. A. Martin": "Effacer toutes",
    "STOPP": "Voulez-vous arrêter",
    "désincription": "Voulez-vous arrêter",
    "arretre": "Voulez-vous arrêter",
    "quizz": "Que dire de un",
    "progresion": "Votre progression",
    "les réglage svp": "Vos réglages",
    # A short clause, a reason, another courtesy, a signature on the same line, a misspelling of four letters.
    "Stop, j’ai changé de poste.": "Voulez-vous arrêter",
    "désinscrivez-moi car je pars à la retraite": "Voulez-vous arrêter",
    "stop cdlt": "Voulez-vous arrêter",
    "Stop – Jean Dupont": "Voulez-vous arrêter",
    "stpo": "Voulez-vous arrêter",
    "Bonjour, pouvez-vous me désinscrire ? Bien cordialement, Paul": "Voulez-vous arrêter",
    "Effacez mes données personnelles (RGPD, art. 17). Mme Durand": "Effacer toutes",
    "Je suis toutes les leçons. " * 10 + "Merci de me désinscrire.": "Voulez-vous arrêter",
    # The same request twice, by two names; and to leave, in two ways.
    "Aide ! Help !": "Voici ce que vous pouvez écrire",
    "effacer\nSupprimez mes données": "Effacer toutes",
    "stop\neffacer mes données": "Voulez-vous arrêter",
    # Two requests, one letter off a command that does something or erases, or near nothing.
    "Stop. Aide.": FORMAT,
    "oublié": FORMAT,
    "publier": FORMAT,
    "pauze": FORMAT,
    "vide": FORMAT,
    "Résumé. L’IA aide à écrire": FORMAT,
    "masquer, effacer": FORMAT,
    "> stop\nje n’ai pas écrit cela": FORMAT,
    "startt": FORMAT,
    "Il faut arrêter de coller des noms, je crois. Cordialement": FORMAT,
    "2\nJean Dupont": FORMAT,
}


@pytest.mark.parametrize("said", SIGNED)
def test_a_request_is_heard_beside_a_signature_and_with_one_wrong_letter(town: Town, said: str) -> None:
    person = town.learner()
    assert SIGNED[said] in person.types(said)
    assert person.waits
    assert person.state == "active"


@pytest.mark.parametrize(
    "said",
    [
        "Je pense 2, je dois partir",
        "2. Je dois partir",
        "2, stop",
        "Facile. Assez",
        "B... pause",
        "C’est la 2, stop",
        "www.stop.fr",
    ],
)
def test_an_answer_beside_other_words_opens_no_menu(town: Town, said: str) -> None:
    person = town.learner()
    quiz = person.quiz.id
    assert FORMAT in person.types(said)
    assert (person.state, person.quiz.id) == ("active", quiz)


@pytest.mark.parametrize(
    "said",
    [
        "Oui. On peut arrêter",
        "Pourquoi pas. On peut arrêter",
        "stopp",
        "Arretés",
        "Je lirai plus tard. Je dois partir.",
    ],
)
def test_a_request_among_other_words_or_misspelt_does_not_decline_the_notice(town: Town, said: str) -> None:
    person = town.person()
    person.types("bonjour")
    person.types(said)
    assert person.state == "invited"
    assert "première leçon" in person.types("oui")


@pytest.mark.parametrize("item", ["heure", "jours", "fuseau", "silence", "role"])
@pytest.mark.parametrize(
    "signed", ["{}\nJean Dupont, mairie de X", "Bonjour. {}, merci\nJean, Paris", "{} – J. D."]
)
def test_a_signed_request_is_heard_while_a_setting_waits(town: Town, item: str, signed: str) -> None:
    person = town.learner()
    for request, answer in {
        "stop": "Voulez-vous arrêter",
        "aide": "Voici ce que vous pouvez écrire",
        "effacer mes données": "Effacer toutes",
        "me désinscrire": "Voulez-vous arrêter",
        "pause": "C’est en pause",
    }.items():
        setting(person, item)
        assert answer in person.types(signed.format(request)), request
    assert person.state == "paused"


@pytest.mark.parametrize(
    ("item", "said"),
    [("heure", "9 h, stop"), ("jours", "lundi. Stop"), ("fuseau", "Paris, stop"), ("heure", "9 hures")],
)
def test_a_value_beside_a_request_is_asked_again(town: Town, item: str, said: str) -> None:
    person = town.learner()
    setting(person, item)
    assert "Pour ne rien changer" in person.types(said)
    assert person.state == "active"


def test_an_answer_beside_a_request_brings_back_who_seemed_gone(town: Town) -> None:
    person = town.learner()
    person.does(kind=Kind.LEFT)
    assert FORMAT in person.types("2, stop")
    assert person.state == "active"


def test_a_signed_stop_of_somebody_who_seemed_gone_resumes_nothing(town: Town) -> None:
    person = town.learner()
    person.does(kind=Kind.LEFT)
    person.types("stop\nEnvoyé de mon iPhone")
    assert person.state == "paused"


def test_no_choice_of_a_shipped_question_is_a_command() -> None:
    files = Path(lessons_package.__file__).parent.joinpath("library").glob("**/*.yaml")
    asked = [
        question for file in files for question in safe_load(file.read_text("utf-8")).get("questions", ())
    ]
    labels = [choice["text"] for question in asked for choice in question.get("choices", ())]
    assert len(labels) > 100
    assert [label for label in labels if command_of(str(label), by_admin=True)] == []
    assert [label for label in labels if commands.nearly(str(label), reception.COMMANDS)] == []


def test_asking_how_to_unsubscribe_does_not_decline_the_notice(town: Town) -> None:
    person = town.person()
    person.types("bonjour")
    assert "stop arrête les leçons" in person.types("Comment me désinscrire ?")
    assert person.state == "invited"


def test_the_same_request_in_other_words_is_answered_once(town: Town) -> None:
    person = town.learner()
    for place, said in enumerate(
        (
            ("lecon", "leçon", "la leçon svp", "lesson", "/lecon", "je veux une leçon"),
            ("stop", "arrêter", "Stop !", "je souhaite me désinscrire"),
            ("oublier", "effacer", "forget", "effacer mes données"),
        )
    ):
        before = len(person.shown)
        person.undelivered(*said)
        assert len(person.shown) == before + 1, place


def test_commands_are_read_with_polite_words_around_them() -> None:
    expected = {
        "la leçon svp": "lecon",
        "Bonjour, la leçon s’il vous plaît": "lecon",
        "Ma progression\u00a0?": "progression",
        "les réglages, merci": "reglages",
        "à l’aide": "aide",
        "une pause svp": "pause",
        "« Quiz »": "quiz",
        "PLEASE HELP": "help",
    }
    assert {said: command_of(said, by_admin=False) for said in expected} == expected


def test_leaving_works_in_every_state(town: Town) -> None:
    invited, paused, stopped, erased = (town.person("1"), *(town.learner(at) for at in "234"))
    invited.types("bonjour")
    assert "Je ne vous enverrai rien" in invited.types("Stop\u00a0!")
    assert invited.state == "nobody"
    paused.types("pause")
    assert "Voulez-vous arrêter" in paused.types("désinscription")
    stopped.types("stop")
    stopped.types("arrêter")
    assert "C’est déjà arrêté" in stopped.types("Stop, merci")
    erased.types("stop")
    erased.types("effacer")
    assert "C’est déjà arrêté" in erased.types("arrêter")
    stopped.types("start")
    assert "C’est déjà arrêté" in stopped.types("arrêter")
    stopped.types("oui")
    assert stopped.state == "stopped"


def test_the_format_sentence_names_help(town: Town) -> None:
    person = town.learner()
    assert person.types("bof").endswith("de 1 à 3 (ou écrivez aide)")
    assert "Voici ce que vous pouvez écrire" in person.types("aide !")


# --- menus that end


def test_ok_hours_after_an_ignored_stop_stops_nothing(town: Town, subtests: pytest.Subtests) -> None:
    for said, later in product(["ok", "oui", "1", "2", "effacer", "non"], [0, 3]):
        with subtests.test(said=said, hours=later):
            person = town.learner(f"{said} {later}")
            person.types(person.right())
            person.types(person.right())
            person.types("stop")
            if later:
                town.wait(hours=later)
            else:
                person.types("progression")
            heard = person.types(said)
            assert person.learner.state == "active"
            assert "arrêté" not in heard
            assert "on continue" not in heard


def test_stopping_and_erasing_take_their_own_word(town: Town, subtests: pytest.Subtests) -> None:
    for said in ("ok", "oui", "Oui !", "d’accord", "yes"):
        with subtests.test(said=said):
            person = town.learner(said)
            person.types("stop")
            heard = person.types(said)
            assert heard == f"{FORMAT} Écrivez arrêter, effacer ou continuer (ou écrivez aide)"
            assert person.learner.state == "active"
    for said, state in (
        ("Arrêter.", "stopped"),
        ("1", "stopped"),
        ("Effacer !", "nobody"),
        ("(2)", "nobody"),
        ("continuer", "active"),
    ):
        with subtests.test(said=said):
            person = town.learner(said)
            person.types("stop")
            person.types(said)
            assert person.state == state


HESITATIONS = [
    "À",
    "A",
    "a",
    "un",
    "une",
    "le 1",
    "la première",
    "numéro 1",
    "option 1",
    "1 ?",
    "un peu",
    "1 ou 2",
    "b",
    "1 👎",
    "❌ 1",
]
GRAVE = {
    "stop": (
        "stop",
        ["arrêter ?", "effacer ?", "garder ?", "oui et effacer ?", "ok", "oui", "bien sûr", "effacer ❌"],
    ),
    "oublier": ("/oublier", ["effacer ?", "tout effacer ?", "oui", "supprimer quoi", "❌ effacer"]),
    "annonce": ("annonce La mairie ferme tôt.", ["envoyer ?", "publier", "oui l’envoyer ?", "ok"]),
    "lesson": ("", ["publier ?", "envoyer ?", "publier et envoyer", "oui"]),
}


@pytest.mark.parametrize("menu", GRAVE)
def test_a_hesitant_word_stops_erases_sends_and_publishes_nothing(
    sqlite_town: Town, menu: str, subtests: pytest.Subtests
) -> None:
    first, said = GRAVE[menu]
    admin = sqlite_town.learner("mairie")
    five = lessons.as_yaml(lesson("cinq").model_dump(mode="json", exclude_defaults=True))
    taught = sqlite_town.store.read_now(lambda tx: courses.catalogue(tx))
    for word in HESITATIONS + said:
        with subtests.test(said=word):
            _ = admin.types(first) if first else admin.sends("05-cinq.yaml", five)
            heard = admin.types(word)
            assert admin.state == "active"
            assert broadcasts(sqlite_town) == 0
            assert sqlite_town.store.read_now(lambda tx: courses.catalogue(tx)) == taught
            assert any(hint in heard for hint in ("Écrivez", "Voulez-vous", "Effacer toutes", "Rien n’"))


@pytest.mark.parametrize(
    ("menu", "said", "state"),
    [
        ("stop", "1. Oui, et garder ma progression", "stopped"),
        ("stop", "OUI ET GARDER MA PROGRESSION 🙏", "stopped"),
        ("stop", "« arrêter », merci", "stopped"),
        ("stop", "2️⃣", "nobody"),
        ("stop", "oublier", "active"),
        ("stop", "b) Oui, et effacer mes données", "active"),
        ("oublier", "1", "nobody"),
        ("oublier", "Tout effacer.", "nobody"),
        ("oublier", "effacer s'il vous plaît", "nobody"),
        ("oublier", "annuler", "active"),
        ("oublier", "Ne rien effacer", "active"),
    ],
)
def test_a_grave_menu_takes_its_number_its_label_or_its_own_word(
    town: Town, menu: str, said: str, state: str
) -> None:
    person = town.learner()
    person.types(menu)
    person.types(said)
    assert person.state == state


def test_an_unknown_command_ends_a_menu_and_lists_the_commands(town: Town, subtests: pytest.Subtests) -> None:
    for menu, answers, unknown in product(
        ("stop", "oublier"), ("1", "2", "effacer"), ("/foo", "!desinscription2")
    ):
        with subtests.test(menu=menu, answers=answers, unknown=unknown):
            person = town.learner(f"{menu} {answers} {unknown}")
            person.types(menu)
            heard = person.types(unknown)
            assert "stop, mesdonnees, oublier, aide" in heard
            person.types(answers)
            assert person.state == "active"


def test_the_erasure_menu_says_what_to_type_in_every_state(town: Town) -> None:
    stopped, erased = town.learner("1"), town.learner("2")
    stopped.types("stop")
    stopped.types("arrêter")
    for word in ("oublier", "effacer"):
        erased.types(word)
    for person in (town.learner("3"), town.person("4"), stopped, erased):
        person.types("oublier")
        assert person.types("ok") == f"{FORMAT} Écrivez effacer ou annuler (ou écrivez aide)"
        assert person.types("Bonjour").startswith("Bonjour\u00a0! Écrivez effacer ou annuler.")


def test_each_label_of_the_stop_menu_can_be_typed_back(town: Town) -> None:
    for state, label in zip(("stopped", "nobody", "active"), labels_of(town, "stop"), strict=True):
        person = town.learner(label)
        person.types("stop")
        person.types(label)
        assert person.state == state


def labels_of(town: Town, *said: str) -> list[str]:
    person = town.learner("labels")
    for word in said:
        person.types(word)
    return [choice.label for choice in person.question.choices]


def test_ok_after_an_unsent_announcement_sends_nothing(town: Town, subtests: pytest.Subtests) -> None:
    admin = town.learner("mairie")
    for said in ("ok", "oui", "d'accord", "yes"):
        with subtests.test(said=said):
            admin.types("annonce La mairie ferme tôt.")
            assert FORMAT in admin.types(said)
            town.wait(hours=2)
            admin.types(said)
            assert broadcasts(town) == 0
    admin.types("annonce La mairie ferme tôt.")
    town.wait(minutes=59)
    assert "L’annonce part" in admin.types("Envoyer !")
    admin.types("annonce Encore.")
    town.wait(minutes=61)
    admin.types("envoyer")
    assert broadcasts(town) == 1


def broadcasts(town: Town) -> int:
    counted = select(func.count()).select_from(tables.broadcast)
    number: int = town.store.read_now(lambda tx: tx.execute(counted).scalar_one())
    return number


def test_a_lesson_is_published_by_its_own_word(town: Town) -> None:
    admin = town.learner("mairie")
    content = lessons.as_yaml(lesson("cinq").model_dump(mode="json", exclude_defaults=True))
    admin.sends("05-cinq.yaml", content)
    for said in ("oui", "ok"):
        assert admin.types(said) == f"{FORMAT} Écrivez publier, envoyer ou annuler (ou écrivez aide)"
    assert "est publiée" in admin.types("Publier !")
    assert "Envoyez-moi le fichier" in admin.types("publier")


def test_nine_after_reglages_changes_no_hour(town: Town, subtests: pytest.Subtests) -> None:
    for between in ("progression", "aide", "an answer", "two hours"):
        with subtests.test(between=between):
            person = town.learner(between)
            setting(person, "1")
            if between == "an answer":
                person.presses("a", question=quiz_of(person))
            elif between == "two hours":
                town.wait(hours=2)
            else:
                person.types(between)
            person.types("9")
            assert schedule(person).time.hour == 8


def quiz_of(person: Person) -> Question:
    return next(
        piece.question for _, _, piece in person.shown if piece.question and piece.question.form == "quiz"
    )


def test_a_menu_waits_through_what_was_not_understood(town: Town) -> None:
    person = town.learner()
    setting(person, "6")
    assert FORMAT in person.types("bof")
    assert person.types("merci") == WARM
    assert "parcours des élus" in person.types("élue")


def test_an_hour_counts_from_when_the_menu_was_shown(town: Town) -> None:
    person = town.learner()
    setting(person, "1")
    town.wait(minutes=59)
    assert "09:00" in person.types("9")
    setting(person, "1")
    town.wait(minutes=60)
    person.types("10")
    assert schedule(person).time.hour == 9
    person.types("reglages")
    person.does(text="1", deliver=False)
    town.wait(minutes=50)
    town.deliver()
    town.wait(minutes=50)
    assert "11:00" in person.types("11")


def test_a_lesson_that_comes_takes_the_place_of_a_menu(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    person.types(person.right())
    town.now = person.next_at.replace(minute=29)
    person.types("stop")
    town.tick(person.next_at)
    person.types("1")
    assert person.learner.state == "active"
    person.types("2")
    assert person.learner.state == "active"


def test_the_notice_waits_until_it_is_answered(town: Town) -> None:
    person = town.person()
    person.types("bonjour")
    town.wait(days=3)
    person.types("aide")
    assert "Titre de un" in person.types("Oui, merci !")


def test_a_menu_that_ended_is_still_answered_by_its_buttons_and_by_a_reply(town: Town) -> None:
    person = town.learner()
    person.types("stop")
    question, ref = person.question, person.shown[-1][1]
    person.types("aide")
    town.wait(hours=5)
    assert "on continue" in person.types("3", reply_to=ref)
    person.types("stop")
    question = person.question
    person.types("aide")
    person.presses("keep", question=question)
    assert person.learner.state == "stopped"


# --- answers


def test_answers_are_read_as_people_type_them(town: Town, subtests: pytest.Subtests) -> None:
    ways = [
        "{}️⃣",
        "({})",
        "réponse {}",
        "la {}",
        "n° {}",
        "№{}",
        "#{}",
        "Réponse\u00a0: {}",
        "je dirais la {}",
        "{} !",
        "« {} »",
        "c’est la {}",
        "{}, merci",
        "option {}.",
    ]
    for way in ways:
        with subtests.test(way=way):
            person = town.learner(way)
            assert "Bonne réponse" in person.types(way.format(person.right()))


def test_a_line_copied_from_the_message_and_a_label_in_other_typography_are_answers(town: Town) -> None:
    writings: tuple[Callable[[str], str], ...] = (
        str,
        str.upper,
        lambda text: text.replace("é", "e").replace("'", " "),
        lambda text: f"« {text} »…",
    )
    for place, write in enumerate(writings):
        person = town.learner(str(place))
        right = int(person.right())
        label = person.question.choices[right - 1].label
        assert "Bonne réponse" in person.types(write(f"{right}. {label}"))
        other = town.learner(f"{place} label")
        assert "Bonne réponse" in other.types(write(label))


def test_several_answers_are_read_as_people_type_them(town: Town, subtests: pytest.Subtests) -> None:
    for write in (
        " et ".join,
        "–".join,
        ", ".join,
        "\n".join,
        " + ".join,
        lambda said: "les " + " et la ".join(said),
        lambda said: "réponses " + " ".join(said),
    ):
        person = town.learner(write(["a", "b"]))
        person.types(person.right())
        right = person.right().split(" et ")
        with subtests.test(said=write(right)):
            assert "Bonne réponse" in person.types(write(right))


@pytest.mark.parametrize("said", ["❌ {}", "{} 👎", "c’est {} ?", "is it {}?", "✅ {} ❌"])
def test_a_refusal_or_a_question_is_not_judged(town: Town, said: str) -> None:
    for place, asked in enumerate((lessons.true_false(id="q1"), lessons.multiple(id="q1"))):
        town.teach(lesson("un", questions=[asked, lessons.single(id="q2")]))
        person = town.learner(str(place))
        assert FORMAT in person.types(said.format(person.right()))
        assert person.waits


def number_town(town: Town, answer: str, tolerance: str = "0") -> Town:
    asked = lessons.number(id="q1", text="Combien ?", answer=answer, tolerance=tolerance, unit="€ hors taxes")
    return town.teach(lesson("un", questions=[asked, lessons.multiple()]), lesson("deux"))


def test_a_number_that_can_be_read_in_two_ways_is_asked_again(town: Town) -> None:
    number_town(town, "72000")
    person = town.learner()
    for said in ("72.000", "72,000 €"):
        assert person.types(said) == "Voulez-vous dire 72\u202f000 ou 72\u00a0?"
        assert person.waits
    assert "Bonne réponse" in person.types("72\u202f000")


def test_each_reading_that_is_shown_can_be_typed_back(town: Town) -> None:
    number_town(town, "1.234")
    person = town.learner()
    assert person.types("1.234") == "Voulez-vous dire 1\u202f234 ou 1,2340\u00a0?"
    assert "Bonne réponse" in person.types("1,2340")


def test_an_ambiguous_number_is_asked_again(town: Town) -> None:
    asked = lessons.number(id="q1", text="Quelle part ?", answer="75", tolerance="1", unit="%")
    town.teach(lesson("un", questions=[asked, lessons.multiple()]), lesson("deux"))
    person = town.learner()
    for said in ("0,75", "-75", "–75 %", "3/4", "75/100", "70-80", "> 70", "75²"):
        assert person.types(said) == f"{FORMAT} Répondez par un nombre (%) (ou écrivez aide)", said
    assert "Bonne réponse" in person.types("soixante-quinze pour cent")


def test_a_doubt_that_changes_nothing_is_judged(town: Town) -> None:
    number_town(town, "72000")
    assert "Pas tout à fait" in town.learner().types("1.500")


@pytest.mark.parametrize(
    "said",
    [
        "72 000 €",
        "72\u00a0000\u00a0€",
        "72\u202f000",
        "72000",
        "environ 72 000",
        "72000.",
        "72 000 euros HT",
        "72’000 €",
    ],
)
def test_a_price_is_read_as_people_write_it(said: str) -> None:
    question = lessons.question(lessons.number(answer="72000", tolerance=0, unit="€ hors taxes"))
    (number,) = grading.read_numbers(said, question.unit)
    assert grading.grade(question, [str(number)]) is Verdict.RIGHT


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
    assert "heure, jours, fuseau, fériés, calme, rôle, langue, données" in setting(person, "bof")
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


# --- undecided words in every state


STATES: dict[str, tuple[str, ...]] = {
    "notice": ("bonjour",),
    "quiz": ("bonjour", "oui"),
    "stop menu": ("bonjour", "oui", "stop"),
    "erase menu": ("bonjour", "oui", "oublier"),
    "settings": ("bonjour", "oui", "reglages"),
    "hour": ("bonjour", "oui", "reglages", "1"),
    "days": ("bonjour", "oui", "reglages", "2"),
    "zone": ("bonjour", "oui", "reglages", "3"),
    "role": ("bonjour", "oui", "reglages", "6"),
    "stopped": ("bonjour", "oui", "stop", "arrêter"),
    "paused": ("bonjour", "oui", "pause"),
    "erased": ("bonjour", "oui", "oublier", "effacer"),
    "announcement": ("bonjour", "oui", "annonce Demain."),
}
UNDECIDED = [
    "je ne comprends pas",
    "c’est quoi ?",
    "bof",
    "n’effacez rien",
    "je ne veux pas arrêter",
    "peut-être demain",
    "Bonjour",
    "merci",
    "👍",
    "?",
    "/foo",
    "comment effacer mes données ?",
]

HINTS = [
    WARM,
    "crivez",
    "Vous pouvez écrire",
    "Répondez",
    "On commence",
    "Voulez-vous",
    "Effacer toutes",
    "start la reprend",
]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("limits", [BUTTONS, TYPING], ids=["buttons", "typing"])
def test_an_undecided_word_changes_nothing_and_gets_a_hint_in_every_state(
    sqlite_town: Town, state: str, limits: Limits, subtests: pytest.Subtests
) -> None:
    sqlite_town.limits = limits
    for place, said in enumerate(UNDECIDED):
        with subtests.test(said=said):
            person = sqlite_town.person(f"{place}")
            sqlite_town.admins |= {f"telegram:{place}"}
            for word in STATES[state]:
                person.types(word)
            before = person.state.replace("nobody", "invited")
            heard = person.types(said)
            assert person.state == before
            assert broadcasts(sqlite_town) == 0
            assert "**" not in heard
            assert "\\" not in heard
            assert any(hint in heard for hint in HINTS), heard


# --- files and captions


def test_a_document_while_a_question_is_open_is_not_called_an_answer(town: Town) -> None:
    person = town.learner()
    heard = person.sends("notes.pdf", b"x")
    assert heard.startswith(FORMAT)
    assert person.waits


def test_a_caption_is_a_text(town: Town) -> None:
    person = town.learner()
    assert "Bonne réponse" in person.sends("photo.pdf", b"x", caption=person.right())
    assert "Voulez-vous arrêter" in person.sends("photo.pdf", b"x", caption="Stop !")
    admin = town.learner("mairie")
    assert "Votre progression" in admin.sends("notes.pdf", b"x", caption="progression")
    assert "fichier .yaml" in admin.sends("notes.pdf", b"x")


# --- buttons that no longer serve


def test_buttons_go_when_their_question_is_answered_by_typing(town: Town) -> None:
    person = town.person()
    person.types("bonjour")
    notice = person.shown[-1][0]
    person.types("oui")
    assert person.unbuttoned == [notice]
    question = person.shown[-1][0]
    person.types(person.right())
    assert person.unbuttoned == [notice, question]


def test_buttons_go_from_older_notices_and_menus(town: Town) -> None:
    person = town.person()
    for word in ("bonjour", "start"):
        person.types(word)
    assert person.unbuttoned == [person.shown[0][0]]
    person.types("oui")
    person.unbuttoned.clear()
    for word in ("stop", "stop"):
        person.types(word)
    assert len(person.unbuttoned) == 1
    person.types("reglages")
    listed = person.shown[-1][0]
    person.presses("role")
    roles = person.shown[-1][0]
    person.types("reglages")
    assert set(person.unbuttoned[1:]) == {listed, roles}


def test_a_question_that_was_shown_several_times_loses_all_its_buttons_when_it_is_answered(
    town: Town,
) -> None:
    for answer in ("pressed", "typed"):
        person = town.learner(answer)
        person.unbuttoned.clear()
        shown = [person.shown[-1][0]]
        for word in ("quiz", "leçon"):
            person.types(word)
            shown.append(person.shown[-1][0])
        assert person.unbuttoned == []
        if answer == "pressed":
            person.presses("a")
        else:
            person.types("1")
        gone = [*person.unbuttoned, *(piece.of for _, _, piece in person.shown if isinstance(piece, Edit))]
        assert sorted(set(gone) & set(shown)) == sorted(shown)


def test_where_nothing_is_pressed_nothing_is_taken_away(town: Town) -> None:
    town.limits = TYPING
    person = town.learner()
    person.types(person.right())
    assert person.unbuttoned == []
    assert all(piece.text for _, _, piece in person.shown)


def test_a_settings_list_serves_until_a_new_one_comes(town: Town) -> None:
    person = town.learner()
    person.types("reglages")
    listed = person.question
    person.presses("hour", question=listed)
    person.types("9h")
    person.presses("role", question=listed)
    person.presses("elu")
    assert person.learner.role == "elu"
    person.types("reglages")
    person.presses("role", question=listed)
    assert person.brief == "Cette question n’attend plus de réponse."


def test_hints_speak_of_numbers_only_where_numbers_are_shown(town: Town) -> None:
    person = town.learner()
    setting(person, "6")
    assert person.types("bof") == f"{FORMAT} Répondez par l’un de ces choix\u00a0: {ROLES} (ou écrivez aide)"


# --- kind words


def test_thanks_get_one_warm_line(town: Town, subtests: pytest.Subtests) -> None:
    for number, said in enumerate(("merci", "Merci beaucoup !", "super, merci 🙏", "au revoir", "Thanks!")):
        with subtests.test(said=said):
            person = town.learner(str(number))
            person.types(person.right())
            assert person.types(said) == WARM
            person.types("stop")
            person.types("arrêter")
            assert person.types(said) == WARM
            person.types("start")
            person.types("oui")
            person.types("stop")
            person.types("effacer")
            assert person.types(said) == f"{WARM} Pour découvrir le cours, écrivez start."


def test_thanks_of_a_stranger_are_not_met_with_the_whole_notice(town: Town) -> None:
    assert town.person().types("merci") == f"{WARM} Pour découvrir le cours, écrivez start."


def test_what_is_more_than_kind_is_not_taken_for_it() -> None:
    texts = [
        "merci mais je n’ai rien compris",
        "stop merci",
        "oui",
        "2",
        "",
        "...",
        "ok pour la 2",
        "x" * 5000,
        "…",
        "\u200b",
        "\ud83d",
        "❌",
        "👎",
        "!!",
    ]
    assert [said for said in texts if courtesy.of(said) is not None] == []
    assert courtesy.of("👍🏽") is courtesy.Said.KIND


def test_a_stopped_learner_is_told_how_to_resume_instead_of_the_notice(
    town: Town, subtests: pytest.Subtests
) -> None:
    person = town.learner()
    person.types("stop")
    person.types("arrêter")
    for said in ("bof", "1", "je ne comprends pas", "/foo", "oui", "pourquoi ?"):
        with subtests.test(said=said):
            assert "start la reprend, oublier efface tout" in person.types(said)
            assert person.state == "stopped"


def test_a_stopped_learner_is_not_asked_for_an_answer(town: Town) -> None:
    person = town.learner()
    person.types("stop")
    person.types("arrêter")
    assert FORMAT not in person.types("bof")
    assert town.store.read_now(prompts.newest_open, person.learner.id, "quiz") is not None
    assert person.does(kind=Kind.TEXT, text="ok") != ""
