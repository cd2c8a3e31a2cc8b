# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Notices to systemd: ready, alive, stopping. See sd_notify(3); without systemd these calls do nothing."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from bot.watch.health import Health

GLANCE = 0.2
"""Seconds between two looks whether the service has started."""

log = logging.getLogger(__name__)


class Systemd:
    """The socket of the service manager that started this process, if one did."""

    def __init__(self, address: str, watchdog: float) -> None:
        """Take an `address` (a path, or `@` and an abstract name; empty: none) and a `watchdog` in seconds (0: none)."""
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.watchdog = watchdog

    @classmethod
    def of(cls, environment: Mapping[str, str], pid: int) -> Self:
        """Return what systemd said when it started this process."""
        ours = environment.get("WATCHDOG_PID", str(pid)) == str(pid)
        microseconds = environment.get("WATCHDOG_USEC", "0") if ours else "0"
        return cls(environment.get("NOTIFY_SOCKET", ""), int(microseconds) / 1e6)

    def tell(self, *lines: str) -> None:
        """Send a notice; it is lost when systemd is not there to read it."""
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as way:
                way.setblocking(False)
                way.sendto("\n".join(lines).encode(), self._address)
        except OSError as error:
            log.warning("systemd could not be told: %s", error.strerror, extra={"action": "notify-systemd"})

    async def accompany(self, health: Health) -> None:
        """Tell that the service is ready, then that it lives for as long as it is well; until cancelled."""
        if not self._address:
            return
        while not health.started:  # noqa: ASYNC110 - nobody is told when a channel opens
            await asyncio.sleep(GLANCE)
        self.tell("READY=1")
        while self.watchdog:
            problems = await health.problems()
            if problems:
                self.tell(f"STATUS=Not well: {'; '.join(problems)}.")
            elif deafness := health.deafness:
                self.tell("WATCHDOG=1", f"STATUS=Alive, but {'; '.join(deafness)}.")
            else:
                self.tell("WATCHDOG=1", "STATUS=Well.")
            await asyncio.sleep(self.watchdog / 3)
