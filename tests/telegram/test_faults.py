# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Do calls fail the way they were ordered to, and only those?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.telegram import Fault, Kind

if TYPE_CHECKING:
    from tests.telegram import Person, Telegram
    from tests.telegram.conftest import Raw


async def send(bot: Raw, person: Person, text: str = "x") -> tuple[int, str]:
    """Status and media type of an answer."""
    form = {"chat_id": str(person.id), "text": text}
    async with bot.session.post(f"{bot.address}/sendMessage", data=form) as response:
        await response.read()
        return response.status, response.content_type


@pytest.mark.parametrize(
    ("kind", "status", "media_type"),
    [
        (Kind.THROTTLE, 429, "application/json"),
        (Kind.FOREIGN_THROTTLE, 429, "text/html"),
        (Kind.BLOCKED, 403, "application/json"),
        (Kind.PROXY_FORBIDDEN, 403, "text/html"),
        (Kind.UNAUTHORIZED, 401, "application/json"),
        (Kind.CONFLICT, 409, "application/json"),
        (Kind.SERVER_ERROR, 500, "application/json"),
        (Kind.BAD_GATEWAY, 502, "text/html"),
        (Kind.PAGE, 200, "text/html"),
    ],
)
async def test_a_fault_answers_in_its_way_once(
    kind: Kind, status: int, media_type: str, telegram: Telegram, ann: Person, bot: Raw
) -> None:
    await telegram.fault(Fault(kind))
    assert await send(bot, ann) == (status, media_type)
    assert await ann.messages() == []
    assert await send(bot, ann) == (200, "application/json")
    failed, sent = await telegram.calls("sendMessage")
    assert (failed.status, failed.fault, failed.message) == (status, kind.value, None)
    assert (sent.status, sent.fault) == (200, None)
    assert sent.message is not None


async def test_a_method_is_refused_in_the_words_that_a_test_gives(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    for status, sentence in (
        (400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (403, "Forbidden: no"),
        (413, "Request Entity Too Large"),
    ):
        await telegram.fault(Fault(Kind.REFUSED, "sendPhoto", description=sentence))
        assert await send(bot, ann) == (200, "application/json")
        refused, body = await bot.ask("sendPhoto", chat_id=ann.id)
        assert (refused, body["description"]) == (status, sentence)


async def test_throttling_says_how_long(telegram: Telegram, ann: Person, bot: Raw) -> None:
    await telegram.fault(Fault(Kind.THROTTLE, seconds=7))
    _, body = await bot.ask("sendMessage", chat_id=ann.id, text="x")
    assert body["parameters"] == {"retry_after": 7}
    assert body["description"] == "Too Many Requests: retry after 7"


@pytest.mark.parametrize("recorded", [False, True])
async def test_a_connection_is_cut_before_or_after_the_message_is_shown(
    recorded: bool, telegram: Telegram, ann: Person, bot: Raw
) -> None:
    await telegram.fault(Fault(Kind.CUT, recorded=recorded))
    with pytest.raises(aiohttp.ClientConnectionError):
        await send(bot, ann)
    assert len(await ann.messages()) == recorded
    [call] = await telegram.calls()
    assert (call.status, call.fault, call.message is not None) == (0, "cut", recorded)


async def test_a_server_that_hangs_is_silent_then_gone(telegram: Telegram, ann: Person, bot: Raw) -> None:
    await telegram.fault(Fault(Kind.HANG, seconds=0.2))
    started = time.monotonic()
    with pytest.raises(aiohttp.ClientConnectionError):
        await send(bot, ann)
    assert time.monotonic() - started >= 0.2


async def test_a_fault_hits_its_method_and_its_chat_as_often_as_ordered(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    bob = await telegram.person(7, "Bob")
    await telegram.fault(Fault(Kind.BAD_GATEWAY, method="sendMessage", chat=ann.id, times=2))
    assert (await bot.get("getMe"))["is_bot"] is True
    statuses = [(await send(bot, person))[0] for person in (ann, bob, ann, ann)]
    assert statuses == [502, 200, 502, 200]
    await telegram.fault(Fault(Kind.BAD_GATEWAY, times=None))
    assert [(await send(bot, bob))[0] for _ in range(3)] == [502] * 3
    await telegram.clear_faults()
    assert (await send(bot, bob))[0] == 200


async def test_the_answer_to_a_press_counts_as_a_call_of_its_chat(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    query = await ann.forges("data", message_id=1)
    await telegram.fault(Fault(Kind.BLOCKED, chat=ann.id))
    status, _ = await bot.ask("answerCallbackQuery", callback_query_id=query)
    assert status == 403


async def test_delays_come_on_top(telegram: Telegram, ann: Person, bot: Raw) -> None:
    await telegram.fault(Fault(Kind.DELAY, times=None, seconds=0.1), Fault(Kind.BAD_GATEWAY))
    started = time.monotonic()
    assert [(await send(bot, ann))[0] for _ in range(2)] == [502, 200]
    assert time.monotonic() - started >= 0.2


async def test_what_is_down_refuses_connections_and_comes_back_at_the_same_place(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    await send(bot, ann)
    await telegram.goes_down()
    with pytest.raises(aiohttp.ClientConnectorError):
        await send(bot, ann)
    assert len(await ann.messages()) == 1
    await telegram.comes_up()
    assert (await send(bot, ann))[0] == 200


async def test_a_download_can_fail_too(telegram: Telegram, bot: Raw) -> None:
    await telegram.fault(Fault(Kind.BAD_GATEWAY, method="download"))
    async with bot.session.get(f"{telegram.base_file_url}{telegram.token}/documents/x") as response:
        assert response.status == 502
