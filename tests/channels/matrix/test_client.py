# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The device's keys on Matrix: none runs out or is lost, and nothing is said in clear or to a learner without a key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import web

from bot.channels import Unreachable
from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.account import Account
from bot.messages import Document, Send
from tests.channels.matrix.gate import Gate, cutting, only, refusing
from tests.channels.matrix.keys import claim, keys_left
from tests.channels.matrix_case import heard, meets, overheard, texts
from tests.matrix import Learner, Synapse


class Killed(BaseException):
    """The process ends here."""


def die(*_: object) -> None:
    raise Killed


async def types_on_the_wire(learner: Learner, account: Account, room: str = "") -> list[str]:
    return [one.type for one in await learner.wire(room=room, sender=account.user_id) if not one.state]


# --- keys of the device


def uploaded_and_asked_on(gate: Gate) -> bool:
    """Whether the bot asks for news again after it uploaded keys."""
    paths = [path for _, path in gate.calls]
    ends = [place for place, path in enumerate(paths) if "/keys/upload" in path]
    return bool(ends) and any(path.endswith("/sync") for path in paths[ends[-1] :])


async def test_keys_that_are_used_up_are_made_anew(
    synapse: Synapse,
    account: Account,
    gate: Gate,
    channel: MatrixChannel,
    ann: Learner,
    subtests: pytest.Subtests,
) -> None:
    """P2: the library takes a count of 0 for "not told", and never makes keys again."""
    for one_time_only in (True, False):
        with subtests.test(one_time_only=one_time_only):
            device = channel.device
            await channel.close()
            taken = await claim(
                synapse, ann.account, account.user_id, device, most=50 if one_time_only else 80
            )
            assert len(taken) == (50 if one_time_only else 51)
            left = await keys_left(synapse, account)
            assert left["device_one_time_keys_count"]["signed_curve25519"] == 0
            assert (left["device_unused_fallback_key_types"] == []) is not one_time_only
            gate.calls.clear()
            await channel.open()
            await overheard(channel, until=lambda _: uploaded_and_asked_on(gate))
            left = await keys_left(synapse, account)
            assert left["device_one_time_keys_count"]["signed_curve25519"] >= 50
            assert left["device_unused_fallback_key_types"] == ["signed_curve25519"]


async def test_a_first_message_is_read_though_all_keys_were_used_up(
    synapse: Synapse, account: Account, channel: MatrixChannel, ann: Learner, room: str
) -> None:
    """P2: without a fallback key nobody new can write to a bot whose keys were used up while it was away."""
    device = channel.device
    await channel.close()
    await claim(synapse, ann.account, account.user_id, device)
    await ann.says("bonjour")
    await channel.open()
    assert texts(await heard(channel, 1)) == ["bonjour"]


