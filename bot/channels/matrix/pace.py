# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The account's rate limit: one queue for all that the homeserver counts against it: sends, joins, departures."""

from __future__ import annotations

import asyncio
import time

from bot.pacing import BURST, Bucket


class RateLimit:
    """Calls in single file, at the account's pace.

    The pump keeps the same pace for what it sends; this queue makes room between its messages for the rest.
    """

    def __init__(self, rate: float) -> None:
        """`rate`: calls a second; 0: no limit of ours."""
        self._bucket = Bucket(rate, max(1.0, rate * BURST))
        self._queue = asyncio.Lock()

    async def acquire(self) -> None:
        """Wait until one more call may start, and count it."""
        async with self._queue:
            if wait := self._bucket.wait(time.monotonic()):
                await asyncio.sleep(wait)
            self._bucket.take(time.monotonic())
