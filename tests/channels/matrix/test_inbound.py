# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the Matrix channel reads in each event, whatever a person put into it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.matrix.files import Attachment, attachment_in, attachment_of
from bot.channels.matrix.inbound import Person, event_of, raw_of
from bot.messages import Event, Kind

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANN = Person("!room:test.local", "@ann:test.local", ("@bot:test.local", "bot", "IAventure"))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=12,
)


def read(content: Any, kind: str = "m.room.message", person: Person = ANN, **parts: Any) -> Event | None:
    source = {
        "event_id": "$event",
        "type": kind,
        "sender": ANN.user,
        "origin_server_ts": 1_795_000_000_000,
        "content": content,
        **parts,
    }
    found = raw_of(source, NOW)
    return None if found is None else event_of(found, person)


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


def test_a_message_without_a_text_says_nothing() -> None:
    bodies: list[Any] = [None, 5, [], {}, True]
    assert [body for body in bodies if says(body) is not None] == []


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


def test_edits_of_nothing_notices_and_the_unknown_say_nothing() -> None:
    replaces = {"rel_type": "m.replace", "event_id": "$x"}
    contents: list[dict[str, Any]] = [
        {"m.new_content": {"body": "2", "msgtype": "m.text"}, "body": "* 2", "msgtype": "m.text"},
        {"m.relates_to": replaces, "body": "* 2", "msgtype": "m.text"},
        {"m.relates_to": replaces, "body": "* 2", "msgtype": "m.text", "m.new_content": 5},
        {
            "m.relates_to": replaces,
            "body": "*",
            "msgtype": "m.text",
            "m.new_content": {"msgtype": "m.text", "body": 5},
        },
        {
            "m.relates_to": replaces,
            "body": "* x",
            "msgtype": "m.image",
            "m.new_content": {"msgtype": "m.image", "body": "x"},
        },
        {
            "m.relates_to": {**replaces, "event_id": 5},
            "body": "* 2",
            "m.new_content": {"msgtype": "m.text", "body": "2"},
        },
        {"msgtype": "m.notice", "body": "automate"},
        {"msgtype": "m.text", "body": "automate", "org.matrix.msc1767.automated": True},
        {"msgtype": "m.server_notice", "body": "automate"},
        {"msgtype": "m.key.verification.done", "body": "?"},
        {"body": "no type"},
        {},
    ]
    assert [content for content in contents if read(content) is not None] == []


def test_other_events_say_nothing() -> None:
    kinds = ["m.reaction", "m.room.redaction", "m.room.name", "m.call.invite", "org.matrix.msc3381.poll.end"]
    text = {"body": "2", "msgtype": "m.text"}
    assert [kind for kind in kinds if read(text, kind) is not None] == []


def test_state_is_no_word() -> None:
    assert says("bonjour") is not None
    assert read({"msgtype": "m.text", "body": "bonjour"}, state_key="") is None


def test_nobody_else_speaks_in_a_direct_room() -> None:
    assert read({"msgtype": "m.text", "body": "2"}, sender="@eve:test.local") is None


def test_a_photo_is_an_empty_text() -> None:
    said = read({"msgtype": "m.image", "body": "IMG_1.jpg", "url": "mxc://x/y"})
    assert said is not None
    assert (said.kind, said.text) == (Kind.TEXT, "")


def test_a_caption_is_a_text() -> None:
    for kind in ("m.image", "m.video", "m.audio"):
        said = read({"msgtype": kind, "body": "2", "filename": "IMG_1.jpg", "url": "mxc://x/y"})
        assert said is not None
        assert said.text == "2"


def test_the_bots_name_before_a_caption_is_removed() -> None:
    person = Person(ANN.room, ANN.user, ("@bot:test.local", "bot", "IAventure [Ministère]", "IAventure"))
    for kind in ("m.image", "m.video", "m.audio", "m.file"):
        for addressed in ("@iaventure annonce Bonjour", "IAventure : annonce Bonjour", "annonce Bonjour"):
            for url in ("mxc://x/y", 5):
                content = {"msgtype": kind, "body": addressed, "filename": "a.png", "url": url}
                said = read(content, person=person)
                assert said is not None
                assert (said.text, said.kind) == (
                    "annonce Bonjour",
                    Kind.FILE if (kind, url) == ("m.file", "mxc://x/y") else Kind.TEXT,
                ), (kind, addressed)


