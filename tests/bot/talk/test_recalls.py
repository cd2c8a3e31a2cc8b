# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Reviews that cannot be asked hide none that can: held back, past their date, dropped, taken out of the course."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from lessons.review import Asked, Memory, Recall
from storage import courses, tables, witnesses
from storage.progress import enrolments, recalls
from storage.progress.enrolments import Delivery
from tests.bot.builders import MONDAY, Person, Town, lesson, push

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
