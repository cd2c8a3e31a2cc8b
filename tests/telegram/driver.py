# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How a test or a bench speaks to the emulator; the docstring of the package shows it all."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import aiohttp

from tests.ports import KeptPort
from tests.telegram.journal import Call, Counter, Delivery
from tests.telegram.ports import Server
from tests.telegram.screens import Group, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.telegram.faults import Fault

PUBLIC = "https://bot.example.org"
"""The address that the reverse proxy of the tests has."""
ROOT = Path(__file__).parents[2]
TOKEN = "4242:emulated-token"


class Impossible(AssertionError):
    """What a person was told to do cannot be done, e.g. press a button that is not on the screen."""


class Telegram:
    """A running emulator, whichever process it runs in."""

    token = TOKEN

    def __init__(self) -> None:
        self._port = 0
        self._control = ""
        self._session: aiohttp.ClientSession | None = None
        self._places: list[KeptPort] = []

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/bot"

    @property
    def base_file_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/file/bot"

    async def person(
        self, number: int, first_name: str, username: str = "", language: str = "fr", started: bool = True
    ) -> Person:
        """Someone new. Whom the bot has not met (`started` false) it cannot write to until they start it."""
        await self.act(
            "person",
            number=number,
            first_name=first_name,
            username=username,
            language=language,
            started=started,
        )
        return Person(self, number, first_name)

    async def crowd(self, count: int, first: int = 1) -> None:
        """Many people at once, with consecutive ids."""
        await self.act("crowd", count=count, first=first)

    async def group(self, number: int, title: str) -> Group:
        await self.act("group", number=number, title=title)
        return Group(self, number, title)

    async def inject(self, update: Mapping[str, Any]) -> int:
        """Returns the update's id."""
        return int(await self.act("inject", update=update))

    async def repeats(self, update_id: int | None = None) -> int:
        """Deliver an update (else the newest) once more although it was confirmed. Returns its id."""
        return int(await self.act("repeats", update_id=update_id))

    async def polled(self) -> bool:
        """Whether a poll is held."""
        return bool(await self.act("polled"))

    async def updates(self) -> list[dict[str, Any]]:
        """The updates that were not confirmed yet."""
        return list(await self.act("updates"))

    async def route(self, public: str, behind: str) -> None:
        """A public address (`https://bot.example.org`), and what its reverse proxy passes everything on to."""
        await self.act("route", public=public, behind=behind)

    async def free_address(self) -> int:
        """A port that nobody uses, with `PUBLIC` leading to it: for a bot to listen on."""
        kept = KeptPort()
        self._places.append(kept)
        await self.route(PUBLIC, f"http://127.0.0.1:{kept.number}")
        return kept.number

    async def webhook(self) -> dict[str, Any]:
        """What getWebhookInfo says."""
        return dict(await self.act("webhook"))

    async def deliveries(self) -> list[Delivery]:
        """Every attempt to post an update, oldest first, those under way too."""
        return [Delivery(**delivery) for delivery in await self.act("deliveries")]

    async def expire_queries(self) -> None:
        await self.act("expire_queries")

    async def renumber(self) -> None:
        await self.act("renumber")

    async def lose_messages(self, chat: int, *messages: int) -> None:
        await self.act("lose", chat=chat, messages=messages)

    async def refuses(self, *chats: int, description: str) -> None:
        """Answer whatever is sent to these chats with a sentence of `errors`, until another; empty: send again."""
        await self.act("refuses", chats=chats, description=description)

    async def limit_rates(self, account: float | None = None, chat: float | None = None) -> None:
        """Messages a second: for the account within any second, for one chat within any three."""
        await self.act("rates", account=account, chat=chat)

    async def goes_down(self) -> None:
        await self.act("down")

    async def comes_up(self) -> None:
        await self.act("up")

    async def fault(self, *faults: Fault) -> None:
        await self.act("faults", faults=[asdict(fault) for fault in faults])

    async def clear_faults(self) -> None:
        await self.act("clear_faults")

    async def calls(self, method: str | None = None, chat: int | None = None) -> list[Call]:
        return [Call(**call) for call in await self.act("calls", method=method, chat=chat)]

    async def violations(self) -> list[str]:
        return list(await self.act("violations"))

    async def unanswered(self) -> list[str]:
        return list(await self.act("unanswered"))

    async def waits(self) -> list[tuple[float | None, float | None]]:
        """Seconds from each press to its notice, and to the last change of its message; none for what did not come."""
        return [(notice, change) for notice, change in await self.act("waits")]

    async def profile(self) -> dict[str, Any]:
        """What the bot said of itself.

        `commands` by scope and language ("default/fr" → list); `description/fr`, `short_description/`, `name/`…
        """
        return dict(await self.act("profile"))

    async def counters(self) -> dict[str, Counter]:
        return {method: Counter(**counter) for method, counter in (await self.act("counters")).items()}

    async def forget(self) -> None:
        await self.act("forget")

    async def act(self, do: str, **arguments: Any) -> Any:
        """One action of the control port."""
        return (await self.together([{"do": do, **arguments}]))[0]

    async def together(self, actions: Iterable[Mapping[str, Any]]) -> Sequence[Any]:
        """Many actions in one request, in order. Raises `Impossible` at the first that cannot be done."""
        if self._session is None:
            raise RuntimeError("the emulator is not running")
        async with self._session.post(self._control, json=list(actions)) as response:
            answer = await response.json()
        if response.status != 200:
            raise Impossible(answer["error"])
        results: list[Any] = answer
        return results

    async def _connect(self, port: int, control: int) -> None:
        self._port = port
        self._control = f"http://127.0.0.1:{control}/control"
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=90), connector=aiohttp.TCPConnector(limit=0)
        )

    async def _disconnect(self) -> None:
        if self._session is not None:
            await self._session.close()


class Emulator(Telegram):
    """An emulator in this process and event loop."""

    def __init__(self, token: str = TOKEN, *, light: bool = False) -> None:
        super().__init__()
        self.token = token
        self._server = Server(token, light=light)

    async def __aenter__(self) -> Self:
        await self._connect(*await self._server.start())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._disconnect()
        await self._server.stop()


class EmulatorProcess(Telegram):
    """An emulator in a process of its own, which ends with this one."""

    def __init__(self, token: str = TOKEN, *, light: bool = False) -> None:
        super().__init__()
        self.token = token
        self._light = light
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        command = [sys.executable, "-m", "tests.telegram.server", "--token", self.token, "--attached"]
        process = await asyncio.create_subprocess_exec(
            *command,
            *(["--light"] if self._light else []),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._process = process
        if process.stdout is None:
            raise RuntimeError("the emulator has no output")
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        ports = json.loads(line)
        await self._connect(ports["port"], ports["control"])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._disconnect()
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 5)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
