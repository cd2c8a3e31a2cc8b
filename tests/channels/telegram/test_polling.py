# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Polling goes on whatever is in a page of updates, and when no page comes."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import parse_qs

import pytest

from bot.channels import ChannelFault
from bot.messages import Event
from bot.watch.health import LOOP
from tests.channels.telegram.answering import PAGE, Answer, answering, cut, http, refusal
from tests.channels.telegram_case import PATIENCE
from tests.waiting import until

CLAIRE = {"id": 4711, "is_bot": False, "first_name": "Claire"}
CHAT = {"id": 4711, "type": "private"}


def update(number: int, text: str = "bonjour") -> dict[str, Any]:
    message = {"message_id": number, "date": 1_795_000_000, "chat": CHAT, "from": CLAIRE, "text": text}
    return {"update_id": number, "message": message}


def pages(*updates: list[Any]) -> Answer:
    return script(*(http(200, {"ok": True, "result": page}) for page in updates))


def script(*answers: Answer) -> Answer:
    """One answer after the other, then the last again and again."""
    left = list(answers)

    async def answer(writer: asyncio.StreamWriter, address: str, body: str) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(writer, address, body)

    return answer


async def heard(answer: Answer, count: int) -> list[Event]:
    events: list[Event] = []
    async with answering(answer) as channel, asyncio.timeout(PATIENCE):
        async for page in channel.listen():
            events += page
            if len(events) >= count:
                break
    return events


async def test_one_update_that_cannot_be_read_loses_no_other(caplog: pytest.LogCaptureFixture) -> None:
    broken = {"update_id": 2, "message": {"text": "no date, no chat"}}
    events = await heard(pages([update(1, "un"), broken, update(3, "trois")]), 2)
    assert [event.text for event in events] == ["un", "trois"]
    assert "dropped" in caplog.text
    assert "no date" not in caplog.text


async def test_an_entry_that_is_no_update_loses_no_other() -> None:
    events = await heard(pages(["x", {"update_id": "2"}, {}, None, update(3)], [update(4)]), 2)
    assert [event.id for event in events] == ["u3.3", "u4.4"]


async def test_a_page_that_says_nothing_to_us_is_acknowledged_and_not_told() -> None:
    asked: list[str] = []

    async def answer(writer: asyncio.StreamWriter, address: str, body: str) -> None:
        asked.append(parse_qs(body).get("offset", [""])[0])
        page = [{"update_id": 8, "poll_answer": {}}] if len(asked) == 1 else [update(9)]
        await http(200, {"ok": True, "result": page})(writer, address, body)

    events = await heard(answer, 1)
    assert [event.id for event in events] == ["u9.9"]
    assert asked == ["", "9"]


async def test_passing_trouble_is_logged_and_waited_out(
    caplog: pytest.LogCaptureFixture, subtests: pytest.Subtests
) -> None:
    troubles = (
        cut,
        http(401, PAGE),
        http(403, PAGE),
        http(404, PAGE),
        http(409, PAGE),
        http(200, {"ok": True, "result": "no list"}),
        http(200, {"ok": True, "result": ["no", "number"]}),
        refusal(409, "Conflict: terminated by other getUpdates request"),
        refusal(429, "Too Many Requests", retry_after=1),
    )
    for place, trouble in enumerate(troubles):
        with subtests.test(place=place):
            caplog.clear()
            started = asyncio.get_running_loop().time()
            events = await heard(script(trouble, http(200, {"ok": True, "result": [update(1)]})), 1)
            assert [event.text for event in events] == ["bonjour"]
            assert asyncio.get_running_loop().time() - started > 0.9
            assert "Asking again in 1 s" in caplog.text
            assert "AAsecret" not in caplog.text


async def test_another_process_on_the_token_is_named_as_such(caplog: pytest.LogCaptureFixture) -> None:
    conflict = refusal(409, "Conflict: terminated by other getUpdates request")
    await heard(script(conflict, http(200, {"ok": True, "result": [update(1)]})), 1)
    assert "another process receives with this token" in caplog.text


async def test_a_token_that_is_refused_ends_the_listening() -> None:
    with pytest.raises(ChannelFault, match="token") as raised:
        await heard(refusal(401, "Unauthorized"), 1)
    assert raised.value.fatal


async def test_closing_ends_the_listening() -> None:
    async def hold(writer: asyncio.StreamWriter, address: str, body: str) -> None:
        held.set()
        await asyncio.sleep(30)

    held = asyncio.Event()
    async with answering(hold) as channel:
        listening = asyncio.create_task(heard_from(channel.listen()))
        await held.wait()
        await channel.close()
        async with asyncio.timeout(PATIENCE):
            assert await listening == []


async def heard_from(told: Any) -> list[Event]:
    return [event async for page in told for event in page]


async def test_a_long_wait_that_telegram_asks_for_is_no_stalled_listener() -> None:
    async with answering(refusal(429, "Too Many Requests: retry after 900", retry_after=900)) as channel:
        listening = asyncio.create_task(heard_from(channel.listen()))
        await until(lambda: channel.hearing.refusals > 0)
        assert channel.alive_at > time.monotonic() + LOOP
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
