# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Signs of life of the loops: who owns, what is open, when it last planned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pulse:
    """What the loops tell of themselves. Times are seconds of the monotonic clock."""

    planned_at: float
    """When a tick or a batch of one was last planned, or when all began: a million lessons take minutes."""
    lag: float = 0.0
    """Seconds from that tick to the end of its planning."""
    owned: set[str] = field(default_factory=set)
    """Channels whose account this process runs."""
    open: dict[str, bool] = field(default_factory=dict)
    """Whether each channel that was tried is open."""
    faulty: set[str] = field(default_factory=set)
    """Channels that were at fault and are not open again."""
    troubled: set[str] = field(default_factory=set)
    """Channels of which a fault was told since the last look at them."""
    standby: set[str] = field(default_factory=set)
    """Channels whose account another process runs."""
    receiving: dict[str, float] = field(default_factory=dict)
    """Since when a page of each channel is being received."""

    def stand_by(self, channel: str) -> None:
        """Note that another process runs the account."""
        self.standby.add(channel)

    @contextmanager
    def owning(self, channel: str) -> Iterator[None]:
        """Note that this process runs the account while the block runs."""
        self.standby.discard(channel)
        self.faulty.discard(channel)
        self.owned.add(channel)
        try:
            yield
        finally:
            self.owned.discard(channel)

    @contextmanager
    def opened(self, channel: str) -> Iterator[None]:
        """Note that the channel is open while the block runs."""
        self.open[channel] = True
        self.faulty.discard(channel)
        try:
            yield
        finally:
            self.open[channel] = False

    @contextmanager
    def busy(self, channel: str, now: float) -> Iterator[None]:
        """Note that a page is being received while the block runs."""
        self.receiving[channel] = now
        try:
            yield
        finally:
            del self.receiving[channel]
