# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is the course that ships what its readers deserve? Part of `make check`; the rules are in `editorial`."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from bot.fitting import fit
from bot.messages import Ask, Limits, Message
from bot.talk import showing
from bot.wording import words_of
from lessons import advice, markup, source
from lessons.curriculum import Placed as Place
from lessons.curriculum import Role, curriculum
from lessons.model import Course, Kind, Lesson, Question
from tests.lessons import editorial, syllabus

LIBRARY = source.read([source.library()])
LESSONS = [placed.lesson for placed in LIBRARY.lessons]
QUESTIONS = [(lesson, question) for lesson in LESSONS for question in lesson.questions]

TOO_ALIKE = 0.55
"""Shared words of two questions that ask the same; the most alike of the course stay under it."""
SLOPE = 0.12
"""How much longer, on average, right choices may be than wrong ones, or shorter."""


@pytest.fixture
def course() -> Course:
    assert LIBRARY.course is not None
    return LIBRARY.course


def test_an_editor_has_nothing_to_mark() -> None:
    assert [(lesson.id, remark) for lesson in LESSONS for remark in editorial.remarks(lesson)] == []


def test_a_lesson_stands_where_its_file_says() -> None:
    misplaced = []
    for placed in LIBRARY.lessons:
        file = Path(placed.file)
        if file.parent.name != placed.lesson.theme or not re.fullmatch(
            rf"\d\d-{placed.lesson.id}", file.stem
        ):
            misplaced.append(placed.file)
    assert misplaced == []


def test_a_lesson_and_its_first_question_are_one_message_on_telegram() -> None:
    words, limits, cut = words_of("fr"), Limits(ask=Ask.BUTTONS, edits=True), []
    for lesson in LESSONS:
        asked = lesson.questions[0]
        question = showing.question_of(words, asked, "p", [key for key, _ in asked.keyed()])
        if len(fit(Message(showing.lesson_text(words, lesson), question), limits)) != 1:
            cut.append(lesson.id)
    assert cut == []


def test_the_course_is_as_large_as_was_promised(course: Course) -> None:
    assert len(LESSONS) >= 81
    assert len(QUESTIONS) >= 294
    assert len(course.themes) == 11


def test_themes_have_lessons_without_gaps(course: Course) -> None:
    for theme in course.themes:
        places = [placed.place for placed in LIBRARY.lessons if placed.lesson.theme == theme.id]
        assert places == list(range(1, len(places) + 1)), theme.id
        assert len(places) >= 5, theme.id


def test_every_role_has_a_path_and_every_lesson_is_on_one(course: Course) -> None:
    ways = {path.id: path.lessons for path in course.paths}
    assert set(ways) == set(Role)
    placed = [
        Place(one.lesson.id, one.lesson.theme, one.place or 0, one.lesson.audience) for one in LIBRARY.lessons
    ]
    for role in Role:
        assert curriculum(course, placed, role) == ways[role]
    assert set(ways[Role.AGENT]) == {lesson.id for lesson in LESSONS if "agent" in lesson.audience}
    assert set(ways[Role.AMBASSADEUR]) == {lesson.id for lesson in LESSONS}
    assert len(ways[Role.ELU]) < len(ways[Role.AGENT])


def test_a_path_changes_its_subject_often(course: Course) -> None:
    themes = {lesson.id: lesson.theme for lesson in LESSONS}
    for path in course.paths:
        for three in zip(path.lessons, path.lessons[1:], path.lessons[2:], strict=False):
            assert len({themes[slug] for slug in three}) > 1, three


def test_paths_begin_with_what_serves_at_once(course: Course) -> None:
    for path in course.paths:
        assert path.lessons[:3] == ("donnees-coller", "erreurs-verifier", "changement-mention")


def test_a_guess_without_reading_wins_nothing() -> None:
    assert advice.on_collection(LESSONS) == ()


def mean_length(questions: list[Question], *, correct: bool) -> float:
    lengths = [len(c.text) for question in questions for c in question.choices if c.correct is correct]
    return sum(lengths) / len(lengths)


@pytest.mark.parametrize("kind", [Kind.SINGLE, Kind.MULTIPLE])
def test_right_choices_are_as_long_as_wrong_ones(kind: Kind) -> None:
    questions = [question for _, question in QUESTIONS if question.kind is kind]
    ratio = mean_length(questions, correct=True) / mean_length(questions, correct=False)
    assert 1 - SLOPE <= ratio <= 1 + SLOPE, ratio


def test_neither_true_nor_false_is_the_better_guess() -> None:
    answers = Counter(
        choice.text
        for _, question in QUESTIONS
        if question.kind is Kind.TRUE_FALSE
        for choice in question.choices
        if choice.correct
    )
    assert min(answers["Vrai"], answers["Faux"]) >= sum(answers.values()) / 4, answers


def test_kinds_vary() -> None:
    kinds = Counter(question.kind for _, question in QUESTIONS)
    assert set(kinds) == set(Kind)
    assert kinds[Kind.SINGLE] < 0.7 * len(QUESTIONS)


def test_no_two_questions_ask_the_same() -> None:
    alike = [
        (one.id, first.id, other.id, second.id)
        for (one, first), (other, second) in combinations(QUESTIONS, 2)
        if editorial.likeness(first.text, second.text) > TOO_ALIKE
    ]
    assert alike == []


