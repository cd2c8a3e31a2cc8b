# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a request carries: its parameters as text and its files, however the body is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web
from yarl import URL

from tests.telegram.errors import Refused


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a request."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """A call of a method."""

    method: str
    params: dict[str, str]
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A parameter, empty when it was not given."""
        return self.params.get(name, "")

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; like the server, what is not one counts as 0."""
        raw = self.params.get(name, "").strip()
        if not raw:
            return default
        try:
            return int(raw)
        except ValueError:
            return 0

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"1", "true", "yes"}

    def json(self, name: str, otherwise: Any, complaint: str) -> Any:
        """A parameter in JSON; `otherwise` when it was not given. Raises `Refused` with the complaint."""
        raw = self.params.get(name, "")
        if not raw:
            return otherwise
        try:
            return json.loads(raw)
        except ValueError:
            raise Refused(400, complaint) from None

    def journal(self) -> dict[str, str]:
        """The parameters for people to read."""
        uploads = {name: f"<{file.name}, {len(file.content)}>" for name, file in self.files.items()}
        return {**self.params, **uploads}


async def read(request: web.BaseRequest, method: str) -> Request:
    """Read a request: query string, form, JSON or multipart. Raises `Refused`."""
    params = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if kind.startswith("multipart/"):
        files: dict[str, Upload] = {}
        await _parts(request, params, files)
        return Request(method, params, files)
    body = await request.read()
    if not body:
        return Request(method, params)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Refused(400, "Bad Request: strings must be encoded in UTF-8") from None
    if kind == "application/json":
        params |= _object(text)
    elif kind == "application/x-www-form-urlencoded":
        # Five times as fast as `urllib.parse.parse_qsl`, which took a quarter of the time of a whole call.
        params |= URL.build(query_string=text, encoded=True).query
    return Request(method, params)


def _object(text: str) -> dict[str, str]:
    try:
        values = json.loads(text)
    except ValueError:
        raise Refused(400, "Bad Request: can't parse request: JSON object expected") from None
    if not isinstance(values, Mapping):
        raise Refused(400, "Bad Request: can't parse request: JSON object expected")
    return {
        str(name): value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in values.items()
        if value is not None
    }


async def _parts(request: web.BaseRequest, params: dict[str, str], files: dict[str, Upload]) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise Refused(400, "Bad Request: can't parse multipart body")
        content = bytes(await part.read())
        if part.filename is None:
            params[part.name] = content.decode(errors="replace")
        else:
            media_type = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename, media_type, content)
