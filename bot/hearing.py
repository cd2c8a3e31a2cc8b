# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Whether a channel hears its service: when it last did, and how often it was refused since.

A loop that turns is no proof: it may ask every half minute and be refused each time. A deaf channel is told and never
restarted, since nothing that is started anew would hear more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

REFUSALS = 5
"""Refusals in a row after which a channel is deaf,"""
DEAF = 60.0
"""if they lasted so many seconds: a proxy that restarts, or a process that takes over, refuses for less."""
RECLAIM = 3600.0
"""Seconds between two times that what somebody else took is taken back: two services would take turns for ever."""


@dataclass(slots=True)
class Hearing:
    """What one channel notes of its requests for news. Times are seconds of the monotonic clock."""

    heard_at: float = 0.0
    """When the service last answered; or since when it is asked."""
    refusals: int = 0
    """In a row, since it last answered."""
    refused_at: float = 0.0
    """When the first of them came."""
    refusal: Exception | None = None
    """The last of them. Its text names no person and holds no secret."""
    begun_at: float = 0.0
    """Since when it is asked."""
    telling: Callable[[], Awaitable[None]] | None = None
    """Queues for the admins what is `told`, while a service watches the channel. It raises no error of the database."""
    _notes: list[tuple[str, str]] = field(default_factory=list)

    def begin(self, now: float) -> None:
        """Begin anew: what came before was another process's to hear."""
        self.heard_at = self.begun_at = now
        self.refusals, self.refusal = 0, None

    def heard(self, now: float) -> None:
        """Note that the service answered."""
        self.heard_at = now
        self.refusals, self.refusal = 0, None

    def refused(self, now: float, refusal: Exception) -> None:
        """Note that the service did not answer, whatever the reason."""
        if not self.refusals:
            self.refused_at = now
        self.refusals += 1
        self.refusal = refusal

    def deaf(self, now: float) -> bool:
        """Tell whether it was refused often enough and for long enough."""
        return self.refusals >= REFUSALS and now - self.refused_at >= DEAF

    @property
    def well(self) -> bool:
        """Whether the service answered when it was last asked."""
        return not self.refusals and self.heard_at > self.begun_at

    async def tell(self, key: str, about: str) -> None:
        """Have the admins told a sentence of the catalogue. Call it before the act: a killed process repeats both.

        What cannot be queued now waits for the next look.
        """
        self.note(key, about)
        if self.telling is not None:
            await self.telling()

    def note(self, key: str, about: str) -> None:
        """Keep a sentence for the next look."""
        if (key, about) not in self._notes:
            self._notes.append((key, about))

    def told(self) -> list[tuple[str, str]]:
        """Return what the admins are to be told, and forget it."""
        notes, self._notes = self._notes, []
        return notes
