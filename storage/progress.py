# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How far learners are: enrolments, what was asked, what was answered, what is to be asked again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, Update, bindparam, delete, exists, func, literal_column, select, tuple_, update

from storage.engine import Tx, insert
from storage.tables import (
    address,
    delivered,
    enrolment,
    learner,
    lesson,
    lesson_version,
    outbox,
    prompt,
    review,
    seen,
)


@dataclass(frozen=True, slots=True)
class Due:
    """An enrolment whose hour has come."""

    id: int
    learner_id: str
    position: str | None
    schedule: str
    next_at: datetime
    slot: date | None
    silent: int
    role: str
    language: str
    address_id: int
    channel: str
    unsent: bool
    """Whether something planned before has not left yet."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question as it was shown to one learner once."""

    id: str
    learner_id: str
    topic: str
    version: str | None
    question: str | None
    content: dict[str, Any]
    chosen: tuple[str, ...]
    message: str | None
    shown_at: datetime | None
    answered_at: datetime | None
    keys: tuple[str, ...] | None
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Recall:
    """A question to ask again, and what is known of how well it is remembered."""

    lesson_id: str
    question: str
    memory: dict[str, Any] | None
    due: datetime


# --- enrolments


def enrol(
    tx: Tx, learner_id: str, course_id: str, schedule: str, next_at: datetime | None, slot: date
) -> int:
    """Begin the course. `slot` is the local date that its first lesson takes."""
    return int(
        tx.execute(
            enrolment.insert()
            .values(
                learner_id=learner_id,
                course_id=course_id,
                schedule=schedule,
                next_at=next_at,
                slot=slot,
                silent=0,
            )
            .returning(enrolment.c.id)
        ).scalar_one()
    )


@cache
def _change(columns: tuple[str, ...]) -> Update:
    # Every answer makes one of a few changes: building the statement anew took longer than running it.
    setting: dict[str, Any] = {name: bindparam(f"to_{name}") for name in columns}
    return update(enrolment).where(enrolment.c.id == bindparam("of")).values(setting)


def change(tx: Tx, enrolment_id: int, **values: Any) -> None:
    """Set columns of an enrolment."""
    tx.execute(
        _change(tuple(values)),
        {"of": enrolment_id, **{f"to_{name}": value for name, value in values.items()}},
    )


_unsent = exists(
    select(literal_column("1"))
    .select_from(outbox)
    .where(
        outbox.c.enrolment_id == enrolment.c.id, literal_column("outbox.state") == literal_column("'waiting'")
    )
    .correlate(enrolment)
)
_due = (
    select(
        enrolment.c.id,
        enrolment.c.learner_id,
        enrolment.c.position,
        enrolment.c.schedule,
        enrolment.c.next_at,
        enrolment.c.slot,
        enrolment.c.silent,
        learner.c.role,
        learner.c.language,
        address.c.id.label("address_id"),
        address.c.channel,
        _unsent.label("unsent"),
    )
    .select_from(
        enrolment.join(learner, learner.c.id == enrolment.c.learner_id).join(
            address, address.c.learner_id == learner.c.id
        )
    )
    .where(enrolment.c.next_at <= bindparam("tick"))
    .order_by(enrolment.c.next_at)
    .limit(bindparam("most"))
)


def due(tx: Tx, tick: datetime, limit: int) -> list[Due]:
    """Enrolments whose hour has come, the longest overdue first."""
    return [Due(*tuple(row)) for row in tx.execute(_due, {"tick": tick, "most": limit}).all()]


_move_on = (
    update(enrolment)
    .where(enrolment.c.id == bindparam("of"))
    .values(next_at=bindparam("then"), slot=bindparam("day"))
)


def move_on(tx: Tx, moved: Sequence[tuple[int, datetime | None, date | None]]) -> None:
    """Set the next slot of enrolments: (id, when it is due, the local date that was just used)."""
    if moved:
        tx.execute(_move_on, [{"of": id_, "then": next_at, "day": day} for id_, next_at, day in moved])


@cache
def _deliver(dialect: str) -> Insert:
    return insert(dialect, delivered).on_conflict_do_nothing()


_reposition = update(enrolment).where(enrolment.c.id == bindparam("of")).values(position=bindparam("to"))
_use_slot = update(enrolment).where(enrolment.c.id == bindparam("of")).values(silent=enrolment.c.silent + 1)


