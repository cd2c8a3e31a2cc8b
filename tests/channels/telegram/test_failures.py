# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Each answer and each error between us and Telegram means one failure of ours."""

from __future__ import annotations

import asyncio
import logging
import socket
import traceback
from itertools import product

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channels import (
    ChannelFault,
    Contested,
    Failure,
    Gone,
    Oversized,
    Refused,
    Rejected,
    Throttled,
    Uncertain,
    Unexplained,
    Unreachable,
)
from bot.channels.telegram import Hook, TelegramChannel
from bot.channels.telegram.failures import TargetLost, Unchanged, failure
from bot.channels.telegram.request import Foreign, Halted, NothingLeft
from bot.messages import FileRef, Send
from tests.channels.telegram.answering import (
    ME,
    PAGE,
    TOKEN,
    Answer,
    answering,
    cut,
    half,
    http,
    refusal,
    silence,
    standing_in,
)
from tests.telegram.errors import LEFT, REFUSES, TOO_BIG, TOO_MUCH, UNKNOWN, UPGRADED


async def failing(send: Answer) -> Failure | ChannelFault:
    failed: Failure | ChannelFault | None = None
    async with answering(send) as channel:
        try:
            await channel.send("4711", Send("bonjour"), "k1")
        except (Failure, ChannelFault) as raised:
            failed = raised
    assert failed is not None
    assert "AAsecret" not in "".join(traceback.format_exception(failed))
    assert failed.__context__ is None
    return failed


async def test_an_answer_means_one_failure_and_tells_no_secret(subtests: pytest.Subtests) -> None:
    meanings: list[tuple[Answer, type[Exception]]] = [
        *((refusal(403, sentence), Gone) for sentence in LEFT),
        *((refusal(int(f"40{3 * sentence.startswith('F')}"), sentence), Refused) for sentence in REFUSES),
        *((refusal(400, sentence), Rejected) for sentence in TOO_MUCH),
        *((refusal(400 if sentence.startswith("Bad") else 413, sentence), Oversized) for sentence in TOO_BIG),
        *((refusal(400, sentence), Unexplained) for sentence in UNKNOWN),
        (refusal(400, UPGRADED, migrate_to_chat_id=-100), Gone),
        (refusal(400, "Bad Request: TOPIC_CLOSED", strange="parameter"), Refused),
        (http(403, PAGE), ChannelFault),
        (http(403, "Forbidden: bot was blocked by the user"), ChannelFault),
        (http(403, {"error": "bot was blocked by the user"}), ChannelFault),
        (http(403, ["Forbidden: bot was blocked by the user"]), ChannelFault),
        (http(400, PAGE), Uncertain),
        (http(400, "Bad Request: chat not found"), Uncertain),
        (http(413, PAGE), Oversized),
        (refusal(401, "Unauthorized"), ChannelFault),
        (refusal(404, "Not Found"), ChannelFault),
        *((http(status, PAGE), ChannelFault) for status in (401, 404, 407, 409, 451, 499)),
        (http(401, {"message": "Unauthorized"}), ChannelFault),
        (http(409, {"ok": False, "error_code": 409}), ChannelFault),
        (http(408, PAGE), Uncertain),
        (refusal(409, "Conflict: terminated by other getUpdates request"), Contested),
        (refusal(429, "Too Many Requests: retry after 7", retry_after=7), Throttled),
        (http(429, PAGE), Throttled),
        (refusal(413, "Request Entity Too Large"), Oversized),
        (refusal(500, "Internal Server Error"), Uncertain),
        (http(502, PAGE), Uncertain),
        (http(302, "", Location="http://127.0.0.1:1/login"), Uncertain),
        (http(200, PAGE), Uncertain),
        (http(200, []), Uncertain),
        (http(200, {"ok": True}), Uncertain),
        (http(200, {"ok": False}), Uncertain),
        (http(200, {"ok": True, "result": {}}), Uncertain),
        (http(400, {"ok": False, "parameters": "x"}), Uncertain),
        (silence, Uncertain),
        (cut, Uncertain),
        (half, Uncertain),
    ]
    for place, (answer, meaning) in enumerate(meanings):
        with subtests.test(place=place, meaning=meaning):
            assert type(await failing(answer)) is meaning


async def test_the_service_says_how_long_to_wait(subtests: pytest.Subtests) -> None:
    for place, (answer, after) in enumerate(
        [
            (refusal(429, "Too Many Requests", retry_after=7), 7),
            (http(429, PAGE), 30),
            (http(429, {"parameters": {"retry_after": "soon"}}), 30),
            (refusal(429, "Too Many Requests", retry_after=-5), 1),
            (refusal(429, "Too Many Requests", retry_after=1e12), 86_400),
        ]
    ):
        with subtests.test(place=place, after=after):
            failed = await failing(answer)
            assert isinstance(failed, Throttled)
            assert failed.after == after


async def test_only_a_wrong_account_is_beyond_waiting(subtests: pytest.Subtests) -> None:
    answers = (
        (refusal(401, "No"), True),
        (refusal(404, "No"), True),
        *((http(status, PAGE), False) for status in (401, 403, 404, 409)),
        (http(404, ""), False),
        (http(401, {"ok": True, "description": "No"}), False),
        (refusal(409, "No"), False),
    )
    for place, (answer, fatal) in enumerate(answers):
        with subtests.test(place=place):
            failed = await failing(answer)
            assert isinstance(failed, ChannelFault)
            assert failed.fatal == fatal


