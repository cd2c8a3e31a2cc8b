# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Whose turn is it? One row for all that the homeserver counts against the account: sends, joins, departures."""

from __future__ import annotations

import asyncio
import time

from bot.pacing import BURST, Bucket


class Turns:
    """Calls in single file, at the account's pace.

    The pump keeps the same pace for what it sends; this row makes room between its messages for the rest.
    """

    def __init__(self, rate: float) -> None:
        """`rate`: calls a second; 0: no limit of ours."""
        self._bucket = Bucket(rate, max(1.0, rate * BURST))
        self._row = asyncio.Lock()

    async def come(self) -> None:
        """Wait for a turn, and take it."""
        async with self._row:
            if wait := self._bucket.wait(time.monotonic()):
                await asyncio.sleep(wait)
            self._bucket.take(time.monotonic())
