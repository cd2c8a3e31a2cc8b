# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Long polling: updates are fetched, and Telegram holds a request until there is something to tell."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from typing import Any

from bot.channels import ChannelError, ChannelFault, Contested, Throttled
from bot.channels.telegram.api import Api
from bot.channels.telegram.inlet import origin
from bot.hearing import RECLAIM, Hearing

POLL = 50
"""Seconds that Telegram may hold a request for updates: its own maximum."""
FIRST_BACK_OFF = 1.0
LONGEST_BACK_OFF = 30.0
"""Seconds between two attempts to receive."""

log = logging.getLogger(__name__)


class Polling:
    """The way in that needs no address of ours."""

    def __init__(self, api: Api, poll: int, hearing: Hearing) -> None:
        self._api = api
        self._poll = poll
        self._closed = False
        self._reclaimed_at = -RECLAIM
        self.hearing = hearing
        self.alive_at = 0.0

    async def open(self) -> None:
        """Take the bot over from a webhook, if it had one; what waits is kept."""
        self._closed = False
        await self._api.attempt(self._api.delete_webhook(drop_pending_updates=False))

    async def pages(self) -> AsyncGenerator[list[dict[str, Any]], None]:
        """Yield a page for each long poll. The first has no offset: update ids start anew at random after an idle week."""
        offset: int | None = None
        back_off = FIRST_BACK_OFF
        while True:
            self.alive_at = time.monotonic()
            # After a refusal it is to be known soon whether there is an answer, not when the next person speaks.
            poll = 0 if self.hearing.refusals else self._poll
            try:
                page = await self._api.attempt(self._api.page(offset, poll))
            except ChannelError as error:
                if self._closed:
                    return
                if isinstance(error, ChannelFault) and error.fatal:
                    raise
                wait = error.after if isinstance(error, Throttled) else back_off
                log.warning(
                    "Telegram gives no updates: %s. Asking again in %g s.",
                    error,
                    wait,
                    extra={"action": "poll-updates"},
                )
                self.hearing.refused(time.monotonic(), error)
                if isinstance(error, Contested):
                    await self._reclaim()
                self.alive_at = time.monotonic() + wait
                await asyncio.sleep(wait)
                back_off = min(2 * back_off, LONGEST_BACK_OFF)
                continue
            self.hearing.heard(time.monotonic())
            back_off = FIRST_BACK_OFF
            if not page:
                continue
            yield page
            offset = max(raw["update_id"] for raw in page) + 1

    async def _reclaim(self) -> None:
        """Take away a webhook that somebody set, if that is why nothing comes. Against another poller nothing helps."""
        now = time.monotonic()
        if now < self._reclaimed_at + RECLAIM:
            return
        try:
            info = await self._api.attempt(self._api.get_webhook_info())
            if not info.url:
                return
            where = origin(info.url)
            await self.hearing.tell("alert.webhook", where)
            await self._api.attempt(self._api.delete_webhook(drop_pending_updates=False))
        except ChannelError as error:
            log.info(
                "Telegram does not say who receives in our place: %s",
                error,
                extra={"action": "check-webhook"},
            )
            return
        self._reclaimed_at = now
        log.warning(
            "Telegram was told to deliver to %s: that webhook is taken away.",
            where,
            extra={"action": "reclaim-updates"},
        )

    async def problems(self) -> list[str]:
        """Return a webhook, if there is one: it leaves nothing to poll."""
        info = await self._api.attempt(self._api.get_webhook_info())
        if not info.url:
            return []
        webhook = f"a webhook at {origin(info.url)} ({info.pending_update_count} updates wait)"
        return [f"Telegram delivers to {webhook}: stop the service behind it; `iaventure run` takes it away"]

    async def close(self) -> None:
        """Have a poll under way end the pages, once its connection is closed."""
        self._closed = True
