# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One module of ours in a short child process: bytes in, bytes out, and nothing of this process but those.

What is heavy (typst) runs there: it ends, is killed or runs out of memory alone. It is bounded, not isolated: it has the
service's user, and could read its files. See decision 0041.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from config.errors import IaventureError

log = logging.getLogger(__name__)

START = Path(__file__).with_name("start.py")
ENVIRONMENT: Mapping[str, str] = MappingProxyType({"LANG": "C.UTF-8", "RAYON_NUM_THREADS": "1"})
"""All that a child finds there: no token, no folder of credentials. On 64 processors rayon, which typst draws with, would
otherwise start 64 threads: more than `TasksMax` and `pids_limit` allow."""
TOLD = 4096
"""Bytes kept of what a child says on stderr."""
BLOCK = 65536
LEFT = 4
"""Children that were killed and have not ended, at most: beyond, none is started."""

_SAFE = re.compile(rb"^child: ([\w.]+ at [\w.<>-]+:\d+)$|panicked at ([\w./-]+:\d+)", re.MULTILINE)
"""What is passed on of it: names of errors and places in code. Their messages may quote what the child was given."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a child may use."""

    seconds: float = 5.0
    """Of the clock, with its start. It ends itself a second later, should nobody be left to end it."""
    processor: int = 5
    """Seconds of processor time."""
    memory: int = 512 << 20
    """Bytes of address space."""
    output: int = 4 << 20
    """Bytes on stdout."""
    ending: float = 2.0
    """Seconds that it has to end once it is killed. One that waits for a disk may not, whatever the signal."""


_left: set[Process] = set()
"""Those that were killed and had not ended when they were given up."""


class Unfinished(IaventureError):
    """The child process gave no result. The text names no person and quotes nothing of what it was given."""


class Busy(Unfinished):
    """It was given no time to end, or could not start: what it was given may be read or drawn later."""


async def run(module: str, given: bytes, bounds: Bounds = Bounds()) -> bytes:
    """Call `main()` of a module of ours in a child process, `given` on its stdin; return what it wrote on its stdout.

    The child has no environment but `ENVIRONMENT`, no open file but its three pipes, a session of its own, and may fill no
    file. It is killed when this call is cancelled.

    Raises:
        Busy: it could not start, or was not done in `bounds.seconds`.
        Unfinished: it failed, was killed, or wrote too much.
    """
    if not sys.executable:
        raise Unfinished("this interpreter does not know where it is")
    _left.difference_update([process for process in _left if process.returncode is not None])
    if len(_left) >= LEFT:
        raise Busy(f"{len(_left)} before it were killed and have not ended")
    command = [
        sys.executable,
        "-I",
        "-B",
        str(START),
        module,
        *(str(bound) for bound in (bounds.memory, bounds.processor, int(bounds.seconds) + 2)),
    ]
    try:
        async with asyncio.timeout(bounds.seconds):
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env=dict(ENVIRONMENT),
                cwd="/",
                start_new_session=True,
            )
            try:
                return await _talk(process, given, bounds.output)
            finally:
                await _end(process, bounds.ending)
    except TimeoutError:
        raise Busy(f"not done in {bounds.seconds:g} s") from None
    except OSError as error:
        raise Busy(f"it cannot be started: {error.strerror or type(error).__name__}") from None
    except RuntimeError:  # of the thread that waits for it
        raise Busy("it cannot be started: no thread is left") from None


async def _talk(process: Process, given: bytes, most: int) -> bytes:
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise Unfinished("it has no pipes")
    giving = asyncio.create_task(_give(process.stdin, given))
    taking = asyncio.create_task(_take(process.stdout, most))
    overhearing = asyncio.create_task(_overhear(process.stderr))
    talk = (giving, taking, overhearing)
    try:
        _, written, told = await asyncio.gather(*talk)
    finally:
        # Who reads on would be in the way of `_end`.
        for task in talk:
            task.cancel()
        await asyncio.gather(*talk, return_exceptions=True)
    code = await process.wait()
    if code:
        raise Unfinished("; ".join([_ending(code), *told]))
    return written


async def _give(stdin: asyncio.StreamWriter, given: bytes) -> None:
    # A child that ends without reading tells by its code.
    with suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(given)
        await stdin.drain()
        stdin.close()
        await stdin.wait_closed()


async def _take(stream: asyncio.StreamReader, most: int) -> bytes:
    taken = bytearray()
    while block := await stream.read(BLOCK):
        taken += block
        if len(taken) > most:
            raise Unfinished(f"more than {most} bytes")
    return bytes(taken)


async def _overhear(stream: asyncio.StreamReader) -> list[str]:
    """Return what may be passed on of stderr; all of it is read, so that no child waits to be heard."""
    heard = b""
    while block := await stream.read(BLOCK):
        heard = (heard + block)[-TOLD:]
    return [(one or other).decode("ascii", "replace") for one, other in _SAFE.findall(heard)][-3:]


def _ending(code: int) -> str:
    if code > 0:
        return f"it ended with {code}"
    with suppress(ValueError):
        return f"it was ended by {signal.Signals(-code).name}"
    return f"it was ended by signal {-code}"


async def _end(process: Process, seconds: float) -> None:
    """Leave nothing of a child: no process, no zombie, no pipe. What does not end although it is killed is given up."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            for stream in (process.stdout, process.stderr):
                # A pipe with something left in it is never closed.
                while stream is not None and await stream.read(BLOCK):
                    pass
            await process.wait()
            return
    # Somebody else may hold the other ends of its pipes.
    process._transport.close()  # type: ignore[attr-defined]
    if process.returncode is None:
        _left.add(process)
        log.warning(
            "A child process was killed and has not ended %g s later.", seconds, extra={"action": "end-child"}
        )
