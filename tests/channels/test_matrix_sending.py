# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How does a piece look on Matrix, who can read it, and what becomes of it when the way there fails?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from bot.channels import ChannelFault, Gone, Rejected, Throttled, Uncertain, Unreachable
from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.account import Account
from bot.fitting import fit
from bot.messages import Choice, Document, Edit, Form, Kind, Message, Question, Send
from lessons import markup
from tests.channels.gate import Gate, Rule, cutting, hanging, only, refusing
from tests.channels.matrix_case import account_of, channel_of, meets, overheard
from tests.matrix import Learner, Shown, Synapse

QUIZ = Question(
    "p7",
    Form.QUIZ,
    "Que faites-vous ?",
    (Choice("a", "J’y colle tout"), Choice("b", "Je demande " + "d’abord " * 20), Choice("c", "Rien")),
)
SENT = "/send/"


@pytest.fixture
async def account(synapse: Synapse, tmp_path: Path) -> Account:
    return await account_of(synapse, tmp_path)


@pytest.fixture
async def gate(synapse: Synapse) -> AsyncIterator[Gate]:
    async with Gate(synapse.url) as opened:
        yield opened


@pytest.fixture
async def channel(account: Account, gate: Gate) -> AsyncIterator[MatrixChannel]:
    made = channel_of(replace(account, homeserver=gate.url))
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def ann(synapse: Synapse) -> AsyncIterator[Learner]:
    async with await Learner.arrives(synapse, "ann") as learner:
        yield learner


@pytest.fixture
async def bob(synapse: Synapse) -> AsyncIterator[Learner]:
    """Someone whose rooms are not encrypted."""
    async with await Learner.arrives(synapse, "bob", encrypted=False) as learner:
        yield learner


async def types_on_the_wire(learner: Learner, account: Account) -> list[str]:
    return [one.type for one in await learner.wire(sender=account.user_id) if not one.state]


