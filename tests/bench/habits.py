# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Nine learners and their habits, simulated on the program's own code: its storage, planning, delivery and answers.

`python -m tests.bench.habits [--learner NAME…] [--course released|shipped] [--days N]` prints, for each of them and each
day, what was sent and why.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.app import ship_library
from bot.messages import Kind as Press
from bot.messages import Question, Send
from bot.service import Service
from bot.talk import finish, recalling, rhythm
from bot.talk.turn import Rules
from config.schedule import Schedule, is_day_off, local_date
from lessons.model import Kind
from lessons.review import Recall
from storage import courses, learners, tables
from storage.database import open_database
from storage.learners import Enrolment, Learner
from storage.progress import enrolments, prompts, recalls
from storage.progress.prompts import Prompt
from storage.types import Tx
from tests.bench import memory
from tests.bench.lived import Answer, Asked, Day, Lived, Sent
from tests.bench.released import released
from tests.bench.scale import IN_MEMORY
from tests.bot.builders import BUTTONS, MONDAY, Person, Town, setting
from tests.life import typed

DAYS = 260
"""Working days: a year."""
FIRST = 90
"""Working days after which the course is over for those who read every lesson."""
VISIT = time(12, 30)
"""The local hour at which they look at their messages, if they do."""
MANY = 8
"""Questions in a row after which they stop."""
WORKING = Schedule()


def _always(_working: int, day: date) -> bool:
    return not is_day_off(WORKING, day)


def _twice_a_week(_working: int, day: date) -> bool:
    return day.weekday() in (0, 3)


def _weekends(_working: int, day: date) -> bool:
    return day.weekday() >= 5


def _away(working: int, day: date) -> bool:
    return _always(working, day) and not 20 < working <= 35


def _until_the_end(working: int, day: date) -> bool:
    return _always(working, day) and working <= 70


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody learns."""

    name: str
    right: float = 0.85
    """How often their answer is right."""
    here: Callable[[int, date], bool] = _always
    """Whether they look at their messages, by working day and date."""
    scrolls: bool = False
    """Whether they go up to the newest open question when today's messages ask nothing."""
    role: str = "agent"
    zone: str = "Europe/Paris"
    moves: tuple[tuple[int, str], ...] = ()
    """The working days on which they live in another time zone, and say so."""
    rhythm: str = recalling.NORMAL
    """How often questions may come when the course is over."""


HABITS = (
    Habit("diligent"),
    Habit("60 % right", right=0.6, rhythm=recalling.DAILY),
    Habit("always wrong", right=0.0),
    Habit("Monday and Thursday", here=_twice_a_week),
    Habit("weekends only", here=_weekends, scrolls=True),
    Habit("three weeks away", here=_away, scrolls=True),
    Habit("silent after the end", here=_until_the_end),
    Habit("elected official", role="elu", rhythm=recalling.WEEKLY),
    Habit("Nouméa, and moves", zone="Pacific/Noumea", moves=((30, "Europe/Paris"), (75, "Pacific/Noumea"))),
)


