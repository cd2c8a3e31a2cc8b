# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Who we are compared with: the library as it ships, and our own transport without anything behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import Application, CallbackQueryHandler, ContextTypes
from telegram.request import HTTPXRequest

from bot.messages import Piece, Send
from tests.bench.town import channel_to, counted
from tests.telegram import Shown, Telegram

BARE = "Bonjour, voici la leçon du jour."
ONE_LINE = Send(BARE)


async def library_sends(
    telegram: Telegram, messages: int, in_flight: int, lesson: Shown | None = None
) -> float:
    """Messages a second of python-telegram-bot as it ships, with as many connections as it needs.

    With `lesson`, each is that lesson with its buttons, ready made; else one line.
    """
    text, mode, buttons = BARE, None, None
    if lesson is not None:
        rows = zip(lesson.buttons, lesson.data, strict=True)
        text, mode = lesson.html, ParseMode.HTML
        buttons = InlineKeyboardMarkup([list(map(_button, *row)) for row in rows])
    request = HTTPXRequest(connection_pool_size=in_flight, pool_timeout=60)
    async with Bot(telegram.token, base_url=telegram.base_url, request=request) as bot:
        return await _rate(
            lambda chat: bot.send_message(chat, text, parse_mode=mode, reply_markup=buttons),
            messages,
            in_flight,
        )


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data)


async def transport_sends(
    telegram: Telegram, messages: int, in_flight: int, piece: Piece = ONE_LINE
) -> float:
    """Messages a second of our channel alone: nothing planned, stored or marked."""
    channel = channel_to(telegram, in_flight=in_flight)
    await channel.open()
    try:
        return await _rate(lambda chat: channel.send(str(chat), piece, ""), messages, in_flight)
    finally:
        await channel.close()


async def library_answers(telegram: Telegram, presses: int) -> float:
    """Presses a second that the library's own application answers with nothing but the answer."""
    application = Application.builder().token(telegram.token).base_url(telegram.base_url).build()
    application.add_handler(CallbackQueryHandler(_answer))
    async with application:
        if application.updater is None:
            raise RuntimeError("the application does not poll")
        await application.updater.start_polling()
        await application.start()
        try:
            answered = await counted(telegram, "answerCallbackQuery", presses)
        finally:
            await application.updater.stop()
            await application.stop()
    return presses / (answered.last - (await telegram.counters())["getUpdates"].first)


async def _answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if update.callback_query is not None:
        await update.callback_query.answer()


async def _rate(send: Callable[[int], Awaitable[Any]], messages: int, in_flight: int) -> float:
    chats = iter(range(1, messages + 1))

    async def one_after_the_other() -> None:
        for chat in chats:
            await send(chat)

    began = time.perf_counter()
    await asyncio.gather(*(one_after_the_other() for _ in range(in_flight)))
    return messages / (time.perf_counter() - began)
