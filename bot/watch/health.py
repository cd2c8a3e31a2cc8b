# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Health of the service, two judgements: what a supervisor restarts it for, and what a person must know besides.

It is restarted when its loops do not run, or the database does not answer. What waiting or a person must cure (a wrong
token, Telegram out of reach, another process that receives in our place) is told and never restarted: it would not help.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.channels import Listening
from bot.watch.asking import OneAtATime
from storage.failures import DatabaseError

if TYPE_CHECKING:
    from bot.service.service import Service
    from storage.types import Tx

PLANNER = 180.0
"""Seconds without a planned tick after which the planner has stalled: three ticks."""
LOOP = 300.0
"""Seconds after which a pump or a listener that did not turn has stalled. The slowest healthy turn is a poll of Telegram's,
70 s, and its back-off, 30 s."""
PATIENCE = 5.0
"""Seconds in which the database has to answer."""

log = logging.getLogger(__name__)


class Health:
    """Judges a service by its pulse."""

    def __init__(
        self, service: Service, *, planner: float = PLANNER, loop: float = LOOP, patience: float = PATIENCE
    ) -> None:
        """Take the seconds after which the `planner` and a `loop` have stalled, and the `patience` with the database."""
        self._service, self._planner, self._loop, self._patience = service, planner, loop, patience
        self._database = OneAtATime(self._written)
        self._logged: list[str] = []

    @property
    def started(self) -> bool:
        """Whether every channel was tried, and one at least is open, or stands by while another process runs it."""
        pulse = self._service.pulse
        tried = pulse.open.keys() | pulse.standby
        return tried == self._service.channels.keys() and (bool(pulse.standby) or any(pulse.open.values()))

    @property
    def channels(self) -> dict[str, str]:
        """How each channel stands: `open`, `deaf`, `closed`, or on `standby`."""
        return {name: self._standing(name) for name in self._service.channels}

    def _standing(self, name: str) -> str:
        pulse = self._service.pulse
        if pulse.open.get(name):
            return "deaf" if self._is_deaf(name) else "open"
        return "standby" if name in pulse.standby else "closed"

    @property
    def deafness(self) -> list[str]:
        """One sentence for each channel that hears nothing: a person must know, and a restart cures nothing."""
        return [self._silence(name) for name in self._service.channels if self._is_deaf(name)]

    def _is_deaf(self, name: str) -> bool:
        """Whether a channel of ours is refused again and again, opened or not; or was stopped until somebody acts."""
        pulse, channel = self._service.pulse, self._service.channels[name]
        if not isinstance(channel, Listening) or name in pulse.standby:
            return False
        if name not in pulse.owned:
            return name in pulse.faulty
        return channel.hearing.deaf(self._service.monotonic())

    def _silence(self, name: str) -> str:
        channel, standing = self._service.channels[name], self._standing(name)
        if not isinstance(channel, Listening):
            return f"{name} is {standing}"
        seconds = self._service.monotonic() - channel.hearing.heard_at
        return f"{name} is {standing}, it has heard nothing for {seconds:.0f} s: {channel.hearing.refusal}"

    async def problems(self) -> list[str]:
        """Return what a restart may cure, one sentence each; a change is logged."""
        problems = self._stalled()
        if not await self._database.within(self._patience):
            problems.append("the database does not answer")
        self._log_change(problems)
        return problems

    def _stalled(self) -> list[str]:
        service, now = self._service, self._service.monotonic()
        stalled = []
        if now - service.pulse.planned_at > self._planner:
            stalled.append("the planner has stalled")
        for name in service.channels:
            alive_at = service.pumps[name].alive_at
            if alive_at is not None and now - alive_at > self._loop:
                stalled.append(f"{name}: the pump has stalled")
            if now - self._listened_at(name, now) > self._loop:
                stalled.append(f"{name}: the listener has stalled")
        return stalled

    def _listened_at(self, name: str, now: float) -> float:
        """Return when the listener of a channel last showed life; now, when it has nothing to do."""
        pulse, channel = self._service.pulse, self._service.channels[name]
        if name in pulse.receiving:
            return pulse.receiving[name]
        return channel.alive_at if pulse.open.get(name) and isinstance(channel, Listening) else now

    def _log_change(self, problems: list[str]) -> None:
        # By what it is, not by how long it has been so: once is enough.
        if problems == self._logged:
            return
        self._logged = problems
        if problems:
            log.error("The service is not well: %s.", "; ".join(problems), extra={"action": "judge-health"})
        else:
            log.warning("The service is well again.", extra={"action": "judge-health"})

    async def _written(self) -> bool:
        """Tell whether a transaction that writes nothing goes through, behind all that waits."""
        try:
            await self._service.store.write(_nothing)
        except DatabaseError:
            return False
        return True


def _nothing(tx: Tx) -> None:
    """Write nothing: the transaction itself is what is tried."""