async def test_a_proxys_page_while_the_channel_opens_is_a_passing_fault(subtests: pytest.Subtests) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        hook = Hook("https://bot.example.org/x", "127.0.0.1", free.getsockname()[1], "secret")
    for status, place in product((401, 403, 404, 409), ("getMe", "deleteWebhook", "setWebhook")):
        with subtests.test(status=status, place=place):
            answers = {} if place == "getMe" else {"getMe": http(200, ME)}
            async with standing_in(http(status, PAGE), answers) as root:
                channel = TelegramChannel(
                    TOKEN, f"{root}/bot", f"{root}/file/bot", 0, 8, hook if place == "setWebhook" else None
                )
                with pytest.raises(ChannelFault, match="proxy") as raised:
                    await channel.open()
                await channel.close()
            assert type(raised.value) is ChannelFault
            assert not raised.value.fatal


async def test_a_failure_quotes_telegram_and_nothing_else() -> None:
    assert (
        str(await failing(refusal(400, "Bad Request: message text is empty")))
        == "BadRequest: Message text is empty"
    )
    assert str(await failing(http(502, PAGE))) == "NetworkError: Bad Gateway (502)"
    assert "proxyADDRESS" not in str(await failing(http(403, PAGE)))


async def test_no_log_tells_the_secret_or_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in (http(200, PAGE), http(502, PAGE), cut, refusal(403, "Forbidden: no")):
        await failing(answer)
    assert "AAsecret" not in caplog.text
    assert "bonjour" not in caplog.text


async def test_a_port_where_nobody_listens_is_nothing_left() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        root = f"http://127.0.0.1:{free.getsockname()[1]}"
        channel = TelegramChannel(TOKEN, f"{root}/bot", f"{root}/file/bot", 0, 8)
        with pytest.raises(ChannelFault, match="cannot be reached") as raised:
            await channel.open()
        assert not raised.value.fatal
        assert "AAsecret" not in "".join(traceback.format_exception(raised.value))
        with pytest.raises(Unreachable):
            await channel.send("4711", Send("bonjour"), "k1")
        await channel.close()


async def test_a_send_after_closing_is_nothing_left() -> None:
    async with answering(cut) as channel:
        await channel.close()
        with pytest.raises(Unreachable):
            await channel.send("4711", Send("bonjour"), "k1")


async def test_an_address_that_is_no_number_reaches_no_one(subtests: pytest.Subtests) -> None:
    async with answering(cut) as channel:
        for address in ("", "@channel", "47 11", "4711/../x", "--1"):
            with subtests.test(address=address), pytest.raises(Gone):
                await channel.send(address, Send("bonjour"), "k1")


async def test_a_download_that_fails_is_unreachable(subtests: pytest.Subtests) -> None:
    pages = (http(status, PAGE) for status in (200, 401, 403, 404, 409))
    answers = (*pages, cut, silence, refusal(400, "Bad Request: wrong id"))
    for place, answer in enumerate(answers):
        with subtests.test(place=place):
            async with answering(answer) as channel:
                with pytest.raises(Unreachable) as raised:
                    await channel.download(FileRef("AbC", "x", 10), 100)
            assert "AAsecret" not in "".join(traceback.format_exception(raised.value))


async def test_a_file_that_telegram_will_not_give_is_too_large() -> None:
    async with answering(refusal(400, "Bad Request: file is too big")) as channel:
        with pytest.raises(Rejected):
            await channel.download(FileRef("AbC", "x", 10), 100)


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    async def endless(writer: asyncio.StreamWriter, address: str, body: str) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        while True:
            writer.write(b" " * 1_000_000)
            await writer.drain()

    assert isinstance(await failing(endless), Uncertain)


def test_every_error_of_the_library_has_one_meaning(subtests: pytest.Subtests) -> None:
    meanings: list[tuple[Exception, type[Exception]]] = [
        (BadRequest("Bad Request: message is not modified: specified new message content…"), Unchanged),
        (BadRequest("Bad Request: message to edit not found"), TargetLost),
        (BadRequest("Bad Request: message can't be edited"), TargetLost),
        (BadRequest("Bad Request: there is no text in the message to edit"), TargetLost),
        (TimedOut(), Uncertain),
        (NetworkError("x"), Uncertain),
        (TelegramError("x"), Uncertain),
        (KeyError("result"), Uncertain),
        (NothingLeft("ClientConnectorError"), Unreachable),
        (Halted(3), Throttled),
        (Forbidden("Forbidden: x"), Refused),
        (Foreign(403), ChannelFault),
        *((Foreign(status), ChannelFault) for status in (401, 404, 409, 418, 499)),
        (Foreign(400), Uncertain),
        (InvalidToken(), ChannelFault),
        (Conflict("x"), Contested),
        (ChatMigrated(1), Gone),
    ]
    for error, meaning in meanings:
        with subtests.test(error=error):
            assert type(failure(error, TOKEN)) is meaning


async def test_the_token_is_taken_out_of_whatever_quotes_it() -> None:
    quoted = NetworkError(
        f"cannot connect to https://x/bot{TOKEN}/getMe or 4242%3AAAsecret-of-the-bot_0123456789abcdef"
    )
    assert "AAsecret" not in str(failure(quoted, TOKEN))
