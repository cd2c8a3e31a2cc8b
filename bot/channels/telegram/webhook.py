# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The webhook: Telegram posts updates to us, and is told what became of each page."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from telegram import WebhookInfo

from bot.channels import (
    ChannelError,
    ChannelFault,
    Contested,
    Refused,
    Rejected,
    Throttled,
    Uncertain,
)
from bot.channels.cleaning import line
from bot.channels.telegram.api import UPDATES, Api
from bot.channels.telegram.inlet import origin
from bot.channels.telegram.postbox import Postbox
from bot.hearing import RECLAIM, Hearing

MAX_CONNECTIONS = 100
"""Updates that Telegram posts at once, of as many chats: its most, and as many as a page of `getUpdates` holds. At 50 ms
of latency 1,500 presses went in at 457 to 706 a second so, at 276 to 518 with its default of 40, at 158 with 10; polling
took 430 to 646."""
QUIET = 60.0
"""Seconds without an update, after which Telegram is asked whether it has any."""
LOOK = 5.0
"""Seconds that this question may take, since nothing is received meanwhile."""
LONGEST_WAIT = 5.0
"""Seconds to wait for Telegram to take a webhook: it takes one a second."""
LONGEST_ERROR = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hook:
    """Where Telegram posts, and where that arrives."""

    url: str
    """What the world sees, https; its path is the one that is answered."""
    host: str
    port: int
    """Where the reverse proxy passes it on to."""
    secret: str = field(repr=False)
    """What Telegram says to be known by."""


def secret_of(token: str, url: str) -> str:
    """Derive the secret of whoever chose none: the same at each start, told by the token and telling nothing of it."""
    return hmac.digest(token.encode(), url.encode(), "sha256").hex()


class Webhook:
    """The way in that Telegram takes itself. Its order is that of each chat, see `Postbox.collect`."""

    def __init__(self, api: Api, hook: Hook, hearing: Hearing, quiet: float = QUIET) -> None:
        self._api = api
        self._hook = hook
        self._quiet = quiet
        self._postbox = Postbox(hook.host, hook.port, urlsplit(hook.url).path or "/", hook.secret)
        self._reclaimed_at = -RECLAIM
        self.hearing = hearing
        self.alive_at = 0.0

    async def open(self) -> None:
        """Listen, then have Telegram post here; what waits is kept."""
        try:
            await self._postbox.open()
        except OSError as error:
            raise ChannelFault(
                f"nothing can be received on {self._hook.host}:{self._hook.port} ({error.strerror}): stop what uses it, "
                "or change channels.telegram.webhook.listen"
            ) from None
        try:
            await self._set()
        except Throttled as throttled:
            # The process before us has just set it.
            await asyncio.sleep(min(throttled.after, LONGEST_WAIT))
            await self._set()

    async def _set(self) -> None:
        asking = self._api.set_webhook(
            self._hook.url,
            max_connections=MAX_CONNECTIONS,
            allowed_updates=UPDATES,
            drop_pending_updates=False,
            secret_token=self._hook.secret,
        )
        try:
            await self._api.attempt(asking)
        except (Refused, Rejected) as refusal:
            raise ChannelFault(
                f"Telegram refuses the webhook ({refusal}): check channels.telegram.webhook.url"
            ) from None

    async def pages(self) -> AsyncGenerator[list[dict[str, Any]], None]:
        """Yield what was posted. The requests of a page are answered with 200 when the next is asked for, else with 500."""
        while self._postbox.is_open:
            self.alive_at = time.monotonic()
            try:
                async with asyncio.timeout(self._quiet):
                    page = await self._postbox.collect()
            except TimeoutError:
                await self._look()
                continue
            if not page:
                continue
            self.hearing.heard(time.monotonic())
            kept = False
            try:
                yield [posted.update for posted in page]
                kept = True
            finally:
                for posted in page:
                    posted.settle(kept=kept)

    async def _look(self) -> None:
        """Ask Telegram why nothing came: either nobody speaks, or it cannot reach us and only it knows."""
        try:
            async with asyncio.timeout(LOOK):
                info = await self._info()
        except (ChannelError, TimeoutError) as error:
            if isinstance(error, ChannelFault) and error.fatal:
                raise
            silent = Uncertain("Telegram does not answer")
            self.hearing.refused(time.monotonic(), silent if isinstance(error, TimeoutError) else error)
            log.info(
                "Telegram does not say whether updates wait: %s", error, extra={"action": "check-webhook"}
            )
            return
        if elsewhere := self._elsewhere(info):
            self.hearing.refused(time.monotonic(), Contested(elsewhere))
            await self._reclaim(info, elsewhere)
        elif trouble := _trouble(info):
            self.hearing.refused(time.monotonic(), ChannelFault(trouble))
            log.warning("%s", trouble, extra={"action": "deliver-updates"})
        else:
            self.hearing.heard(time.monotonic())

    async def _reclaim(self, info: WebhookInfo, elsewhere: str) -> None:
        """Set our webhook again, unless it was lately: two services would take the bot from each other for ever."""
        log.warning("%s", elsewhere, extra={"action": "check-webhook"})
        now = time.monotonic()
        if now < self._reclaimed_at + RECLAIM:
            return
        if info.url:
            await self.hearing.tell("alert.webhook", origin(info.url))
        else:
            await self.hearing.tell("alert.unhooked", "telegram")
        try:
            await self._set()
        except ChannelError as error:
            if isinstance(error, ChannelFault) and error.fatal:
                raise
            log.warning("Our webhook could not be set again: %s", error, extra={"action": "check-webhook"})
            return
        self._reclaimed_at = now
        log.warning("Our webhook is set again.", extra={"action": "reclaim-updates"})

    async def problems(self) -> list[str]:
        """Return what is wrong: the webhook that Telegram has is not ours, or what it posts does not arrive."""
        info = await self._info()
        trouble = self._elsewhere(info) or _trouble(info)
        return [trouble] if trouble else []

    async def _info(self) -> WebhookInfo:
        return await self._api.attempt(self._api.get_webhook_info())

    def _elsewhere(self, info: WebhookInfo) -> str:
        """Return one sentence when Telegram does not post to us."""
        waiting = f"{info.pending_update_count} updates wait"
        if not info.url:
            return (
                f"Telegram has no webhook for this bot ({waiting}): `iaventure run` sets it; if it runs, another process "
                "receives with this token: stop it, or give each its own token"
            )
        if info.url != self._hook.url:
            return (
                f"Telegram delivers to another webhook, at {origin(info.url)} ({waiting}): `iaventure run` takes the bot "
                "over; if it runs, another process receives with this token: stop it, or give each its own token"
            )
        return ""

    async def close(self) -> None:
        """Stop listening. The webhook stays: what happens meanwhile waits at Telegram."""
        await self._postbox.close()


def _trouble(info: WebhookInfo) -> str:
    """Return one sentence when what Telegram posts does not arrive."""
    # An error after which nothing waits is over; Telegram forgets it only when another webhook is set.
    if info.last_error_date is None or not info.pending_update_count:
        return ""
    reason = line(info.last_error_message or "it does not say why", LONGEST_ERROR)
    return (
        f"Telegram could not deliver ({reason}, last at {info.last_error_date:%Y-%m-%d %H:%M:%S} UTC), "
        f"{info.pending_update_count} updates wait: check that the service runs, and the reverse proxy with its certificate"
    )
