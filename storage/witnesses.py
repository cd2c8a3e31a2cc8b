# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Witnesses of a lesson version: who was given it, who refused it, and whether it is held back for that."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage import tables
from storage.types import Tx

TRUSTED: Mapping[str, Any] = {"held": False, "reason": "", "refused_by": None}
"""A lesson version of which no channel has complained."""


def note_given(tx: Tx, versions: Collection[str], now: datetime) -> tuple[str, ...]:
    """Note that versions were received for the first time. Return those that were held, and are so no more.

    What somebody received is not at fault: two refused it while the third had it on its way.
    """
    table = tables.lesson_version
    first = table.c.id.in_(versions) & table.c.given_at.is_(None)
    held = tuple(tx.execute(select(table.c.id).where(first, table.c.held)).scalars())
    tx.execute(update(table).where(first).values(given_at=now, **TRUSTED))
    return held


def note_refused(tx: Tx, version: str, address_id: int, reason: str) -> bool:
    """Note that an address which receives other things refused a version. Return whether it is held for that from now on.

    One such address is a witness; two of them, while nobody has received the version, are a judgement.
    """
    table = tables.lesson_version
    never_given = (table.c.id == version) & table.c.given_at.is_(None)
    first = update(table).where(never_given, table.c.refused_by.is_(None)).values(refused_by=address_id)
    if tx.execute(first).rowcount:
        return False
    by_another = select(table.c.id).where(never_given, table.c.refused_by != address_id)
    return tx.execute(by_another).first() is not None and hold(tx, version, reason)


def hold(tx: Tx, version: str, reason: str = "") -> bool:
    """Hold a version: it is not sent until it is replaced or released. Return False when it was held already."""
    table = tables.lesson_version
    held = (
        update(table).where(table.c.id == version, table.c.held.is_(False)).values(held=True, reason=reason)
    )
    return tx.execute(held).rowcount == 1


def release(tx: Tx, version: str) -> bool:
    """Let a held version be sent again: it takes two new refusals to hold it. Return False when it is not held."""
    table = tables.lesson_version
    released = update(table).where(table.c.id == version, table.c.held).values(**TRUSTED)
    return tx.execute(released).rowcount == 1
