# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Invitations: the rooms that we enter, in a queue, one after the other beside the stream of events."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from bot.channels import ChannelError, Refused, Rejected, Throttled
from bot.channels.matrix.client import Client
from bot.channels.matrix.failures import checked
from bot.channels.matrix.inbound import is_user
from bot.channels.matrix.pace import RateLimit
from bot.channels.matrix.rooms import is_typed

FIRST_RETRY = 2.0
LONGEST_RETRY = 60.0
ATTEMPTS = 10
"""Then its homeserver is gone for good, and the others have waited for it long enough."""

MOST_OF_ONE, MOST = 50, 2000
"""Most invitations that wait, of one account and of all. More are left unanswered: nobody waits behind a flood for ever."""

log = logging.getLogger(__name__)


class Invitations:
    """The queue. A join costs as much as a message; the library cannot join and be in the room at once."""

    def __init__(self, client: Client, rate_limit: RateLimit, allowed_servers: Collection[str]) -> None:
        """`allowed_servers`: whose people may invite; empty: anyone."""
        self._client, self._rate_limit, self._allowed = client, rate_limit, frozenset(allowed_servers)
        self._waiting: dict[str, int] = {}
        """Rooms in the order of their invitations, each with the attempts made."""
        self._inviters: dict[str, str] = {}
        """Room → inviter, for waiting invitations: one account cannot fill the queue."""
        self._accounts, self._servers = Counter[str](), Counter[str]()
        """How many of them are of each account, and of each server."""
        self._declined: dict[str, None] = {}
        """Invitations to refuse, in order."""
        self._any = asyncio.Event()
        self.refused, self._told_at = 0, -60.0

    @property
    def waiting(self) -> tuple[str, ...]:
        """The rooms still to be joined."""
        return tuple(self._waiting)

    def resume(self, rooms: Iterable[str]) -> None:
        """Go on with the queue of an earlier process."""
        for room in rooms:
            self._waiting.setdefault(room, 0)
            self._any.set()

    def note(self, room: str, state: list[Any]) -> None:
        """Note an invitation that came, with what the homeserver tells of the room."""
        inviter = _inviter(state, self._client.user_id)
        if inviter is None:
            return
        if self._allowed and _server(inviter) not in self._allowed:
            self._refuse("An invitation from a server that is not allowed is left unanswered.")
            return
        if room not in self._inviters and not self._may_wait(inviter):
            self._refuse("One invitation too many is left unanswered.")
            return
        self._count_as(room, inviter)
        if is_typed(state):
            self._declined[room] = None
        else:
            self._waiting.setdefault(room, 0)
        self._any.set()

    def _may_wait(self, inviter: str) -> bool:
        """Tell whether one more invitation of an account may wait; a full queue drops one of the most frequent server."""
        if self._accounts[inviter] >= MOST_OF_ONE:
            return False
        if len(self._waiting) + len(self._declined) < MOST:
            return True
        most = max(self._servers, key=self._servers.__getitem__, default=_server(inviter))
        if most == _server(inviter):
            return False
        self.forget(next(room for room in reversed(self._inviters) if _server(self._inviters[room]) == most))
        return True

    def _count_as(self, room: str, inviter: str) -> None:
        """Count a room as one account's, or as nobody's any more."""
        former = self._inviters.pop(room, "")
        for counted, one in ((self._accounts, former), (self._servers, _server(former))):
            counted[one] -= 1
            if counted[one] <= 0:
                del counted[one]
        if inviter:
            self._inviters[room] = inviter
            self._accounts[inviter] += 1
            self._servers[_server(inviter)] += 1

    def _refuse(self, why: str) -> None:
        self.refused += 1
        now = time.monotonic()
        if now >= self._told_at + 60:  # one line a minute
            self._told_at = now
            log.warning(why, extra={"action": "refuse-invitation", "refused": self.refused})

    def forget(self, room: str) -> None:
        """Forget an invitation that was taken back."""
        self._waiting.pop(room, None)
        self._declined.pop(room, None)
        self._count_as(room, "")

    async def accept(self) -> None:
        """Join room after room, for ever; refuse what is no conversation, once."""
        while True:
            await self._any.wait()
            if self._declined:
                await self._decline(next(iter(self._declined)))
                continue
            room = next(iter(self._waiting), "")
            if not room:
                self._any.clear()
                continue
            await self._rate_limit.acquire()
            if room in self._waiting:
                await asyncio.sleep(await self._join(room))

    async def _decline(self, room: str) -> None:
        await self._rate_limit.acquire()
        wait = 0.0
        try:
            await checked(self._client.room_leave(room))
        except ChannelError as error:
            wait = error.after if isinstance(error, Throttled) else 0.0
            log.info("An invitation stays unanswered: %s", error, extra={"action": "skip-room"})
        self.forget(room)
        await asyncio.sleep(wait)

    async def _join(self, room: str) -> float:
        """Try to join; return the seconds to wait before the next room."""
        try:
            await checked(self._client.join(room))
        except Throttled as error:
            return error.after
        except (Refused, Rejected) as error:
            log.info("A room cannot be joined: %s", error, extra={"action": "skip-room"})
        except ChannelError as error:
            log.warning("A room could not be joined: %s", error, extra={"action": "join-room"})
            return self._put_off(room)
        self.forget(room)
        return 0.0

    def _put_off(self, room: str) -> float:
        attempts = self._waiting.pop(room, 0) + 1
        if attempts < ATTEMPTS:
            self._waiting[room] = attempts
        else:
            self.forget(room)
            log.error("A room could not be joined and is given up.", extra={"action": "give-up-room"})
        return min(FIRST_RETRY * 2.0 ** (attempts - 1), LONGEST_RETRY)


def _server(user: str) -> str:
    return user.partition(":")[2]


def _inviter(state: list[Any], me: str) -> str | None:
    for source in state:
        if not isinstance(source, dict) or source.get("type") != "m.room.member":
            continue
        sender, content = source.get("sender"), source.get("content")
        invites = isinstance(content, dict) and content.get("membership") == "invite"
        if invites and source.get("state_key") == me and isinstance(sender, str) and is_user(sender):
            return sender
    return None