def test_a_corrected_caption_is_a_corrected_text() -> None:
    for kind in ("m.image", "m.video", "m.audio", "m.file", "nic.custom.confetti", "m.text"):
        new = {"msgtype": kind, "body": "aide", "filename": "a.png", "url": "mxc://x/y"}
        replaces = {"rel_type": "m.replace", "event_id": "$x"}
        said = read({**new, "body": "* aide", "m.new_content": new, "m.relates_to": replaces})
        assert said is not None, kind
        assert (said.kind, said.text, said.file) == (Kind.TEXT, "aide", None)
        assert (said.message, said.corrects) == ("$x", True)
        for odd in (
            {"body": "a.png"},
            {"body": 5},
            {"filename": 5},
            {"filename": None, "msgtype": "m.file"},
            {"msgtype": "m.key.verification.request"},
            {"msgtype": "m.location"},
            {"msgtype": ["m.text"]},
        ):
            if kind == "m.file":
                assert read({"m.new_content": {**new, **odd}, "m.relates_to": replaces}) is None, odd


def test_adversarial_texts_are_read_within_30_ms() -> None:
    """A page of events waits for each text."""
    reply = {"m.relates_to": {"m.in_reply_to": {"event_id": "$q"}}}
    bodies = [
        " " * 4096,
        "x" + "\n" * 4094 + "x",
        "x\u00a0" + " " * 4000 + "x",
        " @bot" + " " * 4000 + "x",
        " ," * 2048,
    ]
    bodies += [">" * 65_000, ">\n" * 30_000, "> \n" * 4000 + "x"]
    for body in bodies:
        spent = min(_spent(lambda body=body: says(body, **reply)) for _ in range(3))  # type: ignore[misc]
        assert spent < 0.03, body[:5]


def _spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def test_what_a_person_shows_that_we_do_not_know_is_a_word() -> None:
    unknown = read({"msgtype": "nic.custom.confetti", "body": "2 🎉"})
    poll = read({"org.matrix.msc3381.poll.start": {}}, "org.matrix.msc3381.poll.start")
    other = read({"body": "Ma liste"}, "fr.example.checklist")
    assert [said and said.text for said in (unknown, poll, other)] == ["2 🎉", "", ""]


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
    assert (said.reply_to, said.thread) == ("", "$root")
    replied = says("2", **{"m.relates_to": {**relation, "is_falling_back": False}})
    assert replied is not None
    assert (replied.reply_to, replied.thread) == ("$q", "$root")
    for root in (5, "root", "$" + "x" * 300, None):
        odd = says("2", **{"m.relates_to": {**relation, "event_id": root}})
        assert odd is not None
        assert odd.thread == ""


def test_an_edit_is_the_new_text_of_the_message_that_it_names() -> None:
    said = says(
        "* lecon",
        **{
            "m.new_content": {"msgtype": "m.text", "body": "@bot lecon"},
            "m.relates_to": {"rel_type": "m.replace", "event_id": "$first"},
        },
    )
    assert said is not None
    assert (said.id, said.message, said.corrects, said.text) == ("$event", "$first", True, "lecon")
    first = says("lecpn")
    assert first is not None
    assert (first.message, first.corrects) == ("$event", False)


def test_the_bots_name_before_or_after_a_text_is_none_of_it() -> None:
    link = "[IAventure](https://matrix.to/#/@bot:test.local)"
    for written, meant in (
        ("IAventure: 1", "1"),
        ("IAventure : 1", "1"),
        ("IAventure\u00a0: 1", "1"),
        ("iaventure, progression", "progression"),
        ("@iaventure progression", "progression"),
        ("@IAventure\nlecon", "lecon"),
        ("@bot:test.local: aide", "aide"),
        ("@bot !aide", "!aide"),
        ("bot aide", "aide"),
        (f"{link} 2", "2"),
        (f"{link}: progression", "progression"),
        (f"progression {link}", "progression"),
        ("progression @IAventure", "progression"),
        ("aide, @bot:test.local", "aide"),
        ("IAventures", "IAventures"),
        ("botanique", "botanique"),
        ("IAventure", "IAventure"),
        (link, link),
        ("je suis IAventure", "je suis IAventure"),
        ("2", "2"),
    ):
        said = says(written)
        assert said is not None
        assert said.text == meant, written


