# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The service as a process of its own, whose clock a test turns: what is killed in journeys.

It is composed as `iaventure run` composes it, but for the clock: the hour is that of the wall plus the seconds in a
file, and a tick comes every tenth of a second, so that a turned clock is noticed at once.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from bot import logs
from bot.app import channels_of, open_sealed, rules_of, ship_library
from bot.keys import key_in
from bot.service import Service
from bot.service.service import utc_now
from config.settings import Settings
from storage.filelock import own

TICK = 0.1


class TurnedClock:
    """The hour on the wall, plus the seconds in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        return utc_now() + timedelta(seconds=float(self._file.read_text()))


async def _serve(service: Service) -> None:
    async def tick() -> None:
        while True:
            await service.plan(service.now().replace(second=0, microsecond=0))
            await asyncio.sleep(TICK)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(tick())
        tasks.create_task(service.run())


def main(config: Path, turned: Path) -> None:
    """Run until killed."""
    settings = Settings.load(config)
    logs.set_up(settings.log.level, settings.log.format)
    with own(settings.database), open_sealed(settings.database, key_in(settings)) as store:
        clock = TurnedClock(turned)
        ship_library(store, clock())
        parts = store, channels_of(settings), rules_of(settings)
        asyncio.run(_serve(Service(*parts, now=clock, journal=settings.journal)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
