# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What are admins told, and how often?"""

from __future__ import annotations

from datetime import date

import pytest

from bot.service.alerts import Reached, tell_overdue
from tests.bot.builders import BUTTONS, MONDAY, Person, Town, lesson


def overdue(number: int) -> list[str]:
    return [f"passee-{place}" for place in range(number)]


def told(town: Town, addresses: tuple[str, ...] = ("mairie",)) -> str:
    """What the mayor's office reads when admins are reminded now."""
    mayor = town.person("mairie")
    before = len(mayor.shown)
    town.store.write_now(tell_overdue, [Reached("telegram", addresses, BUTTONS)], town.now)
    town.deliver()
    return mayor.heard(before)


@pytest.fixture
def mairie(town: Town) -> Person:
    return town.learner("mairie")


def hold_back(town: Town, *slugs: str) -> None:
    sources = [
        lesson("x").sources[0].model_dump(mode="json") | {"checked": "2026-09-01", "date": "2026-08-01"}
    ]
    town.teach(
        *(lesson(slug, sources=sources, review_by="2026-11-20", title=f"Titre de {slug}") for slug in slugs)
    )


def test_nothing_is_said_while_every_lesson_is_good(town: Town, mairie: Person) -> None:
    assert told(town) == ""


def test_lessons_held_back_are_told_once_a_week(town: Town, mairie: Person) -> None:
    hold_back(town, *overdue(2))
    assert town.now == MONDAY
    first = told(town)
    assert "2 leçons ne sont plus envoyées" in first
    assert "Titre de passee-0 (passee-0), à relire avant le 20 novembre 2026" in first
    for _ in range(6):
        town.wait(days=1)
        assert told(town) == ""
    town.wait(days=1)
    assert told(town) == first


def test_a_long_list_is_cut_and_counted(town: Town, mairie: Person) -> None:
    hold_back(town, *overdue(13))
    heard = told(town)
    assert heard.count("à relire avant") == 10
    assert "et 3 autres" in heard


def test_who_never_wrote_is_not_told(town: Town) -> None:
    hold_back(town, *overdue(1))
    assert told(town) == ""
    assert town.store.write_now(tell_overdue, [Reached("telegram", ("mairie",), BUTTONS)], town.now) == 0


def test_an_admin_is_told_where_they_speak_now(town: Town, mairie: Person) -> None:
    hold_back(town, *overdue(1))
    assert "1 leçon n’est plus envoyée" in told(town, ("newest room", "mairie"))


def test_an_admin_is_told_in_the_room_of_their_course(town: Town, mairie: Person) -> None:
    hold_back(town, *overdue(1))
    town.person("newest room").types("start")
    assert "1 leçon n’est plus envoyée" in told(town, ("newest room", "mairie"))


def test_a_lesson_is_good_on_its_last_day(town: Town, mairie: Person) -> None:
    hold_back(town, *overdue(1))
    town.now = town.now.replace(day=20)
    assert date(2026, 11, 20) == town.now.date()
    assert told(town) == ""
