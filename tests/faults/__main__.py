# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`python -m tests.faults [--short] [--only NAME] [--jobs N]`: live through faults, print a table; 1 if a line is wrong."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import traceback
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from tests.faults.ledger import Line, table
from tests.faults.matrix import FAULTS, SERVER_FAULTS
from tests.faults.sizes import FULL, SHORT, Size
from tests.postgres import Postgres


def main() -> int:
    """Live through the faults, some beside each other: most of the time of most of them is waiting."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--short", action="store_true", help="the ten-minute cut")
    parser.add_argument("--only", choices=[*FAULTS, *SERVER_FAULTS], action="append", help="these faults")
    parser.add_argument("--jobs", type=int, default=3, help="faults at once")
    arguments = parser.parse_args()
    chosen = arguments.only or [*FAULTS, *SERVER_FAULTS]
    server = Postgres(durable=True)
    server.start()
    try:
        lines = asyncio.run(_live(chosen, SHORT if arguments.short else FULL, server, arguments.jobs))
    finally:
        server.stop()
    sys.stdout.write(table(lines) + "\n")
    return 1 if any(line.wrong for line in lines) else 0


async def _live(names: Sequence[str], size: Size, server: Postgres, jobs: int) -> list[Line]:
    places = asyncio.Semaphore(jobs)

    async def one(name: str) -> Line:
        async with places:
            if name in FAULTS:
                return await _lived(name, FAULTS[name], size)
            return await _lived(name, SERVER_FAULTS[name], replace(size, server=server))

    return await asyncio.gather(*map(one, names))


async def _lived(name: str, fault: Callable[[Size], Coroutine[Any, Any, Line]], size: Size) -> Line:
    began = time.monotonic()
    try:
        line = await fault(size)
    except Exception as error:  # noqa: BLE001 - the others are lived through all the same
        traceback.print_exc()
        broken = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        line = Line(name, 0, 0, 0, 0, 0, 0.0, time.monotonic() - began, (broken,))
    sys.stderr.write(f"{name}: {line.cells[-1]}\n")
    return replace(line, fault=f"{line.fault} (PostgreSQL)") if size.server is not None else line


if __name__ == "__main__":
    sys.exit(main())
