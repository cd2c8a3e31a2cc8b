# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The backlog: events that were noted in their page and are answered beside the loop, so that no page waits for them.

An admin's lesson file is downloaded and read, the figures are counted, one at a time for each admin; what the same person
says meanwhile comes after. Strangers who come in great number are answered a few at a time. Rows of `storage.pending`
survive the process: the next owner of the account takes them up.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.channels import Channel, ChannelError, Oversized
from bot.files.reader import Late, Reader, Unread
from bot.messages import Event, Unfetched
from bot.service.inbound import NOTHING, Received, answer_pending, apologise_pending
from bot.service.measures import Measures
from bot.service.outgoing import REPLY_LASTS
from bot.service.owning import as_owner
from bot.service.packing import unpack
from bot.talk import reception
from bot.talk.admin import largest
from bot.talk.reception import Needs
from bot.talk.turn import Rules
from storage import figures, pending
from storage.failures import DatabaseError, NotOwner
from storage.pending import Pending
from storage.store import Store

log = logging.getLogger(__name__)

FETCH = timedelta(seconds=60)
"""How long a file may take to come: 250 KB that take longer are sent again sooner."""
MOST_TRIES = 5
"""How often the work for an event is begun: a file that ends the process each time is given up."""
CROWD = 10
"""Strangers answered in one step."""
TAKE_UP, CROWDED = " take-up", " crowd"
"""Names of tasks beside the addresses, of which none begins with a space."""
REST = 2
"""Times as long as a step of the crowd took, before the next one: a third of the writer's time is theirs."""
AFTER_AN_ERROR = 1.0
"""Seconds before a database that did not answer is asked again."""

Answered = Callable[[Channel, Event, Received], Awaitable[None]]
"""Does what follows from an answer that is stored."""


