# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How the emulator runs as a process of its own.

`python -m tests.telegram.server [--port 0] [--light] [--token T] [--attached]` prints
`{"port": …, "control": …}` as its first line; attached, it ends when its standard input closes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys

from tests.telegram.ports import Server


async def _run(arguments: argparse.Namespace) -> None:
    server = Server(arguments.token, light=arguments.light)
    port, control = await server.start(arguments.port)
    sys.stdout.write(json.dumps({"port": port, "control": control}) + "\n")
    sys.stdout.flush()
    if arguments.attached:
        await asyncio.to_thread(sys.stdin.read)
    else:
        await asyncio.Event().wait()
    await server.stop()


def main() -> None:
    """Run an emulator until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram.server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="4242:emulated-token")
    parser.add_argument("--light", action="store_true", help="counters only, no entity parsing")
    parser.add_argument("--attached", action="store_true", help="end when the standard input closes")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
