# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A child process finds nothing of its parent, is bounded, and leaves nothing behind, however it ends."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import bot
from bot import children
from bot.children import ENVIRONMENT, START, Bounds, Unfinished
from bot.children.start import NICE
from tests import logged
from tests.bot.offspring import children as offspring
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD = "tests.bot.odd_child"
PATIENT = Bounds(seconds=30)
"""For machines that are busy."""


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    yield
    assert offspring() == []


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def child(do: str, bounds: Bounds = PATIENT, **facts: Any) -> str:
    given = json.dumps({"facts": {"do": do, **facts}}).encode()
    return (await children.run(ODD, given, bounds)).decode()


async def test_the_output_of_a_child_is_returned() -> None:
    assert await child("echo", what="Zoé" * 30_000) == "Zoé" * 30_000


async def test_a_child_finds_nothing_of_its_parent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IAVENTURE_CHANNELS__TELEGRAM__TOKEN", "123456:secret")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with (tmp_path / "secret").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        found = json.loads(await child("look"))
    # The interpreter may add what it made of LANG.
    assert {name: value for name, value in found["environment"].items() if name != "LC_CTYPE"} == dict(
        ENVIRONMENT
    )
    assert set(ENVIRONMENT) == {"LANG", "RAYON_NUM_THREADS"}
    assert found["files"] == [0, 1, 2]
    assert found["folder"] == "/"


async def test_a_child_is_bounded_leads_its_session_and_is_the_first_to_be_killed() -> None:
    found = json.loads(await child("look", replace(PATIENT, memory=300 << 20, processor=7)))
    assert (found["memory"], found["processor"]) == (300 << 20, 7)
    assert found["leads"] is True
    assert found["score"] == 1000
    assert found["rings"] > PATIENT.seconds, "it ends itself after its parent would have ended it"


async def test_a_child_gives_way_to_its_parent() -> None:
    found = json.loads(await child("look"))
    assert found["nice"] == min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICE)


async def test_the_group_that_a_child_is_to_the_scheduler_gives_way_too() -> None:
    async def given_way() -> bool:
        return json.loads(await child("look"))["group"] in ("", f"nice {NICE}")

    await until(given_way)  # the system takes ten such words a second, of all its processes together


async def test_a_child_runs_the_code_that_its_parent_runs() -> None:
    assert json.loads(await child("look"))["bot"] == bot.__file__


def test_a_child_runs_where_the_interpreter_finds_no_bot_of_its_own(tmp_path: Path) -> None:
    """As in a tree that is not installed; `-S` leaves out what is."""
    asked = json.dumps({"facts": {"do": "echo", "what": "here"}})
    command = [sys.executable, "-I", "-S", "-B", str(START), ODD, str(1 << 30), "5", "9"]
    done = subprocess.run(
        command, input=asked, cwd=tmp_path, env={}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "here"


async def test_a_child_that_hangs_is_killed() -> None:
    with pytest.raises(Unfinished, match=r"not done in 0\.5 s"):
        await child("hang", Bounds(seconds=0.5))


async def test_a_child_is_killed_with_whoever_waits_for_it() -> None:
    waiting = asyncio.create_task(child("hang"))
    await until(lambda: len(offspring()) == 1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_children_that_do_not_end_when_they_are_killed_hold_up_nobody_and_are_few(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bounds = replace(PATIENT, ending=0.2)
    waiting = [asyncio.create_task(child("outlive its end", bounds)) for _ in range(children.LEFT)]
    await until(lambda: len(tracers()) == children.LEFT)
    held = tracers()
    try:
        for task in waiting:
            task.cancel()
        async with asyncio.timeout(PATIENCE / 2):
            await asyncio.gather(*waiting, return_exceptions=True)
        assert logged.actions(caplog) == ["end-child"] * children.LEFT
        assert len(offspring()) == children.LEFT
        with pytest.raises(Unfinished, match="4 before it were killed and have not ended"):
            await child("echo", what="x")
    finally:
        for tracer in held:
            os.kill(tracer, signal.SIGKILL)
    await until(lambda: offspring() == [])

    async def is_started() -> bool:
        with suppress(Unfinished):
            return await child("echo", what="x") == "x"
        return False

    await until(is_started)


def tracers() -> list[int]:
    """The processes that trace the children of this one."""
    found = []
    for one in offspring():
        with suppress(FileNotFoundError, ProcessLookupError):
            found += re.findall(
                r"^TracerPid:\t([1-9]\d*)$", Path(f"/proc/{one}/status").read_text(), re.MULTILINE
            )
    return [int(tracer) for tracer in found]


async def test_a_child_that_is_killed_is_told_as_such() -> None:
    with pytest.raises(Unfinished, match="SIGKILL"):
        await child("die")


async def test_a_child_that_spins_is_ended_by_the_system() -> None:
    with pytest.raises(Unfinished, match=r"SIGXCPU|SIGKILL"):
        await child("spin", replace(PATIENT, processor=1))


async def test_a_child_has_the_memory_that_it_is_given_and_no_more() -> None:
    with pytest.raises(Unfinished, match="MemoryError at odd_child"):
        await child("fill memory")
    assert await child("fill memory", replace(PATIENT, memory=3 << 30)) == str(1 << 30)


async def test_a_child_that_writes_too_much_is_ended() -> None:
    with pytest.raises(Unfinished, match="more than 1000000 bytes"):
        await child("talk without end", replace(PATIENT, output=1_000_000))


async def test_a_child_that_complains_without_end_is_not_held_up() -> None:
    assert await child("complain without end") == "done"


async def test_a_child_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(Unfinished, match="OSError at"):
        await child("write a file", where=str(tmp_path / "x"))
    assert (tmp_path / "x").read_bytes() == b""


async def test_an_error_is_told_by_its_name_and_place_without_what_it_quotes() -> None:
    with pytest.raises(Unfinished) as told:
        await child("quote", name="Camille Martin")
    assert str(told.value).startswith("it ended with 1; ValueError at odd_child.py:")
    assert "Camille" not in str(told.value)


async def test_an_interpreter_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for odd in ("", "/nowhere/python"):
        monkeypatch.setattr(sys, "executable", odd)
        with pytest.raises(Unfinished):
            await child("echo", what="x")


async def test_many_children_leave_no_file_open() -> None:
    async def tried(do: str) -> None:
        with pytest.raises(Unfinished):
            await child(do, Bounds(seconds=20, output=10))

    await tried("die")
    before = open_files()
    await asyncio.gather(*(tried(do) for do in ("die", "quote", "talk without end") * 4))
    await until(lambda: open_files() <= before)
