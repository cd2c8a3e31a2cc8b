# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Events as they are stored while they wait for their answer: plain JSON, field by field."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any

from bot.messages import Doubt, Event, FileRef, Kind

UNPACKED = frozenset({"command", "lesson", "figures", "age", "receipt"})
"""What is read or fetched when the event is answered, and what holds only at the moment at which it came."""


def pack(event: Event) -> dict[str, Any]:
    """Return an event as it is stored, without `UNPACKED` and without what is as it is by default."""
    packed: dict[str, Any] = {}
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name in UNPACKED or (field.default is not MISSING and value == field.default):
            continue
        if isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, FileRef):
            value = [value.ref, value.name, value.size]
        packed[field.name] = list(value) if isinstance(value, tuple) else value
    return packed


def unpack(packed: dict[str, Any]) -> Event:
    """Return a stored event."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in packed.items()
    }
    values["at"] = datetime.fromisoformat(values["at"])
    values["kind"] = Kind(values.get("kind", Kind.TEXT))
    if "file" in values:
        values["file"] = FileRef(*values["file"])
    if "doubt" in values:
        values["doubt"] = Doubt(values["doubt"])
    return Event(**values)
