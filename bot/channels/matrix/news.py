# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Syncs: what the homeserver is asked for, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_NOTHING: dict[str, Any] = {"not_types": ["*"]}
FILTER: dict[str, Any] = {
    "room": {"timeline": {"limit": 100}, "ephemeral": _NOTHING, "account_data": _NOTHING},
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


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a room: as it came, and decrypted where it could be."""

    source: Any
    opened: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class News:
    """An answer of the homeserver: as it came, and what of it the library could decrypt."""

    raw: dict[str, Any]
    opened: Mapping[str, dict[str, Any]]
    """Event by id."""
    parsed: Any
    """As the library read it. It takes some events apart, and drops others, so only its keys are used."""


def opened(events: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """Return the events that the library decrypted, by their ids."""
    return {event.event_id: event.source for event in events if getattr(event, "decrypted", False)}


def dated(source: object) -> float:
    """Return the time that the sender's homeserver gives for an event, in seconds since 1970; minus infinity without one."""
    milliseconds = source.get("origin_server_ts") if isinstance(source, dict) else None
    return milliseconds / 1000 if isinstance(milliseconds, int | float) else float("-inf")


def told(sources: Iterable[Any], readable: Mapping[str, dict[str, Any]]) -> list[Told]:
    """Join events as they came with what of them the library decrypted."""
    return [
        Told(source, readable.get(str(source.get("event_id"))) if isinstance(source, dict) else None)
        for source in sources
    ]
