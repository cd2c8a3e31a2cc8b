# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does the pump stop whenever it is told to, also just as it is woken?"""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import pytest

from bot.channels.console import ConsoleChannel
from bot.service.pump import Pump
from bot.service.service import utc_now
from storage import ownership

if TYPE_CHECKING:
    from storage.store import Store


async def unheard(key: str, about: str) -> None:
    """No admin to tell."""


@pytest.mark.parametrize("turns", range(5))
async def test_a_pump_cancelled_just_after_it_was_woken_ends(store: Store, turns: int) -> None:
    channel = ConsoleChannel(io.BytesIO(), io.StringIO())
    assert await store.write(ownership.take, channel.account)
    pump = Pump(store, channel, utc_now, unheard)
    running = asyncio.create_task(pump.run())
    pump.wake()
    await pump.drained()
    await asyncio.sleep(0.05)
    pump.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    ended, _ = await asyncio.wait({running}, timeout=5)
    assert ended
    assert running.cancelled()
