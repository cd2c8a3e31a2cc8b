# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A word counts as somebody's when a device said it that they signed; in clear, for nothing where all is encrypted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest
from aiohttp import web

from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.account import Account
from bot.messages import Doubt, Event, Kind
from tests.channels.matrix.gate import Gate, hanging, only, refusing
from tests.channels.matrix_case import channel_of, meets, overheard, texts
from tests.matrix import Learner, Owner, Synapse

RESPONSE = "org.matrix.msc3381.poll.response"


def told(text: str) -> Callable[[list[Event]], bool]:
    return lambda events: text in texts(events)


def verdicts(events: Sequence[Event]) -> list[tuple[str, str, Doubt | None]]:
    return [(event.text, event.identity, event.doubt) for event in events]


class Claiming:
    """The keys of a device that says another fingerprint is its own."""

    def __init__(self, account: Any, fingerprint: str) -> None:
        self._account, self._fingerprint = account, fingerprint

    @property
    def identity_keys(self) -> dict[str, str]:
        return {**self._account.identity_keys, "ed25519": self._fingerprint}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._account, name)


@pytest.fixture
async def judging(gated: Account, ann: Learner) -> AsyncIterator[MatrixChannel]:
    """A channel that looks at Ann's devices."""
    channel = channel_of(gated, key_patience=60, device_patience=60)
    channel.judge([ann.user_id])
    await channel.open()
    yield channel
    await channel.close()


async def test_a_sender_is_trusted_on_a_device_that_they_signed_and_on_no_other(
    synapse: Synapse, account: Account, judging: MatrixChannel, ann: Learner
) -> None:
    room = await meets(ann, judging, account)
    await ann.says("sans identité")
    heard = await overheard(judging, 1)
    owner = await Owner.of(synapse, ann.account)
    await ann.says("non signé")
    heard += await overheard(judging, 1)
    assert verdicts(heard) == [
        ("sans identité", "", Doubt.UNSIGNED),
        ("non signé", "", Doubt.UNSIGNED),
    ]

    await owner.signs(ann.device_id)
    poll = await ann.says("signé")
    await ann.votes(poll, "p1:a")
    await ann.sends_file("x.yaml", b"id: x")
    heard = await overheard(judging, 3)
    assert [event.kind for event in heard] == [Kind.TEXT, Kind.CHOOSE, Kind.FILE]
    assert {(event.identity, event.doubt) for event in heard} == {(owner.identity, None)}
    assert all(event.trusted for event in heard)

    async with await ann.again() as thief:  # who knows her password, and lies about the device
        keys = ann._client.olm.account.identity_keys
        thief._client.olm.account = Claiming(thief._client.olm.account, keys["ed25519"])
        await thief.met(account.user_id)
        await thief.says("l’empreinte d’un autre")
        thief._client.olm.device_id = ann.device_id
        await thief.says("et son nom")
        heard = await overheard(judging, 2)
        assert verdicts(heard) == [
            ("l’empreinte d’un autre", "", Doubt.UNSIGNED),
            ("et son nom", "", Doubt.UNSIGNED),
        ]

    own = ann._client.olm.account
    ann._client.olm.account = Claiming(own, "A" * 43)
    await ann.says("sous une autre empreinte")  # in a new session, since she heard of the other device
    assert verdicts(await overheard(judging, 1)) == [("sous une autre empreinte", "", Doubt.UNSIGNED)]
    ann._client.olm.account = own
    ann._client.invalidate_outbound_session(room)
    await ann.says("dans une session nouvelle")
    assert verdicts(await overheard(judging, 1)) == [("dans une session nouvelle", owner.identity, None)]
    assert judging._opened is not None
    sessions = judging._opened.client.olm.inbound_group_store
    for session in sessions[room][keys["curve25519"]].values():
        session.forwarding_chain = [keys["curve25519"]]
    await ann.says("transmise par un autre")
    assert verdicts(await overheard(judging, 1)) == [("transmise par un autre", "", Doubt.UNSIGNED)]
    for session in sessions[room][keys["curve25519"]].values():
        session.forwarding_chain = []

    changed = await Owner.of(synapse, ann.account)
    await changed.signs(ann.device_id)
    await ann.says("une autre identité")
    assert verdicts(await overheard(judging, 1)) == [("une autre identité", changed.identity, None)]


async def test_after_a_lost_position_nothing_that_was_told_of_devices_counts_any_more(
    account: Account, judging: MatrixChannel, gate: Gate, ann: Learner
) -> None:
    """What is different now is only told since a position."""
    owner = await Owner.of(ann.synapse, ann.account)
    await owner.signs(ann.device_id)
    await meets(ann, judging, account)
    await ann.says("un")
    assert verdicts(await overheard(judging, 1)) == [("un", owner.identity, None)]

    refuse = refusing(400, "M_UNKNOWN")

    async def forgetful(request: web.Request) -> web.StreamResponse | None:
        if "since" in request.query:
            return await refuse(request)
        gate.rule = None
        return None

    gate.rule = only("/sync", forgetful)
    changed = await Owner.of(ann.synapse, ann.account)
    await changed.signs(ann.device_id)
    await ann.says("deux")
    heard = await overheard(judging, until=told("deux"))
    assert verdicts(heard)[-1] == ("deux", changed.identity, None)


