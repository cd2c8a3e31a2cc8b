# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Every channel keeps what `Channel` promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answers import Answer, answer_of
from bot.channels import Gone, Oversized, Rejected, Unreachable
from bot.fitting import fit
from bot.messages import Choice, Document, Edit, Event, FileRef, Form, Kind, Message, Question, Send
from lessons import markup
from tests.channels.cases import ChannelCase, Promise
from tests.channels.console_case import ConsoleCase
from tests.channels.matrix_case import MatrixCase
from tests.channels.telegram_case import TelegramCase, WebhookCase
from tests.pictures import picture

CASES: tuple[type[ChannelCase], ...] = (TelegramCase, WebhookCase, MatrixCase, ConsoleCase)
CAPITALS = Question(
    "p1", Form.QUIZ, choices=(Choice("lyon", "Lyon"), Choice("paris", "Paris"), Choice("nice", "Nice"))
)
CARD = picture(1080, 1350, "12 leçons suivies, 7 en mémoire")
PAPER = Document(
    "attestation.pdf", "application/pdf", b"%PDF-1.7" + bytes(range(256)), "Attestation de suivi"
)
HOSTILE = [
    "<b>gras</b> & </b> &lt; <a href='x'>",
    "*_[](x)~`# 1. | > \\* \\",
    "emoji 👩‍👧 🇫🇷 𝟙 et e\u0301",
    "de droite à gauche : \u05e9\u05dc\u05d5\u05dd \u202eabc\u202c",
    "@quelquun /stop https://example.org",
    "l'élève n° 1 : « 50 % » – 12\u202f€",
]


