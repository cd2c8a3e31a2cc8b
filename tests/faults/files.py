# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What happens to a database file: locked, unwritable, on a full disk, wanted by a second service."""

from __future__ import annotations

import asyncio
import os
import resource
import sqlite3
from contextlib import closing

from tests.faults.ledger import Line
from tests.faults.sizes import Size
from tests.faults.stage import Machine, stage


async def locked(size: Size) -> Line:
    """Another program holds the write lock, for longer than we wait for it."""
    async with stage(size.crowd) as here:
        here.talk()
        await here.under_way()
        with closing(
            sqlite3.connect(here.url.removeprefix("sqlite:///"), isolation_level=None, timeout=60)
        ) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(size.pause + 6)
            other.execute("ROLLBACK")
        return await here.balance(f"locked for {size.pause + 6:g} s")


async def full_disk(size: Size) -> Line:
    """The disk takes no more: the kernel refuses every write of the process that would make a file grow."""
    async with stage(size.crowd) as here:
        here.talk()
        await here.under_way()
        _, most = resource.prlimit(here.bot.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(here.bot.pid, resource.RLIMIT_FSIZE, (4096, most))
        await asyncio.sleep(size.pause)
        resource.prlimit(here.bot.pid, resource.RLIMIT_FSIZE, (most, most))
        return await here.balance(f"disk full for {size.pause:g} s")


async def read_only(size: Size) -> Line:
    """The file may not be written when the service starts: one sentence says so; once it may, all goes on where it was."""
    async with stage(size.crowd) as here:
        here.talk()
        await here.under_way()
        assert await here.bot.stop() == 0
        files = [file for file in here.folder.iterdir() if file.name.startswith("iaventure.db")]
        for file in files:
            file.chmod(0o444)
        # Root may write what is marked as read-only, unless it gives up that right.
        here.bot.wrapper = ("setpriv", "--bounding-set=-dac_override") if os.getuid() == 0 else ()
        said = len(here.bot.output)
        await here.bot.start()
        code = await here.bot.ends()
        told = here.bot.output[said:].strip()
        for file in files:
            file.chmod(0o600)
        here.bot.wrapper = ()
        await here.bot.start()
        line = await here.balance("file read-only at start")
        assert code == 3, f"exit code {code}: {told}"
        assert len(told.splitlines()) == 1, told
        assert line.repeated == 0
        return line


async def second_service(size: Size) -> Line:
    """A second `run` on the same file is refused in one sentence, and the first notices nothing."""
    async with stage(size.crowd) as here:
        here.talk()
        await here.under_way()
        second = Machine(here.folder / "second", here.telegram, here.url)
        await second.start()
        code = await second.ends()
        line = await here.balance("a second run")
        assert code == 3, f"exit code {code}"
        assert len(second.output.strip().splitlines()) == 1, second.output
        return line
