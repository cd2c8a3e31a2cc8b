# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does systemd read on its socket, and what happens when nobody reads it?"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from bot.watch.systemd import Systemd


@pytest.fixture(params=["path", "abstract"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "notify") if request.param == "path" else f"@iaventure-{uuid4()}"


@pytest.fixture
def manager(address: str) -> Iterator[socket.socket]:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as way:
        way.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        way.settimeout(5)
        yield way


def test_a_notice_is_one_datagram(address: str, manager: socket.socket) -> None:
    Systemd.of({"NOTIFY_SOCKET": address}, pid=1).tell("READY=1", "STATUS=Prêt.")
    assert manager.recv(1000).decode() == "READY=1\nSTATUS=Prêt."


def test_nobody_who_reads_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        Systemd.of({"NOTIFY_SOCKET": str(tmp_path / "absent")}, pid=1).tell("READY=1")
        Systemd.of({}, pid=1).tell("READY=1")
    assert [record.__dict__["action"] for record in caplog.records] == ["notify-systemd"]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({}, 0),
        ({"WATCHDOG_USEC": "120000000"}, 120),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "7"}, 120),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "8"}, 0),
    ],
)
def test_the_watchdog_is_heeded_by_the_process_it_is_for(said: dict[str, str], seconds: float) -> None:
    assert Systemd.of(said, pid=7).watchdog == seconds
