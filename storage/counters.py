# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Named counters that outlive the rows they count, and a few moments that outlive the process that noted them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update

from storage.tables import counter
from storage.types import Tx, insert


def add(tx: Tx, name: str, number: int = 1) -> None:
    """Add to a counter, which begins at 0."""
    upsert = insert(tx.dialect.name, counter).values(name=name, n=number)
    tx.execute(
        upsert.on_conflict_do_update(index_elements=["name"], set_={"n": counter.c.n + upsert.excluded.n})
    )


MOMENTS = ("heard.", "watched.", "alert.", "upgraded.", "moment.", "ran.")
"""Prefixes of what is no count to be shown: seconds since 1970, and what the night keeps for the next one."""


def put(tx: Tx, name: str, number: int) -> None:
    """Replace what stands under a name."""
    upsert = insert(tx.dialect.name, counter).values(name=name, n=number)
    tx.execute(upsert.on_conflict_do_update(index_elements=["name"], set_={"n": upsert.excluded.n}))


def begin(tx: Tx, name: str, number: int) -> None:
    """Begin a counter with a number; one that there is stays."""
    tx.execute(insert(tx.dialect.name, counter).values(name=name, n=number).on_conflict_do_nothing())


def held(tx: Tx, name: str) -> int:
    """Return what stands under a name, 0 when nothing does. Nobody else changes it until the transaction ends."""
    lock = update(counter).where(counter.c.name == name).values(n=counter.c.n).returning(counter.c.n)
    return tx.execute(lock).scalar() or 0


def value(tx: Tx, name: str) -> int:
    """Return what stands under a name; 0 when nothing does."""
    return tx.execute(select(counter.c.n).where(counter.c.name == name)).scalar() or 0


def add_all(tx: Tx, numbers: Mapping[str, int]) -> None:
    """Add to several counters."""
    for name, number in numbers.items():
        add(tx, name, number)


def read(tx: Tx) -> dict[str, int]:
    """Return every counter by its name."""
    return {row.name: row.n for row in tx.execute(select(counter))}