class Backlog:
    """What waits beside the loop. `answered` is called after each answer."""

    def __init__(
        self, store: Store, rules: Rules, measures: Measures, now: Callable[[], datetime], answered: Answered
    ) -> None:
        self._store, self._rules, self._measures = store, rules, measures
        self._now, self._answered = now, answered
        self._tasks: dict[str, set[asyncio.Task[None]]] = defaultdict(set)
        self._working: set[tuple[str, str]] = set()
        self._more: set[tuple[str, str]] = set()
        self._crowds: dict[str, Counter[str]] = defaultdict(Counter)
        self._reader = Reader()

    @asynccontextmanager
    async def working(self, channel: Channel) -> AsyncIterator[None]:
        """Work on what waits for a channel while the block runs, also on what an earlier process left."""
        self._crowds[channel.name] = Counter()
        self._start(channel, TAKE_UP, self._take_up)
        try:
            yield
        finally:
            await self._end(channel.name)

    async def _take_up(self, channel: Channel, _: str) -> None:
        left = await self._store.read(pending.addresses, channel.name, crowd=False)
        crowd = await self._store.read(pending.addresses, channel.name, crowd=True)
        if left or crowd:
            log.info(
                "Events that were noted and not answered are taken up.",
                extra={"action": "take-up-events", "channel": channel.name, "events": len(left) + len(crowd)},
            )
        for address in set(left):
            self.begin(channel, address)
        self.begin_crowd(channel, crowd)

    def beside(self, channel: Channel, work: Coroutine[Any, Any, None]) -> None:
        """Run something for a channel that no page waits for, until it ends or the channel closes."""
        tasks = self._tasks[channel.name]
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def rested(self, channel: Channel) -> None:
        """Wait until nothing is left to do for a channel."""
        while tasks := self._tasks[channel.name]:
            await asyncio.wait(tasks)

    def begin(self, channel: Channel, address: str) -> None:
        """Work on what waits for an address."""
        self._start(channel, address, self._one_by_one)

    def begin_crowd(self, channel: Channel, addresses: Sequence[str]) -> None:
        """Answer these strangers when their turn comes: their events are noted."""
        if addresses:
            self._crowds[channel.name].update(addresses)
            self._start(channel, CROWDED, self._few_by_few)

    def in_crowd(self, channel: Channel, address: str) -> bool:
        """Tell whether an earlier event of an address still waits among the crowd's."""
        return self._crowds[channel.name][address] > 0

    def _start(
        self, channel: Channel, address: str, work: Callable[[Channel, str], Coroutine[Any, Any, None]]
    ) -> None:
        key = (channel.name, address)
        self._more.add(key)
        if key not in self._working:
            self._working.add(key)
            self.beside(channel, self._until_done(channel, address, work))

    async def _until_done(
        self, channel: Channel, address: str, work: Callable[[Channel, str], Coroutine[Any, Any, None]]
    ) -> None:
        key = (channel.name, address)
        try:
            while key in self._more:  # more was noted since the rows were last looked at
                self._more.discard(key)
                try:
                    await work(channel, address)
                except NotOwner:
                    return
                except DatabaseError as error:
                    log.warning(
                        "What waits beside the loop goes on later: %s",
                        error,
                        extra={"action": "work-backlog", "channel": channel.name},
                    )
                    self._more.add(key)
                    await asyncio.sleep(AFTER_AN_ERROR)
        finally:
            self._working.discard(key)

    async def _end(self, name: str) -> None:
        tasks = tuple(self._tasks[name])
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    # --- one person's events

    async def _one_by_one(self, channel: Channel, address: str) -> None:
        while waiting := await self._store.read(pending.of_address, channel.name, address):
            await self._do(channel, waiting[0])

    async def _few_by_few(self, channel: Channel, _: str) -> None:
        clock = asyncio.get_running_loop().time
        while waiting := await self._store.read(pending.of_crowd, channel.name, CROWD):
            began = clock()
            # In the order of their ids, so that the events of one address stay in order; one transaction takes them all.
            await asyncio.gather(*(self._do_of_crowd(channel, one) for one in waiting))
            self._crowds[channel.name] = +self._crowds[channel.name]
            await asyncio.sleep(REST * (clock() - began))

    async def _do_of_crowd(self, channel: Channel, one: Pending) -> None:
        await self._do(channel, one)
        self._crowds[channel.name][one.address] -= 1  # not when the database failed: it waits still

    async def _do(self, channel: Channel, one: Pending) -> None:
        """Answer one event, or give it up: it waits no more."""
        event = None
        try:
            if one.created_at < self._now() - REPLY_LASTS:
                await self._store.write(as_owner, channel.account, pending.take, one.id)
                return
            event = reception.read(unpack(one.event), self._rules)
            needed = reception.needs(event, self._rules)
            tries = 0
            if needed is not Needs.NOTHING:
                tries = await self._store.write(as_owner, channel.account, pending.begin, one.id)
                if not tries:
                    return
            if tries > MOST_TRIES:
                raise RuntimeError(f"the work was begun {MOST_TRIES} times and never ended")  # noqa: TRY301
            received = await self._write(
                channel, one, answer_pending, await self._prepared(channel, event, needed)
            )
        except DatabaseError:
            raise
        except Exception:
            log.exception(
                "An event could not be answered.", extra={"action": "answer-event", "channel": channel.name}
            )
            self._measures.event(channel.name, "failed")
            received = await self._given_up(channel, one, event)
        if event is not None:
            await self._answered(channel, event, received)

    async def _write(
        self, channel: Channel, one: Pending, f: Callable[..., Received], event: Event
    ) -> Received:
        return await self._store.write(
            as_owner, channel.account, f, one.id, event, self._rules, channel.limits, self._now()
        )

    async def _given_up(self, channel: Channel, one: Pending, event: Event | None) -> Received:
        try:
            if event is not None:
                return await self._write(channel, one, apologise_pending, event)
        except DatabaseError:
            raise
        except Exception:
            log.exception(
                "An event could not even be noted.",
                extra={"action": "apologise-for-event", "channel": channel.name},
            )
        await self._store.write(as_owner, channel.account, pending.take, one.id)
        return NOTHING

    # --- what takes long

    async def _prepared(self, channel: Channel, event: Event, needed: Needs) -> Event:
        """Fetch or count what an event needs: beside the transaction, not inside."""
        match needed:
            case Needs.FILE:
                return await self._with_lesson(channel, event)
            case Needs.FIGURES:
                return replace(event, figures=await self._store.read(figures.read))
            case _:
                return event

    async def _with_lesson(self, channel: Channel, event: Event) -> Event:
        """Download a lesson file, and have it read; one is read at a time, however many admins send one."""
        if event.file is None:  # `needs` says `FILE` of a file only
            return event
        try:
            async with asyncio.timeout(FETCH.total_seconds()):
                content = await channel.download(event.file, largest(event.file))
        except (ChannelError, TimeoutError) as failure:
            log.warning("A file could not be downloaded: %s", failure, extra={"action": "download-file"})
            return replace(event, lesson=_why(failure))
        try:
            return replace(event, lesson=await self._reader.read(content, event.file.name))
        except Unread as unread:
            log.warning("A file could not be read: %s", unread, extra={"action": "read-file"})
            why = Unfetched.LATE if isinstance(unread, Late) else Unfetched.UNREAD
            return replace(event, lesson=why)


def _why(failure: Exception) -> Unfetched:
    return Unfetched.TOO_BIG if isinstance(failure, Oversized) else Unfetched.UNREACHABLE
