# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""When is the service said to be ill, and of what?"""

from __future__ import annotations

import asyncio
import io
import logging
import threading
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.channels import Channel
from bot.channels.console import ADDRESS, ConsoleChannel
from bot.messages import Event
from bot.service import Service, planning
from bot.service.service import utc_now
from bot.talk.turn import Rules
from bot.watch.health import LOOP, PLANNER, Health
from config.schedule import Schedule
from storage import ownership
from storage.database import open_database
from tests.bot.builders import MONDAY, Town, lesson, publish
from tests.channels.telegram_case import channel_of
from tests.telegram import Emulator, Fault, Kind
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from storage.store import Store
    from storage.types import Tx

MOMENT = 0.3
"""Seconds after which the impatient ones here say that something has stalled."""
WAIT = 30.0
"""Seconds in which what is waited for must be seen."""


class Seconds:
    """A monotonic clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def service_of(store: Store, channel: Channel, monotonic: Callable[[], float]) -> Service:
    store.write_now(publish, lesson("un"), now=MONDAY)
    return Service(store, [channel], Rules(Schedule(), "fr", frozenset()), utc_now, monotonic)


def terminal(store: Store) -> ConsoleChannel:
    """A terminal whose account this process runs."""
    channel = ConsoleChannel(io.BytesIO(), io.StringIO())
    assert store.write_now(ownership.take, channel.account)
    return channel


@asynccontextmanager
async def held_up(store: Store) -> AsyncIterator[None]:
    """The database is at work on something that does not end."""
    goes_on = threading.Event()
    busy = threading.Event()

    def linger(tx: Tx) -> None:
        busy.set()
        goes_on.wait()

    lingering = asyncio.create_task(store.write(linger))
    await asyncio.to_thread(busy.wait)
    try:
        yield
    finally:
        goes_on.set()
        await lingering


async def becomes(health: Health, told: str, *, ill: bool = True) -> None:
    """Wait until a problem is told, or is told no more."""

    async def holds() -> bool:
        return (told in await health.problems()) is ill

    await until(holds)


async def starts(health: Health) -> None:
    """Wait until a channel is open."""
    await until(lambda: health.started)


async def test_all_is_well_at_first(store: Store) -> None:
    health = Health(service_of(store, terminal(store), Seconds()))
    assert await health.problems() == []


async def test_a_planner_without_a_tick_for_three_minutes_has_stalled(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    seconds = Seconds()
    service = service_of(store, terminal(store), seconds)
    health = Health(service)
    seconds.now += PLANNER
    assert await health.problems() == []
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            seconds.now += 1
            assert await health.problems() == ["the planner has stalled"]
        await service.plan(utc_now())
        for _ in range(2):
            assert await health.problems() == []
    told = [record.getMessage() for record in caplog.records if record.__dict__["action"] == "judge-health"]
    assert told == ["The service is not well: the planner has stalled.", "The service is well again."]


async def test_a_tick_that_takes_long_is_well_from_batch_to_batch(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        town.learner(str(number))
    monkeypatch.setattr(planning, "BATCH", 1)
    seconds = Seconds()
    service = service_of(town.store, terminal(town.store), seconds)
    ticking = asyncio.create_task(service.plan(MONDAY + timedelta(days=1)))
    beats = set()
    while not ticking.done():
        seconds.now += 1
        beats.add(service.pulse.planned_at)
        await asyncio.sleep(0)
    assert await ticking == 3
    assert len(beats) > 3


async def test_a_tick_that_fails_is_no_tick(store: Store) -> None:
    seconds = Seconds()
    service = service_of(store, terminal(store), seconds)
    store.close()
    seconds.now += PLANNER + 1
    with pytest.raises(Exception, match="closed"):
        await service.plan(utc_now())
    assert await Health(service).problems() == ["the planner has stalled", "the database does not answer"]


async def test_a_database_that_keeps_everyone_waiting_does_not_answer(store: Store) -> None:
    service = service_of(store, terminal(store), Seconds())
    health = Health(service, patience=0.05)
    async with held_up(store):
        waiting = service.store.waiting
        for _ in range(5):
            assert await health.problems() == ["the database does not answer"]
        assert service.store.waiting == waiting + 1, "one question waits, however often it is asked"
    await becomes(health, "the database does not answer", ill=False)


async def test_a_pump_whose_turn_does_not_end_has_stalled(store: Store) -> None:
    seconds = Seconds()
    service = service_of(store, terminal(store), seconds)
    health = Health(service, patience=WAIT)
    pump = service.pumps["console"]
    running = asyncio.create_task(pump.run())
    await pump.drained()
    async with held_up(store):
        pump.wake()
        impatient = Health(service, patience=0.05)
        seconds.now += LOOP + 1
        assert "console: the pump has stalled" in await impatient.problems()
    pump.wake()
    await becomes(health, "console: the pump has stalled", ill=False)
    pump.stop()
    await running
    seconds.now += LOOP + 1
    assert "console: the pump has stalled" not in await health.problems(), (
        "one that was stopped has not stalled"
    )


async def test_a_listener_whose_page_is_never_stored_has_stalled(store: Store) -> None:
    seconds = Seconds()
    channel = terminal(store)
    service = service_of(store, channel, seconds)
    health = Health(service, patience=0.05)
    async with held_up(store):
        event = Event("console", "e1", ADDRESS, MONDAY, text="bonjour")
        receiving = asyncio.create_task(service.receiving.receive_page(channel, [event]))
        await asyncio.sleep(0)
        assert "console: the listener has stalled" not in await health.problems()
        seconds.now += LOOP + 1
        assert "console: the listener has stalled" in await health.problems()
    await receiving
    assert "console: the listener has stalled" not in await health.problems()


async def test_a_quiet_terminal_is_well(store: Store) -> None:
    seconds = Seconds()
    service = service_of(store, terminal(store), seconds)
    service.pulse.open["console"] = True
    seconds.now += LOOP + 1
    await service.plan(utc_now())
    assert await Health(service).problems() == []


@asynccontextmanager
async def on_telegram(store: Store) -> AsyncIterator[tuple[Emulator, Service]]:
    """A service that runs on the emulator, with one place for sends."""
    async with Emulator() as telegram:
        service = service_of(store, channel_of(telegram, in_flight=1), asyncio.get_running_loop().time)
        running = asyncio.create_task(service.run())
        try:
            yield telegram, service
        finally:
            await telegram.clear_faults()
            running.cancel()
            await asyncio.wait({running})


async def test_it_has_started_once_every_channel_was_tried_and_one_is_open(store: Store) -> None:
    async with on_telegram(store) as (telegram, service):
        health = Health(service)
        assert not health.started
        await starts(health)
        assert await telegram.calls("getMe")
        service.pulse.open["telegram"] = False
        assert not health.started


async def test_sends_that_do_not_end_and_take_every_place_are_a_stalled_pump(store: Store) -> None:
    async with on_telegram(store) as (telegram, service):
        health = Health(service, loop=MOMENT)
        claire = await telegram.person(4711, "Claire", started=False)
        await telegram.fault(Fault(Kind.HANG, "sendMessage", times=None, seconds=60))
        await claire.starts()
        await becomes(health, "telegram: the pump has stalled")


async def test_a_listener_that_hears_nothing_back_has_stalled(store: Store) -> None:
    async with on_telegram(store) as (_, service):
        patient, impatient = Health(service), Health(service, loop=MOMENT)
        await becomes(impatient, "telegram: the listener has stalled")  # it polls for two seconds
        assert await patient.problems() == []


async def test_telegram_out_of_reach_is_no_illness(store: Store) -> None:
    async with on_telegram(store) as (telegram, service):
        health = Health(service)
        await starts(health)
        await telegram.goes_down()
        for _ in range(15):
            assert await health.problems() == []
            await asyncio.sleep(0.1)
        await telegram.comes_up()


async def test_a_deaf_channel_is_named_and_is_no_reason_to_start_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.hearing.DEAF", MOMENT)
    monkeypatch.setattr("bot.channels.telegram.polling.LONGEST_BACK_OFF", 0.05)
    monkeypatch.setattr("bot.channels.telegram.polling.FIRST_BACK_OFF", 0.05)
    async with on_telegram(store) as (telegram, service):
        health = Health(service)
        await starts(health)
        for kind, told in (
            (Kind.CONFLICT, "another process receives"),
            (Kind.PROXY_FORBIDDEN, "A proxy answers"),
        ):
            await telegram.fault(Fault(kind, "getUpdates", times=None))
            await until(lambda: health.channels == {"telegram": "deaf"})
            (sentence,) = health.deafness
            assert sentence.startswith("telegram is deaf, it has heard nothing for ")
            assert told in sentence
            assert await health.problems() == []
            assert health.started
            await telegram.clear_faults()
            await until(lambda: health.channels == {"telegram": "open"})
            assert health.deafness == []
        assert len(await telegram.calls("getMe")) == 1


async def test_a_channel_that_was_stopped_until_somebody_acts_is_named(store: Store) -> None:
    async with on_telegram(store) as (telegram, service):
        health = Health(service)
        await starts(health)
        await telegram.fault(Fault(Kind.UNAUTHORIZED, "getUpdates", times=None))
        await until(lambda: health.channels == {"telegram": "closed"} and not service.pulse.owned)
        (sentence,) = health.deafness
        assert sentence.startswith("telegram is closed, it has heard nothing for ")
        assert "check channels.telegram.token" in sentence
        assert await health.problems() == []


async def test_one_that_stands_by_has_started_and_is_well_until_it_takes_over(postgres_url: str) -> None:
    async with Emulator() as telegram:
        with open_database(postgres_url) as first_store, open_database(postgres_url) as second_store:
            first, second = (
                service_of(store, channel_of(telegram), asyncio.get_running_loop().time)
                for store in (first_store, second_store)
            )
            health = Health(second)
            owner = asyncio.create_task(first.run())
            await starts(Health(first))
            standing_by = asyncio.create_task(second.run())
            await starts(health)
            assert health.channels == {"telegram": "standby"}
            assert second.pulse.owned == set()
            assert await health.problems() == []
            owner.cancel()
            await asyncio.wait({owner})
            await until(lambda: health.channels == {"telegram": "open"})
            assert second.pulse.owned == {"telegram"}
            assert await health.problems() == []
            standing_by.cancel()
            await asyncio.wait({standing_by})