def keeping(promise: Promise) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Run a test for each channel that makes a promise."""
    makers = [case for case in CASES if promise not in case.exempt]
    return pytest.mark.parametrize("case", makers, indirect=True, ids=[case.name for case in makers])


@pytest.fixture
async def case(request: pytest.FixtureRequest) -> AsyncIterator[ChannelCase]:
    made: ChannelCase = request.param()
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


async def page(pages: AsyncIterator[Sequence[Event]]) -> Sequence[Event]:
    async with asyncio.timeout(30):
        return await anext(pages)


async def end(pages: AsyncIterator[Sequence[Event]]) -> None:
    assert isinstance(pages, AsyncGenerator)
    await pages.aclose()


async def heard(case: ChannelCase) -> Event:
    """The next event, and nothing with it."""
    pages = case.listen()
    events = await page(pages)
    await end(pages)
    assert len(events) == 1
    return events[0]


def longest(units: int) -> str:
    """As many UTF-16 units of what is hard to count: five units, four characters, two escaped."""
    return ("<&é😀" * units)[: units * 4 // 5] + "x" * (units % 5)


def with_picture(text: str, case: ChannelCase) -> list[Send]:
    """A text and a picture in as many pieces as the channel needs."""
    if case.channel.limits.caption:
        return [Send(text, picture=CARD)]
    return [Send(text), Send("", picture=CARD)]


def test_a_channel_says_why_it_makes_no_promise(subtests: pytest.Subtests) -> None:
    for case in CASES:
        with subtests.test(case=case.name):
            assert all(isinstance(promise, Promise) and len(why) > 10 for promise, why in case.exempt.items())


@keeping(Promise.TEXTS)
async def test_a_text_arrives_once_and_exactly_as_written(
    case: ChannelCase, subtests: pytest.Subtests
) -> None:
    for place, text in enumerate(HOSTILE):
        with subtests.test(text=text):
            await case.channel.send(case.address, Send(markup.escape(text)), f"k{place}")
            assert (await case.shown())[place:] == [text]


@keeping(Promise.TEXTS)
async def test_a_text_as_long_as_the_limit_arrives(case: ChannelCase) -> None:
    text = longest(case.channel.limits.text)
    await case.channel.send(case.address, Send(markup.escape(text)), "k1")
    assert await case.shown() == [text]


@keeping(Promise.TEXTS)
async def test_messages_have_references_of_their_own(case: ChannelCase) -> None:
    first = await case.channel.send(case.address, Send("un"), "k1")
    second = await case.channel.send(case.address, Send("deux"), "k2")
    assert first
    assert second
    assert first != second
    assert await case.shown() == ["un", "deux"]


@keeping(Promise.TEXTS)
async def test_a_reply_to_a_message_that_is_gone_arrives_all_the_same(case: ChannelCase) -> None:
    await case.channel.send(case.address, Send("un", replies_to="k0"), "k1", "123456789")
    assert [text.splitlines()[-1] for text in await case.shown()] == ["un"]


@keeping(Promise.EDITS)
async def test_an_edit_changes_the_message_it_names(case: ChannelCase) -> None:
    first = await case.channel.send(case.address, Send("un", CAPITALS), "k1")
    await case.channel.send(case.address, Send("deux"), "k2")
    await case.channel.send(case.address, Edit("k1", "un, corrigé"), "k3", first)
    assert await case.shown() == ["un, corrigé", "deux"]


@keeping(Promise.EDITS)
async def test_the_same_edit_twice_is_a_success(case: ChannelCase) -> None:
    first = await case.channel.send(case.address, Send("un"), "k1")
    await case.channel.send(case.address, Edit("k1", "deux"), "k2", first)
    await case.channel.send(case.address, Edit("k1", "deux"), "k3", first)
    assert await case.shown() == ["deux"]


@keeping(Promise.TEXTS)
async def test_an_edit_without_its_message_is_a_new_one(case: ChannelCase, subtests: pytest.Subtests) -> None:
    for place, target in enumerate(("", "123456789", "not a reference")):
        with subtests.test(target=target):
            ref = await case.channel.send(case.address, Edit("k1", "corrigé"), f"k2-{place}", target)
            assert ref
            assert (await case.shown())[place:] == ["corrigé"]


@keeping(Promise.DOCUMENTS)
async def test_a_document_arrives_with_its_bytes_and_its_text(case: ChannelCase) -> None:
    document = Document("état.pdf", "application/pdf", bytes(range(256)) * 64, "un état")
    for place, piece in enumerate(fit(Message("Votre *état*", document=document), case.channel.limits)):
        await case.channel.send(case.address, piece, f"k{place}")
    assert (await case.shown())[0] == "Votre état"
    assert await case.received_files() == [("état.pdf", document.content)]


@keeping(Promise.DOCUMENTS)
async def test_a_paper_says_nothing_less_where_its_text_is_empty(case: ChannelCase) -> None:
    await case.channel.send(case.address, Send("", document=PAPER), "k1")
    assert await case.received_files() == [(PAPER.name, PAPER.content)]


@keeping(Promise.PICTURES)
async def test_a_picture_arrives_with_its_bytes_and_its_text(case: ChannelCase) -> None:
    for place, piece in enumerate(with_picture("Douze *leçons*", case)):
        await case.channel.send(case.address, piece, f"k{place}")
    ((read, content),) = await case.received_pictures()
    assert content == CARD.content
    assert read in ("Douze leçons", CARD.alternative)
    assert "Douze leçons" in await case.shown()


@keeping(Promise.PICTURES)
async def test_a_picture_without_a_text_says_what_it_shows(case: ChannelCase) -> None:
    await case.channel.send(case.address, Send("", picture=CARD), "k1")
    assert await case.received_pictures() == [(CARD.alternative, CARD.content)]


@keeping(Promise.PICTURES)
async def test_a_text_that_is_sent_with_a_picture_is_never_lost(case: ChannelCase) -> None:
    await case.channel.send(case.address, Send(markup.escape(HOSTILE[0]), picture=CARD), "k1")
    assert await case.received_pictures() == [(HOSTILE[0], CARD.content)]


@keeping(Promise.PICTURES)
async def test_a_picture_that_answers_a_message_arrives_even_when_that_is_gone(case: ChannelCase) -> None:
    first = await case.channel.send(case.address, Send("un"), "k1")
    for place, target in enumerate((first, "123456789", "not a reference")):
        piece = Send("", picture=CARD, replies_to="k1")
        assert await case.channel.send(case.address, piece, f"k2-{place}", target)
    assert await case.received_pictures() == [(CARD.alternative, CARD.content)] * 3


@keeping(Promise.PICTURES)
async def test_a_file_too_large_is_told_and_the_same_message_goes_as_text(
    case: ChannelCase, subtests: pytest.Subtests
) -> None:
    """The terminal alone never fails: it says in words what it cannot write."""
    await case.refuses_files()
    for place, piece in enumerate((Send("", picture=CARD), Send("", document=PAPER))):
        with subtests.test(piece=piece):
            key, said = f"k{place}", (CARD if piece.picture else PAPER).alternative
            try:
                await case.channel.send(case.address, piece, key)
            except Oversized:
                await case.channel.send(case.address, Send(markup.escape(said)), key)
            assert (await case.shown())[place:] == [said]
    assert await case.received_pictures() == []
    assert await case.received_files() == []


@keeping(Promise.CONTROLS)
async def test_a_press_names_its_prompt_and_its_choice(case: ChannelCase) -> None:
    await case.channel.send(case.address, Send("Capitale ?", CAPITALS), "k1")
    await case.press(CAPITALS, "paris")
    event = await heard(case)
    assert (event.kind, event.refers, event.keys) == (Kind.CHOOSE, "p1", ("paris",))
    assert answer_of(event, CAPITALS) == Answer("p1", ("paris",))


@keeping(Promise.CONTROLS)
async def test_a_press_can_be_acknowledged_any_number_of_times(case: ChannelCase) -> None:
    await case.channel.send(case.address, Send("Capitale ?", CAPITALS), "k1")
    await case.press(CAPITALS, "lyon")
    event = await heard(case)
    await case.channel.acknowledge(event, "✅ " + "👩‍👧 <b>" * 300)
    await case.channel.acknowledge(event, "")
    await case.channel.acknowledge(replace(event, receipt="no such receipt"), "bonjour")


@keeping(Promise.TYPING)
async def test_a_typed_number_is_the_same_answer(case: ChannelCase) -> None:
    await case.channel.send(case.address, Send("Capitale ?", CAPITALS), "k1")
    await case.type("2")
    assert answer_of(await heard(case), CAPITALS) == Answer("p1", ("paris",))


@keeping(Promise.TYPING)
async def test_a_text_says_who_and_when(case: ChannelCase) -> None:
    await case.type("bonjour <b> & 👋")
    event = await heard(case)
    assert (event.kind, event.text) == (Kind.TEXT, "bonjour <b> & 👋")
    assert (event.channel, event.address) == (case.channel.name, case.address)
    assert event.at.utcoffset() == timedelta(0)
    await case.channel.acknowledge(event, "a text needs none, and may get one")


@keeping(Promise.REDELIVERY)
async def test_an_event_comes_again_until_the_next_page_was_asked_for(case: ChannelCase) -> None:
    await case.type("un")
    first = await heard(case)
    await case.restart()
    pages = case.listen()
    assert await page(pages) == [first]
    await case.type("deux")
    (second,) = await page(pages)
    assert second.text == "deux"
    assert second.id != first.id
    await end(pages)
    await case.restart()
    assert await heard(case) == second


@keeping(Promise.REDELIVERY)
async def test_events_come_in_the_order_they_happened(case: ChannelCase) -> None:
    said = [f"mot {place}" for place in range(5)]
    for text in said:
        await case.type(text)
    pages = case.listen()
    events: list[Event] = []
    while len(events) < len(said):
        events += await page(pages)
    await end(pages)
    assert [event.text for event in events] == said
    assert len({event.id for event in events}) == len(said)


@keeping(Promise.DOWNLOADS)
async def test_a_file_is_downloaded_when_it_is_exactly_as_large_as_allowed(case: ChannelCase) -> None:
    await case.send_file("leçon.yaml", b"x" * 5000)
    event = await heard(case)
    assert event.kind is Kind.FILE
    assert event.file is not None
    assert (event.file.name, event.file.size) == ("leçon.yaml", 5000)
    assert await case.channel.download(event.file, 5000) == b"x" * 5000


@keeping(Promise.DOWNLOADS)
async def test_a_file_too_large_is_refused_whatever_its_stated_size(
    case: ChannelCase, subtests: pytest.Subtests
) -> None:
    await case.send_file("leçon.yaml", b"x" * 5000)
    event = await heard(case)
    assert event.file is not None
    for stated in (5000, 0):
        with subtests.test(stated=stated), pytest.raises(Rejected):
            await case.channel.download(replace(event.file, size=stated), 4999)


@keeping(Promise.DOWNLOADS)
async def test_a_file_that_is_not_there_is_unreachable(case: ChannelCase) -> None:
    with pytest.raises(Unreachable):
        await case.channel.download(FileRef("nothing", "x", 1), 100)


@keeping(Promise.TYPING)
async def test_a_text_of_any_length_is_bounded(case: ChannelCase) -> None:
    await case.type("<&é" * 1300)
    event = await heard(case)
    assert 0 < len(event.text) <= 4096
    assert len(event.id) <= 200
    assert len(event.address) <= 255


@keeping(Promise.DEPARTURES)
async def test_a_person_who_left_is_gone(case: ChannelCase) -> None:
    await case.leave()
    with pytest.raises(Gone):
        await case.channel.send(case.address, Send("un"), "k1")


@keeping(Promise.DEPARTURES)
async def test_leaving_is_told(case: ChannelCase) -> None:
    await case.leave()
    event = await heard(case)
    assert (event.kind, event.address) == (Kind.LEFT, case.address)


@keeping(Promise.OUTAGES)
async def test_nothing_leaves_when_nothing_can_be_connected_to(case: ChannelCase) -> None:
    await case.vanish()
    with pytest.raises(Unreachable):
        await case.channel.send(case.address, Send("un"), "k1")
    assert await case.shown() == []


@keeping(Promise.LIFE)
async def test_a_channel_can_be_closed_twice_and_opened_again(case: ChannelCase) -> None:
    await case.channel.close()
    await case.channel.close()
    await case.channel.open()
    await case.channel.send(case.address, Send("un"), "k1")
    assert await case.shown() == ["un"]


@keeping(Promise.LIFE)
async def test_a_channel_introduces_itself_in_any_language(case: ChannelCase) -> None:
    await case.channel.introduce({"fr": {"aide": "Obtenir de l'aide"}, "en": {"help": "Get help <b>"}})


@keeping(Promise.FORGETTING)
async def test_an_address_may_be_forgotten_twice_and_events_still_come(case: ChannelCase) -> None:
    await case.channel.forget(case.address)
    await case.channel.forget(case.address)
    for unknown in ("nobody-was-ever-there", "!nobody:nowhere.example.org"):
        await case.channel.forget(unknown)
    await case.channel.close()
    await case.channel.open()
    await case.channel.forget(case.address)
