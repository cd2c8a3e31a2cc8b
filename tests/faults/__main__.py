# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`python -m tests.faults [--short] [--only NAME]`: live through every fault, print one table; 1 if a line is wrong."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from tests.faults.ledger import Line, table
from tests.faults.matrix import FAULTS, SERVER_FAULTS
from tests.faults.sizes import FULL, SHORT, Size
from tests.postgres import Postgres


def main() -> int:
    """Run the faults one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--short", action="store_true", help="the ten-minute cut")
    parser.add_argument("--only", choices=[*FAULTS, *SERVER_FAULTS], action="append", help="these faults")
    arguments = parser.parse_args()
    size = SHORT if arguments.short else FULL
    chosen = arguments.only or [*FAULTS, *SERVER_FAULTS]
    lines = [_lived(name, FAULTS[name], size) for name in chosen if name in FAULTS]
    if on_server := [name for name in chosen if name in SERVER_FAULTS]:
        server = Postgres(durable=True)
        server.start()
        try:
            lines += [_lived(name, SERVER_FAULTS[name], replace(size, server=server)) for name in on_server]
        finally:
            server.stop()
    sys.stdout.write(table(lines) + "\n")
    return 1 if any(line.wrong for line in lines) else 0


def _lived(name: str, fault: Callable[[Size], Coroutine[Any, Any, Line]], size: Size) -> Line:
    sys.stderr.write(f"{name}…\n")
    began = time.monotonic()
    try:
        line = asyncio.run(fault(size))
    except Exception as error:  # noqa: BLE001 - the others are lived through all the same
        traceback.print_exc()
        broken = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        line = Line(name, 0, 0, 0, 0, 0, 0.0, time.monotonic() - began, (broken,))
    sys.stderr.write(f"  {line.cells[-1]}\n")
    return replace(line, fault=f"{line.fault} (PostgreSQL)") if size.server is not None else line


if __name__ == "__main__":
    sys.exit(main())
