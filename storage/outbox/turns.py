# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Whose turn it is: the conversations of a channel that are ready, in the order in which they are claimed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, bindparam, literal_column, select, union_all

from storage.outbox.rows import REPLY, SCHEDULED, STRANGER
from storage.tables import conversation
from storage.types import Tx


def _ready_conversations(*awake: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Build one range scan for each priority: a single scan over both would read every throttled conversation."""
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
        for priority in (REPLY, SCHEDULED, STRANGER)
    ]
    return union_all(*(select(scan) for scan in scans))


_all_ready = _ready_conversations()
_ready_except_resting = _ready_conversations(
    conversation.c.address_id.not_in(bindparam("resting", expanding=True))
)


def ready(
    tx: Tx, channel: str, now: datetime, places: int, resting: Collection[int], *, strangers_first: bool
) -> list[int]:
    """Return the addresses that come next, at most `places`: replies, then planned messages, then replies to strangers.

    `strangers_first`: strangers have half of the places that replies leave, rounded up, before planned messages have any.
    """
    values: dict[str, Any] = {"channel": channel, "now": now, "most": places}
    if resting:
        rows = tx.execute(_ready_except_resting, {**values, "resting": list(resting)}).all()
    else:
        rows = tx.execute(_all_ready, values).all()
    rows = sorted(rows, key=itemgetter(0))
    if strangers_first:
        replies = [row for row in rows if row[0] == REPLY]
        share = max(0, places - len(replies) + 1) // 2
        theirs = [row for row in rows if row[0] == STRANGER][:share]
        rows = [*replies, *theirs, *(row for row in rows if row[0] != REPLY and row not in theirs)]
    return [address_id for _, address_id in rows][:places]
