# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A gate before the homeserver: it passes calls on, and misbehaves when told to."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Self

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from yarl import URL

Rule = Callable[[web.Request], Awaitable[web.StreamResponse | None]]
_OWN = {"host", "content-length", "transfer-encoding", "connection", "content-encoding", "date", "server"}


class Gate:
    """A reverse proxy. `rule` may answer in place of the homeserver; `after` in place of its answer."""

    def __init__(self, target: str) -> None:
        self._target = target
        self.rule: Rule | None = None
        self.after: Rule | None = None
        self.calls: list[tuple[str, str]] = []
        """Method and path of each call that came, oldest first."""

    async def __aenter__(self) -> Self:
        self._session = ClientSession(timeout=ClientTimeout(total=60), auto_decompress=False)
        app = web.Application(client_max_size=2**27)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await self._site.start()
        assert self._site._server is not None
        self.url = f"http://127.0.0.1:{self._site._server.sockets[0].getsockname()[1]}"  # type: ignore[attr-defined]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def closes(self) -> None:
        """Nothing can be connected to any more."""
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.calls.append((request.method, request.path))
        body = await request.read()
        if self.rule is not None and (instead := await self.rule(request)) is not None:
            return instead
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OWN}
        url = f"{self._target}{request.raw_path}"
        try:
            answer = await self._session.request(
                request.method, URL(url, encoded=True), data=io.BytesIO(body), headers=headers
            )
            content = await answer.read()
        except ClientError:
            return web.Response(status=502)
        else:
            told = {name: value for name, value in answer.headers.items() if name.lower() not in _OWN}
            if self.after is not None and (instead := await self.after(request)) is not None:
                return instead
            return web.Response(status=answer.status, body=content, headers=told)


def only(part: str, rule: Rule, times: int = 1_000_000) -> Rule:
    """A rule for the calls whose path holds a part, so many times."""
    left = times

    async def limited(request: web.Request) -> web.StreamResponse | None:
        nonlocal left
        if part not in request.path or left <= 0:
            return None
        left -= 1
        return await rule(request)

    return limited


def refusing(status: int, code: str = "", **more: object) -> Rule:
    """The homeserver says no; without a code, a proxy does."""

    async def refuse(request: web.Request) -> web.StreamResponse:
        if not code:
            return web.Response(
                status=status, text="<html>Bad Gateway @ann:test.local</html>", content_type="text/html"
            )
        return web.json_response(
            {"errcode": code, "error": "@ann:test.local said: secret", **more}, status=status
        )

    return refuse


async def hanging(request: web.Request) -> web.StreamResponse:
    """No answer, for as long as the asker waits."""
    await asyncio.sleep(60)
    return web.Response(status=504)


async def cutting(request: web.Request) -> web.StreamResponse:
    """The connection ends without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