class Resident:
    """One learner of the simulation."""

    def __init__(self, town: Town, habit: Habit, address: str, seed: int) -> None:
        self.town, self.habit = town, habit
        self.chance = random.Random(f"{habit.name} {seed}")  # noqa: S311 - a simulation
        self.person: Person = town.person(address)
        self.read, self.seen = 0, set[str]()
        self.waiting: list[tuple[Question, str]] = []
        """Menus that came, and the keys to press in answer."""
        self.today: list[str] = []
        """Prompts of this date, of which some have an answer."""
        self.next = MONDAY
        self.lived = Lived(habit.name, *town.store.read_now(_path, habit.role))

    def begin(self) -> None:
        """Subscribe, choose a zone and a role, and answer the first lesson."""
        self.person.types("start")
        self.begins(self.town.now.date(), 1)
        self.person.types("oui")
        learner = self.person.learner
        self.town.store.write_now(lambda tx: learners.change(tx, learner.id, role=self.habit.role))
        if self.habit.zone != WORKING.time_zone:
            setting(self.person, "3", self.habit.zone)
        self.look()
        self.goes_on(1)
        self.lived.days[-1].state = "active"
        self.lived.days[-1].rest = "the first lesson comes with the consent"

    @property
    def schedule(self) -> Schedule:
        """When they want lessons."""
        return Schedule.model_validate_json(self.person.enrolment.schedule)

    def begins(self, on: date, working: int) -> None:
        """Begin a date."""
        if not self.lived.days or self.lived.days[-1].on != on:
            self.lived.days.append(Day(on, working, is_day_off(WORKING, on)))
            self.today = []

    def look(self) -> None:
        """Read what came."""
        news = self.person.shown[self.read :]
        self.read += len(news)
        if not news:
            return
        on = local_date(self.schedule, self.town.now)
        working = self.lived.days[-1].working
        self.begins(on, working + (not is_day_off(WORKING, on) and on > self.lived.days[-1].on))
        found = self.town.store.read_now(_kinds, [key for key, _, _ in news])
        for key, _, piece in news:
            if isinstance(piece, Send):
                self.note(key, found[key], piece)

    def note(self, key: str, kind: str, piece: Send) -> None:
        """Note one message."""
        question = piece.question
        learner, prompt, recall = self.town.store.read_now(_behind, self.person, key)
        enrolment = learner.enrolment
        assert enrolment is not None
        asked, ends = None, False
        if prompt is not None and prompt.topic == "quiz":
            lesson = self.town.store.read_now(courses.lesson_of, prompt.version or "").id
            content = prompt.content
            asked = Asked(
                lesson,
                str(prompt.question),
                content["purpose"],
                content["step"],
                prompt.id in self.seen,
                recalled(recall, local_date(self.schedule, self.town.now)),
            )
            self.seen.add(prompt.id)
            self.today.append(prompt.id)
        elif question is not None and prompt is not None and prompt.topic in (finish.TOPIC, rhythm.TOPIC):
            ends = prompt.topic == finish.TOPIC
            self.waiting.append((question, self.habit.rhythm if ends else "yes"))
        sent = Sent(
            self.town.now,
            key,
            kind,
            why(kind, asked, recall, enrolment),
            self.schedule,
            enrolment.rhythm,
            self.town.store.read_now(_is_over, learner, self.town.now),
            asked,
            ends,
        )
        self.lived.days[-1].sent.append(sent)

    def visit(self, working: int) -> None:
        """Have the middle of one local date."""
        on = local_date(self.schedule, self.town.now)
        self.begins(on, working)
        day = self.lived.days[-1]
        for at, zone in self.habit.moves:
            if at == working and not day.off:
                setting(self.person, "3", zone)
                day.did.append(f"moves to {zone}")
                self.look()
        if self.habit.here(working, on):
            self.goes_on(working)
        day.state = self.person.learner.state
        day.due = self.town.store.read_now(_due, self.person, self.town.now, on)
        if not any(one.unasked for one in day.sent):
            day.rest = self.rest(on)

    def rest(self, on: date) -> str:
        """Say why nothing came on a date."""
        learner = self.person.learner
        if learner.state != "active":
            return f"{learner.state} ({learner.pause_reason})"
        if is_day_off(self.schedule, on):
            return "a day off"
        return self.town.store.read_now(_rest, learner, self.town.now, on)

    def goes_on(self, working: int) -> None:
        """Answer what came."""
        self.decide(working)
        for _ in range(MANY):
            asked = [self.town.store.read_now(prompts.by_id, one) for one in reversed(self.today)]
            open_ = next((one for one in asked if one is not None and one.answered_at is None), None)
            if open_ is None and self.habit.scrolls and self.person.waits:
                open_ = self.person.quiz
            if open_ is None:
                break
            self.answer(open_)
            self.decide(working)

    def decide(self, working: int) -> None:
        """Answer the menus that came."""
        for question, key in self.waiting:
            chosen = next(one.label for one in question.choices if one.key == key)
            self.person.presses(key, question=question)
            self.lived.days[-1].did.append(f"answers « {chosen} »")
            if key == "yes":
                self.lived.accepted = self.lived.accepted or working
        self.waiting = []
        self.look()

    def answer(self, prompt: Prompt) -> None:
        """Answer a question, rightly or not: press a choice, or type several of them and numbers."""
        store = self.town.store
        lesson = store.read_now(courses.lesson_of, prompt.version or "")
        asked = lesson.question(prompt.question or "")
        right = self.chance.random() < self.habit.right
        self.town.wait(minutes=1)
        if asked.kind in (Kind.SINGLE, Kind.TRUE_FALSE):
            key = next(key for key, choice in asked.keyed() if choice.correct is right)
            self.person.does(kind=Press.CHOOSE, refers=prompt.id, keys=(key,), receipt="r")
        else:
            ref = next(ref for key, ref, _ in self.person.shown if key == prompt.message)
            self.person.types(store.read_now(typed, prompt, right=right), reply_to=ref)
        judged = store.read_now(prompts.by_id, prompt.id)
        assert judged is not None
        day = self.lived.days[-1]
        before = len(day.sent)
        self.look()
        led_to = sum(one.asked is not None for one in day.sent[before:])
        item = (lesson.id, asked.id)
        day.answers.append(Answer(item, str(judged.verdict), prompt.content["step"], led_to))


