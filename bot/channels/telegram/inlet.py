# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The contract of a way in for updates, whether they are fetched or posted."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any, Protocol

from bot.hearing import Hearing

_ORIGIN = re.compile(r"(https?://)(?:[^/@]*@)?([A-Za-z0-9.:\[\]-]{1,100})")


class Inlet(Protocol):
    """One way in: `Polling` or `Webhook`. It knows what an update's number is, and nothing else of it."""

    alive_at: float
    """When `pages` last asked, in seconds of the monotonic clock; ahead of it while told to wait."""

    hearing: Hearing
    """Whether Telegram answers."""

    async def open(self) -> None:
        """Have Telegram use this way; what waits is kept.

        Raises:
            ChannelError: Telegram cannot be asked, or this way cannot be used.
        """
        ...

    def pages(self) -> AsyncGenerator[list[dict[str, Any]], None]:
        """Yield updates as they came, each with its number. Asking for the next page acknowledges the one before.

        Raises:
            ChannelFault: nothing more comes this way.
        """
        ...

    async def problems(self) -> list[str]:
        """Return what keeps updates from coming this way. Change nothing.

        Raises:
            ChannelError: Telegram cannot be asked.
        """
        ...

    async def close(self) -> None:
        """End the pages. Nothing is changed at Telegram: updates wait there."""
        ...


def origin(url: str) -> str:
    """Return the machine that an address is on. Its path may be a secret of someone else's."""
    start = _ORIGIN.match(url)
    return f"{start[1]}{start[2]}" if start else "another address"
