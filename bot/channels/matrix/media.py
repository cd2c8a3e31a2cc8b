# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Media: the files that we put on the homeserver, and those that we take from it."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

from nio import MatrixRoom

from bot.channels import (
    ChannelError,
    ChannelFault,
    Failure,
    Oversized,
    Rejected,
    Throttled,
    Uncertain,
    Unreachable,
)
from bot.channels.matrix.client import Client
from bot.channels.matrix.failures import checked, failure, status_of
from bot.messages import Document, Picture

UPLOAD = 60.0
DOWNLOAD = 60.0
LONGEST_ANSWER = 64 * 1024
TOO_LARGE = 413
REFUSALS = range(400, 500)
"""Statuses of a homeserver's refusals; each has a code, which a proxy's page has not."""


async def upload(client: Client, room: MatrixRoom, file: Document | Picture) -> dict[str, Any]:
    """Upload a file for a room; return where it is, as the part of a message that says so.

    Raises:
        Oversized: the homeserver takes no file of this size.
        Rejected: it refuses the file, or any file of this account.
        Unreachable: the file could not be uploaded.
        ChannelError: the homeserver refuses anything, see `checked`.
    """
    try:
        sealed = await client.encrypted(room)
        async with asyncio.timeout(UPLOAD):
            uploaded, keys = await client.upload(
                io.BytesIO(file.content),
                file.media_type,
                None if sealed else file.name,
                encrypt=sealed,
                filesize=len(file.content),
            )
        address = (await _stored(uploaded, file)).content_uri
    except (Uncertain, OSError, TimeoutError) as error:
        raise Unreachable(f"the file could not be uploaded: {type(error).__name__}") from None
    return {"file": {**(keys or {}), "url": address}} if sealed else {"url": address}


async def _stored(uploaded: Any, file: Document | Picture) -> Any:
    """Return an answer to an upload, unless it is a refusal. It says nothing of the room, whatever its code.

    « Not found » for example: there is no media repository, and nobody is gone. A proxy that lets texts through may forbid
    pictures; the text that is sent in the place of one shows whether it forbids all.
    """
    status = status_of(uploaded)
    try:
        return await checked(_returned(uploaded))
    except Throttled:
        raise
    except ChannelFault as fault:
        if fault.fatal or isinstance(file, Document):
            raise
        ours: ChannelError = Rejected(f"the upload is refused: {status}")
    except Failure as error:
        code = uploaded.status_code or ""
        if status == TOO_LARGE or code == "M_TOO_LARGE":
            ours = Oversized(str(error))
        elif code and status in REFUSALS:
            ours = Rejected(f"the upload is refused: {error}")
        else:
            raise
    raise ours


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
