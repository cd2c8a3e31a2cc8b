# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The page for Prometheus: the counters of the loops, and gauges that are read from the service at each scrape."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, generate_latest

from bot.channels import Inviting, Listening
from bot.service.measures import PRIORITIES
from bot.watch.asking import OneAtATime
from bot.watch.health import PATIENCE
from storage import reconciliation
from storage.failures import DatabaseError
from storage.outbox import claims, ledger
from storage.reconciliation import Day

if TYPE_CHECKING:
    from bot.service import Service
    from storage.types import Tx

KEPT = 10.0
"""Seconds for which what was read of the database is told again: counting 1,000,000 waiting rows takes 0.24 s."""

Depths = dict[tuple[str, int], tuple[int, float]]
"""(channel, priority) → rows that wait, and the seconds for which the first of them could have left."""


class Scrape:
    """The page `/metrics` of one service. Its gauges stand in the registry of the service's measures."""

    def __init__(self, service: Service) -> None:
        """Add the gauges to the registry: once for each service."""
        self._service = service
        self._registry = service.measures.registry
        self._invitations = Counter(
            "iaventure_invitations_refused",
            "Invitations from servers that are not allowed.",
            ["channel"],
            registry=self._registry,
        )
        self._waiting = self._gauge("outbox_waiting", "Messages that wait to leave.", "channel", "priority")
        self._oldest = self._gauge(
            "outbox_oldest_seconds",
            "How long the first that may leave could have left.",
            "channel",
            "priority",
        )
        self._owner = self._gauge("owner", "Whether this process runs the account.", "channel")
        self._open = self._gauge("channel_open", "Whether the channel is connected.", "channel")
        self._breaker = self._gauge(
            "breaker_open", "Whether the channel is at fault and only probed.", "channel"
        )
        self._heard = self._gauge("heard_age_seconds", "Since the channel last heard its service.", "channel")
        self._lag = self._gauge("planner_lag_seconds", "From the last tick to the end of its planning.")
        self._tick = self._gauge("planner_tick_age_seconds", "Since a tick was last planned.")
        self._writing = self._gauge("writer_waiting", "Writes that wait for the database.")
        self._up = self._gauge("database_up", "Whether the database answers.")
        self._day = self._gauge(
            "day_messages", "Messages planned on the last closed day, by outcome.", "outcome"
        )
        self._difference = self._gauge(
            "day_difference", "Messages of the last closed day without a known end."
        )
        self._day_at = self._gauge("day_timestamp_seconds", "When the last closed day began.")
        self._depths = OneAtATime(self._read)
        self._looked_at = float("-inf")
        self._refused: dict[str, int] = {}

    def _gauge(self, name: str, help_text: str, *labels: str) -> Gauge:
        return Gauge(f"iaventure_{name}", help_text, labels, registry=self._registry)

    async def text(self) -> bytes:
        """Return everything, in the text format of Prometheus."""
        await self._look()
        return generate_latest(self._registry)

    async def _look(self) -> None:
        service, pulse, now = self._service, self._service.pulse, self._service.monotonic()
        self._lag.set(pulse.lag)
        self._tick.set(now - pulse.planned_at)
        self._writing.set(service.store.waiting)
        self._heard.clear()  # of an account that another process runs it hears nothing
        for name, channel in service.channels.items():
            self._owner.labels(name).set(name in pulse.owned)
            self._open.labels(name).set(pulse.open.get(name, False))
            self._breaker.labels(name).set(service.pumps[name].breaker.opened_at is not None)
            if isinstance(channel, Listening) and name in pulse.owned:
                self._heard.labels(name).set(now - channel.hearing.heard_at)
            if isinstance(channel, Inviting):
                refused = channel.refused_invitations
                self._invitations.labels(name).inc(refused - self._refused.get(name, 0))
                self._refused[name] = refused
        if now - self._looked_at >= KEPT:
            await self._look_into_the_database()
            self._looked_at = now

    async def _look_into_the_database(self) -> None:
        found = await self._depths.within(PATIENCE)
        self._up.set(found is not None)
        depths, day = found or ({}, None)
        # What is not known is not told: an old figure would pass for a present one.
        self._waiting.clear()
        self._oldest.clear()
        self._day.clear()
        if day is not None:
            self._day_at.set(reconciliation.begin_of(day.day).timestamp())
            self._difference.set(day.difference)
            for outcome, number in {"planned": day.planned, **day.outcomes}.items():
                self._day.labels(outcome).set(number)
        for (channel, priority), (rows, age) in depths.items():
            self._waiting.labels(channel, PRIORITIES[priority]).set(rows)
            self._oldest.labels(channel, PRIORITIES[priority]).set(age)

    async def _read(self) -> tuple[Depths, Day | None] | None:
        now = self._service.now()

        def read(tx: Tx) -> tuple[Depths, Day | None]:
            rows = ledger.depths(tx)
            depths = Depths()
            for channel in self._service.channels:
                for priority in PRIORITIES:
                    ready = claims.first_ready(tx, channel, priority)
                    age = 0.0 if ready is None else max(0.0, (now - ready) / timedelta(seconds=1))
                    depths[channel, priority] = (rows.get((channel, priority), 0), age)
            return depths, next(iter(reconciliation.closed(tx, 1)), None)

        try:
            return await self._service.store.read(read)
        except DatabaseError:
            return None
