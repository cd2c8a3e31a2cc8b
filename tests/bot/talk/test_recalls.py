# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Reviews that cannot be asked hide none that can: held back, past their date, dropped, taken out of the course."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, update

from lessons.review import Asked, Memory, Recall
from lessons.source import PlacedLesson
from storage import courses, tables, witnesses
from storage.progress import enrolments, recalls
from storage.progress.enrolments import Delivery
from tests.bot.builders import MONDAY, Person, Town, lesson, push, setting

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

MANY = 12
"""Of each kind of lesson that cannot be asked."""
LATER = MONDAY + timedelta(days=30)


def lapsed(slug: str) -> dict[str, object]:
    source = lesson(slug).sources[0].model_dump(mode="json") | {"checked": "2026-09-01", "date": "2026-08-01"}
    return {"sources": [source], "review_by": "2026-12-01"}


def finished(store: Store) -> Person:
    """Someone who has finished a course of which only the last lesson can still be asked, long after the others were due."""
    kinds = ("passee", "retenue", "partie")
    slugs = [f"{kind}-{place:02}" for kind in kinds for place in range(MANY)]
    town = Town(store).teach(
        *(lesson(slug, **(lapsed(slug) if slug.startswith("passee") else {})) for slug in slugs),
        lesson("reste"),
    )
    person = town.learner()
    person.types("effacer")  # no command of ours: nothing follows
    store.write_now(spoil, person.learner.id, slugs)
    return person


def spoil(tx: Tx, learner_id: str, slugs: list[str]) -> None:
    """Every lesson was delivered; their reviews are due, and what was asked most is what cannot be asked."""
    (enrolment,) = tx.execute(tables.enrolment.select()).all()
    all_ = [*slugs, "reste"]
    enrolments.deliver(tx, [Delivery(enrolment.id, slug, "v", MONDAY.date()) for slug in all_], MONDAY)
    published = courses.catalogue(tx)
    assert published is not None
    for days, slug in enumerate(all_):
        due = MONDAY.date() - timedelta(days=len(all_) - days)
        memory = Memory(1.0, 5.0, MONDAY.date())
        recalls.remember(tx, learner_id, slug, Recall(due, memory, "q1", {"q1": Asked(1, MONDAY.date())}))
    for slug in slugs:
        if slug.startswith("retenue"):
            witnesses.hold(tx, published.entries[slug].version)
        elif slug.startswith("partie"):
            tx.execute(delete(tables.lesson).where(tables.lesson.c.id == slug))
    tx.execute(update(tables.prompt).values(answered_at=MONDAY))


def test_what_cannot_be_asked_hides_no_review_of_quiz(store: Store) -> None:
    person = finished(store)
    person.town.now = LATER
    assert "Que dire de reste" in person.types("quiz")


def test_what_cannot_be_asked_hides_no_review_of_a_slot(store: Store) -> None:
    person = finished(store)
    store.write_now(_teach_one_more)
    person.town.tick(LATER.replace(hour=8, minute=0))
    assert "Titre de neuve" in person.heard()
    assert "Que dire de reste" in person.types(person.right())


def _teach_one_more(tx: Tx) -> None:
    push(tx, lesson("neuve"))
    tx.execute(update(tables.enrolment).values(next_at=LATER.replace(hour=7, minute=30)))


def test_what_cannot_be_asked_hides_no_review_of_a_finished_course(store: Store) -> None:
    person = finished(store)
    store.write_now(
        lambda tx: tx.execute(update(tables.enrolment).values(next_at=LATER.replace(hour=7, minute=30)))
    )
    person.town.tick(LATER.replace(hour=8, minute=0))
    assert "Que dire de reste" in person.heard()


def test_progress_announces_reviews_only_while_one_can_be_asked(store: Store) -> None:
    person = finished(store)
    person.town.now = LATER
    assert "Quelques questions sont à revoir" in person.types("progression")
    store.write_now(lambda tx: witnesses.hold(tx, courses.catalogue(tx).entries["reste"].version))  # type: ignore[union-attr]
    assert "à revoir" not in person.types("progression")
    assert "Pas encore de question" in person.types("quiz")


# --- in which order


def remembers(town: Town, person: Person, **kept: Recall) -> None:
    """Have somebody remember lessons that came."""

    def write(tx: Tx) -> None:
        enrolment = person.enrolment
        enrolments.deliver(tx, [Delivery(enrolment.id, slug, "v", MONDAY.date()) for slug in kept], MONDAY)
        for slug, recall in kept.items():
            recalls.remember(tx, person.learner.id, slug, recall)

    town.store.write_now(write)


def recall(due: int, *asked: str, failed: str | None = None) -> Recall:
    """What is due so many days after the first one; `asked` are its questions that were answered."""
    day = MONDAY.date() - timedelta(days=9)
    memory = Memory(3.0, 5.0, day)
    return Recall(MONDAY.date() + timedelta(days=due), memory, failed, {one: Asked(1, day) for one in asked})


OVERDUE = {
    "deux": recall(-5, "q1", "q2"),
    "trois": recall(-3, "q1"),
    "quatre": recall(-1, "q1", failed="q1"),
}


