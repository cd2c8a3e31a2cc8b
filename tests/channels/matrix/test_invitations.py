# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The rooms that the bot enters, in which order, and those that it leaves again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.channels import Gone, Inviting
from bot.channels.matrix import MatrixChannel, leaving
from bot.channels.matrix.account import Account
from bot.messages import Event, Kind, Send
from tests.channels.matrix.gate import Gate, only, refusing
from tests.channels.matrix_case import channel_of, kinds, meets, overheard
from tests.matrix import Account as Owned
from tests.matrix import Learner, Synapse
from tests.matrix.reader import PATIENCE
from tests.waiting import until

if TYPE_CHECKING:
    from aiohttp import web


def joins(gate: Gate) -> list[str]:
    return [path for method, path in gate.calls if method == "POST" and "/join/" in path]


async def test_each_of_many_invitations_at_once_is_accepted_once(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner
) -> None:
    count = 30
    rooms = [await ann.invites(account.user_id, encrypted=False) for _ in range(count)]
    events = await overheard(channel, count, seconds=60)
    assert kinds(events) == [Kind.GREETING] * count
    assert {event.address for event in events} == set(rooms)
    assert len(joins(gate)) == count


async def test_a_homeserver_that_says_to_wait_is_obeyed_and_nobody_is_forgotten(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner
) -> None:
    gate.rule = only("/join/", refusing(429, "M_LIMIT_EXCEEDED", retry_after_ms=1000), times=1)
    rooms = [await ann.invites(account.user_id, encrypted=False) for _ in range(3)]
    started = asyncio.get_running_loop().time()
    events = await overheard(channel, 3)
    assert [event.address for event in events] == rooms
    assert asyncio.get_running_loop().time() - started > 1
    assert len(joins(gate)) == 4


async def test_a_join_that_fails_does_not_hold_up_the_others(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner
) -> None:
    first = await ann.invites(account.user_id, encrypted=False)
    gate.rule = only(first[1:], refusing(502), times=1)
    second = await ann.invites(account.user_id, encrypted=False)
    events = await overheard(channel, 2)
    assert {event.address for event in events} == {first, second}


async def test_invitations_that_were_not_accepted_yet_survive_the_process(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner
) -> None:
    gate.rule = only("/join/", refusing(502))
    room = await ann.invites(account.user_id, encrypted=False)
    assert await overheard(channel, until=lambda _: joins(gate)) == []
    assert joins(gate)
    await channel.close()
    gate.rule = None
    await channel.open()
    assert [event.address for event in await overheard(channel, 1)] == [room]