def test_every_feedback_is_its_own() -> None:
    said = Counter(
        choice.feedback
        for _, question in QUESTIONS
        for choice in question.choices
        if question.kind is not Kind.TRUE_FALSE
    )
    assert [feedback for feedback, times in said.items() if times > 1] == []


def test_what_an_ai_wrote_says_so_until_a_person_signs() -> None:
    for lesson in LESSONS:
        assert lesson.authorship.ai_assisted
        assert "IA" in markup.plain(showing.lesson_aside(words_of("fr"), lesson)).splitlines()[-1]


def test_one_page_has_one_date() -> None:
    dates: dict[str, set[str]] = {}
    for lesson in LESSONS:
        for cited in lesson.sources:
            dates.setdefault(cited.url, set()).add(str(cited.date))
    assert {url: found for url, found in dates.items() if len(found) > 1} == {}


def test_links_in_bodies_are_https() -> None:
    for lesson in LESSONS:
        assert re.findall(r"\]\((?!https://)", lesson.body) == [], lesson.id


def test_the_page_of_the_course_is_true() -> None:
    assert syllabus.PAGE.read_text() == syllabus.page(), "`make cours` writes it anew"


# --- the rules themselves: each of them finds what it is for


def spoiled(**changes: object) -> Lesson:
    good = next(lesson for lesson in LESSONS if lesson.id == "donnees-coller")
    return Lesson.model_validate({**good.model_dump(mode="json"), **changes})


def test_a_lesson_that_breaks_a_rule_is_marked() -> None:
    broken: list[tuple[dict[str, object], str]] = [
        ({"facts": []}, "nommer les faits"),
        ({"facts": ["XX-99"]}, "XX-99 n’est pas dans docs/faits.md"),
        ({"facts": ["PI-07"], "review_by": "2027-06-30"}, "2027-01-31 au plus tard"),
        ({"review_by": "2028-06-30"}, "au plus tard"),
        ({"takeaway": "Une phrase" + " bien trop longue" * 6}, "pour tenir sur une ligne"),
        ({"objective": "Comprendre les données"}, "verbe d’action"),
        ({"objective": "Les données personnelles"}, "verbe d’action"),
        ({"title": "Le RGPDX et vous"}, "sigle RGPDX"),
        ({"title": "Ouvrez le chatbot"}, "« chatbot »"),
        ({"title": "Demande à ton collègue"}, "on dit vous"),
        ({"title": "Les agent·es et l’IA"}, "point médian"),
        ({"title": "Les élu(e)s et l’IA"}, "parenthèse"),
        ({"title": "C'est l’IA"}, "apostrophe droite"),
        ({"title": "Qui décide ?"}, "insécable fine"),
        ({"title": "Règle : lisez"}, "insécable avant :"),
        ({"title": "Le « mot »"}, "insécable après «"),
        ({"title": "Payer 60 000\u00a0€"}, "milliers"),
        ({"title": "Gagner 30%"}, "avant % ou €"),
        ({"title": "Attendez..."}, "points de suspension"),
        ({"title": "Lisez !!"}, "on ne crie pas"),
        ({"body": "Un agent lit " + "un texte et " * 30 + "répond. Vous aussi."}, "mots par phrase"),
        ({"body": "Vous anticipez l’institutionnalisation réglementaire administrative."}, "LIX"),
        ({"body": "Le maire lit le texte. Puis il le range dans la boîte."}, "s’adresser au lecteur"),
    ]
    assert [
        (changes, expected)
        for changes, expected in broken
        if expected not in "\n".join(editorial.remarks(spoiled(**changes)))
    ] == []


def test_a_question_that_breaks_a_rule_is_marked() -> None:
    others = spoiled().model_dump(mode="json")["questions"][1:]
    failures = []
    for text, choices, expected in [
        ("Que faites-vous\u202f?", ["Rien", "Tout"], "trois distracteurs"),
        ("Que faites-vous\u202f?", ["Ceci", "Cela", "Toutes ces réponses", "Autre"], "Toutes ces réponses"),
        ("Que ne faut-il jamais ne pas faire\u202f?", ["Un", "Deux", "Trois", "Cinq"], "double négation"),
        ("Que ne faut-il PAS faire\u202f?", ["Un", "Deux", "Trois", "Cinq"], "négation criée"),
        ("Que faites-vous\u202f?", ["Un", "Deux", "Je relis tout le dossier", "Six"], "trop inégales"),
    ]:
        asked = {
            "id": "q1",
            "kind": "single",
            "text": text,
            "choices": [
                {"text": choice, "correct": place == 0, "feedback": "Parce que."}
                for place, choice in enumerate(choices)
            ],
            "explanation": "Voilà.",
        }
        if expected not in "\n".join(editorial.remarks(spoiled(questions=[asked, *others]))):
            failures.append((text, choices, expected))
    assert failures == []


def test_the_index_of_a_text_is_as_it_was_defined() -> None:
    assert editorial.lix("Le chat dort. La souris grignotait.") == pytest.approx(6 / 2 + 100 * 1 / 6)


def test_likeness_goes_from_nothing_to_the_same() -> None:
    assert editorial.likeness("Que faites-vous de ce dossier ?", "QUE FAITES-VOUS DE CE DOSSIER ?") == 1
    assert editorial.likeness("Le chat dort", "Une souris passe") == 0
