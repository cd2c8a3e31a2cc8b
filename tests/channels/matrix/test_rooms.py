# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What rooms say of themselves is read as far as it makes sense, whoever wrote it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from nio import MatrixRoom

from bot.channels.matrix.rooms import Rooms, is_typed
from tests.channels.matrix.test_inbound import ANYTHING

ME, ANN, EVE = "@bot:test.local", "@ann:test.local", "@eve:test.local"


def room(name: str, *people: str, shown: str = "") -> MatrixRoom:
    made = MatrixRoom(name, ME)
    for person in (ME, *people):
        made.add_member(person, shown if person == ME else None, None)
    return made


def state(kind: str, key: str = "", **content: Any) -> dict[str, Any]:
    return {"type": kind, "state_key": key, "content": content}


def member(user: str, membership: str) -> dict[str, Any]:
    return state("m.room.member", user, membership=membership)


def test_only_a_room_without_a_type_is_a_conversation() -> None:
    for kind, typed in ((None, False), ("", False), ("m.space", True), ("org.example.x", True), (5, True)):
        assert is_typed([state("m.room.create", type=kind)]) is typed, kind
    assert not is_typed([state("m.room.create"), state("m.room.name", type="m.space"), 5, {}])


def test_a_successor_counts_where_the_same_account_is_alone_with_us() -> None:
    rooms, old, evil = Rooms(ME), room("!old:x", ANN), room("!evil:x", EVE)
    for one in (old, evil):
        rooms.note(one.room_id, [state("m.room.tombstone", replacement_room="!new:x")])
    assert rooms.former("!new:x", ANN, [evil, old]) == "!old:x"
    assert rooms.former("!new:x", EVE, [evil, old]) == "!evil:x"
    assert rooms.former("!new:x", "@bob:x", [evil, old]) == ""
    assert rooms.former("!other:x", ANN, [evil, old]) == ""
    odds: list[Any] = [None, 5, [], "", "new:x", "!" + "x" * 300, "!a b"]
    for odd in odds:
        rooms.note("!old:x", [state("m.room.tombstone", replacement_room=odd)])
    assert rooms.former("!new:x", ANN, [old]) == "!old:x"
    rooms.forget("!old:x")
    assert rooms.former("!new:x", ANN, [old]) == ""


def test_an_account_is_known_by_who_is_there_or_was_there_last() -> None:
    rooms = Rooms(ME)
    assert rooms.account(room("!a:x", ANN)) == ANN
    assert rooms.account(room("!a:x", ANN, EVE)) == ""
    assert rooms.account(room("!a:x")) == ""
    rooms.note("!a:x", [member(ANN, "join"), member(ME, "leave"), member(ANN, "leave")])
    assert rooms.account(room("!a:x")) == ANN
    invited = member(EVE, "leave") | {"unsigned": {"prev_content": {"membership": "invite"}}}
    rooms.note("!a:x", [invited])
    assert rooms.account(room("!a:x")) == ANN
    rooms.note("!a:x", [member(EVE, "ban")])  # moderators ban people who never joined
    assert rooms.account(room("!a:x")) == ANN
    rooms.note("!a:x", [member(EVE, "ban") | {"unsigned": {"prev_content": {"membership": "join"}}}])
    assert rooms.account(room("!a:x")) == ""
    rooms.note("!b:x", [member(ANN, "leave")])
    assert rooms.account(room("!b:x", EVE)) == ""
    rooms.note("!b:x", [state("m.room.create") | {"sender": ME}])
    assert rooms.account(room("!b:x", EVE)) == ""
    rooms.note("!b:x", [state("m.room.create") | {"sender": ANN}])
    assert rooms.account(room("!b:x", EVE)) == ANN
    assert rooms.account(room("!b:x", ANN, EVE)) == ANN


def invited(made: MatrixRoom, person: str) -> MatrixRoom:
    made.add_member(person, None, None, invited=True)
    return made


def test_an_invited_account_owns_a_conversation_only_where_nobody_joined() -> None:
    for creator in (ME, "@bridge:x", "", 5, "x" * 400):
        rooms = Rooms(ME)
        rooms.note("!a:x", [state("m.room.create") | {"sender": creator}, member(ANN, "join")])
        assert rooms.account(invited(room("!a:x", ANN), EVE)) == ANN
        rooms.note("!a:x", [member(ANN, "leave") | {"unsigned": {"prev_content": {"membership": "join"}}}])
        assert rooms.account(invited(room("!a:x"), EVE)) == ANN
        rooms.note("!a:x", [member(EVE, "join")])
        assert rooms.account(room("!a:x", EVE)) == ""
    assert Rooms(ME).account(invited(room("!a:x"), ANN)) == ANN
    rooms = Rooms(ME)  # an account that left and is invited again had joined
    rooms.note("!a:x", [member(ANN, "invite") | {"unsigned": {"prev_content": {"membership": "leave"}}}])
    assert rooms.account(room("!a:x", EVE)) == ""


def test_a_conversation_without_a_list_of_members_has_no_known_account() -> None:
    rooms = Rooms(ME)
    rooms.note("!a:x", [state("m.room.create") | {"sender": ANN}, member(ANN, "join")])
    assert rooms.account(MatrixRoom("!a:x", ME)) == ""
    assert rooms.account(room("!a:x")) == ANN


def test_state_events_with_a_key_name_no_creator_and_no_successor() -> None:
    rooms = Rooms(ME)
    rooms.note("!a:x", [state("m.room.create") | {"sender": ANN}, member(EVE, "leave")])
    rooms.note("!a:x", [state("m.room.create", "x") | {"sender": EVE}])
    rooms.note("!a:x", [state("m.room.tombstone", "x", replacement_room="!b:x")])
    assert rooms.account(room("!a:x", ANN)) == ANN
    assert rooms.former("!b:x", ANN, [room("!a:x", ANN)]) == ""
    rooms.note("!a:x", [state("m.room.tombstone", replacement_room="!a:x")])
    assert rooms.former("!a:x", ANN, [room("!a:x", ANN)]) == ""


def test_our_names_are_those_that_people_see() -> None:
    assert Rooms(ME).names(room("!a:x", ANN, shown="IAventure [Ministère]")) == (
        ME,
        "bot",
        "IAventure [Ministère]",
        "IAventure",
    )
    assert Rooms(ME).names(room("!a:x", ANN)) == (ME, "bot", "", "")


@given(
    st.lists(ANYTHING, max_size=4), st.sampled_from(["m.room.member", "m.room.tombstone", "m.room.create"])
)
def test_nothing_that_a_room_holds_breaks_the_reading(odd: list[Any], kind: str) -> None:
    rooms = Rooms(ME)
    rooms.note("!a:x", odd)
    for one in odd:
        rooms.note("!a:x", [{"type": kind, "state_key": ANN, "content": one}])
        rooms.note("!a:x", [state(kind, ANN, membership=one, replacement_room=one, type=one)])
