# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A homeserver whose answers are written by hand: malformed ones, and states that take too long to bring about."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

from aiohttp import web

from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.account import Account
from bot.channels.matrix.position import Position
from bot.channels.matrix.session import Session, Vault
from bot.messages import Event

ME, ANN, EVE = "@bot:test.local", "@ann:test.local", "@eve:evil.example"
KEY = "une phrase de tests"
_numbers = itertools.count(1)

Answer = tuple[int, Any]
"""A status and a body: a value to write as JSON, or a text that is sent as it is."""


def event(kind: str, content: Any, sender: Any = ANN, ago: float = 0.0, **parts: Any) -> dict[str, Any]:
    """An event of a room, as a homeserver sends it; `ago`: seconds since it happened."""
    return {
        "event_id": f"$event{next(_numbers)}",
        "type": kind,
        "sender": sender,
        "origin_server_ts": int(1000 * (time.time() - ago)),
        "content": content,
        **parts,
    }


def says(text: Any, sender: Any = ANN, **more: Any) -> dict[str, Any]:
    return event("m.room.message", {"msgtype": "m.text", "body": text}, sender, **more)


def member(user: Any, membership: Any = "join", sender: Any = "", before: Any = None) -> dict[str, Any]:
    unsigned = {} if before is None else {"prev_content": {"membership": before}}
    return event(
        "m.room.member", {"membership": membership}, sender or user, state_key=user, unsigned=unsigned
    )


def made_by(user: str, **content: Any) -> dict[str, Any]:
    return event("m.room.create", {"room_version": "10", **content}, user, state_key="")


def joined(*timeline: Any, state: Sequence[Any] = (), limited: bool = False) -> dict[str, Any]:
    """What a sync says of a room that we are in."""
    return {
        "state": {"events": list(state)},
        "timeline": {"events": list(timeline), "limited": limited, "prev_batch": "before"},
    }


def direct(*people: str) -> list[dict[str, Any]]:
    """The state of a conversation that the first of some people made, in which the bot is."""
    return [made_by(people[0]), member(ME), *(member(one) for one in people)]


def _nothing(_: web.Request) -> Answer | None:
    return None


class Pages:
    """The homeserver. It answers syncs with the queued pages, in order, then with empty ones."""

    def __init__(self) -> None:
        self.queued: list[Answer] = []
        self.messages: dict[str, Callable[[str], Answer]] = {}
        """Room → what `/messages` answers for a token."""
        self.refused_since = ""
        """A token that `/sync` refuses."""
        self.calls: list[tuple[str, str]] = []
        self.queried: set[str] = set()
        """Accounts whose devices were queried."""
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.rule: Callable[[web.Request], Answer | None] = _nothing
        """Answers a request before all other rules, unless it returns None."""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[attr-defined]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def tells(self, joins: Mapping[str, Any] | None = None, **more: Any) -> None:
        """Queue an answer to a sync: `joins` for rooms that the bot is in; `invite` and `leave` for others."""
        to_device = more.pop("to_device", [])
        rooms = {"join": joins or {}, **more}
        page = {"next_batch": f"s{next(_numbers)}", "rooms": rooms, "to_device": {"events": to_device}}
        page["device_one_time_keys_count"] = {"signed_curve25519": 50}
        page["device_unused_fallback_key_types"] = ["signed_curve25519"]
        self.queued.append((200, page))

    def asked(self, part: str) -> int:
        """How many requests had this in their path."""
        return sum(part in path for _, path in self.calls)

    async def _answer(self, request: web.Request) -> web.Response:
        self.calls.append((request.method, unquote(request.raw_path)))
        status, answer = await self._of(request)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return web.Response(status=status, text=text, content_type="application/json")

    async def _of(self, request: web.Request) -> Answer:
        if (instead := self.rule(request)) is not None:
            return instead
        path = request.path
        body = await request.json() if request.can_read_body else {}
        if path.endswith("/sync"):
            return await self._sync(request)
        if path.endswith("/messages"):
            room = path.split("/")[-2]
            if room not in self.messages:
                return 200, {"chunk": [], "start": "a"}
            return self.messages[room](request.query.get("from", ""))
        if "/send/" in path:
            self.sent.append((path.split("/rooms/")[1].split("/")[0], body))
            return 200, {"event_id": f"$sent{next(_numbers)}"}
        if "/state/" in path:
            return 404, {"errcode": "M_NOT_FOUND", "error": ""}
        if path.endswith("/whoami"):
            return 200, {"user_id": ME, "device_id": "DEVICE"}
        if path.endswith("/keys/upload"):
            return 200, {"one_time_key_counts": {"signed_curve25519": 50}}
        if path.endswith("/keys/query"):
            self.queried |= body["device_keys"].keys()
            return 200, {"device_keys": {user: {} for user in body["device_keys"]}, "failures": {}}
        return 200, {}

    async def _sync(self, request: web.Request) -> Answer:
        since = request.query.get("since", "")
        if since and since == self.refused_since:
            return 400, {"errcode": "M_UNKNOWN", "error": "Invalid token"}
        if not self.queued:
            await asyncio.sleep(min(int(request.query.get("timeout", 0)) / 1000, 0.05))
            self.tells()
        return self.queued.pop(0)


def account_on(pages: Pages, folder: Path, position: Position | None = None) -> Account:
    """The bot's account, logged in, with the saved position of a minute ago unless another is given."""
    account = Account(pages.url, ME, folder / "store", KEY)
    if not account.store.exists():
        with Vault(account.store, KEY) as vault:
            vault.keep_session(Session(ME, "DEVICE", "a token"))
        (position or Position(ME, "s0", asked_at=time.time() - 60)).save(account.position)
    return account


@asynccontextmanager
async def opened(pages: Pages, folder: Path, **settings: Any) -> AsyncIterator[MatrixChannel]:
    """A channel that was opened on the first queued page."""
    settings = {"key_patience": 0.2, **settings}
    channel = MatrixChannel(account_on(pages, folder), 0, poll=0.05, **settings)
    await channel.open()
    try:
        yield channel
    finally:
        await channel.close()


async def all_of(channel: MatrixChannel, pages: Pages) -> list[Event]:
    """Return the events of all queued pages, each page acknowledged."""
    events: list[Event] = []
    async with asyncio.timeout(60):
        while True:
            assert channel._opened is not None
            stream = channel._opened.stream
            last = not pages.queued
            events += await stream.page()
            stream.acknowledge()
            if last:
                return events
