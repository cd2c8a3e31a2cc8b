# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Fixtures of the Telegram tests: an emulator that was called as documented, and one person."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.telegram import Emulator, Person, Telegram


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """An emulator; a call that breaks the documentation fails the test."""
    async with Emulator() as running:
        yield running
        assert await running.violations() == []


@pytest.fixture
async def claire(telegram: Telegram) -> Person:
    """Somebody who has started the bot."""
    return await telegram.person(4711, "Claire")
