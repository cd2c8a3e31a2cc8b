# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""When does the service do what nobody asks for?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot import clock
from bot.service import Service
from bot.talk.turn import Rules
from config.schedule import Schedule

if TYPE_CHECKING:
    from storage.engine import Store


@pytest.mark.anyio
async def test_it_tidies_soon_after_its_start_and_then_every_night(store: Store) -> None:
    before = datetime.now(UTC)
    scheduler = clock.start(Service(store, [], Rules(Schedule(), "fr", frozenset())), "Pacific/Tahiti")
    job = scheduler.get_job("tidy")
    soon = job.next_run_time
    scheduler.shutdown(wait=False)
    assert before < soon <= datetime.now(UTC) + clock.AFTER_START
    night = job.trigger.get_next_fire_time(soon, soon)
    assert (night.hour, night.minute, night.tzinfo) == (3, 17, ZoneInfo("Pacific/Tahiti"))
