# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Where the bot wants its updates posted: setWebhook, deleteWebhook and getWebhookInfo."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.telegram.carrier import Carrier
from tests.telegram.errors import SET_WEBHOOK, bad, too_many

if TYPE_CHECKING:
    from tests.telegram.faults import Faults
    from tests.telegram.journal import Delivery, Journal
    from tests.telegram.requests import Request
    from tests.telegram.updates import Updates

Object = dict[str, Any]
PORTS = {80, 88, 443, 8443}
SECRET = re.compile(r"[A-Za-z0-9_-]*")
LONGEST_SECRET = 256
CONNECTIONS = 40
MOST_CONNECTIONS = 100
APART = 1.0
"""Seconds from one webhook to the next."""


@dataclass(frozen=True, slots=True)
class Hook:
    """What the bot asked for."""

    url: str
    secret: str
    connections: int


class Webhooks:
    """The webhook, if there is one. `routes`: the public addresses there are, and what is behind their reverse proxies."""

    def __init__(self, updates: Updates, faults: Faults, journal: Journal, *, light: bool) -> None:
        self._updates, self._faults, self._journal, self._light = updates, faults, journal, light
        self.routes: dict[str, str] = {}
        self._hook: Hook | None = None
        self._carrier: Carrier | None = None
        self._next_set = 0.0

    @property
    def active(self) -> bool:
        """Whether updates are posted: then they cannot be fetched."""
        return self._hook is not None

    async def set(self, request: Request) -> bool:
        """Post updates to an address from now on. Raises `Refused`; then there is no webhook any more."""
        if not request.text("url"):
            return await self.delete(request)
        now = time.monotonic()
        if now < self._next_set:
            raise too_many(math.ceil(self._next_set - now))
        self._next_set = now + APART
        asked = request.number("max_connections", CONNECTIONS)
        connections = min(max(asked, 1), MOST_CONNECTIONS)
        if asked != connections:
            self._journal.violations.append(f"setWebhook: max_connections {asked}")
        hook = Hook(request.text("url"), request.text("secret_token"), connections)
        if hook == self._hook and not request.flag("drop_pending_updates"):
            self._updates.allow(request)
            return True
        self._updates.interrupt(SET_WEBHOOK)
        await self.delete(request)
        target = self._checked(hook)
        self._updates.allow(request)
        headers = {
            "Host": urlsplit(hook.url).netloc,
            "Content-Type": "application/json",
            "Accept-Encoding": "gzip, deflate",
        }
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        self._hook = hook
        self._carrier = Carrier(
            target, headers, connections, self._updates, self._faults, self._note, self._journal
        )
        self._carrier.start()
        return True

    async def delete(self, request: Request) -> bool:
        """Updates wait to be fetched again."""
        if request.flag("drop_pending_updates"):
            self._updates.waiting.clear()
        await self.stop()
        return True

    def info(self) -> Object:
        """What the bot is told of its webhook."""
        told: Object = {
            "url": self._hook.url if self._hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting),
        }
        if self._carrier is not None and self._carrier.error is not None:
            told["last_error_date"], told["last_error_message"] = self._carrier.error
        if self._hook is not None:
            told |= {"max_connections": self._hook.connections, "ip_address": "203.0.113.7"}
        if self._updates.allowed:
            told["allowed_updates"] = sorted(self._updates.allowed)
        return told

    async def stop(self) -> None:
        """Carry nothing any more."""
        carrier, self._carrier, self._hook = self._carrier, None, None
        if carrier is not None:
            await carrier.stop()

    def _note(self, delivery: Delivery) -> None:
        if not self._light:
            self._journal.deliveries.append(delivery)

    def _checked(self, hook: Hook) -> str:
        """Where the address leads. Raises `Refused`, in the order in which Telegram looks."""
        try:
            parts = urlsplit(hook.url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise bad("invalid webhook URL specified") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise bad("invalid webhook URL specified")
        if len(hook.secret) > LONGEST_SECRET:
            raise bad("secret token is too long")
        if not SECRET.fullmatch(hook.secret):
            raise bad("secret token contains unallowed characters")
        if parts.scheme == "http":
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if port not in PORTS:
            raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        behind = self.routes.get(f"https://{parts.netloc}")
        if behind is None:
            raise bad("bad webhook: Failed to resolve host: Name or service not known")
        return behind + (parts.path or "/")
