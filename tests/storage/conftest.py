# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the storage tests share: a table of notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.database import open_database
from tests.storage.notes import note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.store import Store


@pytest.fixture
def notes(store: Store) -> Store:
    """A store with an empty table of notes."""
    store.write_now(note.create)
    return store


@pytest.fixture
def file_notes(sqlite_url: str) -> Iterator[Store]:
    """Notes in a file."""
    with open_database(sqlite_url) as store:
        store.write_now(note.create)
        yield store
