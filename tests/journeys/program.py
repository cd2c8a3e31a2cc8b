# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How is the program run as an operator runs it? As processes, with a settings file in a folder, on a database."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.journeys import database
from tests.journeys.forked import Forked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.telegram import Telegram

ROOT = Path(__file__).parents[2]
COMMAND = "bot.cli"
STOPS = 8.0
"""Seconds for a clean stop: 5 are promised, the rest is for a busy machine."""
ENDS = 60.0
"""Seconds after which a command hangs."""
UNNAMED = {f"IAVENTURE_PRIVACY__{name}": "none" for name in ("CONTROLLER", "DPO", "KEY")}
"""What a messenger cannot be served without."""
ALWAYS = {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "holidays": "none", "quiet": "none"}
"""A schedule under which every moment is a good one: these tests run at any hour of any day."""


def zone_of_noon(now: datetime) -> str:
    """A time zone in which it is about noon: neither the day ends nor the next lesson's hour comes while a test runs."""
    return f"Etc/GMT{now.hour - 12:+d}"


def environment(**other: str) -> dict[str, str]:
    """What a process sees: no setting of whoever runs the tests, and nobody who answers for the data of people of tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, **UNNAMED, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **other}


def iaventure(
    *arguments: str | Path, folder: Path, stdin: bytes = b"", anew: bool = False, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end.

    Args:
        arguments: the command and its own arguments.
        folder: the current folder.
        stdin: what is piped into it.
        anew: in an interpreter of its own, as an operator's is: a second more of processor time.
        variables: of its environment.
    """
    told = list(map(str, arguments))
    if anew:
        return subprocess.run(
            [sys.executable, "-m", COMMAND, *told],
            cwd=folder,
            env=environment(**variables),
            input=stdin,
            capture_output=True,
            timeout=ENDS,
            check=False,
        )
    with tempfile.TemporaryDirectory() as streams, ThreadPoolExecutor(1) as feeding:
        out, err = Path(streams, "out"), Path(streams, "err")
        end, start = os.pipe()
        process = Forked(
            COMMAND, *told, folder=folder, environment=environment(**variables), out=out, err=err, stdin=end
        )
        feeding.submit(_feed, start, stdin)
        code = process.join(ENDS)
        if code is None:
            process.kill()
            raise subprocess.TimeoutExpired(told, ENDS)
        return subprocess.CompletedProcess(told, code, out.read_bytes(), err.read_bytes())


def _feed(pipe: int, content: bytes) -> None:
    """Write into a pipe, whose reader may end before."""
    with suppress(BrokenPipeError), open(pipe, "wb", 0) as writing:
        writing.write(content)


async def start(
    module: str,
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    anew: bool = False,
) -> asyncio.subprocess.Process | Forked:
    """Start `python -m module`, which appends all that it says to a file. `anew`: as of `iaventure`."""
    if not anew:
        return await asyncio.to_thread(
            partial(Forked, module, *arguments, folder=folder, environment=environment, out=log, err=log)
        )
    with log.open("ab") as said:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )


class Program:
    """`iaventure run` on a folder of its own: it can be started, killed, stopped and started again."""

    def __init__(
        self,
        folder: Path,
        telegram: Telegram,
        url: str,
        token: str = "",
        *,
        anew: bool = False,
        **settings: Any,
    ) -> None:
        """A bot on the database at `url`.

        `settings` are laid over those that let lessons come at any hour, `account` over those of the channel. `anew`: as
        of `iaventure`.
        """
        self.anew = anew
        self.folder = folder
        self.token = token or telegram.token
        self.url = url
        self.log = folder / "output.log"
        self.variables: dict[str, Any] = {}
        """What its next processes see besides."""
        where = {"base_url": telegram.base_url, "base_file_url": telegram.base_file_url}
        described: Mapping[str, Any] = {
            "database": url,
            "schedule": {**ALWAYS, "time_zone": zone_of_noon(datetime.now(UTC))},
            "channels": {"telegram": {**where, "rate": 0, **settings.pop("account", {})}},
            "log": {"level": "debug"},
            **settings,
        }
        self.config = folder / "iaventure-test.yaml"
        self.config.write_text(json.dumps(described), encoding="utf-8")
        self._process: asyncio.subprocess.Process | Forked | None = None
        self._said_before = 0

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def output(self) -> str:
        """Everything that every process of it wrote, on either stream."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    async def start(self) -> None:
        """It need not have begun to listen when this returns: what people do meanwhile waits for it."""
        self._said_before = len(self.output)
        self._process = await start(
            *(COMMAND, "run", "--config", str(self.config)),
            folder=self.folder,
            environment=environment(IAVENTURE_CHANNELS__TELEGRAM__TOKEN=self.token, **self.variables),
            log=self.log,
            anew=self.anew,
        )

    async def ends(self, seconds: float = ENDS) -> int:
        """Wait for its end; its exit code."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), seconds)

    async def kill(self) -> None:
        """No warning, no farewell."""
        if self.running and self._process is not None:
            self._process.kill()
            await self._process.wait()

    async def restart(self) -> None:
        """Kill it, and start it at once."""
        await self.kill()
        await self.start()

    async def stop(self) -> int:
        """Ask it to end, as a service manager does, once it has said a first word; its exit code."""
        assert self._process is not None
        async with asyncio.timeout(ENDS):
            while self.running and len(self.output) == self._said_before:  # noqa: ASYNC110 (a file tells nobody)
                await asyncio.sleep(0.02)
        self._process.send_signal(signal.SIGTERM)
        return await self.ends(STOPS)

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """What is in the database, whether it runs or not."""
        return database.rows(self.url, query, **values)

    def edit(self, statement: str, **values: object) -> None:
        """Change the database of a program that does not run, to turn its clock."""
        assert not self.running
        database.edit(self.url, statement, **values)
