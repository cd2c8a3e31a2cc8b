# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The end of the course: said once, when it is true, with a choice of how often questions come."""

from __future__ import annotations

import pytest

from bot.wording import words_of
from storage import courses, witnesses
from storage.store import Store
from storage.types import Tx
from tests.bot.builders import Person, Town, lesson, push, setting

OVER = "Parcours terminé"
ASKS = "On révise"


def answers(person: Person) -> str:
    """Answer right whatever is asked; return what was said."""
    heard = ""
    while person.waits:
        heard += person.types(person.right())
    return heard


def goes_on(person: Person) -> str:
    """What the next slot brings, and what is said of the answers."""
    before = len(person.shown)
    person.town.tick(person.next_at)
    return person.heard(before) + answers(person)


def ends(town: Town, address: str = "1") -> Person:
    """Someone who has answered all four lessons."""
    person = town.learner(address)
    answers(person)
    for _ in range(3):
        goes_on(person)
    return person


def test_the_verdict_that_closes_the_last_lesson_says_so_once(town: Town) -> None:
    person = town.learner()
    said = [answers(person), *(goes_on(person) for _ in range(8))]
    assert [place for place, heard in enumerate(said) if OVER in heard] == [3]
    assert "4 leçons suivies." in said[3]
    assert person.enrolment.finished_at is not None


def test_it_is_said_after_the_last_question_of_the_last_lesson(town: Town) -> None:
    person = town.learner()
    answers(person)
    for _ in range(2):
        goes_on(person)
    town.tick(person.next_at)
    assert OVER not in person.types(person.right())
    assert OVER in person.types(person.right())


def test_it_is_said_to_somebody_who_answers_only_the_first_question_of_each_slot(town: Town) -> None:
    person = town.learner()
    said = [person.types(person.right())]
    for _ in range(5):
        town.tick(person.next_at)
        said.append(person.types(person.right()))
    assert [place for place, heard in enumerate(said) if OVER in heard] == [4]
    assert ASKS not in said[4]


def test_a_course_of_which_a_lesson_is_held_back_is_not_finished(town: Town) -> None:
    version = town.store.read_now(_version, "quatre")
    town.store.write_now(witnesses.hold, version)
    person = town.learner()
    answers(person)
    assert OVER not in "".join(goes_on(person) for _ in range(9))
    assert "leçon" not in person.types("progression").splitlines()[-1]
    town.store.write_now(lambda tx: push(tx, lesson("quatre", takeaway="Autre chose.")))
    while "Titre de quatre" not in goes_on(person):
        continue
    assert person.enrolment.finished_at is not None


def test_a_course_of_which_a_lesson_is_past_its_date_is_finished(store: Store) -> None:
    source = lesson("deux").sources[0].model_dump(mode="json") | {
        "checked": "2026-09-01",
        "date": "2026-08-01",
    }
    last = lesson("deux", sources=[source], review_by="2026-11-23")
    town = Town(store).teach(lesson("un"), last)
    person = town.learner()
    town.wait(days=1)
    person.types(person.right())
    assert OVER in person.types(person.right())


def _version(tx: Tx, slug: str) -> str:
    published = courses.catalogue(tx)
    assert published is not None
    return published.entries[slug].version


@pytest.mark.parametrize(
    ("said", "rhythm"),
    [
        ("D’accord", "normal"),
        ("ok", "normal"),
        ("Tous mes jours de leçon", "daily"),
        ("chaque jour", "daily"),
        ("une fois par semaine", "weekly"),
        ("3", "weekly"),
        ("plus rien", "none"),
    ],
)
def test_how_often_questions_come_can_be_typed(town: Town, said: str, rhythm: str) -> None:
    person = ends(town)
    assert "C’est noté" in person.types(said)
    assert person.enrolment.rhythm == rhythm


def coming(person: Person) -> str:
    """The line of `progression` that tells what comes next."""
    lines = person.types("progression").splitlines()
    return next(line for line in lines if line.startswith("Prochaine"))


@pytest.mark.parametrize("said", ["non", "non merci", "Plus rien"])
def test_a_refusal_under_the_end_is_heard_as_one(town: Town, said: str) -> None:
    person = ends(town)
    assert "plus de questions" in person.types(said)
    assert person.enrolment.rhythm == "none"


def test_the_choice_says_when_the_next_questions_come(town: Town) -> None:
    person = ends(town)
    assert "La suite vient" not in person.heard()[person.heard().index(OVER) - 400 :]
    when = coming(person).removeprefix("Prochaines questions\u00a0: ")[:-1]
    question = next(piece.question for _, _, piece in reversed(person.shown) if piece.question)
    assert when in person.presses("normal", question=question)


def test_a_rhythm_that_was_chosen_before_the_end_stays(town: Town) -> None:
    person = town.learner()
    answers(person)
    setting(person, "rythme")
    person.types("une fois par semaine")
    for _ in range(3):
        goes_on(person)
    assert "une fois par semaine au plus" in person.heard()[-300:]
    person.types("d'accord")
    assert person.enrolment.rhythm == "weekly"


def test_lessons_without_an_answer_are_told_at_the_end(town: Town) -> None:
    person = town.learner()
    answers(person)
    town.tick(person.next_at)
    town.tick(person.next_at)
    heard = goes_on(person)
    while OVER not in heard:
        heard = goes_on(person)
    assert "leçons suivies. " in heard


