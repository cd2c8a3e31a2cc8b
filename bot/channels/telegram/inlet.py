# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a way in for updates must do, whether they are fetched or posted."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any, Protocol

_ORIGIN = re.compile(r"(https?://)(?:[^/@]*@)?([A-Za-z0-9.:\[\]-]{1,100})")


class Inlet(Protocol):
    """One way in: `Polling` or `Webhook`. It knows what an update's number is, and nothing else of it."""

    turned_at: float
    """When `pages` last turned, in seconds of the monotonic clock; ahead of it while told to wait."""

    async def open(self) -> None:
        """Have Telegram use this way; what waits is kept. Raises a `Failure` or a `ChannelFault`."""
        ...

    def pages(self) -> AsyncGenerator[list[dict[str, Any]], None]:
        """Updates as they came, each with its number. Asking for the next page acknowledges the one before.

        Raises `ChannelFault`.
        """
        ...

    async def problems(self) -> list[str]:
        """What keeps updates from coming this way; changes nothing. Raises a `Failure` or a `ChannelFault`."""
        ...

    async def close(self) -> None:
        """End the pages. Nothing is changed at Telegram: updates wait there."""
        ...


def origin(url: str) -> str:
    """The machine that an address is on. Its path may be a secret of someone else's."""
    found = _ORIGIN.match(url)
    return f"{found[1]}{found[2]}" if found else "another address"
