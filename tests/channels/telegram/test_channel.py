# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How a piece looks on Telegram, and what becomes of it when the way there fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from bot.channels import Throttled, Uncertain
from bot.channels.telegram import TelegramChannel
from bot.fitting import fit
from bot.messages import Choice, Document, Edit, Event, Form, Kind, Message, Question, Send
from tests.channels.telegram_case import PATIENCE, channel_of
from tests.telegram import Fault, Person, Telegram
from tests.telegram import Kind as Trouble

DAYS = Question(
    "p7",
    Form.MENU,
    choices=(Choice("mon", "lundi"), Choice("tue", "mardi"), Choice("wed", "mercredi")),
    multiple=True,
    submit="Valider",
)


@pytest.fixture
async def channel(telegram: Telegram) -> AsyncIterator[TelegramChannel]:
    made = channel_of(telegram, in_flight=100, patience=30)
    await made.open()
    yield made
    await made.close()


async def heard(channel: TelegramChannel, count: int) -> list[Event]:
    """What happened since the last page that was followed by another; the last is left for the next."""
    events: list[Event] = []
    async with asyncio.timeout(PATIENCE):
        async for page in channel.listen():
            events += page
            if len(events) >= count:
                break
    return events


async def test_markdown_is_shown_as_formatting(channel: TelegramChannel, claire: Person) -> None:
    await channel.send("4711", Send("**Gras** & [CNIL](https://cnil.fr/a?b=1&c=2)"), "k1")
    (shown,) = await claire.messages()
    assert shown.text == "Gras & CNIL"
    assert [(entity["type"], entity.get("url")) for entity in shown.entities] == [
        ("bold", None),
        ("text_link", "https://cnil.fr/a?b=1&c=2"),
    ]


async def test_an_aside_is_an_expandable_quotation_at_the_end(
    channel: TelegramChannel, claire: Person
) -> None:
    aside = "**Sources** :\n- [CNIL](https://cnil.fr/a), 2026"
    ref = await channel.send("4711", Send("Leçon", aside=aside), "k1")
    await channel.send("4711", Edit("k1", "Leçon, verdict", aside=aside), "k2", ref)
    (shown,) = await claire.messages()
    assert shown.text == "Leçon, verdict\n\nSources :\n• CNIL, 2026"
    (quotation,) = (entity for entity in shown.entities if "quote" in entity["type"])
    assert quotation["type"] == "expandable_blockquote"
    assert quotation["offset"] + quotation["length"] == len(shown.text)


async def test_links_are_not_previewed(channel: TelegramChannel, claire: Person, telegram: Telegram) -> None:
    ref = await channel.send("4711", Send("https://cnil.fr"), "k1")
    await channel.send("4711", Edit("k1", "https://cnil.fr/fr"), "k2", ref)
    for method in ("sendMessage", "editMessageText"):
        (call,) = await telegram.calls(method)
        assert json.loads(call.params["link_preview_options"]) == {"is_disabled": True}


async def test_a_choice_of_several_is_toggled_and_submitted(channel: TelegramChannel, claire: Person) -> None:
    ref = await channel.send("4711", Send("Quels jours ?", DAYS), "k1")
    shown = (await claire.messages())[0]
    assert shown.buttons == (("lundi", "mardi"), ("mercredi",), ("Valider",))
    await claire.presses(shown.id, "mardi")
    (event,) = await heard(channel, 1)
    assert (event.kind, event.refers, event.keys) == (Kind.TOGGLE, "p7", ("tue",))
    chosen = Question(
        "p7", Form.MENU, choices=DAYS.choices, multiple=True, submit="Valider", chosen=frozenset({"tue"})
    )
    await channel.send("4711", Edit("k1", "Quels jours ?", chosen), "k2", ref)
    shown = (await claire.messages())[0]
    assert shown.buttons == (("lundi", "☑ mardi"), ("mercredi",), ("Valider",))
    await claire.presses(shown.id, "Valider")
    event = (await heard(channel, 2))[-1]
    assert (event.kind, event.refers, event.keys) == (Kind.SUBMIT, "p7", ())


