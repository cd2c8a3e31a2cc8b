# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How long does nothing leave when the machine that runs the account is killed? Two processes, one PostgreSQL."""

from __future__ import annotations

import asyncio

from storage.database import upgrade
from tests.bench.figure import Figure
from tests.bench.scale import Scale
from tests.bench.town import postgres
from tests.faults.servers import REPLACED, owner_of, replaced
from tests.faults.stage import stage


async def measure(scale: Scale) -> list[Figure]:
    """In the middle of the morning's lessons; the guarantee is held as in `make faults`."""
    took = []
    with postgres() as server:
        for _ in range(scale.failovers):
            url = await asyncio.to_thread(server.database)
            await asyncio.to_thread(upgrade, url)
            async with stage(scale.handed, url=url, machines=2) as here:
                here.talk()  # however late the kill comes, somebody waits for something
                await here.under_way(0.1)
                await (await owner_of(here)).kill()
                here.crashes += 1
                took.append(await replaced(here))
                line = await here.balance("owner killed")
            if line.wrong:
                raise RuntimeError(f"the guarantee does not hold: {line.wrong}")
    return [Figure("killed owner to next message", tuple(took), "s", at_most=REPLACED)]
