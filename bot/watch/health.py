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
        pulse, deaf = self._service.pulse, self._deaf()
        return {
            name: "deaf"
            if name in deaf
            else "open"
            if pulse.open.get(name)
            else "standby"
            if name in pulse.standby
            else "closed"
            for name in self._service.channels
        }

    @property
    def deafness(self) -> list[str]:
        """One sentence for each open channel that hears nothing: a person must know, and a restart cures nothing."""
        return list(self._deaf().values())

    def _deaf(self) -> dict[str, str]:
        now, found = self._service.monotonic(), {}
        for name, channel in self._service.channels.items():
            if not (self._service.pulse.open.get(name) and isinstance(channel, Listening)):
                continue
            if channel.hearing.deaf(now):
                silence = now - channel.hearing.heard_at
                found[name] = (
                    f"{name} is deaf, it has heard nothing for {silence:.0f} s: {channel.hearing.refusal}"
                )
        return found

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
