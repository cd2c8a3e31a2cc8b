# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Prompts: the questions shown to learners, and their answers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, and_, bindparam, literal_column, or_, select, update

from storage.tables import address, lesson_version, outbox, prompt
from storage.types import Tx


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question as it is shown to one learner once."""

    id: str
    learner_id: str
    topic: str
    version: str | None
    question: str | None
    content: dict[str, Any]
    created_at: datetime
    chosen: tuple[str, ...] = ()
    message: str | None = None
    """The outbox key of the message that shows it."""
    shown_at: datetime | None = None
    answered_at: datetime | None = None
    keys: tuple[str, ...] | None = None
    verdict: str | None = None


def new_id() -> str:
    """Return a random id that cannot be guessed and fits into a button."""
    return secrets.token_urlsafe(9)


_insert_prompts = prompt.insert()


def add(tx: Tx, new: Iterable[Prompt]) -> None:
    """Store prompts that are about to be shown."""
    rows = [
        {
            "id": added.id,
            "learner_id": added.learner_id,
            "topic": added.topic,
            "version": added.version,
            "question": added.question,
            "content": added.content,
            "chosen": list(added.chosen),
            "message": added.message,
            "created_at": added.created_at,
        }
        for added in new
    ]
    if rows:
        tx.execute(_insert_prompts, rows)


_prompts = select(
    prompt.c.id,
    prompt.c.learner_id,
    prompt.c.topic,
    prompt.c.version,
    prompt.c.question,
    prompt.c.content,
    prompt.c.created_at,
    prompt.c.chosen,
    prompt.c.message,
    prompt.c.shown_at,
    prompt.c.answered_at,
    prompt.c.given,
    prompt.c.verdict,
)


def _prompt_from(row: Sequence[Any]) -> Prompt:
    id_, learner, topic, version, question, content, created_at, chosen, *after = row
    message, shown_at, answered_at, given, verdict = after
    keys = tuple(given) if isinstance(given, list) else None
    # What cannot be read is empty: it must not stop the prompts read with it.
    return Prompt(
        id_,
        learner,
        topic,
        version,
        question,
        content if isinstance(content, dict) else {},
        created_at,
        tuple(chosen) if isinstance(chosen, list) else (),
        message,
        shown_at,
        answered_at,
        keys,
        verdict,
    )


_open_prompt = (
    _prompts.outerjoin(outbox, outbox.c.key == prompt.c.message)
    .where(
        prompt.c.learner_id == bindparam("of"),
        literal_column("prompt.answered_at").is_(None),
        prompt.c.shown_at.is_not(None),
    )
    # Prompts of one instant are ordered by their messages; a prompt whose message was pruned counts as older.
    .order_by(prompt.c.created_at.desc(), prompt.c.shown_at.desc(), outbox.c.id.desc().nulls_last())
    .limit(1)
)


_open_prompt_of_topic = _open_prompt.where(prompt.c.topic == bindparam("topic"))
_topic_lasts = prompt.c.topic.in_(bindparam("lasting", expanding=True))
_is_in_time = or_(
    prompt.c.shown_at > bindparam("since"), prompt.c.topic.in_(bindparam("unhurried", expanding=True))
)
_typed_prompt = _open_prompt.where(
    prompt.c.topic.not_in(bindparam("besides", expanding=True)),
    or_(_topic_lasts, and_(prompt.c.ended_at.is_(None), _is_in_time)),
)


def newest_open(tx: Tx, learner_id: str, topic: str) -> Prompt | None:
    """Return the newest prompt of a topic that a learner was shown and has not answered."""
    row = tx.execute(_open_prompt_of_topic, {"of": learner_id, "topic": topic}).first()
    return None if row is None else _prompt_from(row)


def newest_typed(
    tx: Tx,
    learner_id: str,
    lasting: Sequence[str],
    since: datetime,
    *,
    besides: Sequence[str] = (),
    unhurried: Sequence[str] = (),
) -> Prompt | None:
    """Return the newest open prompt that a typed word may answer, of all topics but `besides`.

    Those of the topics `lasting` wait until they are answered; a menu ends (see `end_menus`), or was shown before `since`,
    unless its topic is `unhurried`.
    """
    values = {
        "of": learner_id,
        "lasting": list(lasting),
        "since": since,
        "besides": list(besides),
        "unhurried": list(unhurried),
    }
    row = tx.execute(_typed_prompt, values).first()
    return None if row is None else _prompt_from(row)


@cache
def _end_menus(lasting: tuple[str, ...]) -> Update:
    # One statement for each list, for each answer ends menus: a list as a parameter is written anew into every execution.
    return (
        update(prompt)
        .where(
            prompt.c.learner_id == bindparam("of"),
            literal_column("prompt.answered_at").is_(None),
            prompt.c.ended_at.is_(None),
            *(prompt.c.topic != topic for topic in lasting),
        )
        .values(ended_at=bindparam("now"))
    )


def end_menus(tx: Tx, learner_id: str, lasting: Sequence[str], now: datetime) -> None:
    """End the open menus of a learner for what is typed: something else was said. Their buttons still serve."""
    tx.execute(_end_menus(tuple(lasting)), {"of": learner_id, "now": now})


_prompt_by_id = _prompts.where(prompt.c.id == bindparam("of"))


def by_id(tx: Tx, prompt_id: str) -> Prompt | None:
    """Return a prompt, open or not."""
    row = tx.execute(_prompt_by_id, {"of": prompt_id}).first()
    return None if row is None else _prompt_from(row)


_prompts_by_id = _prompts.where(prompt.c.id.in_(bindparam("of", expanding=True)))


def by_ids(tx: Tx, prompt_ids: Sequence[str]) -> dict[str, Prompt]:
    """Return some prompts, each under its id."""
    if not prompt_ids:
        return {}
    return {row.id: _prompt_from(row) for row in tx.execute(_prompts_by_id, {"of": prompt_ids}).all()}


def shown_in(tx: Tx, learner_id: str, ref: str) -> Prompt | None:
    """Return the prompt shown in a message of the bot, given the channel's reference of that message."""
    # By the address, which has an index: 0.2 ms instead of 14 among 120,000 rows.
    row = tx.execute(
        _prompts.join(outbox, outbox.c.prompt == prompt.c.id)
        .join(address, address.c.id == outbox.c.address_id)
        .where(address.c.learner_id == learner_id, prompt.c.learner_id == learner_id, outbox.c.ref == ref)
        .order_by(outbox.c.id.desc())
    ).first()
    return None if row is None else _prompt_from(row)


