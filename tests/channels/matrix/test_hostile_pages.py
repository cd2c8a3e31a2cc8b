# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Malformed events, hostile rooms and floods stop no other person, on answers of a homeserver written by hand."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from nio.crypto.sessions import OutboundGroupSession

from bot.channels import ChannelError, Gone
from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.invitations import MOST, MOST_OF_ONE
from bot.channels.matrix.sealing import MOST_OF_ROOM
from bot.messages import Event, Kind, Send
from tests.channels.matrix.pages import (
    ANN,
    EVE,
    ME,
    Pages,
    all_of,
    direct,
    event,
    joined,
    member,
    opened,
    says,
)
from tests.channels.matrix_case import texts

BOB = "@bob:test.local"
ODD: list[Any] = [
    None,
    5,
    -1.5,
    True,
    "",
    "\ud800",
    "x" * 70_000,
    [],
    [1, [{}]],
    {"a": None},
    10**400,
    "!x:y",
    "$x",
]
KINDS = (
    "m.room.message",
    "m.room.member",
    "m.room.create",
    "m.room.encryption",
    "m.room.tombstone",
    "m.room.encrypted",
    "m.room.redaction",
    "m.room.power_levels",
    "m.space.child",
    "m.reaction",
    "m.sticker",
    "org.matrix.msc3381.poll.response",
)
PARTS = (
    "membership",
    "displayname",
    "msgtype",
    "body",
    "m.relates_to",
    "m.new_content",
    "replacement_room",
    "users",
)
SEALED = {
    "algorithm": "m.megolm.v1.aes-sha2",
    "ciphertext": "AAAA",
    "session_id": "s",
    "sender_key": "k",
    "device_id": "d",
}


@pytest.fixture
async def channel(pages: Pages, tmp_path: Path) -> AsyncIterator[MatrixChannel]:
    """A channel with two learners, each in a room of their own; it already knows whether those are encrypted."""
    pages.tells(
        {"!a:x": joined(says("un"), state=direct(ANN)), "!b:x": joined(says("un", BOB), state=direct(BOB))}
    )
    async with opened(pages, tmp_path) as made:
        assert texts(await all_of(made, pages)) == ["un", "un"]
        yield made


def odd_events() -> list[Any]:
    """A few hundred malformed events: each part of each type of event with a wrong value, or missing."""
    whole = says("deux")
    made: list[Any] = [
        *ODD,
        *({**whole, part: odd} for part in [*whole, "state_key", "unsigned"] for odd in ODD),
    ]
    made += [{name: value for name, value in whole.items() if name != part} for part in whole]
    made += [
        {**whole, "unsigned": {part: odd}} for part in ("prev_content", "redacted_because") for odd in ODD
    ]
    for place, kind in enumerate(KINDS):
        for number, part in enumerate(PARTS):
            odd = ODD[(place + number) % len(ODD)]
            content = {**SEALED, "membership": "join", "msgtype": "m.text", "body": "deux", part: odd}
            made += [event(kind, odd), event(kind, content), event(kind, content, state_key=EVE)]
    return made


@pytest.mark.parametrize("place", ["timeline", "state", "invite", "leave", "to_device", "history"])
async def test_a_malformed_event_stops_no_other_room(
    place: str, pages: Pages, channel: MatrixChannel
) -> None:
    odd = odd_events()
    for some in (odd[first : first + 100] for first in range(0, len(odd), 100)):
        rooms = {"!b:x": joined(says("deux", BOB))}
        if place == "timeline":
            pages.tells({"!e:x": joined(*some, state=direct(EVE)), **rooms})
        elif place == "state":
            pages.tells({"!e:x": joined(state=[*direct(EVE), *some]), **rooms})
        elif place == "invite":
            pages.tells(rooms, invite={"!e:x": {"invite_state": {"events": some}}})
        elif place == "leave":
            pages.tells(rooms, leave={"!e:x": {"state": {"events": some}, "timeline": {"events": some}}})
        elif place == "to_device":
            pages.tells(rooms, to_device=some)
        else:
            pages.messages["!e:x"] = lambda _, some=some: (200, {"chunk": some, "start": "a"})  # type: ignore[misc]
            pages.tells({"!e:x": joined(state=direct(EVE), limited=True), **rooms})
        heard = await all_of(channel, pages)
        assert [(one.address, one.sender) for one in heard if one.text == "deux" and one.sender == BOB] == [
            ("!b:x", BOB)
        ]
        assert {one.address for one in heard} <= {"!b:x", "!e:x"}
        for one in heard:
            json.dumps([one.id, one.text, one.message, one.thread, one.reply_to], ensure_ascii=False).encode()


