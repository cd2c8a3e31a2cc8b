# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a simulated learner lived through: what was sent and why, what was answered, and what that comes to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.talk.recalling import NORMAL, SLOTS_A_WEEK
from config.schedule import Schedule, is_day_off, local_date, quiet_until
from tests.bench.figure import percentile

Item = tuple[str, str]
"""A lesson and one of its questions."""

STALE = date(2027, 6, 30)
"""Most lessons of the first release may be shown until this day, and nobody renews them in the simulation."""
MOST_UNANSWERED = 7
"""Messages that come unasked without a word in answer; the last one pauses."""
PATIENCE = timedelta(days=21)
"""For so long something may be due to somebody who is not paused, and no question come."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a message."""

    lesson: str
    question: str
    purpose: str
    """lesson, review or missed."""
    step: int
    """The first or the second question of a slot."""
    again: bool
    """Whether the same prompt was shown before."""
    recalled: float | None
    """The probability, by the program's model, that the lesson was known then."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that reached a learner."""

    at: datetime
    key: str
    """The outbox key."""
    kind: str
    why: str
    schedule: Schedule
    """As it was then."""
    rhythm: str
    over: bool
    """Whether no lesson was left."""
    asked: Asked | None = None
    ends: bool = False
    """Whether it says that the course is finished."""

    @property
    def unasked(self) -> bool:
        """Whether it answers nothing that the learner said."""
        return self.kind not in ("reply", "goodbye") and not self.key.startswith("later:")

    @property
    def slot(self) -> str:
        """The local date of the slot, as the key has it; empty for a reply."""
        return self.key.split(":")[2] if self.unasked else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that was answered."""

    item: Item
    verdict: str
    step: int = 1
    """Whether it was the first or the second question of its slot."""
    led_to: int = 0
    """How many questions followed it."""


@dataclass(slots=True)
class Day:
    """One local date of a learner."""

    on: date
    working: int
    """Working days so far, this one included."""
    off: bool
    """Whether it is none."""
    sent: list[Sent] = field(default_factory=list)
    did: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    state: str = ""
    due: int = 0
    """Lessons to ask again, at the end of the day."""
    rest: str = ""
    """Why nothing came."""

    def lines(self) -> Iterator[str]:
        """The day as it is printed."""
        head = (
            f"{self.on} {self.on:%a} day {self.working:>3}{' off' if self.off else '    '} due {self.due:>3}"
        )
        told = [f"{one.kind:<8} {_what(one)}{one.why}" for one in self.sent if one.unasked or one.asked]
        told += [f"{'answer':<8} {'/'.join(one.item)}: {one.verdict}" for one in self.answers]
        told += [f"{'does':<8} {one}" for one in self.did]
        if not any(one.unasked for one in self.sent):
            told.insert(0, f"{'nothing':<8} {self.rest}")
        yield from (f"{head if place == 0 else ' ' * len(head)}  {line}" for place, line in enumerate(told))


def _what(sent: Sent) -> str:
    asked = sent.asked
    return "" if asked is None else f"{asked.lesson}/{asked.question} ({asked.purpose}, {asked.step}): "


@dataclass(slots=True)
class Lived:
    """All days of one learner."""

    name: str
    questions: Mapping[str, Sequence[str]]
    """The questions of every lesson of the course, by lesson."""
    until: Mapping[str, date]
    """The last day on which each lesson may be shown."""
    path: Sequence[str]
    """The lessons of the learner's path."""
    days: list[Day] = field(default_factory=list)
    accepted: int | None = None
    """The working day on which another rhythm was accepted."""

    def first(self, working: int) -> Lived:
        """The same life until a working day."""
        days = [day for day in self.days if day.working <= working]
        return Lived(self.name, self.questions, self.until, self.path, days, self.accepted)

    @property
    def sent(self) -> list[Sent]:
        """All messages."""
        return [one for day in self.days for one in day.sent]

    @property
    def asked(self) -> Counter[Item]:
        """How often each question was asked."""
        return Counter(_item(one.asked) for one in self.sent if one.asked and not one.asked.again)

    @property
    def lessons(self) -> set[str]:
        """The lessons that came."""
        return {one.asked.lesson for one in self.sent if one.asked and one.asked.purpose == "lesson"}

    @property
    def never_asked(self) -> tuple[int, int]:
        """How many questions of the lessons that came were never asked, and of how many."""
        items = [(lesson, question) for lesson in self.lessons for question in self.questions[lesson]]
        return sum(item not in self.asked for item in items), len(items)

    @property
    def unmet(self) -> int:
        """How many lessons that came were neither answered nor asked about again."""
        met = {answer.item[0] for day in self.days for answer in day.answers}
        met |= {one.asked.lesson for one in self.sent if one.asked and one.asked.purpose != "lesson"}
        return len(self.lessons - met)

    @property
    def waits(self) -> list[float]:
        """Working days until a failed question was asked again; until now for those that wait for more than ten.

        One whose lesson may not be shown any more is not among these.
        """
        failed: dict[Item, int] = {}
        found: list[float] = []
        for day in self.days:
            again = [_item(one.asked) for one in day.sent if one.asked and not one.asked.again]
            found += [float(day.working - failed.pop(item)) for item in again if item in failed]
            failed |= {answer.item: day.working for answer in day.answers if answer.verdict != "right"}
        last = self.days[-1]
        still = [last.working - since for item, since in failed.items() if last.on <= self.until[item[0]]]
        return found + [float(waited) for waited in still if waited > 10]

    @property
    def recalled(self) -> float:
        """The mean probability, by the program's model, that a lesson was known when it was asked again."""
        found = [
            one.asked.recalled
            for one in self.sent
            if one.asked and one.asked.recalled and not one.asked.again
        ]
        return sum(found) / len(found) if found else 0.0

    @property
    def late_reviews(self) -> int:
        """How many questions came back after `STALE`."""
        late = [day for day in self.days if day.on > STALE]
        return sum(bool(one.asked and one.asked.recalled) for day in late for one in day.sent)

    @property
    def ended(self) -> int:
        """The working day on which the end of the course was said; 0 where it was not."""
        return next((day.working for day in self.days if any(one.ends for one in day.sent)), 0)

    def kinds(self, *kinds: str, since: int = 0) -> int:
        """How many messages of some kinds came, after a working day."""
        return sum(one.kind in kinds for day in self.days if day.working > since for one in day.sent)

    def faults(self) -> list[str]:
        """What no learner may live through."""
        return [
            f"{self.name}: {fault}"
            for fault in (
                *self._crowded(),
                *self._untimely(),
                *self._repeated(),
                *self._after(),
                *self._dry(),
                *self._endless(),
            )
        ]

    def _crowded(self) -> Iterator[str]:
        slots = Counter(one.slot for one in self.sent if one.unasked)
        yield from (
            f"{number} messages in the slot of {slot}" for slot, number in slots.items() if number > 1
        )
        dates = Counter(local_date(one.schedule, one.at) for one in self.sent if one.unasked)
        yield from (f"{number} messages unasked on {on}" for on, number in dates.items() if number > 1)
        for day in self.days:
            for answer in day.answers:
                if answer.step + answer.led_to > 2:
                    yield f"more than two questions in a slot, with {'/'.join(answer.item)} on {day.on}"

    def _untimely(self) -> Iterator[str]:
        for one in self.sent:
            if one.unasked and is_day_off(one.schedule, local_date(one.schedule, one.at)):
                yield f"{one.kind} on a day off: {one.at}"
            if one.unasked and quiet_until(one.schedule, one.at) is not None:
                yield f"{one.kind} in quiet hours: {one.at}"

    def _repeated(self) -> Iterator[str]:
        lessons = Counter(
            one.asked.lesson for one in self.sent if one.unasked and one.kind == "lesson" and one.asked
        )
        yield from (f"{lesson} sent {number} times" for lesson, number in lessons.items() if number > 1)
        for day in self.days:
            items = Counter(_item(one.asked) for one in day.sent if one.asked and not one.asked.again)
            yield from (
                f"{item} asked {number} times on {day.on}" for item, number in items.items() if number > 1
            )

    def _after(self) -> Iterator[str]:
        weeks: dict[tuple[int, int], int] = defaultdict(int)
        for one in self.sent:
            if one.unasked:
                week = date.fromisoformat(one.slot).isocalendar()[:2]
                weeks[week] += 1
                most = SLOTS_A_WEEK.get(one.rhythm, SLOTS_A_WEEK[NORMAL])
                if one.over and one.kind != "lesson" and weeks[week] > most:
                    yield f"slot {weeks[week]} of week {week} after the end, of {most}: {one.at}"

    def _dry(self) -> Iterator[str]:
        since = self.days[0].on
        for day in self.days:
            if not day.due or day.state != "active" or any(one.asked for one in day.sent):
                since = day.on
            elif day.on - since > PATIENCE:
                yield f"{day.due} due, and nothing asked from {since} to {day.on}"
                since = day.on

    def _endless(self) -> Iterator[str]:
        unanswered = 0
        for day in self.days:
            unanswered += sum(one.unasked for one in day.sent)
            if unanswered > MOST_UNANSWERED:
                yield f"{unanswered} messages without a word in answer until {day.on}"
            if day.answers or day.did:
                unanswered = 0


def _item(asked: Asked) -> Item:
    return asked.lesson, asked.question


def middle(values: Iterable[float], share: float = 0.5) -> float:
    """A percentile; nothing waited for is no wait."""
    found = list(values)
    return percentile(found, share) if found else 0.0
