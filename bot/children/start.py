# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The first lines of a child process: bound it, then call `main()` of the module that it is for.

Run by its path, as `python -I -B start.py MODULE MEMORY PROCESSOR SECONDS`. Limits are set here, not between fork and exec,
where Python code may hang beside threads. It finds the same `bot` that its parent runs, installed or not.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from contextlib import suppress
from importlib import import_module
from types import TracebackType

NICE = 5
"""A third of what the service gets where both want a processor. At 10, with six busy processes on two processors, what takes
0.35 s was not done in five; at 19 it would be a seventieth, and no card done in time."""
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 - 8 ms less


def give_way() -> None:
    """Let the service go first where both want a processor: whoever writes meanwhile waits for no drawing.

    What the system refuses stays as it is: a unit's filter may refuse the call. To the scheduler a session may be a group
    (`autogroup`), and `nice` count among its own processes only; what the group gives way is written to a file.
    """
    with suppress(OSError):
        os.nice(NICE)
    if os.getsid(0) == os.getpid():  # else it is the group of others too
        with suppress(OSError), open("/proc/self/autogroup", "w") as group:  # noqa: PTH123
            group.write(str(NICE))


def bound(memory: int, processor: int, seconds: int) -> None:
    """Take at most so many bytes of memory, seconds of processor and of the clock; write no file; be killed first.

    What the system refuses to bound stays as it is: the parent kills what takes too long.
    """
    signal.alarm(seconds)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123
        score.write("1000")
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))


def confess(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    """Name an error and its place, and nothing of its message: it may quote what this process was given."""
    place = "?:0"
    while trace is not None:
        place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"  # noqa: PTH119
        trace = trace.tb_next
    sys.stderr.write(f"child: {kind.__name__} at {place}\n")


def main() -> None:
    """Do what the command line says."""
    module, *bounds = sys.argv[1:]
    sys.excepthook = confess
    give_way()
    bound(*map(int, bounds))
    if ROOT not in sys.path:
        sys.path.insert(0, ROOT)
    import_module(module).main()


if __name__ == "__main__":
    main()