async def test_missing_parts_of_a_sync_are_read_as_empty(pages: Pages, channel: MatrixChannel) -> None:
    parts: list[Any] = [{}, {"timeline": {}}, {"timeline": None}, {"state": {"events": None}}, None, []]
    for part in parts:
        pages.tells(
            {"!e:x": part, "!b:x": {"timeline": {"events": [says("deux", BOB)]}}}, invite={"!i:x": part}
        )
        assert texts(await all_of(channel, pages)) == ["deux"]
    answers: list[Any] = [{"rooms": None}, {"rooms": {"join": []}}, {"to_device": 5}, {}]
    for answer in answers:
        pages.queued.append((200, {"next_batch": "s", **answer}))
        assert await all_of(channel, pages) == []


async def test_a_member_with_a_malformed_name_is_still_counted(pages: Pages, channel: MatrixChannel) -> None:
    """Otherwise a third person would read along unnoticed."""
    names: list[Any] = [[], {}, 5, None, "\ud800", ["x"]]
    for number, odd in enumerate(names):
        silent = event(
            "m.room.member", {"membership": "join", "displayname": odd, "reason": odd}, EVE, state_key=EVE
        )
        pages.tells({f"!c{number}:x": joined(says("un"), state=[silent, *direct(ANN)])})
        (heard,) = await all_of(channel, pages)
        assert (heard.kind, heard.address) == (Kind.GROUP, f"!c{number}:x")


async def test_a_deeply_nested_encrypted_event_is_stored_without_its_nested_parts(
    pages: Pages, channel: MatrixChannel
) -> None:
    """The file of the position holds events that cannot be decrypted yet."""
    pages.tells({"!a:x": joined(event("m.room.encrypted", {**SEALED, "x": "DEEP", "m.relates_to": "DEEP"}))})
    status, page = pages.queued.pop()
    pages.queued.append((status, json.dumps(page).replace('"DEEP"', '{"a":' * 700 + "1" + "}" * 700)))
    assert await all_of(channel, pages) == []
    assert channel._opened is not None
    assert len(channel._opened.stream._saved.sealed) == 1
    assert channel._account.position.stat().st_size < 1000


async def test_a_flood_of_undecryptable_events_is_bounded_for_each_room(pages: Pages, tmp_path: Path) -> None:
    pages.tells({"!a:x": joined(state=direct(ANN)), "!b:x": joined(state=direct(BOB))})
    pages.tells({"!b:x": joined(event("m.room.encrypted", SEALED, BOB))})
    for _ in range(3):
        pages.tells({"!a:x": joined(*(event("m.room.encrypted", SEALED) for _ in range(MOST_OF_ROOM)))})
    async with opened(pages, tmp_path, key_patience=60) as channel:
        heard = await all_of(channel, pages)
        assert channel._opened is not None
        kept = [one.room for one in channel._opened.stream._saved.sealed]
    assert (kept.count("!a:x"), kept.count("!b:x")) == (MOST_OF_ROOM, 1)
    assert {(one.address, one.kind) for one in heard} == {("!a:x", Kind.UNREADABLE)}


