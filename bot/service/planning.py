# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The scheduled loop: what each learner gets at their hour, a few hundred at a time.

Everything uses the tick's time. A slot is a local date: the outbox key holds it, so no change of hour, zone or clock
brings two lessons a day. What a clock that was ahead leaves behind is put right at night: see `storage.odd_rows`.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.service import consenting, pauses, reminding
from bot.talk import quiz, recalling, rhythm
from bot.talk.notice import CONSENT
from bot.talk.recalling import Recalled
from config.schedule import (
    Day,
    Schedule,
    due_after,
    expiry,
    local_date,
    missed,
    schedule_of,
)
from lessons.model import Question
from lessons.review import Recall
from storage import counters, courses, reconciliation
from storage.catalogue import Catalogue, Entry
from storage.outbox import queue
from storage.outbox.rows import SCHEDULED, Draft
from storage.progress import enrolments, lesson_prompts, prompts, recalls
from storage.progress.enrolments import Due, Move
from storage.progress.prompts import Prompt
from storage.progress.reminders import OpenQuestion
from storage.types import UNREADABLE, Tx

log = logging.getLogger(__name__)

BATCH = 100
"""Enrolments in one transaction: none may hold up the others for more than 50 ms."""

SILENT_SLOTS = ("lesson", "lesson", "reminder", "lesson", "lesson", "lesson", "pause")
"""What successive slots bring while nothing is answered."""
SILENT_REVIEWS = ("review", "review", "weekly", "weekly", "weekly", "pause")
"""The same after the last lesson: a slot that is weekly is the only one of its week."""

LONG_AGO = timedelta(days=7)
"""A slot as old as this is missed whatever the schedule; older instants are taken as this one, for the calendar has a first
day."""

STANDARD = Schedule()


def plan(tx: Tx, tick: datetime, default: Schedule = STANDARD) -> int:
    """Plan one batch of enrolments that are due. Return how many there were: the caller goes on while the batch is full.

    `default` is the operator's schedule; it stands in for one that cannot be read.
    """
    batch = enrolments.due(tx, tick, BATCH)
    if not batch:
        return 0
    _Plan(tx, tick, default).make(batch)
    return len(batch)


def plan_some(tx: Tx, ids: Sequence[int], tick: datetime, default: Schedule = STANDARD) -> None:
    """Plan those of some enrolments that are due: a part of a batch that failed as a whole."""
    _Plan(tx, tick, default).make(enrolments.due_of(tx, ids, tick))


def pass_over(tx: Tx, enrolment_id: int, tick: datetime, default: Schedule = STANDARD) -> None:
    """Move an enrolment that cannot be planned past its slot, so that no later batch meets it, and count it."""
    found = enrolments.schedule_text(tx, enrolment_id, tick)
    if found is None:
        return
    learner_id, text = found
    schedule = schedule_of(text) or default
    day = local_date(schedule, tick)
    following = due_after(schedule, tick, learner_id, day + timedelta(days=1))
    enrolments.move_on(tx, [Move(enrolment_id, following, day)])
    counters.add(tx, "slot.failed")


def pass_day(tx: Tx, enrolment_id: int, tick: datetime) -> None:
    """Move an enrolment whose next slot cannot even be computed by a day, and count it."""
    if enrolments.schedule_text(tx, enrolment_id, tick) is None:
        return
    enrolments.move_on(tx, [Move(enrolment_id, tick + timedelta(days=1), tick.date())])
    counters.add(tx, "slot.failed")


@dataclass(frozen=True, slots=True)
class _Hour:
    """What learners of one schedule who are due at one instant share."""

    schedule: Schedule
    day: date
    not_after: datetime
    late: bool
    readable: bool
    """Whether the stored schedule is the one used."""


