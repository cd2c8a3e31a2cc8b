# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the loops count, as it is scraped."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.channels import Throttled
from bot.channels.console import ConsoleChannel
from bot.messages import Kind
from bot.service.outbound import Outcome
from storage import tables
from storage.outbox import claims
from storage.outbox.rows import REPLY, Claimed
from tests.bot.builders import MONDAY
from tests.bot.scraped import Running, event_of, leave, put, someone

if TYPE_CHECKING:
    from storage.store import Store


async def test_a_conversation_is_counted_and_timed(store: Store) -> None:
    here = Running(store, b"oui\nprogression\n")
    await here.service.run()
    figures = await here.figures()
    assert figures["events_total(console,received)"] == 3
    sent = sum(figures[f"deliveries_total(console,{who},sent)"] for who in ("reply", "stranger"))
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


async def test_refused_and_expired_messages_are_counted_with_their_reason(store: Store) -> None:
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


async def test_cancelled_messages_are_counted(store: Store) -> None:
    here = Running(store)
    for number, text in enumerate(("start", "oui"), 1):
        await here.service.receiving.receive(here.channel, event_of(here, f"e{number}", text))
        await leave(here)
    here.at = MONDAY.replace(day=24, hour=7, minute=30)
    assert await here.service.plan(here.at) == 1
    await here.service.receiving.receive(here.channel, event_of(here, "e3", "pause"))
    assert (await here.figures())["deliveries_total(console,scheduled,cancelled)"] == 1


async def test_messages_in_flight_of_a_dead_process_are_counted(store: Store) -> None:
    here = Running(store)
    terminal = store.write_now(someone)
    store.write_now(put, terminal.address_id, "reply:x:0.0", kind="reply", content={"text": "bonjour"})
    store.write_now(claims.claim, "console", claims.token_of("", "11111111"), MONDAY, 1)
    await leave(here)
    assert (await here.figures())["taken_over_total(console)"] == 1


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


async def test_dropped_and_failed_events_are_counted(store: Store) -> None:
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
        None,
        0,
        MONDAY,
    )
