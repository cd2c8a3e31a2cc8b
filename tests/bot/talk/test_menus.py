# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Do menus end when something else is said, and do grave ones take their own word?"""

from __future__ import annotations

from itertools import product

import pytest
from sqlalchemy import func, select

from bot.messages import Edit, Limits
from storage import courses, tables
from tests.bot.builders import BUTTONS, TYPING, Town, lesson, quiz_of, schedule, setting
from tests.lessons import builders as lessons

WARM = "Avec plaisir\u00a0!"
FORMAT = "Je n’ai pas reconnu de réponse."
ROLES = "agent ou agente, élu ou élue, ambassadeur ou ambassadrice de l’IA"


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
            assert (
                "stop, attestation, mesdonnees, rectifier, opposition, oublier, confidentialite, aide"
                in heard
            )
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
    assert "Envoyez-moi la leçon" in admin.types("publier")


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
