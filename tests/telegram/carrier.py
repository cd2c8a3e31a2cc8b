# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Who carries updates to the bot's own address, in which order, and how often?

As `WebhookActor` of Telegram's server does: the messages of a chat one after the other, those of other chats beside them,
presses in a queue of their own; after a failure at once, then after 2, 4, 8… seconds up to one or two minutes, or after
the `Retry-After` that the bot gave; one post at a time until one succeeds, when none did for ten seconds; a press that
cannot be told within 150 seconds is dropped. Its limit on queues in memory and on new connections is left out.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.telegram.faults import Fault, Faults, Kind
from tests.telegram.journal import Delivery, Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.telegram.updates import Updates

Object = dict[str, Any]
Queue = tuple[str, int]

READ_TIMEOUT = 50.0
"""Seconds without a byte, after which a post has failed."""
LONGEST_RETRY = 60
"""Seconds; twice as many at random."""
LONGEST_RETRY_AFTER = 3600
IDLE = 10.0
"""Seconds without a success, after which one post goes at a time."""
PRESS_LIVES = 150.0
UPDATE_LIVES = 86_400.0
BAD_GATEWAY = "Wrong response from the webhook: 502 Bad Gateway"


@dataclass(slots=True)
class Parcel:
    """An update on its way."""

    update: Object
    expires: float
    delay: int = 1
    failures: int = 0


class Carrier:
    """Carries updates to one address until stopped."""

    def __init__(
        self,
        target: str,
        headers: Mapping[str, str],
        at_once: int,
        updates: Updates,
        faults: Faults,
        note: Callable[[Delivery], None],
        journal: Journal,
    ) -> None:
        self._target, self._headers, self._at_once = target, headers, at_once
        self._updates, self._faults, self._note, self._journal = updates, faults, note, journal
        self._queues: dict[Queue, deque[Parcel]] = {}
        self._ready: deque[Queue] = deque()
        self._busy: set[asyncio.Task[None]] = set()
        self._alarms: set[asyncio.TimerHandle] = set()
        self._succeeded = float("-inf")
        self._session: aiohttp.ClientSession | None = None
        self.error: tuple[int, str] | None = None
        """When carrying failed last, as a Unix time, and why."""

    def start(self) -> None:
        """Carry what waits, and what comes."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=None, sock_read=READ_TIMEOUT),
        )
        self._updates.carry = self.take
        for update in list(self._updates.waiting):
            self.take(update)

    async def stop(self) -> None:
        """Let go of everything; what was not delivered still waits."""
        self._updates.carry = None
        for alarm in self._alarms:
            alarm.cancel()
        busy = list(self._busy)
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def take(self, update: Object) -> None:
        """One more update, the last of its queue."""
        queue = _queue_of(update)
        lives = PRESS_LIVES if queue[0] == "press" else UPDATE_LIVES
        parcels = self._queues.setdefault(queue, deque())
        parcels.append(Parcel(update, time.monotonic() + lives))
        if len(parcels) == 1:
            self._ready.append(queue)
            self._dispatch()

    def _dispatch(self) -> None:
        recently = time.monotonic() - self._succeeded < IDLE
        while self._ready and len(self._busy) < (self._at_once if recently else 1):
            task = asyncio.get_running_loop().create_task(self._deliver(self._ready.popleft()))
            self._busy.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._busy.discard(task)
        if task.cancelled():
            return
        if error := task.exception():
            self._journal.violations.append(f"the carrier stumbled: {error!r}")
        self._dispatch()

    async def _deliver(self, queue: Queue) -> None:
        parcels = self._queues[queue]
        parcel = parcels[0]
        delivery = Delivery(parcel.update["update_id"], time.time())
        self._note(delivery)
        status, retry_after, problem = await self._post(parcel.update)
        delivery.status = status
        self._journal.count("webhook", delivery.at, status)
        if not problem:
            self._succeeded = time.monotonic()
            self._updates.deliver(parcel.update)
        else:
            self.error = (int(time.time()), problem)
            delay = _delay(parcel, retry_after)
            if time.monotonic() + delay <= parcel.expires:
                self._later(delay, queue)
                return
            self._updates.deliver(parcel.update)
        parcels.popleft()
        if parcels:
            self._ready.append(queue)
        else:
            del self._queues[queue]

    def _later(self, delay: float, queue: Queue) -> None:
        def awake() -> None:
            self._alarms.discard(alarm)
            self._ready.append(queue)
            self._dispatch()

        alarm = asyncio.get_running_loop().call_later(delay, awake)
        self._alarms.add(alarm)

    async def _post(self, update: Object) -> tuple[int, int, str]:
        """Status (0: none), `Retry-After`, and what is wrong; nothing when all is well."""
        delay, fault = self._faults.draw("webhook", None)
        await asyncio.sleep(delay)
        if fault is not None and not fault.recorded:
            return await _failed(fault)
        assert self._session is not None
        try:
            async with self._session.post(
                self._target, data=json.dumps(update), headers=self._headers
            ) as response:
                await response.read()
        except aiohttp.SocketTimeoutError:
            return 0, 0, "Read timeout expired"
        except (aiohttp.ClientError, OSError):
            return 502, 0, BAD_GATEWAY  # of the reverse proxy in front
        if fault is not None:
            return await _failed(fault)
        if 200 <= response.status < 300:
            return response.status, 0, ""
        after = response.headers.get("Retry-After", "")
        return (
            response.status,
            min(int(after), LONGEST_RETRY_AFTER) if after.isdecimal() else 0,
            f"Wrong response from the webhook: {response.status} {response.reason}",
        )


def _queue_of(update: Mapping[str, Any]) -> Queue:
    if message := update.get("message") or update.get("edited_message"):
        return "message", message["chat"]["id"]
    if press := update.get("callback_query"):
        return "press", press["from"]["id"]
    if change := update.get("my_chat_member"):
        return "member", change["chat"]["id"]
    return "other", update["update_id"]


def _delay(parcel: Parcel, retry_after: int) -> float:
    delay = retry_after
    if not retry_after and parcel.failures:
        parcel.delay = min(random.randint(LONGEST_RETRY, 2 * LONGEST_RETRY), 2 * parcel.delay)  # noqa: S311
        delay = parcel.delay
    parcel.failures += 1
    return delay


async def _failed(fault: Fault) -> tuple[int, int, str]:
    if fault.kind is Kind.HANG:
        await asyncio.sleep(fault.seconds)
        return 0, 0, "Read timeout expired"
    if fault.kind is Kind.CUT:
        return 0, 0, "Webhook connection closed"
    if fault.kind is Kind.BAD_GATEWAY:
        return 502, 0, BAD_GATEWAY
    raise ValueError(f"a post cannot fail with {fault.kind}")