def recalled(recall: Recall | None, day: date) -> float | None:
    """The probability, by the program's model, that a lesson is known; None before its first answer."""
    if recall is None or recall.memory is None:
        return None
    return memory.retrievability((day - recall.memory.last).days, recall.memory.stability)


def why(kind: str, asked: Asked | None, recall: Recall | None, enrolment: Enrolment) -> str:
    """Say why a message came."""
    if asked is None or kind in ("reminder", "pause"):
        return f"after {enrolment.silent - 1} slots in silence" if kind != "reply" else ""
    if asked.purpose == "lesson":
        return "the next lesson" if asked.step == 1 else "nothing is due, so one more of the lesson"
    if recall is None or recall.memory is None:
        return "never answered since it came" + ("" if recall is None else f", due {recall.due}")
    if recall.failed == asked.question:
        return f"failed, due {recall.due}, last answer {recall.memory.last}"
    return f"due {recall.due}, known at {asked.recalled or 0:.0%}"


def _path(tx: Tx, role: str) -> tuple[dict[str, list[str]], dict[str, date], tuple[str, ...]]:
    published = courses.catalogue(tx)
    assert published is not None
    questions = {entry.id: [one.id for one in entry.lesson.questions] for entry in published.entries.values()}
    until = {entry.id: entry.lesson.review_by for entry in published.entries.values()}
    return questions, until, published.order(role, MONDAY.date())


def _kinds(tx: Tx, keys: Sequence[str]) -> dict[str, str]:
    outbox = tables.outbox.c
    return {
        row.key: row.kind for row in tx.execute(select(outbox.key, outbox.kind).where(outbox.key.in_(keys)))
    }


def _behind(tx: Tx, person: Person, key: str) -> tuple[Learner, Prompt | None, Recall | None]:
    """Return the learner, the prompt that a message shows, and what is remembered of its lesson."""
    learner = learners.by_address(tx, "telegram", person.address)
    assert learner is not None
    # By its message: a number is typed, so there is no question to press.
    asks = tx.execute(select(tables.prompt.c.id).where(tables.prompt.c.message == key)).scalar()
    prompt = None if asks is None else prompts.by_id(tx, asks)
    if prompt is None or prompt.topic != "quiz":
        return learner, prompt, None
    return learner, prompt, recalls.of(tx, learner.id, courses.lesson_of(tx, prompt.version or "").id)


def _is_over(tx: Tx, learner: Learner, now: datetime) -> bool:
    published, enrolment = courses.catalogue(tx), learner.enrolment
    assert published is not None
    assert enrolment is not None
    done = enrolments.delivered_lessons(tx, enrolment.id)
    return published.after(enrolment.position, done, learner.role, now.date()) is None


def _due(tx: Tx, person: Person, now: datetime, on: date) -> int:
    published = courses.catalogue(tx)
    assert published is not None
    return recalls.count_due(tx, person.learner.id, published.available(now.date()), on)


