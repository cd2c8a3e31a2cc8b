# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Pictures on Telegram: what a person sees, and what becomes of one that Telegram does not take."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels import ChannelFault, Failure, Gone, Oversized, Refused, Rejected, Throttled, Uncertain
from bot.channels.telegram import TelegramChannel
from bot.messages import Edit, Message, Picture, Send
from storage.database import open_database
from tests.bot.drawings import CARD as DRAWING
from tests.channels.outbound import Outbound
from tests.channels.telegram_case import channel_of
from tests.pictures import picture
from tests.telegram import Fault, Kind, Person, Telegram


@pytest.fixture
async def channel(telegram: Telegram) -> AsyncIterator[TelegramChannel]:
    made = channel_of(telegram)
    await made.open()
    yield made
    await made.close()


async def test_a_picture_is_shown_with_the_text_for_its_caption(
    channel: TelegramChannel, claire: Person, telegram: Telegram
) -> None:
    card = picture(1080, 1350)
    asked = await channel.send("4711", Send("un"), "k1")
    text = "**12** leçons & [CNIL](https://cnil.fr)"
    ref = await channel.send("4711", Send(text, picture=card, aside="Sources", replies_to="k1"), "k2", asked)
    _, shown = await claire.messages()
    assert (str(shown.id), shown.reply_to) == (ref, int(asked))
    assert (shown.photo, shown.document, shown.content) == ((1080, 1350), None, card.content)
    assert shown.text == "12 leçons & CNIL\n\nSources"
    assert [entity["type"] for entity in shown.entities] == ["bold", "text_link", "expandable_blockquote"]
    (call,) = await telegram.calls("sendPhoto")
    assert call.params["photo"].startswith("<progression.png, ")


async def test_a_picture_without_a_text_says_its_alternative(
    channel: TelegramChannel, claire: Person
) -> None:
    for alternative in ("12 leçons <suivies> & **3** à revoir", "é😀" * 1000):
        await channel.send("4711", Send("", picture=picture(alternative=alternative)), "k1")
    short, long = await claire.messages()
    assert short.text == "12 leçons <suivies> & **3** à revoir"
    assert short.entities == ()
    assert long.text == ("é😀" * 1000)[: 2 * 341] + "é"


async def test_a_picture_is_sent_into_its_topic_as_long_as_that_exists(
    channel: TelegramChannel, claire: Person, telegram: Telegram
) -> None:
    await channel.send("4711", Send("un", picture=picture(), thread="6"), "k1")
    assert [shown.photo for shown in await claire.messages()] == [(24, 16)]
    calls = [
        (call.params.get("message_thread_id"), call.status) for call in await telegram.calls("sendPhoto")
    ]
    assert calls == [("6", 400), (None, 200)]


async def test_a_picture_of_several_megabytes_arrives_whole(channel: TelegramChannel, claire: Person) -> None:
    heavy = picture(weight=10 * 2**20)
    await channel.send("4711", Send("un", picture=heavy), "k1")
    (shown,) = await claire.messages()
    assert shown.content == heavy.content


@pytest.mark.parametrize(
    ("refused", "meaning"),
    [
        (picture(weight=10 * 2**20 + 1), Oversized),
        (picture(5001, 5000), Rejected),
        (picture(20, 401), Rejected),
        (picture(401, 20), Rejected),
        (Picture("x.png", "image/png", b"x", 0, 100, "x"), Rejected),
    ],
    ids=["too heavy", "too large", "too tall", "too wide", "without a width"],
)
async def test_what_telegram_would_refuse_is_not_uploaded(
    refused: Picture, meaning: type[Failure], channel: TelegramChannel, telegram: Telegram
) -> None:
    with pytest.raises(Rejected) as raised:
        await channel.send("4711", Send("un", picture=refused), "k1")
    assert type(raised.value) is meaning
    assert await telegram.calls("sendPhoto") == []


