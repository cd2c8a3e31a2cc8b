# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What are admins told, and how often?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from bot.service.alerts import (
    Reached,
    tell_admins,
    tell_damage,
    tell_difference,
    tell_end,
    tell_of_lesson,
    tell_of_silence,
    tell_overdue,
    tell_trouble,
    tell_unnamed,
)
from storage.outbox import claims, takeover
from storage.outbox.rows import Mark
from storage.reconciliation import Day
from storage.types import Tx
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


# --- what lasts

MAYOR = [Reached("telegram", ("mairie",), BUTTONS)]
FAULT, DEAF = "alert.fault", "alert.deaf"
BROKEN, WORKS = "ne fonctionne plus", "fonctionne de nouveau"


def begins(town: Town, key: str = FAULT, sentence: str = "") -> bool:
    return town.store.write_now(tell_trouble, MAYOR, key, "matrix", town.now, sentence)


def ends(town: Town, key: str = FAULT) -> int:
    return town.store.write_now(tell_end, MAYOR, key, "matrix", town.now)


def heard(town: Town) -> str:
    """What the mayor's office reads when all that waits may leave."""
    mayor = town.person("mairie")
    before = len(mayor.shown)
    town.deliver()
    return mayor.heard(before)


def test_a_fault_is_told_once_however_long_it_lasts_and_so_is_its_end(town: Town, mairie: Person) -> None:
    assert begins(town)
    assert heard(town).count(BROKEN) == 1
    for _ in range(30):  # it is noticed again and again, by new processes too
        town.wait(hours=1)
        assert begins(town)
        assert heard(town) == ""
    ends(town)
    assert heard(town).count(WORKS) == 1
    for _ in range(3):
        assert ends(town) == 0
        assert heard(town) == ""


def test_a_fault_that_was_never_told_is_never_told(town: Town, mairie: Person) -> None:
    """The admin reads the very channel that is at fault: six messages of an outage used to arrive after it."""
    for _ in range(7):
        assert begins(town)
        town.wait(hours=1)
    ends(town)
    assert heard(town) == ""


def test_a_fault_that_may_have_been_told_is_said_to_be_over(town: Town, mairie: Person) -> None:
    """It was sent when the connection broke: nobody knows whether it was read. Or it is being sent now."""
    for reason in ("Uncertain: the connection ended", None):
        begins(town)
        (row,), _ = town.store.write_now(claims.claim, "telegram", "token", town.now, 1, ())
        if reason is not None:
            mark = Mark(row.id, row.address_id, "waiting", town.now, reason=reason)
            town.store.write_now(claims.mark, [mark])
        assert ends(town) == 1
        if reason is None:
            town.store.write_now(takeover.release_channel, "telegram", town.now)
        assert WORKS in heard(town)
        town.wait(hours=2)


def test_a_fault_that_comes_and_goes_is_told_once_an_hour(town: Town, mairie: Person) -> None:
    said = ""
    for _ in range(60):
        begins(town)
        said += heard(town)
        ends(town)
        said += heard(town)
        town.wait(minutes=2)
    assert (said.count(BROKEN), said.count(WORKS)) == (2, 2)


def test_a_fault_that_comes_back_within_the_hour_and_lasts_is_told_when_the_hour_is_over(
    town: Town, mairie: Person
) -> None:
    begins(town)
    ends(town)
    town.deliver()
    town.wait(minutes=5)
    assert not begins(town)
    town.wait(minutes=55)
    assert begins(town)
    assert BROKEN in heard(town)


def test_deafness_and_fault_are_two_troubles_and_each_channel_has_its_own(town: Town, mairie: Person) -> None:
    begins(town, DEAF, "alert.contested")
    assert "Un autre programme reçoit à la place du bot sur le canal matrix" in heard(town)
    begins(town)
    assert BROKEN in heard(town)
    assert town.store.write_now(tell_end, MAYOR, DEAF, "telegram", town.now) == 0
    ends(town, DEAF)
    assert "entend de nouveau le canal matrix" in heard(town)
    ends(town)
    assert WORKS in heard(town)


def test_a_refused_lesson_is_named_by_its_title_whatever_the_title_holds(town: Town, mairie: Person) -> None:
    titles = ("Ce que l’IA *n’est pas*", "x" * 300, "é" * 200, "<b>&amp; : {about} %s", "a:b.c/d\\e")
    for title in titles:
        town.store.write_now(tell_admins, MAYOR, "alert.refused", title, town.now)
        said = heard(town)
        assert f"refuse la leçon «\xa0{title}\xa0» à plusieurs personnes" in said
    for title in titles:
        town.store.write_now(tell_admins, MAYOR, "alert.refused", title, town.now)
        assert heard(town) == "", "once an hour is enough"


def tells(tx: Tx, tell: Any, about: tuple[Any, ...], now: datetime) -> int:
    return int(tell(tx, MAYOR, *about, now))


def test_alerts_name_no_learner(town: Town, mairie: Person) -> None:
    ann = town.learner("100471")
    ann.types(ann.right())
    hold_back(town, "passee")
    before = len(mairie.shown)
    known = [ann.address, ann.learner.id]
    told: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (tell_admins, ("alert.refused", "Une leçon")),
        (tell_damage, (["un"],)),
        (tell_difference, (Day(date(2026, 11, 22), 3, {"sent": 1}),)),
        (tell_of_lesson, ("alert.refused", "0123456789", "Une leçon")),
        (tell_of_silence, (5, 3)),
        (tell_overdue, ()),
        (tell_unnamed, (["privacy.dpo"], town.now)),
    )
    for tell, about in told:
        assert town.store.write_now(tells, tell, about, town.now) == 1
        town.deliver()
    said = mairie.heard(before)
    assert len(mairie.shown) - before == 7
    assert not [one for one in known if one in said]