def _rest(tx: Tx, learner: Learner, now: datetime, on: date) -> str:
    published, enrolment = courses.catalogue(tx), learner.enrolment
    assert published is not None
    assert enrolment is not None
    if not _is_over(tx, learner, now):
        return f"a lesson is left, and the next slot is {enrolment.next_at}"
    most = recalling.SLOTS_A_WEEK.get(enrolment.rhythm, 0)
    if not recalling.has_room(enrolment.slots, on, most):
        return f"the week had its {most} slots ({enrolment.rhythm})"
    found = recalls.soonest(tx, learner.id, published.available(now.date()), recalling.ENOUGH, due=on)
    if not recalling.is_slot([one.due for _, one in found], on):
        return f"{len(found)} due, which makes no slot"
    return f"{len(found)} due, after {enrolment.silent} slots in silence"


@contextmanager
def town(course: str) -> Iterator[Town]:
    """A bot that teaches the course, `released` or `shipped`."""
    with TemporaryDirectory(dir=IN_MEMORY) as place, open_database(f"sqlite:///{place}/habits.db") as store:
        if course == "released":
            published, placed = released()
            store.write_now(courses.publish, published, placed, by="cli:bench", now=MONDAY)
        else:
            ship_library(store, MONDAY)
        yield Town(store, limits=BUTTONS)


def live(course: str, habits: Sequence[Habit] = HABITS, days: int = DAYS, seed: int = 0) -> list[Lived]:
    """Let a learner of each habit live through working days, all in one town."""
    with town(course) as here:
        people = [Resident(here, habit, str(place), seed) for place, habit in enumerate(habits)]
        for resident in people:
            here.now = MONDAY
            resident.begin()
        _pass(here, people, days)
        return [resident.lived for resident in people]


def _pass(here: Town, people: Sequence[Resident], days: int) -> None:
    working = _calendar(days)
    last = max(working)
    service = Service(here.store, [], Rules(WORKING, "fr", frozenset()), now=lambda: here.now)
    for resident in people:
        resident.next = _visit(resident, MONDAY)
    tidied = MONDAY
    while (resident := min(people, key=lambda one: one.next)).next.date() <= last:
        planned = here.store.read_now(enrolments.next_due)
        if planned is not None and planned <= resident.next:
            here.tick(max(planned, here.now))
            for one in people:
                one.look()
            continue
        here.now = max(here.now, resident.next)
        resident.visit(working.get(local_date(resident.schedule, here.now), days))
        resident.next = _visit(resident, here.now)
        if here.now - tidied > timedelta(days=7):
            tidied = here.now
            asyncio.run(service.tidy())


def _calendar(days: int) -> dict[date, int]:
    """Return how many working days each date has had, itself included, until so many."""
    counted: dict[date, int] = {}
    on, number = MONDAY.date(), 0
    while number < days:
        number += not is_day_off(WORKING, on)
        counted[on] = number
        on += timedelta(days=1)
    return counted


def _visit(resident: Resident, now: datetime) -> datetime:
    schedule = resident.schedule
    tomorrow = local_date(schedule, now) + timedelta(days=1)
    return datetime.combine(tomorrow, VISIT, ZoneInfo(schedule.time_zone)).astimezone(UTC)


def main() -> None:
    """Print the days of some learners."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.habits")
    names = [habit.name for habit in HABITS]
    parser.add_argument(
        "--learner", choices=names, nargs="+", default=names, metavar="NAME", help=", ".join(names)
    )
    parser.add_argument("--course", choices=("released", "shipped"), default="released")
    parser.add_argument("--days", type=int, default=DAYS, help="working days")
    arguments = parser.parse_args()
    chosen = [habit for habit in HABITS if habit.name in arguments.learner]
    for lived in live(arguments.course, chosen, arguments.days):
        sys.stdout.write(f"\n{lived.name}\n\n")
        sys.stdout.writelines(f"{line}\n" for day in lived.days for line in day.lines())
        sys.stdout.writelines(f"FAULT {fault}\n" for fault in lived.faults())


if __name__ == "__main__":
    main()
