# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The answers in place of a homeserver's: a proxy's page, a portal, one without end, a request to wait."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels import ChannelFault
from bot.channels.matrix.homeserver import Homeserver


@asynccontextmanager
async def answering(*answers: tuple[int, bytes]) -> AsyncIterator[Homeserver]:
    """A homeserver that gives one answer after the other, then the last again and again."""
    left = list(answers)

    async def answer(request: web.Request) -> web.Response:
        status, content = left.pop(0) if len(left) > 1 else left[0]
        return web.Response(status=status, body=content)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server, Homeserver(str(server.make_url("/")), "syt_token") as homeserver:
        yield homeserver


async def test_an_answer_in_place_of_a_homeservers_is_told(subtests: pytest.Subtests) -> None:
    for status, content, said in [
        (502, b"<html>Bad Gateway</html>", "HTTP 502"),
        (503, b"", "HTTP 503"),
        (200, b"<html>Connexion au portail</html>", "not a Matrix homeserver"),
        (200, b"[]", "not a Matrix homeserver"),
        (302, b"", "not a Matrix homeserver"),
        (200, b"[" * 100_000, "not a Matrix homeserver"),
        (200, b'"' + b"x" * 9_000_000 + b'"', "too long"),
        (401, json.dumps({"errcode": "M_UNKNOWN_TOKEN"}).encode(), "no longer accepts"),
    ]:
        with subtests.test(status=status, content=content[:20]):
            async with answering((status, content)) as homeserver:
                with pytest.raises(ChannelFault, match=said) as caught:
                    await homeserver.get("account", "whoami")
                assert "syt_token" not in str(caught.value)


async def test_a_homeserver_that_says_to_wait_is_asked_again() -> None:
    wait = json.dumps({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 50}).encode()
    async with answering((429, wait), (429, wait), (200, b'{"user_id": "@bot:test.local"}')) as homeserver:
        assert await homeserver.get("account", "whoami") == {"user_id": "@bot:test.local"}
    async with answering((429, wait)) as homeserver:
        with pytest.raises(ChannelFault, match="cannot answer now") as caught:
            await homeserver.get("account", "whoami")
        assert not caught.value.fatal
