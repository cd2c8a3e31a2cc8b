# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Updates of Telegram and events of Matrix of any shape: nothing raises, and what is read keeps its bounds."""

from __future__ import annotations

import json
import string
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.matrix.files import attachment_in
from bot.channels.matrix.inbound import Person, event_of, opened_of, raw_of
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.inbound import Identity
from bot.channels.telegram.keyboard import keyboard, press
from bot.messages import Choice, Event, Form, Kind, Question
from tests.channels.telegram.answering import TOKEN
from tests.fuzz import fuzzed
from tests.fuzz.bounds import broken
from tests.fuzz.hostile import JSON, TEXT, altered

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

# --- Telegram

US = Identity(4242, "IAventureBot")
ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "fr-FR"}
BOT = {"id": US.id, "is_bot": True, "first_name": "IAventure", "username": US.name}
CHAT = {"id": 7, "type": "private", "first_name": "Ann"}
SENT = 1_795_000_000
ANSWERED = {"message_id": 4, "from": BOT, "chat": CHAT, "date": SENT, "text": "?"}
TEXTED = {
    "message_id": 5,
    "from": ANN,
    "chat": CHAT,
    "date": SENT,
    "text": "aide ici",
    "entities": [{"type": "text_link", "offset": 0, "length": 4, "url": "https://exemple.fr"}],
    "reply_to_message": ANSWERED,
    "message_thread_id": 3,
    "is_topic_message": True,
}
FILE = {"file_id": "BQACAgQ", "file_unique_id": "u", "file_name": "01-un.yaml", "file_size": 900}
SENT_FILE = {"message_id": 6, "from": ANN, "chat": CHAT, "date": SENT, "caption": "voici", "document": FILE}
MEMBER = {"user": BOT, "status": "member"}
UPDATES: list[Any] = [
    {"update_id": 1, "message": TEXTED},
    {"update_id": 1, "message": SENT_FILE},
    {"update_id": 1, "edited_message": {**TEXTED, "edit_date": SENT + 60}},
    {
        "update_id": 1,
        "callback_query": {
            "id": "99",
            "from": ANN,
            "message": ANSWERED,
            "chat_instance": "1",
            "data": "c:abcdefgh:a",
        },
    },
    {
        "update_id": 1,
        "my_chat_member": {
            "chat": CHAT,
            "from": ANN,
            "date": SENT,
            "old_chat_member": {**MEMBER, "status": "kicked", "until_date": 0},
            "new_chat_member": MEMBER,
        },
    },
    {"update_id": 1, "message": {**TEXTED, "chat": {"id": -100, "type": "supergroup", "title": "Mairie"}}},
]
CHANNEL = TelegramChannel(
    TOKEN, "http://127.0.0.1:9/bot", "http://127.0.0.1:9/file/bot", 0, 1, now=lambda: NOW
)


def told(update: dict[str, Any]) -> Event | None:
    """What the channel makes of an update, as Telegram would tell it: parsed JSON."""
    return CHANNEL._event(json.loads(json.dumps(update)), US)


@fuzzed
@given(altered(UPDATES) | st.builds(lambda raw: {"update_id": 1, **raw}, st.dictionaries(TEXT, JSON)))
def test_no_update_of_telegram_raises_and_its_event_keeps_its_bounds(update: Any) -> None:
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        return  # such an update never comes through a page: see `Api.page`
    event = told(update)
    assert event is None or broken(event) == []


@fuzzed
@given(TEXT | st.text(string.printable) | st.from_regex(r"[cts]:[A-Za-z0-9_-]{0,20}(:[!-~]{0,50})?"))
def test_what_a_button_says_is_one_of_ours_or_nothing(data: str) -> None:
    said = press(data)
    event = told({"update_id": 1, "callback_query": {**UPDATES[3]["callback_query"], "data": data}})
    assert (said is None) == (event is None)
    if said is None or event is None:
        return
    assert broken(event) == []
    assert (event.kind, event.refers, event.keys) == (said.kind, said.prompt, said.keys)
    # Ours alone are read: the keyboard that makes them writes the same again.
    if said.kind is Kind.CHOOSE:
        shown = keyboard(
            Question(said.prompt, Form.MENU, choices=(Choice(said.keys[0], "x"),)), TelegramChannel.limits
        )
        assert shown is not None
        assert shown["inline_keyboard"][0][0]["callback_data"] == data


# --- Matrix

PERSON = Person("!room:test.local", "@ann:test.local", ("@bot:test.local", "bot", "IAventure"))
SEALED_FILE = {
    "url": "mxc://test.local/abc",
    "key": {"k": "a-b_c"},
    "iv": "iv",
    "hashes": {"sha256": "aGFzaA"},
}
RELATED = {
    "rel_type": "m.thread",
    "event_id": "$root",
    "is_falling_back": False,
    "m.in_reply_to": {"event_id": "$q"},
}
SAID: Any = {
    "event_id": "$event",
    "type": "m.room.message",
    "sender": PERSON.user,
    "origin_server_ts": 1_795_000_000_000,
    "content": {"msgtype": "m.text", "body": "> 1\n\n@bot: 2", "m.relates_to": RELATED},
    "unsigned": {"prev_content": {"membership": "leave"}},
}


def _event(kind: str, content: Any, **parts: Any) -> Any:
    return {**SAID, "type": kind, "content": content, **parts}


EVENTS: list[Any] = [
    SAID,
    _event(
        "m.room.message",
        {
            "msgtype": "m.file",
            "body": "../été.yaml",
            "filename": "x.yaml",
            "info": {"size": 12},
            "file": SEALED_FILE,
        },
    ),
    _event(
        "m.room.message",
        {
            "msgtype": "m.text",
            "body": "* aide",
            "m.new_content": {"msgtype": "m.text", "body": "aide", "m.relates_to": RELATED},
            "m.relates_to": {"rel_type": "m.replace", "event_id": "$x"},
        },
    ),
    _event("m.room.message", {"msgtype": "m.image", "body": "2", "filename": "a.png", "url": "mxc://x/y"}),
    _event("m.room.message", {"msgtype": "m.key.verification.request", "body": "?"}),
    _event(
        "org.matrix.msc3381.poll.response",
        {"org.matrix.msc3381.poll.response": {"answers": ["p1:a", "p1:b"]}},
    ),
    _event("m.poll.response", {"m.selections": ["p1:a"]}),
    _event("m.room.member", {"membership": "join"}, state_key=PERSON.user),
    _event("m.sticker", {"body": "x"}),
]


@fuzzed
@given(altered(EVENTS) | JSON)
def test_no_event_of_matrix_raises_and_what_is_read_keeps_its_bounds(source: Any) -> None:
    source = json.loads(json.dumps(source))
    raw = raw_of(source, NOW)
    if raw is None:
        return
    for read in (raw, opened_of(source, raw, NOW)):
        event = None if read is None else event_of(read, PERSON)
        if event is None:
            continue
        assert broken(event) == []
        assert event.address == PERSON.room
        assert event.sender == PERSON.user
        if event.file is not None:
            assert attachment_in(event.file.ref).path.startswith("/_matrix/client/v1/media/download/")
