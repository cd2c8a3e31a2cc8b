# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does a port that is kept for a server stay the server's, whether it is up or not?"""

from __future__ import annotations

import gc
import socket
from contextlib import closing

import pytest

from tests.ports import KeptPort


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_its_server_can_listen_there_again_and_again_and_is_refused_between(host: str) -> None:
    with closing(KeptPort(host)) as kept:
        where = (host, kept.number)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for _ in range(2):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(where)
            with (
                socket.create_server(where, family=family),
                socket.create_connection(where),
                pytest.raises(OSError, match="in use"),
            ):
                socket.create_server(where, family=family)


def test_nobody_else_is_given_it_until_it_is_let_go() -> None:
    kept = KeptPort()
    with socket.socket() as other:
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", kept.number))
        number = kept.number
        del kept
        gc.collect()
        other.bind(("127.0.0.1", number))
