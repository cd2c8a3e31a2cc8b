# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is what people ask for heard, in their own words, in every state, and nothing else taken for it?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml import safe_load

import lessons as lessons_package
from bot.messages import Event, Kind
from bot.talk import commands, courtesy, reception, topics
from bot.talk.reception import command_of
from storage.progress import prompts
from tests.bot.builders import MONDAY, Town, quiz_of, setting

WARM = "Avec plaisir\u00a0!"
FORMAT = "Je n’ai pas reconnu de réponse."


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
    assert [label for label in labels if commands.nearly(str(label), topics.COMMANDS)] == []


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


def test_a_request_beside_thanks_is_no_courtesy() -> None:
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


@pytest.mark.parametrize(
    "said",
    ["oublier\nservice RH", "oublier\nj. dupont", "RGPD. Oublier.", "Bonjour,\noublier\nMairie de Lyon"],
)
def test_one_line_beside_a_request_to_erase_is_no_list(town: Town, said: str) -> None:
    assert "effacer" in town.learner().types(said).lower()


@pytest.mark.parametrize("said", ["Demande RGPD\nmes données", "mes données\nservice RH"])
def test_one_line_beside_a_request_for_data_is_no_list(town: Town, said: str) -> None:
    person = town.learner()
    person.types(said)
    assert "mes-donnees" in str(person.last)


@pytest.mark.parametrize("said", ["mon nom\nmes données\nma photo", "mon nom ; mes données", "aide, conseil"])
def test_a_list_asks_for_nothing(town: Town, said: str) -> None:
    assert "reconnu" in town.learner().types(said)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Pause deux semaines, à compter de ce jour", "7 décembre"),
        ("Pause une semaine, du lundi 23 au lundi 30", "30 novembre"),
    ],
)
def test_a_pause_that_begins_today_keeps_its_end(town: Town, said: str, day: str) -> None:
    assert day in town.learner().types(said)
