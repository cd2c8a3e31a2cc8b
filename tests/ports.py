# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Where will a server of the tests listen, which is not up yet or comes back later?"""

from __future__ import annotations

import os
import socket
import weakref


class KeptPort:
    """A port of this machine that is given to nobody else for as long as this lives, or until it is closed.

    It is bound and never listens: a connection is refused, and whoever sets SO_REUSEADDR, as asyncio, Synapse and
    PostgreSQL do, can listen there. Who asks the system for any free port, to listen or to connect, gets another.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as kept:
            kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            kept.bind((host, 0))
            self.number: int = kept.getsockname()[1]
            self.close = weakref.finalize(self, os.close, kept.detach())
