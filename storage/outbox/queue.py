# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The queue of the outbox: rows added, replaced, cancelled, reordered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, bindparam, case, func, or_, select, update

from storage.outbox.rows import ENDED_CONTENT, SCHEDULED, TRANSIENT, WAITING, Claimed, Draft, stem_of
from storage.tables import conversation, lesson_version, outbox
from storage.types import Tx, UtcDateTime, insert, listed


@cache
def _insert_rows(dialect: str) -> Insert:
    return insert(dialect, outbox).on_conflict_do_nothing(index_elements=["key"])


SOON = timedelta(seconds=5)
"""The longest that a reply waits behind a message of its conversation that backs off."""


# The outcome of the last attempt of the oldest row, as `claims.mark` wrote it. A throttled conversation keeps waiting.
_reason_of_oldest_waiting_row = (
    select(outbox.c.reason)
    .where(outbox.c.address_id == conversation.c.address_id, WAITING)
    .order_by(outbox.c.id)
    .limit(1)
    .correlate(conversation)
    .scalar_subquery()
)
_is_backing_off = or_(
    _reason_of_oldest_waiting_row.like("Uncertain:%"), _reason_of_oldest_waiting_row.like("Unreachable:%")
)


@cache
def _upsert_conversations(dialect: str) -> Insert:
    upsert = insert(dialect, conversation)
    soon = bindparam("soon", type_=UtcDateTime)
    sooner = case(
        (upsert.excluded.priority < conversation.c.priority, upsert.excluded.priority),
        else_=conversation.c.priority,
    )
    rested = case(
        (
            or_(upsert.excluded.priority == SCHEDULED, conversation.c.ready_at <= soon),
            conversation.c.ready_at,
        ),
        (_is_backing_off, soon),  # evaluated only where a conversation rests
        else_=conversation.c.ready_at,
    )
    return upsert.on_conflict_do_update(
        index_elements=["address_id"], set_={"priority": sooner, "ready_at": rested}
    )


def enqueue(tx: Tx, drafts: Sequence[Draft], now: datetime) -> None:
    """Queue rows under unique idempotency keys: a row whose key exists already is left as it is.

    A reply gives its whole conversation the priority of replies, so that the order within it holds; a message of it that
    backs off is retried within `SOON`.
    """
    if not drafts:
        return
    tx.execute(
        _insert_rows(tx.dialect.name),
        [
            {
                "key": draft.key,
                "address_id": draft.address_id,
                "priority": draft.priority,
                "kind": draft.kind,
                "content": draft.content,
                "enrolment_id": draft.enrolment_id,
                "version": draft.version,
                "prompt": draft.prompt,
                "target": draft.target,
                "not_after": draft.not_after,
                "transient": draft.transient,
                "state": "waiting",
                "attempts": 0,
                "reason": "",
                "created_at": now,
            }
            for draft in drafts
        ],
    )
    lines: dict[int, dict[str, Any]] = {}  # one for each address: a statement may not update a row twice
    for draft in drafts:
        line = lines.setdefault(
            draft.address_id,
            {
                "address_id": draft.address_id,
                "channel": draft.channel,
                "priority": draft.priority,
                "ready_at": now,
                "soon": now + SOON,
            },
        )
        line["priority"] = min(line["priority"], draft.priority)
    tx.execute(_upsert_conversations(tx.dialect.name), list(lines.values()))


