# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One conversation's way out: what is queued leaves by the real pump through a real channel, on a clock that is turned."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.children import Bounds
from bot.drawing.studio import Studio
from bot.service.outgoing import queue_replies
from bot.service.pump import Pump
from storage import learners, ownership, tables
from tests.bot.builders import MONDAY
from tests.life import WAIT, TurnedClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.channels import Channel
    from bot.messages import Message
    from storage.learners import Learner
    from storage.store import Store
    from storage.types import Tx


class Outbound:
    """A pump on a channel, and a learner at an address of it."""

    def __init__(self, store: Store, channel: Channel, address: str) -> None:
        self.store, self.channel, self.address = store, channel, address
        self.clock, self.asked = TurnedClock(MONDAY), 0
        # A drawing may take its time: the machine may be busy.
        self.pump = Pump(store, channel, self.clock, _unheard, studio=Studio(bounds=Bounds(seconds=60)))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let what is queued leave, while the block runs."""
        assert await self.store.write(ownership.take, self.channel.account)
        pump = asyncio.create_task(self.pump.run())
        try:
            yield
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)

    async def says(self, *messages: Message) -> None:
        """Queue an answer, and wait until nothing more may leave now."""
        self.asked += 1
        self.store.write_now(
            queue_replies,
            self._learner(),
            messages,
            self.channel.limits,
            f"e{self.asked}",
            self.clock(),
        )
        await self.settled()

    async def later(self, seconds: float) -> None:
        """Turn the clock, and wait until nothing more may leave then."""
        self.clock.at += timedelta(seconds=seconds)
        await self.settled()

    async def settled(self) -> None:
        self.pump.wake()
        async with asyncio.timeout(2 * WAIT):
            await self.pump.drained()

    def states(self) -> list[tuple[str, int]]:
        """The state and the attempts of each row."""
        outbox = tables.outbox.c
        rows = select(outbox.state, outbox.attempts).order_by(outbox.id)
        return [
            (state, attempts) for state, attempts in self.store.read_now(lambda tx: tx.execute(rows).all())
        ]

    def _learner(self) -> Learner:
        def settle(tx: Tx) -> Learner:
            if (known := learners.by_address(tx, self.channel.name, self.address)) is not None:
                return known
            met = learners.meet(tx, self.channel.name, self.address, language="fr", now=MONDAY)
            learners.change(tx, met.id, state="active")
            return met

        return self.store.write_now(settle)


async def _unheard(key: str, about: str) -> None:
    """No admin to tell."""
