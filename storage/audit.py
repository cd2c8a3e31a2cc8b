# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The audit log: what admins did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from storage import staff
from storage.tables import audit
from storage.tables import staff as people
from storage.types import Tx


def record(tx: Tx, *, by: str, action: str, subject: str, detail: str, now: datetime) -> None:
    """Write what an admin did. `by` is `channel:address`, or `cli:` and a name."""
    tx.execute(
        audit.insert().values(
            at=now, staff_id=staff.number_of(tx, by), action=action, subject=subject, detail=detail
        )
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody did. `who` is empty once it was forgotten: `by` stays."""

    at: datetime
    by: int | None
    who: str
    action: str
    subject: str
    detail: str


_ALWAYS = datetime.min.replace(tzinfo=UTC)


def entries(tx: Tx, since: datetime = _ALWAYS) -> list[Entry]:
    """Return what was done since an instant, the oldest first."""
    rows = (
        select(
            audit.c.at,
            audit.c.staff_id,
            people.c.who,
            people.c.sealed,
            audit.c.action,
            audit.c.subject,
            audit.c.detail,
        )
        .outerjoin(people, people.c.id == audit.c.staff_id)
        .where(audit.c.at >= since)
        .order_by(audit.c.id)
    )
    return [
        Entry(at, by, staff.name_of(tx, who or "", sealed), *rest)
        for at, by, who, sealed, *rest in tx.execute(rows).all()
    ]
