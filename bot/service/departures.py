# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What follows from an erasure: the journal before the goodbye, then the channel's own store, then the database's log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.channels import Channel, ChannelError, ChannelFault, Storing, Throttled, Unreachable
from bot.service.noting import Alert, Noting
from bot.service.outbound import Ended, Outcome
from config.retention import MARGIN
from storage import devices, erasure, journal
from storage.failures import DatabaseError
from storage.outbox import queue
from storage.outbox.rows import SCHEDULED
from storage.store import Store

log = logging.getLogger(__name__)

LINGER = timedelta(seconds=3)
"""How long after the goodbye the channel forgets: who changes their mind at once is still in the room."""
FIRST_RETRY, LONGEST_RETRY = 1.0, 60.0
"""Seconds before the database's log is tried again while somebody reads, doubled each time."""
REST = 10.0
"""Seconds from one emptying of the log to the next: one serves every erasure since the last."""
STEP = 50
"""Addresses that are deleted in one transaction."""
IN_A_ROW = 10
"""Addresses that a channel forgets in a row: each costs a call, and messages wait for it."""
PAUSE = 4
"""Pause after such a step, as a multiple of its duration."""
PUT_OFF = timedelta(minutes=10)
"""How long an address that cannot be forgotten waits before it is retried, behind all others."""
LONG_READ = 120.0
"""Seconds after which a reader that keeps the log from being emptied is logged."""
UNSENT = ("expired", "refused")
ERASED_TABLES = (
    "learner",
    "address",
    "enrolment",
    "delivered",
    "prompt",
    "tally",
    "recall",
    "attestation",
    "outbox",
    "conversation",
    "pending",
    "to_forget",
    "staff",
    "wrong_code",
)


class Unwritten(Unreachable):
    """What is to be written before a message leaves cannot be: it is tried again. It is not the channel that is at fault."""


