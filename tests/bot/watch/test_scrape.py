# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is read of a service at the moment of a scrape."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.watch.scrape import KEPT
from storage import reconciliation
from storage.outbox.rows import REPLY
from tests.bot.scraped import Running, put, someone

if TYPE_CHECKING:
    from storage.store import Store


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


async def test_the_last_closed_day_is_told(store: Store) -> None:
    here = Running(store)
    assert not any(name.startswith("day_messages") for name in await here.figures())
    for days in (2, 1):
        at = here.at - timedelta(days=days)
        await store.write(reconciliation.count_planned, at, 10 + days)
        await store.write(reconciliation.close, at.date(), {"within_10s": 10, "expired": 1}, {}, here.at)
    here.wait(KEPT)
    figures = await here.figures()
    assert figures["day_messages(planned)"] == 11
    assert figures["day_messages(within_10s)"] == 10
    assert figures["day_messages(expired)"] == 1
    assert figures["day_difference()"] == 0
    assert figures["day_timestamp_seconds()"] % 86400 == 0
