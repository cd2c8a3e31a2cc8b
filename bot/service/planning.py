# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The scheduled loop: what each learner gets at their hour, a few hundred at a time.

Everything uses the tick's time. A slot is a local date: the outbox key holds it, so no change of hour, zone or clock
brings two lessons a day.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.service import pauses
from bot.talk import quiz
from config.schedule import (
    Schedule,
    due_after,
    expiry,
    is_day_off,
    local_date,
    missed,
    next_slot,
    quiet_until,
    schedule_of,
)
from storage import broadcasts, counters, courses, reconciliation
from storage.courses import Catalogue, Entry
from storage.outbox import queue
from storage.outbox.rows import SCHEDULED, Draft
from storage.progress import enrolments, prompts, reviews
from storage.progress.enrolments import Due
from storage.progress.prompts import Prompt
from storage.types import UNREADABLE, Tx

log = logging.getLogger(__name__)

BATCH = 200
"""Enrolments in one transaction: none may hold up the others for more than 50 ms."""

SILENT_SLOTS = ("lesson", "lesson", "reminder", "lesson", "lesson", "lesson", "pause")
"""What successive slots bring while nothing is answered."""


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
    enrolments.move_on(tx, [(enrolment_id, following, day)])
    counters.add(tx, "slot.failed")


def pass_day(tx: Tx, enrolment_id: int, tick: datetime) -> None:
    """Move an enrolment whose next slot cannot even be computed by a day, and count it."""
    if enrolments.schedule_text(tx, enrolment_id, tick) is None:
        return
    enrolments.move_on(tx, [(enrolment_id, tick + timedelta(days=1), tick.date())])
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
        self.moved: list[tuple[int, datetime | None, date | None]] = []
        self.counts: dict[str, int] = {}
        self.catalogue: Catalogue | None = courses.catalogue(tx)
        self.askable = self.catalogue.askable(tick.date()) if self.catalogue else frozenset[reviews.Pair]()
        self.orders: dict[str, tuple[str, ...]] = {}
        self.hours: dict[tuple[str, datetime], _Hour] = {}

    def make(self, batch: list[Due]) -> None:
        wanted: list[tuple[Due, _Hour]] = []
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
                self.moved.append((due.id, following, due.slot))
                continue
            self.moved.append((due.id, following, hour.day))
            if hour.late:
                self.count("slot.missed")
            elif due.unsent:
                self.count("slot.unsent")
            else:
                wanted.append((due, hour))
        self.fill(wanted)
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
        lessons = self.lessons([due for due, _ in wanted if self.kind(due) == "lesson"])
        for due, hour in wanted:
            kind = self.kind(due)
            if kind != "lesson":
                self.add(due, hour.day, kind, hour.not_after)
            elif (entry := lessons.get(due.id)) is not None:
                first = entry.lesson.questions[0].id
                self.add_quiz(due, hour.day, "lesson", entry, first, hour.not_after)
            elif (recall := self.recall(due)) is not None:
                self.add_quiz(due, hour.day, "review", recall[0], recall[1], hour.not_after)
            else:
                self.count("slot.finished")

    def kind(self, due: Due) -> str:
        return SILENT_SLOTS[min(due.silent, len(SILENT_SLOTS) - 1)]

    def lessons(self, learners: list[Due]) -> dict[int, Entry]:
        """Return the next lesson of each: one look-up for all, and a second one for learners who had it already."""
        if self.catalogue is None:
            return {}
        entries = {due.id: self.following(due, frozenset()) for due in learners}
        known = enrolments.already_delivered(
            self.tx, [(id_, entry.id) for id_, entry in entries.items() if entry is not None]
        )
        for due in learners:
            entry = entries[due.id]
            if entry is None or (due.id, entry.id) in known:
                entries[due.id] = self.following(due, enrolments.delivered_lessons(self.tx, due.id))
        return {id_: entry for id_, entry in entries.items() if entry is not None}

    def following(self, due: Due, done: frozenset[str]) -> Entry | None:
        if self.catalogue is None:
            return None
        if due.role not in self.orders:
            self.orders[due.role] = self.catalogue.order(due.role, self.tick.date())
        return self.catalogue.next_of(self.orders[due.role], due.position, done)

    def recall(self, due: Due) -> tuple[Entry, str] | None:
        """Return the review most worth asking once the course is finished, if one is due."""
        if self.catalogue is None:
            return None
        recall = reviews.next_recall(self.tx, due.learner_id, self.askable, self.tick)
        return None if recall is None else (self.catalogue.entries[recall[0]], recall[1])

    def add(self, due: Due, day: date, kind: str, not_after: datetime) -> None:
        key = f"lesson:{due.id}:{day.isoformat()}:0"
        self.drafts.append(
            Draft(
                key,
                due.address_id,
                due.channel,
                {},
                kind=kind,
                priority=SCHEDULED,
                enrolment_id=due.id,
                not_after=not_after,
            )
        )

    def add_quiz(
        self, due: Due, day: date, kind: str, entry: Entry, question: str, not_after: datetime
    ) -> None:
        key = f"lesson:{due.id}:{day.isoformat()}:0"
        prompt = quiz.new_prompt(
            due.learner_id,
            entry.version,
            entry.lesson.question(question),
            self.tick,
            purpose=kind,
            with_lesson=kind == "lesson",
            message=key,
        )
        self.prompts.append(prompt)
        self.drafts.append(
            Draft(
                key,
                due.address_id,
                due.channel,
                {"lesson": entry.id},
                kind=kind,
                priority=SCHEDULED,
                enrolment_id=due.id,
                version=entry.version,
                prompt=prompt.id,
                not_after=not_after,
            )
        )