_last_reply = (
    select(outbox.c.id, outbox.c.content, outbox.c.state, outbox.c.created_at)
    .where(
        outbox.c.address_id == bindparam("of"),
        outbox.c.kind == "reply",
        outbox.c.state.in_(("waiting", "sent")),
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
)


def last_request(tx: Tx, address_id: int, delivered: Collection[int]) -> tuple[str, bool, datetime] | None:
    """Return what the newest reply to an address answers, whether it is unsent, and when it was queued.

    `delivered`: rows that have arrived and are not marked yet.
    """
    row = tx.execute(_last_reply, {"of": address_id}).first()
    if row is None:
        return None
    unsent = row.state == "waiting" and row.id not in delivered
    # Of a damaged row nothing is known: it is no reason to refuse `stop` or `oublier`.
    request = row.content.get("request", "") if isinstance(row.content, dict) else ""
    return request, unsent, row.created_at


_replace_waiting_edit = (
    update(outbox)
    .where(
        outbox.c.address_id == bindparam("of"),
        WAITING,
        outbox.c.target == bindparam("at"),
        outbox.c.id.not_in(
            select(conversation.c.sending).where(
                conversation.c.address_id == bindparam("of"), conversation.c.sending.is_not(None)
            )
        ),
    )
    .values(content=bindparam("new"), prompt=bindparam("asks"))
)


def replace_edit(
    tx: Tx, address_id: int, target: str, content: dict[str, Any], prompt_id: str | None
) -> bool:
    """Replace the content of an unsent edit by a newer one; return False when there is none."""
    values = {"of": address_id, "at": target, "new": content, "asks": prompt_id}
    return tx.execute(_replace_waiting_edit, values).rowcount > 0


def cancel(tx: Tx, address_id: int, now: datetime, reason: str) -> int:
    """Cancel the planned and unsent rows of an address, except the row being sent.

    Return how many, with the later pieces of messages that were tried before.
    """
    under_way = select(conversation.c.sending).where(
        conversation.c.address_id == address_id, conversation.c.sending.is_not(None)
    )
    ended = tx.execute(
        update(outbox)
        .where(
            outbox.c.address_id == address_id,
            WAITING,
            outbox.c.priority == SCHEDULED,
            outbox.c.id.not_in(under_way),
        )
        .values(state="cancelled", reason=reason, ended_at=now, content=ENDED_CONTENT)
        .returning(outbox.c.id, outbox.c.key, outbox.c.attempts)
    ).all()
    tried = [row for row in ended if row.attempts]
    rest = [_end_rest(tx, address_id, row.id, row.key, "cancelled", reason, now) for row in tried]
    return len(ended) + sum(rest)


def withdraw(tx: Tx, keys: Collection[str], now: datetime, reason: str) -> set[str]:
    """Cancel the rows that have not left and are not leaving. Return the keys that left, are leaving, or may have left."""
    named = outbox.c.key.in_(keys)
    rows = tx.execute(select(outbox.c.key, outbox.c.state, outbox.c.reason).where(named)).all()
    leaving = (
        select(conversation.c.sending)
        .where(conversation.c.address_id == outbox.c.address_id, conversation.c.sending.is_not(None))
        .correlate(outbox)
    )
    cancelled = set(
        tx.execute(
            update(outbox)
            .where(named, WAITING, outbox.c.id.not_in(leaving))
            .values(state="cancelled", reason=reason, ended_at=now, content=ENDED_CONTENT)
            .returning(outbox.c.key)
        ).scalars()
    )
    return {
        row.key
        for row in rows
        if row.state == "sent"
        or (row.state == "waiting" and (row.key not in cancelled or row.reason.startswith("Uncertain:")))
    }


_planned_with_prompt = select(outbox.c.key).where(
    outbox.c.address_id == bindparam("of"),
    WAITING,
    outbox.c.priority == SCHEDULED,
    outbox.c.prompt == bindparam("asks"),
)


def planned_with(tx: Tx, address_id: int, prompt_id: str) -> set[str]:
    """Return the keys of planned rows that show a prompt and are not known to have arrived."""
    return set(tx.execute(_planned_with_prompt, {"of": address_id, "asks": prompt_id}).scalars())


_planned_with_lesson = (
    select(outbox.c.key)
    .join(lesson_version, lesson_version.c.id == outbox.c.version)
    .where(
        outbox.c.address_id == bindparam("of"),
        WAITING,
        outbox.c.kind.in_(("lesson", "extra")),
        lesson_version.c.lesson_id == bindparam("shows"),
    )
)


def planned_lesson(tx: Tx, address_id: int, lesson_id: str) -> set[str]:
    """Return the keys of planned rows that bring a lesson, of the day or sent to all, and are not known to have arrived.

    Any version of it counts.
    """
    return set(tx.execute(_planned_with_lesson, {"of": address_id, "shows": lesson_id}).scalars())


@cache
def _awaiting(dialect: str) -> Select[Any]:
    return (
        select(outbox.c.address_id)
        .join(lesson_version, lesson_version.c.id == outbox.c.version)
        .where(
            listed(dialect, outbox.c.address_id, "of"),
            WAITING,
            outbox.c.kind == "lesson",
            lesson_version.c.lesson_id == bindparam("shows"),
            or_(outbox.c.not_after.is_(None), outbox.c.not_after > bindparam("now")),
        )
    )


def awaiting(tx: Tx, addresses: Sequence[int], lesson_id: str, now: datetime) -> set[int]:
    """Return those of some addresses for which a lesson waits as the lesson of the day."""
    values = {"of": list(addresses), "shows": lesson_id, "now": now}
    return set(tx.execute(_awaiting(tx.dialect.name), values).scalars())


def drop_rest(tx: Tx, row: Claimed, now: datetime) -> int:
    """Refuse the later pieces of a message of which one did not arrive; return how many."""
    return _end_rest(tx, row.address_id, row.id, row.key, "refused", "an earlier part was refused", now)


def note_drawing(tx: Tx, row: Claimed) -> None:
    """Note, as `row` says, whether a channel refuses what it draws: then its text leaves, under the same key, at each try.

    A number may have been given again since: only the key tells.
    """
    claimed = update(outbox).where(outbox.c.id == row.id, outbox.c.key == row.key, WAITING)
    tx.execute(claimed.values(drawing_refused=row.drawing_refused))


def blank_late(tx: Tx, now: datetime) -> int:
    """Blank the transient rows that wait and may leave no more: nobody sends for their channel. Return how many."""
    late = update(outbox).where(TRANSIENT, WAITING, outbox.c.not_after <= now, outbox.c.content != {})
    return tx.execute(late.values(content={})).rowcount


def _end_rest(tx: Tx, address_id: int, row: int, key: str, state: str, reason: str, now: datetime) -> int:
    # The keys of the pieces of a message differ after the last separator only.
    stem = stem_of(key)
    message = key[: len(stem) + 1]
    ended = tx.execute(
        update(outbox)
        .where(
            outbox.c.address_id == address_id,
            WAITING,
            outbox.c.id > row,
            func.substr(outbox.c.key, 1, len(message)) == message,
        )
        .values(state=state, reason=reason, ended_at=now, content=ENDED_CONTENT)
    )
    return ended.rowcount


FEW = 100
"""Most rows that are reordered: 100 take about 1 ms, none 0.03 ms; hardly any conversation has more."""

_rows_behind = (
    select(outbox.c.id, outbox.c.key)
    .where(outbox.c.address_id == bindparam("of"), WAITING, outbox.c.id > bindparam("row"))
    .order_by(outbox.c.id)
    .limit(FEW)
)
# Ids are unique at every moment: each becomes its new number, negated; then one statement negates them all.
_renumber = update(outbox).where(outbox.c.id == bindparam("row")).values(id=bindparam("to"))
_make_numbers_positive = (
    update(outbox)
    .where(outbox.c.address_id == bindparam("of"), WAITING, outbox.c.id < 0)
    .values(id=-outbox.c.id)
)


def keep_together(tx: Tx, row: Claimed, pieces: Collection[str]) -> None:
    """Move the later pieces of a message being sent right behind it, before the rows queued meanwhile."""
    behind = tx.execute(_rows_behind, {"of": row.address_id, "row": row.id}).all()
    reordered = sorted(behind, key=lambda waiting: waiting.key not in pieces)
    moved = [
        {"row": waiting.id, "to": -place.id}
        for waiting, place in zip(reordered, behind, strict=True)
        if waiting.id != place.id
    ]
    if not moved or len(behind) == FEW:
        return
    tx.execute(_renumber, moved)
    tx.execute(_make_numbers_positive, {"of": row.address_id})


@cache
def _known(dialect: str) -> Select[Any]:
    return select(outbox.c.key).where(listed(dialect, outbox.c.key, "keys"))


def missing(tx: Tx, keys: Sequence[str]) -> set[str]:
    """Return those of the keys that were never queued."""
    known = tx.execute(_known(tx.dialect.name), {"keys": list(keys)}).scalars()
    return set(keys) - set(known)


def content_of(tx: Tx, key: str) -> dict[str, Any]:
    """Return what a row holds; nothing when it is kept no more, or damaged."""
    content = tx.execute(select(outbox.c.content).where(outbox.c.key == key)).scalar()
    return content if isinstance(content, dict) else {}
