# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is the lesson asked for the current one, then the next?"""

from __future__ import annotations

from datetime import date

import pytest

from bot.service import planning
from bot.talk import showing
from bot.wording import words_of
from lessons import markup
from storage import tables, witnesses
from tests.bot.builders import Town, lesson, publish, push


def test_the_current_lesson_is_shown_again_while_it_is_open(town: Town) -> None:
    person = town.learner()
    first = person.quiz
    assert "Titre de un" in person.types("lecon")
    assert person.quiz.id == first.id


def test_the_next_lesson_comes_once_the_current_is_answered(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    assert "Titre de deux" in person.types("lecon")
    assert person.enrolment.position == "deux"


def test_a_lesson_that_waits_and_was_published_anew_comes_once(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    town.store.write_now(planning.plan, person.next_at)
    town.now = person.next_at
    town.store.write_now(lambda tx: push(tx, lesson("deux", takeaway="Autre chose.")))
    before = len(person.shown)
    person.types("lecon")
    assert person.heard(before).count("Titre de deux") == 1
    assert "Autre chose." in person.heard(before)


def test_the_same_event_told_twice_moves_on_once(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    assert "Titre de deux" in person.does("again", text="/lecon")
    assert person.does("again", text="/lecon") == ""
    assert person.enrolment.position == "deux"


def test_a_lesson_shown_again_can_still_be_answered_and_edited(town: Town) -> None:
    person = town.learner()
    person.types("lecon")
    person.presses(person.quiz.content["order"][0])
    assert getattr(person.shown[-2][2], "of", "") == person.shown[-3][0]


def test_at_the_end_of_the_course_it_says_so(town: Town) -> None:
    person = town.learner()
    for _ in range(3):
        person.types(person.right())
        person.types("lecon")
    person.types(person.right())
    assert "toutes les leçons" in person.types("lecon")


def test_a_lesson_past_its_date_or_refused_is_held_back(town: Town) -> None:
    late = lesson("deux", review_by="2026-11-22", sources=_checked_before())
    town.store.write_now(publish, lesson("un"), late, lesson("trois"), lesson("quatre"), now=town.now)
    town.store.write_now(witnesses.hold, lesson("trois").version)
    person = town.learner()
    person.types(person.right())
    assert "Titre de quatre" in person.types("lecon")


def _checked_before() -> list[dict[str, str]]:
    source = lesson("x").sources[0].model_dump(mode="json")
    return [source | {"checked": "2026-11-01"}]


def test_a_role_follows_its_own_lessons(town: Town) -> None:
    town.store.write_now(
        publish, lesson("un"), lesson("deux", audience=["elu"]), lesson("trois"), now=town.now
    )
    person = town.learner()
    person.types(person.right())
    assert "Titre de trois" in person.types("lecon")


def test_a_lesson_of_the_day_is_dated(town: Town) -> None:
    town.learner()
    found = town.store.read_now(lambda tx: tx.execute(tables.delivered.select()).one())
    assert (found.lesson_id, found.at.date()) == ("un", date(2026, 11, 23))


@pytest.mark.parametrize(
    ("ways", "line"),
    [
        (["page", "page"], "Sources (ouvertes le 1er novembre 2026) :"),
        (["page", "copy"], "Sources (comparées sur copie le 1er novembre 2026) :"),
        (["quoted", "copy"], "Sources (citées d’après d’autres, le 1er novembre 2026) :"),
        (["page", None], "Sources (état au 1er novembre 2026) :"),
        (["copy"], "Sources (comparées sur copie le 9 novembre 2026) :"),
    ],
)
def test_a_lesson_says_how_its_sources_were_read(ways: list[str | None], line: str) -> None:
    source = lesson("x").sources[0].model_dump(mode="json")
    days = ["2026-11-09", "2026-11-01"]
    dated = [source | {"checked": day, "seen": way} for day, way in zip(days, ways, strict=False)]
    shown = markup.plain(showing.lesson_aside(words_of("fr"), lesson("un", sources=dated)))
    assert line in shown
    assert "vérifié" not in shown
