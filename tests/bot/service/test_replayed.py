# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A restored copy brings nobody back whom a journal names: whom does it erase again, and whom not?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.service.replayed import replay
from storage import devices, journal, learners
from storage.journal import Line
from tests.bot.builders import MONDAY

if TYPE_CHECKING:
    from tests.bot.builders import Town

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def lines_of(town: Town) -> list[Line]:
    return town.store.read_now(journal.rows)


def test_who_was_erased_after_the_copy_is_erased_again_and_nobody_else(town: Town) -> None:
    leaving, staying, invited = town.learner("1"), town.learner("2"), town.person("3")
    invited.types("bonjour")
    town.store.write_now(devices.note, "telegram", "ici", town.now)
    lines = [
        Line(4, MONDAY + DAY, leaving.learner.id),
        Line(5, MONDAY + DAY, invited.learner.id),
        Line(6, MONDAY + DAY, "f" * 16),
        Line(7, MONDAY + DAY, "0" * 16),
    ]
    kept = staying.learner.id
    done = replay(town.store, lines, MONDAY + DAY + 5 * HOUR, MONDAY + 2 * DAY)
    assert (done.erased, done.until, done.uncovered) == (2, MONDAY + DAY, 5 * HOUR)
    assert town.store.read_now(learners.count) == {"active": 1}
    assert staying.learner.id == kept
    assert sorted(lines_of(town)) == sorted(lines)
    assert town.store.read_now(journal.last) == 7
    assert set(town.store.read_now(devices.waiting, "telegram", "ici", MONDAY + 2 * DAY)) == {"1", "3"}
    again = replay(town.store, lines, MONDAY, MONDAY + 2 * DAY)
    assert (again.erased, again.uncovered) == (0, timedelta(0))
    town.tick(MONDAY + 3 * DAY)
    assert leaving.heard() == leaving.heard(0)
    assert "Titre de deux" not in leaving.heard()


def test_who_was_erased_and_back_on_the_same_day_stays(town: Town) -> None:
    person = town.learner()
    person.types("oublier")
    person.types("1")
    before = lines_of(town)
    person.types("bonjour")
    person.types("oui")
    town.wait(hours=3)
    assert replay(town.store, before, town.now, town.now).erased == 0
    assert person.learner.state == "active"


def test_a_consent_by_a_clock_ahead_hides_nobody_from_the_journal(town: Town) -> None:
    town.now = MONDAY + 365 * DAY
    ahead = town.learner("ahead")
    town.now = MONDAY
    other = town.learner("other")
    line = Line(1, MONDAY + HOUR, ahead.learner.id)
    assert replay(town.store, [line], MONDAY + HOUR, MONDAY + 2 * HOUR).erased == 1
    assert (ahead.state, other.state) == ("nobody", "active")


def test_the_union_of_two_machines_journals_is_replayed(town: Town) -> None:
    people = [town.learner(str(number)) for number in range(120)]
    lines = [Line(n, MONDAY + HOUR, person.learner.id) for n, person in enumerate(people, 1)]
    first, second = lines[:80], lines[40:]
    assert replay(town.store, [*first, *second], MONDAY + HOUR, MONDAY + HOUR).erased == 120
    assert town.store.read_now(learners.count) == {}
    assert lines_of(town) == lines