async def test_a_verdict_takes_the_buttons_away(channel: TelegramChannel, claire: Person) -> None:
    ref = await channel.send("4711", Send("Quels jours ?", DAYS), "k1")
    await channel.send("4711", Edit("k1", "✅ lundi"), "k2", ref)
    (shown,) = await claire.messages()
    assert (shown.text, shown.buttons, shown.edits) == ("✅ lundi", (), 1)


async def test_an_edit_without_text_takes_the_buttons_and_leaves_the_text(
    channel: TelegramChannel, claire: Person
) -> None:
    ref = await channel.send("4711", Send("Quels **jours** ?", DAYS), "k1")
    for key in ("k2", "k3"):  # the second time nothing changes
        assert await channel.send("4711", Edit("k1", ""), key, ref) == ref
    (shown,) = await claire.messages()
    assert (shown.text, shown.buttons) == ("Quels jours ?", ())


async def test_an_edit_without_text_says_nothing_where_its_message_is_gone(
    channel: TelegramChannel, claire: Person
) -> None:
    for ref in ("", "987654"):
        assert await channel.send("4711", Edit("k1", ""), f"k{ref}", ref) == ref
    assert not await claire.messages()


async def test_a_message_that_showed_a_document_is_answered_by_a_new_one(
    channel: TelegramChannel, claire: Person
) -> None:
    document = Document("x.txt", "text/plain", b"x")
    ref = await channel.send("4711", Send("Voici", document=document), "k1")
    await channel.send("4711", Edit("k1", "Voilà"), "k2", ref)
    assert [shown.text for shown in await claire.messages()] == ["Voici", "Voilà"]


async def test_a_reply_shows_what_it_answers(channel: TelegramChannel, claire: Person) -> None:
    ref = await channel.send("4711", Send("un"), "k1")
    await channel.send("4711", Send("deux", replies_to="k1"), "k2", ref)
    assert [shown.reply_to for shown in await claire.messages()] == [None, int(ref)]


async def test_what_is_said_in_a_topic_is_answered_there_as_long_as_it_exists(
    channel: TelegramChannel, claire: Person, telegram: Telegram
) -> None:
    said = {
        "message_id": 900,
        "date": 1_795_000_000,
        "chat": {"id": 4711, "type": "private"},
        "from": {"id": 4711, "is_bot": False, "first_name": "Claire"},
        "message_thread_id": 5,
        "is_topic_message": True,
    }
    await telegram.inject({"message": {**said, "text": "aied"}})
    await telegram.inject({"edited_message": {**said, "edit_date": 1_795_000_060, "text": "aide"}})
    events = await heard(channel, 2)
    assert [(event.text, event.message, event.corrects, event.thread) for event in events] == [
        ("aied", "900", False, "5"),
        ("aide", "900", True, "5"),
    ]
    await channel.send("4711", Send("un", thread="5"), "k1")
    await channel.send("4711", Send("deux", thread="6"), "k2")
    assert [shown.text for shown in await claire.messages()] == ["un", "deux"]
    calls = [
        (call.params.get("message_thread_id"), call.status) for call in await telegram.calls("sendMessage")
    ]
    assert calls == [("5", 200), ("6", 400), (None, 200)]


async def test_a_long_text_with_a_document_is_fitted_into_what_arrives(
    channel: TelegramChannel, claire: Person
) -> None:
    message = Message("é<&😀 " * 1500, document=Document("x.txt", "text/plain", b"x"))
    for place, piece in enumerate(fit(message, channel.limits)):
        await channel.send("4711", piece, f"k{place}")
    shown = await claire.messages()
    assert "".join("".join(each.text.split()) for each in shown) == "é<&😀" * 1500
    assert [each.document for each in shown] == ["x.txt", *[None] * (len(shown) - 1)]


