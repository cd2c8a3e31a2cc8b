# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A standby device keeps up while another one of the account is in service: it gathers keys, and moves its position.

Room keys are sent to each device apart, and a device that is never asked for runs out of keys that others can use. Events
are the owner's: they are not even read here, and the saved position passes them only once the owner has stored them.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from bot.channels.matrix.client import Client
from bot.channels.matrix.failures import checked
from bot.channels.matrix.invitations import Invitations
from bot.channels.matrix.news import LITTLE
from bot.channels.matrix.pace import RateLimit
from bot.channels.matrix.position import Position, PositionRefused
from bot.channels.matrix.session import Vault


@dataclass(slots=True)
class Follower:
    """One stand-by. Its place in what is sent to the device runs ahead of the saved position."""

    vault: Vault
    client: Client
    path: Path
    """Of the saved position."""
    allowed: Collection[str]
    """Whose people may invite; empty: anyone."""
    _ahead: Position | None = None
    _marked: tuple[Position, int] | None = None
    """A position that may be saved later, and how many pages the owner had stored when it was known."""

    async def follow(self, stored: Callable[[], Awaitable[int]]) -> None:
        """Go on once. `stored`: how many pages the account's owners have stored so far.

        Raises:
            ChannelError: the homeserver refuses or is silent, see `checked`.
        """
        self._ahead = await self._go_on(self._ahead or Position.load(self.path, self.client.user_id))
        pages = await stored()
        if self._marked is not None:
            position, before = self._marked
            # The first page that was stored since may have been asked for before the mark; the second was asked for after
            # the first was stored, so it went at least as far as the mark.
            if pages < before + 2:
                return
            position.save(self.path)
        self._marked = self._ahead, pages

    async def _go_on(self, last: Position) -> Position:
        client, asked_at = self.client, time.time()
        try:
            news = await client.keys(last.token)
        except PositionRefused:
            news = await client.anew(LITTLE)  # what happened meanwhile is the owner's to read
        invitations = Invitations(client, RateLimit(0), self.allowed)
        invitations.resume(last.invited)
        rooms = news.raw["rooms"]
        for room, invited in rooms["invite"].items():
            invitations.note(room, invited["invite_state"]["events"])
        for room in rooms["leave"]:
            invitations.forget(room)
        if invitations.waiting:
            # The homeserver tells of an invitation once: those that the owner did not get to are for whoever is next.
            for room in (await checked(client.joined_rooms())).rooms:
                invitations.forget(room)
        await client.keep_keys(news)
        return Position(
            client.user_id, news.parsed.next_batch, invited=invitations.waiting, asked_at=asked_at
        )
