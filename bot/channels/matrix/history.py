# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a room said before the events that an answer holds."""

from __future__ import annotations

import logging
from collections import Counter
from itertools import dropwhile
from typing import Any

from nio import MessageDirection

from bot.channels import ChannelFault, Failure, Throttled, Uncertain, Unreachable
from bot.channels.matrix.client import Client
from bot.channels.matrix.failures import checked
from bot.channels.matrix.news import Told, dated, opened, told

MOST_TRIES = 3
"""Times that one room is asked for when the homeserver stumbles over it: nobody else's messages wait longer than that."""
MOST_PAGES = 10
"""Pages of a hundred events that are fetched for one room after an absence."""

log = logging.getLogger(__name__)


class History:
    """The homeserver's memory of rooms. One that cannot be read there stops no other: what came since is read.

    `stumbles`: how often in a row the homeserver stumbled over each room, kept while the channel is opened again.
    """

    def __init__(self, client: Client, stumbles: Counter[str]) -> None:
        self._client, self._stumbles = client, stumbles

    async def since(
        self, room: str, timeline: dict[str, Any], sources: list[Told], oldest: float
    ) -> list[Told]:
        """Return what happened in a room since a moment, in seconds, with what one answer was too short for.

        Raises:
            ChannelError: the homeserver is silent, refuses the account or says to wait.
        """
        if max((dated(event.source) for event in sources), default=oldest) < oldest:
            return []
        if timeline.get("limited") and timeline.get("prev_batch"):
            sources = [*await self.before(room, timeline["prev_batch"], oldest=oldest), *sources]
        # By their order: what stands behind one that is new is new, however slow the clock of its sender's homeserver.
        return list(dropwhile(lambda event: dated(event.source) < oldest, sources))

    async def before(
        self, room: str, start: str, end: str = "", *, oldest: float = float("-inf")
    ) -> list[Told]:
        """Return the events of a room between two tokens, oldest first: what one answer was too short for.

        `oldest`: a page of which every event is older than this moment, in seconds, is the last that is read.

        Raises:
            ChannelError: the homeserver is silent, refuses the account or says to wait.
        """
        try:
            events = await self._read(room, start, end, oldest)
        except (Throttled, Unreachable, ChannelFault):
            raise
        except Failure as failure:
            self._stumbles[room] += 1
            if isinstance(failure, Uncertain) and self._stumbles[room] < MOST_TRIES:
                raise
            events = []
            log.warning("A room cannot be read again: %s", failure, extra={"action": "fill-gap"})
        self._stumbles.pop(room, None)
        return events

    async def _read(self, room: str, start: str, end: str, oldest: float) -> list[Told]:
        events: list[Told] = []
        for _ in range(MOST_PAGES):
            page = await checked(
                self._client.room_messages(
                    room, start=start, end=end or None, direction=MessageDirection.back, limit=100
                )
            )
            raw = await checked(page.transport_response.json())
            events += told(raw["chunk"], opened(page.chunk))
            over = max(map(dated, raw["chunk"]), default=oldest) < oldest
            if not page.chunk or not page.end or page.end == start or over:
                return events[::-1]
            start = page.end
        log.warning("A room said more than can be read again.", extra={"action": "fill-gap"})
        return events[::-1]
