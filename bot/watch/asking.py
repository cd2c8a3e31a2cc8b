# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A call to something that may never answer, with a timeout."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class OneAtATime(Generic[T]):
    """Share one call among all who wait for it: a second one starts only when the first has ended."""

    def __init__(self, ask: Callable[[], Awaitable[T | None]]) -> None:
        self._ask = ask
        self._asked: asyncio.Future[T | None] | None = None

    async def within(self, seconds: float) -> T | None:
        """Return the result of the call, or `None` when it takes longer."""
        if self._asked is None or self._asked.done():
            self._asked = asyncio.ensure_future(self._ask())
        asked = self._asked
        done, _ = await asyncio.wait({asked}, timeout=seconds)
        return asked.result() if done else None
