# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which updates wait for the bot: the queue, its confirmations and its one poller, or whoever carries them instead."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.telegram.errors import CONFLICT, Refused

if TYPE_CHECKING:
    from tests.telegram.requests import Request

Object = dict[str, Any]
PAGE = 100
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
KEPT_UPDATES = 1000


class Updates:
    """The queue of updates, with the confirmations of the Bot API."""

    def __init__(self) -> None:
        self.waiting: deque[Object] = deque()
        self.allowed: frozenset[str] = frozenset()
        self.carry: Callable[[Object], None] | None = None
        """Who is told of each update, when they are posted rather than fetched."""
        self._again: list[Object] = []
        self._recent: dict[int, Object] = {}
        self._next = 0
        self._poller: asyncio.Future[None] | None = None
        self.renumber()

    def renumber(self) -> None:
        """Ids start at random, and do so again after an idle week."""
        self._next = secrets.randbelow(400_000_000) + 100_000_000

    def push(self, update: Mapping[str, Any]) -> int:
        """Queue an update of an allowed type and wake the poller; returns its id."""
        number = int(update.get("update_id", self._next))
        self._next = max(self._next, number + 1)
        whole = {"update_id": number, **update}
        if self._wanted(whole):
            self.waiting.append(whole)
            self._recent[number] = whole
            if len(self._recent) > KEPT_UPDATES:
                del self._recent[next(iter(self._recent))]
            self._tell(whole)
        return number

    def deliver(self, update: Object) -> None:
        """An update was posted, or given up."""
        if update in self.waiting:
            self.waiting.remove(update)

    def allow(self, request: Request) -> None:
        """Note which kinds are asked for; a request that does not say changes nothing."""
        wanted = request.json("allowed_updates", None, "Bad Request: can't parse allowed_updates JSON object")
        if wanted is not None:
            self.allowed = frozenset(map(str, wanted))

    def repeat(self, update_id: int | None) -> int | None:
        """Deliver an update again, confirmed or not; returns its id, or nothing when it is not known."""
        number = next(reversed(self._recent), None) if update_id is None else update_id
        if number is None or number not in self._recent:
            return None
        if self.carry is None:
            self._again.append(self._recent[number])
        self._tell(self._recent[number])
        return number

    async def page(self, offset: int, limit: int, seconds: float) -> list[Object]:
        """Confirm, then wait for something to tell. Raises `Refused` when another poller comes."""
        self.interrupt(CONFLICT)
        self._confirm(offset)
        if not (self.waiting or self._again) and seconds > 0:
            poller: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._poller = poller
            try:
                await asyncio.wait_for(poller, seconds)
            except TimeoutError:
                return []
            finally:
                if self._poller is poller:
                    self._poller = None
        again, self._again = self._again, []
        return [*again, *(self.waiting[place] for place in range(min(limit, len(self.waiting))))]

    def _wanted(self, update: Mapping[str, Any]) -> bool:
        kinds = update.keys() - {"update_id"}
        return bool(kinds & self.allowed) if self.allowed else not kinds & NOT_BY_DEFAULT

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        elif offset > 0:
            self.waiting = deque(each for each in self.waiting if each["update_id"] >= offset)

    @property
    def polled(self) -> bool:
        """Whether a poll is held."""
        return self._poller is not None

    def interrupt(self, why: Refused) -> None:
        """End the poll under way, if there is one."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(why)
        self._poller = None

    def _tell(self, update: Object) -> None:
        if self.carry is not None:
            self.carry(update)
        elif self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