def deliver(tx: Tx, lessons: Sequence[tuple[int, str, bool]], now: datetime) -> None:
    """Note lessons that reached their learners: (enrolment, lesson, whether it moves the position)."""
    if not lessons:
        return
    tx.execute(
        _deliver(tx.dialect.name),
        [{"enrolment_id": id_, "lesson_id": slug, "at": now} for id_, slug, _ in lessons],
    )
    if moving := [{"of": id_, "to": slug} for id_, slug, moves in lessons if moves]:
        tx.execute(_reposition, moving)


def use_slots(tx: Tx, enrolments: Sequence[int]) -> None:
    """Count one more slot since the learner's last word."""
    if enrolments:
        tx.execute(_use_slot, [{"of": id_} for id_ in enrolments])


def delivered_lessons(tx: Tx, enrolment_id: int) -> frozenset[str]:
    """The lessons that reached a learner."""
    found = tx.execute(select(delivered.c.lesson_id).where(delivered.c.enrolment_id == enrolment_id))
    return frozenset(found.scalars())


def deliveries(tx: Tx, enrolment_id: int) -> list[tuple[str, datetime]]:
    """The lessons that reached a learner and when, the oldest first."""
    found = tx.execute(
        select(delivered.c.lesson_id, delivered.c.at)
        .where(delivered.c.enrolment_id == enrolment_id)
        .order_by(delivered.c.at)
    )
    return [(row.lesson_id, row.at) for row in found]


