# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`python -m tests.bench [--only NAME] [--quick] [--json FILE]`: measure, print one table, write one file.

A target that is missed is printed, and is no error: the exit code is 0 unless a bench breaks.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from tests.bench.benches import BENCHES, run
from tests.bench.figure import Figure, table
from tests.bench.scale import FULL, QUICK, Scale


def main() -> None:
    """Run the benches one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", choices=BENCHES, help="one bench")
    parser.add_argument("--quick", action="store_true", help="small sizes, under a minute")
    parser.add_argument("--json", type=Path, help="where to write the figures; bench-<date>.json by default")
    arguments = parser.parse_args()
    scale = QUICK if arguments.quick else FULL
    figures: list[Figure] = []
    for name in [arguments.only] if arguments.only else BENCHES:
        sys.stderr.write(f"{name}…\n")
        # A process of its own: what one leaves in memory is no figure of the next.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            figures += process.submit(run, name, scale).result()
    now = datetime.now(UTC)
    file = arguments.json or Path(f"bench-{now:%Y-%m-%d}.json")
    file.write_text(json.dumps(_report(now, scale, figures), ensure_ascii=False, indent=1) + "\n")
    missed = sum(figure.met is False for figure in figures)
    sys.stdout.write(f"{table(figures)}\n\n{missed} missed; written to {file}\n")


def _report(now: datetime, scale: Scale, figures: list[Figure]) -> dict[str, object]:
    return {
        "at": now.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "scale": asdict(scale),
        "figures": [figure.described() for figure in figures],
    }


if __name__ == "__main__":
    main()
