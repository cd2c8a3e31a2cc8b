# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does everyone come, pause, return and leave as they want?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bot.messages import Edit, Kind, Send
from bot.notice.facts import Facts
from bot.service import planning
from config.retention import Retention
from storage import erasure, odd_rows, tables
from storage.outbox import ledger
from storage.types import Tx
from tests.bot.builders import MONDAY, TYPING, Town


def rows(town: Town, *, besides: tuple[str, ...] = ()) -> dict[str, int]:
    """How many rows each table has that is not empty."""

    def count(tx: Tx) -> dict[str, int]:
        counts = {
            table.name: tx.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        }
        return {name: number for name, number in counts.items() if number and name not in besides}

    return town.store.read_now(count)


COURSE = ("notice", "course", "lesson", "lesson_version", "seen", "counter", "staff", "alembic_version")


def tidy(town: Town) -> None:
    """What the night erases."""
    for learner_id in departed(town):
        assert town.store.write_now(
            erasure.erase_departed, learner_id, town.now - timedelta(days=30), town.now
        )


def departed(town: Town) -> list[str]:
    """Whom the night erases."""
    found, _ = town.store.read_now(erasure.departed, town.now - timedelta(days=30), "", 100)
    return found


# --- coming


def test_whatever_the_first_word_is_the_notice_comes_first(town: Town) -> None:
    for address, word in enumerate(["bonjour", "/start", "lecon", "2", "oui", "/foo", "stats"]):
        person = town.person(str(address))
        assert "Ce que je garde" in person.types(word)
        assert person.learner.state == "invited"
    assert town.person("stop").types("stop") == "C’est déjà arrêté\u00a0: je ne vous enverrai plus rien."


def test_two_taps_lead_to_the_first_lesson(town: Town) -> None:
    person = town.person()
    assert len(person.shown) == 0
    person.types("bonjour")
    heard = person.presses("yes")
    assert "Titre de un" in heard
    assert "Que dire de un ?" in heard
    assert [type(piece) for _, _, piece in person.shown] == [Send, Edit, Send]


def test_a_notice_that_was_forgotten_is_shown_again_to_who_says_yes(town: Town) -> None:
    person = town.person()
    person.types("bonjour")
    forgotten = person.question
    town.wait(days=31)
    tidy(town)
    assert "Ce que je garde" in person.presses("yes", question=forgotten)
    assert "Titre de un" in person.presses("yes")


def test_two_messages_lead_to_the_first_lesson_where_one_types(town: Town) -> None:
    town.limits = TYPING
    person = town.person()
    person.types("bonjour")
    assert "Titre de un" in person.types("oui")


def test_yes_can_be_said_in_many_ways(town: Town, subtests: pytest.Subtests) -> None:
    for word in ("oui", "Oui !", "1", "o", "ok", "d’accord", "Oui, je commence", "a"):
        with subtests.test(word=word):
            person = town.person(word)
            person.types("bonjour")
            person.types(word)
            assert person.learner.state == "active"


def test_consent_is_dated_with_its_version(town: Town) -> None:
    learner = town.learner().learner
    assert (learner.notice, learner.consented_at) == ("2026-11-23-1", town.now)


def test_the_notice_says_how_long_messages_are_kept_here(town: Town) -> None:
    assert "mes messages, 30 jours" in town.person().types("bonjour")
    assert "my messages, 30 days" in town.person("2", language="en").types("hi")
    town.facts = Facts(retention=Retention(messages="90d"), channels=("telegram",))
    assert "mes messages, 90 jours" in town.person("3").types("bonjour")


def test_the_notice_is_in_the_language_of_the_application(town: Town) -> None:
    assert "What I keep" in town.person(language="en").types("hi")
    assert "Ce que je garde" in town.person("2", language="de").types("hallo")


@pytest.mark.parametrize("word", ["non", "2", "n", "Non merci"])
def test_who_declines_is_forgotten_once_it_was_said(town: Town, word: str) -> None:
    person = town.person()
    person.types("bonjour")
    assert "Je ne vous enverrai rien" in person.types(word)
    assert rows(town, besides=(*COURSE, "erasure")) == {}