def test_a_setting_that_changes_after_the_end_tells_of_questions_not_of_a_lesson(town: Town) -> None:
    person = ends(town)
    person.types("d'accord")
    setting(person, "heure")
    heard = person.types("9 h")
    assert "Les prochaines questions arrivent" in heard
    assert "leçon" not in heard


def test_no_questions_are_foretold_of_a_lesson_whose_review_date_passes_before(town: Town) -> None:
    lapsing = {
        "sources": [
            lesson("a").sources[0].model_dump(mode="json") | {"checked": "2026-09-01", "date": "2026-08-01"}
        ]
    }
    town = Town(town.store).teach(
        lesson("a"),
        lesson("b", **lapsing, review_by="2026-11-26"),
        lesson("c", **lapsing, review_by="2026-11-27"),
    )
    person = town.learner()
    while person.enrolment.finished_at is None:
        goes_on(person) if not person.waits else answers(person)
    line = coming(person)
    heard = ""
    while ASKS not in heard:
        before = len(person.shown)
        town.tick(person.next_at)
        heard = person.heard(before)
    assert words_of("fr").when(town.now, "Europe/Paris") in line


def test_what_is_long_overdue_is_foretold(town: Town) -> None:
    person = ends(town)
    person.types("d'accord")
    person.types("pause deux mois")
    heard = person.types("progression") + person.types("pause trois mois")
    assert "rien à vous redemander" not in heard
    before = len(person.shown)
    town.tick(person.next_at)
    assert ASKS in person.heard(before)
    assert "rien à vous redemander" not in person.types("progression")


def test_it_can_be_pressed_and_changed_in_the_settings(town: Town) -> None:
    person = ends(town)
    assert "une fois par semaine" in person.presses("weekly")
    assert person.enrolment.rhythm == "weekly"
    assert "Combien de fois" in setting(person, "rythme")
    assert "plus de questions" in person.types("plus rien")
    assert person.enrolment.rhythm == "none"


@pytest.mark.parametrize(("rhythm", "most"), [("daily", 5), ("normal", 3), ("weekly", 1), ("none", 0)])
def test_no_week_has_more_slots_than_was_agreed(town: Town, rhythm: str, most: int) -> None:
    town.teach(*(lesson(f"l{place:02}") for place in range(24)))
    person = town.learner()
    answers(person)
    while person.enrolment.finished_at is None:
        goes_on(person)
    person.presses(rhythm)
    town.wait(days=7 - town.now.weekday())
    asked = []
    for _ in range(5):
        before = len(person.shown)
        town.tick(person.next_at)
        asked.append(ASKS in person.heard(before))
        while person.waits:
            person.types(person.wrong())
    assert sum(asked) == most


def test_after_nothing_more_a_new_lesson_still_comes(town: Town) -> None:
    person = ends(town)
    person.presses("none")
    assert not any(ASKS in goes_on(person) for _ in range(8))
    heard = person.types("progression") + person.types("lecon") + person.types("start")
    assert heard.count("choisi de ne plus recevoir de questions") == 3
    assert "à revoir" not in heard
    person.types("quiz")
    assert "reviendra" not in person.types(person.wrong())
    town.store.write_now(lambda tx: push(tx, lesson("cinq")))
    heard = goes_on(person)
    assert "Titre de cinq" in heard
    assert OVER not in heard


def test_what_comes_next_is_questions_and_they_come_then(town: Town) -> None:
    person = ends(town)
    line = coming(person)
    assert line.startswith("Prochaines questions\u00a0: ")
    assert line.removeprefix("Prochaines questions\u00a0: ")[:-1] in person.types("start")
    heard = ""
    while ASKS not in heard:
        before = len(person.shown)
        town.tick(person.next_at)
        heard = person.heard(before)
    assert words_of("fr").when(town.now, "Europe/Paris") in line


# --- silence after the end


@pytest.mark.parametrize("rhythm", ["daily", "normal", "weekly"])
def test_silence_after_the_end_brings_five_questions_then_a_pause_and_nothing_more(
    town: Town, rhythm: str
) -> None:
    town.teach(*(lesson(f"l{place:02}") for place in range(12)))
    person = town.learner()
    answers(person)
    while person.enrolment.finished_at is None:
        goes_on(person)
    person.presses(rhythm)
    before, weeks = len(person.shown), []
    for _ in range(400):
        shown = len(person.shown)
        town.wait(days=1)
        town.tick()
        weeks += [town.now.isocalendar()[:2]] * (len(person.shown) - shown)
    heard = person.heard(before).split("\n---\n")
    assert [ASKS in one for one in heard] == [True] * 5 + [False]
    assert "je ne pose plus de questions" in heard[-1]
    assert person.learner.pause_reason == "silent"
    assert len(set(weeks[2:])) == len(weeks[2:]), "the last ones come once a week"


def test_a_wish_for_nothing_after_the_end_is_kept(town: Town) -> None:
    person = ends(town)
    person.presses("none")
    before = len(person.shown)
    for _ in range(400):
        town.wait(days=1)
        town.tick()
    assert person.shown[before:] == []
    assert person.state == "active"


def test_lessons_pushed_to_somebody_silent_after_the_end_end_in_the_pause_too(town: Town) -> None:
    person = ends(town)
    before = len(person.shown)
    for day in range(200):
        town.wait(days=1)
        if day % 5 == 0:
            town.store.write_now(push, lesson(f"new{day:03}"))
        town.tick()
    assert person.learner.pause_reason == "silent"
    assert len(person.shown) - before <= 7
