# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The circuit breaker of a channel: many failures in a row are the channel's fault. Pure but for the time it is given."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels import ChannelFault, Gone, Rejected, Throttled

FAILURES = 10
"""In a row, before nothing more is tried but a probe now and then."""
GONE = 10
"""People gone in a row with nobody reached between: a channel's fault."""
FIRST_PROBE = 5.0
"""Seconds before the first probe; each that fails doubles the wait for the next. Most outages are short, and with a minute
from the start a reply waited for 60 seconds after one of 6."""
PROBE = 60.0
"""Seconds between probes at most."""
THROTTLED = 3
"""Addresses told to wait at once, before the whole account waits."""


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row, and says when to stop and when to try one message."""

    failures: int = 0
    gone: list[str] = field(default_factory=list)
    """Learners gone in a row, to be taken back should it be the channel's fault."""
    throttled: dict[int, float] = field(default_factory=dict)
    opened_at: float | None = None
    probing_at: float = 0.0
    probed_at: float = 0.0
    """When the last probe started, or when it opened."""
    pause: float = FIRST_PROBE
    """Seconds between the last probe, or the opening, and the next."""

    def places(self, places: int, now: float) -> int:
        """Return how many sends may start: all that pacing allows, or one probe now and then."""
        if self.opened_at is None or not places:
            return places
        if now < self.probing_at:
            return 0
        self.pause = min(2 * self.pause, PROBE)
        self.probing_at, self.probed_at = now + self.pause, now
        return 1

    def heard(self, now: float) -> None:
        """Note that somebody was heard through the channel: it may work again, which is worth a probe."""
        self.probing_at = min(self.probing_at, max(now, self.probed_at + FIRST_PROBE))

    def wait(self, now: float) -> float:
        """Return the seconds until a probe may start."""
        return 0.0 if self.opened_at is None else max(0.0, self.probing_at - now)

    def note(self, failure: Exception | None, learner_id: str, now: float) -> str:
        """Count one outcome. Return `opened`, `closed`, or an empty text when nothing changed."""
        if failure is None or isinstance(failure, (Rejected, Throttled)):
            # The channel answered: it works.
            self.failures = 0
            if failure is None:
                self.gone.clear()
            return self._close()
        if isinstance(failure, Gone):
            if learner_id not in self.gone:  # several messages to one person are one person gone
                self.gone.append(learner_id)
            return self._open(now) if len(self.gone) >= GONE else ""
        self.failures += 1
        if isinstance(failure, ChannelFault) or self.failures >= FAILURES:
            return self._open(now)
        return ""

    def pushed_back(self, address: int, after: float, now: float) -> float:
        """Note an address that was told to wait. Return the seconds for which the account waits; 0 for one address."""
        self.throttled = {waiting: until for waiting, until in self.throttled.items() if until > now}
        self.throttled[address] = now + after
        return after if len(self.throttled) >= THROTTLED else 0.0

    def _open(self, now: float) -> str:
        if self.opened_at is not None:
            return ""
        self.opened_at, self.pause = now, FIRST_PROBE
        self.probing_at, self.probed_at = now + self.pause, now
        return "opened"

    def _close(self) -> str:
        if self.opened_at is None:
            return ""
        self.opened_at = None
        return "closed"