async def test_devices_of_others_are_not_even_asked_for(
    account: Account, gate: Gate, judging: MatrixChannel, synapse: Synapse
) -> None:
    async with await Learner.arrives(synapse, "zoe") as zoe:
        await (await Owner.of(synapse, zoe.account)).signs(zoe.device_id)
        await meets(zoe, judging, account)
        await zoe.says("un")
        await overheard(judging, 1)
        before = len(gate.calls)
        await zoe.says("deux")
        assert verdicts(await overheard(judging, 1)) == [("deux", "", Doubt.UNSIGNED)]
        assert not any("/keys/query" in path for _, path in gate.calls[before:])


async def test_a_homeserver_that_does_not_say_whose_device_it_is_holds_up_nobody_else(
    account: Account, gated: Account, gate: Gate, judging: MatrixChannel, ann: Learner, bob: Learner
) -> None:
    owner = await Owner.of(ann.synapse, ann.account)
    await owner.signs(ann.device_id)
    await meets(ann, judging, account)
    await meets(bob, judging, account)

    async def slowly(request: web.Request) -> web.StreamResponse | None:
        return await hanging(request) if b'"timeout": 4000' in await request.read() else None

    gate.rule = only("/keys/query", slowly)
    await ann.says("un")
    await ann.says("deux")
    await bob.says("trois")
    assert texts(await overheard(judging, until=told("trois"))) == ["trois"]
    # What waits survives the process, and keeps its order.
    await judging.close()
    gate.rule = None
    await judging.open()
    assert verdicts(await overheard(judging, 2)) == [
        ("un", owner.identity, None),
        ("deux", owner.identity, None),
    ]
    await judging.close()

    impatient = channel_of(gated, device_patience=0.5)
    impatient.judge([ann.user_id])
    gate.rule = only("/keys/query", refusing(500))
    await impatient.open()
    await ann.says("quatre")
    assert verdicts(await overheard(impatient, 1)) == [("quatre", "", Doubt.UNANSWERED)]
    gate.rule = None
    await ann.says("cinq")
    await impatient.close()


