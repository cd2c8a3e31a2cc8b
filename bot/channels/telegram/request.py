# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The transport to the Bot API: python-telegram-bot's public seam `BaseRequest`, on aiohttp.

The library's own transport (httpx) scans its idle connections quadratically: 330 messages/s at 100 in flight,
where this one sends over 2,000. It also blurs what decides whether a message may be repeated: here a request
that never left is told apart from one that may have.
"""

from __future__ import annotations

import asyncio
import io
import json
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    InvalidURL,
    TCPConnector,
)
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

CONNECT = 10.0
"""Seconds to connect, and again as many to wait for a free connection."""
SLACK = 60.0
"""Seconds that one call may take beyond its read time-out: an upload that stalls, an answer that drips."""
LONGEST_ANSWER = 32 * 1024 * 1024
"""Bytes. A hundred updates of the longest texts, escaped and quoting one another, stay under half of it."""
STRANGE_HALT = 30.0
"""Seconds to wait after a 429 that does not say how long: a proxy's."""
LONGEST_HALT = 86_400.0

_REFUSALS = range(400, 500)
"""Statuses that may be Telegram's refusal or a proxy's page."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class NothingLeft(NetworkError):
    """The request was not sent: no connection, or none free."""


class Halted(TelegramError):
    """429. The library's `RetryAfter` cannot be used: it warns of its own deprecation when it is made."""

    def __init__(self, after: float) -> None:
        super().__init__(f"Too Many Requests: retry after {after:g}")
        self.after = after


class Foreign(TelegramError):
    """A refusal that is not in the Bot API's form: something answers in Telegram's place."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}, in a page that is not Telegram's")
        self.status = status


class TooLarge(TelegramError):
    """What was to be sent, or downloaded, is larger than allowed."""


class Request(BaseRequest):
    """One pool of connections. `initialize` opens it, `shutdown` closes it, both any number of times."""

    def __init__(self, base_url: str, *, connections: int, patience: float) -> None:
        """`patience`: seconds that the server may be silent."""
        self._base_url = base_url
        self._connections = connections
        self._patience = patience
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """The patience in seconds; a long poll adds its own to it."""
        return self._patience

    async def initialize(self) -> None:
        """Open the pool; nothing is connected yet."""
        if self._session is not None:
            return
        self._session = ClientSession(
            connector=TCPConnector(limit=self._connections),
            cookie_jar=DummyCookieJar(),
            # `trust_env` would look the proxy up in a thread for every single request.
            proxy=_proxy(self._base_url),
        )

    async def shutdown(self) -> None:
        """Close the pool and every connection in it."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,  # noqa: ARG002  aiohttp has none: SLACK bounds it
        connect_timeout: Any = None,  # noqa: ARG002
        pool_timeout: Any = None,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Send one request. No error quotes the address, which holds the token.

        Raises:
            NothingLeft: the request was not sent.
            TimedOut: the server was silent for too long.
            NetworkError: the connection broke, or the answer is too large.
            Halted: the server said to wait.
            TooLarge: the server takes no request of this size.
            Foreign: something that is not Telegram refuses the request.
        """
        patience = read_timeout if isinstance(read_timeout, int | float) else self._patience
        data, headers = _body(request_data)
        try:
            status, payload = await self._exchange(method, url, LONGEST_ANSWER, patience, data, headers)
        except TooLarge:
            raise NetworkError("The answer is too large") from None
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Halted(_retry_after(payload))
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise TooLarge("The request is too large")
        if status in _REFUSALS and not _is_refusal(payload):
            raise Foreign(status)
        return status, payload

    async def download(self, url: str, limit: int) -> bytes:
        """Return what is at an address, at most `limit` bytes whatever its stated size.

        Raises:
            TooLarge: there is more.
            NothingLeft: the request was not sent.
            TimedOut: the server was silent for too long.
            NetworkError: the connection broke, or the server answers something else.
        """
        status, content = await self._exchange("GET", url, limit, self._patience)
        if status != HTTPStatus.OK:
            raise NetworkError(f"Download failed ({status})")
        return content

    async def _exchange(
        self,
        method: str,
        url: str,
        limit: int,
        patience: float,
        data: bytes | FormData | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NothingLeft("Closed")
        try:
            async with (
                asyncio.timeout(patience + SLACK),
                self._session.request(
                    method, url, data=data, headers=headers, timeout=_timeout(patience), allow_redirects=False
                ) as response,
            ):
                return response.status, await _read(response, limit)
        except (ClientConnectorError, ClientHttpProxyError, ConnectionTimeoutError, InvalidURL) as error:
            raise NothingLeft(type(error).__name__) from None
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from None
        except (ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer of the Bot API. The library's own logs what it cannot read, which may quote our address.

        Raises:
            TelegramError: it is no answer of the Bot API.
        """
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or ("result" not in answer and answer.get("ok") is not False):
            raise TelegramError("Invalid server response")
        return answer


@cache
def _timeout(patience: float) -> ClientTimeout:
    # Never `total`: its bare TimeoutError hides whether the pool, the connection or the server was late.
    return ClientTimeout(total=None, connect=2 * CONNECT, sock_connect=CONNECT, sock_read=patience)


def _proxy(url: str) -> str | None:
    """Return the proxy that the environment names for an address."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)


def _body(request_data: RequestData | None) -> tuple[bytes | FormData | None, dict[str, str] | None]:
    if request_data is None:
        return None, None
    if not request_data.contains_files:
        # The library's own escaping, byte by byte, takes 0.15 ms for a lesson; yarl's takes a tenth of that.
        return URL.build(path="/", query=request_data.json_parameters).raw_query_string.encode(), _FORM
    form = FormData(quote_fields=False)  # Telegram reads plain UTF-8 file names, not percent-encoded ones
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, media_type) in request_data.multipart_data.items():
        # More than 1 MB of bytes would be written at once, and aiohttp warns of it.
        body = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, body, filename=file_name, content_type=media_type)
    return form, None


async def _read(response: ClientResponse, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise TooLarge("The file is too large")
    return bytes(body)


def _is_refusal(payload: bytes) -> bool:
    """Tell whether an answer is a refusal in the Bot API's form."""
    try:
        answer = json.loads(payload)
    except ValueError:
        return False
    return (
        isinstance(answer, dict) and answer.get("ok") is False and isinstance(answer.get("description"), str)
    )


def _retry_after(payload: bytes) -> float:
    try:
        after = int(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, TypeError, KeyError, OverflowError):
        return STRANGE_HALT
    return min(max(after, 1.0), LONGEST_HALT)
