# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the messenger does: storms of 429, 502, silence, cut connections, no name to be found."""

from __future__ import annotations

import asyncio
import os

from tests.faults.ledger import Line
from tests.faults.sizes import Size
from tests.faults.stage import Stage, stage
from tests.telegram import Fault, Kind

SEND = "sendMessage"
REMEMBERED = 12.0
"""Seconds after which a client asks for a name again."""


async def _through(size: Size, name: str, *faults: Fault, seconds: float | None = None) -> Line:
    """A broadcast through faults that last for a while."""
    async with stage(size.crowd, url=await size.database()) as here:
        here.talk()
        await here.under_way()
        await here.telegram.fault(*faults)
        await asyncio.sleep(size.pause if seconds is None else seconds)
        await here.telegram.clear_faults()
        return await here.balance(name)


async def some_throttled(size: Size) -> Line:
    """Some chats are told to wait, the others are not held up."""
    chats = range(size.crowd - size.crowd // 20, size.crowd)
    faults = [Fault(Kind.THROTTLE, SEND, chat=chat, seconds=3) for chat in chats]
    return await _through(size, f"429 for {len(chats)} chats", *faults)


async def all_throttled(size: Size) -> Line:
    """Every call is told to wait."""
    return await _through(size, "429 for all", Fault(Kind.THROTTLE, SEND, times=None, seconds=2))


async def bad_gateway(size: Size) -> Line:
    """502 with a page, whatever is asked."""
    return await _through(size, "502 for all", Fault(Kind.BAD_GATEWAY, times=None))


async def hanging(size: Size) -> Line:
    """Silence, then the connection is cut; some of the messages were shown."""
    faults = [Fault(Kind.HANG, SEND, times=4, seconds=8, recorded=recorded) for recorded in (False, True)]
    return await _through(size, "8 calls hang", *faults)


async def cut_before(size: Size) -> Line:
    """The connection is cut before the message was recorded."""
    return await _through(size, "cut before it was shown", Fault(Kind.CUT, SEND, times=5))


async def cut_after(size: Size) -> Line:
    """The connection is cut after the message was shown: it may come twice, and is counted."""
    return await _through(size, "cut after it was shown", Fault(Kind.CUT, SEND, times=5, recorded=True))


async def unreachable(size: Size) -> Line:
    """Nobody listens there for a while."""
    async with stage(size.crowd, url=await size.database()) as here:
        here.talk()
        await here.under_way()
        await here.telegram.goes_down()
        await asyncio.sleep(size.pause)
        await here.telegram.comes_up()
        return await here.balance(f"refused connections, {size.pause:g} s")


async def nameless(size: Size) -> Line:
    """The name of the messenger cannot be resolved for a while: a file of hosts of the process's own loses its line."""
    async with stage(size.crowd, url=await size.database(), started=False) as here:
        hosts = here.folder / "hosts"
        known = "127.0.0.1 localhost telegram.test\n"
        hosts.write_text(known)
        _rename(here, "telegram.test")
        script = f'mount --bind {hosts} /etc/hosts && exec "$@"'
        here.bot.wrapper = ("unshare", *(() if os.getuid() == 0 else ("-r",)), "-m", "sh", "-c", script, "sh")
        await here.bot.start()
        here.outage = size.long_pause
        here.talk()
        await here.under_way()
        hosts.write_text("127.0.0.1 localhost\n")
        # What is open is lost too, for longer than a name is remembered: from then on it is asked for.
        await here.telegram.goes_down()
        await asyncio.sleep(REMEMBERED)
        await here.telegram.comes_up()
        await asyncio.sleep(size.long_pause)
        hosts.write_text(known)
        assert "DNS" in here.bot.output, "names were not asked for"
        return await here.balance(f"no DNS for {size.long_pause:g} s")


def _rename(here: Stage, name: str) -> None:
    """Let the service look for the messenger under another name."""
    config = here.bot.config
    config.write_text(config.read_text().replace("http://127.0.0.1", f"http://{name}"))
