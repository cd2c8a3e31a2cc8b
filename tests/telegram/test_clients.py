# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does the emulator serve as a process of its own, and to a client it was not made for?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import Forbidden

from tests.telegram import EmulatorProcess
from tests.telegram.conftest import Raw

if TYPE_CHECKING:
    from tests.telegram import Person, Telegram


async def test_python_telegram_bot_finds_what_it_expects(telegram: Telegram, ann: Person) -> None:
    async with Bot(telegram.token, telegram.base_url, telegram.base_file_url) as client:
        assert client.username == "emulated_bot"
        await ann.starts("mairie")
        [update] = await client.get_updates(timeout=1, allowed_updates=["message", "callback_query"])
        assert update.message is not None
        assert update.message.text == "/start mairie"
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("Oui", callback_data="yes")]])
        sent = await client.send_message(
            ann.id, "<b>Prête ?</b>", parse_mode=ParseMode.HTML, reply_markup=markup
        )
        query = await ann.presses(sent.message_id, "Oui")
        [update] = await client.get_updates(offset=update.update_id + 1)
        assert update.callback_query is not None
        assert update.callback_query.data == "yes"
        await client.answer_callback_query(query, "Alors…")
        await client.edit_message_text("<i>C'est parti</i>", ann.id, sent.message_id, parse_mode="HTML")
        assert (await ann.sees("C'est parti")).edited
        await client.send_document(ann.id, b"contenu", filename="cours.txt", caption="voici")
        assert (await ann.sees("voici")).content == b"contenu"
        await client.set_my_commands([("lecon", "La leçon du jour")], language_code="fr")
        await ann.sends_file("à moi.txt", b"mon fichier")
        *_, update = await client.get_updates()
        assert update.message is not None
        assert update.message.document is not None
        file = await update.message.document.get_file()
        assert await file.download_as_bytearray() == b"mon fichier"
        await ann.blocks()
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await client.send_message(ann.id, "x")
    assert await telegram.violations() == []


async def test_a_light_emulator_runs_in_a_process_of_its_own() -> None:
    async with EmulatorProcess(light=True) as telegram, aiohttp.ClientSession() as session:
        bot = Raw(telegram, session)
        await telegram.crowd(500, first=1)
        for chat in (1, 500):
            await bot.get("sendMessage", chat_id=chat, text="<b>bonjour</b>", parse_mode="HTML")
        assert await bot.refusal("sendMessage", chat_id=501, text="x") == "Bad Request: chat not found"
        assert await bot.refusal("sendMessage", chat_id=1, text="x", reply_markup="{") == (
            "Bad Request: can't parse reply keyboard markup JSON object"
        )
        counter = (await telegram.counters())["sendMessage"]
        assert (counter.calls, counter.refused) == (4, 2)
        assert counter.first <= counter.last
        assert await telegram.calls() == []


async def test_a_process_ends_with_the_test_that_started_it() -> None:
    running = EmulatorProcess(light=True)
    async with running as telegram, aiohttp.ClientSession() as session:
        assert (await Raw(telegram, session).get("getMe"))["is_bot"] is True
        address = f"{telegram.base_url}{telegram.token}/getMe"
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(address)
