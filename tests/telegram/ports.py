# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Who answers on the emulator's two ports: the Bot API, which can go down, and its control, which stays."""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.ports import KeptPort
from tests.telegram.control import Backstage, People, Undoable
from tests.telegram.errors import BLOCKED, CONFLICT, NOT_FOUND, UNAUTHORIZED, Refused, refusal, too_many
from tests.telegram.faults import Fault, Faults, Kind
from tests.telegram.journal import Call, Journal
from tests.telegram.methods import Methods
from tests.telegram.requests import Request, read
from tests.telegram.webhooks import Webhooks
from tests.telegram.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiohttp.http_parser import RawRequestMessage
    from aiohttp.streams import StreamReader

HOST = "127.0.0.1"
LARGEST_BODY = 64 * 2**20
KEPT_WHEN_LIGHT = 20
PAGES = {
    Kind.FOREIGN_THROTTLE: (429, "<html><body>Slow down</body></html>"),
    Kind.PROXY_FORBIDDEN: (403, "<html><body>Acces interdit par la politique de filtrage</body></html>"),
    Kind.BAD_GATEWAY: (502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
    Kind.PAGE: (200, "<html><body>Bienvenue sur le portail</body></html>"),
}
REFUSALS = {
    Kind.BLOCKED: BLOCKED,
    Kind.UNAUTHORIZED: UNAUTHORIZED,
    Kind.CONFLICT: CONFLICT,
    Kind.SERVER_ERROR: Refused(500, "Internal Server Error: Request aborted"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire; status 0: nothing, the connection is cut."""

    status: int
    body: bytes = b""
    media_type: str = "application/json"
    description: str = ""
    message: int | None = None


def _told(status: int, body: Mapping[str, object], message: int | None = None) -> Answer:
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, written, description=str(body.get("description", "")), message=message)


class Server:
    """An emulator: its world, its ports."""

    def __init__(self, token: str, *, light: bool = False) -> None:
        self._token = token
        self._light = light
        self._journal = Journal()
        self._faults = Faults()
        world = World(token, KEPT_WHEN_LIGHT if light else None)
        self._world = world
        self._webhooks = Webhooks(world.updates, self._faults, self._journal, light=light)
        self._methods = Methods(world, self._webhooks, self._journal.violations.append, light=light)
        self._objections = _no_objections if light else _second_opinion()
        sides = (People(world), Backstage(world, self._webhooks, self._faults, self._journal))
        self._actions: dict[str, Callable[..., Any]] = {
            name: action
            for side in sides
            for name, action in inspect.getmembers(side, callable)
            if not name.startswith("_")
        } | {"down": self._down, "up": self._up}
        self._kept = KeptPort()
        self._port = 0
        self._open: dict[str, tuple[asyncio.Server, web.Server]] = {}

    async def start(self, port: int = 0) -> tuple[int, int]:
        """Listen; returns the ports of the Bot API and of the control."""
        self._port = await self._listen("bot", self._serve, port or self._kept.number)
        return self._port, await self._listen("control", self._control, 0)

    async def stop(self) -> None:
        await self._webhooks.stop()
        for name in list(self._open):
            await self._close(name)

    async def _listen(self, name: str, handler: Callable[..., Any], port: int) -> int:
        server = web.Server(handler, request_factory=_request, access_log=None)
        listener = await asyncio.get_running_loop().create_server(server, HOST, port, backlog=1024)
        self._open[name] = (listener, server)
        return int(listener.sockets[0].getsockname()[1])

    async def _close(self, name: str) -> None:
        listener, server = self._open.pop(name)
        listener.close()
        await server.shutdown(0.05)
        await listener.wait_closed()

    async def _down(self) -> None:
        if "bot" in self._open:
            await self._close("bot")

    async def _up(self) -> None:
        if "bot" not in self._open:
            await self._listen("bot", self._serve, self._port)

    async def _control(self, request: web.BaseRequest) -> web.StreamResponse:
        results = []
        for action in json.loads(await request.read()):
            do = self._actions.get(action.pop("do"))
            if do is None:
                return web.json_response({"error": "there is no such action"}, status=409)
            try:
                result = do(**action)
                results.append(await result if inspect.isawaitable(result) else result)
            except (Undoable, TypeError, ValueError) as error:
                return web.json_response({"error": str(error)}, status=409)
        return web.json_response(results)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        arrived = time.time()
        try:
            call = await self._read(request)
        except Refused as refused:
            answer = _told(refused.status, refused.body())
            return web.Response(body=answer.body, status=answer.status, content_type=answer.media_type)
        chat = self._methods.chat_of(call)
        delay, fault = self._faults.draw(call.method, chat)
        if delay:
            await asyncio.sleep(delay)
        answer = await (self._answer(call) if fault is None else self._fail(call, fault))
        self._journal.count(call.method, arrived, answer.status)
        if not self._light:
            kind = fault.kind.value if fault else None
            self._journal.calls.append(
                Call(
                    arrived,
                    call.method,
                    call.journal(),
                    chat,
                    answer.status,
                    answer.description,
                    answer.message,
                    kind,
                )
            )
        if answer.status == 0:
            if fault is not None and fault.kind is Kind.HANG:
                await asyncio.sleep(fault.seconds)
            if request.transport is not None:
                request.transport.abort()
        return web.Response(body=answer.body, status=answer.status or 200, content_type=answer.media_type)

    async def _read(self, request: web.BaseRequest) -> Request:
        path = request.path
        if path.startswith(f"/file/bot{self._token}/"):
            return Request("download", {"path": path.removeprefix(f"/file/bot{self._token}/")})
        _, _, rest = path.partition("/bot")
        token, slash, method = rest.rpartition("/")
        if not slash or path[:4] != "/bot":
            raise NOT_FOUND
        if token != self._token:
            # What is not even shaped like a token is an unknown address.
            raise UNAUTHORIZED if token.partition(":")[0].isdecimal() and ":" in token else NOT_FOUND
        return await read(request, method)

    async def _answer(self, call: Request) -> Answer:
        if call.method == "download":
            return self._download(call.text("path"))
        self._journal.violations.extend(self._objections(call))
        try:
            result = await self._methods.call(call)
        except Refused as refused:
            return _told(refused.status, refused.body())
        message = result.get("message_id") if isinstance(result, dict) else None
        return _told(200, {"ok": True, "result": result}, message)

    async def _fail(self, call: Request, fault: Fault) -> Answer:
        message = (await self._answer(call)).message if fault.recorded else None
        if fault.kind in {Kind.CUT, Kind.HANG}:
            return Answer(0, message=message)
        if fault.kind in PAGES:
            status, page = PAGES[fault.kind]
            return Answer(status, page.encode(), "text/html", message=message)
        if fault.kind is Kind.THROTTLE:
            refused = too_many(max(1, round(fault.seconds)))
        elif fault.kind is Kind.REFUSED:
            refused = refusal(fault.description)
        else:
            refused = REFUSALS[fault.kind]
        return _told(refused.status, refused.body(), message)

    def _download(self, path: str) -> Answer:
        document = self._world.files.get(path.removeprefix("documents/"))
        if document is None:
            return _told(404, NOT_FOUND.body())
        return Answer(200, document.content, "application/octet-stream")


def _request(
    message: RawRequestMessage, payload: StreamReader, protocol: Any, writer: Any, task: asyncio.Task[None]
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY)


def _no_objections(_: Request) -> list[str]:
    return []


def _second_opinion() -> Callable[[Request], list[str]]:
    # The models take seconds to import: a light emulator does without.
    from tests.telegram.contract import objections

    return objections