async def test_events_of_a_person_outside_the_conversation_are_ignored(
    pages: Pages, channel: MatrixChannel
) -> None:
    """Eve was thrown out, or is in another room; her events refer to those of Ann."""
    theirs = {"m.in_reply_to": {"event_id": "$of-another-room"}}
    replaces = {"rel_type": "m.replace", "event_id": "$of-ann"}
    new = {"msgtype": "m.text", "body": "stop"}
    pages.tells(
        {
            "!a:x": joined(
                says("stop", EVE),
                event("m.room.message", {**new, "m.relates_to": theirs}, EVE),
                event("m.room.message", {**new, "m.new_content": new, "m.relates_to": replaces}, EVE),
                event("m.room.redaction", {"redacts": "$of-ann"}, EVE, redacts="$of-ann"),
                event("org.matrix.msc3381.poll.response", {"m.selections": ["p1:a"]}, EVE),
                event("m.room.member", {"membership": "leave"}, EVE, state_key=ANN + "x"),
                says("oui", state_key=""),
                says("fin"),
            )
        }
    )
    assert texts(await all_of(channel, pages)) == ["fin"]


async def test_a_large_group_is_left_without_a_message_or_a_device_query(
    pages: Pages, channel: MatrixChannel
) -> None:
    crowd = [member(f"@m{number}:evil.example") for number in range(3000)]
    encryption = event("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}, EVE, state_key="")
    pages.tells({"!c:x": joined(member(ME, before="invite"), state=[*direct(EVE), *crowd, encryption])})
    assert await all_of(channel, pages) == []
    assert pages.queried <= {ME, ANN, BOB}
    with pytest.raises(Gone):
        await channel.send("!c:x", Send("Bonjour"), "k")
    while not pages.asked("/rooms/!c:x/leave"):
        await all_of(channel, pages)


async def test_a_room_is_kept_once_the_third_person_left_and_left_once_another_is_invited(
    pages: Pages, channel: MatrixChannel
) -> None:
    def kinds(events: list[Event]) -> list[Kind]:
        return [one.kind for one in events]

    assert channel._opened is not None
    leaving = channel._opened.leaving
    pages.tells({"!a:x": joined(member(EVE))})
    assert kinds(await all_of(channel, pages)) == [Kind.GROUP]
    assert leaving.knows("!a:x")
    pages.tells({"!a:x": joined(says("tous"))})
    assert await all_of(channel, pages) == []
    pages.tells({"!a:x": joined(member(EVE, "leave", before="join"), says("seule"))})
    assert texts(await all_of(channel, pages)) == ["seule"]
    assert not leaving.knows("!a:x")
    pages.tells({"!a:x": joined(member(EVE, "invite", ANN, before="leave"))})
    assert kinds(await all_of(channel, pages)) == [Kind.GROUP]
    assert leaving.knows("!a:x")


async def test_an_admin_is_not_written_to_in_a_room_that_another_account_created(
    pages: Pages, channel: MatrixChannel
) -> None:
    """Its creator may come back and read what the bot wrote to an admin."""
    assert channel.reach(f"{ANN}") == ("!a:x",)
    pages.tells({"!e:x": joined(member(EVE, "leave", before="join"), state=[*direct(EVE), member(ANN)])})
    await all_of(channel, pages)
    assert channel.reach(ANN) == ("!a:x",)
    assert channel.reach(EVE) == (EVE,)


async def test_a_flood_of_invitations_is_bounded_for_each_account(pages: Pages, tmp_path: Path) -> None:
    def invited(by: str) -> dict[str, Any]:
        return {"invite_state": {"events": [member(ME, "invite", by)]}}

    pages.tells(invite={f"!e{number}:x": invited(EVE) for number in range(500)})
    pages.tells(invite={"!ann:x": invited(ANN), "x" * 300: invited(ANN), "!\ud800:x": invited(ANN)})
    pages.rule = lambda request: (429, {"errcode": "M_LIMIT_EXCEEDED"}) if "/join" in request.path else None
    async with opened(pages, tmp_path) as channel:
        await all_of(channel, pages)
        assert channel._opened is not None
        waiting = channel._opened.invitations.waiting
        assert (len(waiting), waiting[-1]) == (MOST_OF_ONE + 1, "!ann:x")
        assert channel.refused_invitations == 500 - MOST_OF_ONE
        invitations, began = channel._opened.invitations, time.process_time()
        for number in range(10_000):
            invitations.note(f"!f{number}:far", [member(ME, "invite", f"@f{number}:far")])
        assert time.process_time() - began < 1, "everybody waits meanwhile"
        assert len(invitations.waiting) == MOST
        invitations.note("!bob:x", [member(ME, "invite", BOB)])
        assert (len(invitations.waiting), invitations.waiting[-1]) == (MOST, "!bob:x")
        for room in invitations.waiting:
            invitations.forget(room)
        invitations.note("!e1:x", [member(ME, "invite", EVE)])
        assert invitations.waiting == ("!e1:x",)


async def test_room_keys_sent_by_strangers_are_deleted(pages: Pages, channel: MatrixChannel) -> None:
    """Any account may send keys for any room to our device."""
    assert channel._opened is not None
    olm = channel._opened.client.olm
    for room in ("!a:x", "!far:x", "!away:x"):
        session = OutboundGroupSession()
        olm.create_group_session("k" * 43, "f" * 43, room, session.id, session.session_key)
    await channel.compact()
    assert set(olm.inbound_group_store._entries) == {"!a:x"}
    await channel.close()
    pages.tells({"!a:x": joined(state=direct(ANN))})
    await channel.open()
    assert channel._opened is not None
    assert set(channel._opened.client.olm.inbound_group_store._entries) == {"!a:x"}


async def test_a_flood_of_verification_requests_is_neither_stored_nor_answered(
    pages: Pages, channel: MatrixChannel
) -> None:
    flood = [
        {
            "type": kind,
            "sender": ANN,
            "content": {
                "action": "request",
                "body": {
                    "algorithm": "m.megolm.v1.aes-sha2",
                    "room_id": "!a:x",
                    "sender_key": "k",
                    "session_id": "s",
                },
                "request_id": f"r{number}",
                "requesting_device_id": "D",
                "from_device": "D",
                "transaction_id": f"t{number}",
                "method": "m.sas.v1",
                "key_agreement_protocols": ["curve25519"],
                "hashes": ["sha256"],
                "message_authentication_codes": ["hkdf-hmac-sha256"],
                "short_authentication_string": ["decimal"],
            },
        }
        for kind in ("m.key.verification.start", "m.room_key_request")
        for number in range(50)
    ]
    pages.tells({}, to_device=flood)
    await all_of(channel, pages)
    assert channel._opened is not None
    olm = channel._opened.client.olm
    assert (
        len(olm.key_verifications),
        len(olm.key_request_from_untrusted),
        len(olm.received_key_requests),
    ) == (0, 0, 0)
    assert pages.asked("/sendToDevice/") == 0


# --- failures


async def test_the_removal_of_the_bot_is_reported_again_after_a_page_failed(
    pages: Pages, channel: MatrixChannel
) -> None:
    """The room is forgotten only after everything that may fail: the homeserver reports the removal again."""
    left = {"!a:x": {"timeline": {"events": [member(ME, "leave", ANN, before="join")]}}}
    for _ in range(2):
        pages.tells({"!b:x": joined(says("deux", BOB), limited=True)}, leave=left)
    pages.messages["!b:x"] = lambda _: (502, "<html>Bad Gateway</html>")
    with pytest.raises(ChannelError):
        await all_of(channel, pages)
    pages.messages.clear()
    heard = await all_of(channel, pages)
    assert [(one.address, one.kind, one.text) for one in heard] == [
        ("!a:x", Kind.LEFT, ""),
        ("!b:x", Kind.TEXT, "deux"),
    ]


async def test_the_accounts_of_rooms_are_known_only_while_the_channel_is_open(
    pages: Pages, tmp_path: Path
) -> None:
    pages.tells({"!a:x": joined(state=direct(ANN))})
    async with opened(pages, tmp_path) as channel:
        assert channel.accounts() == {"!a:x": ANN}
    assert channel.accounts() is None


async def test_an_unforeseen_failure_in_one_room_is_logged_and_stops_no_other(
    pages: Pages, channel: MatrixChannel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert channel._opened is not None
    users = channel._opened.client.rooms["!a:x"].users
    monkeypatch.setitem(users, 5, users[ANN])  # a member whose id is no text
    pages.tells({"!a:x": joined(says("deux")), "!b:x": joined(says("deux", BOB))})
    with caplog.at_level(logging.ERROR):
        heard = await all_of(channel, pages)
    assert [one.address for one in heard if one.text] == ["!b:x"]
