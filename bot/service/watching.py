# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One channel, looked at every few seconds: admins learn that it is at fault or deaf, and when that is over.

What is seen here restarts nothing and closes nothing: a deaf channel still sends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.channels import Channel, Contested, Listening
from bot.hearing import Hearing
from bot.service.alerts import Reached, tell_admins, tell_end, tell_trouble
from bot.service.owning import as_owner
from bot.service.pulse import Pulse
from bot.service.pump import Pump
from storage import counters
from storage.failures import DatabaseError, NotOwner
from storage.store import Store
from storage.types import Tx

log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds between two looks."""
STEADY = 60.0
"""Seconds without trouble after which it is over: a channel that fails again at once was never well."""
NOTE = 60.0
"""Seconds between two times that is noted, for `iaventure check`, when the channel heard its service."""


@dataclass(slots=True)
class _Trouble:
    """What is known of one trouble."""

    key: str
    told: bool | None = None
    """Whether it lasts for the admins; `None`: an earlier process may have told it."""
    well_at: float | None = None
    """Since when there is nothing of it."""


class Watching:
    """Looks at one channel whose account this process owns."""

    def __init__(
        self,
        store: Store,
        channel: Channel,
        pump: Pump,
        pulse: Pulse,
        admins: Callable[[], Sequence[Reached]],
        wake: Callable[[], object],
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        """`wake`: called when something was queued."""
        self._store, self._channel, self._pump, self._pulse = store, channel, pump, pulse
        self._admins, self._wake, self._now, self._monotonic = admins, wake, now, monotonic
        self._fault, self._deaf = _Trouble("alert.fault"), _Trouble("alert.deaf")
        self._noted_at = float("-inf")
        self._was_deaf = False
        if isinstance(channel, Listening):
            channel.hearing.telling = self._tell

    async def run(self) -> None:
        """Look until cancelled, or until another process owns the account."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self.look()
            except NotOwner:
                return
            except DatabaseError as error:
                log.warning(
                    "The admins could not be told how a channel is: %s",
                    error,
                    extra={"action": "watch-channel", "channel": self._channel.name},
                )
            except Exception:
                log.exception(
                    "The watch over a channel stumbles; it goes on.",
                    extra={"action": "watch-channel", "channel": self._channel.name},
                )

    async def look(self) -> None:
        """Look once.

        Raises:
            NotOwner: another process owns the account.
            DatabaseError: nothing could be noted; the next look tries again.
        """
        name, now = self._channel.name, self._monotonic()
        hearing = self._channel.hearing if isinstance(self._channel, Listening) else None
        at_fault = name in self._pulse.faulty or self._pump.breaker.opened_at is not None
        heard = hearing is None or hearing.well
        if (
            name in self._pulse.troubled
        ):  # maybe for a moment that no look saw: its end is to be told all the same
            self._pulse.troubled.discard(name)
            self._fault.told = self._fault.well_at = None
        await self._judge(
            self._fault, at_fault, bool(self._pulse.open.get(name)) and heard and not at_fault, now
        )
        if hearing is not None:
            deaf = hearing.deaf(now)
            self._log_change(hearing, deaf=deaf and not at_fault, now=now)
            sentence = "alert.contested" if isinstance(hearing.refusal, Contested) else ""
            # Where nothing is sent either, that is what there is to tell.
            await self._judge(self._deaf, deaf and not at_fault, heard, now, sentence)
            await self._note(hearing, now)

    async def _judge(
        self, trouble: _Trouble, there: bool, well: bool, now: float, sentence: str = ""
    ) -> None:
        """Tell a trouble that is there, and one that is over. Between the two nothing is known."""
        if not well:
            trouble.well_at = None
        elif trouble.well_at is None:
            trouble.well_at = now
        if there and not trouble.told:
            trouble.told = await self._write(tell_trouble, trouble.key, sentence)
        elif trouble.told is not False and trouble.well_at is not None and now - trouble.well_at >= STEADY:
            await self._write(tell_end, trouble.key)
            trouble.told = False

    async def _write(self, tell: Callable[..., object], key: str, *more: object) -> bool:
        account, name = self._channel.account, self._channel.name
        told = await self._store.write(as_owner, account, tell, self._admins(), key, name, self._now(), *more)
        self._wake()
        return bool(told)

    async def _tell(self) -> None:
        """Queue at once what the channel has to tell, so that no killed process loses it."""
        if isinstance(self._channel, Listening):
            with suppress(DatabaseError):  # the next look tries again
                await self._tell_all(self._channel.hearing)

    async def _tell_all(self, hearing: Hearing) -> None:
        notes = hearing.told()
        while notes:
            key, about = notes[0]
            try:
                await self._store.write(
                    as_owner, self._channel.account, tell_admins, self._admins(), key, about, self._now()
                )
            except DatabaseError:
                for note in notes:
                    hearing.note(*note)
                raise
            del notes[0]
            self._wake()

    async def _note(self, hearing: Hearing, now: float) -> None:
        """Tell what the channel has to tell, and note once a minute when it heard its service."""
        await self._tell_all(hearing)
        account, name, moment = self._channel.account, self._channel.name, self._now()
        if now - self._noted_at < NOTE:
            return
        seconds = int(moment.timestamp())
        await self._store.write(
            as_owner,
            account,
            _put,
            {f"watched.{name}": seconds, f"heard.{name}": int(seconds - now + hearing.heard_at)},
        )
        self._noted_at = now

    def _log_change(self, hearing: Hearing, *, deaf: bool, now: float) -> None:
        if deaf == self._was_deaf:
            return
        self._was_deaf = deaf
        if deaf:
            log.error(
                "The channel is deaf, it has heard nothing for %d s; it still sends. %s",
                now - hearing.heard_at,
                hearing.refusal,
                extra={"action": "judge-hearing", "channel": self._channel.name},
            )
        else:
            log.warning(
                "The channel hears again.", extra={"action": "judge-hearing", "channel": self._channel.name}
            )


def _put(tx: Tx, moments: dict[str, int]) -> None:
    for name, seconds in moments.items():
        counters.put(tx, name, seconds)
