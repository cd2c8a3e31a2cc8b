# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Whatever a homeserver tells, and whatever somebody puts into a room, costs nobody else a word."""

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
async def pages() -> AsyncIterator[Pages]:
    async with Pages() as told:
        yield told


@pytest.fixture
async def channel(pages: Pages, tmp_path: Path) -> AsyncIterator[MatrixChannel]:
    """A channel with two learners, each in a room of their own; it has asked already whether those are encrypted."""
    pages.tells(
        {"!a:x": joined(says("un"), state=direct(ANN)), "!b:x": joined(says("un", BOB), state=direct(BOB))}
    )
    async with opened(pages, tmp_path) as made:
        assert texts(await all_of(made, pages)) == ["un", "un"]
        yield made


def odd_events() -> list[Any]:
    """A few hundred: each part of an event, of each type, as it should not be."""
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
async def test_no_event_keeps_others_from_being_heard(
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


async def test_what_homeservers_leave_out_is_empty(pages: Pages, channel: MatrixChannel) -> None:
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


async def test_a_member_is_seen_whatever_their_name_is_and_hides_nobody_behind_them(
    pages: Pages, channel: MatrixChannel
) -> None:
    """Else a third person would read along, and who talks with the bot would not know."""
    names: list[Any] = [[], {}, 5, None, "\ud800", ["x"]]
    for number, odd in enumerate(names):
        silent = event(
            "m.room.member", {"membership": "join", "displayname": odd, "reason": odd}, EVE, state_key=EVE
        )
        pages.tells({f"!c{number}:x": joined(says("un"), state=[silent, *direct(ANN)])})
        (heard,) = await all_of(channel, pages)
        assert (heard.kind, heard.address) == (Kind.GROUP, f"!c{number}:x")


async def test_what_is_nested_deeply_is_kept_as_flat_as_it_is_read(
    pages: Pages, channel: MatrixChannel
) -> None:
    """The position holds what cannot be opened yet."""
    pages.tells({"!a:x": joined(event("m.room.encrypted", {**SEALED, "x": "DEEP", "m.relates_to": "DEEP"}))})
    status, page = pages.queued.pop()
    pages.queued.append((status, json.dumps(page).replace('"DEEP"', '{"a":' * 700 + "1" + "}" * 700)))
    assert await all_of(channel, pages) == []
    assert channel._opened is not None
    assert len(channel._opened.stream._saved.sealed) == 1
    assert channel._account.position.stat().st_size < 1000


async def test_a_flood_of_what_cannot_be_opened_is_bounded_and_hides_nobody_elses(
    pages: Pages, channel: MatrixChannel
) -> None:
    pages.tells({"!b:x": joined(event("m.room.encrypted", SEALED, BOB))})
    for _ in range(3):
        pages.tells({"!a:x": joined(*(event("m.room.encrypted", SEALED) for _ in range(MOST_OF_ROOM)))})
    await all_of(channel, pages)
    assert channel._opened is not None
    kept = [one.room for one in channel._opened.stream._saved.sealed]
    assert kept.count("!a:x") <= MOST_OF_ROOM


async def test_an_event_of_somebody_else_counts_for_nobody(pages: Pages, channel: MatrixChannel) -> None:
    """Whoever was thrown out, or is of another room, and whatever they point at."""
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


async def test_a_crowd_of_thousands_is_left_without_a_word_and_its_devices_are_not_asked_for(
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


async def test_a_crowd_that_has_gone_is_no_crowd_and_a_later_one_is(
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


async def test_nobody_is_reached_in_a_room_that_somebody_else_made(
    pages: Pages, channel: MatrixChannel
) -> None:
    """Who made it may come back and read what the bot told an admin."""
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


async def test_keys_that_strangers_send_do_not_stay(pages: Pages, channel: MatrixChannel) -> None:
    """Anybody may send keys to a device, for any room."""
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


async def test_a_flood_of_verifications_is_neither_kept_nor_answered_one_by_one(
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


# --- what fails is told again


async def test_who_put_the_bot_out_is_told_again_when_the_page_fails(
    pages: Pages, channel: MatrixChannel
) -> None:
    """All that may fail comes first: else the second time nobody knew that room any more."""
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


async def test_whose_a_room_is_cannot_be_said_before_all_are_known(pages: Pages, tmp_path: Path) -> None:
    pages.tells({"!a:x": joined(state=direct(ANN))})
    async with opened(pages, tmp_path) as channel:
        assert channel.accounts() == {"!a:x": ANN}
    assert channel.accounts() is None


async def test_an_unforeseen_failure_in_one_room_is_logged_and_stops_no_other(
    pages: Pages, channel: MatrixChannel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert channel._opened is not None
    users = channel._opened.client.rooms["!a:x"].users
    monkeypatch.setitem(users, 5, users[ANN])  # what the library should not hold
    pages.tells({"!a:x": joined(says("deux")), "!b:x": joined(says("deux", BOB))})
    with caplog.at_level(logging.ERROR):
        heard = await all_of(channel, pages)
    assert [one.address for one in heard if one.text] == ["!b:x"]
