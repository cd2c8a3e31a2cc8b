# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The pages of monitoring: `/metrics` for Prometheus, `/health` for people, `/alive` for a supervisor that restarts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from bot.watch.scrape import Scrape
from config.fields import WAIVED
from config.settings import SettingsError

if TYPE_CHECKING:
    from bot.service import Service
    from bot.watch.health import Health

PLAIN = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
"""The text format of Prometheus that everything reads."""


@asynccontextmanager
async def serving(service: Service, health: Health, listen: str) -> AsyncIterator[None]:
    """Answer at `listen` (`address:port`; `none`: nowhere) while the block runs.

    Raises:
        SettingsError: the address cannot be opened.
    """
    if listen == WAIVED:
        yield
        return

    scrape = Scrape(service)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=await scrape.text(), headers=PLAIN)

    def reported(problems: Sequence[str]) -> web.Response:
        report = {"healthy": not problems, "problems": problems, "channels": health.channels}
        return web.json_response(report, status=503 if problems else 200, dumps=json.dumps)

    async def well(_: web.Request) -> web.Response:
        return reported([*await health.problems(), *health.deafness])

    async def alive(_: web.Request) -> web.Response:
        return reported(await health.problems())

    application = web.Application()
    application.router.add_get("/metrics", metrics)
    application.router.add_get("/health", well)
    application.router.add_get("/alive", alive)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    host, _, port = listen.rpartition(":")
    try:
        await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    except OSError as error:
        await runner.cleanup()
        why = str(error.strerror).rpartition(": ")[2]
        raise SettingsError(
            [f"metrics.listen: {listen} ne peut pas être ouvert ({why}) ; choisissez un autre port"]
        ) from None
    try:
        yield
    finally:
        await runner.cleanup()
