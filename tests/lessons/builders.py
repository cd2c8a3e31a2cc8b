# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Valid lessons to start from: each builder takes what a test wants to be otherwise."""

from __future__ import annotations

from typing import Any

import yaml

from lessons.model import Course, Lesson, Question


def choice(text: str, *, correct: bool = False, feedback: str = "Parce que.") -> dict[str, Any]:
    return {"text": text, "correct": correct, "feedback": feedback}


def single(**other: Any) -> dict[str, Any]:
    return {
        "id": "q1",
        "kind": "single",
        "text": "Que peut-on coller dans un assistant public ?",
        "choices": [
            choice("Un texte déjà publié", correct=True),
            choice("Une lettre d'habitant"),
            choice("Un arrêté en préparation"),
        ],
        "explanation": "Ce qui est déjà public peut l'être encore.",
    } | other


def multiple(**other: Any) -> dict[str, Any]:
    choices = [
        choice("Le nom", correct=True),
        choice("L'adresse", correct=True),
        choice("La photo", correct=True),
        choice("La météo"),
        choice("Le calendrier"),
    ]
    return single(id="q2", kind="multiple", text="Que retirer ?", choices=choices) | other


def true_false(**other: Any) -> dict[str, Any]:
    return single(id="q3", kind="true_false", choices=[choice("Vrai"), choice("Faux", correct=True)]) | other


def number(**other: Any) -> dict[str, Any]:
    return {
        "id": "q4",
        "kind": "number",
        "text": "Combien d'eau ?",
        "answer": 45,
        "tolerance": 10,
        "unit": "mL",
        "explanation": "Une estimation, à dater.",
    } | other


def content(**other: Any) -> dict[str, Any]:
    """A valid lesson as its file says it."""
    return {
        "id": "donnees-coller",
        "title": "Coller un texte, c'est le transmettre",
        "theme": "donnees-personnelles",
        "audience": ["agent", "elu"],
        "level": 1,
        "objective": "Savoir ce qui peut être collé",
        "body": "Un assistant **garde** ce qu'on lui donne.\n\n- un\n- deux",
        "takeaway": "On ne colle que ce qui est public.",
        "facts": ["DP-02"],
        "sources": [
            {
                "title": "Les questions-réponses",
                "publisher": "CNIL",
                "url": "https://www.cnil.fr/fr/reponses",
                "date": "2024-07-18",
                "checked": "2026-11-01",
            }
        ],
        "review_by": "2027-06-30",
        "authorship": {"ai_assisted": True, "reviewed_by": None, "reviewed_on": None},
        "questions": [single(), multiple()],
    } | other


def lesson(**other: Any) -> Lesson:
    return Lesson.model_validate(content(**other))


def question(described: dict[str, Any]) -> Question:
    return Question.model_validate(described)


def course_content(**other: Any) -> dict[str, Any]:
    """A valid course as its file says it."""
    return {
        "id": "ia-collectivites",
        "title": "L'IA au service du public",
        "language": "fr",
        "themes": [
            {"id": "donnees-personnelles", "title": "Données personnelles", "summary": "Ce qu'on protège."},
            {"id": "ia-frugale", "title": "IA frugale", "summary": "Ce qu'on dépense."},
        ],
        "paths": [],
    } | other


def course(**other: Any) -> Course:
    return Course.model_validate(course_content(**other))


def as_yaml(described: dict[str, Any]) -> bytes:
    return yaml.safe_dump(described, allow_unicode=True, sort_keys=False).encode()
