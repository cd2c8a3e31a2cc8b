# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A town to talk in: a real store, a clock that is turned, people on a channel with buttons or without."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.messages import Ask, Edit, Event, FileRef, Kind, Limits, Piece, Question
from bot.notice.facts import Facts
from bot.service import planning, spreading
from bot.service.inbound import receive
from bot.service.outbound import Outcome, settle, step
from bot.talk import reception
from bot.talk.admin import may_be_lesson
from bot.talk.turn import Rules
from config.schedule import Schedule
from lessons import markup
from lessons.model import Lesson
from lessons.source import PlacedLesson, Problems, read_lesson
from storage import courses, learners
from storage.courses import Change
from storage.progress import prompts
from tests.lessons import builders as lessons
from tests.life import typed

if TYPE_CHECKING:
    from storage.learners import Enrolment, Learner
    from storage.progress.prompts import Prompt
    from storage.store import Store
    from storage.types import Tx

BUTTONS = Limits(ask=Ask.BUTTONS, edits=True, documents=True)
TYPING = Limits()
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""10:00 in Paris, a working day."""


def lesson(slug: str, **other: Any) -> Lesson:
    """A lesson named by its id, with a choice of one and a choice of several."""
    first = lessons.single(text=f"Que dire de {slug} ?")
    second = lessons.multiple(text=f"Que retenir de {slug} ?")
    described = {
        "id": slug,
        "title": f"Titre de {slug}",
        "questions": [first, second],
        "review_by": "2030-01-01",
    }
    return lessons.lesson(**(described | other))


def publish(tx: Tx, *taught: Lesson, now: datetime = MONDAY) -> tuple[Change, ...]:
    """A course with these lessons in this order."""
    placed = [PlacedLesson(one, place) for place, one in enumerate(taught, 1)]
    return courses.publish(tx, lessons.course(), placed, by="cli:test", now=now)


def push(tx: Tx, pushed: Lesson, place: int | None = None, *, now: datetime = MONDAY) -> Change:
    """One lesson, new or changed, into the course that is taught."""
    (change,) = courses.publish(tx, None, [PlacedLesson(pushed, place)], by="cli:test", now=now)
    return change


def read(content: bytes, name: str) -> PlacedLesson | Problems:
    """What a lesson file holds, as the service's child process tells it."""
    try:
        return read_lesson(content, name)
    except Problems as problems:
        return problems


@dataclass(slots=True)
class Town:
    """Everyone who talks to one bot. What it says is delivered at once, as a working channel would."""

    store: Store
    limits: Limits = BUTTONS
    now: datetime = MONDAY
    admins: frozenset[str] = frozenset({"telegram:mairie"})
    schedule: Schedule = field(default_factory=Schedule)
    facts: Facts = field(default_factory=lambda: Facts(channels=("telegram",)))
    """What the notice is made from."""
    people: dict[str, Person] = field(default_factory=dict)
    events: int = 0
    sent: int = 0

    def teach(self, *taught: Lesson) -> Town:
        """Publish a course."""
        self.store.write_now(publish, *taught, now=self.now)
        return self

    def person(self, address: str = "1", **about: str) -> Person:
        """Someone at an address, who has not written yet."""
        return self.people.setdefault(address, Person(self, address, about))

    def learner(self, address: str = "1", **about: str) -> Person:
        """Someone who accepted the notice and has read the first lesson."""
        person = self.person(address, **about)
        person.types("start")
        person.types("oui")
        return person

    def wait(self, **time: float) -> None:
        """Turn the clock."""
        self.now += timedelta(**time)

    def tick(self, now: datetime | None = None) -> None:
        """Plan what is due, and let it leave."""
        self.now = now or self.now
        while self.store.write_now(planning.plan, self.now) == planning.BATCH:
            pass
        while self.store.write_now(spreading.spread, self.now):
            pass
        self.deliver()

    def deliver(self) -> None:
        """Let everything leave that may."""
        while attempts := self.store.write_now(
            step, "telegram", "token", self.limits, (), 8, (), self.now
        ).attempts:
            outcomes = []
            for attempt in attempts:
                self.sent += 1
                self.person(attempt.row.address).hear(attempt.piece, attempt.row.key, str(self.sent))
                outcomes.append(Outcome(attempt.row, self.now, ref=str(self.sent)))
            self.store.write_now(settle, outcomes, self.now)


