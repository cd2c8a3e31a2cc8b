# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The service as a process whose planner a test stalls, and whose minutes last a second.

It is composed as `iaventure run` composes it, but for the clock: a tick comes every tenth of a second, unless the file
that is named exists.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from bot import hearing
from bot.app import channels_of, rules_of
from bot.channels.telegram import polling
from bot.service import Service, alerts, watching
from bot.watch.health import Health
from bot.watch.systemd import Systemd
from config.settings import Settings
from storage.database import open_database
from storage.filelock import own

TICK = 0.1
STALLED = 1.0
"""Seconds without a tick after which this planner has stalled."""
LOOP = 5.0
"""Seconds after which a loop has stalled."""


def _hurry() -> None:
    """Let what takes a minute take a second."""
    hearing.DEAF = watching.STEADY = 1.0
    polling.FIRST_BACK_OFF, polling.LONGEST_BACK_OFF = 1 / 60, 0.5
    watching.LOOK = 1 / 12
    alerts.APART = 0


async def _serve(service: Service, stalled: Path) -> None:
    async def tick() -> None:
        while True:
            if not stalled.exists():  # noqa: ASYNC240 - a file of a local disk
                await service.plan(service.now())
            await asyncio.sleep(TICK)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(tick())
        tasks.create_task(service.run())
        tasks.create_task(
            Systemd.of(os.environ, os.getpid()).accompany(Health(service, planner=STALLED, loop=LOOP))
        )


def main(config: Path, stalled: Path) -> None:
    """Run until killed."""
    _hurry()
    settings = Settings.load(config)
    with own(settings.database), open_database(settings.database) as store:
        asyncio.run(_serve(Service(store, channels_of(settings), rules_of(settings)), stalled))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