async def test_an_invitation_from_another_server_gets_no_answer_and_is_counted(
    account: Account, gated: Account, ann: Learner, gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    channel = channel_of(gated, allowed=["agent.example"])
    await channel.open()
    for _ in range(2):
        await ann.invites(account.user_id, encrypted=False)

    def refused() -> list[int]:
        told = [record for record in caplog.records if getattr(record, "action", "") == "refuse-invitation"]
        return [record.refused for record in told]  # type: ignore[attr-defined]

    assert await overheard(channel, until=lambda _: channel.refused_invitations >= 2) == []
    assert joins(gate) == []
    assert not [path for method, path in gate.calls if method == "POST" and "/leave" in path]
    assert refused() == [1]  # one line a minute
    assert ann.user_id not in caplog.text
    await channel.close()
    await channel.open()
    assert isinstance(channel, Inviting)
    assert channel.refused_invitations == 2
    await channel.close()


async def test_an_invitation_from_an_allowed_server_is_accepted(account: Account, ann: Learner) -> None:
    channel = channel_of(account, allowed=["agent.example", "test.local"])
    await channel.open()
    await meets(ann, channel, account)
    await channel.close()


async def test_an_invitation_that_was_taken_back_harms_nothing(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner
) -> None:
    gate.rule = only("/join/", refusing(502), times=1)
    taken_back = await ann.invites(account.user_id, direct=False, encrypted=False)
    await overheard(channel, until=lambda _: joins(gate))
    await ann.asks("POST", f"rooms/{taken_back}/kick", {"user_id": account.user_id})
    room = await ann.invites(account.user_id, encrypted=False)
    events = await overheard(channel, 1)
    assert [event.address for event in events] == [room]


async def test_a_group_is_told_once_and_left(
    synapse: Synapse, account: Account, channel: MatrixChannel, ann: Learner
) -> None:
    bob = synapse.account("bob")
    group = await ann.invites(account.user_id, bob.user_id, direct=False)
    (event,) = await overheard(channel, 1)
    assert (event.kind, event.address, event.text) == (Kind.GROUP, group, "")
    await ann.met(account.user_id)
    await ann.says("bonjour à tous")
    assert await overheard(channel, seconds=0.5) == []
    await channel.send(group, Send("Écrivez-moi directement"), "k1")
    assert (await ann.next_message()).text == "Écrivez-moi directement"
    await overheard(channel, seconds=0.5)
    with pytest.raises(Gone):
        await channel.send(group, Send("encore"), "k2")


async def test_a_conversation_that_becomes_a_group_is_told_and_left(
    synapse: Synapse, channel: MatrixChannel, ann: Learner, room: str
) -> None:
    await ann.asks_in(synapse.account("bob"))
    (event,) = await overheard(channel, 1)
    assert (event.kind, event.address) == (Kind.GROUP, room)
    await channel.send(room, Send("Écrivez-moi directement"), "k1")
    await overheard(channel, seconds=0.5)
    with pytest.raises(Gone):
        await channel.send(room, Send("encore"), "k2")


@pytest.mark.parametrize("position", ["kept", "lost"])
async def test_a_group_is_left_though_nothing_can_be_said_there_and_at_the_next_start(
    synapse: Synapse,
    account: Account,
    channel: MatrixChannel,
    ann: Learner,
    monkeypatch: pytest.MonkeyPatch,
    position: str,
) -> None:
    bob = synapse.account("bob")
    groups = [await ann.invites(account.user_id, direct=False, encrypted=False) for _ in range(2)]
    await overheard(channel, 2)
    await ann.asks_in(bob, room=groups[0])
    assert [event.address for event in await overheard(channel, 1)] == [groups[0]]
    await channel.close()
    await ann.asks_in(bob, room=groups[1])
    if position == "lost":
        account.position.unlink()
    monkeypatch.setattr(leaving, "PATIENCE", 0.1)
    await channel.open()
    events = await overheard(channel, until=lambda events: kinds(events).count(Kind.LEFT) == 2)
    assert {event.address for event in events if event.kind is Kind.GROUP} == set(groups)
    assert {event.address for event in events if event.kind is Kind.LEFT} == set(groups)


async def test_a_group_that_the_homeserver_does_not_let_us_leave_is_given_up(
    synapse: Synapse,
    account: Account,
    gate: Gate,
    channel: MatrixChannel,
    ann: Learner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A passing failure is tried again; a refusal is the homeserver's last word until the next start."""
    monkeypatch.setattr(leaving, "PATIENCE", 0.1)
    tried: list[str] = []

    async def refuse(request: web.Request) -> web.StreamResponse | None:
        tried.append(request.path)
        return await refusals[min(len(tried), len(refusals)) - 1](request)

    refusals = [refusing(502), refusing(403, "M_FORBIDDEN")]
    gate.rule = only("/leave", refuse)
    await ann.invites(account.user_id, direct=False, encrypted=False)
    await overheard(channel, 1)
    await ann.asks_in(synapse.account("bob"))
    await overheard(channel, until=lambda _: len(tried) >= 2)
    assert channel._opened is not None
    await until(lambda: not channel._opened or not channel._opened.leaving._due)
    assert len(tried) == 2


async def test_what_is_no_conversation_is_declined_and_left_without_a_word(
    account: Account, owned: Owned, channel: MatrixChannel, gate: Gate, ann: Learner
) -> None:
    def space(kind: str) -> dict[str, object]:
        return {"creation_content": {"type": kind}, "invite": [account.user_id], "is_direct": True}

    async def membership(room: str) -> str:
        status, state = await ann.synapse.call(
            "GET",
            f"/_matrix/client/v3/rooms/{room}/state/m.room.member/{account.user_id}",
            token=ann.account.access_token,
        )
        assert status == 200
        return str(state["membership"])

    async def is_out(*rooms: str) -> None:
        heard: list[Event] = []
        async with asyncio.timeout(PATIENCE):
            while {await membership(room) for room in rooms} != {"leave"}:
                heard += await overheard(channel, seconds=0.2)
        assert [event for event in heard if event.kind is not Kind.LEFT] == []

    types = ("m.space", "org.example.board")
    rooms = [(await ann.asks("POST", "createRoom", space(kind)))["room_id"] for kind in types]
    await is_out(*rooms)
    assert joins(gate) == []
    # An earlier version joined them.
    await channel.close()
    for room in (rooms := [(await ann.asks("POST", "createRoom", space(kind)))["room_id"] for kind in types]):
        await ann.synapse.call("POST", f"/_matrix/client/v3/rooms/{room}/join", {}, token=owned.access_token)
    await channel.open()
    await is_out(*rooms)


async def test_a_room_that_was_upgraded_goes_on_in_its_successor_once_the_bot_is_invited(
    account: Account, channel: MatrixChannel, ann: Learner, room: str
) -> None:
    successor = await ann.upgrades_room()
    assert await overheard(channel, seconds=0.5) == []
    await ann.asks_in(account.user_id, room=successor)
    (event,) = await overheard(channel, 1)
    assert (event.address, event.kind, event.succeeds) == (successor, Kind.GREETING, room)


async def test_a_room_shared_with_someone_else_is_nobody_elses_other_room(
    account: Account, channel: MatrixChannel, room: str, synapse: Synapse
) -> None:
    async with await Learner.arrives(synapse, "remi") as remi:
        await remi.invites(account.user_id, encrypted=False)
        (event,) = await overheard(channel, 1)
        assert (event.sender, event.succeeds) == (remi.user_id, "")
