# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Pictures and papers on Matrix: what a person sees, what is read to them, and what becomes of a refused upload."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.channels import (
    ChannelFault,
    Failure,
    Oversized,
    Rejected,
    Throttled,
    Unreachable,
)
from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.account import Account, verify
from bot.messages import Document, Message, Send
from storage.database import open_database
from tests.bot.drawings import CARD as DRAWING
from tests.channels.matrix.gate import Gate, only, refusing
from tests.channels.matrix_case import account_of, channel_of, meets, overheard
from tests.channels.outbound import Outbound
from tests.matrix import File, Learner, Synapse, WebLearner
from tests.pictures import picture

CARD = picture(1080, 1350, "12 leçons suivies :\n7 en mémoire, 3 ancrées\n")
ALTERNATIVE = "12 leçons suivies : 7 en mémoire, 3 ancrées"
SHOWN = File("progression.png", CARD.content, "image/png", (1080, 1350))
PAPER = Document(
    "attestation.pdf", "application/pdf", b"%PDF-1.7" + bytes(range(256)), "Attestation de suivi"
)
UPLOAD = "/media/v3/upload"


async def test_a_picture_is_read_by_its_alternative_and_saved_under_its_name(
    channel: MatrixChannel, ann: Learner, room: str, account: Account
) -> None:
    await channel.send(room, Send("", picture=CARD), "k1")
    shown = await ann.next_message()
    assert (shown.text, shown.html, shown.file) == (ALTERNATIVE, "", SHOWN)
    (wire,) = [one for one in await ann.wire(sender=account.user_id) if not one.state]
    assert wire.type == "m.room.encrypted"


async def test_a_picture_in_a_room_in_clear_is_in_clear(
    channel: MatrixChannel, bob: Learner, account: Account
) -> None:
    room = await meets(bob, channel, account)
    await channel.send(room, Send("", picture=CARD), "k1")
    shown = await bob.next_message()
    assert (shown.text, shown.file) == (ALTERNATIVE, SHOWN)
    (wire,) = [one for one in await bob.wire(sender=account.user_id) if not one.state]
    assert wire.content["url"].startswith("mxc://")
    assert "file" not in wire.content
    assert wire.content["org.matrix.msc1767.automated"] is True
    assert wire.content["m.mentions"] == {}


