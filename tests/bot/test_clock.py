# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does a tick that fails say so in one sentence, and leave the next ones alone?"""

from __future__ import annotations

import asyncio
import io
import logging
from typing import TYPE_CHECKING

import pytest

from bot import clock
from bot.channels.console import ConsoleChannel
from bot.service import Service
from bot.talk.turn import Rules
from config.schedule import Schedule

if TYPE_CHECKING:
    from storage.engine import Store

pytestmark = pytest.mark.anyio


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
            async with asyncio.timeout(10):
                while True:
                    if caplog.records:
                        break
                    await asyncio.sleep(0.01)
            assert {job.id for job in scheduler.get_jobs()} == {"plan", "tidy", "remind-admins"}
        finally:
            scheduler.shutdown(wait=False)
    (record,) = caplog.records
    assert (record.__dict__["action"], record.exc_info) == ("plan", None)
    assert "The database was closed" in record.getMessage()
