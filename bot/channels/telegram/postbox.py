# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The HTTP server that updates are posted to: it answers a request once what it brought is kept.

A reverse proxy stands in front of it and ends TLS. Whoever does not know the secret is told 401, and nobody looks at what
they bring. What is not kept (a database that fails, a service that stops, thirty seconds) is never answered with 200:
Telegram posts it again, and it is recognised by its number.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from http import HTTPStatus
from typing import Any, NoReturn

from aiohttp import web
from aiohttp.http import HttpProcessingError

LONGEST_BODY = 1024 * 1024
"""Bytes. The longest texts, escaped and quoting one another, stay under 200,000."""
MOST_WAITING = 200
"""Requests that wait at once, twice what Telegram posts at once: a proxy may have given up some. More are to come back."""
ARRIVING = 10.0
"""Seconds for a body to arrive."""
KEEPING = 30.0
"""Seconds to keep an update. Telegram waits 50 for an answer, nginx 60."""
COME_BACK = 2
"""Seconds after which Telegram posts again what was not kept. Its own back-off ends at two minutes, and it forgets a press
after 150 seconds."""
LINGER = 1.0
"""Seconds in which a body that nobody wants is let run out."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Posted:
    """An update, and the request that waits for it to be kept."""

    update: dict[str, Any]
    kept: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def number(self) -> int:
        """The update's, higher than those of all that happened before it."""
        return int(self.update["update_id"])

    def settle(self, *, kept: bool) -> None:
        """Let the request be answered, if it still waits."""
        if not self.kept.done():
            self.kept.set_result(kept)


class Postbox:
    """A port, a path and a secret. `open` and `close` any number of times."""

    def __init__(
        self,
        host: str,
        port: int,
        path: str,
        secret: str,
        *,
        arriving: float = ARRIVING,
        keeping: float = KEEPING,
    ) -> None:
        self._host, self._port, self._path = host, port, path
        self._arriving, self._keeping = arriving, keeping
        self._secret = secret.encode()
        self._runner: web.ServerRunner | None = None
        self._inside = 0
        self._waiting: list[Posted] = []
        self._arrived = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """Whether anything can be posted."""
        return self._runner is not None

    async def open(self) -> None:
        """Listen.

        Raises:
            OSError: the address cannot be used, as when the port is taken.
        """
        if self._runner is not None:
            return
        self._arrived.clear()
        server = web.Server(
            self._answer,
            access_log=None,
            logger=_http_log(),
            lingering_time=LINGER,
            auto_decompress=False,
        )
        runner = web.ServerRunner(server, shutdown_timeout=LINGER)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner

    async def close(self) -> None:
        """Answer what waits that it was not kept, and stop listening."""
        runner, self._runner = self._runner, None
        waiting, self._waiting = self._waiting, []
        for posted in waiting:
            posted.settle(kept=False)
        self._arrived.set()
        if runner is not None:
            await runner.cleanup()

    async def collect(self) -> Sequence[Posted]:
        """Take all that waits, in the order in which it happened, once something does; nothing when the box was closed.

        Telegram posts one update of a chat after the other, but a press and a text of the same person beside each other.
        """
        await self._arrived.wait()
        self._arrived.clear()
        collected, self._waiting = self._waiting, []
        return sorted(collected, key=lambda posted: posted.number)

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        # Compared before anything else, whatever the method and path: to a stranger every address looks the same.
        secret = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not compare_digest(secret, self._secret):
            return _reply(HTTPStatus.UNAUTHORIZED)
        if request.method != "POST" or request.rel_url.raw_path != self._path:
            return _reply(HTTPStatus.NOT_FOUND)
        if self._inside >= MOST_WAITING or not self.is_open:
            return _reply(HTTPStatus.SERVICE_UNAVAILABLE, come_back=True)
        self._inside += 1
        try:
            return await self._take(request)
        finally:
            self._inside -= 1

    async def _take(self, request: web.BaseRequest) -> web.Response:
        try:
            async with asyncio.timeout(self._arriving):
                body = await _body(request)
        except TimeoutError:
            return _reply(HTTPStatus.REQUEST_TIMEOUT)
        except (ConnectionError, web.RequestPayloadError):
            return _reply(HTTPStatus.BAD_REQUEST)
        if body is None:
            log.warning("A posted update is too long.", extra={"action": "refuse-post"})
            return _reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        update = _update(body)
        if update is None:
            log.warning("What was posted is no update.", extra={"action": "refuse-post"})
            return _reply(HTTPStatus.BAD_REQUEST)
        if await self._keep(Posted(update)):
            return _reply(HTTPStatus.OK)
        return _reply(HTTPStatus.INTERNAL_SERVER_ERROR, come_back=True)

    async def _keep(self, posted: Posted) -> bool:
        if not self.is_open:
            return False
        self._waiting.append(posted)
        self._arrived.set()
        try:
            async with asyncio.timeout(self._keeping):
                return await posted.kept
        except TimeoutError:
            return False
        finally:
            if posted in self._waiting:
                self._waiting.remove(posted)


async def _body(request: web.BaseRequest) -> bytes | None:
    """Read the whole body; nothing when it is too long, whatever its stated length."""
    if (request.content_length or 0) > LONGEST_BODY:
        return None
    body = bytearray()
    while chunk := await request.content.readany():
        body += chunk
        if len(body) > LONGEST_BODY:
            return None
    return bytes(body)


def _update(body: bytes) -> dict[str, Any] | None:
    """Read the update that a body is; nothing when it is none: it must have a number, the rest is read later."""
    try:
        update = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    return update if isinstance(number, int) and not isinstance(number, bool) else None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _reply(status: HTTPStatus, *, come_back: bool = False) -> web.Response:
    # Without a body, and without the name and version of what answers.
    headers = {"Server": "-"}
    if come_back:
        headers["Retry-After"] = str(COME_BACK)
    return web.Response(status=status, headers=headers)


def _http_log() -> logging.Logger:
    # The library reports every request that is not HTTP at level ERROR, with a traceback that quotes it.
    http_log = logging.getLogger(f"{__name__}.http")
    http_log.addFilter(_not_malformed)
    return http_log


def _not_malformed(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))
