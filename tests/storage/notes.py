# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A table of notes, and the functions that tests run on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, MetaData, Table, Text, select

if TYPE_CHECKING:
    from storage.types import Tx

PATIENCE = 30.0
"""Seconds after which a test that waits is broken, on the slowest machine."""

note = Table(
    "note", MetaData(), Column("id", Integer, primary_key=True), Column("text", Text, nullable=False)
)


def keep(tx: Tx, text: str) -> str:
    tx.execute(note.insert().values(text=text))
    return f"kept {text}"


def kept(tx: Tx) -> list[str]:
    return list(tx.scalars(select(note.c.text).order_by(note.c.id)))


@dataclass
class Gate:
    """A function that, once inside its transaction, waits to be let through."""

    entered: Event = field(default_factory=Event)
    opened: Event = field(default_factory=Event)

    def keep(self, tx: Tx, text: str) -> str:
        result = keep(tx, text)
        self.entered.set()
        if not self.opened.wait(PATIENCE):
            raise TimeoutError
        return result
