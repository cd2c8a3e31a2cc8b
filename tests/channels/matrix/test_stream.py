# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The stream of events loses nothing that is said, whatever happens to the channel, its position or its homeserver."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.channels import ChannelFault
from bot.channels.matrix import MatrixChannel, news
from bot.channels.matrix.account import Account
from bot.messages import Event, Kind, Send
from tests.channels.matrix.gate import Gate, only, refusing
from tests.channels.matrix_case import account_of, channel_of, heard, kinds, meets, overheard, texts
from tests.matrix import Learner, Synapse
from tests.matrix.reader import PATIENCE


def told(text: str) -> Callable[[list[Event]], bool]:
    """Whether a text is among what was heard: all that was said before it has been heard by then."""
    return lambda events: text in texts(events)


async def test_an_event_whose_handler_failed_comes_again(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    """P3: the library stores its token before anything was done with the events."""
    await ann.says("un")

    async def fail() -> None:
        async with aclosing(channel.listen()) as pages:  # type: ignore[type-var]
            async for _ in pages:
                raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        await fail()
    assert texts(await heard(channel, 1)) == ["un"]
    await channel.close()
    await channel.open()
    assert texts(await overheard(channel, 1)) == ["un"]
    await ann.says("deux")
    assert texts(await overheard(channel, 1)) == ["deux"]


@pytest.mark.timeout(400)  # four seconds of CPU: minutes on a busy machine
async def test_a_long_absence_loses_nothing(channel: MatrixChannel, ann: Learner, room: str) -> None:
    """One answer holds a hundred events, and a room key serves for a hundred messages."""
    await channel.close()
    said = [f"mot {number}" for number in range(130)]
    for text in said:
        await ann.says(text)
    await channel.open()
    assert texts(await overheard(channel, seconds=4 * PATIENCE, until=told(said[-1]))) == said


async def test_a_room_that_cannot_be_read_back_keeps_nobody_from_being_heard(
    channel: MatrixChannel, gate: Gate, ann: Learner, bob: Learner, account: Account, room: str
) -> None:
    clear = await bob.invites(account.user_id)
    await heard(channel, 1)
    for status, code in ((403, "M_FORBIDDEN"), (500, "M_UNKNOWN"), (400, "M_UNKNOWN")):
        await channel.close()
        for number in range(110):
            await bob.says(f"mot {number}", room=clear)
        await ann.says(f"bonjour {status}")
        gate.rule = only("/messages", refusing(status, code))
        for _ in range(2 * (status == 500)):
            with pytest.raises(ChannelFault, match="500"):
                await channel.open()
        await channel.open()
        said = texts(await overheard(channel, seconds=4 * PATIENCE, until=told(f"bonjour {status}")))
        assert "mot 109" in said
        gate.rule = None


# --- without a position


async def test_an_event_heard_again_when_the_position_is_lost_is_known_by_its_id(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    """P5: homeservers give the same first answer for some minutes, and go on from there."""
    await channel.close()
    await channel.open()
    room = await ann.invites(account.user_id)
    events = await overheard(channel, 1)
    await ann.met(account.user_id)
    for text in ("un", "deux"):
        await ann.says(text)
    events += await overheard(channel, 2)
    await channel.close()
    (account.store / "position").unlink()
    await channel.open()
    await ann.says("trois")
    *again, last = await overheard(channel, until=told("trois"))
    assert last.text == "trois"
    assert {event.id for event in again} <= {event.id for event in events}
    assert {event.address for event in events} == {room}


async def test_an_event_long_past_is_not_heard_without_a_position(
    account: Account, channel: MatrixChannel, ann: Learner, room: str
) -> None:
    """P5: without a token the homeserver repeats the last events of every room."""
    for text in ("un", "deux"):
        await ann.says(text)
    await channel.close()
    (account.store / "position").unlink()
    with pytest.MonkeyPatch.context() as patch:
        # Asked for otherwise, so that the answer is not the one the homeserver kept.
        patch.setitem(news.FILTER["room"]["timeline"], "limit", 99)
        await channel.open()
        await ann.says("trois")
        assert texts(await overheard(channel, until=told("trois"))) == ["trois"]


async def test_an_invitation_is_heard_when_the_position_is_lost(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    """P5: what is ignored without a token are events, not invitations."""
    await channel.close()
    await ann.invites(account.user_id)
    await channel.open()
    assert kinds(await overheard(channel, 1)) == [Kind.GREETING]


async def test_an_event_from_before_the_bot_came_is_answered_by_its_greeting(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    """P11: its keys may never come; and an answer to each, beside the greeting, would be noise."""
    await ann.invites(account.user_id)
    for text in ("bonjour", "il y a quelqu'un ?"):
        await ann.says(text)
    assert kinds(await overheard(channel, 1)) == [Kind.GREETING]
    await ann.met(account.user_id)
    await ann.says("fin")
    assert texts(await overheard(channel, until=told("fin"))) == ["fin"]


# --- keys that come late, or never


async def test_a_message_whose_key_comes_late_is_read_then(
    account: Account, gated: Account, gate: Gate, ann: Learner
) -> None:
    """P10: nobody answers a request for a key: what cannot be read is kept until it comes."""
    channel = channel_of(gated, key_patience=60)
    await channel.open()
    await meets(ann, channel, account)

    held: list[Any] = []
    kept = asyncio.Event()

    async def sync(request: web.Request) -> tuple[int, dict[str, Any]]:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        return await ann.synapse.call("GET", str(request.rel_url), token=token)

    async def without_keys(request: web.Request) -> web.Response:
        if held:  # it asks for more once it has kept what came
            kept.set()
        status, answer = await sync(request)
        held.extend(answer.get("to_device", {}).pop("events", []))
        return web.json_response(answer, status=status)

    gate.rule = only("/sync", without_keys)
    await ann.says("en retard")
    assert await overheard(channel, until=lambda _: kept.is_set()) == []
    assert held
    # A process that is killed now still knows what it could not read.
    await channel.close()
    gate.rule = None

    async def with_keys(request: web.Request) -> web.Response:
        status, answer = await sync(request)
        answer.setdefault("to_device", {}).setdefault("events", [])[:0] = held
        return web.json_response(answer, status=status)

    gate.rule = only("/sync", with_keys, times=1)
    await channel.open()
    assert texts(await overheard(channel, 1)) == ["en retard"]
    await channel.close()


async def test_an_event_that_cannot_be_read_is_told_once_a_day_whatever_its_number(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    """P10: never silence, never a loop."""
    sealed = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "ciphertext": "AwgAEnACgAkLmt6qF84IK++J7UDH2Za1YVchHyprqTqsg",
        "device_id": "RJYKSTBOIE",
        "sender_key": "IlRMeOPX2e0MurIyfWEucYBRVOEEUMrOHqn/8mLqMjA",
        "session_id": "X3lUlvLELLYxeTx4yOVu6UDpasGEVO0Jbu+QFnm0cKQ",
    }
    for _ in range(3):
        await ann.forges("m.room.encrypted", sealed)
    events = await overheard(channel, 3)
    assert {event.kind for event in events} == {Kind.UNREADABLE}
    assert len({event.id for event in events}) == 1
    assert {event.address for event in events} == {room}
    assert room not in events[0].id
    assert len(events[0].id) <= 200


async def test_a_request_to_compare_devices_is_heard_once_a_day(
    account: Account, channel: MatrixChannel, ann: Learner, room: str, subtests: pytest.Subtests
) -> None:
    """P12: nothing would ever answer it."""

    async def in_the_room(number: int, request: dict[str, Any]) -> None:
        verify = {"msgtype": "m.key.verification.request", "body": "Verify?"}
        await ann.sends("m.room.message", {**request, **verify})

    async def to_the_device(number: int, request: dict[str, Any]) -> None:
        asked = {**request, "transaction_id": f"t{number}", "timestamp": 1_795_000_000_000}
        messages = {account.user_id: {channel.device: asked}}
        await ann.asks("PUT", f"sendToDevice/m.key.verification.request/{number}", {"messages": messages})

    for asks in (in_the_room, to_the_device):
        with subtests.test(asks.__name__):
            events: list[Event] = []
            for number in range(2):
                await asks(
                    number, {"from_device": ann.device_id, "methods": ["m.sas.v1"], "to": account.user_id}
                )
                events += await overheard(channel, 1)
            assert {(event.kind, event.address) for event in events} == {(Kind.VERIFY, room)}
            assert len({event.id for event in events}) == 1


# --- programs, and events that no person made


async def test_a_program_that_says_what_it_is_is_not_answered(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    """P13: two programs in one room answer each other for ever."""
    await ann.says("je suis un automate", notice=True)
    await ann.sends("m.room.message", {"msgtype": "m.text", "body": "moi aussi", "m.automated": True})
    await ann.says("fin")
    assert texts(await overheard(channel, until=told("fin"))) == ["fin"]


async def test_two_bots_do_not_echo_each_other(
    synapse: Synapse, account: Account, channel: MatrixChannel, ann: Learner, tmp_path: Path
) -> None:
    """P13: what we say is marked as a program's, though it is no notice: those ring no phone."""
    other_account = await account_of(synapse, tmp_path / "other")
    other = channel_of(other_account)
    await other.open()
    assert other._opened is not None
    room = await meets(ann, other, other_account)
    # Ann's place is taken by the first bot, as nobody would do on purpose.
    await ann.leaves(room)
    await other._opened.client.room_invite(room, account.user_id)
    assert kinds(await overheard(channel, 1)) == [Kind.GREETING]
    await overheard(other, until=lambda events: any(event.sender == account.user_id for event in events))
    for said_by, heard_by in ((channel, other), (other, channel)):
        await said_by.send(room, Send("Bonjour"), "k1")
        await says_as_a_person(said_by, room, "fin")
        assert "Bonjour" not in texts(await overheard(heard_by, until=told("fin")))
    await other.close()


async def says_as_a_person(channel: MatrixChannel, room: str, text: str) -> None:
    """Say something with the bot's account and without its mark."""
    assert channel._opened is not None
    content = {"msgtype": "m.text", "body": text}
    await channel._opened.client.room_send(room, "m.room.message", content, ignore_unverified_devices=True)


async def test_hostile_events_stop_nothing_that_comes_after_them(
    synapse: Synapse, channel: MatrixChannel, ann: Learner, room: str, caplog: pytest.LogCaptureFixture
) -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    hostile: list[tuple[str, dict[str, Any]]] = [
        ("m.room.message", {}),
        ("m.room.message", {"body": "secret", "msgtype": ["m.text"]}),
        ("m.room.message", {"body": "x", "msgtype": "m.file", "file": "secret"}),
        ("m.room.message", {"body": "x", "msgtype": "m.image", "info": deep}),
        ("m.room.message", {"body": deep, "msgtype": "m.text"}),
        ("m.room.encrypted", {"secret": 1}),
        ("m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": {"secret": 5}}),
        ("org.matrix.msc3381.poll.response", {"org.matrix.msc3381.poll.response": deep}),
        ("m.call.invite", {"version": "x"}),
        ("m.sticker", {}),
        ("m.key.verification.start", {}),
    ]
    for kind, content in hostile:
        # In clear the homeserver itself refuses some of it.
        await (ann.forges if kind == "m.room.encrypted" else ann.sends)(kind, content)
    await ann.redacts(await ann.says("oups"))
    edited = await ann.says("un")
    await ann.reacts(edited, "👍")
    await ann.edits(edited, "deux")
    for kind, content in (
        ("m.room.name", {"name": 5}),
        ("m.room.power_levels", {"users": {ann.user_id: 100}}),
    ):
        await synapse.call(
            "PUT",
            f"/_matrix/client/v3/rooms/{room}/state/{kind}",
            content,
            token=ann.account.access_token,
        )
    await ann.says("fin")
    events = await overheard(channel, until=told("fin"))
    assert [(one.text, one.corrects) for one in events if one.text] == [
        ("un", False),
        ("deux", True),
        ("fin", False),
    ]
    assert "secret" not in caplog.text
    assert ann.user_id not in caplog.text


# --- time, departures


async def test_the_age_of_an_event_is_known_whatever_the_clock_of_its_homeserver(
    account: Account, ann: Learner
) -> None:
    """What is older than the events that are remembered is not answered; a person must not be mute for a wrong clock."""
    ahead = timedelta(days=40)
    channel = MatrixChannel(account, 0, poll=2, now=lambda: datetime.now(UTC) + ahead)
    await channel.open()
    await meets(ann, channel, account)
    await overheard(channel, seconds=1)
    await ann.says("à l'heure")
    (said,) = await overheard(channel, 1)
    assert said.age < timedelta(minutes=1)
    await channel.close()
    saved = json.loads(account.position.read_text())
    del saved["asked_at"]  # as an earlier version saved it
    account.position.write_text(json.dumps(saved))
    await ann.says("il y a longtemps")
    await channel.open()
    (said,) = await overheard(channel, 1)
    assert abs(said.age - ahead) < timedelta(minutes=1)
    await channel.close()


async def test_leaving_and_coming_back_are_heard(channel: MatrixChannel, ann: Learner, room: str) -> None:
    await ann.leaves()
    (left,) = await overheard(channel, 1)
    assert (left.kind, left.address, left.sender) == (Kind.LEFT, room, ann.user_id)
    assert channel._opened is not None
    await channel._opened.client.room_invite(room, ann.user_id)
    await overheard(channel, seconds=0.5)
    await ann.joins(room)
    (back,) = await overheard(channel, 1)
    assert (back.kind, back.address) == (Kind.GREETING, room)


async def test_being_put_out_of_a_room_is_heard_as_leaving(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await ann.invites(account.user_id, direct=False)
    assert kinds(await overheard(channel, 1)) == [Kind.GREETING]
    await ann.asks("POST", f"rooms/{room}/kick", {"user_id": account.user_id})
    (left,) = await overheard(channel, 1)
    assert (left.kind, left.address) == (Kind.LEFT, room)
