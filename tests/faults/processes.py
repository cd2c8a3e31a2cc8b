# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Processes that die, stop, or sleep."""

from __future__ import annotations

import asyncio
import signal

from tests.faults.ledger import Line
from tests.faults.sizes import Size
from tests.faults.stage import Stage, stage


async def nothing(size: Size) -> Line:
    """Nothing breaks: what the others are compared with."""
    async with stage(size.crowd, url=await size.database()) as here:
        here.talk()
        return await here.balance("nothing")


async def killed(size: Size) -> Line:
    """SIGKILL at random moments while lessons leave."""
    async with stage(size.crowd, url=await size.database()) as here:
        here.talk()
        for _ in range(size.kills):
            await _sends_on(here)
            await asyncio.sleep(here.chance.uniform(0, 0.8))
            await here.bot.restart()
            here.crashes += 1
        return await here.balance(f"{size.kills} SIGKILL")


async def _sends_on(here: Stage) -> None:
    """Wait until a process that was started has sent something, or all is sent."""
    before = await asyncio.to_thread(here.delivered)
    async with asyncio.timeout(60):
        while (sent := await asyncio.to_thread(here.delivered)) == before and sent < here.crowd:  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # another process tells nobody


async def stopped(size: Size) -> Line:
    """SIGTERM in the middle, and started again: nothing leaves twice."""
    async with stage(size.crowd, url=await size.database()) as here:
        here.talk()
        await here.under_way(0.3)
        code = await here.bot.stop()
        await here.bot.start()
        line = await here.balance("SIGTERM in the middle")
        assert code == 0, f"exit code {code}"
        assert line.repeated == 0
        return line


async def frozen(size: Size) -> Line:
    """SIGSTOP for a while, as a machine that sleeps."""
    async with stage(size.crowd, url=await size.database()) as here:
        here.talk()
        await here.under_way()
        here.bot.signal(signal.SIGSTOP)
        await asyncio.sleep(size.pause)
        here.bot.signal(signal.SIGCONT)
        return await here.balance(f"frozen for {size.pause:g} s")
