# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Learners in every state that a progress card can show, and what they are answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.messages import Event, Message
from bot.talk import reception
from bot.talk.turn import Rules, Turn
from config.schedule import Schedule, due_after
from lessons import source
from lessons.review import Asked, Memory, Recall
from lessons.source import PlacedLesson
from storage import courses, learners
from storage.progress import enrolments, recalls, tallies
from storage.progress.days import SLOTS, with_day
from storage.progress.enrolments import Delivery
from tests.bot.builders import MONDAY, Person, Town, lesson, schedule
from tests.lessons import builders as lessons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lessons.curriculum import Role
    from storage.store import Store
    from storage.types import Tx

ANCHORED, IN_MEMORY, DISCOVERED = 40.0, 10.0, 2.0
"""Stability in days of a lesson at each level."""
HOSTILE = '#panic("x") *a* _b_ `c` <d> $e$ \\u{41} @f [g](h) ~ = - + / // ← ✓ 🏅 \u202f« i »\u202f! Ж'
"""What a title may hold: it is data, and of signs that the font lacks nothing is drawn."""


def answers(person: Person, language: str = "fr") -> Message:
    """What `progression` answers, before it is fitted to a channel."""
    town, rules = person.town, Rules(person.town.schedule, language, frozenset())

    def respond(tx: Tx) -> Message:
        learner = learners.by_address(tx, "telegram", person.address)
        assert learner is not None
        event = reception.read(Event("telegram", "card", person.address, town.now, text="progression"), rules)
        (message,) = (one for one in reception.respond(Turn(tx, learner, event, town.now, rules)) if one.text)
        return message

    return town.store.write_now(respond)


# --- courses


def library(store: Store, role: Role | str = "agent") -> Person:
    """Somebody who begins the course that is shipped, in a role."""
    found = source.read([source.library()])
    town = Town(store)
    store.write_now(courses.publish, found.course, found.lessons, by="cli:test", now=town.now)
    person = town.learner()
    store.write_now(lambda tx: learners.change(tx, person.learner.id, role=str(role)))
    return person


def course(store: Store, *sizes: int, title: str = "Thème §", lesson_title: str = "Titre §") -> Person:
    """Somebody who begins a course of themes with so many lessons each."""
    themes = [
        {"id": f"t{theme:02}", "title": title.replace("§", str(theme))[:100], "summary": "Un résumé."}
        for theme in range(1, len(sizes) + 1)
    ]
    taught = [
        PlacedLesson(
            lesson(
                f"t{theme:02}-{place:02}",
                theme=f"t{theme:02}",
                title=lesson_title.replace("§", str(place))[:100],
            ),
            place,
        )
        for theme, size in enumerate(sizes, 1)
        for place in range(1, size + 1)
    ]
    town = Town(store)
    store.write_now(courses.publish, lessons.course(themes=themes), taught, by="cli:test", now=town.now)
    return town.learner()


# --- what somebody did


def path(person: Person) -> tuple[str, ...]:
    """The lessons of somebody's path."""

    def read(tx: Tx) -> tuple[str, ...]:
        published = courses.catalogue(tx)
        assert published is not None
        return published.path(person.learner.role)

    return person.town.store.read_now(read)


def follows(person: Person, *levels: Iterable[str] | tuple[float, Iterable[str]]) -> None:
    """Let lessons be delivered, and remembered for so many days each; they come back in 9 days."""
    store, today = person.town.store, person.town.now.date()
    for stability, slugs in levels:
        for slug in slugs:
            known = Recall(
                today + timedelta(days=9), Memory(float(stability), 5.0, today), None, {"q1": Asked(1, today)}
            )
            store.write_now(recalls.remember, person.learner.id, slug, known)
            reached = [Delivery(person.enrolment.id, slug, "", today)]
            store.write_now(enrolments.deliver, reached, person.town.now)


def answered(person: Person, days: Iterable[date], verdict: str = "right") -> None:
    """Let a quiz be answered on some days, on which a lesson came."""
    days = list(days)
    receives(person, days)
    for day in days:
        person.town.store.write_now(tallies.count_answer, person.learner.id, verdict, day)


def receives(person: Person, days: Iterable[date]) -> None:
    """Let something come on some days."""
    slots = person.enrolment.slots
    for day in sorted(days):
        slots = with_day(slots, day, SLOTS)
    person.town.store.write_now(lambda tx: enrolments.change(tx, person.enrolment.id, slots=slots))


def working_days(until: date, number: int) -> list[date]:
    """The last so many days from Monday to Friday, the first one first."""
    days = (until - timedelta(days=ago) for ago in range(3 * number))
    return sorted([day for day in days if day.weekday() < 5][:number])


def _earns(person: Person, *themes: str) -> None:
    given = dict.fromkeys(themes, "2026-12-01")
    person.town.store.write_now(lambda tx: enrolments.change(tx, person.enrolment.id, badges=given))


def comes_to(person: Person, now: datetime) -> Person:
    """Turn the clock, and plan the next slot for the day after."""
    town = person.town
    town.now = now
    tomorrow = due_after(schedule(person), now, person.learner.id, now.date() + timedelta(days=1))
    town.store.write_now(lambda tx: enrolments.change(tx, person.enrolment.id, next_at=tomorrow))
    return person


# --- states


def first_day(store: Store) -> Person:
    """Nothing was answered yet."""
    return library(store)


