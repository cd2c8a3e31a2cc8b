# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a room said before the events that an answer holds."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from itertools import dropwhile
from typing import Any

from nio import MessageDirection

from bot.channels import ChannelError, ChannelFault, Refused, Rejected, Throttled, Unreachable
from bot.channels.matrix.client import Client
from bot.channels.matrix.failures import checked
from bot.channels.matrix.news import Told, dated, opened, readable, told

MOST_TRIES = 3
"""Times that one room is asked for when the homeserver stumbles over it: nobody else's messages wait longer than that."""
FEW = 2
"""Rooms that may fail on one page. When more fail, and more than could be read, the homeserver is at fault."""
MOST_PAGES = 10
"""Pages of a hundred events that are fetched for one room after an absence."""

log = logging.getLogger(__name__)


class History:
    """Reads older events of rooms, in one batch from `begin` to `finish`: it succeeds as a whole, or is read again.

    A room that cannot be read stops no other: its newer events are still read.
    """

    def __init__(self, client: Client, stumbles: Counter[str], progress: Callable[[], object]) -> None:
        """`stumbles`: how often in a row the homeserver stumbled over each room, kept while the channel is opened again.

        `progress` is called after each room: a thousand rooms take minutes.
        """
        self._client, self._stumbles, self._progress = client, stumbles, progress
        self._read, self._failed = 0, dict[str, ChannelError]()

    def begin(self) -> None:
        """Begin the batch of a page, again after a failure."""
        self._read, self._failed = 0, {}

    def finish(self) -> None:
        """End the batch of a page, before its position is saved.

        Raises:
            ChannelError: the page must be read again: most rooms failed, or one failed that the homeserver may read later.
        """
        if len(self._failed) > max(FEW, self._read):
            raise next(iter(self._failed.values()))
        self._stumbles.update(self._failed.keys())
        for room, failure in self._failed.items():
            if not isinstance(failure, Refused | Rejected) and self._stumbles[room] < MOST_TRIES:
                raise failure
        for room, failure in self._failed.items():
            log.warning("A room cannot be read again: %s", failure, extra={"action": "fill-gap"})
            self._stumbles.pop(room, None)

    async def since(
        self, room: str, timeline: dict[str, Any], sources: list[Told], oldest: float
    ) -> list[Told]:
        """Return what happened in a room since a moment, in seconds, with what one answer was too short for.

        Raises:
            ChannelError: the homeserver is silent, refuses the account or says to wait.
        """
        if max((dated(event.source) for event in sources), default=oldest) < oldest:
            return []
        if timeline["limited"] and timeline["prev_batch"]:
            sources = [*await self.before(room, timeline["prev_batch"], oldest=oldest), *sources]
        # By their order: what stands behind one that is new is new, however slow the clock of its sender's homeserver.
        return list(dropwhile(lambda event: dated(event.source) < oldest, sources))

    async def before(
        self, room: str, start: str, end: str = "", *, oldest: float = float("-inf")
    ) -> list[Told]:
        """Return the events of a room between two tokens, oldest first: what one answer was too short for.

        `oldest`: a page of which every event is older than this moment, in seconds, is the last that is read. A room that
        cannot be read is noted for `finish`, and an empty list is returned.

        Raises:
            ChannelError: the homeserver is silent, refuses the account or says to wait.
        """
        try:
            events = await self._events(room, start, end, oldest)
        except (Throttled, Unreachable):
            raise
        except ChannelError as failure:
            if isinstance(failure, ChannelFault) and failure.fatal:
                raise
            self._failed[room] = failure
            return []
        finally:
            self._progress()
        self._read += 1
        self._stumbles.pop(room, None)
        return events

    async def _events(self, room: str, start: str, end: str, oldest: float) -> list[Told]:
        events: list[Told] = []
        asked = {start}
        while len(asked) <= MOST_PAGES:
            page = await checked(
                self._client.room_messages(
                    room, start=start, end=end or None, direction=MessageDirection.back, limit=100
                )
            )
            chunk = readable(await checked(page.transport_response.json()))["chunk"]
            events += told(chunk, opened(page.chunk))
            over = max(map(dated, chunk), default=oldest) < oldest
            if not page.chunk or not page.end or page.end in asked or over:
                return events[::-1]
            start = page.end
            asked.add(start)
        log.warning("A room said more than can be read again.", extra={"action": "fill-gap"})
        return events[::-1]
