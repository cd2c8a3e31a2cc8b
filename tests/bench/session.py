# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One run of several benches: figures are printed and written as each bench ends, and a broken bench stops no other."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import platform
import sys
import traceback
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.bench.figure import Figure, described, table
from tests.bench.scale import Scale

Bench = Callable[[Scale], Coroutine[Any, Any, list[Figure]]]


def measure(benches: Mapping[str, Bench], scale: Scale, file: Path) -> dict[str, str]:
    """Run benches one after the other; after each, print its figures and write all figures so far to `file`.

    Returns:
        The traceback of each bench that broke, by name; `file` has them too.
    """
    began = datetime.now(UTC)
    figures: list[Figure] = []
    broken: dict[str, str] = {}
    for name, bench in benches.items():
        sys.stderr.write(f"{name}…\n")
        # A process each: the memory that one bench leaves is not in the next one's figures, and a killed one ends alone.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            running = process.submit(_run, bench, scale)
            error = running.exception()
        if error is None:
            figures += running.result()
            sys.stdout.write(f"{table(running.result(), name)}\n\n")
        else:
            broken[name] = "".join(traceback.format_exception(error))
            sys.stdout.write(f"{name} broke: {f'{type(error).__name__}: {error}'.splitlines()[0]}\n\n")
        sys.stdout.flush()
        report = {
            "at": began.isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
            "scale": asdict(scale),
            "figures": described(figures),
            "broken": broken,
        }
        file.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    missed = sum(figure.met is False for figure in figures)
    sys.stdout.write(f"{missed} missed, {len(broken)} broke; written to {file}\n")
    return broken


def _run(bench: Bench, scale: Scale) -> list[Figure]:
    logging.basicConfig(level=logging.ERROR)
    return asyncio.run(bench(scale))