def spread(tx: Tx, tick: datetime, default: Schedule = STANDARD, most: int = BATCH) -> bool:
    """Queue one batch of a broadcast, to `most` learners. Return whether there is more to queue now.

    Learners in quiet hours or on a day off are passed over, and the walk starts again when the first of them can be reached.
    `default` stands in for a schedule that cannot be read.
    """
    of = broadcasts.due(tx, tick)
    if of is None:
        return False
    if tick >= of.ends_at:  # the service was off for so long that nobody wants to hear it any more
        broadcasts.end_pass(tx, replace(of, left_until=None))
        return True
    readers = broadcasts.readers(tx, of, most)
    if not readers:
        broadcasts.end_pass(tx, of)
        return broadcasts.due(tx, tick) is not None
    entry = _current(tx, of.version, tick)
    if of.version is not None and entry is None:
        broadcasts.end_pass(tx, replace(of, left_until=None))
        return True
    drafts: list[Draft] = []
    asked: list[Prompt] = []
    left_until = of.left_until
    for reader in readers:
        schedule = schedule_of(reader.schedule) or default
        free_at = reachable_at(schedule, tick)
        if free_at > tick:
            left_until = free_at if left_until is None else min(left_until, free_at)
            continue
        key = f"extra:{of.id}:{reader.enrolment_id}:0"
        new = None
        if entry is not None:
            new = quiz.new_prompt(
                reader.learner_id,
                entry.version,
                entry.lesson.questions[0],
                tick,
                purpose="lesson",
                with_lesson=True,
                message=key,
            )
            asked.append(new)
        drafts.append(
            Draft(
                key,
                reader.address_id,
                reader.channel,
                {"broadcast": of.id} if entry is None else {"lesson": entry.id},
                kind="notice" if entry is None else "extra",
                priority=SCHEDULED,
                # An announcement is no lesson: it holds up none.
                enrolment_id=None if entry is None else reader.enrolment_id,
                version=None if entry is None else entry.version,
                prompt=None if new is None else new.id,
                not_after=expiry(schedule, tick),
            )
        )
    fresh = queue.missing(tx, [draft.key for draft in drafts])
    prompts.add(tx, (prompt for prompt in asked if prompt.message in fresh))
    queue.enqueue(tx, [draft for draft in drafts if draft.key in fresh], tick)
    reconciliation.count_planned(tx, tick, len(fresh))
    broadcasts.checkpoint(tx, of, passed=readers[-1].enrolment_id, left_until=left_until)
    return True


def _current(tx: Tx, version: str | None, tick: datetime) -> Entry | None:
    """Return the lesson of a broadcast as it is now published; nothing when it was taken back or refused meanwhile."""
    published = courses.catalogue(tx)
    if version is None or published is None:
        return None
    entry = published.entries.get(courses.slugs_of(tx, [version]).get(version, ""))
    return entry if entry is not None and entry.available(tick.date()) else None


def reachable_at(schedule: Schedule, at: datetime) -> datetime:
    """Return when somebody may be disturbed: now, at the end of quiet hours, or at their hour on the next working day."""
    if is_day_off(schedule, local_date(schedule, at)):
        return next_slot(schedule, at).at
    return quiet_until(schedule, at) or at
