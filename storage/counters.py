# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Named counters that outlive the rows they count."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from storage.tables import counter
from storage.types import Tx, insert


def add(tx: Tx, name: str, number: int = 1) -> None:
    """Add to a counter, which begins at 0."""
    upsert = insert(tx.dialect.name, counter).values(name=name, n=number)
    tx.execute(
        upsert.on_conflict_do_update(index_elements=["name"], set_={"n": counter.c.n + upsert.excluded.n})
    )


def add_all(tx: Tx, numbers: Mapping[str, int]) -> None:
    """Add to several counters."""
    for name, number in numbers.items():
        add(tx, name, number)


def read(tx: Tx) -> dict[str, int]:
    """Return every counter by its name."""
    return {row.name: row.n for row in tx.execute(select(counter))}
