# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A server between us and Telegram, or in its place, that answers anything or nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType

from bot.channels.telegram import TelegramChannel

PAGE = "<html>Filtré : http://proxyADDRESS est interdit</html>"
"""A proxy's page, which quotes the address that was asked for."""
TOKEN = "4242:AAsecret-of-the-bot_0123456789abcdef"
ME = {
    "ok": True,
    "result": {"id": 4242, "is_bot": True, "first_name": "IAventure", "username": "IAventureBot"},
}

Answer = Callable[[asyncio.StreamWriter, str, str], Awaitable[None]]


def http(status: int, answer: object, **headers: str) -> Answer:
    """An answer: JSON, or the page of something that is not Telegram."""
    content = (answer if isinstance(answer, str) else json.dumps(answer)).encode()

    async def send(writer: asyncio.StreamWriter, address: str, body: str) -> None:
        quoting = content.replace(b"ADDRESS", address.encode())
        named = {"Content-Length": str(len(quoting)), **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + quoting)
        await writer.drain()

    return send


def refusal(status: int, description: str, **parameters: object) -> Answer:
    body = {"ok": False, "error_code": status, "description": description}
    return http(status, body | ({"parameters": parameters} if parameters else {}))


async def silence(writer: asyncio.StreamWriter, address: str, body: str) -> None:
    await asyncio.sleep(30)


async def cut(writer: asyncio.StreamWriter, address: str, body: str) -> None:
    writer.close()


async def half(writer: asyncio.StreamWriter, address: str, body: str) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    writer.close()


@asynccontextmanager
async def standing_in(
    send: Answer, answers: Mapping[str, Answer] = MappingProxyType({})
) -> AsyncIterator[str]:
    """Run a server in Telegram's place and give its address; `answers`: by method, `send` for all others."""
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            while line := await reader.readline():
                size = 0
                while (header := await reader.readline()) not in (b"\r\n", b""):
                    name, _, value = header.decode().partition(":")
                    size = int(value) if name.lower() == "content-length" else size
                body = (await reader.readexactly(size)).decode()
                address = line.split()[1].decode()
                await answers.get(address.rpartition("/")[2], send)(writer, address, body)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


@asynccontextmanager
async def answering(send: Answer) -> AsyncIterator[TelegramChannel]:
    """An open channel whose service answers as told from then on."""
    answers = {"getMe": http(200, ME), "deleteWebhook": http(200, {"ok": True, "result": True})}
    async with standing_in(send, answers) as root:
        # Only a silence is waited for to its end: elsewhere a busy machine may take its time to answer.
        patience = 2 if send is silence else 20
        channel = TelegramChannel(TOKEN, f"{root}/bot", f"{root}/file/bot", 0, 8, poll=0, patience=patience)
        await channel.open()
        try:
            yield channel
        finally:
            await channel.close()