async def test_the_notice_over_the_chat_is_cut_to_what_telegram_takes(
    channel: TelegramChannel, claire: Person
) -> None:
    await channel.send("4711", Send("Quels jours ?", DAYS), "k1")
    query = await claire.presses((await claire.messages())[0].id, "lundi")
    (event,) = await heard(channel, 1)
    await channel.acknowledge(event, "✅ " + "é😀" * 300)
    notice = await claire.notice(query)
    assert notice.startswith("✅ é😀")
    assert 130 < len(notice) <= 200


async def test_a_press_too_old_to_be_answered_harms_nothing(
    channel: TelegramChannel, claire: Person, telegram: Telegram
) -> None:
    await channel.send("4711", Send("Quels jours ?", DAYS), "k1")
    await claire.presses((await claire.messages())[0].id, "lundi")
    (event,) = await heard(channel, 1)
    await telegram.expire_queries()
    await channel.acknowledge(event, "trop tard")


async def test_a_forged_press_is_dropped(channel: TelegramChannel, claire: Person) -> None:
    await channel.send("4711", Send("Quels jours ?", DAYS), "k1")
    message = (await claire.messages())[0].id
    await claire.forges("c:p7:<b>' OR 1=1\n", message)
    await claire.says("bonjour")
    assert [event.text for event in await heard(channel, 1)] == ["bonjour"]


async def test_a_hundred_people_are_written_to_at_once(channel: TelegramChannel, telegram: Telegram) -> None:
    delay = 5
    await telegram.crowd(100, first=1)
    await telegram.fault(Fault(Trouble.DELAY, "sendMessage", times=100, seconds=delay))
    await asyncio.gather(*(channel.send(str(chat), Send("bonjour"), f"k{chat}") for chat in range(1, 101)))
    calls = await telegram.calls("sendMessage")
    assert {call.chat for call in calls} == set(range(1, 101))
    arrivals = [call.at for call in calls]
    assert max(arrivals) - min(arrivals) < delay, "all had come before the first was answered"


async def test_a_message_whose_answer_was_lost_is_uncertain_and_was_shown(
    channel: TelegramChannel, claire: Person, telegram: Telegram
) -> None:
    await telegram.fault(Fault(Trouble.CUT, "sendMessage", recorded=True))
    with pytest.raises(Uncertain):
        await channel.send("4711", Send("bonjour"), "k1")
    assert [shown.text for shown in await claire.messages()] == ["bonjour"]


async def test_telegrams_own_limit_is_told_with_its_time(
    channel: TelegramChannel, claire: Person, telegram: Telegram
) -> None:
    await telegram.fault(Fault(Trouble.THROTTLE, "sendMessage", seconds=7))
    with pytest.raises(Throttled) as raised:
        await channel.send("4711", Send("bonjour"), "k1")
    assert raised.value.after == 7
    assert await claire.messages() == []


async def test_the_menu_of_commands_is_set_for_each_language_and_for_all_others(
    channel: TelegramChannel, telegram: Telegram
) -> None:
    await channel.introduce({"fr": {"aide": "Obtenir de l'aide"}, "en": {"help": "Get help"}})
    commands = (await telegram.profile())["commands"]
    assert {place: [each["command"] for each in menu] for place, menu in commands.items()} == {
        "default/": ["aide"],
        "default/fr": ["aide"],
        "default/en": ["help"],
    }


async def test_a_group_is_told_apart(channel: TelegramChannel, claire: Person, telegram: Telegram) -> None:
    room = await telegram.group(-100, "Mairie")
    await room.adds_bot(claire)
    (event,) = await heard(channel, 1)
    assert (event.kind, event.address) == (Kind.GROUP, "-100")


async def test_how_people_find_the_bot_is_known_once_it_is_open(
    telegram: Telegram, channel: TelegramChannel
) -> None:
    assert channel.limits.bot == "@emulated_bot"
    assert channel_of(telegram, in_flight=1, patience=30).limits.bot == ""