def test_a_failed_question_comes_before_one_never_asked_and_this_before_what_is_due_longest(
    town: Town,
) -> None:
    person = town.learner()
    remembers(town, person, **OVERDUE)
    assert "Que dire de quatre" in person.types(person.right())
    person.types(person.right())
    assert "Que retenir de trois" in person.types("quiz")
    person.types(person.right())
    assert "Que dire de deux" in person.types("quiz")


def test_a_question_that_came_back_and_waits_comes_after_the_others(town: Town) -> None:
    person = town.learner()
    town.teach(lesson("un"), lesson("deux"), lesson("trois"), lesson("quatre"), lesson("cinq"), lesson("six"))
    remembers(town, person, **OVERDUE)
    assert "Que dire de quatre" in person.types(person.right())
    town.tick(person.next_at)
    assert "Que retenir de trois" in person.types(person.right())
    town.tick(person.next_at)
    assert "Que dire de deux" in person.types(person.right())


def test_quiz_asks_what_is_due_before_what_was_never_asked(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    person.types(person.right())
    remembers(town, person, deux=recall(5, "q1"), trois=recall(-1, "q1", "q2"), quatre=recall(9))
    assert "Que dire de trois" in person.types("quiz")
    person.types(person.right())
    assert "Que retenir de deux" in person.types("quiz")


def test_after_the_course_a_failed_question_comes_first_too(town: Town) -> None:
    person = town.learner()
    remembers(town, person, **OVERDUE)
    town.tick(person.next_at)
    assert "Que dire de quatre" in person.heard()


@pytest.mark.parametrize("number", [1, 2, 3, 15])
def test_after_the_course_who_is_silent_is_asked_another_question_each_time(
    store: Store, number: int
) -> None:
    town = Town(store).teach(*(lesson(f"l{place:02}") for place in range(1, number + 1)))
    person, other = town.learner("1"), town.learner("2")
    for one in (person, other):
        remembers(town, one, **{f"l{place:02}": recall(-9, "q1") for place in range(1, number + 1)})
        before = len(one.shown)
    for _ in range(60):
        if person.state == "active":
            town.tick(person.next_at)
    assert person.state == other.state == "paused"
    asked = [piece.question.text for _, _, piece in person.shown[before:] if piece.question]
    assert len(asked) == 5
    assert all(ones != twos for ones, twos in pairwise(asked))
    assert max(Counter(asked).values()) <= (3 if number == 1 else 2)
    assert other.heard().count("On révise") == 5


# --- after a lesson has changed so much that earlier answers count no more


def anchored(due: int = 90) -> Recall:
    """What is known for long, and due in so many days."""
    day = MONDAY.date() - timedelta(days=9)
    return Recall(MONDAY.date() + timedelta(days=due), Memory(90.0, 5.0, day), None, {"q1": Asked(1, day)})


def resets(town: Town, slug: str) -> None:
    """Publish other content of a lesson; the answers before today count no more."""
    changed = PlacedLesson(lesson(slug, takeaway="Désormais autre chose."), None)
    town.store.write_now(
        lambda tx: courses.publish(tx, None, [changed], by="cli:test", now=town.now, reset=True)
    )


def test_a_reset_lesson_comes_back_after_two_days_though_it_was_due_in_three_months(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    remembers(town, person, deux=anchored())
    resets(town, "deux")
    heard = ""
    while "Titre de quatre" not in heard:
        before = len(person.shown)
        town.tick(person.next_at)
        person.types(person.right())
        heard = person.heard(before)
        assert ("Que dire de deux" in heard) == (town.now.date() >= MONDAY.date() + timedelta(days=2))


def test_a_reset_lesson_comes_back_after_the_course(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    remembers(town, person, un=anchored(), deux=anchored(), trois=anchored(), quatre=anchored())
    resets(town, "deux")
    before = len(person.shown)
    while "Que dire de deux" not in person.heard(before):
        town.tick(person.next_at)
    assert town.now.date() == MONDAY.date() + timedelta(days=9)  # alone, it waits for another one for a week
    assert "a changé" in person.heard(before)


def test_a_reset_lesson_answered_since_keeps_its_date(town: Town) -> None:
    person = town.learner()
    resets(town, "deux")
    kept = replace(anchored(), memory=Memory(90.0, 5.0, MONDAY.date()))
    soon = recall(1, "q1")
    remembers(town, person, deux=kept, trois=soon)
    resets(town, "trois")
    person.types("quiz")
    person.types(person.right())
    found = town.store.read_now(recalls.all_of, person.learner.id)
    assert (found["deux"].due, found["trois"].due) == (kept.due, soon.due)


def test_each_is_asked_what_is_due_on_their_own_date(town: Town) -> None:
    behind, ahead = town.learner("1"), town.learner("2")
    setting(behind, "3", "Pacific/Honolulu")
    setting(ahead, "3", "Pacific/Kiritimati")
    tomorrow = behind.next_at
    assert tomorrow == ahead.next_at + timedelta(days=1)
    for one in (behind, ahead):
        remembers(town, one, deux=recall(1, "q1"), trois=recall(1, "q1"), quatre=recall(2, "q1", failed="q1"))
    before = len(behind.shown)
    town.store.write_now(lambda tx: tx.execute(update(tables.enrolment).values(next_at=tomorrow)))
    town.tick(tomorrow)
    assert "Que retenir de deux" in behind.heard(before)