@pytest.mark.parametrize(
    ("sentence", "meaning"),
    [
        ("Bad Request: PHOTO_INVALID_DIMENSIONS", Rejected),
        ("Bad Request: IMAGE_PROCESS_FAILED", Rejected),
        ("Bad Request: caption is too long", Rejected),
        ("Bad Request: message caption is too long", Rejected),
        ("Request Entity Too Large", Oversized),
        (
            "Bad Request: file of size 18247428 bytes is too big for a photo; the maximum size is 10485760 bytes",
            Oversized,
        ),
        ("Bad Request: not enough rights to send photos to the chat", Refused),
        ("Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN", Refused),
        ("Forbidden: bot was blocked by the user", Gone),
    ],
)
async def test_a_refusal_is_of_the_picture_or_of_the_chat(
    sentence: str, meaning: type[Failure], channel: TelegramChannel, claire: Person, telegram: Telegram
) -> None:
    await telegram.fault(Fault(Kind.REFUSED, "sendPhoto", description=sentence))
    with pytest.raises(Failure) as raised:
        await channel.send("4711", Send("un", picture=picture()), "k1")
    assert type(raised.value) is meaning
    assert await claire.messages() == []
    await channel.send("4711", Send("un, sans image"), "k1")
    assert [shown.text for shown in await claire.messages()] == ["un, sans image"]


async def test_a_refused_picture_whose_text_may_have_left_is_not_tried_again(
    channel: TelegramChannel, claire: Person, telegram: Telegram, sqlite_url: str
) -> None:
    """Telegram knows no message again: the text comes twice, and no picture beside it."""
    refused = "Bad Request: PHOTO_INVALID_DIMENSIONS"
    await telegram.fault(Fault(Kind.REFUSED, "sendPhoto", description=refused))
    await telegram.fault(Fault(Kind.CUT, "sendMessage", recorded=True))
    with open_database(sqlite_url) as store:
        outbound = Outbound(store, channel, "4711")
        async with outbound.running():
            await outbound.says(Message("**12** leçons", picture=DRAWING))
            assert outbound.states() == [("waiting", 1)]
            await outbound.later(6)
        assert outbound.states() == [("sent", 2)]
    assert [(shown.text, shown.photo) for shown in await claire.messages()] == [("12 leçons", None)] * 2
    assert len(await telegram.calls("sendPhoto")) == 1


async def test_a_picture_that_is_not_a_picture_is_refused(channel: TelegramChannel, claire: Person) -> None:
    with pytest.raises(Rejected, match="Image_process_failed"):
        await channel.send("4711", Send("", picture=Picture("x.png", "image/png", b"x", 9, 9, "x")), "k1")
    assert await claire.messages() == []


async def test_a_proxy_that_forbids_pictures_is_no_fault_of_the_channel(
    channel: TelegramChannel, claire: Person, telegram: Telegram
) -> None:
    await telegram.fault(Fault(Kind.PROXY_FORBIDDEN, "sendPhoto", times=None))
    with pytest.raises(Rejected, match="proxy"):
        await channel.send("4711", Send("un", picture=picture()), "k1")
    await channel.send("4711", Send("un"), "k1")
    assert len(await claire.messages()) == 1


@pytest.mark.parametrize(
    ("kind", "meaning"),
    [(Kind.THROTTLE, Throttled), (Kind.BAD_GATEWAY, Uncertain), (Kind.UNAUTHORIZED, ChannelFault)],
)
async def test_a_picture_fails_as_a_text_does_when_the_service_fails(
    kind: Kind, meaning: type[Exception], channel: TelegramChannel, telegram: Telegram
) -> None:
    await telegram.fault(Fault(kind, "sendPhoto", seconds=3))
    with pytest.raises(meaning):
        await channel.send("4711", Send("un", picture=picture()), "k1")


async def test_a_message_that_showed_a_picture_is_answered_by_a_new_one(
    channel: TelegramChannel, claire: Person
) -> None:
    ref = await channel.send("4711", Send("Voici", picture=picture()), "k1")
    await channel.send("4711", Edit("k1", "Voilà"), "k2", ref)
    assert [shown.text for shown in await claire.messages()] == ["Voici", "Voilà"]
