# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is to leave, in which order, and what became of it. The only way out.

A row is one call to a channel. `conversation` has one row for each address with unsent rows: it is what a claim scans,
so that 100,000 waiting lessons cost a reply nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, case, delete, func, literal_column, select, update

from storage.engine import Tx, insert
from storage.tables import address, conversation, counter, learner, lesson_version, outbox, prompt

REPLY, SCHEDULED = 0, 1
"""Priorities: what a person waits for goes before what was planned."""

# A literal, not a parameter: SQLite uses a partial index only when it can see the condition.
_waiting = literal_column("outbox.state") == literal_column("'waiting'")


@dataclass(frozen=True, slots=True)
class Draft:
    """A row to be: what is queued for one address."""

    key: str
    address_id: int
    channel: str
    content: dict[str, Any]
    kind: str = "reply"
    priority: int = REPLY
    enrolment_id: int | None = None
    version: str | None = None
    prompt: str | None = None
    target: str | None = None
    """Key of the message that this one changes or replies to."""
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that may leave now, with what is needed to show it."""

    id: int
    key: str
    kind: str
    priority: int
    attempts: int
    not_after: datetime | None
    content: dict[str, Any]
    version: str | None
    prompt: str | None
    target: str | None
    target_ref: str | None
    enrolment_id: int | None
    address_id: int
    address: str
    learner_id: str
    language: str
    held: bool | None
    """Whether the lesson it shows is held back."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one attempt. `state` is `waiting` when it is to be tried again at `retry_at`."""

    row: int
    address_id: int
    state: str
    at: datetime
    ref: str = ""
    reason: str = ""
    retry_at: datetime | None = None


@cache
def _queue(dialect: str) -> Insert:
    return insert(dialect, outbox).on_conflict_do_nothing(index_elements=["key"])


@cache
def _line_up(dialect: str) -> Insert:
    upsert = insert(dialect, conversation)
    sooner = case(
        (upsert.excluded.priority < conversation.c.priority, upsert.excluded.priority),
        else_=conversation.c.priority,
    )
    return upsert.on_conflict_do_update(index_elements=["address_id"], set_={"priority": sooner})


def enqueue(tx: Tx, drafts: Sequence[Draft], now: datetime) -> None:
    """Queue rows under unique keys: a key that exists already is left as it is.

    A reply lifts its whole conversation before what is scheduled, so order within it holds.
    """
    if not drafts:
        return
    tx.execute(
        _queue(tx.dialect.name),
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
                "state": "waiting",
                "attempts": 0,
                "reason": "",
                "created_at": now,
            }
            for draft in drafts
        ],
    )
    tx.execute(
        _line_up(tx.dialect.name),
        [
            {
                "address_id": draft.address_id,
                "channel": draft.channel,
                "priority": draft.priority,
                "ready_at": now,
            }
            for draft in drafts
        ],
    )


