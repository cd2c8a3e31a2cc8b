# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Processes that die, stop, or sleep."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.faults.ledger import Line
from tests.faults.sizes import Size
from tests.faults.stage import Stage, stage, until
from tests.journeys.database import rows


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


ASKING = 60
"""People who ask for their card at once."""


async def children_killed(size: Size) -> Line:
    """Every second child that draws a card is killed while it draws: everybody has an answer, some without a picture."""
    async with stage(size.crowd, url=await size.database()) as here:
        here.talk()
        await here.under_way()
        killed: list[int] = []
        killing = asyncio.create_task(_kill_children(here, killed))
        asking = [str(chat) for chat in range(1, min(ASKING, size.crowd) + 1)]
        await here.telegram.together(
            {"do": "says", "chat": int(chat), "text": "progression"} for chat in asking
        )
        drawn = "SELECT count(*) FROM outbox WHERE state = 'sent' AND CAST(content AS text) LIKE :drawing"
        await until(lambda: rows(here.url, drawn, drawing='%"drawing"%') == [(len(asking),)])
        line = await here.balance(f"{len(killed)} SIGKILL of what draws")
        killing.cancel()
        await asyncio.gather(killing, return_exceptions=True)
        assert killed, "nothing was drawn"
        assert "it was ended by SIGKILL" in here.bot.output
        assert "sendPhoto" in await here.telegram.counters(), "nobody saw a picture"
        return line


async def _kill_children(here: Stage, killed: list[int]) -> None:
    spared: set[int] = set()
    while True:
        for child in _children(here.bot.pid):
            if child in spared or child in killed:
                continue
            if len(spared) < len(killed):
                spared.add(child)
                continue
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
                killed.append(child)
        await asyncio.sleep(0.01)


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found
