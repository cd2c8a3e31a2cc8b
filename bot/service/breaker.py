# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The circuit breaker of a channel: many failures in a row are the channel's fault. Pure but for the time it is given."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels import ChannelFault, Gone, Refused, Rejected, Throttled, Unexplained

FAILURES = 10
"""In a row, before nothing more is tried but a probe now and then."""
GONE = 10
"""Learners gone in a row with nobody reached between: a channel's fault."""
REFUSING = 30
"""Learners whose addresses refuse, in the same way: the wrong token for example. More of them: they lose one message."""
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
    refusing: dict[str, bool] = field(default_factory=dict)
    """Learners whose addresses refused, in a row, and whether they are gone."""
    by_people: bool = False
    """Whether it opened because of them: then only somebody who is reached shows that the channel works."""
    throttled: dict[int, float] = field(default_factory=dict)
    opened_at: float | None = None
    probing_at: float = 0.0
    probed_at: float = 0.0
    """When the last probe started, or when it opened."""
    pause: float = FIRST_PROBE
    """Seconds between the last probe, or the opening, and the next."""

    @property
    def is_open(self) -> bool:
        """Whether the channel is at fault: what it says of an address is not to be believed."""
        return self.opened_at is not None

    def places(self, places: int, now: float) -> int:
        """Return how many sends may start: all that pacing allows, or one probe now and then."""
        if self.opened_at is None or not places:
            return places
        return 0 if now < self.probing_at else 1

    def probed(self, now: float) -> None:
        """Note that a send started: while it is open, the next probe waits twice as long."""
        if self.opened_at is None:
            return
        self.pause = min(2 * self.pause, PROBE)
        self.probing_at, self.probed_at = now + self.pause, now

    def heard(self, now: float) -> None:
        """Note that somebody was heard through the channel: it may work again, which is worth a probe."""
        self.probing_at = min(self.probing_at, max(now, self.probed_at + FIRST_PROBE))

    def wait(self, now: float) -> float:
        """Return the seconds until a probe may start."""
        return 0.0 if self.opened_at is None else max(0.0, self.probing_at - now)

    def note(self, failure: Exception | None, learner_id: str, now: float) -> str:
        """Count one outcome. Return `opened`, `closed`, or an empty text when nothing changed.

        `learner_id`: an active learner's; empty for anybody else. What groups and strangers refuse says nothing of the
        channel: anybody can have the bot write to ten places where it may not.
        """
        if failure is None:
            self.failures = 0
            if not self.is_open:
                self.refusing.clear()
            return self._close()
        if isinstance(failure, (Rejected, Throttled, Unexplained)):
            # The channel answered: it works, unless nobody can be reached through it.
            self.failures = 0
            return "" if self.by_people else self._close()
        if isinstance(failure, Refused):
            if not learner_id or self.is_open:
                return ""
            is_gone = isinstance(failure, Gone)
            # Several messages to one person are one person.
            self.refusing[learner_id] = self.refusing.get(learner_id, False) or is_gone
            too_many = len(self.refusing) >= REFUSING or sum(self.refusing.values()) >= GONE
            return self._open(now, by_people=True) if too_many else ""
        self.failures += 1
        if isinstance(failure, ChannelFault) or self.failures >= FAILURES:
            return self._open(now)
        return ""

    def take_gone(self) -> list[str]:
        """Return the learners who seemed gone, in a row, when it opened; each is returned once."""
        gone = [learner_id for learner_id, is_gone in self.refusing.items() if is_gone]
        self.refusing.clear()
        return gone

    def pushed_back(self, address: int, after: float, now: float) -> float:
        """Note an address that was told to wait. Return the seconds for which the account waits; 0 for one address."""
        self.throttled = {waiting: until for waiting, until in self.throttled.items() if until > now}
        self.throttled[address] = now + after
        return after if len(self.throttled) >= THROTTLED else 0.0

    def _open(self, now: float, *, by_people: bool = False) -> str:
        if self.opened_at is not None:
            return ""
        self.opened_at, self.pause, self.by_people = now, FIRST_PROBE, by_people
        self.probing_at, self.probed_at = now + self.pause, now
        return "opened"

    def _close(self) -> str:
        if self.opened_at is None:
            return ""
        self.opened_at, self.by_people = None, False
        return "closed"
