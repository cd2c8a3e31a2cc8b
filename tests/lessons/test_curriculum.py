# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

from __future__ import annotations

from lessons.curriculum import Placed, curriculum
from lessons.model import Audience
from tests.lessons import builders

BOTH, AGENTS = (Audience.AGENT, Audience.ELU), (Audience.AGENT,)
PLACED = (
    Placed("frugale-2", "ia-frugale", 2, BOTH),
    Placed("frugale-1", "ia-frugale", 1, AGENTS),
    Placed("ailleurs", "autre", 1, BOTH),
    Placed("donnees-10", "donnees-personnelles", 10, BOTH),
    Placed("donnees-9", "donnees-personnelles", 9, BOTH),
)


def test_without_a_path_lessons_follow_the_themes_and_their_places() -> None:
    assert curriculum(builders.course(), PLACED, "agent") == (
        "donnees-9",
        "donnees-10",
        "frugale-1",
        "frugale-2",
        "ailleurs",
    )


def test_a_learner_gets_the_lessons_of_their_audience_only() -> None:
    assert "frugale-1" not in curriculum(builders.course(), PLACED, "elu")


def test_an_ambassador_gets_every_lesson() -> None:
    assert set(curriculum(builders.course(), PLACED, "ambassadeur")) == {placed.id for placed in PLACED}


def test_what_no_path_names_comes_after_them() -> None:
    paths = [
        {"id": "elu", "title": "Élus", "lessons": ["donnees-9"]},
        {"id": "agent", "title": "Agents", "lessons": ["frugale-1", "donnees-10"]},
    ]
    course = builders.course(paths=paths)
    assert curriculum(course, PLACED, "elu") == ("donnees-9", "frugale-2", "ailleurs")
    assert curriculum(course, PLACED, "agent") == ("frugale-1", "donnees-10", "frugale-2", "ailleurs")


def test_a_path_gives_its_own_order_to_its_role() -> None:
    lessons = ["frugale-2", "retiree", "frugale-1", "donnees-9"]
    course = builders.course(paths=[{"id": "elu", "title": "Élus", "lessons": lessons}])
    assert curriculum(course, PLACED, "elu")[:2] == ("frugale-2", "donnees-9")
    assert curriculum(course, PLACED, "agent")[0] == "donnees-9"
