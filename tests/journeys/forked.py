# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`python -m …` for a tenth of the processor time: forked by a process that has imported the libraries.

What is forked is a process all the same: it has its own folder, environment and streams, it can be killed, and it ends
as the interpreter does. One process forks them all; it has a single thread, starts with the first, and dies with the
tests.
"""

from __future__ import annotations

import asyncio
import atexit
import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import selectors
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

IMPORTED = (
    "typer.rich_utils",
    "bot.app",
    "bot.checks",
    "bot.channels.matrix.account",
    "bot.channels.telegram",
)
"""What takes the time. The module that is run is not among them: it runs anew, as `python -m` runs it."""
LONGEST = 65536
"""Bytes of a request."""
PR_SET_PDEATHSIG = 1
ROOT = Path(__file__).parents[2]
_libc = ctypes.CDLL(None)


class Forked:
    """A process that was forked, with what `asyncio.subprocess.Process` has."""

    def __init__(
        self,
        module: str,
        *arguments: str,
        folder: Path,
        environment: Mapping[str, str],
        out: Path,
        err: Path,
        stdin: int | None = None,
    ) -> None:
        """Start it.

        Args:
            module: what `python -m` would run.
            arguments: its own.
            folder: its current folder.
            environment: all that it sees of one.
            out: the file to which its output is appended.
            err: the file to which its errors are appended.
            stdin: what it reads, which is closed here; nothing by default.
        """
        self._returncode: int | None = None
        self._told, tell = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        streams = [
            os.open(os.devnull, os.O_RDONLY) if stdin is None else stdin,
            *(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) for file in (out, err)),
        ]
        request = json.dumps([module, arguments, str(folder), dict(environment)]).encode()
        socket.send_fds(_forker()[0], [request], [*streams, tell.fileno()])
        for number in streams:
            os.close(number)
        tell.close()
        self.pid = int(self._told.recv(16))

    def __del__(self) -> None:
        self._told.close()

    @property
    def returncode(self) -> int | None:
        """Its exit code, once it has ended."""
        return self.join(0)

    def join(self, seconds: float) -> int | None:
        """Wait for its end; its exit code, none if it takes longer."""
        if self._returncode is None and select.select([self._told], [], [], seconds)[0]:
            self._returncode = int(self._told.recv(16))
        return self._returncode

    async def wait(self) -> int:
        """Wait for its end; its exit code."""
        loop = asyncio.get_running_loop()
        while (code := self.returncode) is None:
            ended = asyncio.Event()
            loop.add_reader(self._told, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(self._told)
        return code

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start() -> None:
    """Start the process that forks, so that no test waits for its imports."""
    _forker()


def stop() -> None:
    """End the process that forks, and all that it forked."""
    if _forker.cache_info().currsize:
        way, process = _forker()
        way.close()
        process.wait()
        _forker.cache_clear()


@cache
def _forker() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """The process that forks, and the way to it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen([sys.executable, "-m", __name__], stdin=theirs.fileno(), cwd=ROOT)
    return ours, process


# --- in the process that forks


def _serve() -> tuple[list[int], str, list[str], str, dict[str, str]] | None:
    """Fork whatever is asked for. In what was forked, its streams and what it becomes; at the end, nothing."""
    asked = socket.socket(fileno=os.dup(0))
    with selectors.DefaultSelector() as selector:
        selector.register(asked, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is asked:
                    request, handed, _, _ = socket.recv_fds(asked, LONGEST, 4)
                    if not request:
                        return None
                    *streams, tell = handed
                    pid = os.fork()
                    if pid == 0:
                        asked.close()
                        os.close(tell)
                        return streams, *json.loads(request)
                    for number in streams:
                        os.close(number)
                    _report(tell, pid)
                    selector.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, tell))
                else:
                    pid, tell = key.data
                    selector.unregister(key.fd)
                    os.close(key.fd)
                    _, status = os.waitpid(pid, 0)
                    _report(tell, os.waitstatus_to_exitcode(status))
                    os.close(tell)


def _report(tell: int, number: int) -> None:
    """Write a number to the process that asked; it may not listen any more, and the others go on."""
    with suppress(BrokenPipeError):
        os.write(tell, b"%d" % number)


def _become(
    streams: list[int], module: str, arguments: list[str], folder: str, environment: dict[str, str]
) -> None:
    """Be `python -m module`."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module, *arguments]
    code: object = 1

    def leave() -> None:
        sys.stdout.flush()
        os._exit(code if isinstance(code, int) else 1)

    # It ends as the interpreter does: threads, then this. Taking every module to pieces would cost 0.1 s more.
    atexit.register(leave)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code or 0
        raise


if __name__ == "__main__":
    # No PR_SET_PDEATHSIG: the thread that started this may end before the tests do. They close their end when they die.
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()
    request = _serve()
    if request is not None:
        _become(*request)
