# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What can go wrong on the way: failures that a test orders, and which call they hit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """One way to fail, as a bot's client sees it."""

    THROTTLE = "throttle"
    """429 with `retry_after` of `seconds`."""
    FOREIGN_THROTTLE = "foreign throttle"
    """429 whose body is a proxy's page."""
    REFUSED = "refused"
    """One of the server's sentences in `errors`: `description`."""
    BLOCKED = "blocked"
    """403, bot was blocked by the user."""
    PROXY_FORBIDDEN = "proxy forbidden"
    """403 whose body is a filtering proxy's page."""
    UNAUTHORIZED = "unauthorized"
    """401."""
    CONFLICT = "conflict"
    """409, another poller."""
    SERVER_ERROR = "server error"
    """500 in Telegram's own words."""
    BAD_GATEWAY = "bad gateway"
    """502 with a page."""
    PAGE = "page"
    """200 with a page: a captive portal."""
    HANG = "hang"
    """Silence for `seconds`, then the connection is cut."""
    CUT = "cut"
    """The connection is cut at once."""
    DELAY = "delay"
    """`seconds` more, then all is well. Delays add up, and come on top of another fault."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure that waits for the calls it is for; the oldest that fits a call hits it."""

    kind: Kind
    method: str | None = None
    """Only this method, e.g. sendMessage; `download` is the file route."""
    chat: int | None = None
    times: int | None = 1
    """How many calls it hits; None: every one until `clear_faults`."""
    seconds: float = 0.0
    recorded: bool = False
    """Whether the call takes effect before it fails."""
    description: str = ""
    """What Telegram says, for `REFUSED`."""

    def hits(self, method: str, chat: int | None) -> bool:
        right_method = self.method is None or self.method.lower() == method.lower()
        return right_method and (self.chat is None or self.chat == chat)


class Faults:
    """The failures that are ordered and not spent."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._rules.append(fault)

    def clear(self) -> None:
        self._rules.clear()

    def draw(self, method: str, chat: int | None) -> tuple[float, Fault | None]:
        """The delay and the failure of one call, spent by it."""
        if not self._rules:
            return 0.0, None
        delay, struck, left = 0.0, None, []
        for rule in self._rules:
            is_delay = rule.kind is Kind.DELAY
            if not rule.hits(method, chat) or (struck is not None and not is_delay):
                left.append(rule)
                continue
            if is_delay:
                delay += rule.seconds
            else:
                struck = rule
            if rule.times is None:
                left.append(rule)
            elif rule.times > 1:
                left.append(replace(rule, times=rule.times - 1))
        self._rules = left
        return delay, struck
