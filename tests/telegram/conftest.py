# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the emulator's own tests start from: an emulator, one person, and a client that knows nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.telegram import Emulator, Person, Telegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Raw:
    """A client of the Bot API without opinions. Answers are (status, body)."""

    def __init__(self, telegram: Telegram, session: aiohttp.ClientSession) -> None:
        self.address = telegram.base_url + telegram.token
        self.session = session

    async def ask(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        """A call as a form: what is not a string travels as JSON."""
        form = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()
        }
        async with self.session.post(f"{self.address}/{method}", data=form) as response:
            return response.status, await response.json()

    async def get(self, method: str, **params: Any) -> Any:
        """The result of a call that succeeds."""
        status, body = await self.ask(method, **params)
        assert status == 200, body
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        """Why a call is refused, with its status."""
        status, body = await self.ask(method, **params)
        assert not body["ok"], body
        assert body["error_code"] == status
        return str(body["description"])


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with Emulator() as running:
        yield running


@pytest.fixture
async def ann(telegram: Telegram) -> Person:
    return await telegram.person(4711, "Ann", username="ann")


@pytest.fixture
async def bot(telegram: Telegram) -> AsyncIterator[Raw]:
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield Raw(telegram, session)