_set_message = update(prompt).where(prompt.c.id == bindparam("of")).values(message=bindparam("key"))


def set_message(tx: Tx, prompt_id: str, key: str) -> None:
    """Note which message shows a prompt."""
    tx.execute(_set_message, {"of": prompt_id, "key": key})


def note_shown(tx: Tx, prompt_id: str, key: str, content: dict[str, Any], now: datetime) -> None:
    """Note that another message has shown a prompt, and how."""
    again = update(prompt).where(prompt.c.id == prompt_id)
    tx.execute(again.values(message=key, content=content, shown_at=now))


def change_content(tx: Tx, prompt_id: str, content: dict[str, Any]) -> None:
    """Replace what is kept of how a prompt is shown."""
    tx.execute(update(prompt).where(prompt.c.id == prompt_id).values(content=content))


def choose(tx: Tx, prompt_id: str, keys: Sequence[str]) -> None:
    """Note the choices that are switched on so far."""
    tx.execute(update(prompt).where(prompt.c.id == prompt_id).values(chosen=list(keys)))


_answer_open_prompt = (
    update(prompt)
    .where(prompt.c.id == bindparam("of"), prompt.c.answered_at.is_(None))
    .values(answered_at=bindparam("now"), given=bindparam("keys"), verdict=bindparam("how"))
)


def answer(tx: Tx, prompt_id: str, keys: Sequence[str], verdict: str | None, now: datetime) -> bool:
    """Accept the first answer; return False when there was one before."""
    accepted = tx.execute(
        _answer_open_prompt, {"of": prompt_id, "now": now, "keys": list(keys), "how": verdict}
    )
    return accepted.rowcount == 1


def close(tx: Tx, learner_id: str, topics: Iterable[str], now: datetime) -> list[str]:
    """Close the open menus of some topics, which a newer one replaces. Return the keys of messages with their buttons."""
    closed = tx.execute(
        update(prompt)
        .where(
            prompt.c.learner_id == learner_id,
            prompt.c.answered_at.is_(None),
            prompt.c.topic.in_(list(topics)),
        )
        .values(answered_at=now)
        .returning(prompt.c.message, prompt.c.content)
    ).all()
    return [message for message, content in closed if message and content.get("choices")]


def newest_of_lesson(tx: Tx, learner_id: str, lesson_id: str) -> Prompt | None:
    """Return the newest quiz prompt that a learner has from a lesson, answered or not."""
    row = tx.execute(
        _prompts.join(lesson_version, lesson_version.c.id == prompt.c.version)
        .outerjoin(outbox, outbox.c.key == prompt.c.message)
        .where(prompt.c.learner_id == learner_id, lesson_version.c.lesson_id == lesson_id)
        .order_by(prompt.c.created_at.desc(), outbox.c.id.desc().nulls_last())
        .limit(1)
    ).first()
    return None if row is None else _prompt_from(row)