class _Plan:
    """One batch on its way: what will be written is gathered first, then written at once."""

    def __init__(self, tx: Tx, tick: datetime, default: Schedule) -> None:
        self.tx, self.tick, self.default = tx, tick, default
        self.drafts: list[Draft] = []
        self.prompts: list[Prompt] = []
        self.moved: list[Move] = []
        self.counts: dict[str, int] = {}
        self.catalogue: Catalogue | None = courses.catalogue(tx)
        self.available = self.catalogue.available(tick.date()) if self.catalogue else frozenset[str]()
        self.orders: dict[str, tuple[str, ...]] = {}
        self.hours: dict[tuple[str, datetime], _Hour] = {}

    def make(self, batch: list[Due]) -> None:
        wanted: list[tuple[Due, _Hour]] = []
        asked: list[tuple[Due, _Hour]] = []
        unsure = consenting.unsure(self.tx, batch)
        put_off: list[tuple[Due, Schedule, date]] = []
        for due in pauses.awake(self.tx, batch, self.tick, self.default):
            hour = self.hour(due)
            if not hour.readable:
                log.warning(
                    "A stored schedule cannot be read; the operator's stands in for it.",
                    extra={"action": "read-schedule", "enrolment": due.id},
                )
            # After a slot that was missed, the next may have come too, and be in grace still: the next tick plans it.
            in_grace = hour.late and due.next_at != UNREADABLE  # an unreadable slot has no grace
            since = self.tick - hour.schedule.grace if in_grace else self.tick
            following = due_after(hour.schedule, since, due.learner_id, hour.day + timedelta(days=1))
            if due.slot is not None and hour.day <= due.slot:
                self.moved.append(Move(due.id, following, due.slot))
                if due.state == "active":
                    put_off.append((due, hour.schedule, hour.day))
                continue
            self.moved.append(Move(due.id, following, hour.day))
            if hour.late:
                self.count("slot.missed")
            elif due.unsent:
                self.count("slot.unsent")
            elif due.learner_id in unsure:
                asked.append((due, hour))
            else:
                wanted.append((due, hour))
        self.fill(wanted)
        self.ask(asked)
        self.drafts += reminding.put_off(self.tx, put_off, self.available, self.tick)
        # A message planned before, by a slot that was lost since, is neither queued nor counted again.
        fresh = queue.missing(self.tx, [draft.key for draft in self.drafts])
        prompts.add(self.tx, (prompt for prompt in self.prompts if prompt.message in fresh))
        queue.enqueue(self.tx, [draft for draft in self.drafts if draft.key in fresh], self.tick)
        reconciliation.count_planned(self.tx, self.tick, len(fresh))
        enrolments.move_on(self.tx, self.moved)
        for name, number in self.counts.items():
            counters.add(self.tx, name, number)

    def hour(self, due: Due) -> _Hour:
        at = max(due.next_at, self.tick - LONG_AGO)
        key = (due.schedule, at)
        if key not in self.hours:
            stored = schedule_of(due.schedule)
            schedule = stored or self.default
            self.hours[key] = _Hour(
                schedule,
                local_date(schedule, at),
                expiry(schedule, at),
                late=missed(schedule, at, self.tick),
                readable=stored is not None,
            )
        return self.hours[key]

    def count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    def fill(self, wanted: list[tuple[Due, _Hour]]) -> None:
        """Find what each slot brings."""
        lessons = self.lessons([due for due, _ in wanted])
        reminded = [
            (due, hour)
            for due, hour in wanted
            if due.id in lessons and _at(SILENT_SLOTS, due.silent) == "reminder"
        ]
        offers, going_on = reminding.instead(
            self.tx, [(due, hour.schedule, hour.day) for due, hour in reminded if hour.readable]
        )
        waiting = reminding.open_questions(self.tx, (due for due, _ in reminded), self.available)
        recalled = self.recalled([one for one in wanted if one[0].id not in lessons])
        for due, hour in wanted:
            entry = lessons.get(due.id)
            kind = _at(SILENT_SLOTS if entry is not None else SILENT_REVIEWS, due.silent)
            if entry is not None and (kind == "lesson" or due.id in going_on):
                self.add_quiz(due, hour, "lesson", entry, entry.lesson.questions[0])
            elif due.id in offers:
                self.add_offer(due, hour, offers[due.id])
            elif entry is not None:
                self.add(due, hour, kind, asked=waiting.get(due.id))
            elif (back := recalled.get(due.id)) is None:
                self.count("slot.finished")
            elif kind == "pause":
                self.add(due, hour, kind, {"finished": True})
            else:
                self.add_quiz(due, hour, back.purpose, back.entry, back.asked, back.theme)

    def ask(self, unsure: list[tuple[Due, _Hour]]) -> None:
        """Ask for a new yes, or let the slot pass without a message."""
        asked = consenting.prompts(self.tx, [(due, _key(due, hour)) for due, hour in unsure], self.tick)
        for due, hour in unsure:
            if (prompt := asked.get(due.id)) is None:
                self.count("slot.waiting")
                continue
            self.prompts.append(prompt)
            self.add(due, hour, CONSENT, prompt=prompt.id)

    def lessons(self, learners: list[Due]) -> dict[int, Entry]:
        """Return the next lesson of each, by enrolment: one look-up for all."""
        if self.catalogue is None:
            return {}
        done = enrolments.delivered_of(self.tx, [due.id for due in learners])
        entries = {due.id: self.following(due, done.get(due.id, frozenset())) for due in learners}
        return {id_: entry for id_, entry in entries.items() if entry is not None}

    def following(self, due: Due, done: frozenset[str]) -> Entry | None:
        if self.catalogue is None:
            return None
        if due.role not in self.orders:
            self.orders[due.role] = self.catalogue.order(due.role, self.tick.date())
        return self.catalogue.next_of(self.orders[due.role], due.position, done)

    def recalled(self, finished: list[tuple[Due, _Hour]]) -> dict[int, Recalled]:
        """Return what is asked of those for whom no lesson is left, by enrolment: one look-up for all of a date."""
        if self.catalogue is None:
            return {}
        free: dict[date, list[Due]] = defaultdict(list)
        for due, hour in finished:
            if recalling.has_room(due.slots, hour.day, _most(due)):
                free[hour.day].append(due)
        asked: dict[int, Recalled] = {}
        for day, those in free.items():
            ids = [due.learner_id for due in those]
            recalling.bring_forward(self.tx, ids, self.catalogue, self.tick.date())
            found: dict[str, list[tuple[str, Recall]]] = {}
            waiting = lesson_prompts.left_open(self.tx, ids, self.tick - recalling.LATELY)
            # Some more, where the first ones may have come back lately: each takes time.
            for some, most in ((set(ids) - waiting.keys(), 1), (waiting.keys(), 2)):
                enough = most * recalling.ENOUGH
                found |= recalls.first_due(self.tx, sorted(some), self.available, day, enough)
            for due in those:
                mine = found.get(due.learner_id, [])
                if not recalling.is_slot([recall.due for _, recall in mine], day):
                    continue
                if (
                    first := recalling.first_of(self.catalogue, mine, day, waiting[due.learner_id])
                ) is not None:
                    asked[due.id] = first
        return asked

    def add_offer(self, due: Due, hour: _Hour, days: Sequence[Day]) -> None:
        prompt = rhythm.offer(due.learner_id, due.language, days, self.tick, _key(due, hour))
        self.prompts.append(prompt)
        self.add(due, hour, rhythm.TOPIC, prompt=prompt.id)

    def add(
        self,
        due: Due,
        hour: _Hour,
        kind: str,
        content: dict[str, Any] | None = None,
        *,
        prompt: str | None = None,
        asked: OpenQuestion | None = None,
    ) -> None:
        self.drafts.append(
            Draft(
                _key(due, hour),
                due.address_id,
                due.channel,
                {"day": hour.day.isoformat(), **(content or {})},
                kind=kind,
                priority=SCHEDULED,
                enrolment_id=due.id,
                version=None if asked is None else asked.version,
                prompt=prompt if asked is None else asked.prompt,
                not_after=hour.not_after,
            )
        )

    def add_quiz(
        self, due: Due, hour: _Hour, purpose: str, entry: Entry, asked: Question, theme: str = ""
    ) -> None:
        prompt = quiz.new_prompt(
            due.learner_id,
            entry.version,
            asked,
            self.tick,
            purpose=purpose,
            with_lesson=purpose == "lesson",
            theme=theme,
            message=_key(due, hour),
        )
        self.prompts.append(prompt)
        self.drafts.append(
            Draft(
                _key(due, hour),
                due.address_id,
                due.channel,
                {"lesson": entry.id, "day": hour.day.isoformat()},
                kind="lesson" if purpose == "lesson" else "review",
                priority=SCHEDULED,
                enrolment_id=due.id,
                version=entry.version,
                prompt=prompt.id,
                not_after=hour.not_after,
            )
        )


def _at(kinds: Sequence[str], silent: int) -> str:
    return kinds[min(silent, len(kinds) - 1)]


def _key(due: Due, hour: _Hour) -> str:
    return f"lesson:{due.id}:{hour.day.isoformat()}:0"


def _most(due: Due) -> int:
    """Return how many slots an ISO week may have after the last lesson; a pause after long silence is one of them."""
    most = recalling.SLOTS_A_WEEK.get(due.rhythm, recalling.SLOTS_A_WEEK[recalling.NORMAL])
    return most if _at(SILENT_REVIEWS, due.silent) == "review" else min(most, 1)