async def test_a_text_that_comes_with_a_picture_is_its_caption(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    ref = await channel.send(room, Send("un"), "k1")
    await channel.send(room, Send("**12** leçons", picture=CARD, replies_to="k1"), "k2", ref)
    shown = await ann.sees("leçons")
    assert (shown.text, shown.html) == ("12 leçons", "<p><b>12</b> leçons</p>")
    assert (shown.file, shown.reply_to) == (SHOWN, ref)


async def test_a_picture_is_sent_into_its_thread(
    channel: MatrixChannel, bob: Learner, account: Account
) -> None:
    room = await meets(bob, channel, account)
    root = await bob.says("progression")
    await channel.send(room, Send("", picture=CARD, thread=root), "k1")
    (wire,) = [one for one in await bob.wire(sender=account.user_id) if not one.state]
    assert wire.content["m.relates_to"]["rel_type"] == "m.thread"
    assert wire.content["m.relates_to"]["event_id"] == root


async def test_element_and_tchap_decrypt_the_picture_and_the_paper_and_read_the_alternative(
    synapse: Synapse, account: Account
) -> None:
    await verify(account)
    channel = channel_of(account)
    await channel.open()
    try:
        async with await WebLearner.arrives(synapse, synapse.account("zoe"), only_signed=True) as zoe:
            room, _ = await asyncio.gather(zoe.opens_room(account), overheard(channel, 1))
            await channel.send(room, Send("", picture=CARD), "k1")
            await channel.send(room, Send("", document=PAPER), "k2")
            card, paper = await zoe.next_message(), await zoe.next_message()
    finally:
        await channel.close()
    assert (card.text, card.file, card.shield) == (ALTERNATIVE, SHOWN, False)
    assert (paper.text, paper.file) == (PAPER.name, File(PAPER.name, PAPER.content, PAPER.media_type))


async def test_a_picture_sent_again_by_a_new_process_shows_once(
    channel: MatrixChannel, gate: Gate, ann: Learner, room: str
) -> None:
    """It is uploaded again, since nothing is kept of the first time; the transaction is the same."""
    first = await channel.send(room, Send("", picture=CARD), "k1")
    await channel.close()
    await channel.open()
    assert await channel.send(room, Send("", picture=CARD), "k1") == first
    assert len([path for _, path in gate.calls if UPLOAD in path]) == 2
    await channel.send(room, Send("fin"), "k2")
    await ann.sees("fin")
    assert [shown.file for shown in await ann.messages()] == [SHOWN, None]


@pytest.mark.parametrize("file", [Send("", picture=CARD), Send("", document=PAPER)], ids=["picture", "paper"])
async def test_a_refused_upload_is_no_judgement_about_the_room_and_the_text_goes_under_the_same_key(
    file: Send, channel: MatrixChannel, gate: Gate, ann: Learner, room: str, subtests: pytest.Subtests
) -> None:
    refusals: list[tuple[int, str, type[Failure]]] = [
        (413, "M_TOO_LARGE", Oversized),
        (413, "", Oversized),
        (400, "M_TOO_LARGE", Oversized),
        (400, "M_UNKNOWN", Rejected),  # Synapse's answer to what a module takes for spam
        (403, "M_FORBIDDEN", Rejected),
        (403, "M_USER_LIMIT_EXCEEDED", Rejected),  # the quota of Synapse
        (404, "M_NOT_FOUND", Rejected),
        (404, "M_UNRECOGNIZED", Rejected),  # there is no media repository
        (429, "M_LIMIT_EXCEEDED", Throttled),
        (502, "", Unreachable),
    ]
    for status, code, meaning in refusals:
        with subtests.test(status=status, code=code):
            gate.rule = only(UPLOAD, refusing(status, code))
            key = f"k-{status}-{code}"
            with pytest.raises(Failure) as raised:
                await channel.send(room, file, key)
            assert type(raised.value) is meaning
            assert "secret" not in str(raised.value)
            await channel.send(room, Send(key), key)
            assert (await ann.next_message()).text == key


async def test_a_refused_picture_whose_text_may_have_left_is_said_once_and_never_shown(
    channel: MatrixChannel, gate: Gate, ann: Learner, room: str, sqlite_url: str
) -> None:
    """The homeserver takes pictures again when the text is sent once more: it knows that text by its transaction."""
    with open_database(sqlite_url) as store:
        outbound = Outbound(store, channel, room)
        gate.rule = only(UPLOAD, refusing(413, "M_TOO_LARGE"), times=1)
        gate.after = only("0.1:text", refusing(502), times=1)
        async with outbound.running():
            await outbound.says(Message("**Votre** progression", picture=DRAWING))
            assert outbound.states() == [("sent", 1), ("waiting", 1)]
            await outbound.later(6)
            await outbound.says(Message("fin"))
        assert outbound.states() == [("sent", 1), ("sent", 2), ("sent", 1)]
    await ann.sees("fin")
    shown = [(one.text, one.file) for one in await ann.messages()]
    assert shown == [("Votre progression", None), (DRAWING.alternative, None), ("fin", None)]
    paths = [path for _, path in gate.calls]
    assert len([path for path in paths if "0.1:text" in path]) == 2
    assert len([path for path in paths if UPLOAD in path]) == 1


async def test_a_proxy_that_forbids_pictures_is_no_fault_of_the_channel(
    channel: MatrixChannel, gate: Gate, ann: Learner, room: str
) -> None:
    gate.rule = only(UPLOAD, refusing(403))
    with pytest.raises(Rejected):
        await channel.send(room, Send("", picture=CARD), "k1")
    await channel.send(room, Send("un"), "k1")
    assert (await ann.next_message()).text == "un"
    with pytest.raises(
        ChannelFault
    ):  # a file of data may be the only answer: it waits until the proxy lets it through
        await channel.send(room, Send("", document=PAPER), "k2")


async def test_a_session_that_ended_is_a_fault_whatever_is_uploaded(
    channel: MatrixChannel, gate: Gate, room: str
) -> None:
    gate.rule = only(UPLOAD, refusing(401, "M_UNKNOWN_TOKEN"))
    with pytest.raises(ChannelFault) as raised:
        await channel.send(room, Send("", picture=CARD), "k1")
    assert raised.value.fatal


async def test_a_picture_that_is_too_large_for_a_real_homeserver_is_oversized(tmp_path: Path) -> None:
    synapse = Synapse(tmp_path / "synapse", {"max_upload_size": "10K"})
    await synapse.starts()
    try:
        account = await account_of(synapse, tmp_path)
        channel = channel_of(account)
        await channel.open()
        async with await Learner.arrives(synapse, "ann") as ann:
            room = await meets(ann, channel, account)
            with pytest.raises(Oversized):
                await channel.send(room, Send("", picture=picture(weight=20 * 2**10)), "k1")
            await channel.send(room, Send("", picture=CARD), "k1")
            assert (await ann.next_message()).file == SHOWN
        await channel.close()
    finally:
        await synapse.stops()
