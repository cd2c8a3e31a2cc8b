# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Whatever stands in the rows of one person, by a bug or a broken disk: everybody else is answered and taught."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service import isolating
from storage.failures import DatabaseError
from tests.bot.builders import BUTTONS
from tests.fuzz import fuzzed
from tests.fuzz.hostile import JSON, TEXT, altered
from tests.fuzz.situations import WRITER, Prepared, prepare

STORED = {
    ("prompt", "content"): "learner_id",
    ("prompt", "chosen"): "learner_id",
    ("recall", "memory"): "learner_id",
    ("recall", "asked"): "learner_id",
    ("tally", "days"): "learner_id",
    ("enrolment", "schedule"): "learner_id",
    ("enrolment", "badges"): "learner_id",
    ("enrolment", "slots"): "learner_id",
    ("outbox", "content"): "address_id",
}
"""Columns that hold more than one plain value, and what says whose row it is."""


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Somebody with an open question and memories, and a neighbour."""
    return prepare("several", BUTTONS, tmp_path_factory.mktemp("stored"))


def damage(file: Path, table: str, column: str, text: str) -> None:
    """Put a text into a column of all rows of the writer, as no program of ours would."""
    owner = STORED[table, column]
    whose = f"SELECT {'learner_id' if owner == 'learner_id' else 'id'} FROM address WHERE address = ?"  # noqa: S608 - ours
    with closing(sqlite3.connect(file)) as connection, connection:
        update = f"UPDATE {table} SET {column} = ? WHERE {owner} IN ({whose})"  # noqa: S608 - ours
        changed = connection.execute(update, (text, WRITER))
        assert changed.rowcount


def stored(file: Path, table: str, column: str) -> list[Any]:
    """What stands there for the writer, as far as it is JSON."""
    with closing(sqlite3.connect(file)) as connection:
        found = [row[0] for row in connection.execute(f"SELECT {column} FROM {table}") if row[0]]  # noqa: S608 - ours
    return [json.loads(text) for text in found if text[:1] in "{["] or [{}]


@fuzzed
@given(place=st.sampled_from(sorted(STORED)), data=st.data())
def test_no_stored_value_of_one_person_keeps_the_others_from_their_lessons(
    reading: Prepared, place: tuple[str, str], data: st.DataObject
) -> None:
    file = reading.file.with_suffix(".copy")
    with reading.opened(file) as (writer, neighbour):
        town = writer.town
        writer.undelivered("aide")  # a row that waits: what is stored of it is damaged, too
        odd = data.draw(altered(stored(file, *place)) | JSON)
        text = data.draw(st.just(json.dumps(odd)) | TEXT.filter(_storable))
        damage(file, *place, text)
        for said in ("1", "progression", "reglages"):
            try:
                writer.types(said)
            except DatabaseError:
                raise
            except Exception:  # noqa: BLE001, S110  the service notes it and apologises: see `service.inbound.apologise`
                pass
        assert neighbour.types("progression")
        town.now = max(neighbour.next_at, town.now)
        while isolating.plan(town.store, town.now, town.schedule):
            pass
        before = len(neighbour.shown)
        town.deliver()
        assert len(neighbour.shown) > before


def _storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= mark <= "\udfff" for mark in text)
