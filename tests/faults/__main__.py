# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`python -m tests.faults [--short] [--only NAME]`: live through every fault, print one table; 1 if a line is wrong."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import traceback

from tests.faults.ledger import Line, table
from tests.faults.matrix import FAULTS
from tests.faults.sizes import FULL, SHORT, Size


def main() -> int:
    """Run the faults one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--short", action="store_true", help="the ten-minute cut")
    parser.add_argument("--only", choices=FAULTS, action="append", help="these faults")
    arguments = parser.parse_args()
    size = SHORT if arguments.short else FULL
    lines: list[Line] = []
    for name in arguments.only or FAULTS:
        sys.stderr.write(f"{name}…\n")
        lines.append(_lived(name, size))
        sys.stderr.write(f"  {lines[-1].cells[8]}\n")
    sys.stdout.write(table(lines) + "\n")
    return 1 if any(line.wrong for line in lines) else 0


def _lived(name: str, size: Size) -> Line:
    began = time.monotonic()
    try:
        return asyncio.run(FAULTS[name](size))
    except Exception as error:  # noqa: BLE001 - the others are lived through all the same
        traceback.print_exc()
        broken = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        return Line(name, 0, 0, 0, 0, 0, 0.0, time.monotonic() - began, (broken,))


if __name__ == "__main__":
    sys.exit(main())
