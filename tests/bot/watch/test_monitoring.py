# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does a monitoring system get where it asks?"""

from __future__ import annotations

import io
import socket
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.channels.console import ConsoleChannel
from bot.service import Service
from bot.talk.turn import Rules
from bot.watch.health import Health
from bot.watch.monitoring import serving
from config.schedule import Schedule
from config.settings import SettingsError
from tests.ports import KeptPort

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from storage.store import Store


def service_of(store: Store) -> Service:
    terminal = ConsoleChannel(io.BytesIO(), io.StringIO())
    return Service(store, [terminal], Rules(Schedule(), "fr", frozenset()))


@asynccontextmanager
async def asking(store: Store, host: str = "127.0.0.1") -> AsyncIterator[aiohttp.ClientSession]:
    """A client of a service that is served."""
    service = service_of(store)
    kept = KeptPort(host.strip("[]"))
    where = f"{host}:{kept.number}"
    async with (
        serving(service, Health(service, patience=1), where),
        aiohttp.ClientSession(f"http://{where}") as client,
    ):
        yield client


async def answer(client: aiohttp.ClientSession, path: str, method: str = "GET") -> tuple[int, Any]:
    async with client.request(method, path) as response:
        told = await (response.json() if response.content_type == "application/json" else response.text())
        return response.status, told


async def test_a_service_that_is_well_says_so_and_which_channels_are_open(store: Store) -> None:
    async with asking(store) as client:
        assert await answer(client, "/health") == (
            200,
            {"healthy": True, "problems": [], "channels": {"console": "closed"}},
        )


async def test_one_that_is_not_says_what_is_wrong(store: Store) -> None:
    async with asking(store) as client:
        store.close()
        problems = ["the database does not answer"]
        assert await answer(client, "/health") == (
            503,
            {"healthy": False, "problems": problems, "channels": {"console": "closed"}},
        )


async def test_measures_come_in_the_text_format(store: Store) -> None:
    async with asking(store) as client, client.get("/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        told = await response.text()
    assert "# TYPE iaventure_answer_seconds histogram" in told
    assert 'iaventure_outbox_waiting{channel="console",priority="reply"} 0.0' in told
    assert "_created" not in told


async def test_nothing_else_is_there_and_nothing_can_be_sent(store: Store) -> None:
    async with asking(store) as client:
        for path in ("/", "/metrics/", "/health/x", "/../etc/passwd"):
            assert (await answer(client, path))[0] == 404
        for path in ("/metrics", "/health"):
            assert (await answer(client, path, "POST"))[0] == 405


async def test_an_address_of_the_sixth_version_is_served_too(store: Store) -> None:
    async with asking(store, "[::1]") as client:
        assert (await answer(client, "/health"))[0] == 200


async def test_nothing_is_served_unless_it_is_asked_for(store: Store) -> None:
    service = service_of(store)
    async with serving(service, Health(service), "none"):
        pass


async def test_a_port_that_is_taken_is_told_in_one_sentence(store: Store) -> None:
    service = service_of(store)
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SettingsError, match=f"metrics.listen: {where} ne peut pas être ouvert"):
            async with serving(service, Health(service), where):
                pass


async def test_an_address_that_is_no_address_of_this_machine_is_told_in_one_sentence(store: Store) -> None:
    service = service_of(store)
    with pytest.raises(
        SettingsError, match=r"metrics\.listen: nulle\.invalid:9464 ne peut pas être ouvert \(\w"
    ):
        async with serving(service, Health(service), "nulle.invalid:9464"):
            pass
