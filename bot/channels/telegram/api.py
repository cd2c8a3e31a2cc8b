# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The Bot API as the channel uses it: the library's client, but for what it reads itself, and with errors of ours."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar

from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram.failures import failure

UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
"""What is asked for, whichever way it comes."""

_T = TypeVar("_T")


class Api(Bot):
    """The Bot API. Of a page that the library cannot read one update of, it loses all: pages are read here."""

    async def attempt(self, call: Awaitable[_T]) -> _T:
        """Return what a call returns.

        Raises:
            ChannelError: one of ours in the place of the library's.
        """
        try:
            return await call
        except Exception as error:  # noqa: BLE001  a message may have left whatever broke after it
            ours = failure(error, self.token)
        # Not raised in the handler: the library's error stays out of the traceback, and with it the token.
        raise ours

    async def show(self, method: str, parameters: dict[str, Any]) -> int:
        """Send or change a message and return its number. To read all of the answer would cost the library 0.4 ms."""
        # `_post` is private: python-telegram-bot is pinned to the version that this was measured with, 22.8.
        message = await self._post(method, {**parameters, "parse_mode": "HTML"})
        return int(message["message_id"])

    async def page(self, offset: int | None, poll: int) -> list[dict[str, Any]]:
        """Return updates as they came, each with its number. `poll`: seconds to wait for the first."""
        # `_post` and `_request` are private: python-telegram-bot is pinned to the version that has them so, 22.8.
        page = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": poll, "allowed_updates": UPDATES},
            read_timeout=poll + (self._request[0].read_timeout or 0),
        )
        numbered = [raw for raw in page if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)]
        if page and not numbered:
            raise TelegramError("Updates without numbers")
        return numbered
