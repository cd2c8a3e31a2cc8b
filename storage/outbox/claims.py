# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Claims on rows of the outbox: taken, marked, released."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    select,
    update,
)

from storage import sealing
from storage.outbox import turns
from storage.outbox.rows import (
    ENDED_CONTENT,
    REFERENCE,
    REPLY,
    SCHEDULED,
    STRANGER,
    WAITING,
    Claimed,
    Mark,
)
from storage.tables import address, conversation, learner, lesson_version, outbox, prompt
from storage.types import UNREADABLE, Tx, storable

REASON = 200
"""Characters kept of the reason that a channel gives."""

EXPIRING, SCANS = 100, 10
"""Rows that expire in one claim, and scans in it, at most. After an outage, 100,000 at once took 2 s."""

_note_shown = (
    update(prompt)
    .where(prompt.c.id.in_(bindparam("shown", expanding=True)), prompt.c.shown_at.is_(None))
    .values(shown_at=bindparam("at"))
)


def claim(
    tx: Tx,
    channel: str,
    token: str,
    now: datetime,
    places: int,
    resting: Collection[int] = (),
    *,
    strangers_first: bool = False,
) -> tuple[tuple[Claimed, ...], tuple[Claimed, ...]]:
    """Claim the oldest unsent row of each conversation that is ready, replies first, at most `places` of them.

    `resting` are addresses that have reached their rate limit, `strangers_first` as of `turns.ready`. Rows past their
    `not_after` end as expired, about a hundred in one claim; a row that is not `readable` is claimed: the caller ends it.
    Return the claimed rows and the expired ones; after rows have expired, fewer than `places` may be claimed although more
    are ready.
    """
    claimed: list[Claimed] = []
    overdue: list[Claimed] = []
    ended = 0
    for _ in range(SCANS):
        ready = turns.ready(tx, channel, now, places - len(claimed), resting, strangers_first=strangers_first)
        if not ready:
            break
        rows = _oldest(tx, channel, ready)
        expired = [row for row in rows if row.readable and row.not_after is not None and row.not_after <= now]
        if expired:
            _end(tx, [Mark(row.id, row.address_id, "expired", now) for row in expired])
            overdue += expired
        late = {row.address_id for row in expired}
        fresh = [row for row in rows if row.address_id not in late]
        if fresh:
            tx.execute(_take_conversations, {"of": [row.address_id for row in fresh], "by": token})
        empty = set(ready) - {row.address_id for row in rows}
        ended += len(late) + len(empty)
        release(tx, [*late, *empty], now)
        claimed += fresh
        if (not late and not empty) or ended >= EXPIRING:
            break  # every row of the scan was claimed, or enough rows ended for one transaction
    if shown := [row.prompt for row in claimed if row.prompt]:
        tx.execute(_note_shown, {"shown": shown, "at": now})
    return tuple(claimed), tuple(overdue)


_oldest_waiting_row = (
    select(outbox.c.id)
    .where(outbox.c.address_id == conversation.c.address_id, WAITING)
    .order_by(outbox.c.id)
    .limit(1)
    .correlate(conversation)
    .scalar_subquery()
)


_take_conversations = (
    update(conversation)
    .where(conversation.c.address_id.in_(bindparam("of", expanding=True)))
    .values(token=bindparam("by"), sending=_oldest_waiting_row)
)


_target_row = outbox.alias("original")
_sent_row = outbox.alias("sent")

# Looked up only for a row with a target, by the index of an address: few rows have one.
_newest_sent = case(
    (
        outbox.c.target.is_not(None),
        select(_sent_row.c.key)
        .where(_sent_row.c.address_id == outbox.c.address_id, _sent_row.c.state == "sent")
        .order_by(_sent_row.c.id.desc())
        .limit(1)
        .correlate(outbox)
        .scalar_subquery(),
    )
)


_oldest_rows_in_full = (
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
        func.coalesce(_target_row.c.ref, outbox.c.ref).label("target_ref"),
        outbox.c.enrolment_id,
        outbox.c.address_id,
        address.c.address,
        address.c.learner_id,
        learner.c.language,
        learner.c.state,
        lesson_version.c.held,
        lesson_version.c.given_at,
        address.c.refusals,
        outbox.c.created_at,
        _newest_sent.label("newest"),
        outbox.c.transient,
        outbox.c.drawing_refused,
        prompt.c.shown_at.is_not(None),
        address.c.sealed,
    )
    .select_from(
        conversation.join(outbox, outbox.c.id == _oldest_waiting_row)
        .join(address, address.c.id == outbox.c.address_id)
        .join(learner, learner.c.id == address.c.learner_id)
        .outerjoin(_target_row, _target_row.c.key == outbox.c.target)
        .outerjoin(lesson_version, lesson_version.c.id == outbox.c.version)
        .outerjoin(prompt, prompt.c.id == outbox.c.prompt)
    )
    .where(conversation.c.address_id.in_(bindparam("ready", expanding=True)))
)


_ADDRESS = [field.name for field in fields(Claimed)].index("address")


def _oldest(tx: Tx, channel: str, ready: Iterable[int]) -> list[Claimed]:
    found = []
    for *values, sealed in tx.execute(_oldest_rows_in_full, {"ready": list(ready)}).all():
        row = Claimed(*values)
        if sealed is not None or sealing.is_tag(row.address):
            where = sealing.opened(tx, channel, row.address_id, row.address, sealed)
            row = Claimed(*values[:_ADDRESS], where or "", *values[_ADDRESS + 1 :])  # type: ignore[call-arg]
        found.append(row)
    return found


_note_retry = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(attempts=outbox.c.attempts + 1, reason=bindparam("why"))
)


