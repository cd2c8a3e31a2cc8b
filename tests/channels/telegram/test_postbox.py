# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Telegram alone may post an update, and is answered once it is kept."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import product
from typing import Any

import pytest
from aiohttp import ClientSession, TCPConnector

from bot.channels.telegram.postbox import LONGEST_BODY, MOST_WAITING, SECRET_HEADER, Postbox
from tests.channels.telegram_case import PATIENCE
from tests.ports import KeptPort

SECRET = "the_secret-of-the-webhook"
PATH = "/telegram/hook"


class Door:
    """An open postbox, and someone who posts."""

    def __init__(self, box: Postbox, session: ClientSession, port: int) -> None:
        self.box, self._session, self.port = box, session, port

    async def knocks(
        self,
        content: Any = None,
        *,
        secret: str | None = SECRET,
        method: str = "POST",
        path: str = PATH,
        **headers: str,
    ) -> tuple[int, str, bytes]:
        """Status, `Retry-After` and body of what is answered."""
        said = {SECRET_HEADER: secret, **headers} if secret is not None else headers
        url = f"http://127.0.0.1:{self.port}{path}"
        async with self._session.request(method, url, data=content, headers=said) as response:
            return response.status, response.headers.get("Retry-After", ""), await response.read()

    def posts(self, number: int) -> asyncio.Task[tuple[int, str, bytes]]:
        return asyncio.create_task(self.knocks(json.dumps({"update_id": number})))

    async def raw(self, content: bytes) -> bytes:
        """What is answered to bytes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(content)
        await writer.drain()
        try:
            async with asyncio.timeout(PATIENCE):
                return await reader.read(4096)
        finally:
            writer.close()


@asynccontextmanager
async def open_door(arriving: float = 30, keeping: float = 30) -> AsyncIterator[Door]:
    kept = KeptPort()
    box = Postbox("127.0.0.1", kept.number, PATH, SECRET, arriving=arriving, keeping=keeping)
    await box.open()
    async with ClientSession(connector=TCPConnector(limit=0)) as session:
        yield Door(box, session, kept.number)
    await box.close()


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with open_door() as opened:
        yield opened


async def keep(box: Postbox, *, kept: bool, count: int = 1) -> list[int]:
    """Collect what waits once it is so many, and say whether it is kept."""
    await until(lambda: len(box._waiting) == count)
    page = await box.collect()
    for posted in page:
        posted.settle(kept=kept)
    return [posted.number for posted in page]


async def test_a_stranger_is_told_the_same_everywhere(door: Door, subtests: pytest.Subtests) -> None:
    secrets = (None, "", "the_secret-of-the-webhooK", SECRET[:-1], f"{SECRET}x", "é")
    for secret, (method, path) in product(
        secrets, (("POST", PATH), ("GET", PATH), ("POST", "/"), ("PUT", "/x"))
    ):
        with subtests.test(secret=secret, method=method, path=path):
            told = await door.knocks(b'{"update_id": 1}', secret=secret, method=method, path=path)
            assert told == (401, "", b"")


async def test_a_strangers_body_is_not_waited_for(door: Door) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
    assert (await door.raw(head.encode())).startswith(b"HTTP/1.1 401 ")


async def test_there_is_one_path_and_one_method(door: Door, subtests: pytest.Subtests) -> None:
    for method, path in (
        ("GET", PATH),
        ("PUT", PATH),
        ("HEAD", PATH),
        ("POST", f"{PATH}/"),
        ("POST", "/"),
        ("POST", f"/{PATH}"),
    ):
        with subtests.test(method=method, path=path):
            assert await door.knocks(b'{"update_id": 1}', method=method, path=path) == (404, "", b"")


async def test_a_body_that_is_no_update_is_refused(door: Door, subtests: pytest.Subtests) -> None:
    for content in (
        b"",
        b"{",
        b"[]",
        b"7",
        b"{}",
        b'{"update_id": "7"}',
        b'{"update_id": true}',
        b'{"update_id": 7.0}',
        b'{"update_id": 7, "message": NaN}',
        b'{"update_id": 7, "message": Infinity}',
        b'{"update_id": 7} x',
        b'\xef\xbb\xbf{"update_id": 7}',
        '{"update_id": 7, "message": "é"}'.encode("latin-1"),
        b"[" * 500_000,
        b'{"update_id": ' + b"7" * 10_000 + b"}",
    ):
        with subtests.test(content=content[:40]):
            assert await door.knocks(content) == (400, "", b"")


async def test_a_compressed_body_is_not_unpacked(door: Door) -> None:
    content = gzip.compress(b'{"update_id": 1}')
    assert await door.knocks(content, **{"Content-Encoding": "gzip"}) == (400, "", b"")


async def test_an_update_may_be_exactly_as_long_as_the_limit(door: Door) -> None:
    content = b'{"update_id": 7}'.ljust(LONGEST_BODY)
    posting = asyncio.create_task(door.knocks(io.BytesIO(content)))
    assert await keep(door.box, kept=True) == [7]
    assert await posting == (200, "", b"")


async def test_an_update_that_is_longer_is_refused(door: Door, subtests: pytest.Subtests) -> None:
    content = b'{"update_id": 7}'.ljust(LONGEST_BODY + 1)

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 65_536):
            yield content[start : start + 65_536]

    for name, body in (("whole", io.BytesIO(content)), ("chunked", in_pieces())):
        with subtests.test(name):
            assert await door.knocks(body) == (413, "", b"")


async def test_a_body_that_does_not_arrive_is_not_waited_for() -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: 16\r\n\r\n"
    async with open_door(arriving=0.1) as door:
        assert (await door.raw(head.encode() + b'{"update')).startswith(b"HTTP/1.1 408 ")


async def test_bytes_that_are_not_http_are_refused_and_fill_no_log(
    door: Door, caplog: pytest.LogCaptureFixture, subtests: pytest.Subtests
) -> None:
    caplog.set_level(logging.INFO)
    for content in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost: x\r\nsecret\x00: y\r\n\r\n",
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\n"
        f"Transfer-Encoding: chunked\r\n\r\nzz\r\n".encode(),
        b"A" * 100_000,
    ):
        with subtests.test(content=content[:20]):
            assert (await door.raw(content))[:12] in {b"HTTP/1.0 400", b"HTTP/1.1 400"}
            assert caplog.text == ""
            posting = door.posts(7)
            assert await keep(door.box, kept=True) == [7]
            assert (await posting)[0] == 200


async def test_a_post_is_answered_once_it_is_kept(door: Door) -> None:
    posting = door.posts(7)
    (posted,) = await door.box.collect()
    await asyncio.sleep(0.1)
    assert not posting.done()
    posted.settle(kept=True)
    assert await posting == (200, "", b"")


async def test_an_update_that_is_not_kept_is_to_come_back(door: Door) -> None:
    posting = door.posts(7)
    assert await keep(door.box, kept=False) == [7]
    assert await posting == (500, "2", b"")


async def test_an_update_that_nobody_collects_is_to_come_back_and_waits_no_longer() -> None:
    async with open_door(keeping=0.1) as door:
        assert await door.posts(7) == (500, "2", b"")
        assert list(await door.box.collect()) == []


async def test_an_update_kept_too_late_was_answered_before() -> None:
    async with open_door(keeping=0.1) as door:
        posting = door.posts(7)
        (posted,) = await door.box.collect()
        assert (await posting)[0] == 500
        posted.settle(kept=True)


async def test_updates_are_collected_in_the_order_in_which_they_happened(door: Door) -> None:
    postings = [door.posts(number) for number in (12, 7, 400, 9)]
    assert await keep(door.box, kept=True, count=4) == [7, 9, 12, 400]
    await asyncio.gather(*postings)


async def test_more_than_may_wait_is_told_to_come_back(door: Door) -> None:
    waiting = [door.posts(number) for number in range(MOST_WAITING)]
    await until(lambda: len(door.box._waiting) == MOST_WAITING)
    assert await door.posts(1000) == (503, "2", b"")
    assert await keep(door.box, kept=True, count=MOST_WAITING) == list(range(MOST_WAITING))
    assert {status for status, _, _ in await asyncio.gather(*waiting)} == {200}


async def test_a_closing_box_answers_what_waits(door: Door) -> None:
    waiting = [door.posts(number) for number in range(3)]
    await until(lambda: len(door.box._waiting) == 3)
    await door.box.close()
    assert await asyncio.gather(*waiting) == [(500, "2", b"")] * 3
    assert list(await door.box.collect()) == []
    await door.box.open()
    posting = door.posts(7)
    assert await keep(door.box, kept=True) == [7]
    assert (await posting)[0] == 200


async def test_a_port_that_is_taken_is_an_error_of_the_system(door: Door) -> None:
    other = Postbox("127.0.0.1", door.port, PATH, SECRET)
    with pytest.raises(OSError, match="in use"):
        await other.open()
    assert not other.is_open
    await other.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if holds():
                return
            await asyncio.sleep(0.01)
