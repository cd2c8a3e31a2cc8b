# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Pins: the identity that signed the devices of a person who may publish, kept from their first trusted word on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select

from storage import staff, tables
from storage.tables import pin
from storage.types import Tx


def _of(tx: Tx, who: str) -> ColumnElement[bool]:
    return pin.c.staff_id.in_(select(tables.staff.c.id).where(staff.is_named(tx, who)))


def of(tx: Tx, who: str) -> str | None:
    """Return the identity that is pinned for `channel:address`, if there is one."""
    found: str | None = tx.execute(select(pin.c.identity).where(_of(tx, who))).scalar_one_or_none()
    return found


def keep(tx: Tx, who: str, identity: str, now: datetime) -> None:
    """Pin an identity for somebody who has none yet."""
    tx.execute(insert(pin).values(staff_id=staff.number_of(tx, who), identity=identity, at=now))


def forget(tx: Tx, who: str) -> str | None:
    """Take a pin away, so that the next identity is kept. Return the one that it named."""
    identity = of(tx, who)
    tx.execute(delete(pin).where(_of(tx, who)))
    return identity