def test_who_declines_may_change_their_mind(town: Town) -> None:
    person = town.person()
    person.types("bonjour")
    person.types("non")
    assert "Ce que je garde" in person.types("start")
    assert "Titre de un" in person.types("oui")
    tidy(town)
    assert person.learner.state == "active"


def test_nothing_is_planned_before_consent(town: Town) -> None:
    person = town.person()
    person.types("bonjour")
    for day in range(10):
        town.tick(town.now + timedelta(days=day))
    assert len(person.shown) == 1


def test_an_older_notice_can_no_longer_be_accepted(town: Town) -> None:
    person = town.person()
    person.types("bonjour")
    old = person.question
    person.types("start")
    person.presses("yes", question=old)
    assert person.learner.state == "invited"
    assert person.brief == "Cette question n’attend plus de réponse."


def test_two_quick_taps_enrol_once(town: Town) -> None:
    person = town.person()
    person.types("bonjour")
    question = person.question
    person.presses("yes", question=question)
    assert person.presses("yes", question=question) == ""
    assert rows(town)["enrolment"] == 1


def test_without_a_course_nobody_is_enrolled(town: Town) -> None:
    town.store.write_now(lambda tx: [tx.execute(tables.lesson.delete()), tx.execute(tables.course.delete())])
    person = town.person()
    person.types("bonjour")
    assert "Aucun cours" in person.types("oui")
    assert person.learner.state == "invited"


def test_the_first_lesson_takes_the_slot_of_its_day(town: Town) -> None:
    town.now = town.now.replace(hour=6, minute=0)  # 07:00 in Paris, before the hour of lessons
    person = town.learner()
    assert person.enrolment.slot == town.now.date()
    assert person.next_at == town.now.replace(hour=7, minute=30) + timedelta(days=1)


def test_start_tells_a_learner_where_they_are(town: Town) -> None:
    heard = town.learner().types("/start")
    assert "Vous suivez déjà le cours" in heard
    assert "mardi 24 novembre à 08:30" in heard


# --- pausing and coming back


def test_pause_plans_nothing_and_takes_back_what_waits(town: Town) -> None:
    person = town.learner()
    town.now = person.next_at
    town.store.write_now(_plan, town)
    assert rows(town)["conversation"] == 1
    assert "en pause" in person.types("pause")
    assert (person.learner.state, person.learner.pause_reason, person.enrolment.next_at) == (
        "paused",
        "asked",
        None,
    )
    assert town.store.read_now(ledger.outcomes)["lesson"] == {"cancelled": 1}
    town.tick(town.now + timedelta(days=7))
    assert "Titre de deux" not in person.heard()
    assert "déjà en pause" in person.types("pause")


def _plan(tx: Tx, town: Town) -> int:
    return planning.plan(tx, town.now)


def test_reprendre_goes_on_where_they_were(town: Town) -> None:
    person = town.learner()
    person.types("pause")
    town.wait(days=10)
    assert "vendredi 4 décembre" in person.types("reprendre")
    town.tick(person.next_at)
    assert "Titre de deux" in person.heard()
    assert "Rien n’était en pause" in person.types("reprendre")


@pytest.mark.parametrize("said", ["/start K7QD", "/start 2", "/start lundi"])
def test_a_link_with_anything_behind_start_brings_back_whoever_paused(town: Town, said: str) -> None:
    person = town.learner()
    person.types("pause")
    assert "Quel plaisir" in person.types(said)
    assert person.state == "active"


def test_start_brings_back_whoever_paused(town: Town) -> None:
    person = town.learner()
    person.types("pause")
    assert "Quel plaisir" in person.types("start")
    assert person.learner.state == "active"


def test_a_pause_and_return_on_one_day_bring_no_second_lesson(town: Town) -> None:
    town.now = town.now.replace(hour=6)
    person = town.learner()
    person.types("pause")
    person.types("reprendre")
    assert person.next_at.date() == town.now.date() + timedelta(days=1)