async def test_a_key_is_not_lost_when_the_process_dies_while_it_is_kept(
    channel: MatrixChannel, ann: Learner, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library keeps what opened a message before it keeps the key that was in it."""
    await ann.says("un")
    assert channel._opened is not None
    monkeypatch.setattr(channel._opened.client.store, "save_inbound_group_session", die)
    with pytest.raises(Killed):
        await overheard(channel, 1)
    await channel.open()
    assert texts(await overheard(channel, 1)) == ["un"]


async def test_a_key_that_was_published_is_not_lost_when_the_process_dies(
    synapse: Synapse,
    account: Account,
    channel: MatrixChannel,
    ann: Learner,
    room: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The library keeps new one-time keys after the homeserver has them: whoever used such a one was never read."""
    assert channel._opened is not None
    client = channel._opened.client
    await claim(synapse, ann.account, account.user_id, client.device_id)
    monkeypatch.setattr(client.olm, "mark_keys_as_published", die)
    await ann.says("un")
    with pytest.raises(Killed):
        await overheard(channel)
    used = await claim(synapse, ann.account, account.user_id, client.device_id, most=1)
    await channel.open()
    assert texts(await overheard(channel, 1)) == ["un"]
    async with await Learner.arrives(synapse, "bob") as bob:
        await meets(bob, channel, account)
        await bob.says("deux")
        assert texts(await overheard(channel, 1)) == ["deux"]
    offered = await claim(synapse, ann.account, account.user_id, client.device_id)
    assert used
    assert not set(used) & set(offered), "a key is good for one"


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


# --- nothing in clear, nothing unreadable


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


async def test_nothing_is_said_in_clear_where_encryption_was_garbled(
    account: Account, channel: MatrixChannel, ann: Learner, subtests: pytest.Subtests
) -> None:
    """P1: a room that was encrypted once stays so, whatever its state says now."""
    garbled: list[dict[str, object]] = [{}, {"algorithm": "none"}, {"algorithm": 5}]
    rooms = [await meets(ann, channel, account) for _ in garbled]
    for room, content in zip(rooms, garbled, strict=True):
        await ann.asks("PUT", f"rooms/{room}/state/m.room.encryption", content)
    await overheard(channel, seconds=0.5)
    await channel.close()
    await channel.open()
    for room, content in zip(rooms, garbled, strict=True):
        with subtests.test(content=content):
            await channel.send(room, Send("un"), f"k{room}")
            assert await types_on_the_wire(ann, account, room) == ["m.room.encrypted"]


async def test_nothing_is_said_while_nobody_knows_whether_the_room_is_encrypted(
    account: Account, gate: Gate, channel: MatrixChannel, bob: Learner, subtests: pytest.Subtests
) -> None:
    """P1: the library takes a refusal of the question for the answer."""
    room = await meets(bob, channel, account)
    for place, trouble in enumerate((refusing(502), refusing(500, "M_UNKNOWN"), refusing(404), cutting)):
        with subtests.test(place=place):
            gate.rule = only("m.room.encryption", trouble)
            with pytest.raises(Unreachable):
                await channel.send(room, Send("un"), f"k{place}")
            assert await types_on_the_wire(bob, account) == []


async def test_nothing_is_said_to_a_learner_who_was_not_given_the_key(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner, subtests: pytest.Subtests
) -> None:
    """The library does not look at what became of the keys: the message would be unreadable for ever."""
    # In this order: once a key of Ann's device was claimed, none is claimed again.
    for part in ("/keys/claim", "/sendToDevice/"):
        with subtests.test(part=part):
            room = await meets(ann, channel, account)
            gate.rule = only(part, refusing(502))
            with pytest.raises(Unreachable):
                await channel.send(room, Send("un"), f"k1{part}")
            assert await types_on_the_wire(ann, account) == []
            gate.rule = None
            async with asyncio.timeout(30):
                await channel.send(room, Send(f"deux {part}"), f"k2{part}")
            assert (await ann.sees(f"deux {part}")).readable


async def test_a_learner_who_changes_device_reads_what_comes_next(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    await channel.send(room, Send("un"), "k1")
    assert (await ann.sees("un")).readable
    await ann.changes_device()
    await ann.says("me revoilà")
    await overheard(channel, 1)  # and with it, that there is another device
    await channel.send(room, Send("deux"), "k2")
    assert (await ann.sees("deux")).readable
    await ann.says("lu")
    assert texts(await overheard(channel, 1)) == ["lu"]


async def test_a_burst_of_messages_asks_for_devices_once_and_all_of_it_is_sent(
    account: Account, gate: Gate, channel: MatrixChannel, ann: Learner
) -> None:
    rooms = [await meets(ann, channel, account) for _ in range(12)]
    assert channel._opened is not None
    client = channel._opened.client
    for fails in (False, True):
        client.olm.users_for_key_query.add(ann.user_id)
        gate.calls.clear()
        gate.rule = only("/keys/query", refusing(502), times=1) if fails else None
        sent = await asyncio.gather(
            *(
                channel.send(room, Send(f"{place} {fails}"), f"{place}{fails}")
                for place, room in enumerate(rooms)
            ),
            return_exceptions=True,
        )
        asked = [path for _, path in gate.calls if path.endswith("/keys/query")]
        if fails:
            assert [type(one) for one in sent] == [Unreachable] * len(rooms)
            assert len(asked) == 1, "those who waited for the answer do not ask again"
            await asyncio.gather(
                *(
                    channel.send(room, Send(f"{place} {fails}"), f"{place}{fails}")
                    for place, room in enumerate(rooms)
                )
            )
        else:
            assert [one for one in sent if isinstance(one, BaseException)] == []
            assert len(asked) == 1
        for place in range(len(rooms)):
            assert (await ann.sees(f"{place} {fails}")).readable


async def test_whose_devices_change_while_others_are_asked_for_reads_what_comes_next(
    synapse: Synapse, account: Account, gate: Gate, channel: MatrixChannel, ann: Learner, room: str
) -> None:
    async with await Learner.arrives(synapse, "carl") as carl:
        other = await meets(carl, channel, account)
        await channel.send(other, Send("un"), "k1")
        assert (await carl.sees("un")).readable
        await carl.changes_device()
        assert channel._opened is not None
        waiting = channel._opened.client.olm.users_for_key_query

        async def meanwhile(_: object) -> None:
            waiting.add(carl.user_id)  # the news say so while the answer is on its way

        gate.rule = only("/keys/query", meanwhile, times=1)
        waiting.add(ann.user_id)
        await channel.send(room, Send("deux"), "k2")
        await channel.send(other, Send("trois"), "k3")
        assert (await carl.sees("trois")).readable


async def test_whose_devices_change_after_the_homeserver_told_of_them_reads_what_comes_next(
    synapse: Synapse, account: Account, gate: Gate, channel: MatrixChannel
) -> None:
    async with await Learner.arrives(synapse, "carl") as carl:
        other = await meets(carl, channel, account)
        await channel.send(other, Send("un"), "k1")
        assert (await carl.sees("un")).readable
        assert channel._opened is not None
        client = channel._opened.client
        waiting = client.olm.users_for_key_query
        changes: list[Callable[[], object]] = [
            lambda: waiting.add(carl.user_id),
            lambda: client.olm.add_changed_users({carl.user_id}),
            lambda: client.olm.users_for_key_query.__ior__({carl.user_id}),
        ]
        for place, change in enumerate(changes):

            async def meanwhile(_: object, change: Callable[[], object] = change) -> None:
                await carl.changes_device()  # the answer, which was made before, is still on its way
                change()

            gate.after = only("/keys/query", meanwhile, times=1)
            waiting.add(carl.user_id)
            await channel.send(other, Send(f"deux {place}"), f"k2{place}")
            await channel.send(other, Send(f"trois {place}"), f"k3{place}")
            assert (await carl.sees(f"trois {place}")).readable
            gate.calls.clear()
            await channel.send(other, Send(f"quatre {place}"), f"k4{place}")
            assert not [path for _, path in gate.calls if path.endswith("/keys/query")], (
                "asked once more only"
            )


async def test_who_is_not_in_the_answer_and_was_named_again_meanwhile_is_asked_for_again(
    synapse: Synapse, account: Account, gate: Gate, channel: MatrixChannel
) -> None:
    async with await Learner.arrives(synapse, "carl") as carl:
        other = await meets(carl, channel, account)
        await channel.send(other, Send("un"), "k1")
        assert channel._opened is not None
        waiting = channel._opened.client.olm.users_for_key_query

        async def down(_: object) -> web.Response:
            waiting.add(carl.user_id)  # the news name him while his homeserver does not answer
            return web.json_response({"device_keys": {}, "failures": {"example.org": {}}})

        await carl.changes_device()
        gate.rule = only("/keys/query", down, times=1)
        waiting.add(carl.user_id)
        await channel.send(other, Send("deux"), "k2")
        gate.calls.clear()
        await channel.send(other, Send("trois"), "k3")
        assert [path for _, path in gate.calls if path.endswith("/keys/query")]
        assert (await carl.sees("trois")).readable