@dataclass(slots=True)
class Person:
    """Someone who writes to the bot, and what they were shown."""

    town: Town
    address: str
    about: dict[str, str] = field(default_factory=dict)
    shown: list[tuple[str, str, Piece]] = field(default_factory=list)
    """The outbox key, the reference and the piece of everything shown, the oldest first."""
    brief: str = ""
    """What the last press was answered with."""
    unbuttoned: list[str] = field(default_factory=list)
    """The outbox keys of messages that lost their buttons."""

    def hear(self, piece: Piece, key: str, ref: str) -> None:
        """Be shown something, or see the buttons of a message go."""
        if isinstance(piece, Edit) and not piece.text:
            self.unbuttoned.append(piece.of)
            return
        self.shown.append((key, ref, piece))

    def types(self, text: str, *, reply_to: str = "") -> str:
        """Type something; all that comes back, as it is read."""
        return self.does(text=text, reply_to=reply_to)

    def does(self, event_id: str = "", *, deliver: bool = True, **what: Any) -> str:
        """Any event; all that comes back, as it is read."""
        self.town.events += 1
        event = Event(
            "telegram",
            event_id or f"e{self.town.events}",
            self.address,
            self.town.now,
            **{**self.about, **what},
        )
        before = len(self.shown)
        rules = Rules(self.town.schedule, "fr", self.town.admins, self.town.facts)
        event = reception.read(event, rules)
        received = self.town.store.write_now(receive, event, rules, self.town.limits, self.town.now)
        self.brief = received.brief
        if deliver:
            self.town.deliver()
        return self.heard(before)

    def undelivered(self, *texts: str) -> None:
        """Say several things before anything that answers them leaves."""
        for text in texts:
            self.does(text=text, deliver=False)
        self.town.deliver()

    def sends(self, name: str, content: bytes, caption: str = "") -> str:
        """Send a file."""
        file = FileRef("ref", name, len(content))
        lesson = read(content, name) if may_be_lesson(file) else None
        return self.does(kind=Kind.FILE, text=caption, file=file, lesson=lesson)

    def presses(self, *keys: str, kind: Kind = Kind.CHOOSE, question: Question | None = None) -> str:
        """Press a button of the last question, or of another one."""
        refers = (question or self.question).prompt
        return self.does(kind=kind, refers=refers, keys=keys, receipt="r")

    def heard(self, since: int = 0) -> str:
        """What was shown since a moment, as it is read."""
        texts = ("\n\n".join(filter(None, (piece.text, piece.aside))) for _, _, piece in self.shown[since:])
        return "\n---\n".join(map(markup.plain, texts))

    @property
    def question(self) -> Question:
        """The last question with something to press."""
        return next(piece.question for _, _, piece in reversed(self.shown) if piece.question is not None)

    @property
    def last(self) -> Piece:
        """What was shown last."""
        return self.shown[-1][2]

    @property
    def learner(self) -> Learner:
        """What is stored of this person. Raises `LookupError` when nothing is."""
        found = self.town.store.read_now(learners.by_address, "telegram", self.address)
        if found is None:
            raise LookupError(f"nobody at {self.address}")
        return found

    @property
    def state(self) -> str:
        """The learner's state; `nobody` when nothing is stored of this person."""
        found = self.town.store.read_now(learners.by_address, "telegram", self.address)
        return "nobody" if found is None else found.state

    @property
    def enrolment(self) -> Enrolment:
        """Where this person is in the course. Raises `LookupError` when nowhere."""
        enrolment = self.learner.enrolment
        if enrolment is None:
            raise LookupError(f"{self.address} has not begun")
        return enrolment

    @property
    def next_at(self) -> datetime:
        """When the next slot is. Raises `LookupError` when none is planned."""
        if self.enrolment.next_at is None:
            raise LookupError("nothing is planned")
        return self.enrolment.next_at

    @property
    def quiz(self) -> Prompt:
        """The newest open quiz. Raises `LookupError` when there is none."""
        prompt = self.town.store.read_now(prompts.newest_open, self.learner.id, "quiz")
        if prompt is None:
            raise LookupError("no quiz is open")
        return prompt

    @property
    def waits(self) -> bool:
        """Whether a quiz is open."""
        return self.town.store.read_now(prompts.newest_open, self.learner.id, "quiz") is not None

    def right(self) -> str:
        """What to type to answer the open quiz right."""
        return self._answer(correct=True)

    def wrong(self) -> str:
        """What to type to answer the open quiz wrong."""
        return self._answer(correct=False)

    def _answer(self, *, correct: bool) -> str:
        return self.town.store.read_now(typed, self.quiz, right=correct)


def quiz_of(person: Person) -> Question:
    """The first quiz that somebody was shown."""
    return next(
        piece.question for _, _, piece in person.shown if piece.question and piece.question.form == "quiz"
    )


def schedule(person: Person) -> Schedule:
    """When somebody wants lessons."""
    return Schedule.model_validate_json(person.enrolment.schedule)


def setting(person: Person, *words: str) -> str:
    """Open the settings and answer one menu after the other; return the last answer."""
    heard = person.types("reglages")
    for word in words:
        heard = person.types(word)
    return heard


def tables_in(content: bytes) -> dict[str, Any]:
    """What a file of one's own data holds, each row of a table by its labels, without what is empty."""
    return _tables_in(json.loads(content))


def _tables_in(found: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in found.items():
        if isinstance(value, list) and value and isinstance(value[0], list):
            rows = [dict(zip(value[0], row, strict=True)) for row in value[1:]]
            value = [{label: one for label, one in row.items() if one not in (None, "", [])} for row in rows]
        elif isinstance(value, list):
            value = [_tables_in(one) for one in value]
        shown[name] = value
    return shown
