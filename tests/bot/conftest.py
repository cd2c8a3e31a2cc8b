# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the tests of conversations share: a town with a small course."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.builders import Town, lesson

if TYPE_CHECKING:
    from storage.store import Store


@pytest.fixture
def town(store: Store) -> Town:
    """A bot that teaches four lessons: un, deux, trois, quatre."""
    return Town(store).teach(lesson("un"), lesson("deux"), lesson("trois"), lesson("quatre"))
