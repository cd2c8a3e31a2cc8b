# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Waiting for what nobody announces: it ends with what is waited for, however busy the machine is."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PATIENCE = 60.0
"""Seconds after which what has not come will not come."""


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: it does not.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            held = holds()
            if await held if inspect.isawaitable(held) else held:
                return
            await asyncio.sleep(0.02)


async def until_all(counted: Callable[[], Awaitable[int]], number: int) -> None:
    """Wait until so many are counted, for as long as they become more: a crowd takes its time.

    Raises:
        AssertionError: they do not become more.
    """
    loop = asyncio.get_running_loop()
    seen, end = -1, 0.0
    while (now := await counted()) < number:
        if now > seen:
            seen, end = now, loop.time() + PATIENCE
        assert loop.time() < end, f"{now} of {number}, and no more"
        await asyncio.sleep(0.05)
