# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does an event of Matrix say, whatever a person put into it?"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import Rejected, Unreachable
from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.content import poll_content, selection
from bot.channels.matrix.files import Attachment, attachment_in, attachment_of
from bot.channels.matrix.inbound import Person, event_of, raw_of
from bot.channels.matrix.position import Position, Sealed
from bot.messages import Choice, Event, Form, Kind, Question
from tests.channels.matrix_case import account_of, channel_of, meets, overheard
from tests.matrix import Learner, Synapse

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANN = Person("!room:test.local", "@ann:test.local", "Ann")
KEYS = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_.-", min_size=1, max_size=40)
PROMPTS = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_-", min_size=1, max_size=16)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=12,
)


def read(content: Any, kind: str = "m.room.message", **parts: Any) -> Event | None:
    source = {
        "event_id": "$event",
        "type": kind,
        "sender": ANN.user,
        "origin_server_ts": 1_795_000_000_000,
        "content": content,
        **parts,
    }
    found = raw_of(source, NOW)
    return None if found is None else event_of(found, ANN)


def says(body: Any, **more: Any) -> Event | None:
    return read({"msgtype": "m.text", "body": body, **more})


def voted(*answers: Any) -> Event | None:
    return read(
        {"org.matrix.msc3381.poll.response": {"answers": list(answers)}}, "org.matrix.msc3381.poll.response"
    )


def test_a_text_is_what_was_said() -> None:
    said = says("bonjour")
    assert said is not None
    assert (said.kind, said.text, said.address, said.sender) == (Kind.TEXT, "bonjour", ANN.room, ANN.user)
    assert said.author == "matrix:@ann:test.local"


@pytest.mark.parametrize("body", [None, 5, [], {}, True])
def test_a_message_without_a_text_says_nothing(body: Any) -> None:
    assert says(body) is None


def test_a_body_of_sixty_kilobytes_is_cut() -> None:
    said = says("<b>&é" * 12_000)
    assert said is not None
    assert len(said.text) == 4096


def test_a_formatted_body_is_not_read() -> None:
    said = says("un", format="org.matrix.custom.html", formatted_body="<script>alert(1)</script>")
    assert said is not None
    assert said.text == "un"


def test_controls_are_taken_out() -> None:
    said = says("a\x00b\x07c\nd\ud800")
    assert said is not None
    assert said.text == "abc\nd"


@pytest.mark.parametrize(
    "content",
    [
        {"m.new_content": {"body": "2", "msgtype": "m.text"}, "body": "* 2", "msgtype": "m.text"},
        {"m.relates_to": {"rel_type": "m.replace", "event_id": "$x"}, "body": "* 2", "msgtype": "m.text"},
        {"msgtype": "m.notice", "body": "automate"},
        {"msgtype": "m.text", "body": "automate", "org.matrix.msc1767.automated": True},
        {"msgtype": "m.unknown", "body": "?"},
        {"body": "no type"},
        {},
    ],
)
def test_edits_notices_and_the_unknown_say_nothing(content: dict[str, Any]) -> None:
    assert read(content) is None


@pytest.mark.parametrize(
    "kind", ["m.reaction", "m.room.redaction", "m.room.name", "m.call.invite", "x" * 300]
)
def test_other_events_say_nothing(kind: str) -> None:
    assert read({"body": "2", "msgtype": "m.text"}, kind) is None


def test_state_is_no_word() -> None:
    assert says("bonjour") is not None
    assert read({"msgtype": "m.text", "body": "bonjour"}, state_key="") is None


def test_nobody_else_speaks_in_a_direct_room() -> None:
    assert read({"msgtype": "m.text", "body": "2"}, sender="@eve:test.local") is None


def test_a_photo_is_an_empty_text() -> None:
    said = read({"msgtype": "m.image", "body": "IMG_1.jpg", "url": "mxc://x/y"})
    assert said is not None
    assert (said.kind, said.text) == (Kind.TEXT, "")


