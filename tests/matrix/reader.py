# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A person reads, whatever their client, in the order in which messages came, and waits for those to come."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from tests.matrix.synapse import SERVER, Account

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.matrix.screens import Shown


class Known(Protocol):
    """Anything with an account's id: ours, or the bot's own."""

    @property
    def user_id(self) -> str: ...


Someone = Known | str
PATIENCE = 60.0
"""Seconds to wait for what must come: generous, since it ends with what is waited for."""


class Reader:
    """A screen and who looks at it. A client shows messages, and wakes who waits for them."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.room = ""
        self._shown: dict[str, Shown] = {}
        self._order: list[str] = []
        self._read: set[str] = set()
        self._news = asyncio.Condition()

    @property
    def user_id(self) -> str:
        return self.account.user_id

    async def messages(self, room: str = "") -> list[Shown]:
        """All that others wrote in the room, oldest first, edits applied. The newest room unless named."""
        return [self._shown[event] for event in self._order if self._shown[event].room == (room or self.room)]

    async def next_message(self, timeout: float = PATIENCE) -> Shown:  # noqa: ASYNC109 (bounds a real wait)
        """The next new message since the last call of this; edits do not count."""
        await self._until(lambda: bool(self._unread()), timeout, "a new message")
        first = self._unread()[0]
        self._read.add(first.id)
        return first

    async def sees(
        self,
        what: str | Callable[[Shown], bool],
        timeout: float = PATIENCE,  # noqa: ASYNC109 (as above)
    ) -> Shown:
        """The newest message that holds a text or satisfies a predicate, once there is one."""
        fits: Callable[[Shown], bool] = what if callable(what) else lambda shown: what in shown.text
        found: list[Shown] = []

        def there() -> bool:
            found[:] = [shown for event in self._order if fits(shown := self._shown[event])]
            return bool(found)

        await self._until(there, timeout, repr(what) if isinstance(what, str) else "what was expected")
        return found[-1]

    async def sees_nothing_new(self, seconds: float = 0.2) -> None:
        """Fails if a message comes that `next_message` has not returned."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: bool(self._unread()))
        assert not (new := [shown.text for shown in self._unread()]), f"{self.user_id} did not expect: {new}"

    async def _until(self, there: Callable[[], bool], timeout: float, what: str) -> None:  # noqa: ASYNC109
        try:
            async with asyncio.timeout(timeout), self._news:
                await self._news.wait_for(there)
        except TimeoutError:
            self._check()
            screen = [(shown.text or f"({shown.wire_type})") for shown in self._shown.values()]
            raise AssertionError(f"{self.user_id} waited {timeout:g} s for {what}; sees {screen}") from None

    def _check(self) -> None:
        """Raises what ended the client, if it ended."""
        raise NotImplementedError

    def _unread(self) -> list[Shown]:
        return [self._shown[event] for event in self._order if event not in self._read]


def id_of(person: Someone) -> str:
    """The id of an account; a bare name is one of the tests' homeserver."""
    if not isinstance(person, str):
        return person.user_id
    return person if person.startswith("@") else f"@{person}:{SERVER}"
