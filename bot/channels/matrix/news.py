# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Syncs: what the homeserver is asked for, and what it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_NOTHING: dict[str, Any] = {"not_types": ["*"]}
_STATE = ["m.room.create", "m.room.member", "m.room.encryption", "m.room.tombstone"]
"""The types of state events that are requested: the creator of a room may put thousands of others into it."""
FILTER: dict[str, Any] = {
    "room": {
        "state": {"types": _STATE},
        "timeline": {"limit": 100},
        "ephemeral": _NOTHING,
        "account_data": _NOTHING,
    },
    "presence": _NOTHING,
    "account_data": _NOTHING,
}
ANEW: dict[str, Any] = {**FILTER, "room": {**FILTER["room"], "timeline": {"limit": 10}}}
"""For the state of everything, where only what was missed is read: a hundred events of each room would be hundreds of MB."""
LITTLE = json.dumps(
    {
        "room": {
            name: {"types": [], "limit": 1} for name in ("state", "timeline", "ephemeral", "account_data")
        },
        "presence": {"types": []},
        "account_data": {"types": []},
    }
)
"""As little as can be asked for: invitations, and where the stream is."""

ROOM_ID = re.compile(r"![!-~]{1,254}")
"""Ids of rooms that fit into the database. Newer room versions have ids without a server name."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a room: as it came, and decrypted where it could be."""

    source: Any
    opened: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class News:
    """An answer of the homeserver: as it came, and what of it the library could decrypt."""

    raw: dict[str, Any]
    """As `readable` returns it."""
    opened: Mapping[str, dict[str, Any]]
    """Event by id."""
    parsed: Any
    """As the library read it. It takes some events apart, and drops others, so only its keys are used."""


def readable(answer: Any) -> Any:
    """Return an answer of `/sync` or `/messages` with all its parts present, and without malformed events.

    Homeservers leave out empty parts. The library discards a whole answer for one event that it cannot parse, and the
    homeserver would send that answer again and again: the bot would be deaf.
    """
    if not isinstance(answer, dict):
        return answer
    if "errcode" in answer:
        return {
            "error": "",
            **answer,
        }  # which a refusal should say, and without which the library reads no code
    if "chunk" in answer:
        return {**answer, "chunk": _events(answer["chunk"])}
    if "next_batch" not in answer:
        return answer
    rooms = _object(answer.get("rooms"))
    return {
        **answer,
        "rooms": {
            "join": {
                room: {"state": _state(joined), "timeline": _timeline(joined)}
                for room, joined in _rooms(rooms.get("join"))
            },
            "invite": {
                room: {
                    "invite_state": {"events": _stripped(_object(invited.get("invite_state")).get("events"))}
                }
                for room, invited in _rooms(rooms.get("invite"))
            },
            "leave": {
                room: {"state": _state(left), "timeline": _timeline(left)}
                for room, left in _rooms(rooms.get("leave"))
            },
        },
        "to_device": {"events": _stripped(_object(answer.get("to_device")).get("events"))},
    }


def _object(part: object) -> dict[str, Any]:
    return part if isinstance(part, dict) else {}


def _rooms(part: object) -> Iterable[tuple[str, dict[str, Any]]]:
    return ((room, _object(told)) for room, told in _object(part).items() if ROOM_ID.fullmatch(room))


def _state(room: Mapping[str, Any]) -> dict[str, Any]:
    return {"events": _events(_object(room.get("state")).get("events"))}


def _timeline(room: Mapping[str, Any]) -> dict[str, Any]:
    timeline = _object(room.get("timeline"))
    before = timeline.get("prev_batch")
    return {
        "events": _events(timeline.get("events")),
        "limited": timeline.get("limited") is True,
        "prev_batch": before if isinstance(before, str) else "",
    }


def _events(part: object) -> list[dict[str, Any]]:
    """Return the well-formed events of a list: id, type, sender, time and content have the right types."""
    return [
        event
        for event in _stripped(part)
        if isinstance(event.get("event_id"), str)
        and isinstance(event.get("origin_server_ts"), int)
        and not isinstance(event.get("origin_server_ts"), bool)
    ]


def _stripped(part: object) -> list[dict[str, Any]]:
    """Return the well-formed stripped events of a list, which have no id or time: of an invitation, or to a device."""
    return [
        _mended(event)
        for event in (part if isinstance(part, list) else ())
        if isinstance(event, dict)
        and isinstance(event.get("type"), str)
        and isinstance(event.get("sender"), str)
        and isinstance(event.get("content"), dict)
    ]


def _mended(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event without the parts for which the library would skip it: every member must be seen."""
    if not _sound(event.get("unsigned", {})):
        event = {**event, "unsigned": {}}
    if event["type"] == "m.room.member":
        shown = {name: event["content"].get(name) for name in ("membership", "displayname", "avatar_url")}
        content = {name: value for name, value in shown.items() if isinstance(value, str)}
        event = {**event, "content": content}
        event.pop("prev_content", None)
    return event


def _sound(unsigned: object) -> bool:
    """Tell whether the library accepts the `unsigned` part of an event."""
    return isinstance(unsigned, dict) and all(
        isinstance(unsigned.get(part, {}), dict) for part in ("prev_content", "redacted_because")
    )


def opened(events: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """Return the events that the library decrypted, by their ids."""
    return {event.event_id: event.source for event in events if getattr(event, "decrypted", False)}


def dated(source: object) -> float:
    """Return the time that the sender's homeserver gives for an event, in seconds since 1970; minus infinity without one."""
    milliseconds = source.get("origin_server_ts") if isinstance(source, dict) else None
    try:
        return milliseconds / 1000 if isinstance(milliseconds, int | float) else float("-inf")
    except OverflowError:
        return float("-inf")


def told(sources: Iterable[Any], readable: Mapping[str, dict[str, Any]]) -> list[Told]:
    """Join events as they came with what of them the library decrypted."""
    return [
        Told(source, readable.get(str(source.get("event_id"))) if isinstance(source, dict) else None)
        for source in sources
    ]
