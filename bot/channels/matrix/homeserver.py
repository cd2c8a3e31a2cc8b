# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The homeserver, asked for what the client library does not know: identities, signatures, secret storage."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

import aiohttp

from bot.channels import ChannelFault

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 8 * 2**20
PATIENCE = 30.0
PATIENT_TRIES = 4
LONGEST_WAIT = 60.0
REVOKED = (
    "the homeserver no longer accepts this device's token: run `iaventure matrix login`, "
    "then `iaventure matrix verify`"
)


class Refused(Exception):
    """The homeserver understood and said no. `code` is Matrix's, e.g. `M_FORBIDDEN`; `answer` its whole answer."""

    def __init__(self, status: int, answer: Mapping[str, Any]) -> None:
        self.status = status
        self.answer = answer
        self.code = str(answer.get("errcode", ""))[:80]
        super().__init__(f"{status} {self.code}")


class Homeserver:
    """The Client-Server API of one account. Use it with `async with`.

    A call waits when told to, a few times.

    Raises:
        Refused: by every call, when the homeserver says no.
        ChannelFault: by every call, when the answer is not the homeserver's: nobody there, a proxy, a revoked token
            (then it is fatal).
    """

    def __init__(self, url: str, token: str = "") -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            headers=self._headers, timeout=aiohttp.ClientTimeout(total=PATIENCE)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, *path: str, **parameters: str) -> dict[str, Any]:
        """GET `/_matrix/client/v3/` and the parts of a path, which are quoted here.

        Raises:
            Refused: the homeserver says no.
            ChannelFault: the answer is not the homeserver's.
        """
        return await self._ask("GET", path, parameters=parameters)

    async def post(self, *path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST, and raise, as `get`."""
        return await self._ask("POST", path, body)

    async def put(self, *path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """PUT, and raise, as `get`."""
        return await self._ask("PUT", path, body)

    async def upload(self, content: bytes, media_type: str, name: str) -> str:
        """Store a file on the homeserver, and return its `mxc://` address.

        Raises:
            Refused: the homeserver says no.
            ChannelFault: the answer is not the homeserver's.
        """
        url = f"{self._url}/_matrix/media/v3/upload"
        answer = await self._asked("POST", url, content, {"filename": name}, media_type)
        return str(answer.get("content_uri", ""))

    async def _ask(
        self,
        method: str,
        path: tuple[str, ...],
        body: Mapping[str, Any] | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        url = "/".join((f"{self._url}/_matrix/client/v3", *(quote(part, safe="") for part in path)))
        content = None if body is None else json.dumps(body).encode()
        return await self._asked(method, url, content, parameters)

    async def _asked(
        self,
        method: str,
        url: str,
        content: bytes | None,
        parameters: Mapping[str, str] | None,
        media_type: str = "application/json",
    ) -> dict[str, Any]:
        for _ in range(PATIENT_TRIES):
            status, answer = await self._exchange(method, url, content, parameters, media_type)
            if status != 429:
                break
            await asyncio.sleep(_pause(answer))
        if status == 200:
            return answer
        if status == 401 and answer.get("errcode") in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"):
            raise ChannelFault(REVOKED, fatal=True)
        if status == 429 or status >= 500:
            raise ChannelFault(f"the homeserver cannot answer now (HTTP {status}): try again later")
        raise Refused(status, answer)

    async def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | None,
        parameters: Mapping[str, str] | None,
        media_type: str,
    ) -> tuple[int, dict[str, Any]]:
        if self._session is None:
            raise RuntimeError("a Homeserver is used with `async with`")
        try:
            # A redirection would carry the token to wherever it points.
            async with self._session.request(
                method,
                url,
                data=body,
                params=parameters,
                headers={} if body is None else {"Content-Type": media_type},
                allow_redirects=False,
            ) as response:
                content = bytearray()
                async for piece in response.content.iter_any():
                    content += piece
                    if len(content) > LARGEST:
                        raise ChannelFault(
                            "the homeserver's answer is too long: check channels.matrix.homeserver"
                        )
                return response.status, _object(bytes(content), response.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ChannelFault(
                f"the homeserver cannot be reached ({type(error).__name__}): "
                "check channels.matrix.homeserver and the network"
            ) from None


def _object(content: bytes, status: int) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict):
        return answer
    if status >= 500:
        return {}  # a proxy speaks for a homeserver that is away
    raise ChannelFault(
        f"what answers is not a Matrix homeserver (HTTP {status}): check channels.matrix.homeserver"
    )


def _pause(answer: Mapping[str, Any]) -> float:
    """Return the seconds to wait; one when it does not say, a minute at most."""
    pause = answer.get("retry_after_ms")
    return min(pause / 1000, LONGEST_WAIT) if isinstance(pause, int) and pause > 0 else 1.0
