# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does the Matrix channel lose nothing that is said, whatever happens to it, its keys or its homeserver?"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.channels import ChannelFault
from bot.channels.matrix import MatrixChannel, news
from bot.channels.matrix.account import Account, log_in
from bot.channels.matrix.session import read, session_in
from bot.messages import Event, Kind, Send
from tests.channels.gate import Gate, cutting, hanging, only, refusing
from tests.channels.matrix_case import account_of, channel_of, heard, meets, overheard
from tests.matrix import Account as Owned
from tests.matrix import Learner, Synapse


@pytest.fixture
def owned(synapse: Synapse) -> Owned:
    return synapse.account("bot")


@pytest.fixture
async def account(synapse: Synapse, owned: Owned, tmp_path: Path) -> Account:
    return await account_of(synapse, tmp_path, owned)


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


def texts(events: list[Event]) -> list[str]:
    return [event.text for event in events]


def asked_on(gate: Gate, part: str) -> bool:
    """Whether the bot asks for news again after a call whose path holds a part."""
    paths = [path for _, path in gate.calls]
    ends = [place for place, path in enumerate(paths) if part in path]
    return bool(ends) and any(path.endswith("/sync") for path in paths[ends[-1] :])


_timeouts = itertools.count(1)


async def keys_left(synapse: Synapse, account: Account) -> dict[str, Any]:
    """What the homeserver tells the bot of its own keys."""
    session = session_in(read(account.store, account.store_key) or {})
    assert session is not None
    # Another time-out each time: homeservers give the same first answer for some minutes.
    path = f"/_matrix/client/v3/sync?timeout={next(_timeouts)}"
    _, answer = await synapse.call("GET", path, token=session.access_token)
    found: dict[str, Any] = answer
    return found


async def claim(synapse: Synapse, ann: Learner, account: Account, device: str, most: int = 80) -> list[str]:
    """Somebody takes one-time keys, up to the fallback key; the names of those they got."""
    taken: list[str] = []
    body = {"one_time_keys": {account.user_id: {device: "signed_curve25519"}}}
    for _ in range(most):
        _, answer = await synapse.call(
            "POST", "/_matrix/client/v3/keys/claim", body, token=ann.account.access_token
        )
        keys = answer["one_time_keys"].get(account.user_id, {}).get(device, {})
        taken += list(keys)
        if not keys or any("fallback" in key for key in keys.values()):
            break
    return taken


@pytest.mark.parametrize("one_time_only", [True, False])
async def test_keys_that_are_used_up_are_made_anew(
    synapse: Synapse, account: Account, gate: Gate, channel: MatrixChannel, ann: Learner, one_time_only: bool
) -> None:
    """P2: the library takes a count of 0 for "not told", and never makes keys again."""
    assert channel._opened is not None
    device = channel._opened.client.device_id
    await channel.close()
    taken = await claim(synapse, ann, account, device, most=50 if one_time_only else 80)
    assert len(taken) == (50 if one_time_only else 51)
    left = await keys_left(synapse, account)
    assert left["device_one_time_keys_count"]["signed_curve25519"] == 0
    assert (left["device_unused_fallback_key_types"] == []) is not one_time_only
    gate.calls.clear()
    await channel.open()
    await overheard(channel, until=lambda _: asked_on(gate, "/keys/upload"))
    left = await keys_left(synapse, account)
    assert left["device_one_time_keys_count"]["signed_curve25519"] >= 50
    assert left["device_unused_fallback_key_types"] == ["signed_curve25519"]


class Killed(BaseException):
    """The process ends here."""


def die(*_: object) -> None:
    raise Killed


