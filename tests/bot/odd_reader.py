# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a child that reads a file may do wrong: the content of the file says what this one does."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path


def main() -> None:
    _, do = sys.stdin.buffer.readline(), sys.stdin.buffer.read().decode()
    match do:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(60)
        case "fill memory":
            sys.stdout.write(str(len(bytearray(1 << 30))))
        case "babble":
            sys.stdout.write("no JSON")
        case "lie":
            sys.stdout.write('{"lesson": {"id": "x"}, "place": null, "places": []}')
        case "write a file":
            Path("/tmp/x").write_text("x")  # noqa: S108 - it cannot