_back_off = (
    update(conversation)
    .where(conversation.c.address_id == bindparam("of"))
    .values(token=None, sending=None, ready_at=bindparam("until"))
)


def mark(tx: Tx, marks: Sequence[Mark]) -> None:
    """Write the outcome of attempts, and release their conversations."""
    if again := [attempt for attempt in marks if attempt.state == "waiting"]:
        tx.execute(
            _note_retry, [{"row": attempt.row, "why": storable(attempt.reason, REASON)} for attempt in again]
        )
        tx.execute(
            _back_off,
            [{"of": attempt.address_id, "until": attempt.retry_at or attempt.at} for attempt in again],
        )
    if ended := [attempt for attempt in marks if attempt.state != "waiting"]:
        _end(tx, ended)
        mark_unshown(tx, [attempt.row for attempt in ended if attempt.state == "refused"])
        release(tx, [attempt.address_id for attempt in ended], ended[-1].at)


_end_row = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        state=bindparam("became"),
        attempts=outbox.c.attempts + bindparam("tries"),
        ref=bindparam("reference"),
        reason=bindparam("why"),
        ended_at=bindparam("when"),
        content=ENDED_CONTENT,
    )
)


def _end(tx: Tx, marks: Sequence[Mark]) -> None:
    tx.execute(
        _end_row,
        [
            {
                "row": attempt.row,
                "became": attempt.state,
                "tries": 0 if attempt.state == "expired" else 1,
                "reference": storable(attempt.ref, REFERENCE) or None,
                "why": storable(attempt.reason, REASON),
                "when": attempt.at,
            }
            for attempt in marks
        ],
    )


_waiting_reply = (
    select(outbox.c.id)
    .where(outbox.c.address_id == conversation.c.address_id, WAITING, outbox.c.priority == REPLY)
    .limit(1)
    .correlate(conversation)
    .scalar_subquery()
)
# LIMIT 1 instead of min(priority): min reads every waiting row of a conversation (3 ms for 20,000). Not EXISTS, here and
# for empty conversations: PostgreSQL hashes the whole waiting set while its statistics are stale.
_remaining_priority = case(
    (_waiting_reply.is_not(None), REPLY), (conversation.c.priority == STRANGER, STRANGER), else_=SCHEDULED
)


_at_addresses = conversation.c.address_id.in_(bindparam("of", expanding=True))


_drop_empty_conversations = delete(conversation).where(_at_addresses, _oldest_waiting_row.is_(None))


_release_conversations = (
    update(conversation)
    .where(_at_addresses)
    .values(token=None, sending=None, priority=_remaining_priority, ready_at=bindparam("now"))
)


def mark_unshown(tx: Tx, rows: Sequence[int]) -> None:
    """Note that the prompts of these rows, refused ones for example, were not shown: a typed text does not answer them.

    The next claim of a row that waits notes them as shown again.
    """
    if not rows:
        return
    of = outbox.c.id.in_(rows)
    tx.execute(
        update(prompt)
        .where(
            prompt.c.id.in_(select(outbox.c.prompt).where(of)),
            prompt.c.message.in_(select(outbox.c.key).where(of)),
        )
        .values(shown_at=None)
    )


def release(tx: Tx, addresses: Collection[int], now: datetime) -> None:
    """Release conversations for their next row; drop those without one."""
    if not addresses:
        return
    dropped = tx.execute(_drop_empty_conversations, {"of": list(addresses)})
    if dropped.rowcount < len(set(addresses)):
        tx.execute(_release_conversations, {"of": list(addresses), "now": now})


_hand_back = update(conversation).where(_at_addresses).values(token=None, sending=None)


def hand_back(tx: Tx, addresses: Collection[int]) -> None:
    """Undo the claim of conversations of which nothing was tried: they keep their place among those that are ready."""
    if addresses:
        tx.execute(_hand_back, {"of": list(addresses)})


def token_of(device: str, process: str) -> str:
    """Return the token that a process writes on its claims: eight hex digits of its device, then eight of its own."""
    return blake2b(device.encode(), digest_size=4).hexdigest() + process[:8]


def _soonest_ready(priority: int | BindParameter[int], *among: ColumnElement[bool]) -> Select[datetime]:
    return select(func.min(conversation.c.ready_at)).where(
        conversation.c.channel == bindparam("channel"),
        conversation.c.priority == priority,
        literal_column("conversation.token").is_(None),
        *among,
    )


def _soonest_ready_by_priority(*among: ColumnElement[bool]) -> Select[Any]:
    soonest = [_soonest_ready(priority, *among) for priority in (REPLY, SCHEDULED, STRANGER)]
    columns: list[Any] = [one.scalar_subquery() for one in soonest]
    return select(*columns)


_soonest_ready_of_all = _soonest_ready_by_priority()
_soonest_ready_of_others = _soonest_ready_by_priority(
    conversation.c.address_id.not_in(bindparam("without", expanding=True))
)
_soonest_ready_of_priority = _soonest_ready(bindparam("priority"))


def next_ready(tx: Tx, channel: str, without: Collection[int] = ()) -> datetime | None:
    """Return when the next conversation of a channel is ready, `without` those of some addresses."""
    others = _soonest_ready_of_others if without else _soonest_ready_of_all
    instants = tx.execute(others, {"channel": channel, "without": list(without)}).one()
    return min((at for at in instants if at not in (None, UNREADABLE)), default=None)


def first_ready(tx: Tx, channel: str, priority: int) -> datetime | None:
    """Return when the next conversation of a channel and a priority is, or was ready: one look-up in an index."""
    at = tx.execute(_soonest_ready_of_priority, {"channel": channel, "priority": priority}).scalar()
    return None if at == UNREADABLE else at
