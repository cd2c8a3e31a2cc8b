# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The inbound loop: a page of events in, an answer to each in the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta

from bot.channels import Channel
from bot.messages import Event
from bot.pacing import Quota, Senders
from bot.service.alerts import Reached
from bot.service.backlog import Backlog
from bot.service.inbound import NOTHING, Received, apologise, put_off, receive
from bot.service.measures import Measures
from bot.service.owning import as_owner
from bot.service.pulse import Pulse
from bot.service.pump import Pump
from bot.talk import reception, verifying
from bot.talk.rights import in_name_of_admin, is_admin
from bot.talk.turn import Rules
from storage import counters, learners
from storage.failures import DatabaseError
from storage.store import Store

log = logging.getLogger(__name__)

OLD_MARGIN = timedelta(days=1)
"""How much sooner than events are forgotten they are too old to be answered: clocks differ."""
FEW = 10
"""People of one page who are answered at once, whoever they are. Of more, strangers come after, in the backlog: a page of
100 strangers takes 25 ms to note and 100 ms to answer, and learners wait in the next page."""
VERIFICATIONS = (5, 100)
"""Codes of attestations that are looked up in a minute: for one address, and for all."""


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
        erased: Callable[[], Awaitable[object]],
        admins: Callable[[str], Sequence[Reached]],
    ) -> None:
        """Take `keeps`, how long events are remembered.

        `walk` is called after an admin's event: it queues broadcasts. `erased` is called after an erasure. `admins`: where
        those are reached whom the operator named, but one.
        """
        self._store, self._rules, self._pumps = store, rules, pumps
        self._measures, self._pulse = measures, pulse
        self._keeps, self._now, self._monotonic, self._walk = keeps, now, monotonic, walk
        self._erased, self._admins = erased, admins
        self._backlog = Backlog(store, rules, measures, now, self._answered)
        self._dropped: Counter[str] = Counter()
        self._verifications = Quota(*VERIFICATIONS)
        self._senders = {
            name: Senders(pump.channel.pace.sender_rate, pump.channel.pace.sender_burst)
            for name, pump in pumps.items()
        }

    def working(self, channel: Channel) -> AbstractAsyncContextManager[None]:
        """Work on what waits beside the loop while the block runs."""
        return self._backlog.working(channel)

    async def rested(self, channel: Channel) -> None:
        """Wait until nothing waits beside the loop."""
        await self._backlog.rested(channel)

    async def receive_page(self, channel: Channel, page: Sequence[Event]) -> None:
        """Receive a page: events of one address in order, addresses beside each other, learners before a crowd."""
        if page:
            self._pumps[channel.name].heard()
        conversations: dict[str, list[Event]] = {}
        for event in page:
            conversations.setdefault(event.address, []).append(event)

        async def one_by_one(events: list[Event]) -> None:
            before = ""
            for event in events:
                event = self._read(event)
                request = reception.request_of(event)
                # Both were sent before either was answered. A terminal's lines are typed one after the other.
                if request and request == before:
                    self._measures.event(channel.name, "repeated")
                    continue
                before = request
                await self.receive(channel, event)

        with self._pulse.busy(channel.name, self._monotonic()):
            crowd = await self._crowd(channel, conversations)
            await asyncio.gather(
                *(one_by_one(events) for address, events in conversations.items() if address not in crowd)
            )
            await self._put_off(channel, [event for event in page if event.address in crowd])

    async def _crowd(self, channel: Channel, conversations: Mapping[str, Sequence[Event]]) -> set[str]:
        """Return the addresses of a page whose events are put off: strangers among many, and who waits already."""
        # Whatever bears an admin's name is looked at here: a crowd's events are answered without asking whose device it was.
        others = {
            address
            for address, events in conversations.items()
            if not any(in_name_of_admin(event, self._rules.admins) for event in events)
        }
        crowd = {address for address in others if self._backlog.in_crowd(channel, address)}
        if len(conversations) <= FEW:
            return crowd
        return others - await self._store.read(learners.known, channel.name, list(others)) | crowd

    async def _put_off(self, channel: Channel, events: Sequence[Event]) -> None:
        """Note events of a crowd in one transaction: 100 take as long as three answers."""
        for _ in events:
            self._measures.event(channel.name, "received")
        crowd = [event for event in map(self._read, events) if self._admitted(channel, event)]
        if not crowd:
            return
        try:
            noted = await self._store.write(as_owner, channel.account, put_off, crowd, self._now())
        except DatabaseError:
            raise
        except Exception:
            log.exception(
                "A crowd cannot be put off: its events are answered one by one.",
                extra={"action": "put-off-events", "channel": channel.name},
            )
            for event in crowd:
                await self._receive(channel, event)
            return
        self._backlog.begin_crowd(channel, noted)
        for event in crowd:
            self._acknowledge(channel, event, "")

    async def receive(self, channel: Channel, event: Event) -> None:
        """Answer one event: store, then send. Never raises for what an event holds."""
        self._measures.event(channel.name, "received")
        event = self._read(event)
        if self._admitted(channel, event):
            await self._receive(channel, event)

    def _read(self, event: Event) -> Event:
        """Return the event with its command. One that cannot be read is answered as one that fails."""
        try:
            if event.command is not None:
                return event
            event = reception.read(event, self._rules)
            hurried = event.command in verifying.NAMES and not self._verifications.allow(
                (event.channel, event.address), self._monotonic()
            )
            return replace(event, hurried=hurried)
        except Exception:
            log.exception(
                "An event could not be read.", extra={"action": "answer-event", "channel": event.channel}
            )
            return event

    async def _receive(self, channel: Channel, event: Event) -> None:
        received = NOTHING
        try:
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
        if received.pending:
            self._backlog.begin(channel, event.address)
        if received.pinned:
            log.info("The identity of an admin is pinned.", extra={"action": "pin-identity"})
            for pump in self._pumps.values():
                pump.wake()
        if received.doubted:
            log.warning("An admin's identity is not the pinned one.", extra={"action": "doubt-admin"})
        await self._answered(channel, event, received)
        self._acknowledge(channel, event, received.brief)

    async def _answered(self, channel: Channel, event: Event, received: Received) -> None:
        """Do what follows from what is stored."""
        if received.erased:
            await self._erased()
        if received.queued:
            self._pumps[channel.name].wake()
        if received.cancelled:
            self._measures.cancelled(channel.name, received.cancelled)
        if is_admin(event, self._rules.admins):
            # What an admin sends now does not wait for the next minute, nor whoever writes meanwhile for its end.
            self._walk()

    def _acknowledge(self, channel: Channel, event: Event, brief: str) -> None:
        """Answer a press beside the loop: a service that is slow to take it, up to 5 s, holds up no page."""
        if event.receipt:
            self._backlog.beside(channel, channel.acknowledge(event, brief))

    def _admitted(self, channel: Channel, event: Event) -> bool:
        """Tell whether an event is to be answered; one that is not is counted."""
        if event.age > self._keeps - OLD_MARGIN:
            self._drop(
                channel, event, "old", "Events are too old to know whether they are new: they are dropped."
            )
            return False
        if not self._senders[channel.name].allow(
            event.address, self._monotonic(), reception.request_of(event)
        ):
            self._drop(channel, event, "dropped", "A sender is too fast: events are dropped.")
            return False
        return True

    def _drop(self, channel: Channel, event: Event, outcome: str, why: str) -> None:
        # One line a sender and minute, and one write a minute for them all: a flood is no reason to write one.
        if number := self._senders[channel.name].dropped(event.address, self._monotonic()):
            log.warning(why, extra={"action": "drop-event", "channel": channel.name, "events": number})
        self._measures.event(channel.name, outcome)
        self._dropped[f"event.{outcome}"] += 1
        self._acknowledge(channel, event, "")

    async def note_dropped(self) -> None:
        """Write how many events were dropped since the last time.

        Raises:
            DatabaseError: they are counted still, for the next time.
        """
        dropped, self._dropped = self._dropped, Counter()
        try:
            if dropped:
                await self._store.write(counters.add_all, dropped)
        except BaseException:
            self._dropped += dropped
            raise

    async def _stored(self, event: Event, channel: Channel) -> Received:
        others = self._admins(event.author) if event.identity and is_admin(event, self._rules.admins) else ()
        # Who has read the answer may ask anew at once: the transaction that marks it may come after this one.
        delivered = self._pumps[channel.name].delivered
        return await self._store.write(
            as_owner,
            channel.account,
            receive,
            event,
            self._rules,
            channel.limits,
            self._now(),
            others,
            delivered,
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