_replace_edit = (
    update(outbox)
    .where(
        outbox.c.address_id == bindparam("of"),
        _waiting,
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
    """Let a newer edit take the place of an unsent one; false when there is none."""
    found = tx.execute(_replace_edit, {"of": address_id, "at": target, "new": content, "asks": prompt_id})
    return found.rowcount > 0


_take = (
    update(conversation)
    .where(conversation.c.address_id == bindparam("of"))
    .values(token=bindparam("by"), sending=bindparam("row"))
)
_show = (
    update(prompt)
    .where(prompt.c.id.in_(bindparam("shown", expanding=True)), prompt.c.shown_at.is_(None))
    .values(shown_at=bindparam("at"))
)


def claim(
    tx: Tx, channel: str, token: str, now: datetime, places: int, resting: Collection[int] = ()
) -> tuple[Claimed, ...]:
    """Take the oldest unsent row of each conversation that is ready, replies first, at most `places` of them.

    `resting` are addresses that had their share of messages for now. Rows past their `not_after` end as expired.
    """
    claimed: list[Claimed] = []
    while len(claimed) < places:
        ready = _ready(tx, channel, now, places - len(claimed), resting)
        if not ready:
            break
        rows = _oldest(tx, ready)
        expired = [row for row in rows if row.not_after is not None and row.not_after <= now]
        if expired:
            _end(tx, [Mark(row.id, row.address_id, "expired", now) for row in expired])
        late = {row.address_id for row in expired}
        fresh = [row for row in rows if row.address_id not in late]
        if fresh:
            tx.execute(_take, [{"of": row.address_id, "by": token, "row": row.id} for row in fresh])
        empty = set(ready) - {row.address_id for row in rows}
        release(tx, [*late, *empty], now)
        claimed += fresh
        if not late and not empty:
            break  # the scan gave all there is, or all that was asked for
    if shown := [row.prompt for row in claimed if row.prompt]:
        tx.execute(_show, {"shown": shown, "at": now})
    return tuple(claimed)


_scan = (
    select(conversation.c.address_id)
    .where(
        conversation.c.channel == bindparam("channel"),
        conversation.c.priority == bindparam("priority"),
        conversation.c.ready_at <= bindparam("now"),
        literal_column("conversation.token").is_(None),
    )
    .order_by(conversation.c.ready_at)
    .limit(bindparam("most"))
)
_scan_awake = _scan.where(conversation.c.address_id.not_in(bindparam("resting", expanding=True)))


def _ready(tx: Tx, channel: str, now: datetime, places: int, resting: Collection[int]) -> list[int]:
    # One range scan for each priority: a single scan over both would read every throttled conversation.
    scan = _scan_awake if resting else _scan
    values: dict[str, Any] = {"channel": channel, "now": now}
    if resting:
        values["resting"] = list(resting)
    found: list[int] = []
    for priority in (REPLY, SCHEDULED):
        if len(found) < places:
            most = {"priority": priority, "most": places - len(found)}
            found += tx.execute(scan, {**values, **most}).scalars()
    return found


_first = (
    select(func.min(outbox.c.id))
    .where(outbox.c.address_id == conversation.c.address_id, _waiting)
    .correlate(conversation)
    .scalar_subquery()
)
_original = outbox.alias("original")
_oldest_rows = (
    select(
        outbox.c.id,
        outbox.c.key,
        outbox.c.kind,
        outbox.c.priority,
        outbox.c.attempts,
        outbox.c.not_after,
        outbox.c.content,
        outbox.c.version,
        outbox.c.prompt,
        outbox.c.target,
        _original.c.ref.label("target_ref"),
        outbox.c.enrolment_id,
        outbox.c.address_id,
        address.c.address,
        address.c.learner_id,
        learner.c.language,
        lesson_version.c.held,
    )
    .select_from(
        conversation.join(outbox, outbox.c.id == _first)
        .join(address, address.c.id == outbox.c.address_id)
        .join(learner, learner.c.id == address.c.learner_id)
        .outerjoin(_original, _original.c.key == outbox.c.target)
        .outerjoin(lesson_version, lesson_version.c.id == outbox.c.version)
    )
    .where(conversation.c.address_id.in_(bindparam("ready", expanding=True)))
)


def _oldest(tx: Tx, ready: Iterable[int]) -> list[Claimed]:
    return [Claimed(*tuple(row)) for row in tx.execute(_oldest_rows, {"ready": list(ready)}).all()]


_try_again = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(attempts=outbox.c.attempts + 1, reason=bindparam("why"))
)
_rest = (
    update(conversation)
    .where(conversation.c.address_id == bindparam("of"))
    .values(token=None, sending=None, ready_at=bindparam("until"))
)


def mark(tx: Tx, marks: Sequence[Mark]) -> None:
    """Write what became of attempts, and let their conversations go on."""
    if again := [one for one in marks if one.state == "waiting"]:
        tx.execute(_try_again, [{"row": one.row, "why": one.reason[:200]} for one in again])
        tx.execute(_rest, [{"of": one.address_id, "until": one.retry_at or one.at} for one in again])
    if ended := [one for one in marks if one.state != "waiting"]:
        _end(tx, ended)
        _unshow(tx, [one.row for one in ended if one.state == "refused"])
        release(tx, [one.address_id for one in ended], ended[-1].at)


_end_row = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        state=bindparam("became"),
        attempts=outbox.c.attempts + bindparam("tries"),
        ref=bindparam("reference"),
        reason=bindparam("why"),
        ended_at=bindparam("when"),
    )
)


def _end(tx: Tx, marks: Sequence[Mark]) -> None:
    tx.execute(
        _end_row,
        [
            {
                "row": one.row,
                "became": one.state,
                "tries": 0 if one.state == "expired" else 1,
                "reference": one.ref or None,
                "why": one.reason[:200],
                "when": one.at,
            }
            for one in marks
        ],
    )


_left = (
    select(func.min(outbox.c.priority))
    .where(outbox.c.address_id == conversation.c.address_id, _waiting)
    .correlate(conversation)
    .scalar_subquery()
)
_these = conversation.c.address_id.in_(bindparam("of", expanding=True))
_drop_empty = delete(conversation).where(_these, _left.is_(None))
_go_on = (
    update(conversation)
    .where(_these)
    .values(token=None, sending=None, priority=_left, ready_at=bindparam("now"))
)


def _unshow(tx: Tx, refused: Sequence[int]) -> None:
    """Nobody saw a question whose message was refused: what is typed next is no answer to it."""
    if not refused:
        return
    of = outbox.c.id.in_(refused)
    tx.execute(
        update(prompt)
        .where(
            prompt.c.id.in_(select(outbox.c.prompt).where(of)),
            prompt.c.message.in_(select(outbox.c.key).where(of)),
        )
        .values(shown_at=None)
    )


