# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Do updates reach the bot as Telegram would tell them?"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tests.waiting import until

if TYPE_CHECKING:
    from tests.telegram import Person, Telegram
    from tests.telegram.conftest import Raw


async def test_an_update_stays_until_a_higher_offset_confirms_it(ann: Person, bot: Raw) -> None:
    for text in ("un", "deux", "trois"):
        await ann.says(text)
    page = await bot.get("getUpdates")
    numbers = [update["update_id"] for update in page]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert await bot.get("getUpdates") == page
    assert await bot.get("getUpdates", offset=numbers[1]) == page[1:]
    assert await bot.get("getUpdates") == page[1:]
    assert await bot.get("getUpdates", offset=-1) == page[2:]
    assert await bot.get("getUpdates") == page[2:]
    assert await bot.get("getUpdates", offset=numbers[2] + 1) == []


async def test_a_page_has_a_limit(telegram: Telegram, ann: Person, bot: Raw) -> None:
    await telegram.together([{"do": "says", "chat": ann.id, "text": str(number)} for number in range(120)])
    assert len(await bot.get("getUpdates")) == 100
    assert len(await bot.get("getUpdates", limit=3)) == 3
    await bot.get("getUpdates", limit=101, timeout=51)
    assert await telegram.violations() == ["getUpdates: limit 101, timeout 51"]


async def test_a_long_poll_is_held_until_something_happens(telegram: Telegram, ann: Person, bot: Raw) -> None:
    poll = asyncio.create_task(bot.get("getUpdates", timeout=10))
    await until(telegram.polled)
    assert not poll.done()
    await ann.says("bonjour")
    [update] = await asyncio.wait_for(poll, 30)
    assert update["message"]["text"] == "bonjour"
    assert update["message"]["from"] == {
        "id": 4711,
        "is_bot": False,
        "first_name": "Ann",
        "username": "ann",
        "language_code": "fr",
    }


async def test_a_long_poll_ends_in_time(bot: Raw) -> None:
    started = time.monotonic()
    assert await bot.get("getUpdates", timeout=1) == []
    assert time.monotonic() - started > 0.9


async def test_the_older_of_two_pollers_is_told_to_go(telegram: Telegram, ann: Person, bot: Raw) -> None:
    older = asyncio.create_task(bot.refusal("getUpdates", timeout=10))
    await until(telegram.polled)
    newer = asyncio.create_task(bot.get("getUpdates", timeout=10))
    assert await asyncio.wait_for(older, 30) == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await ann.says("bonjour")
    assert len(await asyncio.wait_for(newer, 30)) == 1


async def test_kinds_that_were_not_asked_for_do_not_come(ann: Person, bot: Raw) -> None:
    await bot.get("getUpdates", allowed_updates=["message"])
    await ann.blocks()
    await ann.unblocks()
    await ann.says("bonjour")
    assert [set(update) for update in await bot.get("getUpdates")] == [{"update_id", "message"}]
    await bot.get("getUpdates", allowed_updates=[])
    await ann.blocks()
    assert "my_chat_member" in (await bot.get("getUpdates"))[-1]


async def test_an_update_can_be_told_twice(telegram: Telegram, ann: Person, bot: Raw) -> None:
    await ann.says("/lecon")
    [first] = await bot.get("getUpdates")
    assert first["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    offset = first["update_id"] + 1
    assert await bot.get("getUpdates", offset=offset) == []
    assert await telegram.repeats() == first["update_id"]
    assert await bot.get("getUpdates", offset=offset) == [first]
    assert await bot.get("getUpdates", offset=offset) == []


async def test_anything_can_be_injected(telegram: Telegram, bot: Raw) -> None:
    number = await telegram.inject({"poll": {"id": "1"}})
    assert await bot.get("getUpdates") == [{"update_id": number, "poll": {"id": "1"}}]
    assert await telegram.updates() == [{"update_id": number, "poll": {"id": "1"}}]


async def test_update_ids_can_start_anew(telegram: Telegram, ann: Person, bot: Raw) -> None:
    await ann.says("avant")
    await telegram.renumber()
    await ann.says("après")
    before, after = (update["update_id"] for update in await bot.get("getUpdates"))
    assert after != before + 1


async def test_a_webhook_is_taken_away_with_what_waits(ann: Person, bot: Raw) -> None:
    await ann.says("bonjour")
    assert await bot.get("deleteWebhook", drop_pending_updates=True) is True
    assert await bot.get("getUpdates") == []