def test_a_pause_with_an_end_ends_by_itself(town: Town) -> None:
    person = town.learner()
    assert "jusqu’au mardi 5 janvier" in person.types("pause jusqu'au 5 janvier")
    assert "jusqu’au mardi 5 janvier" in person.types("progression")
    for day in range(1, 43):
        town.tick(MONDAY + timedelta(days=day))
    assert (
        person.learner.state,
        len([text for text in person.shown if "Titre de deux" in text[2].text]),
    ) == (
        "paused",
        0,
    )
    town.tick(person.next_at)
    assert person.learner.state == "active"
    assert "Titre de deux" in person.heard()
    assert person.next_at.date() == date(2027, 1, 6)


@pytest.mark.parametrize(
    "said",
    [
        "Bonjour,\nPause jusqu'au 5 janvier, merci.\nJean Dupont, mairie de X",
        "Je pars en congé ! Pouvez-vous mettre en pause jusqu'au 5 janvier ? Cordialement",
        "pause jusqu’au 5 janvier (congés)",
        "> pause une semaine\nPause until 5 January.",
        "/pause jusqu'au 5 janvier",
    ],
)
def test_the_end_of_a_pause_is_heard_beside_a_signature(town: Town, said: str) -> None:
    person = town.learner()
    assert "jusqu’au mardi 5 janvier" in person.types(said)


TUESDAY_5_JANUARY = [
    *(
        "pause (jusqu'au 5 janvier)",
        "Pause (congés jusqu'au 5 janvier), merci",
        "pause jusqu'au 5 janvier au matin",
    ),
    *("Congés jusqu'au 5 janvier, mettez en pause", "jusqu'au 5 janvier pause svp"),
    *("Absente jusqu’au 5 janvier : merci de mettre les leçons en pause.\nAnne Le Goff, DRH",),
    *(
        "Je suis en congé maternité jusqu'au 5 janvier. Mettez en pause, merci.",
        "Pause. De retour le 5 janvier",
    ),
    *("En vacances jusqu'au 5 janvier et j'aimerais faire une pause", "Pause, je reviens le 5 janvier"),
    *(
        "Out of office until January 5th, could you pause?",
        "I'm on leave until the 5th of January, please pause",
    ),
    *(
        "pause jusqu'au mardi cinq janvier",
        "pause jusqu'au 4 janvier inclus",
        "pause until 4 January in the evening",
    ),
    *("pause 43j", "pause 43 jrs", "Pause (43 jours)", "Absent 43 jours, mettez en pause", "/pause 43d"),
]


def test_the_end_of_a_pause_is_read_as_people_say_it(town: Town, subtests: pytest.Subtests) -> None:
    person = town.learner()
    for said in TUESDAY_5_JANUARY:
        person.types("reprendre")
        with subtests.test(said=said):
            assert "jusqu’au mardi 5 janvier" in person.types(said)


@pytest.mark.parametrize(
    "said",
    [
        *("/pause 5", "pause 5 svp", "pause jusqu'à Noël", "Pause (vacances)", "/pause 20 minutes"),
        *(
            "pause jusqu'à lundi ou mardi",
            "Je pars en vacances, mettez en pause svp",
            "pause jusqu'au 32 janvier",
        ),
        *("Jusqu'à la rentrée, pouvez-vous mettre le cours en pause ?", "/pause du 20 décembre au 5 janvier"),
        *("Pause. On verra après les fêtes.", "/pause", "pause un mois et demi", "pause 2 ou 3 semaines"),
    ],
)
def test_a_pause_without_an_end_says_that_it_has_none(town: Town, said: str) -> None:
    person = town.learner()
    heard = person.types(said)
    assert "C’est en pause, sans date de fin" in heard
    assert "pause deux semaines" in heard
    assert (person.learner.state, person.enrolment.next_at) == ("paused", None)


