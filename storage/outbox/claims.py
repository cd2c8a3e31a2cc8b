# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Rows on their way out: claimed, marked, released."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    select,
    union_all,
    update,
)

from storage.outbox.rows import REPLY, SCHEDULED, WAITING, Claimed, Mark, UnderWay
from storage.tables import address, conversation, learner, lesson_version, outbox, prompt
from storage.types import Tx, storable

REASON, REFERENCE = 200, 255
"""Characters of what a channel says that are kept."""

EXPIRING, SCANS = 100, 10
"""Rows that expire in one claim, and how often it looks again. After an outage, 100,000 at once took 2 s."""

_show = (
    update(prompt)
    .where(prompt.c.id.in_(bindparam("shown", expanding=True)), prompt.c.shown_at.is_(None))
    .values(shown_at=bindparam("at"))
)


def claim(
    tx: Tx, channel: str, token: str, now: datetime, places: int, resting: Collection[int] = ()
) -> tuple[tuple[Claimed, ...], tuple[Claimed, ...]]:
    """Take the oldest unsent row of each conversation that is ready, replies first, at most `places` of them.

    `resting` are addresses that had their share of messages for now. Rows past their `not_after` end as expired, a
    hundred or so at a time, and are the second half of what is returned: there may be fewer claimed than places then,
    and more to claim at once.
    """
    claimed: list[Claimed] = []
    overdue: list[Claimed] = []
    ended = 0
    for _ in range(SCANS):
        ready = _ready(tx, channel, now, places - len(claimed), resting)
        if not ready:
            break
        rows = _oldest(tx, ready)
        expired = [row for row in rows if row.not_after is not None and row.not_after <= now]
        if expired:
            _end(tx, [Mark(row.id, row.address_id, "expired", now) for row in expired])
            overdue += expired
        late = {row.address_id for row in expired}
        fresh = [row for row in rows if row.address_id not in late]
        if fresh:
            tx.execute(_take, {"of": [row.address_id for row in fresh], "by": token})
        empty = set(ready) - {row.address_id for row in rows}
        ended += len(late) + len(empty)
        release(tx, [*late, *empty], now)
        claimed += fresh
        if (not late and not empty) or ended >= EXPIRING:
            break  # the scan gave all there is, or all that was asked for; or enough ended for one transaction
    if shown := [row.prompt for row in claimed if row.prompt]:
        tx.execute(_show, {"shown": shown, "at": now})
    return tuple(claimed), tuple(overdue)


def _scan(*awake: ColumnElement[bool]) -> CompoundSelect[Any]:
    """One range scan for each priority: a single one over both would read every throttled conversation."""
    scans = [
        select(conversation.c.priority, conversation.c.address_id)
        .where(
            conversation.c.channel == bindparam("channel"),
            conversation.c.priority == priority,
            conversation.c.ready_at <= bindparam("now"),
            literal_column("conversation.token").is_(None),
            *awake,
        )
        .order_by(conversation.c.ready_at)
        .limit(bindparam("most"))
        .subquery()
        for priority in (REPLY, SCHEDULED)
    ]
    return union_all(*(select(scan) for scan in scans))


_scan_all = _scan()
_scan_awake = _scan(conversation.c.address_id.not_in(bindparam("resting", expanding=True)))


def _ready(tx: Tx, channel: str, now: datetime, places: int, resting: Collection[int]) -> list[int]:
    values: dict[str, Any] = {"channel": channel, "now": now, "most": places}
    if resting:
        found = tx.execute(_scan_awake, {**values, "resting": list(resting)}).all()
    else:
        found = tx.execute(_scan_all, values).all()
    return [address_id for _, address_id in sorted(found, key=itemgetter(0))][:places]


_first = (
    select(outbox.c.id)
    .where(outbox.c.address_id == conversation.c.address_id, WAITING)
    .order_by(outbox.c.id)
    .limit(1)
    .correlate(conversation)
    .scalar_subquery()
)


