# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""When does the service do what nobody asks for, and does it say so in one sentence when it cannot?"""

from __future__ import annotations

import asyncio
import io
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot import clock
from bot.channels.console import ConsoleChannel
from bot.service import Service
from bot.talk.turn import Rules
from config.schedule import Schedule
from tests import logged
from tests.bot.watch.test_health import held_up
from tests.waiting import until

if TYPE_CHECKING:
    from storage.store import Store


async def test_a_database_that_does_not_answer_is_told_without_a_traceback(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service(
        store, [ConsoleChannel(io.BytesIO(), io.StringIO())], Rules(Schedule(), "fr", frozenset())
    )
    store.close()
    with caplog.at_level(logging.ERROR):
        scheduler = clock.start(service, "UTC")
        try:
            await until(lambda: bool(caplog.records))
            assert {job.id for job in scheduler.get_jobs()} == {
                "plan",
                "follow-erasures",
                "tidy",
                "remind-admins",
            }
        finally:
            scheduler.shutdown(wait=False)
    # Once, or once more if a minute has just begun.
    assert {(record.__dict__["action"], record.exc_info) for record in logged.lines(caplog)} == {
        ("plan-lessons", None)
    }
    assert all("The database was closed" in record.getMessage() for record in logged.lines(caplog))


async def test_it_tidies_soon_after_its_start_and_then_every_night(store: Store) -> None:
    before = datetime.now(UTC)
    scheduler = clock.start(Service(store, [], Rules(Schedule(), "fr", frozenset())), "Pacific/Tahiti")
    job = scheduler.get_job("tidy")
    soon = job.next_run_time
    scheduler.shutdown(wait=False)
    assert before < soon <= datetime.now(UTC) + clock.AFTER_START
    night = job.trigger.get_next_fire_time(soon, soon)
    assert (night.hour, night.minute, night.tzinfo) == (3, 17, ZoneInfo("Pacific/Tahiti"))


async def test_a_job_that_is_under_way_when_the_process_stops_is_no_failure(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service(store, [], Rules(Schedule(), "fr", frozenset()))
    with caplog.at_level(logging.WARNING, "apscheduler"):
        async with held_up(store):
            scheduler = clock.start(service, "UTC")
            await until(lambda: store.waiting > 0)  # the tick that waits for the database
            scheduler.shutdown(wait=False)
            await asyncio.sleep(0.05)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("apscheduler")] == []


async def test_a_job_still_under_way_at_its_next_time_skips_it_and_says_so_in_our_words(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service(store, [], Rules(Schedule(), "fr", frozenset()))
    with caplog.at_level(logging.WARNING):
        async with held_up(store):
            scheduler = clock.start(service, "UTC")
            await until(lambda: store.waiting > 0)  # the tick that waits for the database
            scheduler.modify_job("plan", next_run_time=datetime.now(UTC))
            await until(lambda: any("still under way" in line.getMessage() for line in caplog.records))
            scheduler.shutdown(wait=False)
    assert {record.__dict__.get("action") for record in caplog.records} - {"slow-transaction"} == {
        "plan-lessons"
    }
    assert [record for record in caplog.records if record.name.startswith("apscheduler")] == []
