# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The inbound loop: a page of events in, an answer to each in the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.channels import Channel, Failure
from bot.messages import Event
from bot.pacing import Senders
from bot.service.alerts import Reached
from bot.service.inbound import NOTHING, Received, apologise, receive
from bot.service.measures import Measures
from bot.service.owning import as_owner
from bot.service.pulse import Pulse
from bot.service.pump import Pump
from bot.service.recognising import recognise
from bot.talk import reception
from bot.talk.admin import read_file
from bot.talk.reception import Needs
from bot.talk.rights import is_admin
from bot.talk.turn import Rules
from lessons.source.bounds import SIZE
from storage import counters, figures, pins
from storage.failures import DatabaseError
from storage.store import Store

log = logging.getLogger(__name__)

OLD_MARGIN = timedelta(days=1)
"""How much sooner than events are forgotten they are too old to be answered: clocks differ."""


class Receiving:
    """Answers events: it stores the answer, then wakes the pump of the channel."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        pumps: Mapping[str, Pump],
        measures: Measures,
        pulse: Pulse,
        *,
        keeps: timedelta,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        walk: Callable[[], object],
        admins: Callable[[str], Sequence[Reached]],
    ) -> None:
        """Take `keeps`, how long events are remembered, and `walk`, called after an admin's event: it queues broadcasts.

        `admins`: where those are reached whom the operator named, but one.
        """
        self._store, self._rules, self._pumps = store, rules, pumps
        self._measures, self._pulse = measures, pulse
        self._keeps, self._now, self._monotonic, self._walk = keeps, now, monotonic, walk
        self._admins = admins
        self._reading = asyncio.Semaphore(1)
        self._senders = {
            name: Senders(pump.channel.pace.sender_rate, pump.channel.pace.sender_burst)
            for name, pump in pumps.items()
        }

    async def receive_page(self, channel: Channel, page: Sequence[Event]) -> None:
        """Receive a page: events of one address in order, addresses beside each other."""
        if page:
            self._pumps[channel.name].heard()
        conversations: dict[str, list[Event]] = {}
        for event in page:
            conversations.setdefault(event.address, []).append(event)

        async def one_by_one(events: list[Event]) -> None:
            for event in events:
                await self.receive(channel, event)

        with self._pulse.busy(channel.name, self._monotonic()):
            await asyncio.gather(*(one_by_one(events) for events in conversations.values()))

    async def receive(self, channel: Channel, event: Event) -> None:
        """Answer one event: store, then send. Never raises for what an event holds."""
        self._measures.event(channel.name, "received")
        if event.age > self._keeps - OLD_MARGIN:
            log.warning(
                "An event is too old to know whether it is new: it is dropped.",
                extra={"action": "drop-event"},
            )
            await self._drop(channel, event, "old")
            return
        if not self._senders[channel.name].allow(event.address, self._monotonic()):
            log.warning("A sender is too fast: an event is dropped.", extra={"action": "drop-event"})
            await self._drop(channel, event, "dropped")
            return
        received = NOTHING
        try:
            event = await self._recognised(channel, event)
            event = await self._prepared(channel, reception.read(event, self._rules))
            received = await self._stored(event, channel)
        except DatabaseError:
            raise
        except Exception:
            log.exception(
                "An event could not be answered.", extra={"action": "answer-event", "channel": event.channel}
            )
            self._measures.event(channel.name, "failed")
            received = await self._apologised(event, channel)
        if received.again:
            # A channel may repeat hours of events: they must not cost their senders the answer to what is new.
            self._senders[channel.name].give_back(event.address)
        if received.queued:
            self._pumps[channel.name].wake()
        if received.cancelled:
            self._measures.cancelled(channel.name, received.cancelled)
        if is_admin(event, self._rules.admins):
            # What an admin sends now does not wait for the next minute, nor whoever writes meanwhile for its end.
            self._walk()
        if event.receipt:
            await channel.acknowledge(event, received.brief)

    async def _drop(self, channel: Channel, event: Event, outcome: str) -> None:
        self._measures.event(channel.name, outcome)
        await self._store.write(counters.add, f"event.{outcome}")
        if event.receipt:
            await channel.acknowledge(event, "")

    async def _stored(self, event: Event, channel: Channel) -> Received:
        return await self._store.write(
            as_owner, channel.account, receive, event, self._rules, channel.limits, self._now()
        )

    async def _apologised(self, event: Event, channel: Channel) -> Received:
        try:
            return await self._store.write(
                as_owner, channel.account, apologise, event, self._rules, channel.limits, self._now()
            )
        except DatabaseError:
            raise
        except Exception:
            log.exception(
                "An event could not even be noted.",
                extra={"action": "apologise-for-event", "channel": event.channel},
            )
            return NOTHING

    async def _recognised(self, channel: Channel, event: Event) -> Event:
        """Doubt an admin whose device is signed by another identity than the pinned one; pin the first."""
        if not (event.identity and is_admin(event, self._rules.admins)):
            return event
        if await self._store.read(pins.of, event.author) == event.identity:
            return event
        others = self._admins(event.author)
        doubt = await self._store.write(as_owner, channel.account, recognise, event, others, self._now())
        if doubt is None:
            log.info("The identity of an admin is pinned.", extra={"action": "pin-identity"})
            for pump in self._pumps.values():
                pump.wake()
            return event
        log.warning("An admin's identity is not the pinned one.", extra={"action": "doubt-admin"})
        return replace(event, doubt=doubt)

    async def _prepared(self, channel: Channel, event: Event) -> Event:
        """Fetch what an admin's event needs and what takes long: beside the transaction, not inside."""
        match reception.needs(event, self._rules):
            case Needs.FILE:
                return await self._with_lesson(channel, event)
            case Needs.FIGURES:
                return await self._with_figures(event)
            case _:
                return event

    async def _with_lesson(self, channel: Channel, event: Event) -> Event:
        """Download a lesson file, and read it; one is read at a time. Return the event as it was when the download fails.

        An event that comes again is read again: up to 1.5 s of processor time for a bad file, in a thread.
        """
        if event.file is None:  # `needs` says `FILE` of a file only
            return event
        try:
            content = await channel.download(event.file, SIZE)
        except Failure as failure:
            log.warning("A file could not be downloaded: %s", failure, extra={"action": "download-file"})
            return event
        async with self._reading:
            return replace(event, lesson=await asyncio.to_thread(read_file, content, event.file.name))

    async def _with_figures(self, event: Event) -> Event:
        """Count beside the writer: it reads every row that is kept, which takes seconds where there are millions."""
        try:
            return replace(event, figures=await self._store.read(figures.read))
        except DatabaseError as error:
            log.warning("The figures could not be counted: %s", error, extra={"action": "count-figures"})
            return event