def test_a_relation_that_makes_no_sense_is_none(subtests: pytest.Subtests) -> None:
    relations: list[Any] = [5, [], {"m.in_reply_to": 5}, {"m.in_reply_to": {"event_id": "x" * 999}}]
    for relation in relations:
        with subtests.test(relation=relation):
            said = says("2", **{"m.relates_to": relation})
            assert said is not None
            assert said.reply_to == ""


def test_a_vote_names_its_prompt_and_its_choices_once() -> None:
    said = voted("p1:a", "p1:b", "p1:a")
    assert said is not None
    assert (said.kind, said.refers, said.keys) == (Kind.CHOOSE, "p1", ("a", "b"))


def test_a_forged_vote_says_nothing(subtests: pytest.Subtests) -> None:
    forged: list[list[Any]] = [
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
    ]
    for answers in forged:
        with subtests.test(answers=answers):
            assert voted(*answers) is None
            assert read({"m.selections": answers}, "m.poll.response") is None


def test_a_vote_without_answers_says_nothing() -> None:
    contents: list[Any] = [{}, {"m.selections": "p1:a"}, {"m.poll.response": 5}, {"m.poll.response": {}}]
    assert [content for content in contents if read(content, "m.poll.response") is not None] == []


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


def test_a_time_that_is_none_is_now(subtests: pytest.Subtests) -> None:
    times: list[Any] = [None, "x", -1, 10**30, 1.5, True]
    for at in times:
        with subtests.test(at=at):
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


def test_an_event_without_an_id_is_none() -> None:
    assert read({"msgtype": "m.text", "body": "x"}, event_id="") is None


def test_an_id_that_no_database_takes_is_still_one(subtests: pytest.Subtests) -> None:
    for odd in ("$a\0", "$\ud83d", "$a\nb"):
        with subtests.test(odd=ascii(odd)):
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


def test_a_file_elsewhere_is_none_of_ours(subtests: pytest.Subtests) -> None:
    urls: list[Any] = [
        "https://evil/",
        "mxc://a/../b",
        "mxc://a/b/c",
        "mxc://a/b?x=1",
        "mxc:///b",
        "mxc://../x",
        "mxc://./x",
        "mxc://.../x",
        "mxc://a..b/x",
        "mxc://.a/x",
        "mxc://a./x",
        "mxc://-a/x",
        "mxc://a:b/x",
        "mxc://a:123456/x",
        "mxc://:80/x",
        "mxc://[]/x",
        "mxc://[x]/x",
        "mxc://a/..",
        "mxc://a/%2e%2e",
        "mxc://" + "a." * 200 + "a/x",
        5,
    ]
    for url in urls:
        with subtests.test(url=url):
            assert attachment_of({"url": url}) is None
            said = read({"msgtype": "m.file", "body": "x", "url": url})
            assert said is not None
            assert said.kind is Kind.TEXT


def test_a_file_of_any_homeserver_is_one() -> None:
    for server in ("a", "a.b-c.example", "a.example:8448", "192.0.2.1:80", "[2001:db8::1]", "[::1]:8448"):
        attachment = attachment_of({"url": f"mxc://{server}/x_Y-9"})
        assert attachment is not None
        assert attachment.path == f"/_matrix/client/v1/media/download/{server}/x_Y-9"


def test_a_new_event_is_no_older_than_our_last_look(subtests: pytest.Subtests) -> None:
    for clock, sent, taken in [
        ("right", timedelta(hours=-1), timedelta(hours=-1)),
        ("slow", timedelta(days=-400), timedelta(hours=-2)),
        ("fast", timedelta(days=400), timedelta()),
    ]:
        with subtests.test(clock=clock):
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
