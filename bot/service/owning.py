# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Ownership of an account: on one machine this process; where several share a database, the one that holds its lock.

The standby processes ask twice a second. A lock goes with the connection that holds it: a process that was killed,
stopped or cut off has lost it, and every transaction of an owner checks, at no cost, that it still has it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Concatenate, ParamSpec, TypeVar

from bot.channels import Channel, ChannelError, Following
from storage import counters, ownership
from storage.failures import DatabaseError, NotOwner
from storage.store import Store
from storage.types import Tx

log = logging.getLogger(__name__)

STANDBY = 0.5
"""Seconds between two attempts to own an account."""

SPEAK = 10.0
"""Seconds between two signs of life of an owner: a session that is silent for 30 s is ended (`storage.postgres`)."""
FOLLOW = 600.0
"""Seconds between two times that a channel keeps up with the owner: who takes over reads twice as much at most."""
FIRST_FOLLOW = 5.0
"""Seconds before the first: who owns the account at once has nothing to follow."""

P = ParamSpec("P")
T = TypeVar("T")


async def own(store: Store, channel: str, account: str, stand_by: Callable[[str], None]) -> None:
    """Wait until this process owns an account. `stand_by` is called with the channel while another process does."""
    logged = ""
    while True:
        try:
            if await store.write(ownership.take, account):
                break
            stand_by(channel)
            state = "Another process runs this account: standing by."
        except DatabaseError as error:
            state = f"The database does not answer: {error}"
        if state != logged:
            logged = state
            log.warning("%s", state, extra={"action": "stand-by", "channel": channel})
        await asyncio.sleep(STANDBY)
    if logged:
        log.warning("This process runs the account now.", extra={"action": "own-account", "channel": channel})


@asynccontextmanager
async def following(store: Store, channel: Channel) -> AsyncIterator[None]:
    """Keep the channel up with the account's owner while the block waits for the account, if the channel needs it."""
    task = asyncio.create_task(_follow(store, channel))
    try:
        yield
    finally:
        task.cancel()
        try:
            await asyncio.wait({task})
        finally:
            if isinstance(channel, Following):
                await channel.close()


async def _follow(store: Store, channel: Channel) -> None:
    async def stored() -> int:
        return (await store.read(counters.read)).get(_pages(channel), 0)

    pause = FIRST_FOLLOW
    while isinstance(channel, Following):
        await asyncio.sleep(pause)
        pause = FOLLOW
        try:
            await channel.follow(stored)
        except (ChannelError, DatabaseError) as error:
            log.warning(
                "This machine does not keep up with the owner: %s",
                error,
                extra={"action": "follow-owner", "channel": channel.name},
            )
        except Exception:
            log.exception(
                "This machine does not keep up with the owner.",
                extra={"action": "follow-owner", "channel": channel.name},
            )


async def note_page(store: Store, channel: Channel) -> None:
    """Note that all of a page is stored, for standby processes.

    Raises:
        NotOwner: this process does not own the account.
    """
    if isinstance(channel, Following):
        await store.write(as_owner, channel.account, counters.add, _pages(channel))


def _pages(channel: Channel) -> str:
    return f"page.{channel.name}"


async def keep(store: Store, account: str) -> None:
    """Send a sign of life now and then, until cancelled.

    A process that sends messages speaks to the server every five seconds. One that cannot open its channel is silent, and
    the server ends a silent session.

    Raises:
        NotOwner: this process does not own the account any more.
    """
    while True:
        await asyncio.sleep(SPEAK)
        try:
            await store.write(as_owner, account, ownership.held, account)
        except NotOwner:
            raise
        except DatabaseError as error:
            log.info("The database does not answer: %s", error, extra={"action": "keep-account"})


async def give_up(store: Store, account: str) -> None:
    """Let another process own the account at once."""
    try:
        await store.write(ownership.give_up, account)
    except DatabaseError:
        log.info(
            "The database does not answer: the account is free with the end of the connection.",
            extra={"action": "give-up-account"},
        )


def as_owner(
    tx: Tx, account: str, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run `f(tx, …)` if this process owns the account.

    Raises:
        NotOwner: it does not.
    """
    ownership.require(tx, account)
    return f(tx, *args, **kwargs)