async def test_a_homeserver_that_lies_about_devices_is_not_believed(
    account: Account, gated: Account, gate: Gate, ann: Learner, subtests: pytest.Subtests
) -> None:
    owner = await Owner.of(ann.synapse, ann.account)
    await owner.signs(ann.device_id)
    channel = channel_of(gated, key_patience=60, device_patience=60)
    channel.judge([ann.user_id])
    await channel.open()
    await meets(ann, channel, account)
    user, device = ann.user_id, ann.device_id
    true = await ann.asks("POST", "keys/query", {"device_keys": {user: []}})
    answers: list[Any] = []

    async def lying(request: web.Request) -> web.StreamResponse | None:
        if b'"timeout": 4000' not in await request.read():
            return None
        return web.json_response(answers[-1])

    def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(json.dumps(true))
        change(answer)
        return answer

    def of(answer: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = answer["device_keys"][user][device]
        return found

    def master(answer: dict[str, Any], **parts: Any) -> object:
        return answer["master_keys"][user].update(parts)

    key = of(true)["keys"][f"ed25519:{device}"]
    lies = {
        "no identity": changed(lambda answer: answer["master_keys"].clear()),
        "no signing key": changed(lambda answer: answer["self_signing_keys"].clear()),
        "an identity that did not sign": changed(lambda answer: master(answer, keys={f"ed25519:{key}": key})),
        "another use": changed(lambda answer: master(answer, usage=["self_signing"])),
        "somebody else's identity": changed(lambda answer: master(answer, user_id="@eve:test.local")),
        "signing key unsigned": changed(
            lambda answer: answer["self_signing_keys"][user]["signatures"].clear()
        ),
        "device unsigned": changed(lambda answer: of(answer)["signatures"][user].popitem()),
        "device of another name": changed(lambda answer: of(answer).update(device_id="EVE")),
        "device of somebody else": changed(lambda answer: of(answer).update(user_id="@eve:test.local")),
        "other algorithms": changed(lambda answer: of(answer).update(algorithms=[])),
        "no device": changed(lambda answer: answer["device_keys"][user].clear()),
        "no sense": changed(
            lambda answer: answer["device_keys"].update({user: {device: 5, "x": {"keys": []}}})
        ),
    }
    gate.rule = only("/keys/query", lying)
    for lie, answer in lies.items():
        with subtests.test(lie=lie):
            answers.append(answer)
            await ann.says(lie)
            assert verdicts(await overheard(channel, 1)) == [(lie, "", Doubt.UNSIGNED)]
    answers.append(true)
    await ann.says("vrai")
    assert verdicts(await overheard(channel, 1)) == [("vrai", owner.identity, None)]
    await channel.close()

    impatient = channel_of(gated, key_patience=60, device_patience=0.2)
    impatient.judge([ann.user_id])
    await impatient.open()
    silent: list[Any] = [5, [], {}, {"device_keys": 5}, {"device_keys": {user: []}}, {"device_keys": {}}]
    for nonsense in silent:
        with subtests.test(nonsense=nonsense):
            answers.append(nonsense)
            await ann.says("rien")
            assert verdicts(await overheard(impatient, 1)) == [("rien", "", Doubt.UNANSWERED)]
    await impatient.close()


async def test_what_is_sent_again_under_another_name_is_the_same_event(
    account: Account, judging: MatrixChannel, ann: Learner
) -> None:
    """Whoever runs the homeserver may keep a command and send it again, once the process has forgotten it."""
    await (await Owner.of(ann.synapse, ann.account)).signs(ann.device_id)
    await meets(ann, judging, account)
    said = await ann.says("envoyer")
    (first,) = await overheard(judging, 1)
    content = next(wire.content for wire in await ann.wire() if wire.id == said)
    await judging.close()
    await judging.open()
    await ann.forges("m.room.encrypted", {**content, "ciphertext": f"{content['ciphertext']}="})
    await ann.forges("m.room.encrypted", content)
    await ann.says("fin")
    again = await overheard(judging, until=told("fin"))
    assert {event.id for event in again if event.text == "envoyer"} <= {first.id}


async def test_in_an_encrypted_room_nothing_counts_that_came_in_clear(
    account: Account, channel: MatrixChannel, ann: Learner, bob: Learner, caplog: pytest.LogCaptureFixture
) -> None:
    room = await meets(ann, channel, account)
    text = {"msgtype": "m.text", "body": "stop"}
    forged: list[tuple[str, dict[str, Any]]] = [
        ("m.room.message", text),
        ("m.room.message", {"msgtype": "m.emote", "body": "stop"}),
        ("m.room.message", {"msgtype": "m.file", "body": "x.yaml", "url": "mxc://test.local/abc"}),
        ("m.room.message", {"msgtype": "m.image", "body": "x", "url": "mxc://test.local/abc"}),
        ("m.sticker", {"body": "x", "url": "mxc://test.local/abc", "info": {}}),
        (RESPONSE, {RESPONSE: {"answers": ["p1:a"]}}),
        ("m.poll.response", {"m.selections": ["p1:a"]}),
        ("m.poll.response", {"m.poll.response": {"answers": ["p1:a"]}}),
    ]
    for kind, content in forged:
        await ann.forges(kind, content)
    said = await ann.says("fin")
    await ann.reacts(said, "👍")
    await ann.redacts(await ann.says("oups"))
    events = await overheard(channel, until=told("fin"))
    assert [(event.kind, event.text) for event in events if event.text != "oups"] == [
        (Kind.CLEAR, ""),
        (Kind.TEXT, "fin"),
    ]
    assert "stop" not in caplog.text
    # The homeserver may forget that the room is encrypted; the store does not.
    await channel.close()
    await channel.open()
    assert channel._opened is not None
    assert room in channel._opened.client.encrypted_rooms
    await ann.forges("m.room.message", text)
    (again,) = await overheard(
        channel, until=lambda events: any(event.kind is Kind.CLEAR for event in events)
    )
    assert again.id == events[0].id  # once a day
    await ann.leaves()
    assert [event.kind for event in await overheard(channel, 1)] == [Kind.LEFT]

    await meets(bob, channel, account)
    await bob.says("un")
    assert verdicts(await overheard(channel, 1)) == [("un", "", Doubt.CLEAR)]
    await bob.encrypts_room()
    await bob.forges("m.room.message", text)
    assert [event.kind for event in await overheard(channel, 1)] == [Kind.CLEAR]


async def test_a_room_whose_encryption_was_not_told_is_asked_about_before_its_first_word(
    account: Account, channel: MatrixChannel, gate: Gate, ann: Learner, bob: Learner
) -> None:
    """The library learns of it from the state in a sync, which may come later than the room's first word."""

    async def without_encryption(request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        status, answer = await ann.synapse.call("GET", str(request.rel_url), token=token)
        for joined in answer.get("rooms", {}).get("join", {}).values():
            for part in (joined["state"], joined["timeline"]):
                part["events"] = [one for one in part["events"] if one["type"] != "m.room.encryption"]
        return web.json_response(answer, status=status)

    gate.rule = only("/sync", without_encryption)
    await meets(ann, channel, account)
    await ann.forges("m.room.message", {"msgtype": "m.text", "body": "stop"})
    assert [event.kind for event in await overheard(channel, 1)] == [Kind.CLEAR]

    # A homeserver that does not say holds up nobody, and is asked again later.
    gate.rule = only("/state/m.room.encryption", hanging)
    await meets(bob, channel, account)
    await bob.says("un")
    async with asyncio.timeout(20):
        assert verdicts(await overheard(channel, 1)) == [("un", "", Doubt.CLEAR)]
