# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What lies between the bot and PostgreSQL? A cable that can be cut at the worst moment: around a commit."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from enum import Enum, auto
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tests.postgres.server import Postgres

COMMIT = b"COMMIT\0"


class Cut(Enum):
    """What becomes of the next commit. Whatever it is, the client's connection ends there."""

    ANSWER_LOST = auto()
    """The server keeps it, and its answer gets lost."""
    NEVER_ARRIVED = auto()
    """The server sees the connection end instead."""
    NEVER_ARRIVED_UNNOTICED = auto()
    """The server sees nothing at all, and goes on waiting."""


class Cable:
    """Leads to a server; `url` is where a client plugs in."""

    def __init__(self, server: Postgres, url: str) -> None:
        self._to = ("127.0.0.1", server.port)
        self._plug = socket.create_server(("127.0.0.1", 0))
        self.url = url.replace(f":{server.port}/", f":{self._plug.getsockname()[1]}/")
        self._cut: Cut | None = None
        self._dead = False
        self._hanging: list[socket.socket] = []
        self._flowing = threading.Event()
        self._flowing.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._plug.close()
        self.thaw()
        for end in self._hanging:
            end.close()

    def cut_at_the_next_commit(self, how: Cut, *, for_good: bool = False) -> None:
        """`for_good`: nothing passes any more, until `mend`."""
        self._cut, self._for_good = how, for_good

    def mend(self) -> None:
        self._dead = False

    def freeze(self) -> None:
        """Nothing passes any more, either way, and nobody is told: neither side's kernel notices."""
        self._flowing.clear()

    def thaw(self) -> None:
        """What was held back goes on its way."""
        self._flowing.set()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._plug.accept()
            except OSError:
                return
            if self._dead:
                client.close()
                continue
            server = socket.create_connection(self._to)
            threading.Thread(target=self._requests, args=(client, server), daemon=True).start()
            threading.Thread(target=self._answers, args=(client, server), daemon=True).start()

    def _requests(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := client.recv(65536):
                self._flowing.wait()
                if self._cut is not None and said.endswith(COMMIT):
                    self._do(self._cut, said, client, server)
                    return
                server.sendall(said)
        _end(server)

    def _answers(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := server.recv(65536):
                self._flowing.wait()
                client.sendall(said)
        self._flowing.wait()
        _end(client)
        _end(server)

    def _do(self, cut: Cut, said: bytes, client: socket.socket, server: socket.socket) -> None:
        self._cut, self._dead = None, self._for_good
        _end(client)  # from here on, no answer passes
        if cut is Cut.ANSWER_LOST:
            server.sendall(said)
        if cut is Cut.NEVER_ARRIVED_UNNOTICED:
            self._hanging.append(server)
        else:
            with suppress(OSError):
                server.shutdown(socket.SHUT_WR)


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