def already_delivered(tx: Tx, pairs: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of the pairs (enrolment, lesson) that were delivered before."""
    if not pairs:
        return set()
    found = tx.execute(
        select(delivered.c.enrolment_id, delivered.c.lesson_id).where(
            tuple_(delivered.c.enrolment_id, delivered.c.lesson_id).in_(pairs)
        )
    )
    return {(row.enrolment_id, row.lesson_id) for row in found}


# --- prompts and answers


def new_prompt_id() -> str:
    """A name that cannot be guessed and fits into a button."""
    return secrets.token_urlsafe(9)


def ask(
    tx: Tx,
    learner_id: str,
    topic: str,
    content: dict[str, Any],
    now: datetime,
    *,
    version: str | None = None,
    question: str | None = None,
    chosen: Sequence[str] = (),
) -> str:
    """Remember a question that is about to be shown; its prompt."""
    prompt_id = new_prompt_id()
    ask_many(
        tx,
        [
            {
                "id": prompt_id,
                "learner_id": learner_id,
                "topic": topic,
                "version": version,
                "question": question,
                "content": content,
                "chosen": list(chosen),
                "message": None,
                "created_at": now,
            }
        ],
    )
    return prompt_id


_ask = prompt.insert()


def ask_many(tx: Tx, prompts: Sequence[Mapping[str, Any]]) -> None:
    """Remember questions: rows as in the table, without what is not known before an answer."""
    if prompts:
        tx.execute(_ask, list(prompts))


_prompt = select(
    prompt.c.id,
    prompt.c.learner_id,
    prompt.c.topic,
    prompt.c.version,
    prompt.c.question,
    prompt.c.content,
    prompt.c.chosen,
    prompt.c.message,
    prompt.c.shown_at,
    prompt.c.answered_at,
    prompt.c.given,
    prompt.c.verdict,
)


def _read(row: Sequence[Any]) -> Prompt:
    (
        id_,
        learner_id,
        topic,
        version,
        question,
        content,
        chosen,
        message,
        shown_at,
        answered_at,
        keys,
        verdict,
    ) = row
    return Prompt(
        id_,
        learner_id,
        topic,
        version,
        question,
        content,
        tuple(chosen),
        message,
        shown_at,
        answered_at,
        None if keys is None else tuple(keys),
        verdict,
    )


_open = (
    _prompt.where(
        prompt.c.learner_id == bindparam("of"),
        literal_column("prompt.answered_at").is_(None),
        prompt.c.shown_at.is_not(None),
    )
    .order_by(prompt.c.created_at.desc(), prompt.c.shown_at.desc())
    .limit(1)
)
_open_of_topic = _open.where(prompt.c.topic == bindparam("topic"))


def newest_open(tx: Tx, learner_id: str, topic: str | None = None) -> Prompt | None:
    """The newest question, of any topic or of one, that a learner was shown and has not answered."""
    if topic is None:
        row = tx.execute(_open, {"of": learner_id}).first()
    else:
        row = tx.execute(_open_of_topic, {"of": learner_id, "topic": topic}).first()
    return None if row is None else _read(row)


_one_prompt = _prompt.where(prompt.c.id == bindparam("of"))


def prompt_of(tx: Tx, prompt_id: str) -> Prompt | None:
    """One prompt, open or not."""
    row = tx.execute(_one_prompt, {"of": prompt_id}).first()
    return None if row is None else _read(row)


_some_prompts = _prompt.where(prompt.c.id.in_(bindparam("of", expanding=True)))


def prompts_of(tx: Tx, prompt_ids: Sequence[str]) -> dict[str, Prompt]:
    """Some prompts by their id."""
    if not prompt_ids:
        return {}
    return {row.id: _read(row) for row in tx.execute(_some_prompts, {"of": prompt_ids}).all()}


def prompt_shown_in(tx: Tx, learner_id: str, ref: str) -> Prompt | None:
    """The prompt that a message of the bot shows, by the channel's reference of that message."""
    row = tx.execute(
        _prompt.join(outbox, outbox.c.prompt == prompt.c.id)
        .where(prompt.c.learner_id == learner_id, outbox.c.ref == ref)
        .order_by(outbox.c.id.desc())
    ).first()
    return None if row is None else _read(row)


_show_in = update(prompt).where(prompt.c.id == bindparam("of")).values(message=bindparam("key"))


def show_in(tx: Tx, prompt_id: str, key: str) -> None:
    """Note which message shows a prompt."""
    tx.execute(_show_in, {"of": prompt_id, "key": key})


def choose(tx: Tx, prompt_id: str, keys: Sequence[str]) -> None:
    """Remember what is switched on so far."""
    tx.execute(update(prompt).where(prompt.c.id == prompt_id).values(chosen=list(keys)))


_answer = (
    update(prompt)
    .where(prompt.c.id == bindparam("of"), prompt.c.answered_at.is_(None))
    .values(answered_at=bindparam("now"), given=bindparam("keys"), verdict=bindparam("how"))
)


def answer(tx: Tx, prompt_id: str, keys: Sequence[str], verdict: str | None, now: datetime) -> bool:
    """Accept an answer: the first wins; false when there was one before."""
    taken = tx.execute(_answer, {"of": prompt_id, "now": now, "keys": list(keys), "how": verdict})
    return taken.rowcount == 1


def close(tx: Tx, learner_id: str, topics: Iterable[str], now: datetime) -> None:
    """Take back menus that a newer one replaces."""
    tx.execute(
        update(prompt)
        .where(
            prompt.c.learner_id == learner_id,
            prompt.c.answered_at.is_(None),
            prompt.c.topic.in_(list(topics)),
        )
        .values(answered_at=now)
    )


def current_prompt(tx: Tx, learner_id: str, lesson_id: str) -> Prompt | None:
    """The newest quiz prompt that a learner has from a lesson, answered or not."""
    row = tx.execute(
        _prompt.join(lesson_version, lesson_version.c.id == prompt.c.version)
        .where(prompt.c.learner_id == learner_id, lesson_version.c.lesson_id == lesson_id)
        .order_by(prompt.c.created_at.desc())
        .limit(1)
    ).first()
    return None if row is None else _read(row)


def answered_on(tx: Tx, learner_id: str, since: datetime) -> list[datetime]:
    """When a learner answered quizzes since an instant, the newest first."""
    found = tx.execute(
        select(prompt.c.answered_at)
        .where(
            prompt.c.learner_id == learner_id, prompt.c.verdict.is_not(None), prompt.c.answered_at >= since
        )
        .order_by(prompt.c.answered_at.desc())
    )
    return list(found.scalars())


def verdicts(tx: Tx, learner_id: str | None = None) -> dict[str, int]:
    """How many answers got each verdict: of one learner, or of all."""
    wanted = (
        select(prompt.c.verdict, func.count()).where(prompt.c.verdict.is_not(None)).group_by(prompt.c.verdict)
    )
    if learner_id is not None:
        wanted = wanted.where(prompt.c.learner_id == learner_id)
    return {row[0]: row[1] for row in tx.execute(wanted)}


def answers(tx: Tx, learner_id: str) -> list[Prompt]:
    """Every quiz answer of a learner, the oldest first."""
    found = tx.execute(
        _prompt.where(prompt.c.learner_id == learner_id, prompt.c.verdict.is_not(None)).order_by(
            prompt.c.answered_at
        )
    )
    return [_read(row) for row in found]


# --- reviews


_KEY = ["learner_id", "lesson_id", "question"]


@cache
def _foresee(dialect: str) -> Insert:
    return insert(dialect, review).on_conflict_do_nothing(index_elements=_KEY)


@cache
def _remember(dialect: str) -> Insert:
    upsert = insert(dialect, review)
    return upsert.on_conflict_do_update(
        index_elements=_KEY, set_={"memory": upsert.excluded.memory, "due": upsert.excluded.due}
    )


def remember(
    tx: Tx, learner_id: str, lesson_id: str, question: str, memory: dict[str, Any] | None, due: datetime
) -> None:
    """Set when a question comes back. Without a memory, only where it is not remembered yet."""
    statement = _foresee if memory is None else _remember
    tx.execute(
        statement(tx.dialect.name),
        [
            {
                "learner_id": learner_id,
                "lesson_id": lesson_id,
                "question": question,
                "memory": memory,
                "due": due,
            }
        ],
    )


_memory = select(review.c.memory).where(
    review.c.learner_id == bindparam("of"),
    review.c.lesson_id == bindparam("lesson"),
    review.c.question == bindparam("asked"),
)


def memory_of(tx: Tx, learner_id: str, lesson_id: str, question: str) -> dict[str, Any] | None:
    """What is known of how well a question is remembered."""
    found: dict[str, Any] | None = tx.execute(
        _memory, {"of": learner_id, "lesson": lesson_id, "asked": question}
    ).scalar()
    return found


_recalls = (
    select(review.c.lesson_id, review.c.question, review.c.memory, review.c.due)
    .join(lesson, lesson.c.id == review.c.lesson_id)
    .where(review.c.learner_id == bindparam("of"), review.c.lesson_id != bindparam("besides"))
    .order_by(review.c.memory.is_(None), review.c.due)
    .limit(10)
)
_recalls_due = _recalls.where(review.c.due <= bindparam("before"))


def recalls(tx: Tx, learner_id: str, before: datetime | None = None, *, besides: str = "") -> list[Recall]:
    """Ten questions of published lessons to ask again: what may be forgotten first, then what was never asked."""
    values: dict[str, Any] = {"of": learner_id, "besides": besides}
    if before is None:
        rows = tx.execute(_recalls, values)
    else:
        rows = tx.execute(_recalls_due, {**values, "before": before})
    return [Recall(*tuple(row)) for row in rows]


def memories(tx: Tx, learner_id: str) -> list[Recall]:
    """All that is remembered of how well a learner knows what, the soonest due first."""
    found = tx.execute(
        select(review.c.lesson_id, review.c.question, review.c.memory, review.c.due)
        .where(review.c.learner_id == learner_id)
        .order_by(review.c.due)
    )
    return [Recall(*tuple(row)) for row in found]


def count_due(tx: Tx, learner_id: str, before: datetime) -> int:
    """How many reviews are due."""
    return tx.execute(
        select(func.count())
        .select_from(review)
        .where(review.c.learner_id == learner_id, review.c.due <= before)
    ).scalar_one()


# --- events


@cache
def _first_time(dialect: str) -> Insert:
    return insert(dialect, seen).on_conflict_do_nothing(index_elements=["channel", "event_id"])


def first_time(tx: Tx, channel: str, event_id: str, now: datetime) -> bool:
    """Note an event; false when it was seen before."""
    noted = tx.execute(
        _first_time(tx.dialect.name), {"channel": channel, "event_id": event_id, "at": now, "failed": False}
    )
    return noted.rowcount == 1


def failed(tx: Tx, channel: str, event_id: str, now: datetime) -> None:
    """Note an event whose handler raised, so that it is not tried again."""
    tx.execute(
        insert(tx.dialect.name, seen)
        .values(channel=channel, event_id=event_id, at=now, failed=True)
        .on_conflict_do_update(index_elements=["channel", "event_id"], set_={"failed": True})
    )


def tidy(tx: Tx, *, events_before: datetime, menus_before: datetime, limit: int) -> int:
    """Forget old events and menus that nobody answered, a few at a time; how many went."""
    gone = 0
    old_events = select(seen.c.channel, seen.c.event_id).where(seen.c.at < events_before).limit(limit)
    gone += tx.execute(delete(seen).where(tuple_(seen.c.channel, seen.c.event_id).in_(old_events))).rowcount
    stale = (
        select(prompt.c.id).where(prompt.c.topic != "quiz", prompt.c.created_at < menus_before).limit(limit)
    )
    gone += tx.execute(delete(prompt).where(prompt.c.id.in_(stale))).rowcount
    return gone
