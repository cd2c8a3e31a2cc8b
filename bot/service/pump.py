# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The outbound loop: claim what may start now, send it, mark it; one pump for each channel, run by its owner only."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from bot.channels import Channel, Failure, Rejected, Throttled, Unexplained
from bot.drawing.studio import Studio
from bot.pacing import Pacing
from bot.service.alerts import Reached
from bot.service.breaker import Breaker
from bot.service.departures import Departures, Unwritten
from bot.service.measures import Measures
from bot.service.outbound import (
    Attempt,
    Ended,
    Held,
    Outcome,
    counted,
    end,
    may_tell,
    settle,
    step,
    take_over,
)
from bot.service.owning import as_owner
from bot.service.pictures import Pictures
from bot.service.taking_back import TakingBack
from storage.failures import DatabaseError, NotOwner
from storage.outbox import claims, queue
from storage.outbox.rows import GOODBYE, STRANGER
from storage.store import Store
from storage.types import Tx

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

Alert = Callable[[str, str], Awaitable[None]]
"""Tells the admins: the key of a sentence, and what it is about."""

LONGEST_NAP = 5.0
"""Seconds after which the outbox is looked at again, should another process have written to it."""
AFTER_AN_ERROR = 1.0
LAST_CALLS = 3.0
"""Seconds that sends under way have to end when the process stops."""