_take = (
    update(conversation)
    .where(conversation.c.address_id.in_(bindparam("of", expanding=True)))
    .values(token=bindparam("by"), sending=_first)
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
        learner.c.state,
        lesson_version.c.held,
        outbox.c.created_at,
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
        tx.execute(_try_again, [{"row": one.row, "why": storable(one.reason, REASON)} for one in again])
        tx.execute(_rest, [{"of": one.address_id, "until": one.retry_at or one.at} for one in again])
    if ended := [one for one in marks if one.state != "waiting"]:
        _end(tx, ended)
        unshow(tx, [one.row for one in ended if one.state == "refused"])
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
                "reference": storable(one.ref, REFERENCE) or None,
                "why": storable(one.reason, REASON),
                "when": one.at,
            }
            for one in marks
        ],
    )


_reply = (
    select(outbox.c.id)
    .where(outbox.c.address_id == conversation.c.address_id, WAITING, outbox.c.priority == REPLY)
    .limit(1)
    .correlate(conversation)
    .scalar_subquery()
)
# It ends at the first reply: the smallest priority would read all 20,000 rows of a conversation, for 3 ms. No `EXISTS`,
# here and for the empty ones: of that PostgreSQL makes a table of all that waits, while it believes there is little.
_left = case((_reply.is_not(None), REPLY), else_=SCHEDULED)


_these = conversation.c.address_id.in_(bindparam("of", expanding=True))


_drop_empty = delete(conversation).where(_these, _first.is_(None))


_go_on = (
    update(conversation)
    .where(_these)
    .values(token=None, sending=None, priority=_left, ready_at=bindparam("now"))
)


def unshow(tx: Tx, rows: Sequence[int]) -> None:
    """Nobody saw the questions of these messages, refused ones for example: what is typed next is no answer to them."""
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
    """Let conversations go on with their next row, or rest when nothing is left."""
    if not addresses:
        return
    dropped = tx.execute(_drop_empty, {"of": list(addresses)})
    if dropped.rowcount < len(set(addresses)):
        tx.execute(_go_on, {"of": list(addresses), "now": now})


def token_of(device: str, process: str) -> str:
    """What a process writes on what it claims: eight digits for its device, then its own eight."""
    return blake2b(device.encode(), digest_size=4).hexdigest() + process[:8]


def under_way(tx: Tx, channel: str) -> tuple[UnderWay, ...]:
    """What another process had claimed and did not mark, at the start of an owner."""
    found = tx.execute(
        select(outbox.c.id, outbox.c.address_id, outbox.c.priority, outbox.c.attempts, conversation.c.token)
        .select_from(conversation.join(outbox, outbox.c.id == conversation.c.sending))
        .where(conversation.c.channel == channel, conversation.c.token.is_not(None))
    )
    return tuple(UnderWay(*tuple(row)) for row in found)


def free_all(tx: Tx, now: datetime) -> None:
    """Let every conversation go on now, also one that was to wait: nobody sends, and nothing will."""
    tx.execute(update(conversation).values(token=None, sending=None, ready_at=now))


def last_queued(tx: Tx) -> datetime | None:
    """When the newest row was queued."""
    found: datetime | None = tx.execute(
        select(outbox.c.created_at).order_by(outbox.c.id.desc()).limit(1)
    ).scalar()
    return found


def free(tx: Tx, channel: str, now: datetime) -> None:
    """Let every conversation of a channel go on: nobody is sending."""
    tx.execute(
        update(conversation)
        .where(conversation.c.channel == channel, conversation.c.token.is_not(None))
        .values(token=None, sending=None, ready_at=now)
    )


def _soonest(priority: int | BindParameter[int]) -> Select[datetime]:
    return select(func.min(conversation.c.ready_at)).where(
        conversation.c.channel == bindparam("channel"),
        conversation.c.priority == priority,
        literal_column("conversation.token").is_(None),
    )


_next_ready = select(*(_soonest(priority).scalar_subquery() for priority in (REPLY, SCHEDULED)))
_first_ready = _soonest(bindparam("priority"))


def next_ready(tx: Tx, channel: str) -> datetime | None:
    """When the next conversation of a channel may go on."""
    found = tx.execute(_next_ready, {"channel": channel}).one()
    return min((at for at in found if at is not None), default=None)


def first_ready(tx: Tx, channel: str, priority: int) -> datetime | None:
    """When the next conversation of a channel and a priority may, or could have gone on: one look at an index."""
    return tx.execute(_first_ready, {"channel": channel, "priority": priority}).scalar()
