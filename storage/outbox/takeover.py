# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a new owner finds: rows that another process claimed and did not mark, and conversations that it held."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import or_, select, update

from storage.outbox.rows import UnderWay
from storage.tables import conversation, outbox
from storage.types import Tx


def under_way(tx: Tx, channel: str) -> tuple[UnderWay, ...]:
    """Return the rows that another process had claimed and not marked, when an owner starts."""
    rows = tx.execute(
        select(outbox.c.id, outbox.c.address_id, outbox.c.priority, outbox.c.attempts, conversation.c.token)
        .select_from(conversation.join(outbox, outbox.c.id == conversation.c.sending))
        .where(conversation.c.channel == channel, conversation.c.token.is_not(None))
    )
    return tuple(UnderWay(*tuple(row)) for row in rows)


def release_all(tx: Tx, now: datetime) -> None:
    """Release every conversation now, also one that backs off. For a copy that no process sends from."""
    tx.execute(update(conversation).values(token=None, sending=None, ready_at=now))


def release_channel(tx: Tx, channel: str, now: datetime) -> None:
    """Release every claimed conversation of a channel, and those with an unreadable `ready_at`, which would never be ready.

    For a new owner: no process is sending.
    """
    never = conversation.c.ready_at > datetime.max.replace(tzinfo=UTC)
    tx.execute(
        update(conversation)
        .where(conversation.c.channel == channel, or_(conversation.c.token.is_not(None), never))
        .values(token=None, sending=None, ready_at=now)
    )
