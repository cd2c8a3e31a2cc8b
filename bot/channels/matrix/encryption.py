# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Encryption of rooms: which ones are or ever were encrypted, so that nothing counts there that came in clear."""

from __future__ import annotations

import asyncio
import logging
import time

from nio import MatrixRoom

from bot.channels import ChannelError
from bot.channels.matrix.client import Client

PATIENCE = 2.0
"""Seconds for the answer: others wait behind it."""
REST = 60.0
"""Seconds in which nothing is asked after a failure."""

log = logging.getLogger(__name__)


class Encryption:
    """What is known of it. A room that is encrypted stays so, and the store remembers it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._clear: set[str] = set()
        """Rooms of which the homeserver said that they are not; it tells at once when one becomes so."""
        self._rests_until = 0.0

    async def ever(self, room: MatrixRoom) -> bool:
        """Return whether a room is or ever was encrypted. Before its first word the homeserver is asked.

        When it does not answer, what it told of the room so far counts: one room must not hold up the others, and in
        clear nobody but a learner is believed.
        """
        if room.encrypted:
            return True
        if room.room_id in self._clear or time.monotonic() < self._rests_until:
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                encrypted = await self._client.encrypted(room)
        except (ChannelError, TimeoutError) as error:
            self._rests_until = time.monotonic() + REST
            log.warning(
                "Whether a room is encrypted could not be asked: %s",
                type(error).__name__,
                extra={"action": "query-encryption"},
            )
            return False
        if not encrypted:
            self._clear.add(room.room_id)
        return encrypted
