# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the bot asked of Telegram, when, and how it was answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot, and what it was answered."""

    at: float
    """Unix time at which it arrived."""
    method: str
    params: Mapping[str, str]
    """As they travelled; an uploaded file is `<file name, size>`."""
    chat: int | None
    status: int
    """0 when no answer was given."""
    description: str
    message: int | None
    """The id of the message it sent or changed."""
    fault: str | None


@dataclass(slots=True)
class Delivery:
    """One attempt to post an update to the bot's webhook."""

    update_id: int
    at: float
    """Unix time at which it began."""
    status: int | None = None
    """How the bot, or its reverse proxy, answered; 0: not at all; none: not yet."""


@dataclass(slots=True)
class Counter:
    """How often a method was called; times are Unix times."""

    calls: int = 0
    refused: int = 0
    """Answered otherwise than with success, or not at all."""
    first: float = 0.0
    last: float = 0.0

    def count(self, at: float, status: int) -> None:
        self.calls += 1
        self.refused += status != 200
        self.first = self.first or at
        self.last = at


@dataclass(slots=True)
class Journal:
    """Everything that was asked; violations are what Telegram would have let pass, and we do not."""

    calls: list[Call] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    counters: dict[str, Counter] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)

    def count(self, method: str, at: float, status: int) -> None:
        counter = self.counters.get(method)
        if counter is None:
            counter = self.counters[method] = Counter()
        counter.count(at, status)

    def forget(self) -> None:
        self.calls.clear()
        self.violations.clear()
        self.counters.clear()
        self.deliveries.clear()
