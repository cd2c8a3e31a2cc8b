# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Pacing by token buckets: the account's, each address's, and each sender's. Pure but for the time it is given.

Times are seconds of a monotonic clock.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

BURST = 0.1
"""Seconds of the account's rate that may leave at once."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a channel may send."""

    rate: float
    """Messages a second for the account; 0: no limit of ours."""
    in_flight: int
    """Sends under way at once for the account."""
    address_rate: float = 1.0
    """Messages a second to one address; 0: no limit of ours."""
    address_burst: int = 3
    """How many may go to one address at once before `address_rate` counts."""
    sender_rate: float = 2.0
    """Events a second that one sender is answered, far more than people type; 0: no limit."""
    sender_burst: int = 20
    """How many of them at once."""


@dataclass(slots=True)
class Bucket:
    """A token bucket, kept as the time at which it will be full again (GCRA)."""

    rate: float
    """Tokens a second; 0: no limit."""
    size: float
    """Tokens that may be taken at once, at least 1."""
    full_at: float = 0.0

    def tokens(self, now: float) -> int:
        """Return how many may be taken now."""
        if not self.rate:
            return 1_000_000
        lacking = max(0.0, self.full_at - now) * self.rate
        return max(0, int(self.size - lacking + 1e-9))

    def take(self, now: float) -> None:
        """Take one token, whether there is one or not."""
        if self.rate:
            self.full_at = max(self.full_at, now) + 1 / self.rate

    def give_back(self) -> None:
        """Put back a token that was just taken."""
        if self.rate:
            self.full_at -= 1 / self.rate

    def wait(self, now: float) -> float:
        """Return the seconds until one token is there."""
        if not self.rate:
            return 0.0
        return max(0.0, self.full_at - now - (self.size - 1) / self.rate)


FIRST = 10.0
"""Seconds in which the first of a command is answered, however much its sender says."""
LOG = 60.0
"""Seconds between two lines of the log about one sender."""
MINUTE = 60.0


@dataclass(slots=True)
class Sender:
    """What is remembered of one sender."""

    bucket: Bucket
    commands: dict[str, float] = field(default_factory=dict)
    """When each command was last answered: there are few of them."""
    told: float = float("-inf")
    """When the log last told of events that were dropped."""
    untold: int = 0
    """Those dropped since."""


@dataclass(slots=True)
class Senders:
    """How often each sender may be answered: a flood from one costs the others nothing."""

    rate: float
    size: float
    _known: dict[Hashable, Sender] = field(default_factory=dict)

    def allow(self, sender: Hashable, now: float, command: str = "") -> bool:
        """Take one token of a sender; return false when there is none.

        A command is allowed also without a token, once in `FIRST` seconds: after an outage, or amid a flood of words,
        nobody's `stop` is lost, and its repeats are one.
        """
        known = self._sender(sender, now)
        first = bool(command) and now - known.commands.get(command, float("-inf")) >= FIRST
        if not known.bucket.tokens(now) and not first:
            return False
        known.bucket.take(now)
        if command:
            known.commands[command] = now
        return True

    def give_back(self, sender: Hashable) -> None:
        """Undo the last `allow` of a sender: what came was no news."""
        known = self._known.get(sender)
        if known is not None:
            known.bucket.give_back()

    def dropped(self, sender: Hashable, now: float) -> int:
        """Count an event of a sender that was dropped. Return how many the log is to tell of: 0 but once a minute."""
        known = self._sender(sender, now)
        known.untold += 1
        if now - known.told < LOG:
            return 0
        known.told, untold, known.untold = now, known.untold, 0
        return untold

    def _sender(self, sender: Hashable, now: float) -> Sender:
        known = self._known.get(sender)
        if known is None:
            if len(self._known) >= 10_000:
                self._forget(now)
            known = self._known[sender] = Sender(Bucket(self.rate, self.size))
        return known

    def _forget(self, now: float) -> None:
        """Drop those with full buckets of whom nothing is to be told: they are as good as new."""
        self._known = {
            sender: known
            for sender, known in self._known.items()
            if known.bucket.full_at > now
            or now - known.told < LOG
            or any(now - at < FIRST for at in known.commands.values())
        }


@dataclass(slots=True)
class Quota:
    """How often something may be asked: by one sender, and by all of them, in a minute. Of this process only."""

    each: int
    all: int
    _total: Bucket = field(init=False)
    _known: dict[Hashable, Bucket] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._total = Bucket(self.all / MINUTE, self.all)

    def allow(self, sender: Hashable, now: float) -> bool:
        """Count a request; return false when it is one too many, which is not counted.

        Senders are known for a minute after their last request: at most twice `all` of them.
        """
        if not self._total.tokens(now):
            return False
        if len(self._known) >= 2 * self.all:
            self._known = {known: bucket for known, bucket in self._known.items() if bucket.full_at > now}
        bucket = self._known.setdefault(sender, Bucket(self.each / MINUTE, self.each))
        if not bucket.tokens(now):
            return False
        bucket.take(now)
        self._total.take(now)
        return True


@dataclass(slots=True)
class Pacing:
    """The pace of one channel's account."""

    pace: Pace
    account: Bucket = field(init=False)
    held_until: float = 0.0
    _addresses: dict[int, Bucket] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.account = Bucket(self.pace.rate, max(1.0, self.pace.rate * BURST))

    def places(self, now: float, under_way: int) -> int:
        """Return how many messages may start now."""
        if now < self.held_until:
            return 0
        return max(0, min(self.account.tokens(now), self.pace.in_flight - under_way))

    def took(self, address: int, now: float) -> None:
        """Count a message to an address, which starts now."""
        self.account.take(now)
        if not self.pace.address_rate:
            return
        bucket = self._addresses.get(address)
        if bucket is None:
            bucket = self._addresses[address] = Bucket(self.pace.address_rate, self.pace.address_burst)
        bucket.take(now)

    def resting(self, now: float) -> frozenset[int]:
        """Return the addresses that had their share for now. Forget those whose bucket is full again."""
        self._addresses = {
            address: bucket for address, bucket in self._addresses.items() if bucket.full_at > now
        }
        if not self._addresses:
            return frozenset()
        # One comparison each, as `Bucket.tokens` would have it: without a limit of the account there are thousands.
        rested = now + (self.pace.address_burst - 1 + 1e-9) / self.pace.address_rate
        return frozenset(address for address, bucket in self._addresses.items() if bucket.full_at > rested)

    def hold(self, seconds: float, now: float) -> None:
        """Start nothing for a while: the channel said so of the whole account."""
        self.held_until = max(self.held_until, now + seconds)

    def wait(self, now: float) -> float:
        """Return the seconds until something may start, were there anything."""
        account = max(self.account.wait(now), self.held_until - now, 0.0)
        if account:
            return account
        resting = [bucket.wait(now) for bucket in self._addresses.values() if not bucket.tokens(now)]
        return min(resting, default=0.0)
