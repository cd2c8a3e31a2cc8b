# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How long from the command to the first question for updates, and how large is the bot at rest?"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figure import Figure
from tests.bench.process import resident
from tests.bench.scale import Scale
from tests.bench.town import counted, emulator
from tests.telegram import Telegram

LIBRARIES = (
    "telegram, aiohttp, sqlalchemy, pydantic, yaml, fsrs, holidays, "
    "apscheduler.schedulers.asyncio, babel.dates, typer"
)
"""What the bot imports when it runs with Telegram alone."""
COMMAND = Path(sys.executable).with_name("iaventure")
REST = 1.0
"""Seconds after the first poll at which the bot is at rest."""


async def measure(scale: Scale) -> list[Figure]:
    """The first start makes the database; the others find it, as every later start does."""
    took, size, bare_took, bare_size = [], [], [], []
    with TemporaryDirectory() as name:
        folder = Path(name)
        very_first, _ = await _start(folder)
        for _ in range(scale.repeats):
            seconds, megabytes = await _imports()
            bare_took.append(seconds)
            bare_size.append(megabytes)
            seconds, megabytes = await _start(folder)
            took.append(seconds)
            size.append(megabytes)
    return [
        Figure("start to first poll", tuple(took), "s", at_most=2.5),
        Figure("  the very first, with a new database", (very_first,), "s"),
        Figure("  imports of the libraries alone", tuple(bare_took), "s"),
        Figure("memory at rest", tuple(size), "MB", at_most=120),
        Figure("  imports of the libraries alone", tuple(bare_size), "MB"),
    ]


def _settings(telegram: Telegram, folder: Path) -> dict[str, object]:
    return {
        "database": f"sqlite:///{folder}/iaventure.db",
        "privacy": {"controller": "none", "dpo": "none", "key": "none"},
        "channels": {
            "telegram": {
                "token": telegram.token,
                "base_url": telegram.base_url,
                "base_file_url": telegram.base_file_url,
            }
        },
    }


async def _start(folder: Path) -> tuple[float, float]:
    """Seconds to the first poll, and megabytes a little later."""
    async with emulator(1) as telegram:
        settings = folder / "settings.json"  # JSON is YAML
        settings.write_text(json.dumps(_settings(telegram, folder)))
        began = time.time()
        process = await asyncio.create_subprocess_exec(
            COMMAND,
            "run",
            "--config",
            settings,
            cwd=folder,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            # A poll is counted when it was answered: somebody has to say something.
            await counted(telegram, "deleteWebhook", 1)
            await telegram.act("says", chat=1, text="aide")
            polled = await counted(telegram, "getUpdates", 1)
            await asyncio.sleep(REST)
            return polled.first - began, resident(process.pid)
        finally:
            process.terminate()
            await process.wait()


async def _imports() -> tuple[float, float]:
    """Seconds and megabytes of a process that imports the libraries and does nothing."""
    began = time.time()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"import {LIBRARIES}; print(open('/proc/self/status').read())",
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    took = time.time() - began
    kibibytes = next(line.split()[1] for line in output.decode().splitlines() if line.startswith("VmRSS:"))
    return took, int(kibibytes) / 1024
