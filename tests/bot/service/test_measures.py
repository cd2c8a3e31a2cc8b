# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What can be read of a service while it runs, and what can nobody read there?"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from prometheus_client.parser import text_string_to_metric_families

from bot.channels import Throttled
from bot.channels.console import ADDRESS, ConsoleChannel
from bot.messages import Event, Kind
from bot.pacing import Pace
from bot.service import Service
from bot.service.outbound import Outcome
from bot.talk.turn import Rules
from bot.watch.scrape import KEPT, Scrape
from config.schedule import Schedule
from storage import learners, ownership, tables
from storage.outbox import claims, queue
from storage.outbox.rows import REPLY, SCHEDULED, Claimed, Draft
from tests.bot.builders import MONDAY, lesson, publish

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

LABELS: Mapping[str, set[str]] = {
    "channel": {"console"},
    "priority": {"reply", "scheduled"},
    "outcome": {"sent", "refused", "expired", "cancelled", "received", "dropped", "old", "failed"},
    "reason": {"", "gone", "rejected", "held", "unshowable", "unsettled", "incomplete"},
    "failure": {"Gone", "Rejected", "Throttled", "Uncertain", "Unreachable", "ChannelFault", "other"},
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
    met = learners.meet(tx, "console", where, name="Claire Duval", language="fr", now=MONDAY)
    learners.change(tx, met.id, state="active")
    return met


def put(tx: Tx, /, address_id: int, key: str, **other: Any) -> None:
    draft = {"kind": "notice", "priority": SCHEDULED, "content": {"text": "bonjour"}, **other}
    queue.enqueue(tx, [Draft(key, address_id, "console", **draft)], MONDAY)


async def test_a_conversation_is_counted_and_timed(store: Store) -> None:
    here = Running(store, b"oui\nprogression\n")
    await here.service.run()
    figures = await here.figures()
    assert figures["events_total(console,received)"] == 3
    sent = figures["deliveries_total(console,reply,sent)"]
    assert sent >= 3
    assert figures["answer_seconds_count(console)"] == sent
    assert figures["answer_seconds_sum(console)"] == 0, "the clock on the wall stood still"
    assert figures["transaction_seconds_count()"] > 0
    assert figures["database_up()"] == 1
    assert not [name for name, number in figures.items() if name.startswith("send_failures") and number]


async def test_an_answer_takes_as_long_as_it_waits(store: Store) -> None:
    here = Running(store)
    await here.service.receiving.receive(here.channel, event_of(here, "e1"))
    here.wait(7)
    await leave(here)
    assert (await here.figures())["answer_seconds_sum(console)"] == 7


async def test_a_clock_set_back_makes_no_answer_come_before_its_question(store: Store) -> None:
    here = Running(store)
    await here.service.receiving.receive(here.channel, event_of(here, "e1"))
    store.write_now(
        lambda tx: tx.execute(tables.conversation.update().values(ready_at=MONDAY.replace(year=2020)))
    )
    here.at -= timedelta(hours=1)
    await leave(here)
    assert (await here.figures())["answer_seconds_sum(console)"] == 0


async def test_what_is_refused_or_too_late_is_told_with_its_reason(store: Store) -> None:
    here = Running(store)
    nowhere = store.write_now(someone, "elsewhere")
    terminal = store.write_now(someone)
    text = {"text": "bonjour"}
    store.write_now(put, nowhere.address_id, "reply:x:0.0", kind="reply", priority=REPLY, content=text)
    store.write_now(put, nowhere.address_id, "reply:x:0.1", kind="reply", priority=REPLY, content=text)
    store.write_now(put, terminal.address_id, "lesson:1:x:0", not_after=MONDAY - timedelta(minutes=1))
    store.write_now(put, terminal.address_id, "lesson:1:y:0", kind="odd")
    await leave(here)
    figures = await here.figures()
    assert figures["deliveries_total(console,reply,refused,rejected)"] == 1
    assert figures["deliveries_total(console,reply,refused,incomplete)"] == 1
    assert figures["deliveries_total(console,scheduled,expired)"] == 1
    assert figures["deliveries_total(console,scheduled,refused,unshowable)"] == 1
    assert figures["send_failures_total(console,Rejected)"] == 1


async def test_what_is_taken_back_is_told(store: Store) -> None:
    here = Running(store)
    for number, text in enumerate(("start", "oui"), 1):
        await here.service.receiving.receive(here.channel, event_of(here, f"e{number}", text))
        await leave(here)
    here.at = MONDAY.replace(day=24, hour=7, minute=30)
    assert await here.service.plan(here.at) == 1
    await here.service.receiving.receive(here.channel, event_of(here, "e3", "pause"))
    assert (await here.figures())["deliveries_total(console,scheduled,cancelled)"] == 1


async def test_what_a_dead_process_had_under_way_is_told(store: Store) -> None:
    here = Running(store)
    terminal = store.write_now(someone)
    store.write_now(put, terminal.address_id, "reply:x:0.0", kind="reply", content={"text": "bonjour"})
    store.write_now(claims.claim, "console", claims.token_of("", "11111111"), MONDAY, 1)
    await leave(here)
    assert (await here.figures())["taken_over_total(console)"] == 1


async def test_what_waits_is_told_and_for_how_long_it_could_have_left(store: Store) -> None:
    here = Running(store)
    terminal, other = store.write_now(someone), store.write_now(someone, "other")
    for key in ("lesson:1:x:0", "lesson:1:y:0"):
        store.write_now(put, terminal.address_id, key)
    store.write_now(put, other.address_id, "reply:x:0.0", kind="reply", priority=REPLY)
    here.wait(90)
    figures = await here.figures()
    assert figures["outbox_waiting(console,scheduled)"] == 2
    assert figures["outbox_waiting(console,reply)"] == 1
    assert figures["outbox_oldest_seconds(console,scheduled)"] == 90
    store.write_now(put, other.address_id, "reply:x:0.1", kind="reply", priority=REPLY)
    here.wait(KEPT - 1)
    assert (await here.figures())["outbox_waiting(console,reply)"] == 1, "it is not counted anew each time"
    here.wait(1)
    assert (await here.figures())["outbox_waiting(console,reply)"] == 2


async def test_what_is_not_ready_yet_is_not_late(store: Store) -> None:
    here = Running(store)
    here.at -= timedelta(minutes=5)
    terminal = store.write_now(someone)
    store.write_now(put, terminal.address_id, "lesson:1:x:0")
    assert (await here.figures())["outbox_oldest_seconds(console,scheduled)"] == 0


async def test_a_database_that_does_not_answer_is_told_instead_of_old_figures(store: Store) -> None:
    here = Running(store)
    assert "outbox_waiting(console,reply)" in await here.figures()
    store.close()
    here.wait(KEPT)
    figures = await here.figures()
    assert figures["database_up()"] == 0
    assert "outbox_waiting(console,reply)" not in figures


async def test_a_tick_tells_how_late_it_was_planned(store: Store) -> None:
    here = Running(store)
    tick = here.at
    here.wait(4)
    await here.service.plan(tick)
    here.wait(30)
    figures = await here.figures()
    assert figures["planner_lag_seconds()"] == 4
    assert figures["planner_tick_age_seconds()"] == 30


async def test_a_channel_is_owned_and_open_while_it_runs(store: Store) -> None:
    here = Running(store, b"oui\n")
    pulse = here.service.pulse
    seen: list[tuple[bool, bool]] = []
    store.watch(lambda _: seen.append(("console" in pulse.owned, pulse.open.get("console", False))))
    await here.service.run()
    assert (True, True) in seen
    figures = await here.figures()
    assert (figures["owner(console)"], figures["channel_open(console)"]) == (0, 0)


async def test_a_channel_at_fault_is_told(store: Store) -> None:
    out = io.StringIO()
    here = Running(store, out=out)
    out.close()
    await here.service.receiving.receive(here.channel, event_of(here, "e1"))
    await leave(here)
    figures = await here.figures()
    assert figures["breaker_open(console)"] == 1
    assert figures["send_failures_total(console,ChannelFault)"] == 1
    assert not [name for name, number in figures.items() if name.startswith("deliveries") and number]


async def test_whoever_is_too_fast_or_cannot_be_answered_is_counted(store: Store) -> None:
    here = Running(store, pace=replace(ConsoleChannel.pace, sender_rate=1, sender_burst=2))
    await here.service.receiving.receive(
        here.channel, event_of(here, "e1", kind=Kind.CHOOSE, refers="\ud800")
    )
    for number in range(2, 6):
        await here.service.receiving.receive(here.channel, event_of(here, f"e{number}"))
    figures = await here.figures()
    assert figures["events_total(console,received)"] == 5
    assert figures["events_total(console,failed)"] == 1
    assert figures["events_total(console,dropped)"] == 3


async def test_any_failure_of_a_channel_has_one_of_a_few_names(store: Store) -> None:
    here = Running(store)
    for failure in (Throttled(3), KeyError("Claire"), OSError("4711")):
        here.service.measures.settled("console", [Outcome(claimed(), MONDAY, failure=failure)], {})
    figures = await here.figures()
    assert figures["send_failures_total(console,Throttled)"] == 1
    assert figures["send_failures_total(console,other)"] == 2


async def test_a_counter_begins_at_nought_so_that_its_first_step_is_seen(store: Store) -> None:
    figures = await Running(store).figures()
    assert figures["deliveries_total(console,scheduled,refused,held)"] == 0
    assert figures["send_failures_total(console,Gone)"] == 0
    assert figures["events_total(console,failed)"] == 0


async def test_two_services_do_not_count_for_each_other(store: Store) -> None:
    one, other = Running(store), Running(store)
    one.service.measures.event("console", "received")
    assert (await one.figures())["events_total(console,received)"] == 1
    assert (await other.figures())["events_total(console,received)"] == 0


def claimed() -> Claimed:
    return Claimed(
        1,
        "k",
        "reply",
        0,
        0,
        None,
        {},
        None,
        None,
        None,
        None,
        None,
        1,
        "a",
        "l",
        "fr",
        "active",
        None,
        MONDAY,
    )


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
