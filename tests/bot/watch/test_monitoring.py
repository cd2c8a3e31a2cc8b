# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does a monitoring system get where it asks?"""

from __future__ import annotations

import io
import re
import socket
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.channels import Contested
from bot.channels.console import ConsoleChannel
from bot.hearing import DEAF, REFUSALS
from bot.service import Service
from bot.talk.turn import Rules
from bot.watch.health import Health
from bot.watch.monitoring import serving
from config.schedule import Schedule
from config.settings import SettingsError
from storage import ownership
from tests.channels.telegram_case import channel_of
from tests.ports import KeptPort
from tests.telegram import Emulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from storage.store import Store


def service_of(store: Store) -> Service:
    terminal = ConsoleChannel(io.BytesIO(), io.StringIO())
    return Service(store, [terminal], Rules(Schedule(), "fr", frozenset()))


@asynccontextmanager
async def asking(store: Store, host: str = "127.0.0.1") -> AsyncIterator[aiohttp.ClientSession]:
    """A client of a service that is served."""
    async with asking_of(service_of(store), host) as client:
        yield client


@asynccontextmanager
async def asking_of(service: Service, host: str = "127.0.0.1") -> AsyncIterator[aiohttp.ClientSession]:
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


async def test_a_deaf_channel_is_told_to_people_and_not_to_who_restarts(store: Store) -> None:
    async with Emulator() as telegram:
        channel = channel_of(telegram)
        service = Service(store, [channel], Rules(Schedule(), "fr", frozenset()))
        assert store.write_now(ownership.take, channel.account)
        service.pulse.open["telegram"] = True
        service.pulse.owned.add("telegram")
        service.pulse.receiving["telegram"] = service.monotonic()  # its loop turns
        long_ago = service.monotonic() - DEAF - 1
        channel.hearing.begin(long_ago)
        for _ in range(REFUSALS):
            channel.hearing.refused(long_ago, Contested("another process receives"))
        async with asking_of(service) as client:
            status, report = await answer(client, "/health")
            assert (status, report["healthy"], report["channels"]) == (503, False, {"telegram": "deaf"})
            (problem,) = report["problems"]
            assert re.fullmatch(
                r"telegram is deaf, it has heard nothing for 6\d s: another process receives", problem
            )
            assert (await answer(client, "/alive"))[0] == 200
            _, measures = await answer(client, "/metrics")
            assert re.search(r'iaventure_heard_age_seconds\{channel="telegram"\} 6\d\.', measures)
            service.pulse.open["telegram"] = False
            _, report = await answer(client, "/health")
            assert report["channels"] == {"telegram": "closed"}
            assert report["problems"][0].startswith("telegram is closed, it has heard nothing for 6")
            service.pulse.open["telegram"] = True
            service.pulse.owned.clear()
            _, measures = await answer(client, "/metrics")
            assert "iaventure_heard_age_seconds{" not in measures, "another process hears for it"
            channel.hearing.heard(service.monotonic())
            assert (await answer(client, "/health"))[0] == 200
            store.close()
            for page in ("/health", "/alive"):
                assert (await answer(client, page))[0] == 503
        await channel.close()


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
