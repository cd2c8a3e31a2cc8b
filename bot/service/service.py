# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The service: channels on one side, the store on the other, three loops between them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.channels import Channel, ChannelFault, Doubting
from bot.service import planning
from bot.service.alerts import Reached, tell_admins, tell_overdue
from bot.service.measures import Measures
from bot.service.owning import following, give_up, keep, note_page, own
from bot.service.pulse import Pulse
from bot.service.pump import Pump
from bot.service.receiving import Receiving
from bot.service.tidying import Tidying
from bot.talk import help_page
from bot.talk.turn import Rules
from bot.wording import LANGUAGES, words_of
from config.retention import Retention
from storage.failures import DatabaseError, NotOwner
from storage.store import Store

log = logging.getLogger(__name__)

REOPEN = 30.0
"""Seconds before a channel that was at fault is opened again."""
AFTER_AN_ERROR = 1.0
"""Seconds before a database that did not answer is asked again."""


def utc_now() -> datetime:
    """Return the time of the wall clock."""
    return datetime.now(UTC)


class Service:
    """What `app` builds and `run` runs. `now` is the clock; tests and the demonstration turn it."""

    def __init__(
        self,
        store: Store,
        channels: Sequence[Channel],
        rules: Rules,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        retention: Retention = Retention(),  # noqa: B008 - frozen
    ) -> None:
        self.store, self.rules, self.now, self.monotonic = store, rules, now, monotonic
        self.retention = retention
        self.channels: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self.pulse, self.measures = Pulse(monotonic()), Measures(self.channels)
        store.watch(self.measures.transaction)
        self.pumps = {
            channel.name: Pump(store, channel, now, self.alert, monotonic, self.measures)
            for channel in channels
        }
        self.receiving = Receiving(
            store,
            rules,
            self.pumps,
            self.measures,
            self.pulse,
            keeps=retention.messages,
            now=now,
            monotonic=monotonic,
            walk=self._begin_walk,
            admins=self._admins,
        )
        self._walks: set[asyncio.Task[None]] = set()
        for channel in channels:
            if isinstance(channel, Doubting):
                channel.judge(_named(rules.admins, channel.name))
        self._commands = {language: help_page.commands(words_of(language)) for language in LANGUAGES}

    # --- inbound

    async def listen(self, channel: Channel) -> None:
        """Receive pages of events until the input ends; a page is acknowledged after its transactions."""
        async for page in channel.listen():
            await self.receiving.receive_page(channel, page)
            await note_page(self.store, channel)
            if channel.asks_one_at_a_time:
                await asyncio.gather(*self._walks)
                await self.pumps[channel.name].drained()

    # --- scheduled

    async def plan(self, tick: datetime) -> int:
        """Plan all that is due at a tick. Return how many enrolments were."""
        planned = 0
        while number := await self.store.write(planning.plan, tick):
            planned += number
            self.wake()
            self.pulse.planned_at = self.monotonic()
            if number < planning.BATCH:
                break
        while await self._spread(tick):
            self.pulse.planned_at = self.monotonic()
        self.pulse.planned_at, self.pulse.lag = self.monotonic(), (self.now() - tick) / timedelta(seconds=1)
        return planned

    async def _spread(self, tick: datetime) -> bool:
        """Queue one batch of the broadcasts that are under way. Return whether there is more."""
        more = await self.store.write(planning.spread, tick)
        self.wake()
        return more

    def _begin_walk(self) -> None:
        walk = asyncio.create_task(self._walk())
        self._walks.add(walk)
        walk.add_done_callback(self._walks.discard)

    async def _walk(self) -> None:
        """Queue every broadcast under way to its end. What is left then is for the next tick."""
        try:
            while await self._spread(self.now()):
                pass
        except DatabaseError as error:
            log.warning(
                "A broadcast goes on with the next tick: %s", error, extra={"action": "spread-broadcast"}
            )

    async def tidy(self) -> None:
        """Erase and forget, each night, what is of no more use, a little at a time."""
        await Tidying(self.store, self.retention, self.now()).run()

    # --- outbound

    def wake(self) -> None:
        """Wake every pump: something was queued, for any channel."""
        for pump in self.pumps.values():
            pump.wake()

    async def alert(self, key: str, about: str) -> None:
        """Tell the admins, through any channel that reaches them."""
        try:
            await self.store.write(tell_admins, self._admins(), key, about, self.now())
        except DatabaseError:
            log.exception("The admins could not be told.", extra={"action": "alert-admins"})
        self.wake()

    async def remind_admins(self) -> None:
        """Tell the admins, once a week in the morning, which lessons are held back."""
        await self.store.write(tell_overdue, self._admins(), self.now())
        self.wake()

    def _admins(self, but: str = "") -> list[Reached]:
        """Return where the admins are reached now, all `but` one."""
        reached = []
        for admin in sorted(self.rules.admins - {but}):
            name, _, person = admin.partition(":")
            channel = self.channels.get(name)
            if channel is not None:
                reached.append(Reached(name, channel.reach(person), channel.limits))
        return reached

    # --- all of it

    async def run(self) -> None:
        """Run every channel until its input ends or it fails for good.

        Raises:
            ChannelFault: no channel is left.
        """
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(self._run(channel)) for channel in self.channels.values()]
        faults = [fault for task in running if (fault := task.result()) is not None]
        if faults and len(faults) == len(running):
            raise faults[0]

    async def _run(self, channel: Channel) -> ChannelFault | None:
        while True:
            async with following(self.store, channel):
                await own(self.store, channel.name, channel.account, self.pulse.stand_by)
            try:
                with self.pulse.owning(channel.name):
                    return await self._run_owned(channel)
            except NotOwner as lost:
                log.warning("%s", lost, extra={"action": "lose-account", "channel": channel.name})
            except DatabaseError as error:
                self._unanswered(channel, error)
                await asyncio.sleep(AFTER_AN_ERROR)
            finally:
                await give_up(self.store, channel.account)

    async def _run_owned(self, channel: Channel) -> ChannelFault | None:
        """Run a channel until its input ends or it fails for good.

        Raises:
            NotOwner: another process may run it.
        """
        opened = asyncio.Event()
        pump = asyncio.create_task(self._pump(channel, opened))
        listening = asyncio.create_task(self._keep_listening(channel, opened))
        keeping = asyncio.create_task(keep(self.store, channel.account))
        try:
            await asyncio.wait({pump, listening, keeping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            listening.cancel()
            keeping.cancel()
            if not pump.done():
                self.pumps[channel.name].stop()
            opened.set()
            await asyncio.wait({listening, pump, keeping})
            await channel.close()
        for task in (listening, pump, keeping):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error
        return None if listening.cancelled() else listening.result()

    async def _pump(self, channel: Channel, opened: asyncio.Event) -> None:
        # Before the channel is open a send can only fail, and would wait to be tried again.
        await opened.wait()
        await self.pumps[channel.name].run()

    async def _keep_listening(self, channel: Channel, opened: asyncio.Event) -> ChannelFault | None:
        while True:
            try:
                await channel.open()
                opened.set()
                log.info("The channel is open.", extra={"action": "open-channel", "channel": channel.name})
                introduction = asyncio.create_task(channel.introduce(self._commands))
                try:
                    with self.pulse.opened(channel.name):
                        await self.listen(channel)
                finally:
                    introduction.cancel()
            except ChannelFault as fault:
                self.pulse.open[channel.name] = False
                log.error(  # noqa: TRY400 - one sentence is what the operator needs
                    "%s",
                    fault,
                    extra={"action": "channel-fault", "channel": channel.name, "fatal": fault.fatal},
                )
                await self.alert("alert.fault", channel.name)
                if fault.fatal:
                    return fault
                await asyncio.sleep(REOPEN)
            except NotOwner:
                raise
            except DatabaseError as error:
                self._unanswered(channel, error)
                await asyncio.sleep(AFTER_AN_ERROR)
            except Exception:
                # A fault of one channel's library or disk: the others go on.
                log.exception(
                    "The channel stumbles; it is opened again in %g s.",
                    REOPEN,
                    extra={"action": "channel-fault", "channel": channel.name},
                )
                await self.alert("alert.fault", channel.name)
                await asyncio.sleep(REOPEN)
            else:
                return None

    def _unanswered(self, channel: Channel, error: DatabaseError) -> None:
        log.error(
            "The database does not answer: %s",
            error,
            extra={"action": "receive-events", "channel": channel.name},
        )


def _named(admins: Collection[str], channel: str) -> frozenset[str]:
    """Return the admins of a channel, without its name."""
    return frozenset(
        person for name, _, person in (admin.partition(":") for admin in admins) if name == channel
    )