async def test_markdown_is_shown_as_formatting(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
    await channel.send(room, Send("**Gras**\n<b> & [CNIL](https://cnil.fr/a?b=1&c=2)"), "k1")
    shown = await ann.next_message()
    assert shown.text == "Gras\n<b> & CNIL (https://cnil.fr/a?b=1&c=2)"
    assert shown.html == ('<b>Gras</b><br>&lt;b&gt; &amp; <a href="https://cnil.fr/a?b=1&amp;c=2">CNIL</a>')


async def test_nobody_is_pinged_and_every_message_says_that_a_program_wrote_it(
    account: Account, channel: MatrixChannel, bob: Learner
) -> None:
    room = await meets(bob, channel, account)
    await channel.send(room, Send("Bob @room"), "k1")
    await channel.send(room, Send("Laquelle ?", QUIZ), "k2")
    for one in await bob.wire(sender=account.user_id):
        if not one.state:
            assert one.content["org.matrix.msc1767.automated"] is True
            assert one.content["m.mentions"] == {}


async def test_a_quiz_is_a_numbered_text_and_a_poll_of_the_numbers(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
    pieces = fit(Message("**Leçon**", QUIZ), channel.limits)
    assert len(pieces) == 2
    for place, piece in enumerate(pieces):
        await channel.send(room, piece, f"k{place}")
    text, poll = await ann.next_message(), await ann.next_message()
    assert "1. J’y colle tout\n2. Je demande d’abord" in text.text
    assert text.poll is None
    assert poll.poll is not None
    assert poll.poll.question == "Que faites-vous ?"
    labels = list(poll.poll.answers.values())
    assert labels[0] == "1. J’y colle tout"
    assert labels[1].startswith("2. Je demande d’abord")
    assert labels[1].endswith("…")
    assert all(len(label) <= 60 for label in labels)
    assert poll.poll.most == 1


@pytest.mark.parametrize("stable", [False, True])
async def test_a_vote_names_its_prompt_and_choice(
    account: Account, channel: MatrixChannel, ann: Learner, stable: bool
) -> None:
    room = await meets(ann, channel, account)
    await channel.send(room, Send("Laquelle ?", QUIZ), "k1")
    poll = await ann.next_message()
    await ann.votes(poll, "3. Rien", stable=stable)
    (event,) = await overheard(channel, 1)
    assert (event.kind, event.refers, event.keys) == (Kind.CHOOSE, "p7", ("c",))


async def test_a_question_with_several_answers_is_typed(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
    several = replace(QUIZ, multiple=True, hint="Répondez par exemple 1 et 3.")
    (piece,) = fit(Message(question=several), channel.limits)
    await channel.send(room, piece, "k1")
    shown = await ann.next_message()
    assert shown.poll is None
    assert shown.text.endswith("3. Rien\nRépondez par exemple 1 et 3.")


async def test_a_menu_is_words_to_type(account: Account, channel: MatrixChannel, ann: Learner) -> None:
    room = await meets(ann, channel, account)
    menu = Question(
        "p1", Form.MENU, "Et maintenant ?", (Choice("a", "Oui"), Choice("b", "Non")), hint="Répondez."
    )
    (piece,) = fit(Message(question=menu), channel.limits)
    await channel.send(room, piece, "k1")
    shown = await ann.next_message()
    assert shown.poll is None
    assert shown.text == "Et maintenant ?\n1. Oui\n2. Non\nRépondez."


async def test_a_verdict_replies_to_what_it_judges(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
    ref = await channel.send(room, Send("Laquelle ?", QUIZ), "k1")
    message = Message("tout", edits="k1", reply="Bonne réponse")
    (piece,) = fit(message, channel.limits)
    await channel.send(room, piece, "k2", ref)
    shown = await ann.sees("Bonne réponse")
    assert shown.reply_to == ref


async def test_a_key_that_no_vote_can_carry_is_refused(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
    bad = replace(QUIZ, choices=(Choice("é:", "x"),))
    with pytest.raises(Rejected):
        await channel.send(room, Send("Laquelle ?", bad), "k1")


@pytest.mark.parametrize("mark", ["é", "&", "😀", "漢", "\\*"])
async def test_the_longest_text_arrives_whatever_it_is_made_of(
    account: Account, channel: MatrixChannel, ann: Learner, mark: str
) -> None:
    room = await meets(ann, channel, account)
    text = f"**x**{mark * (channel.limits.text // markup.units(markup.plain(mark)) - 1)}"
    (piece,) = fit(Message(text), channel.limits)
    await channel.send(room, piece, "k1")
    assert (await ann.next_message()).text == markup.plain(text)


# --- who can read it


async def test_nothing_is_said_in_clear_right_after_a_room_became_encrypted(
    account: Account, channel: MatrixChannel, bob: Learner
) -> None:
    """P1: the library decides by what it has heard, and has not heard of the encryption yet."""
    room = await meets(bob, channel, account)
    await channel.send(room, Send("en clair"), "k1")
    await bob.encrypts_room()
    assert channel._opened is not None
    assert not channel._opened.client.rooms[room].encrypted, "or this test tests nothing"
    await channel.send(room, Send("chiffré"), "k2")
    document = Document("état.txt", "text/plain", b"secret")
    await channel.send(room, Send("fichier", document=document), "k3")
    assert await types_on_the_wire(bob, account) == ["m.room.message", "m.room.encrypted", "m.room.encrypted"]
    assert (await bob.sees("chiffré")).readable
    shown = await bob.sees(lambda shown: shown.file is not None)
    assert shown.file is not None
    assert shown.file.content == b"secret"


@pytest.mark.parametrize("content", [{}, {"algorithm": "none"}, {"algorithm": 5}])
async def test_nothing_is_said_in_clear_where_encryption_was_garbled(
    account: Account, channel: MatrixChannel, ann: Learner, content: dict[str, object]
) -> None:
    """P1: a room that was encrypted once stays so, whatever its state says now."""
    room = await meets(ann, channel, account)
    await ann.synapse.call(
        "PUT",
        f"/_matrix/client/v3/rooms/{room}/state/m.room.encryption",
        content,
        token=ann.account.access_token,
    )
    await overheard(channel, seconds=0.5)
    await channel.close()
    await channel.open()
    await channel.send(room, Send("un"), "k1")
    assert await types_on_the_wire(ann, account) == ["m.room.encrypted"]


@pytest.mark.parametrize("trouble", [refusing(502), refusing(500, "M_UNKNOWN"), refusing(404), cutting])
async def test_nothing_is_said_while_nobody_knows_whether_the_room_is_encrypted(
    account: Account, gate: Gate, channel: MatrixChannel, bob: Learner, trouble: Rule
) -> None:
    """P1: the library takes a refusal of the question for the answer."""
    room = await meets(bob, channel, account)
    gate.rule = only("m.room.encryption", trouble)
    with pytest.raises(Unreachable):
        await channel.send(room, Send("un"), "k1")
    assert await types_on_the_wire(bob, account) == []


@pytest.mark.parametrize("part", ["/sendToDevice/", "/keys/claim"])
async def test_nothing_is_said_to_a_learner_who_was_not_given_the_key(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner, part: str
) -> None:
    """The library does not look at what became of the keys: the message would be unreadable for ever."""
    room = await meets(ann, channel, account)
    gate.rule = only(part, refusing(502))
    with pytest.raises(Unreachable):
        await channel.send(room, Send("un"), "k1")
    assert await types_on_the_wire(ann, account) == []
    gate.rule = None
    async with asyncio.timeout(30):
        await channel.send(room, Send("deux"), "k2")
    assert (await ann.sees("deux")).readable


async def test_a_learner_who_changes_device_reads_what_comes_next(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
    await channel.send(room, Send("un"), "k1")
    assert (await ann.sees("un")).readable
    await ann.changes_device()
    await ann.says("me revoilà")
    await overheard(channel, 1)  # and with it, that there is another device
    await channel.send(room, Send("deux"), "k2")
    assert (await ann.sees("deux")).readable
    await ann.says("lu")
    assert [event.text for event in await overheard(channel, 1)] == ["lu"]


# --- once


async def shown_once(ann: Learner, text: str) -> Shown:
    shown = await ann.sees(text)
    await ann.sees(text)
    assert len([one for one in await ann.messages() if one.text == text]) == 1
    return shown


async def test_a_message_sent_again_by_a_new_process_shows_once(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
    first = await channel.send(room, Send("un"), "reply:matrix:$abc/é:0")
    await channel.close()
    await channel.open()
    assert await channel.send(room, Send("un"), "reply:matrix:$abc/é:0") == first
    await channel.send(room, Send("fin"), "k2")
    await ann.sees("fin")
    await shown_once(ann, "un")


@pytest.mark.parametrize("trouble", [cutting, refusing(502), hanging])
async def test_a_message_whose_answer_was_lost_is_uncertain_and_shows_once(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner, trouble: Rule
) -> None:
    room = await meets(ann, channel, account)
    gate.after = only(SENT, trouble, times=2 if trouble is cutting else 1)
    with pytest.raises(Uncertain):
        await channel.send(room, Send("un"), "k1")
    await channel.send(room, Send("un"), "k1")
    await channel.send(room, Send("fin"), "k2")
    await ann.sees("fin")
    await shown_once(ann, "un")


# --- failures


@pytest.mark.parametrize(
    ("trouble", "raised"),
    [
        (refusing(429, "M_LIMIT_EXCEEDED", retry_after_ms=7000), Throttled),
        (refusing(429), Throttled),
        (refusing(403, "M_FORBIDDEN"), Gone),
        (refusing(413, "M_TOO_LARGE"), Rejected),
        (refusing(413), Rejected),
        (refusing(400, "M_BAD_JSON"), Rejected),
        (refusing(403), ChannelFault),
        (refusing(401, "M_UNKNOWN_TOKEN"), ChannelFault),
        (refusing(401, "M_UNKNOWN_TOKEN", soft_logout=True), ChannelFault),
        (refusing(502), Uncertain),
        (refusing(500, "M_UNKNOWN"), Uncertain),
        (refusing(504, "M_UNKNOWN"), Uncertain),
        (hanging, Uncertain),
        (cutting, Uncertain),
    ],
)
async def test_each_refusal_is_one_of_ours_and_names_nobody(
    account: Account,
    gate: Gate,
    channel: MatrixChannel,
    ann: Learner,
    trouble: Rule,
    raised: type[Exception],
) -> None:
    room = await meets(ann, channel, account)
    gate.rule = only(SENT, trouble)
    gate.calls.clear()
    with pytest.raises(raised) as told:
        await channel.send(room, Send("un"), "k1")
    assert type(told.value) is raised
    assert "@ann" not in str(told.value)
    assert "secret" not in str(told.value)
    # A connection that ends at once is tried a second time below us: the transaction is the same.
    assert len([path for _, path in gate.calls if SENT in path]) == (2 if trouble is cutting else 1)


async def test_the_time_to_wait_is_what_the_homeserver_says(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
    gate.rule = only("/keys/claim", refusing(429, "M_LIMIT_EXCEEDED", retry_after_ms=6000))
    with pytest.raises(Throttled) as told:
        await channel.send(room, Send("un"), "k1")
    assert told.value.after == 6
    gate.rule = only(SENT, refusing(429, "M_LIMIT_EXCEEDED", retry_after_ms=7000))
    with pytest.raises(Throttled) as told:
        await channel.send(room, Send("un"), "k1")
    assert told.value.after == 7
    assert await ann.messages() == []


async def test_an_upload_that_fails_left_nothing(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
    gate.rule = only("/upload", refusing(502))
    with pytest.raises(Unreachable):
        await channel.send(room, Send("un", document=Document("x.txt", "text/plain", b"x")), "k1")
    gate.rule = only("/upload", refusing(413, "M_TOO_LARGE"))
    with pytest.raises(Rejected):
        await channel.send(room, Send("un", document=Document("x.txt", "text/plain", b"x")), "k1")


@pytest.mark.parametrize("address", ["", "@ann:test.local", "!nowhere:test.local", "../../admin"])
async def test_an_address_that_is_no_room_of_ours_is_gone(channel: MatrixChannel, address: str) -> None:
    with pytest.raises(Gone):
        await channel.send(address, Send("un"), "k1")


async def test_a_closed_channel_reaches_nobody(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
    await channel.close()
    with pytest.raises(Unreachable):
        await channel.send(room, Edit("k0", "un"), "k1")


async def test_an_admin_is_reached_in_their_direct_room(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    assert channel.reach(ann.user_id) == (ann.user_id,)
    room = await meets(ann, channel, account)
    assert channel.reach(ann.user_id) == (room,)
    assert channel.reach("@nobody:test.local") == ("@nobody:test.local",)


async def test_sends_and_joins_keep_one_pace(account: Account, gate: Gate, bob: Learner) -> None:
    channel = channel_of(replace(account, homeserver=gate.url), rate=5)
    await channel.open()
    room = await meets(bob, channel, account)
    for _ in range(4):
        await bob.invites(account.user_id)
    started = asyncio.get_running_loop().time()
    listening = asyncio.create_task(overheard(channel, 4))
    await asyncio.gather(*(channel.send(room, Send(f"{place}"), f"k{place}") for place in range(4)))
    await listening
    assert asyncio.get_running_loop().time() - started > 7 / 5
    await channel.close()


async def test_a_page_of_a_proxy_in_place_of_a_file_is_unreachable(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner
) -> None:
    await meets(ann, channel, account)
    await ann.sends_file("x.yaml", b"x" * 100)
    (event,) = await overheard(channel, 1)
    assert event.file is not None

    async def endless(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * 10_000_000)

    gate.rule = only("/media/download", refusing(502))
    with pytest.raises(Unreachable):
        await channel.download(event.file, 1000)
    gate.rule = only("/media/download", endless)
    with pytest.raises(Rejected):
        await channel.download(event.file, 1000)

    async def other(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * 100)

    gate.rule = only("/media/download", other)
    with pytest.raises(Rejected):
        await channel.download(event.file, 1000)
