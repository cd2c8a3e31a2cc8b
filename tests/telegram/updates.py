# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which updates wait for the bot: the queue of getUpdates, with its confirmations and its one poller."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Mapping
from typing import Any

from tests.telegram.errors import CONFLICT

Object = dict[str, Any]
PAGE = 100
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
KEPT_UPDATES = 1000


class Updates:
    """The queue of updates, with the confirmations of the Bot API."""

    def __init__(self) -> None:
        self.waiting: deque[Object] = deque()
        self.allowed: frozenset[str] = frozenset()
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
            self._wake()
        return number

    def repeat(self, update_id: int | None) -> int | None:
        """Deliver an update again, confirmed or not; returns its id, or nothing when it is not known."""
        number = next(reversed(self._recent), None) if update_id is None else update_id
        if number is None or number not in self._recent:
            return None
        self._again.append(self._recent[number])
        self._wake()
        return number

    async def page(self, offset: int, limit: int, seconds: float) -> list[Object]:
        """Confirm, then wait for something to tell. Raises `Refused` when another poller comes."""
        self._interrupt()
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

    def _interrupt(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(CONFLICT)
        self._poller = None

    def _wake(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
