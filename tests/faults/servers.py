# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What happens to a database server, and to the machines that share it: restarts, failing over, owners that die."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from dataclasses import replace

from storage.database import upgrade
from tests.faults.ledger import Line
from tests.faults.sizes import Size
from tests.faults.stage import Machine, Stage, stage, until
from tests.postgres import Postgres
from tests.postgres.cable import Cable

OPEN = "The channel is open."
REPLACED, REPLACED_AFTER_A_CUT = 5.0, 40.0
"""Seconds within which a killed owner, and one that was cut off, is replaced."""


async def restarted(size: Size) -> Line:
    """PostgreSQL is restarted, then crashes and recovers, while lessons leave."""
    server = Postgres(durable=True)  # of its own: a server ends with the thread that started it
    await asyncio.to_thread(server.start)
    try:
        own = replace(size, server=server)
        async with stage(size.crowd, url=await own.database()) as here:
            here.talk()
            await here.under_way(0.1)
            await asyncio.to_thread(server.restart)
            await here.under_way(0.4)
            await asyncio.to_thread(server.kill)
            await asyncio.sleep(2)
            await asyncio.to_thread(server.start)
            return await here.balance("PostgreSQL restarted, then crashed")
    finally:
        await asyncio.to_thread(server.stop)


async def failed_over(size: Size) -> Line:
    """The primary dies while lessons leave, and its copy, which had confirmed every commit, is promoted."""
    primary = Postgres(durable=True, wal_level="replica", max_wal_senders="5")
    await asyncio.to_thread(primary.start)
    copy = Postgres(durable=True, copies=primary, wal_level="replica", max_wal_senders="5")
    try:
        url = await asyncio.to_thread(primary.database)
        await asyncio.to_thread(upgrade, url)
        await asyncio.to_thread(copy.start)
        primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.run("SELECT pg_reload_conf()")
        name = url.rpartition("/")[2]
        hosts = f"127.0.0.1:{primary.port},127.0.0.1:{copy.port}"
        both = f"postgresql://postgres@{hosts}/{name}?target_session_attrs=read-write"
        async with stage(size.crowd, url=both) as here:
            here.talk()
            await here.under_way(0.3)
            await asyncio.to_thread(primary.kill)
            await asyncio.sleep(2)
            await asyncio.to_thread(copy.promote)
            return await here.balance("PostgreSQL fails over")
    finally:
        await asyncio.to_thread(copy.stop)
        await asyncio.to_thread(primary.stop)


async def owner_killed(size: Size) -> Line:
    """The machine that owns the account is killed again and again; another one goes on."""
    async with stage(size.crowd, url=await size.database(), machines=3) as here:
        here.talk()
        slowest = 0.0
        for _ in range(2):
            await here.under_way(0.1)
            owner = await owner_of(here)
            await owner.kill()
            here.crashes += 1
            slowest = max(slowest, await replaced(here))
            await owner.start()
        line = await here.balance(f"owner killed, replaced in {slowest:.1f} s")
        assert slowest <= REPLACED, f"replaced after {slowest:.1f} s"
        return line


async def owner_stopped(size: Size) -> Line:
    """The owner of the account is stopped, as for an upgrade: the other machine goes on at once, and nothing comes twice."""
    async with stage(size.crowd, url=await size.database(), machines=2) as here:
        here.talk()
        await here.under_way(0.2)
        owner = await owner_of(here)
        stopping = asyncio.create_task(owner.stop())
        took = await replaced(here)
        assert await stopping == 0
        line = await here.balance(f"owner stopped, replaced in {took:.1f} s")
        assert line.repeated == 0
        return line


async def owner_cut_off(size: Size) -> Line:
    """Nothing passes any more between the owner and the database, and no kernel notices; then the cable is mended."""
    url = await size.database()
    with ExitStack() as stack:
        cables = [stack.enter_context(Cable(size.postgres, url)) for _ in range(2)]
        async with stage(size.crowd, url=url, plugged=[cable.url for cable in cables]) as here:
            here.talk()
            await here.under_way(0.2)
            owner = await owner_of(here)
            cable = cables[here.machines.index(owner)]
            cable.freeze()
            here.crashes += 1
            took = await replaced(here)
            cable.thaw()
            line = await here.balance(f"owner cut off, replaced in {took:.1f} s")
            assert took <= REPLACED_AFTER_A_CUT, f"replaced after {took:.1f} s"
            return line


async def owner_of(here: Stage) -> Machine:
    """The machine that runs the account now: the last that opened the channel."""
    found: list[Machine] = []

    def known() -> bool:
        found[:] = [machine for machine in here.machines if machine.running and OPEN in machine.words]
        return len(found) == 1

    await until(known)
    return found[0]


async def replaced(here: Stage) -> float:
    """Wait until another machine has opened the channel and sent something; seconds from now."""
    began = time.monotonic()
    opened = sum(machine.output.count(OPEN) for machine in here.machines)

    def open_again() -> bool:
        return sum(machine.output.count(OPEN) for machine in here.machines) > opened

    await until(open_again)
    # Not before: what was under way at the old one's end may arrive yet.
    sent = (await here.telegram.counters())["sendMessage"].calls
    async with asyncio.timeout(60):
        while (await here.telegram.counters())["sendMessage"].calls <= sent:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
    return time.monotonic() - began
