# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Do people press, send, block and see as they would with Telegram in their hands?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.telegram import Impossible

if TYPE_CHECKING:
    from tests.telegram import Person, Telegram
    from tests.telegram.conftest import Raw

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def ask(bot: Raw, person: Person, *labels: str) -> int:
    row = [{"text": label, "callback_data": f"data:{label}"} for label in labels]
    sent = await bot.get(
        "sendMessage", chat_id=person.id, text="question", reply_markup={"inline_keyboard": [row]}
    )
    return int(sent["message_id"])


async def pressed(bot: Raw) -> dict[str, Any]:
    update = (await bot.get("getUpdates"))[-1]
    return dict(update["callback_query"])


async def test_a_press_carries_the_data_of_the_button(ann: Person, bot: Raw) -> None:
    message = await ask(bot, ann, "1", "2")
    query = await ann.presses(message, "2")
    told = await pressed(bot)
    assert (told["id"], told["data"], told["from"]["id"]) == (query, "data:2", ann.id)
    assert told["message"]["message_id"] == message
    assert await ann.presses(message, "data:1") != query


async def test_only_buttons_on_the_screen_can_be_pressed(ann: Person, bot: Raw) -> None:
    message = await ask(bot, ann, "1")
    with pytest.raises(Impossible, match="no button '2'"):
        await ann.presses(message, "2")
    await bot.get("editMessageReplyMarkup", chat_id=ann.id, message_id=message)
    with pytest.raises(Impossible):
        await ann.presses(message, "1")


async def test_a_press_is_answered_once_and_in_time(telegram: Telegram, ann: Person, bot: Raw) -> None:
    message = await ask(bot, ann, "1")
    query, late = await ann.presses(message, "1"), await ann.presses(message, "1")
    assert await telegram.unanswered() == [query, late]
    too_long = "x" * 201
    refused = await bot.refusal("answerCallbackQuery", callback_query_id=query, text=too_long)
    assert refused == "Bad Request: MESSAGE_TOO_LONG"
    await bot.get("answerCallbackQuery", callback_query_id=query, text="✅ Oui")
    assert await ann.notice(query) == "✅ Oui"
    assert await bot.refusal("answerCallbackQuery", callback_query_id=query) == TOO_OLD
    await telegram.expire_queries()
    assert await bot.refusal("answerCallbackQuery", callback_query_id=late) == TOO_OLD
    assert await bot.refusal("answerCallbackQuery", callback_query_id="12") == TOO_OLD
    with pytest.raises(Impossible, match="was not answered"):
        await ann.notice(late, timeout=0.05)


async def test_data_can_be_forged_about_a_message_of_somebody_else(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    message = await ask(bot, ann, "1")
    mallory = await telegram.person(666, "Mallory")
    await mallory.forges("data:admin", message, chat=ann.id)
    told = await pressed(bot)
    assert (told["from"]["id"], told["data"], told["message"]["chat"]["id"]) == (666, "data:admin", ann.id)


async def test_who_blocks_is_not_reached_until_they_come_back(ann: Person, bot: Raw) -> None:
    await ann.blocks()
    refused = await bot.refusal("sendMessage", chat_id=ann.id, text="x")
    assert refused == "Forbidden: bot was blocked by the user"
    await ann.unblocks()
    await bot.get("sendMessage", chat_id=ann.id, text="x")
    moves = [update["my_chat_member"]["new_chat_member"]["status"] for update in await bot.get("getUpdates")]
    assert moves == ["kicked", "member"]


async def test_strangers_must_start_and_the_deactivated_are_gone(telegram: Telegram, bot: Raw) -> None:
    bob = await telegram.person(7, "Bob", started=False)
    refused = await bot.refusal("sendMessage", chat_id=7, text="x")
    assert refused == "Forbidden: bot can't initiate conversation with a user"
    await bob.starts("mairie")
    assert (await bot.get("getUpdates"))[0]["message"]["text"] == "/start mairie"
    await bot.get("sendMessage", chat_id=7, text="x")
    await bob.deactivates()
    assert await bot.refusal("sendMessage", chat_id=7, text="x") == "Forbidden: user is deactivated"


async def test_a_reply_brings_the_message_along(ann: Person, bot: Raw) -> None:
    message = await ask(bot, ann, "1")
    await ann.says("1", reply_to=message)
    told = (await bot.get("getUpdates"))[0]["message"]
    assert told["reply_to_message"]["message_id"] == message
    assert told["message_id"] > message
    with pytest.raises(Impossible):
        await ann.says("1", reply_to=999)


async def test_a_file_can_be_fetched_if_it_is_small_enough(telegram: Telegram, ann: Person, bot: Raw) -> None:
    await ann.sends_file("cours.zip", b"zip", caption="voici")
    await ann.sends_file("film.mp4", size=20 * 2**20 + 1)
    small, large = (update["message"]["document"] for update in await bot.get("getUpdates"))
    assert (small["file_name"], small["file_size"]) == ("cours.zip", 3)
    path = (await bot.get("getFile", file_id=small["file_id"]))["file_path"]
    async with bot.session.get(f"{telegram.base_file_url}{telegram.token}/{path}") as response:
        assert await response.read() == b"zip"
    async with bot.session.get(f"{telegram.base_file_url}{telegram.token}/documents/none") as response:
        assert response.status == 404
    assert await bot.refusal("getFile", file_id=large["file_id"]) == "Bad Request: file is too big"
    assert await bot.refusal("getFile", file_id="x") == (
        "Bad Request: wrong file_id or the file is temporarily unavailable"
    )


async def test_a_group_can_be_joined_and_left(telegram: Telegram, ann: Person, bot: Raw) -> None:
    room = await telegram.group(-100, "Mairie")
    await room.adds_bot(ann)
    await room.hears(ann, "bonjour")
    added, heard = await bot.get("getUpdates")
    assert added["my_chat_member"]["chat"]["type"] == "group"
    assert (heard["message"]["chat"]["id"], heard["message"]["from"]["id"]) == (-100, ann.id)
    await bot.get("sendMessage", chat_id=-100, text="En privé, s'il vous plaît")
    assert (await room.next_message()).text == "En privé, s'il vous plaît"
    assert await bot.get("leaveChat", chat_id=-100) is True
    assert await bot.refusal("sendMessage", chat_id=-100, text="x") == (
        "Forbidden: bot is not a member of the group chat"
    )


async def test_waiting_for_a_message_ends_when_it_comes_or_says_what_is_there(ann: Person, bot: Raw) -> None:
    waiting = asyncio.create_task(ann.sees("bonjour"))
    await asyncio.sleep(0.05)
    await bot.get("sendMessage", chat_id=ann.id, text="bonjour Ann")
    first = await asyncio.wait_for(waiting, 30)
    assert await ann.next_message() == first
    with pytest.raises(AssertionError, match=r"did not see 'adieu'.*\n.*bonjour Ann"):
        await ann.sees("adieu", timeout=0.05)
    with pytest.raises(AssertionError):
        await ann.sees("bonjour", timeout=0.05, after=first.id)
    await ann.sees_nothing_new(0.05)
    await bot.get("sendMessage", chat_id=ann.id, text="encore")
    with pytest.raises(AssertionError, match="did not expect"):
        await ann.sees_nothing_new(0.05)
