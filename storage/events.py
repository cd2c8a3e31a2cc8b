# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which events were seen, so that none is answered twice."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import Insert

from storage.tables import seen
from storage.types import Tx, insert


@cache
def _first_time(dialect: str) -> Insert:
    note = insert(dialect, seen).on_conflict_do_nothing(index_elements=["channel", "event_id"])
    # After an insertion SQLAlchemy forgets at once how many rows there were, unless it is asked not to.
    return note.execution_options(preserve_rowcount=True)


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