def test_a_pause_that_ends_on_a_day_off_ends_on_the_next_working_day(town: Town) -> None:
    person = town.learner()
    assert "jusqu’au lundi 28 décembre" in person.types("pause jusqu'au 25 décembre")
    assert "jusqu’au lundi 30 novembre" in person.types("pause until Saturday")


def test_the_night_leaves_the_longest_pause_alone(town: Town) -> None:
    person = town.learner()
    town.now += timedelta(days=4)  # a Friday: 366 days later is a Saturday
    person.types("pause 366 jours")
    assert person.learner.pause_reason == "until"
    assert town.store.read_now(odd_rows.astray, town.now, "", 500) == ([], person.learner.id)


def test_the_end_of_a_pause_can_be_changed_and_taken_back(town: Town) -> None:
    person = town.learner()
    person.types("pause deux semaines")
    assert "jusqu’au lundi 30 novembre" in person.types("pause une semaine")
    assert "C’est en pause" in person.types("pause")
    assert person.enrolment.next_at is None
    person.types("pause une semaine")
    assert "Quel plaisir" in person.types("reprendre")
    assert person.next_at.date() == MONDAY.date() + timedelta(days=1)


def test_whoever_is_paused_until_a_day_reads_it_in_every_answer_to_a_greeting(town: Town) -> None:
    person = town.learner()
    while person.waits:
        person.types(person.right())
    person.types("pause jusqu'au 5 janvier")
    for answer in (person.types("Bonjour"), person.does(kind=Kind.GREETING)):
        assert "en pause jusqu’au mardi 5 janvier" in answer
    person.types("pause")
    for answer in (person.types("Bonjour"), person.does(kind=Kind.GREETING)):
        assert "en pause\u00a0: " in answer
        assert "jusqu’au" not in answer


@pytest.mark.parametrize("said", ["pause un an", "pause 1 an", "pause d'un an", "pause for a year"])
def test_a_pause_may_last_a_year(town: Town, said: str) -> None:
    person = town.learner()
    assert "jusqu’au mardi 23 novembre 2027" in person.types(said)


def test_a_pause_that_ends_in_another_year_says_which(town: Town) -> None:
    person = town.learner()
    assert "jusqu’au lundi 22 novembre 2027." in person.types("pause jusqu'au 22 novembre")  # yesterday's day
    assert "jusqu’au lundi 22 novembre 2027" in person.types("progression")
    assert "jusqu’au lundi 7 décembre." in person.types("pause deux semaines")


def test_an_hour_changed_during_a_pause_keeps_its_end(town: Town) -> None:
    person = town.learner()
    person.types("pause deux semaines")
    person.types("reglages")
    person.types("heure")
    person.types("14h")
    assert (person.learner.state, person.next_at.date()) == ("paused", date(2026, 12, 7))


def test_settings_changed_during_a_pause_leave_its_end_where_it_was(town: Town) -> None:
    person = town.learner()
    person.types("pause jusqu'au samedi 5 décembre")
    assert person.next_at.date() == date(2026, 12, 7)
    for days, lesson in (("le samedi", 5), ("le mercredi", 9), ("tous les jours", 5), ("le vendredi", 11)):
        person.types("reglages")
        person.types("jours")
        person.types(days)
        assert (person.learner.state, person.next_at.date()) == ("paused", date(2026, 12, lesson))
    assert "jusqu’au vendredi 11 décembre" in person.types("progression")
    for item, value in (("jours", "tous les jours"), ("fuseau", "Nouméa"), ("fuseau", "Tahiti")):
        person.types("reglages")
        person.types(item)
        person.types(value)
    assert "jusqu’au samedi 5 décembre" in person.types("progression")
    town.tick(person.next_at)
    assert person.learner.state == "active"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("pause jusqu'au 5 janvier 2020", "est passé"),
        ("pause 400 jours", "jusqu’à un an"),
        ("pause jusqu'à la rentrée", "pas compris laquelle"),
    ],
)
def test_a_pause_whose_end_cannot_be_kept_has_none_and_says_so(town: Town, said: str, answer: str) -> None:
    person = town.learner()
    assert answer in person.types(said)
    assert (person.learner.state, person.enrolment.next_at) == ("paused", None)


