# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What people and groups do and see: the other side of a conversation with the bot."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.telegram.driver import Telegram

LOOK = 30.0
"""Seconds of one look: a request to the emulator lasts 90 at most."""
PATIENCE = 30.0
"""Seconds to wait for what must come: generous, since it ends with what is waited for."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot as a screen shows it now."""

    id: int
    text: str
    """After entity parsing; the caption of a document or a picture."""
    html: str
    """The text as the bot sent it."""
    entities: tuple[Mapping[str, Any], ...]
    buttons: tuple[tuple[str, ...], ...]
    """Labels, row by row."""
    data: tuple[tuple[str, ...], ...]
    """Callback data, row by row, in the places of `buttons`."""
    edits: int
    """How often it was changed."""
    reply_to: int | None
    document: str | None
    """The name of the file."""
    photo: tuple[int, int] | None
    """Of a picture: its width and height in pixels. It has no name."""
    content: bytes
    """What the file or the picture holds; empty in light mode."""
    at: float
    """When it was sent, as a Unix time."""

    @property
    def edited(self) -> bool:
        return self.edits > 0


class Screen:
    """A conversation with the bot, seen from the other side."""

    def __init__(self, telegram: Telegram, chat: int, name: str) -> None:
        self.telegram = telegram
        self.id = chat
        self.name = name
        self._read = 0

    async def messages(self) -> list[Shown]:
        """All that the bot wrote here and did not lose, oldest first."""
        return (await self._look(after=-1, seconds=0))[1]

    async def next_message(self, timeout: float = PATIENCE) -> Shown:  # noqa: ASYNC109 (bounds the wait on the other side)
        """The next new message since the last call of this; edits do not count."""
        shown = await self._first(lambda message: message.id > self._read, timeout, "a new message")
        self._read = shown.id
        return shown

    async def sees(
        self,
        what: str | Callable[[Shown], bool],
        timeout: float = PATIENCE,  # noqa: ASYNC109 (as above)
        after: int = 0,
    ) -> Shown:
        """The newest message above `after` that holds a text or satisfies a predicate, once there is one."""
        wanted = repr(what) if isinstance(what, str) else "what was expected"
        fits: Callable[[Shown], bool] = what if callable(what) else lambda message: what in message.text
        return await self._first(
            lambda message: message.id > after and fits(message), timeout, wanted, newest=True
        )

    async def sees_nothing_new(self, seconds: float = 0.2) -> None:
        """Fails if a message comes that `next_message` has not returned."""
        version, screen = await self._look(after=-1, seconds=0)
        end = time.monotonic() + seconds
        while True:
            if new := [message.text for message in screen if message.id > self._read]:
                raise AssertionError(f"{self.name} did not expect: {new}")
            left = end - time.monotonic()
            if left <= 0:
                return
            version, screen = await self._look(after=version, seconds=left)

    async def _first(
        self, fits: Callable[[Shown], bool], seconds: float, wanted: str, *, newest: bool = False
    ) -> Shown:
        end = time.monotonic() + seconds
        version = -1
        while True:
            left = max(0.0, end - time.monotonic())
            version, screen = await self._look(after=version, seconds=min(left, LOOK))
            found = [message for message in screen if fits(message)]
            if found:
                return found[-1 if newest else 0]
            if time.monotonic() >= end:
                texts = "\n".join(f"  {message.id}: {message.text!r} {message.buttons}" for message in screen)
                raise AssertionError(
                    f"{self.name} did not see {wanted} in {seconds} s; the screen shows\n{texts}"
                )

    async def _look(self, after: int, seconds: float) -> tuple[int, list[Shown]]:
        answer = await self.telegram.act("look", chat=self.id, after=after, seconds=seconds)
        return answer["version"], [_shown(each) for each in answer["messages"]]


class Person(Screen):
    """Someone with a direct conversation with the bot. What they do returns the id of their message or update."""

    async def says(self, text: str, reply_to: int | None = None) -> int:
        """Returns the id of this message."""
        return int(await self.telegram.act("says", chat=self.id, text=text, reply_to=reply_to))

    async def starts(self, payload: str = "") -> int:
        return await self.says(f"/start {payload}".strip())

    async def presses(self, message_id: int, button: str) -> str:
        """Press a button of a message as it is now, by label, else by data. Returns the query's id."""
        return str(await self.telegram.act("presses", chat=self.id, message=message_id, button=button))

    async def forges(self, data: str, message_id: int, chat: int | None = None) -> str:
        """Send data that no button needs to have, about a message of any chat. Returns the query's id."""
        place = self.id if chat is None else chat
        return str(
            await self.telegram.act("forges", person=self.id, chat=place, message=message_id, data=data)
        )

    async def notice(self, query: str, timeout: float = PATIENCE) -> str:  # noqa: ASYNC109 (as above)
        """What the answer to a press showed, as soon as it was answered; may be empty."""
        return str(await self.telegram.act("notice", query=query, seconds=timeout))

    async def sends_file(
        self, name: str, content: bytes = b"", caption: str = "", size: int | None = None
    ) -> int:
        """Send a document; `size` is what Telegram says of it, where that is not the truth."""
        return int(
            await self.telegram.act(
                "sends_file",
                chat=self.id,
                name=name,
                content=base64.b64encode(content).decode(),
                caption=caption,
                size=len(content) if size is None else size,
            )
        )

    async def blocks(self) -> None:
        await self.telegram.act("blocks", chat=self.id)

    async def unblocks(self) -> None:
        await self.telegram.act("unblocks", chat=self.id)

    async def deactivates(self) -> None:
        """The account is deleted; no update tells it."""
        await self.telegram.act("deactivates", chat=self.id)


class Group(Screen):
    """A place that is not a direct conversation."""

    async def adds_bot(self, by: Person) -> None:
        await self.telegram.act("adds_bot", chat=self.id, person=by.id)

    async def hears(self, person: Person, text: str) -> int:
        return int(await self.telegram.act("says", chat=self.id, person=person.id, text=text))


def _shown(raw: Mapping[str, Any]) -> Shown:
    rows = raw["buttons"]
    return Shown(
        id=raw["id"],
        text=raw["text"],
        html=raw["html"],
        entities=tuple(raw["entities"]),
        buttons=tuple(tuple(button["text"] for button in row) for row in rows),
        data=tuple(tuple(button.get("callback_data", "") for button in row) for row in rows),
        edits=raw["edits"],
        reply_to=raw["reply_to"],
        document=raw["document"],
        photo=None if raw["photo"] is None else (raw["photo"][0], raw["photo"][1]),
        content=base64.b64decode(raw["content"]),
        at=raw["at"],
    )
