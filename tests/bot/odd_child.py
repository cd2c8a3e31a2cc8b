# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a child process may do wrong, and what it finds: `{"facts": {"do": …}}` on stdin says what this one does."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

import bot

PR_SET_PTRACER, PTRACE_SEIZE = 0x59616D61, 0x4206


def main() -> None:
    facts = json.load(sys.stdin)["facts"]
    match facts["do"]:
        case "look":
            _say(json.dumps(_found()))
        case "echo":
            _say(facts["what"])
        case "hang":
            time.sleep(60)
        case "outlive its end":
            _be_held()
            time.sleep(60)
        case "draw slowly":
            time.sleep(facts["seconds"])
            from bot.drawing.child import draw

            sys.stdout.buffer.write(draw("card", facts["card"]))
        case "count tasks":
            from bot.drawing.child import draw

            draw("card", facts["card"])
            _say(str(len(list(Path("/proc/self/task").iterdir()))))
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "spin":
            while True:
                pass
        case "fill memory":
            _say(str(len(bytearray(1 << 30))))
        case "write a file":
            Path(facts["where"]).write_text("x")
        case "talk without end":
            while True:
                _say("x" * 65536)
        case "complain without end":
            for _ in range(100):
                sys.stderr.write("x" * 65536)
            _say("done")
        case "quote":
            raise ValueError(f"cannot draw {facts['name']}")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _be_held() -> None:
    """Have a process of another session trace this one and hold its pipes: killed, it stays until that one is.

    So does a process that waits for a disk, which no test can have.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PTRACER, ctypes.c_ulong(2**64 - 1), 0, 0, 0)
    if os.fork() == 0:
        os.setsid()
        if libc.ptrace(PTRACE_SEIZE, os.getppid(), None, None):
            os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
        os._exit(0)


def _found() -> dict[str, object]:
    return {
        "environment": dict(os.environ),
        "files": sorted(int(one.name) for one in Path("/proc/self/fd").iterdir())[
            :-1
        ],  # the last one lists them
        "leads": os.getsid(0) == os.getpid() == os.getpgrp(),
        "score": int(Path("/proc/self/oom_score_adj").read_text()),
        "memory": resource.getrlimit(resource.RLIMIT_AS)[1],
        "processor": resource.getrlimit(resource.RLIMIT_CPU)[1],
        "rings": signal.alarm(0),
        "folder": str(Path.cwd()),
        "bot": bot.__file__,
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "group": _group(),
    }


def _group() -> str:
    """The share of the scheduler's group that this process is in, as `nice 0`; empty where it is in none of its own."""
    told = Path("/proc/self/autogroup")
    return told.read_text().partition(" ")[2].strip() if told.exists() else ""
