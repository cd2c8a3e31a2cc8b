# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Lines as terminals and pipes give them."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.channels.console import ADDRESS, ConsoleChannel
from bot.messages import Send
from tests.journeys.program import STOPS, environment

RUN = "from bot.cli import main; main(['run'])"


async def test_a_mark_at_the_beginning_of_what_is_piped_is_no_letter() -> None:
    for piped in ("start\noui\n", "\ufeffstart\noui\n", "\ufeffstart\r\noui\r\n"):
        channel = ConsoleChannel(io.BytesIO(piped.encode()), io.StringIO())
        assert [event.text async for page in channel.listen() for event in page] == ["start", "oui"]


async def test_sources_come_last_in_the_terminal() -> None:
    out = io.StringIO()
    await ConsoleChannel(io.BytesIO(), out).send(ADDRESS, Send("À retenir", aside="Sources"), "key")
    assert out.getvalue().index("À retenir") < out.getvalue().index("Sources")


@pytest.mark.parametrize("stopped", ["SIGTERM", "ctrl-c"])
def test_a_signal_ends_run_at_once_while_the_terminal_waits_for_a_line(stopped: str, tmp_path: Path) -> None:
    """The process runs on a terminal of its own, and a line is half typed."""
    (tmp_path / "iaventure.yaml").write_text("database: sqlite:///iaventure.db\n")
    terminal, program = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", f"import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n{RUN}"],
        cwd=tmp_path,
        env=environment(),
        stdin=program,
        stdout=program,
        stderr=program,
        start_new_session=True,
    ) as process:
        os.close(program)
        assert "On commence" in _shown(terminal, until="> ")
        os.write(terminal, b"ou")
        began = time.monotonic()
        if stopped == "SIGTERM":
            process.terminate()
        else:
            os.write(terminal, b"\x03")
        rest = _shown(terminal)
        assert process.wait(STOPS) == 0, rest
        assert time.monotonic() - began < STOPS
        assert "Error" not in rest
    os.close(terminal)


def _shown(terminal: int, until: str = "") -> str:
    """Return what the terminal shows from now on, up to a text or to the end of its program."""
    shown = b""
    with suppress(OSError):  # the program has ended
        while (not until or not shown.decode(errors="replace").endswith(until)) and (
            more := os.read(terminal, 4096)
        ):
            shown += more
    return shown.decode(errors="replace")
