# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The Matrix channel opens, receives and sends: the failures of each way, and what is shown once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.channels import (
    ChannelFault,
    Gone,
    Refused,
    Rejected,
    Throttled,
    Uncertain,
    Unexplained,
    Unreachable,
)
from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.account import Account, log_in
from bot.messages import Document, Edit, Event, Send
from tests.channels.matrix.gate import Gate, cutting, hanging, only, refusing
from tests.channels.matrix_case import channel_of, meets, overheard, texts
from tests.matrix import Account as Owned
from tests.matrix import Learner, Synapse
from tests.matrix.reader import PATIENCE

SENT = "/send/"


@pytest.fixture
async def hasty(gated: Account) -> AsyncIterator[MatrixChannel]:
    """A channel that gives up a request soon: for the tests in which the homeserver is silent."""
    made = channel_of(gated, patience=10)
    await made.open()
    yield made
    await made.close()


# --- opening and listening


async def test_the_bot_greets_once_it_is_in_the_room_and_can_answer_there(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    """P6: the library knows no room while it hears of the invitation."""
    await channel.send(room, Send("Bonjour"), "k1")
    assert (await ann.next_message()).text == "Bonjour"


async def test_an_account_without_session_says_what_to_do(synapse: Synapse, tmp_path: Path) -> None:
    channel = channel_of(Account(synapse.url, "@nobody:test.local", tmp_path / "store", "key"))
    with pytest.raises(ChannelFault, match="iaventure matrix login") as raised:
        await channel.open()
    assert raised.value.fatal


async def test_a_homeserver_that_cannot_be_reached_is_a_fault_that_may_pass(
    gated: Account, gate: Gate
) -> None:
    channel = channel_of(gated)
    gate.rule = refusing(502)
    with pytest.raises(ChannelFault, match="cannot be reached") as raised:
        await channel.open()
    assert not raised.value.fatal
    gate.rule = None
    await channel.open()
    await channel.close()


async def test_passing_trouble_is_logged_and_waited_out(
    gate: Gate,
    channel: MatrixChannel,
    ann: Learner,
    room: str,
    caplog: pytest.LogCaptureFixture,
    subtests: pytest.Subtests,
) -> None:
    refusals: list[int] = []

    def heard(events: list[Event]) -> bool:
        if "Asking again in 1 s" in caplog.text:
            refusals.append(channel.hearing.refusals)
            gate.rule = None  # it passes
        return bool(events)

    for place, trouble in enumerate(
        (
            refusing(502),
            refusing(500, "M_UNKNOWN"),
            cutting,
            refusing(429, "M_LIMIT_EXCEEDED", retry_after_ms=1000),
        )
    ):
        with subtests.test(place=place):
            caplog.clear()
            gate.rule = only("/sync", trouble)
            gate.calls.clear()
            refusals.clear()
            await ann.says(f"bonjour {place}")
            assert texts(await overheard(channel, until=heard)) == [f"bonjour {place}"]
            assert "Asking again in 1 s" in caplog.text
            assert refusals[0] == 1, "an outage that lasts is told as deafness"
            assert channel.hearing.well
            assert len([path for _, path in gate.calls if path.endswith("/sync")]) <= 5
            assert "secret" not in caplog.text


async def test_a_homeserver_that_hangs_is_given_up_and_asked_again(
    account: Account, gated: Account, gate: Gate, ann: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.matrix.client.SLACK", 0.5)
    channel = channel_of(gated)
    await channel.open()
    await meets(ann, channel, account)
    gate.rule = only("/sync", hanging, times=1)
    await ann.says("bonjour")
    assert texts(await overheard(channel, 1)) == ["bonjour"]
    await channel.close()


async def test_a_revoked_token_ends_the_listening(
    synapse: Synapse, owned: Owned, gate: Gate, channel: MatrixChannel, room: str
) -> None:
    """P4: the library asks again 300 times a second."""
    await synapse.revokes(owned)
    gate.calls.clear()
    with pytest.raises(ChannelFault, match="iaventure matrix login") as raised:
        await overheard(channel)
    assert raised.value.fatal
    assert len(gate.calls) <= 2
    with pytest.raises(ChannelFault, match="iaventure matrix login") as raised:
        await channel.send(room, Send("un"), "k1")
    assert raised.value.fatal


async def test_a_store_that_cannot_be_written_is_told_and_nothing_is_lost(
    account: Account, channel: MatrixChannel, ann: Learner, room: str
) -> None:
    await ann.says("un")
    draft = account.position.with_suffix(".new")
    draft.mkdir()  # as a full disk, it keeps the position from being written
    with pytest.raises(ChannelFault, match="cannot be written") as raised:
        await overheard(channel, 1)
    assert not raised.value.fatal
    draft.rmdir()
    await channel.open()
    assert texts(await overheard(channel, 1)) == ["un"]


async def test_a_new_device_goes_on_where_the_old_one_was(
    account: Account, channel: MatrixChannel, ann: Learner, room: str
) -> None:
    await ann.says("un")
    await overheard(channel, 1)
    await channel.close()
    for file in account.store.iterdir():
        file.unlink()
    await log_in(account)
    await channel.open()
    await channel.send(room, Send("de retour"), "k1")
    assert (await ann.sees("de retour")).readable
    await ann.says("deux")
    assert texts(await overheard(channel, 1)) == ["deux"]


async def test_closing_ends_the_listening(gate: Gate, channel: MatrixChannel) -> None:
    asked = asyncio.Event()

    async def hold(request: web.Request) -> web.StreamResponse:
        asked.set()
        return await hanging(request)

    gate.rule = only("/sync", hold)
    listening = asyncio.create_task(overheard(channel, seconds=60))
    await asked.wait()
    await channel.close()
    async with asyncio.timeout(30):
        assert await listening == []


async def test_a_stop_at_any_moment_of_closing_ends_and_lets_go(gated: Account, gate: Gate) -> None:
    """Closing cancels the task that joins rooms and waits for it: a stop that comes just then is not that task's."""
    stopped = 0
    for steps in range(1, 100):
        channel = channel_of(gated)
        await channel.open()
        closing = asyncio.create_task(channel.close())
        for _ in range(steps):
            await asyncio.sleep(0)
        if closing.done():
            break
        closing.cancel()
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait({closing})
        assert closing.cancelled(), f"a stop after {steps} steps is heeded"
        stopped += 1
    assert stopped > 1
    await channel.open()  # nothing of what was stopped still holds the folder
    await channel.close()


# --- sending: once


async def assert_shown_once(ann: Learner, text: str) -> None:
    await ann.sees(text)
    assert len([one for one in await ann.messages() if one.text == text]) == 1


async def test_a_message_sent_again_by_a_new_process_shows_once(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    first = await channel.send(room, Send("un"), "reply:matrix:$abc/é:0")
    await channel.close()
    await channel.open()
    assert await channel.send(room, Send("un"), "reply:matrix:$abc/é:0") == first
    await channel.send(room, Send("fin"), "k2")
    await ann.sees("fin")
    await assert_shown_once(ann, "un")


async def test_a_message_whose_answer_was_lost_is_uncertain_and_shows_once(
    account: Account, gate: Gate, hasty: MatrixChannel, ann: Learner, subtests: pytest.Subtests
) -> None:
    room = await meets(ann, hasty, account)
    # A connection that ends at once is tried a second time below us: both are cut.
    troubles = {"cut": (cutting, 2), "502": (refusing(502), 1), "silent": (hanging, 1)}
    for name, (trouble, times) in troubles.items():
        with subtests.test(name):
            gate.after = only(SENT, trouble, times)
            with pytest.raises(Uncertain):
                await hasty.send(room, Send(name), f"k-{name}")
            await hasty.send(room, Send(name), f"k-{name}")
            await hasty.send(room, Send(f"fin {name}"), f"end-{name}")
            await ann.sees(f"fin {name}")
            await assert_shown_once(ann, name)


# --- sending: failures


async def test_each_refusal_is_one_of_ours_and_names_nobody(
    account: Account, gate: Gate, hasty: MatrixChannel, ann: Learner, subtests: pytest.Subtests
) -> None:
    room = await meets(ann, hasty, account)
    for place, (trouble, raised) in enumerate(
        [
            (refusing(429, "M_LIMIT_EXCEEDED", retry_after_ms=7000), Throttled),
            (refusing(429), Throttled),
            (refusing(403, "M_FORBIDDEN"), Refused),
            (refusing(403, "FR.GOUV.TCHAP.FORBIDDEN"), Refused),
            (refusing(403, "M_CONSENT_NOT_GIVEN"), ChannelFault),
            (refusing(400, "M_SOMETHING_NEW"), Unexplained),
            (refusing(400), Uncertain),
            (refusing(413, "M_TOO_LARGE"), Rejected),
            (refusing(413), Rejected),
            (refusing(400, "M_BAD_JSON"), Rejected),
            (refusing(403), ChannelFault),
            (refusing(401, "M_UNKNOWN_TOKEN"), ChannelFault),
            (refusing(502), Uncertain),
            (refusing(500, "M_UNKNOWN"), Uncertain),
            (refusing(504, "M_UNKNOWN"), Uncertain),
            (hanging, Uncertain),
            (cutting, Uncertain),
            # The last: the library forgets the token then.
            (refusing(401, "M_UNKNOWN_TOKEN", soft_logout=True), ChannelFault),
        ]
    ):
        with subtests.test(place=place, raised=raised):
            gate.rule = only(SENT, trouble)
            gate.calls.clear()
            with pytest.raises(raised) as told:
                await hasty.send(room, Send("un"), f"k{place}")
            assert type(told.value) is raised
            assert "@ann" not in str(told.value)
            assert "secret" not in str(told.value)
            # A connection that ends at once is tried a second time below us: the transaction is the same.
            assert len([path for _, path in gate.calls if SENT in path]) == (2 if trouble is cutting else 1)


async def test_the_time_to_wait_is_what_the_homeserver_says(
    gate: Gate, channel: MatrixChannel, ann: Learner, room: str
) -> None:
    gate.rule = only("/keys/claim", refusing(429, "M_LIMIT_EXCEEDED", retry_after_ms=6000))
    with pytest.raises(Throttled) as told:
        await channel.send(room, Send("un"), "k1")
    assert told.value.after == 6
    gate.rule = only(SENT, refusing(429, "M_LIMIT_EXCEEDED", retry_after_ms=7000))
    with pytest.raises(Throttled) as told:
        await channel.send(room, Send("un"), "k1")
    assert told.value.after == 7
    assert await ann.messages() == []


async def test_an_upload_that_fails_left_nothing(gate: Gate, channel: MatrixChannel, room: str) -> None:
    gate.rule = only("/upload", refusing(502))
    with pytest.raises(Unreachable):
        await channel.send(room, Send("un", document=Document("x.txt", "text/plain", b"x")), "k1")
    gate.rule = only("/upload", refusing(413, "M_TOO_LARGE"))
    with pytest.raises(Rejected):
        await channel.send(room, Send("un", document=Document("x.txt", "text/plain", b"x")), "k1")


async def test_an_address_that_is_no_room_of_ours_is_gone(
    channel: MatrixChannel, subtests: pytest.Subtests
) -> None:
    for address in ("", "@ann:test.local", "!nowhere:test.local", "../../admin"):
        with subtests.test(address=address), pytest.raises(Gone):
            await channel.send(address, Send("un"), "k1")


async def test_a_closed_channel_reaches_nobody(channel: MatrixChannel, room: str) -> None:
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


async def test_sends_and_joins_keep_one_pace(account: Account, gated: Account, bob: Learner) -> None:
    channel = channel_of(gated, rate=5)
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


# --- files


async def test_a_page_of_a_proxy_in_place_of_a_file_is_unreachable(
    gate: Gate, channel: MatrixChannel, ann: Learner, room: str
) -> None:
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
