# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A broken bench neither stops the others nor loses their figures. Imports little: each bench here starts a process."""

from __future__ import annotations

import json
import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.bench.figure import Figure
from tests.bench.scale import TINY, Scale
from tests.bench.session import measure


async def _works(scale: Scale) -> list[Figure]:
    return [Figure("repeats", (float(scale.repeats),), "of them", at_least=1)]


async def _counts_what_is_written(file: Path, _: Scale) -> list[Figure]:
    return [Figure("figures before", (float(len(_written(file)["figures"])),))]


async def _raises(_: Scale) -> list[Figure]:
    raise RuntimeError("no homeserver\nsecond line")


async def _is_killed(_: Scale) -> list[Figure]:
    os.kill(os.getpid(), signal.SIGKILL)
    return []


def test_a_broken_bench_stops_no_other_and_loses_no_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    last = partial(_counts_what_is_written, file)
    broken = measure({"first": _works, "raises": _raises, "killed": _is_killed, "last": last}, TINY, file)

    assert list(broken) == ["raises", "killed"]
    assert "in _raises" in broken["raises"]
    printed = capsys.readouterr().out
    assert "raises broke: RuntimeError: no homeserver\n" in printed
    assert "killed broke: BrokenProcessPool: " in printed
    assert "0 missed, 2 broke; " in printed
    written = _written(file)
    assert [(figure["name"], figure["median"]) for figure in written["figures"]] == [
        ("repeats", 1.0),
        ("figures before", 1.0),
    ]
    assert written["broken"] == broken


def _written(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))