def middle(store: Store) -> Person:
    """A third of the way, in a week with a day that is forgiven."""
    person = comes_to(library(store), datetime(2027, 1, 14, 9, 0, tzinfo=UTC))  # a Thursday
    steps = path(person)
    follows(person, (ANCHORED, steps[:4]), (IN_MEMORY, steps[4:14]), (DISCOVERED, steps[14:22]))
    days = working_days(date(2027, 1, 14), 12)
    receives(person, days)
    answered(person, [day for day in days if day != date(2027, 1, 12)])
    answered(person, days[:3], "wrong")
    return person


def largest(store: Store) -> Person:
    """All 81 lessons in eleven themes, with badges."""
    person = comes_to(library(store, "ambassadeur"), datetime(2026, 12, 18, 9, 0, tzinfo=UTC))
    steps = path(person)
    follows(person, (ANCHORED, steps[:40]), (IN_MEMORY, steps[40:60]), (DISCOVERED, steps[60:72]))
    answered(person, working_days(date(2026, 12, 18), 90))
    answered(person, working_days(date(2026, 12, 18), 25), "wrong")
    _earns(person, "donnees-personnelles", "changement", "reglement-ia")
    return person


def elected(store: Store) -> Person:
    """A short path."""
    person = library(store, "elu")
    person.types(person.right())
    return person


def finished(store: Store) -> Person:
    """The last lesson is behind: questions come."""
    person = library(store, "elu")
    steps = path(person)
    follows(person, (ANCHORED, steps[:30]), (IN_MEMORY, steps[30:]))
    answered(person, working_days(MONDAY.date(), 30))
    _earns(person, "donnees-personnelles", "ia-frugale", "erreurs-decisions", "usages", "changement")
    return person


def unasked(store: Store) -> Person:
    """The last lesson is behind, and no question is wanted."""
    person = finished(store)
    person.town.store.write_now(
        lambda tx: enrolments.change(tx, person.enrolment.id, rhythm="none", finished_at=person.town.now)
    )
    return person


def paused(store: Store) -> Person:
    """A pause that was asked for."""
    person = middle(store)
    person.types("pause")
    return person


def paused_until(store: Store) -> Person:
    """A pause until a date."""
    person = middle(store)
    person.types("pause jusqu’au 3 février")
    return person


def silent(store: Store) -> Person:
    """A pause after a silence, and nothing was ever answered."""
    person = library(store)
    for _ in range(60):
        if person.state == "active":
            person.town.tick(person.next_at)
    return person


def absent(store: Store) -> Person:
    """Some answers, then months without a word."""
    person = library(store)
    person.types(person.right())
    follows(person, (IN_MEMORY, path(person)[:5]))
    comes_to(person, MONDAY + timedelta(days=150))
    return person


def english(store: Store) -> Person:
    """Somebody who is spoken to in English."""
    person = middle(store)
    person.town.store.write_now(lambda tx: learners.change(tx, person.learner.id, language="en"))
    return person


def one_theme(store: Store) -> Person:
    """A course of one theme with thirty lessons."""
    person = course(store, 30, title="Tout le cours", lesson_title="Leçon numéro §")
    steps = path(person)
    follows(person, (ANCHORED, steps[:3]), (IN_MEMORY, steps[3:8]), (DISCOVERED, steps[8:13]))
    answered(person, working_days(MONDAY.date(), 6))
    return person


def huge(store: Store) -> Person:
    """200 lessons in twenty themes with long titles."""
    title = "Thème § : un titre très long, qui dit tout ce que l’on y trouve, et plus encore, jusqu’au dernier signe"
    person = course(store, *[10] * 20, title=title, lesson_title="Une leçon dont le titre est fort long " * 3)
    steps = path(person)
    follows(person, (ANCHORED, steps[:60]), (IN_MEMORY, steps[60:110]), (DISCOVERED, steps[110:150]))
    answered(person, working_days(MONDAY.date(), 100))
    _earns(person, "t01", "t02", "t03", "t04", "t20")
    return person


def hostile(store: Store) -> Person:
    """Titles that look like markup, have signs that the font lacks, or no space."""
    person = course(store, 2, 3, 1, 50, title=HOSTILE + " §", lesson_title="W" * 80 + HOSTILE)
    answered(person, working_days(MONDAY.date(), 2))
    follows(person, (DISCOVERED, path(person)[:2]))
    return person


def saturdays(store: Store) -> Person:
    """Lessons on Mondays and Saturdays."""
    person = library(store)
    chosen = Schedule(days=("mon", "sat")).model_dump_json()
    person.town.store.write_now(lambda tx: enrolments.change(tx, person.enrolment.id, schedule=chosen))
    person.types(person.right())
    comes_to(person, datetime(2026, 11, 28, 9, 0, tzinfo=UTC))
    follows(person, (DISCOVERED, path(person)[:2]))
    answered(person, [date(2026, 11, 28)])
    return person


def holiday(store: Store) -> Person:
    """A week with a public holiday, the 11th of November 2027, and a day that nothing forgives."""
    person = comes_to(library(store), datetime(2027, 11, 12, 9, 0, tzinfo=UTC))
    follows(person, (IN_MEMORY, path(person)[:9]))
    answered(person, [date(2027, 11, 5), date(2027, 11, 10)])
    receives(person, [date(2027, 11, day) for day in (8, 9, 12)])
    return person


STATES: dict[str, Callable[[Store], Person]] = {
    state.__name__: state
    for state in (
        first_day,
        middle,
        largest,
        elected,
        finished,
        unasked,
        paused,
        paused_until,
        silent,
        absent,
        english,
        one_theme,
        huge,
        hostile,
        saturdays,
        holiday,
    )
}
