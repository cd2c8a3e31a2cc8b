# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A service whose measures are scraped: what is read of it, and that nothing of it names anybody."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from prometheus_client.parser import text_string_to_metric_families

from bot.channels.console import ADDRESS, ConsoleChannel
from bot.messages import Event
from bot.pacing import Pace
from bot.service import Service
from bot.talk.turn import Rules
from bot.watch.scrape import Scrape
from config.schedule import Schedule
from storage import learners, ownership
from storage.outbox import queue
from storage.outbox.rows import SCHEDULED, Draft
from tests.bot.builders import MONDAY, lesson, publish

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx


LABELS: Mapping[str, set[str]] = {
    "channel": {"console"},
    "priority": {"reply", "scheduled", "stranger"},
    "outcome": {
        *("sent", "refused", "expired", "cancelled", "received", "repeated", "dropped", "old", "failed"),
        *("planned", "within_10s", "within_1m", "later"),
        *("shown", "undrawn", "unplaced"),
    },
    "reason": {"", "gone", "address", "rejected", "held", "unshowable", "unsettled", "incomplete"},
    "failure": {
        *("Gone", "Refused", "Unexplained", "Rejected", "Throttled", "Uncertain", "Unreachable"),
        *("ChannelFault", "other"),
    },
}
"""Every label, and every value that it had in these tests; `le` names the steps of a histogram."""


class Running:
    """A service with a terminal whose input is written beforehand, and two clocks that a test turns."""

    def __init__(
        self,
        store: Store,
        typed: bytes = b"",
        out: io.StringIO | None = None,
        pace: Pace = ConsoleChannel.pace,
    ) -> None:
        store.write_now(publish, lesson("un"), lesson("deux"), now=MONDAY)
        self.store = store
        self.at, self.seconds = MONDAY, 1000.0
        self.channel = ConsoleChannel(io.BytesIO(typed), out or io.StringIO())
        self.channel.pace = pace
        assert store.write_now(ownership.take, self.channel.account)
        self.service = Service(
            store,
            [self.channel],
            Rules(Schedule(), "fr", frozenset()),
            now=lambda: self.at,
            monotonic=lambda: self.seconds,
        )
        self.scrape = Scrape(self.service)

    async def figures(self) -> dict[str, float]:
        """What is read, by name and labels; each label and value is one that names nobody."""
        text = (await self.scrape.text()).decode()
        found = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = {name: value for name, value in sample.labels.items() if name != "le"}
                assert all(value in LABELS[name] for name, value in labels.items()), sample
                told = ",".join(labels[name] for name in LABELS if labels.get(name))
                if "le" not in sample.labels:
                    found[f"{sample.name}({told})".removeprefix("iaventure_")] = sample.value
        return found

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


def someone(tx: Tx, where: str = ADDRESS) -> learners.Learner:
    met = learners.meet(tx, "console", where, language="fr", now=MONDAY)
    learners.change(tx, met.id, state="active")
    return met


def put(tx: Tx, /, address_id: int, key: str, **other: Any) -> None:
    draft = {"kind": "notice", "priority": SCHEDULED, "content": {"text": "bonjour"}, **other}
    queue.enqueue(tx, [Draft(key, address_id, "console", **draft)], MONDAY)


def event_of(here: Running, id_: str, text: str = "bonjour", **other: Any) -> Event:
    return Event("console", id_, ADDRESS, here.at, text=text, **other)


async def leave(here: Running) -> None:
    """Run the pump until nothing more may leave."""
    pump = here.service.pumps["console"]
    pump.wake()
    running = asyncio.create_task(pump.run())
    await pump.drained()
    pump.stop()
    await running
