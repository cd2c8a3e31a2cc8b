# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Counters of the loops while the service runs, for Prometheus. No label holds a learner, an address or a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from bot.channels import (
    ChannelFault,
    Gone,
    Refused,
    Rejected,
    Throttled,
    Uncertain,
    Unexplained,
    Unreachable,
)
from storage.outbox.rows import GOODBYE, REPLY, SCHEDULED, STRANGER

if TYPE_CHECKING:
    from bot.service.outbound import Ended, Outcome

PRIORITIES = {REPLY: "reply", SCHEDULED: "scheduled", STRANGER: "stranger"}
ENDS = (
    ("sent", ""),
    ("expired", ""),
    ("cancelled", ""),
    *(
        ("refused", reason)
        for reason in ("gone", "address", "rejected", "incomplete", "held", "unshowable", "unsettled")
    ),
)
"""How a message may end, and why."""
DRAWINGS = ("shown", "undrawn", "refused", "unplaced")
EVENTS = ("received", "repeated", "dropped", "old", "failed")
FAILURES = (Gone, Unexplained, Refused, Rejected, Throttled, Uncertain, Unreachable, ChannelFault)
"""A subclass before its class: the first that fits counts."""
OTHER = "other"
"""What is none of these failures: a mistake of ours."""
ANSWER = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
TRANSACTION = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)

# The time at which each series began would double their number, and nobody asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Measures:
    """One service's own measures: the loops add to the counters. `bot.watch.scrape` adds the gauges when they are read."""

    def __init__(self, channels: Iterable[str] = ()) -> None:
        """Start the counters of `channels` at 0, so that the first increase is seen as one."""
        self.registry = CollectorRegistry()

        def counter(name: str, help_text: str, *labels: str) -> Counter:
            return Counter(f"iaventure_{name}", help_text, labels, registry=self.registry)

        self._deliveries = counter(
            "deliveries", "Messages that ended.", "channel", "priority", "outcome", "reason"
        )
        self._failures = counter("send_failures", "Attempts that failed.", "channel", "failure")
        self._taken_over = counter(
            "taken_over", "Messages that another process had under way when it ended.", "channel"
        )
        self._drawings = counter("drawings", "Drawings by what became of them.", "channel", "outcome")
        self._events = counter("events", "Events that came in.", "channel", "outcome")
        self._answers = Histogram(
            "iaventure_answer_seconds",
            "From an event to each message that answers it.",
            ["channel"],
            buckets=ANSWER,
            registry=self.registry,
        )
        self._transactions = Histogram(
            "iaventure_transaction_seconds",
            "Writing transactions.",
            buckets=TRANSACTION,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        self.transaction = self._transactions.observe
        """Note the seconds of a writing transaction; from any thread."""
        for channel in channels:
            self._begin(channel)

    def _begin(self, channel: str) -> None:
        for priority in PRIORITIES.values():
            for end in ENDS:
                self._deliveries.labels(channel, priority, *end)
        for failure in FAILURES:
            self._failures.labels(channel, failure.__name__)
        self._failures.labels(channel, OTHER)
        for outcome in DRAWINGS:
            self._drawings.labels(channel, outcome)
        for outcome in EVENTS:
            self._events.labels(channel, outcome)
        self._taken_over.labels(channel)
        self._answers.labels(channel)

    def event(self, channel: str, outcome: str) -> None:
        """Count an event: `received`, or what became of one that was not answered as such.

        `repeated`: the same request twice in a page; `dropped`: its sender is too fast; `old`: it may have been answered;
        `failed`.
        """
        self._events.labels(channel, outcome).inc()

    def settled(self, channel: str, outcomes: Sequence[Outcome], ended: Mapping[Ended, int]) -> None:
        """Count what became of attempts, and which rows ended, once both are written."""
        for outcome in outcomes:
            if outcome.failure is not None:
                self._failures.labels(channel, _kind(outcome.failure)).inc()
            elif outcome.row.kind in ("reply", GOODBYE):
                took = (outcome.at - outcome.row.created_at) / timedelta(seconds=1)
                self._answers.labels(channel).observe(max(0.0, took))  # a clock may be set back
        for (priority, became, reason), number in ended.items():
            self._deliveries.labels(channel, PRIORITIES[priority], became, reason).inc(number)

    def drawing(self, channel: str, outcome: str) -> None:
        """Count a drawing: `shown`; or its text left in its place.

        It could not be drawn (`undrawn`), the channel `refused` it, or too many came at once (`unplaced`).
        """
        self._drawings.labels(channel, outcome).inc()

    def cancelled(self, channel: str, number: int) -> None:
        """Count planned messages that were cancelled."""
        self._deliveries.labels(channel, PRIORITIES[SCHEDULED], "cancelled", "").inc(number)

    def taken_over(self, channel: str, number: int) -> None:
        """Count messages that were in flight when the last owner ended: they may arrive twice."""
        self._taken_over.labels(channel).inc(number)


def _kind(failure: Exception) -> str:
    return next((known.__name__ for known in FAILURES if isinstance(failure, known)), OTHER)
