# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""An account that is lost is let go of."""

from __future__ import annotations

import asyncio
import io
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.channels import ChannelFault
from bot.channels.console import ConsoleChannel
from bot.service import Service, owning
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage.database import open_database
from tests.bot.builders import lesson, publish
from tests.waiting import until

if TYPE_CHECKING:
    from storage.store import Store
    from tests.postgres import Postgres


NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Shut(ConsoleChannel):
    """A terminal that cannot be opened."""

    async def open(self) -> None:
        """Raises `ChannelFault`."""
        raise ChannelFault("It is shut.")


def talking(store: Store, channel: ConsoleChannel) -> Service:
    store.write_now(publish, lesson("un"), now=NOW)
    return Service(store, [channel], Rules(Schedule(), "fr", frozenset()), now=lambda: NOW)


async def test_an_account_that_is_lost_before_its_channel_opens_is_let_go_of(
    postgres: Postgres, postgres_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owning, "SPEAK", 0.05)
    with open_database(postgres_url) as store, caplog.at_level(logging.WARNING):
        running = asyncio.create_task(talking(store, Shut(io.BytesIO(), io.StringIO())).run())
        await told(caplog, "channel-fault")
        (owner,) = postgres.run("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 27")
        postgres.run(f"SELECT pg_terminate_backend({owner[0]}, 5000)")
        await told(caplog, "lose-account")
        running.cancel()
        await asyncio.wait({running})


async def told(caplog: pytest.LogCaptureFixture, action: str) -> None:
    """Wait for a line of the log."""
    await until(lambda: any(record.__dict__.get("action") == action for record in caplog.records))