def test_a_reply_names_its_message_and_loses_what_it_quotes() -> None:
    said = says(
        "> <@bot:x> Question\n> 1. Oui\n\n2", **{"m.relates_to": {"m.in_reply_to": {"event_id": "$q"}}}
    )
    assert said is not None
    assert (said.text, said.reply_to) == ("2", "$q")


def test_a_quote_that_is_no_reply_stays() -> None:
    said = says("> 2\n\n3")
    assert said is not None
    assert said.text == "> 2\n\n3"


def test_a_message_of_a_thread_replies_to_nothing() -> None:
    relation = {
        "rel_type": "m.thread",
        "event_id": "$root",
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": "$q"},
    }
    said = says("2", **{"m.relates_to": relation})
    assert said is not None
    assert said.reply_to == ""


@pytest.mark.parametrize(
    "relation", [5, [], {"m.in_reply_to": 5}, {"m.in_reply_to": {"event_id": "x" * 999}}]
)
def test_a_relation_that_makes_no_sense_is_none(relation: Any) -> None:
    said = says("2", **{"m.relates_to": relation})
    assert said is not None
    assert said.reply_to == ""


def test_a_vote_names_its_prompt_and_its_choices_once() -> None:
    said = voted("p1:a", "p1:b", "p1:a")
    assert said is not None
    assert (said.kind, said.refers, said.keys) == (Kind.CHOOSE, "p1", ("a", "b"))


@pytest.mark.parametrize(
    "answers",
    [
        [],
        ["a"],
        ["p1:a", "p2:a"],
        ["p1:a", 5],
        ["p1:<b>"],
        ["p1:a\n"],
        [f"{'p' * 17}:a"],
        ["p1:" + "k" * 41],
        ["p1:a"] * 21,
        [None],
        [["p1:a"]],
    ],
)
def test_a_forged_vote_says_nothing(answers: list[Any]) -> None:
    assert voted(*answers) is None
    assert read({"m.selections": answers}, "m.poll.response") is None


@pytest.mark.parametrize(
    "content", [{}, {"m.selections": "p1:a"}, {"m.poll.response": 5}, {"m.poll.response": {}}]
)
def test_a_vote_without_answers_says_nothing(content: dict[str, Any]) -> None:
    assert read(content, "m.poll.response") is None


@given(PROMPTS, KEYS)
def test_what_a_poll_offers_comes_back(prompt: str, key: str) -> None:
    question = Question(prompt, Form.QUIZ, "?", (Choice(key, "x"),))
    content = poll_content("?", question, MatrixChannel.limits)
    (answer,) = content["org.matrix.msc3381.poll.start"]["answers"]
    assert selection(answer["id"]) == (prompt, key)


@given(ANYTHING)
def test_no_event_at_all_breaks_the_reading(source: Any) -> None:
    assert raw_of(source, NOW) is None


@given(
    st.dictionaries(
        st.sampled_from(["msgtype", "body", "m.relates_to", "file", "url", "info", "filename"]), ANYTHING
    )
)
def test_no_message_breaks_the_reading(content: dict[str, Any]) -> None:
    read(content)
    read(content | {"msgtype": "m.file", "body": "x"})


@pytest.mark.parametrize("at", [None, "x", -1, 10**30, 1.5, True])
def test_a_time_that_is_none_is_now(at: Any) -> None:
    said = read({"msgtype": "m.text", "body": "x"}, origin_server_ts=at)
    assert said is not None
    assert said.at.tzinfo is UTC


def test_an_id_too_long_is_still_one() -> None:
    ids = {
        said.id
        for end in "ab"
        if (said := read({"msgtype": "m.text", "body": "x"}, event_id="$" + "x" * 300 + end)) is not None
    }
    assert len(ids) == 2
    assert all(len(one) <= 200 for one in ids)


@pytest.mark.parametrize("odd", ["$a\0", "$\ud83d", "$a\nb"])
def test_an_id_that_no_database_takes_is_still_one(odd: str) -> None:
    said = read({"msgtype": "m.text", "body": "x"}, event_id=odd)
    assert said is not None
    assert said.id.isprintable()
    assert said.id != odd


