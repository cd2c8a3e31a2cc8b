# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The ids of events seen, to dedupe them: none is answered twice. Beside them, which messages were not understood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from hashlib import blake2b

from sqlalchemy import Insert, bindparam, delete, select

from storage.tables import seen
from storage.types import Tx, insert

REPEATABLE = "sealed-"
"""Prefix of the ids of admins' encrypted words: the place of the word in its session, which a homeserver cannot change. It
may replay a word years later with today's date, so these ids are kept as long as the database. They are few."""


@cache
def _insert_event(dialect: str) -> Insert:
    statement = insert(dialect, seen).on_conflict_do_nothing(index_elements=["channel", "event_id"])
    # Without this option SQLAlchemy does not keep the number of rows of an INSERT.
    return statement.execution_options(preserve_rowcount=True)


def first_time(tx: Tx, channel: str, event_id: str, now: datetime) -> bool:
    """Note an event; return False when it was seen before."""
    noted = tx.execute(
        _insert_event(tx.dialect.name), {"channel": channel, "event_id": event_id, "at": now, "failed": False}
    )
    return noted.rowcount == 1


_noted = select(seen.c.event_id).where(
    seen.c.channel == bindparam("channel"), seen.c.event_id.in_(bindparam("ids", expanding=True))
)


def first_times(tx: Tx, channel: str, event_ids: Sequence[str], now: datetime) -> set[str]:
    """Note many events in two statements; return the ids of those that were not seen before."""
    fresh = set(event_ids) - set(tx.execute(_noted, {"channel": channel, "ids": list(event_ids)}).scalars())
    if fresh:
        tx.execute(
            _insert_event(tx.dialect.name),
            [{"channel": channel, "event_id": one, "at": now, "failed": False} for one in fresh],
        )
    return fresh


def note_failed(tx: Tx, channel: str, event_id: str, now: datetime) -> None:
    """Note an event whose handler raised, so that it is not retried."""
    tx.execute(
        insert(tx.dialect.name, seen)
        .values(channel=channel, event_id=event_id, at=now, failed=True)
        .on_conflict_do_update(index_elements=["channel", "event_id"], set_={"failed": True})
    )


def note_misread(tx: Tx, channel: str, learner_id: str, message: str, now: datetime) -> None:
    """Note that a message of a learner was not understood: its correction is read."""
    values = {"channel": channel, "event_id": _misread(learner_id, message), "at": now, "failed": False}
    tx.execute(_insert_event(tx.dialect.name), values)


def forget_misread(tx: Tx, channel: str, learner_id: str, message: str) -> bool:
    """Forget it; return False when the message was understood, or is not known."""
    forgotten = tx.execute(
        delete(seen).where(seen.c.channel == channel, seen.c.event_id == _misread(learner_id, message))
    )
    return forgotten.rowcount == 1


def _misread(learner_id: str, message: str) -> str:
    # Like the ids of events, it shows no address: an address can be found by trying all, a learner's id cannot.
    digest = blake2b(f"{learner_id} {message}".encode(errors="replace"), digest_size=16).hexdigest()
    return f"misread-{digest}"