def release(tx: Tx, addresses: Collection[int], now: datetime) -> None:
    """Let conversations go on with their next row, or rest when nothing is left."""
    if not addresses:
        return
    dropped = tx.execute(_drop_empty, {"of": list(addresses)})
    if dropped.rowcount < len(set(addresses)):
        tx.execute(_go_on, {"of": list(addresses), "now": now})


def cancel(tx: Tx, address_id: int, now: datetime, reason: str) -> int:
    """End what is planned and unsent for an address; the row under way, if any, is left to its own end."""
    under_way = select(conversation.c.sending).where(
        conversation.c.address_id == address_id, conversation.c.sending.is_not(None)
    )
    ended = tx.execute(
        update(outbox)
        .where(
            outbox.c.address_id == address_id,
            _waiting,
            outbox.c.priority == SCHEDULED,
            outbox.c.id.not_in(under_way),
        )
        .values(state="cancelled", reason=reason, ended_at=now)
    )
    return ended.rowcount


def drop_rest(tx: Tx, row: Claimed, now: datetime) -> None:
    """End the later pieces of a message of which one was refused. Their keys share all before the last dot."""
    message, dot, _ = row.key.rpartition(".")
    if row.kind != "reply" or not dot:
        return
    tx.execute(
        update(outbox)
        .where(_waiting, outbox.c.id > row.id, outbox.c.key > f"{message}.", outbox.c.key < f"{message}/")
        .values(state="refused", reason="an earlier part was refused", ended_at=now)
    )


def missing(tx: Tx, keys: Sequence[str]) -> set[str]:
    """Those of the keys that were never queued."""
    known = tx.execute(select(outbox.c.key).where(outbox.c.key.in_(keys))).scalars()
    return set(keys) - set(known)


def take_over(tx: Tx, channel: str, now: datetime) -> int:
    """Free what another process had claimed, at the start of an owner; the number that may leave a second time."""
    freed = tx.execute(
        update(conversation)
        .where(conversation.c.channel == channel, conversation.c.token.is_not(None))
        .values(token=None, sending=None, ready_at=now)
    )
    return freed.rowcount


_next_ready = select(func.min(conversation.c.ready_at)).where(
    conversation.c.channel == bindparam("channel"),
    conversation.c.priority == bindparam("priority"),
    literal_column("conversation.token").is_(None),
)


def next_ready(tx: Tx, channel: str) -> datetime | None:
    """When the next conversation of a channel may go on."""
    found = [
        tx.execute(_next_ready, {"channel": channel, "priority": priority}).scalar()
        for priority in (REPLY, SCHEDULED)
    ]
    return min((at for at in found if at is not None), default=None)


def outcomes(tx: Tx) -> dict[str, dict[str, int]]:
    """How many rows of each kind came to each state, those that were pruned too."""
    found: dict[str, dict[str, int]] = {}
    rows = tx.execute(
        select(outbox.c.kind, outbox.c.state, func.count()).group_by(outbox.c.kind, outbox.c.state)
    )
    counted = [(row[0], row[1], row[2]) for row in rows]
    for name, number in counters(tx).items():
        if name.startswith(PRUNED):
            kind, _, state = name.removeprefix(PRUNED).partition(".")
            counted.append((kind, state, number))
    for kind, state, number in counted:
        states = found.setdefault(kind, {})
        states[state] = states.get(state, 0) + number
    return found


PRUNED = "pruned."
"""Counters of rows that are gone: what was delivered stays counted."""


def prune(tx: Tx, before: datetime, limit: int) -> int:
    """Drop rows that ended before an instant, a few at a time; how many went."""
    rows = tx.execute(
        select(outbox.c.id, outbox.c.kind, outbox.c.state).where(outbox.c.ended_at < before).limit(limit)
    ).all()
    if not rows:
        return 0
    tx.execute(delete(outbox).where(outbox.c.id.in_([row.id for row in rows])))
    for (kind, state), number in Counter((row.kind, row.state) for row in rows).items():
        add(tx, f"{PRUNED}{kind}.{state}", number)
    return len(rows)


def add(tx: Tx, name: str, number: int = 1) -> None:
    """Add to a counter."""
    upsert = insert(tx.dialect.name, counter).values(name=name, n=number)
    tx.execute(
        upsert.on_conflict_do_update(index_elements=["name"], set_={"n": counter.c.n + upsert.excluded.n})
    )


def counters(tx: Tx) -> dict[str, int]:
    """Every counter."""
    return {row.name: row.n for row in tx.execute(select(counter))}
