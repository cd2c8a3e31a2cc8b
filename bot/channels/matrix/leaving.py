# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Rooms that we leave: those with more than two people, once they were told why, and those that are no conversations.

A message that says why leaves first, by the outbox: it is tried once, and waited for a minute at most.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress

from nio import MatrixRoom

from bot.channels import ChannelError, Refused, Rejected, Throttled
from bot.channels.matrix.client import LARGE, Client
from bot.channels.matrix.failures import checked
from bot.channels.matrix.pace import RateLimit
from bot.channels.matrix.rooms import Rooms

PATIENCE = 60.0
"""Seconds for the message that says why we leave."""
ATTEMPTS = 10
"""A minute apart. Then the next start tries again: who is in a room is known from the homeserver."""

log = logging.getLogger(__name__)


class Leaving:
    """The rooms, each with when it is due and how many attempts were made."""

    def __init__(self, client: Client, rooms: Rooms, rate_limit: RateLimit) -> None:
        self._client, self._rooms, self._rate_limit = client, rooms, rate_limit
        self._due: dict[str, tuple[float, int]] = {}
        self._any = asyncio.Event()

    def note(self, room: MatrixRoom) -> None:
        """Note a room that is to be left: at once where nothing is to be said."""
        nothing_to_say = self._rooms.is_typed(room.room_id) or len(room.users) > LARGE
        wait = 0.0 if nothing_to_say else PATIENCE
        self._due.setdefault(room.room_id, (time.monotonic() + wait, 0))
        self._any.set()

    def knows(self, room: str) -> bool:
        """Tell whether a room is already noted."""
        return room in self._due

    def told(self, room: MatrixRoom) -> None:
        """Leave a group now: what was to be said there was said, or cannot be."""
        if self._rooms.is_crowd(room):
            self._due[room.room_id] = (time.monotonic(), 0)
            self._any.set()

    def forget(self, room: str) -> None:
        """Forget a room that was left, or that the bot may stay in."""
        self._due.pop(room, None)

    async def leave(self) -> None:
        """Leave room after room, for ever."""
        while True:
            await self._any.wait()
            self._any.clear()
            while self._due:
                room, (due, attempts) = min(self._due.items(), key=lambda item: item[1][0])
                if (wait := due - time.monotonic()) > 0:
                    # A room that is due sooner may be noted meanwhile. Not `wait_for`, which swallows cancellations on 3.11.
                    with suppress(TimeoutError):
                        async with asyncio.timeout(wait):
                            await self._any.wait()
                    self._any.clear()
                    continue
                await self._leave(room, attempts)

    async def _leave(self, room_id: str, attempts: int) -> None:
        room = self._client.rooms.get(room_id)
        if room is None or not (self._rooms.is_crowd(room) or self._rooms.is_typed(room_id)):
            self._due.pop(room_id, None)
            return
        await self._rate_limit.acquire()
        wait = PATIENCE
        try:
            await checked(self._client.room_leave(room_id))
        except Throttled as error:
            wait = error.after
        except ChannelError as error:
            log.warning("A group could not be left: %s", error, extra={"action": "leave-group"})
            attempts = ATTEMPTS if isinstance(error, Refused | Rejected) else attempts + 1
        else:
            attempts = ATTEMPTS
        if attempts >= ATTEMPTS:
            self._due.pop(room_id, None)
        elif room_id in self._due:
            self._due[room_id] = time.monotonic() + wait, attempts