class Departures:
    """The work of one process. `journal`: the file; None where nothing is erased for real, as in a bench."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        file: Path | None,
        backups: timedelta,
        now: Callable[[], datetime],
        alert: Alert | None = None,
    ) -> None:
        self._store, self._channels, self._backups, self._now = store, channels, backups, now
        self._noting = Noting(store, file, now, alert)
        self._forgetting = asyncio.Lock()
        self._dirty, self._left = asyncio.Event(), asyncio.Event()
        self._deleting, self._undeletable = asyncio.Lock(), set[int]()

    def _oldest(self) -> datetime:
        """Return when the oldest copy of the database may be of that somebody puts back."""
        return self._now() - self._backups - MARGIN

    async def complete(self) -> None:
        """Finish an erasure before its goodbye leaves: delete the remaining addresses and write the journal.

        Raises:
            DatabaseError: it is not finished yet.
        """
        await self._delete_overdue()
        await self.note()

    async def complete_before_goodbye(self) -> None:
        """Do as `complete`, for the outbound loop.

        Raises:
            Unwritten: it is not finished yet.
        """
        try:
            await self.complete()
        except DatabaseError as error:
            raise Unwritten(str(error)) from None

    async def note(self) -> None:
        """Write to the journal what it lacks: before a goodbye leaves, at start, and each minute.

        Raises:
            DatabaseError: it cannot be read or written.
        """
        await self._noting.note(self._oldest())

    def left(self) -> None:
        """Follow a goodbye that ended, whose address is deleted, or a transient row, whose content is blanked."""
        self._dirty.set()
        self._left.set()

    def settled(self, outcomes: Sequence[Outcome], ended: Mapping[Ended, int]) -> None:
        """Follow rows that ended."""
        # Of a reply that did not leave only the count is known: it may have been either.
        unsent = any(priority != SCHEDULED and what in UNSENT for priority, what, _ in ended)
        if unsent or any(outcome.row.leaves_nothing for outcome in outcomes):
            self.left()

    def overwritten(self) -> None:
        """Empty the database's log soon: it holds what was overwritten."""
        self._dirty.set()

    async def look(self) -> None:
        """Do what is left to do, each minute: what a crash, an outage or a standby kept from being done at once."""
        await self._noting.mend()
        await self.erased()
        await self._note_devices()
        await self._delete_overdue()
        if await self._store.write(queue.blank_late, self._now()):
            self._dirty.set()
        # Forgetting many addresses takes minutes: the journal does not wait for it.
        if not self._forgetting.locked():
            await self.forget()

    async def opened(self) -> None:
        """Note a channel's device as soon as it is open: who leaves from now on is forgotten there."""
        await self._note_devices()

    async def tidy(self) -> None:
        """Do the night's part: drop what no copy of the database tells of any more, and free what was deleted."""
        oldest = self._oldest()
        self._undeletable.clear()
        await self._noting.look_at_all()
        await self._delete_overdue()
        for name, device in await self._store.write(devices.drop_absent, oldest):
            log.warning(
                "A machine was not seen for long: it is told no more whom to forget.",
                extra={"action": "drop-device", "channel": name, "device": device},
            )
        for name in await self._store.write(devices.drop_late, oldest):
            log.error(
                "An address could not be forgotten for weeks, and is tried no more. Its keys stay in the channel's folder.",
                extra={"action": "forget-address", "channel": name},
            )
        await self._store.write(journal.prune_rows, oldest)
        await self._noting.tidy(oldest)
        self._dirty.set()
        for channel in self._channels.values():
            if isinstance(channel, Storing):
                try:
                    await channel.compact()
                except Exception:
                    log.exception(
                        "A channel's store was not made smaller; the rest goes on.",
                        extra={"action": "tidy-database", "channel": channel.name},
                    )
        await self._store.vacuum(ERASED_TABLES)

    async def run(self) -> None:
        """Follow every goodbye, until cancelled. What a process that was killed left in the log goes first."""
        self._dirty.set()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_scrubbing())
            tasks.create_task(self._keep_forgetting())

    async def erased(self) -> None:
        """Write the journal at once after an erasure. Goodbyes wait while it cannot be written."""
        try:
            await self.note()
        except DatabaseError as error:
            if not self._noting.is_reported(error):
                log.error(  # noqa: TRY400 - one sentence is what the operator needs
                    "The database does not answer: %s", error, extra={"action": "write-journal"}
                )

    async def _delete_overdue(self) -> None:
        """Delete the overdue addresses in steps; one that cannot be deleted is retried the next night."""
        clock = asyncio.get_running_loop().time
        async with self._deleting:
            while ids := await self._store.read(erasure.overdue, self._now(), STEP, self._undeletable):
                began = clock()
                try:
                    await self._delete(ids)
                except DatabaseError:
                    raise
                except Exception:  # noqa: BLE001 - each is tried by itself, and logged
                    await self._delete_each(ids)
                if len(ids) < STEP:
                    return
                await asyncio.sleep(PAUSE * (clock() - began))

    async def _delete_each(self, ids: Sequence[int]) -> None:
        for id_ in ids:
            try:
                await self._delete([id_])
            except DatabaseError:
                raise
            except Exception:
                self._undeletable.add(id_)
                log.exception(
                    "An erased address cannot be deleted; it is tried again the next night.",
                    extra={"action": "delete-erased"},
                )

    async def _delete(self, ids: Sequence[int]) -> None:
        if await self._store.write(erasure.leave_overdue, ids, self._now()):
            self._dirty.set()

    async def _note_devices(self) -> None:
        for channel, device in self._storing():
            await self._store.write(devices.note, channel.name, device, self._now())

    def _storing(self) -> list[tuple[Channel, str]]:
        """Return the channels whose store is open here, each with its device."""
        return [
            (channel, channel.own_device)
            for channel in self._channels.values()
            if isinstance(channel, Storing) and channel.own_device
        ]

    async def _keep_forgetting(self) -> None:
        while True:
            await self._left.wait()
            self._left.clear()
            await asyncio.sleep(LINGER / timedelta(seconds=1))
            try:
                await self.forget()
            except DatabaseError as error:
                log.info("The database does not answer: %s", error, extra={"action": "forget-address"})
            except Exception:
                log.exception("Nothing was forgotten; it is tried again.", extra={"action": "forget-address"})

    async def forget(self) -> None:
        """Have each channel of this machine forget some of the addresses that left a while ago. What fails is tried again.

        Where there are more, `run` goes on with them soon.
        """
        async with self._forgetting:
            for channel, device in self._storing():
                await self._forget(channel, device)

    async def _forget(self, channel: Channel, device: str) -> None:
        waiting = await self._store.read(
            devices.waiting, channel.name, device, self._now() - LINGER, IN_A_ROW
        )
        for address in waiting:
            if not await self._store.read(devices.still_waits, channel.name, device, address):
                continue  # they came back
            try:
                await channel.forget(address)
            except ChannelError as error:
                log.warning(
                    "An address is not forgotten yet: %s",
                    error,
                    extra={"action": "forget-address", "channel": channel.name},
                )
                if isinstance(error, (ChannelFault, Throttled, Unreachable)):
                    return  # the service takes none now
                await self._put_off(channel, device, address)
                continue
            except Exception:
                log.exception(
                    "An address cannot be forgotten; it is tried again.",
                    extra={"action": "forget-address", "channel": channel.name},
                )
                await self._put_off(channel, device, address)
                continue
            await self._store.write(devices.forgot, channel.name, device, [address])
            self._dirty.set()
        if len(waiting) == IN_A_ROW:
            self._left.set()

    async def _put_off(self, channel: Channel, device: str, address: str) -> None:
        await self._store.write(devices.put_off, channel.name, device, address, self._now() + PUT_OFF)

    async def _keep_scrubbing(self) -> None:
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            await self._scrub()
            await asyncio.sleep(REST)

    async def _scrub(self) -> None:
        began, pause, told = asyncio.get_running_loop().time(), FIRST_RETRY, False
        while True:
            try:
                if await self._store.scrub():
                    return
            except DatabaseError as error:
                log.info("The database's log cannot be emptied: %s", error, extra={"action": "scrub-log"})
            except Exception:
                log.exception("The database's log cannot be emptied.", extra={"action": "scrub-log"})
            if not told and asyncio.get_running_loop().time() - began > LONG_READ:
                told = True
                log.warning(
                    "Somebody has been reading the database for minutes: what was erased stays in its log.",
                    extra={"action": "scrub-log"},
                )
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_RETRY)