def test_a_file_carries_what_opens_it() -> None:
    content = {
        "msgtype": "m.file",
        "body": "../../été.yaml",
        "info": {"size": 12},
        "file": {
            "url": "mxc://test.local/abc",
            "key": {"k": "a-b_c"},
            "iv": "iv",
            "hashes": {"sha256": "aGFzaA"},
        },
    }
    said = read(content)
    assert said is not None
    assert said.file is not None
    assert (said.kind, said.file.name, said.file.size) == (Kind.FILE, "été.yaml", 12)
    assert attachment_in(said.file.ref) == Attachment("mxc://test.local/abc", "a-b_c", "aGFzaA", "iv")


@pytest.mark.parametrize(
    "url", ["https://evil/", "mxc://a/../b", "mxc://a/b/c", "mxc://a/b?x=1", "mxc:///b", 5]
)
def test_a_file_elsewhere_is_none_of_ours(url: Any) -> None:
    assert attachment_of({"url": url}) is None
    said = read({"msgtype": "m.file", "body": "x", "url": url})
    assert said is not None
    assert said.kind is Kind.TEXT


@pytest.mark.parametrize(
    "ref", ["", "nothing", "[]", "[1,2,3,4]", "{}", json.dumps(["mxc://a/b"] * 9), "x" * 3000]
)
def test_a_reference_that_is_none_is_unreachable(ref: str) -> None:
    with pytest.raises(Unreachable):
        attachment_in(ref)


def test_a_file_that_was_changed_on_its_way_is_refused() -> None:
    with pytest.raises(Rejected):
        Attachment("mxc://a/b", "a2V5", "aGFzaA", "aXY").open(b"other")


def test_a_position_is_kept_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "position"
    kept = Position("@bot:x", "s1", tuple(Sealed("!r", {"n": n}, 1.0) for n in range(150)))
    kept.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    found = Position.load(path, "@bot:x")
    assert (found.token, len(found.sealed), found.sealed[-1].source) == ("s1", 100, {"n": 149})
    assert Position.load(path, "@other:x") == Position("@other:x")
    path.write_text(path.read_text()[:-5])
    assert Position.load(path, "@bot:x") == Position("@bot:x")


# --- what the library makes of it, on a real homeserver


@pytest.fixture
async def ann(synapse: Synapse) -> AsyncIterator[Learner]:
    async with await Learner.arrives(synapse, "ann") as learner:
        yield learner


async def test_hostile_events_stop_nothing_that_comes_after_them(
    synapse: Synapse, ann: Learner, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    account = await account_of(synapse, tmp_path)
    channel = channel_of(account)
    await channel.open()
    await meets(ann, channel, account)
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
            f"/_matrix/client/v3/rooms/{ann.room}/state/{kind}",
            content,
            token=ann.account.access_token,
        )
    await ann.says("fin")
    events = await overheard(channel, until=lambda events: any(one.text == "fin" for one in events))
    assert [one.text for one in events if one.text] == ["un", "fin"]
    assert "secret" not in caplog.text
    assert ann.user_id not in caplog.text
    await channel.close()


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        (timedelta(hours=-1), timedelta(hours=-1)),
        (timedelta(days=-400), timedelta(hours=-2)),
        (timedelta(days=400), timedelta()),
    ],
    ids=["a right clock", "a clock that is slow", "a clock that is fast"],
)
def test_what_is_news_happened_since_we_last_looked(sent: timedelta, taken: timedelta) -> None:
    source = {
        "event_id": "$event",
        "type": "m.room.message",
        "sender": ANN.user,
        "origin_server_ts": int((NOW + sent).timestamp() * 1000),
        "content": {},
    }
    found = raw_of(source, NOW, (NOW - timedelta(hours=2)).timestamp())
    assert found is not None
    assert found.at == NOW + taken
