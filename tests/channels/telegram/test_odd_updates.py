# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""An update that lacks what is never read, or holds something else there, is read all the same."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.inbound import Identity
from bot.messages import Event, Kind
from tests.channels.telegram.answering import TOKEN

ME = Identity(4242, "IAventureBot")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SOMEONE = {
    "id": 7,
    "is_bot": False,
    "first_name": "Ann",
    "last_name": "B",
    "username": "ann",
    "language_code": "fr",
}
US = {"id": 4242, "is_bot": True, "first_name": "IAventure", "username": "IAventureBot"}
CHAT = {"id": 7, "type": "private", "first_name": "Ann"}
ANSWERED = {"message_id": 4, "from": US, "chat": CHAT, "date": 1_796_000_000, "text": "x"}
TEXT = {
    "message_id": 5,
    "from": SOMEONE,
    "chat": CHAT,
    "date": 1_796_000_000,
    "text": "aide",
    "entities": [{"type": "text_mention", "offset": 0, "length": 4, "user": SOMEONE}],
    "reply_to_message": ANSWERED,
    "forward_origin": {"type": "user", "date": 1_796_000_000, "sender_user": SOMEONE},
}
PRESS = {"id": "99", "from": SOMEONE, "message": ANSWERED, "chat_instance": "1", "data": "c:abcdefgh:a"}
RETURN = {
    "chat": CHAT,
    "from": SOMEONE,
    "date": 1_796_000_000,
    "old_chat_member": {"user": US, "status": "kicked", "until_date": 0},
    "new_chat_member": {"user": US, "status": "member"},
}
NEEDED = {"message_id", "id", "chat", "from", "date", "type", "data", "message", "status", "is_bot", "text"}
"""Without these nobody can say who said what; `is_bot` of somebody who has none is no."""


def parts(of: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each value of an update stands."""
    for name, value in of.items() if isinstance(of, dict) else enumerate(of):
        yield (*path, name)
        if isinstance(value, (dict, list)):
            yield from parts(value, (*path, name))


def changed(update: dict[str, Any], path: tuple[Any, ...], value: object) -> dict[str, Any]:
    odd = copy.deepcopy(update)
    place = odd
    for step in path[:-1]:
        place = place[step]
    if value == "missing":
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return odd


def event_of(update: dict[str, Any]) -> Event | None:
    channel = TelegramChannel(
        TOKEN, "http://127.0.0.1:9/bot", "http://127.0.0.1:9/file/bot", 0, 1, now=lambda: NOW
    )
    return channel._event(update, ME)


def test_nobody_is_mute_for_want_of_what_is_never_read() -> None:
    mute = []
    for name, told, kind in (
        ("message", TEXT, Kind.TEXT),
        ("callback_query", PRESS, Kind.CHOOSE),
        ("my_chat_member", RETURN, Kind.BACK),
    ):
        for path in parts(told):
            if path[-1] in NEEDED or path[-1] in ("new_chat_member", "user"):
                continue
            for value in ("missing", "", None, 7, [], {}, [None], {"a": 1}):
                event = event_of({"update_id": 1, name: changed(told, path, value)})
                if event is None or event.kind is not kind or event.address != "7":
                    mute.append((name, path, value))
    assert mute == []


def test_somebody_without_any_name_is_heard() -> None:
    nameless = {"id": 7, "is_bot": False}
    for first_name in ({}, {"first_name": ""}, {"first_name": None}):
        event = event_of(
            {
                "update_id": 1,
                "message": {**TEXT, "from": nameless | first_name, "chat": {"id": 7, "type": "private"}},
            }
        )
        assert event is not None
        assert (event.text, event.address) == ("aide", "7")
