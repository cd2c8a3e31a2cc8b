# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the tests of conversations share: a town with a small course."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.database import open_database
from tests.bot.builders import Town, lesson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.store import Store


@pytest.fixture
def town(store: Store) -> Town:
    """A bot that teaches four lessons: un, deux, trois, quatre."""
    return Town(store).teach(lesson("un"), lesson("deux"), lesson("trois"), lesson("quatre"))


@pytest.fixture
def sqlite_town(sqlite_url: str) -> Iterator[Town]:
    """The same town, on SQLite only: for tests that need one database."""
    with open_database(sqlite_url) as store:
        yield Town(store).teach(lesson("un"), lesson("deux"), lesson("trois"), lesson("quatre"))
