# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Media: the files that we put on the homeserver, and those that we take from it."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

from nio import MatrixRoom

from bot.channels import Uncertain, Unreachable
from bot.channels.matrix.client import Client
from bot.channels.matrix.failures import checked, failure
from bot.messages import Document

UPLOAD = 60.0
DOWNLOAD = 60.0
LONGEST_ANSWER = 64 * 1024


async def upload(client: Client, room: MatrixRoom, document: Document) -> dict[str, Any]:
    """Upload a file for a room; return where it is, as the part of a message that says so.

    Raises:
        Unreachable: the file could not be uploaded.
        ChannelError: the homeserver refuses, see `checked`.
    """
    try:
        sealed = await client.encrypted(room)
        async with asyncio.timeout(UPLOAD):
            uploaded, keys = await client.upload(
                io.BytesIO(document.content),
                document.media_type,
                None if sealed else document.name,
                encrypt=sealed,
                filesize=len(document.content),
            )
        address = (await checked(_returned(uploaded))).content_uri
    except (Uncertain, OSError, TimeoutError) as error:
        raise Unreachable(f"the file could not be uploaded: {type(error).__name__}") from None
    return {"file": {**(keys or {}), "url": address}} if sealed else {"url": address}


async def fetch(client: Client, path: str, limit: int) -> bytes:
    """Return what is at a path of the homeserver, at most `limit` bytes of it and one.

    Raises:
        ChannelError: the homeserver refuses or is silent, see `checked`.
    """
    headers = {"Authorization": f"Bearer {client.access_token}"}
    try:
        async with asyncio.timeout(DOWNLOAD):
            response = await checked(client.send("GET", path, headers=headers))
            try:
                if response.status != 200:
                    raise failure(response.status, str((await _object(response)).get("errcode", "")))
                return bytes(await checked(at_most(response, limit)))
            finally:
                response.close()
    except TimeoutError:
        raise Unreachable("the file does not come") from None


async def _returned(response: Any) -> Any:
    return response


async def at_most(response: Any, limit: int) -> bytes:
    """Read an answer up to `limit` bytes, and one more where there is more."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            break
    return bytes(body[: limit + 1])


async def _object(response: Any) -> dict[str, Any]:
    """Read the JSON of a refusal; empty when it is a proxy's."""
    try:
        refusal = json.loads(await checked(at_most(response, LONGEST_ANSWER)))
    except ValueError:
        return {}
    return refusal if isinstance(refusal, dict) else {}