class Pump:
    """One channel's way out. `wake` it whenever something was queued."""

    def __init__(
        self,
        store: Store,
        channel: Channel,
        now: Callable[[], datetime],
        alert: Alert,
        monotonic: Callable[[], float] = time.monotonic,
        measures: Measures | None = None,
        departures: Departures | None = None,
        admins: Callable[[], Sequence[Reached]] = tuple,
        studio: Studio | None = None,
    ) -> None:
        self.store, self.channel, self.now, self.alert, self.monotonic = store, channel, now, alert, monotonic
        self.measures = measures or Measures([channel.name])
        self.departures, self.admins = departures, admins
        self.pacing = Pacing(channel.pace)
        self.breaker = Breaker()
        self.token = ""
        self.alive_at: float | None = None
        """When the loop last turned, unless every place was taken by a send that does not end; `None`: it does not run."""
        self._stopping = False
        self._awake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._ended: list[Outcome] = []
        self._strangers_first = True
        self._taking_back = TakingBack(store, channel.name, now, monotonic)
        self._pictures = Pictures(
            channel,
            studio or Studio(),
            self.measures,
            self.pacing,
            monotonic,
            self._awake.set,
            lambda row: self._write(queue.note_drawing, row),
        )
        self._look_again = False
        """Whether another step may do more, though this one started nothing."""
        self._next_ready: datetime | None = None
        self._idle = asyncio.Condition()
        self._busy = True

    def wake(self) -> None:
        """Look at the outbox now: something was queued."""
        self._busy = True
        self._awake.set()

    def heard(self) -> None:
        """Note that somebody was heard through the channel."""
        self.breaker.heard(self.monotonic())

    @property
    def delivered(self) -> frozenset[int]:
        """Rows of the outbox that have arrived and are not marked yet."""
        return frozenset(outcome.row.id for outcome in self._ended if outcome.failure is None)

    async def drained(self) -> None:
        """Wait until nothing that may leave now is left."""
        async with self._idle:
            await self._idle.wait_for(lambda: not self._busy)

    def stop(self) -> None:
        """Start nothing more. `run` returns once what is under way has ended and is marked."""
        self._stopping = True
        self._awake.set()

    async def run(self) -> None:
        """Send until stopped; then wait for what is in flight, and mark it. May be run again.

        Raises:
            NotOwner: the account is run by another process, or may be.
        """
        self.alive_at = self.monotonic()
        try:
            await self._run()
        finally:
            self.alive_at = None

    async def _run(self) -> None:
        self.token = claims.token_of(self.channel.device, secrets.token_hex(4))
        if self._ended:
            # Sent before the account was lost: marked, it leaves no second time.
            await self._mark_and_claim(0, self.monotonic())
        freed = await self._write(take_over, self.channel.name, self.token, self.now())
        if freed:
            self.measures.taken_over(self.channel.name, freed)
            log.warning(
                "Messages were under way when the last process stopped: they may arrive twice.",
                extra={"action": "take-over", "channel": self.channel.name, "messages": freed},
            )
        try:
            while not self._stopping:
                await self._step()
        finally:
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=LAST_CALLS)
            self._stopping = False
        seemed_gone = self._taking_back.waiting
        await self._mark_and_claim(0, self.monotonic())
        await self._taking_back.resume(seemed_gone)

    async def _write(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.store.write(as_owner, self.channel.account, f, *args, **kwargs)

    async def _step(self) -> None:
        self._awake.clear()
        now = self.monotonic()
        if self._ended or len(self._under_way) < self.channel.pace.in_flight:
            self.alive_at = now
        is_probe = self.breaker.is_open
        places = self.breaker.places(self.pacing.places(now, len(self._under_way)), now)
        seemed_gone, started, self._look_again = self._taking_back.waiting, 0, False
        try:
            started = await self._mark_and_claim(places, now)
            if is_probe and started:
                self.breaker.probed(now)
            await self._taking_back.resume(seemed_gone)
        except NotOwner:
            raise
        except DatabaseError as error:
            log.error(  # noqa: TRY400 - one sentence is what the operator needs
                "The outbox cannot be read or written: %s",
                error,
                extra={"action": "move-outbox", "channel": self.channel.name},
            )
            await asyncio.sleep(AFTER_AN_ERROR)
        except Exception:
            log.exception(
                "The outbox stumbles; it goes on.",
                extra={"action": "move-outbox", "channel": self.channel.name},
            )
            await asyncio.sleep(AFTER_AN_ERROR)
        if started or self._ended or self._look_again:
            return
        async with self._idle:
            # Woken since: what was queued meanwhile is not in this step.
            self._busy = bool(self._under_way) or self._ready_now() or self._awake.is_set()
            if not self._busy:
                self._idle.notify_all()
        # Not `wait_for`: on Python 3.11 it swallows a cancellation that comes just when it is woken, and the process
        # would not stop.
        with suppress(TimeoutError):
            async with asyncio.timeout(self._nap()):
                await self._awake.wait()

    async def _mark_and_claim(self, places: int, now: float) -> int:
        """Mark outcomes and claim rows in one transaction. Return how many sends were started."""
        outcomes, turns = self._ended[:], self._pictures.turns(now)
        try:
            # Before the answers that wait to be written: those that are written would leave after them.
            done = await self.store.write_first(
                as_owner,
                self.channel.account,
                step,
                self.channel.name,
                self.token,
                self.channel.limits,
                outcomes,
                places,
                self.pacing.resting(now),
                self.now(),
                strangers_first=self._strangers_first,
                admins=self.admins() if may_tell(outcomes) else (),
                turns=turns,
            )
        except Exception as error:
            if not outcomes or isinstance(error, DatabaseError):
                raise  # they are marked with the next step
            await self._settle_each()
            return await self._mark_and_claim(places, now)
        del self._ended[: len(outcomes)]
        self._next_ready = done.next_ready
        self._look_again = self._pictures.note(turns, done, places, now)
        if done.attempts:
            self._strangers_first = not any(attempt.row.priority == STRANGER for attempt in done.attempts)
        for attempt in done.attempts:
            self.pacing.took(attempt.row.address_id, now)
            task = asyncio.create_task(self._send(attempt))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            self._pictures.follow(attempt, task)
        await self._report(outcomes, done.held, done.ended)
        return len(done.attempts)

    async def _settle_each(self) -> None:
        """Settle outcomes one by one: one that cannot be settled must not hold up the others."""
        while self._ended:
            outcome = self._ended[0]
            try:
                admins = self.admins() if may_tell([outcome]) else ()
                held, ended = await self._write(settle, [outcome], self.now(), admins)
            except DatabaseError:
                raise
            except Exception:
                log.exception(
                    "What became of a message cannot be settled: it ends, without what follows from it.",
                    extra={
                        "action": "settle-message",
                        "channel": self.channel.name,
                        "key": outcome.row.key,
                    },
                )
                held, ended = (), await self._write(end, outcome)
            del self._ended[0]
            await self._report([outcome], held, ended)

    async def _report(
        self, outcomes: Sequence[Outcome], held: Sequence[Held], ended: Mapping[Ended, int]
    ) -> None:
        """Count what was settled, and log which lessons are held from now on; `settle` has queued the alerts."""
        self.measures.settled(self.channel.name, outcomes, ended)
        if self.departures is not None:
            self.departures.settled(outcomes, ended)
        for lesson in held:
            log.error(
                "A lesson is refused by the channel and held back: %s",
                lesson.reason,
                extra={"action": "hold-lesson", "channel": self.channel.name, "version": lesson.version},
            )

    async def _send(self, attempt: Attempt) -> None:
        row = attempt.row
        ref, failure = "", None
        try:
            if row.kind == GOODBYE and self.departures is not None:
                await self.departures.complete_before_goodbye()
            ref = await self._pictures.send(attempt)
        except Exception as error:  # noqa: BLE001 - whatever a channel raises, the row must be marked
            failure = counted(row, error)
            known = isinstance(failure, Failure) and not isinstance(failure, (Rejected, Unexplained))
            log.log(
                logging.INFO if known else logging.WARNING,
                "A message did not arrive: %s",
                failure,
                extra={
                    "action": "send-message",
                    "channel": self.channel.name,
                    "key": row.key,
                    "failure": type(failure).__name__,
                },
            )
        change = ""
        if not isinstance(failure, Unwritten):
            learner_id = row.learner_id if row.state == "active" else ""
            change = self.breaker.note(failure, learner_id, self.monotonic())
        # Whoever seems gone while the channel is at fault is asked again, also who was paused for that just before; a
        # stranger's place is not.
        doubted = self.breaker.is_open and row.state in ("active", "paused")
        self._ended.append(Outcome(row, self.now(), ref, failure, doubted))
        self._awake.set()
        await self._judge(row.address_id, failure, change)

    async def _judge(self, address_id: int, failure: Exception | None, change: str) -> None:
        now = self.monotonic()
        if isinstance(failure, Throttled) and (
            seconds := self.breaker.pushed_back(address_id, failure.after, now)
        ):
            self.pacing.hold(seconds, now)
        match change:
            case "opened":
                log.error(
                    "The channel is at fault: nothing is sent but a probe now and then. %s",
                    failure,
                    extra={"action": "open-breaker", "channel": self.channel.name},
                )
                self._taking_back.add(self.breaker.take_gone())
                await self.alert("alert.fault", self.channel.name)
            case "closed":
                about = {"action": "close-breaker", "channel": self.channel.name}
                log.warning("The channel works again.", extra=about)
                self._awake.set()
            case _:
                pass

    def _ready_now(self) -> bool:
        return self._next_ready is not None and self._next_ready <= self.now()

    def _nap(self) -> float:
        """Return the seconds until there may be something to do, unless woken before."""
        now = self.monotonic()
        longest = min(LONGEST_NAP, self._pictures.wait)
        if self._next_ready is None:
            return longest
        until_ready = max(0.0, (self._next_ready - self.now()) / timedelta(seconds=1))
        until_allowed = max(self.pacing.wait(now), self.breaker.wait(now))
        if len(self._under_way) >= self.channel.pace.in_flight:
            return LONGEST_NAP
        return min(longest, max(until_ready, until_allowed, 0.001))
