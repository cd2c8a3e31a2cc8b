# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is measured while the service runs, as Prometheus reads it. No label holds a learner, an address or a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from bot.channels import (
    ChannelFault,
    Gone,
    Inviting,
    Rejected,
    Throttled,
    Uncertain,
    Unreachable,
)
from bot.health import PATIENCE, Answer
from storage import outbox
from storage.failures import DatabaseError
from storage.outbox import REPLY, SCHEDULED

if TYPE_CHECKING:
    from bot.service.outbound import Ended, Outcome
    from bot.service.service import Service
    from storage.engine import Tx

PRIORITIES = {REPLY: "reply", SCHEDULED: "scheduled"}
ENDS = (
    ("sent", ""),
    ("expired", ""),
    ("cancelled", ""),
    *(
        ("refused", reason)
        for reason in ("gone", "rejected", "incomplete", "held", "unshowable", "unsettled")
    ),
)
"""How a message may end, and why."""
EVENTS = ("received", "dropped", "old", "failed")
FAILURES = (Gone, Rejected, Throttled, Uncertain, Unreachable, ChannelFault)
OTHER = "other"
"""What is none of these failures: a mistake of ours."""
KEPT = 10.0
"""Seconds for which what was read of the database is told again: counting 1,000,000 waiting rows takes 0.24 s."""
ANSWER = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
TRANSACTION = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)

# The time at which each series began would double their number, and nobody asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """One service's own measures: the loops add to the counters, and `look` fills in the rest when they are read."""

    def __init__(self, channels: Iterable[str] = ()) -> None:
        """`channels`: those whose counters begin at nought, so that the first increase is seen as one."""
        self.registry = CollectorRegistry()

        def counter(name: str, told: str, *labels: str) -> Counter:
            return Counter(f"iaventure_{name}", told, labels, registry=self.registry)

        def gauge(name: str, told: str, *labels: str) -> Gauge:
            return Gauge(f"iaventure_{name}", told, labels, registry=self.registry)

        self._deliveries = counter(
            "deliveries", "Messages that ended.", "channel", "priority", "outcome", "reason"
        )
        self._failures = counter("send_failures", "Attempts that failed.", "channel", "failure")
        self._taken_over = counter(
            "taken_over", "Messages that another process had under way when it ended.", "channel"
        )
        self._events = counter("events", "Events that came in.", "channel", "outcome")
        self._invitations = counter(
            "invitations_refused", "Invitations from servers that are not allowed.", "channel"
        )
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
        self._waiting = gauge("outbox_waiting", "Messages that wait to leave.", "channel", "priority")
        self._oldest = gauge(
            "outbox_oldest_seconds",
            "How long the first that may leave could have left.",
            "channel",
            "priority",
        )
        self._owner = gauge("owner", "Whether this process runs the account.", "channel")
        self._open = gauge("channel_open", "Whether the channel is connected.", "channel")
        self._breaker = gauge("breaker_open", "Whether the channel is at fault and only probed.", "channel")
        self._lag = gauge("planner_lag_seconds", "From the last tick to the end of its planning.")
        self._tick = gauge("planner_tick_age_seconds", "Since a tick was last planned.")
        self._writing = gauge("writer_waiting", "Writes that wait for the database.")
        self._up = gauge("database_up", "Whether the database answers.")
        ProcessCollector(registry=self.registry)
        self.transaction = self._transactions.observe
        """Note the seconds of a writing transaction; from any thread."""
        for channel in channels:
            self._begin(channel)
        self._depths: Answer[dict[tuple[str, int], tuple[int, float]]] | None = None
        self._looked_at = float("-inf")
        self._refused: dict[str, int] = {}

    def _begin(self, channel: str) -> None:
        for priority in PRIORITIES.values():
            for end in ENDS:
                self._deliveries.labels(channel, priority, *end)
        for failure in FAILURES:
            self._failures.labels(channel, failure.__name__)
        self._failures.labels(channel, OTHER)
        for outcome in EVENTS:
            self._events.labels(channel, outcome)
        self._taken_over.labels(channel)
        self._answers.labels(channel)

    # --- what the loops tell

    def event(self, channel: str, outcome: str) -> None:
        """An event was `received`; `dropped`, its sender is too fast; `old`, it may have been answered; or `failed`."""
        self._events.labels(channel, outcome).inc()

    def settled(self, channel: str, outcomes: Sequence[Outcome], ended: Mapping[Ended, int]) -> None:
        """What became of attempts, and which rows ended, once both are written."""
        for outcome in outcomes:
            if outcome.failure is not None:
                self._failures.labels(channel, _kind(outcome.failure)).inc()
            elif outcome.row.kind == "reply":
                took = (outcome.at - outcome.row.created_at) / timedelta(seconds=1)
                self._answers.labels(channel).observe(max(0.0, took))  # a clock may be set back
        for (priority, became, reason), number in ended.items():
            self._deliveries.labels(channel, PRIORITIES[priority], became, reason).inc(number)

    def cancelled(self, channel: str, number: int) -> None:
        """Planned messages were taken back."""
        self._deliveries.labels(channel, PRIORITIES[SCHEDULED], "cancelled", "").inc(number)

    def taken_over(self, channel: str, number: int) -> None:
        """Messages were under way when the last owner ended: they may arrive twice."""
        self._taken_over.labels(channel).inc(number)

    # --- what is looked up when they are read

    async def text(self, service: Service) -> bytes:
        """Everything, in the text format of Prometheus."""
        await self._look(service)
        return generate_latest(self.registry)

    async def _look(self, service: Service) -> None:
        pulse, now = service.pulse, service.monotonic()
        self._lag.set(pulse.lag)
        self._tick.set(now - pulse.planned_at)
        self._writing.set(service.store.waiting)
        for name, channel in service.channels.items():
            self._owner.labels(name).set(name in pulse.owned)
            self._open.labels(name).set(pulse.open.get(name, False))
            self._breaker.labels(name).set(service.pumps[name].breaker.opened_at is not None)
            if isinstance(channel, Inviting):
                refused = channel.refused_invitations
                self._invitations.labels(name).inc(refused - self._refused.get(name, 0))
                self._refused[name] = refused
        if now - self._looked_at >= KEPT:
            await self._look_into_the_database(service)
            self._looked_at = now

    async def _look_into_the_database(self, service: Service) -> None:
        if self._depths is None:
            self._depths = Answer(lambda: _read(service))
        depths = await self._depths.within(PATIENCE)
        self._up.set(depths is not None)
        # What is not known is not told: an old figure would pass for a present one.
        self._waiting.clear()
        self._oldest.clear()
        for (channel, priority), (rows, age) in (depths or {}).items():
            self._waiting.labels(channel, PRIORITIES[priority]).set(rows)
            self._oldest.labels(channel, PRIORITIES[priority]).set(age)


async def _read(service: Service) -> dict[tuple[str, int], tuple[int, float]] | None:
    now = service.now()

    def read(tx: Tx) -> dict[tuple[str, int], tuple[int, float]]:
        rows = outbox.depths(tx)
        found = {}
        for channel in service.channels:
            for priority in PRIORITIES:
                ready = outbox.first_ready(tx, channel, priority)
                age = 0.0 if ready is None else max(0.0, (now - ready) / timedelta(seconds=1))
                found[channel, priority] = (rows.get((channel, priority), 0), age)
        return found

    try:
        return await service.store.read(read)
    except DatabaseError:
        return None


def _kind(failure: Exception) -> str:
    return next((known.__name__ for known in FAILURES if isinstance(failure, known)), OTHER)