async def test_a_first_message_is_read_though_all_keys_were_used_up(
    synapse: Synapse, account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    """P2: without a fallback key nobody new can write to a bot whose keys were used up while it was away."""
    assert channel._opened is not None
    device = channel._opened.client.device_id
    await meets(ann, channel, account)
    await channel.close()
    await claim(synapse, ann, account, device)
    await ann.says("bonjour")
    await channel.open()
    assert texts(await heard(channel, 1)) == ["bonjour"]


async def test_an_event_whose_handler_failed_comes_again(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    """P3: the library stores its token before anything was done with the events."""
    await meets(ann, channel, account)
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


async def test_a_key_is_not_lost_when_the_process_dies_while_it_is_kept(
    account: Account, channel: MatrixChannel, ann: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library keeps what opened a message before it keeps the key that was in it."""
    await meets(ann, channel, account)
    await ann.says("un")
    assert channel._opened is not None
    monkeypatch.setattr(channel._opened.client.store, "save_inbound_group_session", die)
    with pytest.raises(Killed):
        await overheard(channel, 1)
    await channel.open()
    assert texts(await overheard(channel, 1)) == ["un"]


async def test_a_key_that_was_published_is_not_lost_when_the_process_dies(
    synapse: Synapse, account: Account, channel: MatrixChannel, ann: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library keeps new one-time keys after the homeserver has them: whoever used such a one was never read."""
    await meets(ann, channel, account)
    assert channel._opened is not None
    client = channel._opened.client
    await claim(synapse, ann, account, client.device_id)
    monkeypatch.setattr(client.olm, "mark_keys_as_published", die)
    await ann.says("un")
    with pytest.raises(Killed):
        await overheard(channel)
    used = await claim(synapse, ann, account, client.device_id, most=1)
    await channel.open()
    assert texts(await overheard(channel, 1)) == ["un"]
    async with await Learner.arrives(synapse, "bob") as bob:
        await meets(bob, channel, account)
        await bob.says("deux")
        assert texts(await overheard(channel, 1)) == ["deux"]
    offered = await claim(synapse, ann, account, client.device_id)
    assert used
    assert not set(used) & set(offered), "a key is good for one"


async def test_a_store_that_cannot_be_written_is_told_and_nothing_is_lost(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    await meets(ann, channel, account)
    await ann.says("un")
    draft = account.position.with_suffix(".new")
    draft.mkdir()  # as a full disk, it keeps the position from being written
    with pytest.raises(ChannelFault, match="cannot be written") as raised:
        await overheard(channel, 1)
    assert not raised.value.fatal
    draft.rmdir()
    await channel.open()
    assert texts(await overheard(channel, 1)) == ["un"]


async def test_a_revoked_token_ends_the_listening(
    synapse: Synapse, owned: Owned, account: Account, gate: Gate, channel: MatrixChannel, ann: Learner
) -> None:
    """P4: the library asks again 300 times a second."""
    await meets(ann, channel, account)
    await synapse.revokes(owned)
    gate.calls.clear()
    with pytest.raises(ChannelFault, match="iaventure matrix login") as raised:
        await overheard(channel)
    assert raised.value.fatal
    assert len(gate.calls) <= 2
    with pytest.raises(ChannelFault, match="iaventure matrix login") as raised:
        await channel.send(ann.room, Send("un"), "k1")
    assert raised.value.fatal


@pytest.mark.parametrize(
    "trouble",
    [
        refusing(502),
        refusing(500, "M_UNKNOWN"),
        cutting,
        refusing(429, "M_LIMIT_EXCEEDED", retry_after_ms=1000),
    ],
)
async def test_passing_trouble_is_logged_and_waited_out(
    account: Account,
    gate: Gate,
    channel: MatrixChannel,
    ann: Learner,
    caplog: pytest.LogCaptureFixture,
    trouble: Any,
) -> None:
    await meets(ann, channel, account)
    gate.rule = only("/sync", trouble, times=2)
    gate.calls.clear()
    await ann.says("bonjour")
    assert texts(await overheard(channel, 1)) == ["bonjour"]
    assert len([path for _, path in gate.calls if path.endswith("/sync")]) <= 5
    assert "Asking again in 1 s" in caplog.text
    assert "secret" not in caplog.text


async def test_a_homeserver_that_hangs_is_given_up_and_asked_again(
    account: Account, gate: Gate, ann: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.matrix.client.SLACK", 0.5)
    channel = channel_of(replace(account, homeserver=gate.url))
    await channel.open()
    await meets(ann, channel, account)
    gate.rule = only("/sync", hanging, times=1)
    await ann.says("bonjour")
    assert texts(await overheard(channel, 1)) == ["bonjour"]
    await channel.close()


async def test_a_homeserver_that_cannot_be_reached_is_a_fault_that_may_pass(
    account: Account, gate: Gate
) -> None:
    channel = channel_of(replace(account, homeserver=gate.url))
    gate.rule = refusing(502)
    with pytest.raises(ChannelFault, match="cannot be reached") as raised:
        await channel.open()
    assert not raised.value.fatal
    gate.rule = None
    await channel.open()
    await channel.close()


async def test_what_is_heard_again_when_the_position_is_lost_is_known_by_its_id(
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
    again = await overheard(channel, seconds=1)
    assert {event.id for event in again} <= {event.id for event in events}
    assert {event.address for event in events} == {room}


async def test_what_is_long_past_is_not_heard_without_a_position(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    """P5: without a token the homeserver repeats the last events of every room."""
    await meets(ann, channel, account)
    for text in ("un", "deux"):
        await ann.says(text)
    await channel.close()
    (account.store / "position").unlink()
    with pytest.MonkeyPatch.context() as patch:
        # Asked for otherwise, so that the answer is not the one the homeserver kept.
        patch.setitem(news.FILTER["room"]["timeline"], "limit", 99)
        await channel.open()
        assert await overheard(channel, seconds=1) == []
        await ann.says("trois")
        assert texts(await overheard(channel, 1)) == ["trois"]


async def test_an_invitation_is_heard_when_the_position_is_lost(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    """P5: what is ignored without a token are events, not invitations."""
    await channel.close()
    await ann.invites(account.user_id)
    await channel.open()
    assert texts(await overheard(channel, 1)) == ["start"]


async def test_the_bot_greets_once_it_is_in_the_room_and_can_answer_there(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    """P6: the library knows no room while it hears of the invitation."""
    room = await meets(ann, channel, account)
    await channel.send(room, Send("Bonjour"), "k1")
    assert (await ann.next_message()).text == "Bonjour"


async def test_a_new_process_knows_every_room_at_once(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    """P7, P8: with a token alone no room is known; and its keys for a room are new, and handed out again."""
    rooms = [await meets(ann, channel, account) for _ in range(3)]
    await channel.close()
    await channel.open()
    for room in rooms:
        await channel.send(room, Send(f"vers {room}"), f"k{room}")
        assert (await ann.sees(f"vers {room}")).readable


async def test_a_message_whose_key_comes_late_is_read_then(
    account: Account, gate: Gate, ann: Learner
) -> None:
    """P10: nobody answers a request for a key: what cannot be read is kept until it comes."""
    channel = channel_of(replace(account, homeserver=gate.url), key_patience=60)
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


async def test_what_cannot_be_read_is_told_once_a_day_whatever_its_number(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    """P10: never silence, never a loop."""
    room = await meets(ann, channel, account)
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


async def test_what_was_said_before_the_bot_came_is_answered_by_its_greeting(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    """P11: its keys may never come; and an answer to each, beside the greeting, would be noise."""
    await ann.invites(account.user_id)
    for text in ("bonjour", "il y a quelqu'un ?"):
        await ann.says(text)
    assert texts(await overheard(channel, 1)) == ["start"]
    assert await overheard(channel, seconds=1) == []


@pytest.mark.parametrize("inside", [True, False], ids=["in the room", "to the device"])
async def test_a_request_to_compare_devices_is_heard_once_a_day(
    synapse: Synapse, account: Account, channel: MatrixChannel, ann: Learner, inside: bool
) -> None:
    """P12: nothing would ever answer it."""
    room = await meets(ann, channel, account)
    assert channel._opened is not None
    events: list[Event] = []
    for number in range(2):
        request = {"from_device": ann.device_id, "methods": ["m.sas.v1"], "to": account.user_id}
        if inside:
            await ann.sends(
                "m.room.message",
                {**request, "msgtype": "m.key.verification.request", "body": "Verify?"},
            )
        else:
            told = {**request, "transaction_id": f"t{number}", "timestamp": 1_795_000_000_000}
            await synapse.call(
                "PUT",
                f"/_matrix/client/v3/sendToDevice/m.key.verification.request/{number}",
                {"messages": {account.user_id: {channel._opened.client.device_id: told}}},
                token=ann.account.access_token,
            )
        events += await overheard(channel, 1)
    assert {(event.kind, event.address) for event in events} == {(Kind.VERIFY, room)}
    assert len({event.id for event in events}) == 1


async def test_a_program_that_says_what_it_is_is_not_answered(
    synapse: Synapse, account: Account, channel: MatrixChannel, ann: Learner, tmp_path: Path
) -> None:
    """P13: two programs in one room answer each other for ever."""
    await meets(ann, channel, account)
    await ann.says("je suis un automate", notice=True)
    await ann.sends("m.room.message", {"msgtype": "m.text", "body": "moi aussi", "m.automated": True})
    assert await overheard(channel, seconds=1) == []


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
    assert texts(await overheard(channel, 1)) == ["start"]
    await overheard(other, until=lambda events: any(event.sender == account.user_id for event in events))
    await channel.send(room, Send("Bonjour"), "k1")
    assert await overheard(other, seconds=1) == []
    await other.send(room, Send("Bonjour"), "k1")
    assert [event.kind for event in await overheard(channel, seconds=1) if event.text == "Bonjour"] == []
    await other.close()


async def test_a_long_absence_loses_nothing(account: Account, channel: MatrixChannel, ann: Learner) -> None:
    await meets(ann, channel, account)
    await channel.close()
    said = [f"mot {number}" for number in range(130)]
    for text in said:
        await ann.says(text)
    await channel.open()
    assert texts(await overheard(channel, 130)) == said


async def test_the_age_of_what_is_said_is_known_whatever_the_clock_of_its_homeserver(
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


async def test_a_new_device_goes_on_where_the_old_one_was(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
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


async def test_leaving_and_coming_back_are_heard(
    account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, channel, account)
    await ann.leaves()
    (left,) = await overheard(channel, 1)
    assert (left.kind, left.address, left.sender) == (Kind.LEFT, room, ann.user_id)
    assert channel._opened is not None
    await channel._opened.client.room_invite(room, ann.user_id)
    await overheard(channel, seconds=0.5)
    await ann.joins(room)
    (back,) = await overheard(channel, 1)
    assert (back.kind, back.address) == (Kind.BACK, room)


async def test_being_put_out_of_a_room_is_heard_as_leaving(
    synapse: Synapse, account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    room = await ann.invites(account.user_id, direct=False)
    assert texts(await overheard(channel, 1)) == ["start"]
    put_out = {"user_id": account.user_id}
    token = ann.account.access_token
    status, _ = await synapse.call("POST", f"/_matrix/client/v3/rooms/{room}/kick", put_out, token=token)
    assert status == 200
    (left,) = await overheard(channel, 1)
    assert (left.kind, left.address) == (Kind.LEFT, room)


async def test_an_account_without_session_says_what_to_do(synapse: Synapse, tmp_path: Path) -> None:
    channel = channel_of(Account(synapse.url, "@nobody:test.local", tmp_path / "store", "key"))
    with pytest.raises(ChannelFault, match="iaventure matrix login") as raised:
        await channel.open()
    assert raised.value.fatal


async def test_closing_ends_the_listening(account: Account, channel: MatrixChannel) -> None:
    listening = asyncio.create_task(overheard(channel, seconds=60))
    await asyncio.sleep(0.3)
    await channel.close()
    async with asyncio.timeout(30):
        assert await listening == []