# --- leaving


def test_stop_asks_first(town: Town, subtests: pytest.Subtests) -> None:
    for word in ("stop", "/stop", "!stop", "STOP", "Stop."):
        with subtests.test(word=word):
            person = town.learner(word)
            assert "Voulez-vous arrêter" in person.types(word)
            assert person.learner.state == "active"
            assert "on continue" in person.types("non")
            assert person.learner.state == "active"


def test_stop_can_keep_the_progress(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    person.types("stop")
    assert "progression est gardée" in person.types("arrêter")
    assert (person.learner.state, person.enrolment.position, person.enrolment.next_at) == (
        "stopped",
        "un",
        None,
    )
    town.tick(town.now + timedelta(days=9))
    assert "Titre de deux" not in person.heard()
    assert "Ce que je garde" in person.types("lecon")
    assert "Titre de deux" in person.types("oui")


def test_who_comes_back_before_their_hour_gets_one_lesson_that_day(town: Town) -> None:
    person = town.learner()
    person.types("stop")
    person.types("arrêter")
    town.now = town.now.replace(hour=6) + timedelta(days=2)
    person.types("start")
    person.types("oui")
    assert person.next_at.date() == town.now.date() + timedelta(days=1)


def test_declining_the_notice_again_keeps_what_was_kept(town: Town) -> None:
    person = town.learner()
    person.types("stop")
    person.types("arrêter")
    person.types("start")
    assert "votre progression est gardée" in person.types("non")
    assert (person.learner.state, person.enrolment.position) == ("stopped", "un")


@pytest.mark.parametrize("word", ["2", "effacer", "Oui, et effacer mes données"])
def test_stop_and_erase_leaves_nothing_once_the_goodbye_left(town: Town, word: str) -> None:
    person = town.learner()
    person.types(person.right())
    town.tick(person.next_at)
    person.types("stop")
    assert "Vos réponses" in person.types(word)
    assert rows(town, besides=(*COURSE, "erasure", "reconciliation")) == {}


@pytest.mark.parametrize("word", ["bonjour", "start"])
def test_who_comes_back_while_the_night_is_about_to_erase_them_is_kept(town: Town, word: str) -> None:
    silent, other = town.person("1"), town.person("2")
    for person in (silent, other):
        person.types("bonjour")
    town.wait(days=31)
    looked_up = departed(town)
    assert set(looked_up) == {silent.learner.id, other.learner.id}
    silent.types(word)
    silent.types("oui")
    before = town.now - timedelta(days=30)
    erased = [who for who in looked_up if town.store.write_now(erasure.erase_departed, who, before, town.now)]
    assert len(erased) == 1
    assert silent.learner.state == "active"


def test_who_was_erased_is_new(town: Town) -> None:
    person = town.learner()
    person.types("stop")
    person.types("2")
    assert "Ce que je garde" in person.types("bonjour")
    assert "Titre de un" in person.types("oui")
    tidy(town)
    assert person.learner.state == "active"


# --- blocking


def test_who_blocks_the_bot_is_left_alone_and_taken_back(town: Town) -> None:
    person = town.learner()
    assert person.does(kind=Kind.LEFT) == ""
    assert (person.learner.state, person.learner.pause_reason) == ("paused", "gone")
    assert "Quel plaisir" in person.does(kind=Kind.BACK)
    assert person.learner.state == "active"


def test_who_paused_stays_paused_whatever_the_channel_says(town: Town) -> None:
    person = town.learner()
    person.types("pause")
    person.does(kind=Kind.LEFT)
    assert person.does(kind=Kind.BACK) == ""
    assert (person.learner.state, person.learner.pause_reason) == ("paused", "asked")


def test_any_word_press_or_file_of_somebody_who_seemed_gone_resumes_them(town: Town) -> None:
    person = town.learner()
    quiz = person.question
    for what in (
        {"text": "aide"},
        {"text": "progression"},
        {"text": "1"},
        {"text": "coucou"},
        {"text": ""},
        {"kind": Kind.FILE},
        {"kind": Kind.UNREADABLE},
        {"kind": Kind.CHOOSE, "refers": quiz.prompt, "keys": (quiz.choices[0].key,)},
        {"kind": Kind.CHOOSE, "refers": "unknown"},
        {"text": "reprendre"},
        {"text": "start"},
    ):
        person.does(kind=Kind.LEFT)
        assert (person.learner.state, person.learner.pause_reason) == ("paused", "gone")
        person.does(**what)
        assert (person.learner.state, person.learner.pause_reason) == ("active", ""), what
        assert person.next_at > town.now


def test_whoever_seemed_gone_and_writes_to_leave_is_not_resumed(town: Town) -> None:
    person = town.learner()
    person.does(kind=Kind.LEFT)
    person.types("pause")
    assert (person.learner.state, person.learner.pause_reason) == ("paused", "asked")
    person.types("coucou")
    assert (person.learner.state, person.learner.pause_reason) == ("paused", "asked")
    person.types("reprendre")
    person.does(kind=Kind.LEFT)
    person.types("stop")
    assert (person.learner.state, person.learner.pause_reason) == ("paused", "gone")
    person.presses("keep")
    assert person.learner.state == "stopped"


def test_whoever_paused_or_fell_silent_is_not_resumed_by_a_word(town: Town) -> None:
    person = town.learner()
    person.types("pause")
    assert "Quel plaisir" not in person.types("aide")
    assert person.learner.state == "paused"


def test_a_stranger_who_blocks_is_not_remembered(town: Town) -> None:
    person = town.person()
    person.does(kind=Kind.LEFT)
    person.does(kind=Kind.BACK)
    assert "learner" not in rows(town)


def test_a_group_is_told_once_how_to_reach_the_bot(town: Town) -> None:
    group = town.person("-100")
    assert "conversation privée" in group.does(kind=Kind.GROUP)
    assert group.does(kind=Kind.GROUP) == ""


@pytest.mark.parametrize(
    "said",
    [
        "/pause à partir du 5 janvier",
        "/pause dans deux semaines",
        "/pause dès le 5 janvier",
        "/pause le 5 janvier",
        "Pause, je pars le 20 décembre",
        "/pause le 20/12",
        "/pause the 20th of December",
    ],
)
def test_the_beginning_of_a_pause_is_not_taken_for_its_end(town: Town, said: str) -> None:
    person = town.learner()
    assert "C’est en pause" in person.types(said)
    assert (person.learner.pause_reason, person.enrolment.next_at) == ("asked", None)


@pytest.mark.parametrize(
    "said",
    [
        *(
            "Pause ? Non, je continue",
            "Faut-il stopper les IA, faire une pause ?",
        ),
        *(
            "L’appel demandait aux labos de s’arrêter, de faire une pause",
            "Je lis vos leçons au bureau, en pause",
            "Je lis vos leçons en vacances jusqu'au 5 janvier, en pause",
            "L’appel vaut jusqu’au 5 janvier : faire une pause",
            "Congés jusqu'au 5 janvier, ne mettez pas en pause",
            "En formation deux semaines, pause déjeuner à midi",
            "Until we know more, take a break",
            "2 semaines en pause",
            "Les labos, à l’arrêt jusqu’à lundi, ont pu mettre les cours en pause",
        ),
    ],
)
def test_a_text_about_a_pause_pauses_nobody(town: Town, said: str) -> None:
    person = town.learner()
    person.types(said)
    assert person.state == "active"


@pytest.mark.parametrize("said", ["Reprendre, pas maintenant", "Reprendre (en janvier)"])
def test_a_return_that_is_put_off_resumes_nothing(town: Town, said: str) -> None:
    person = town.learner()
    person.types("pause")
    person.types(said)
    assert person.state == "paused"
