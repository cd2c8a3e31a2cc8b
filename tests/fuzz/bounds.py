# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What an event promises to those who read it, whoever sent it: see `bot.messages.Event`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta

from bot.channels.cleaning import LONGEST_FILE_NAME, LONGEST_TEXT
from bot.messages import Event, Kind
from bot.service.packing import pack, unpack

LONGEST = {"id": 200, "address": 255, "text": LONGEST_TEXT, "sender": 255, "message": 255, "reply_to": 255}
LONGEST |= {"refers": 16, "thread": 255, "receipt": 64, "succeeds": 255, "identity": 64}
KEYS, KEY = 20, 40
REF = 2048
FILE_SIZE = 2**63


def broken(event: Event) -> list[str]:
    """Every promise that an event breaks."""
    return list(_broken(event))


def _broken(event: Event) -> Iterator[str]:
    for name, longest in LONGEST.items():
        text = getattr(event, name)
        if len(text) > longest:
            yield f"{name} has {len(text)} characters"
        if any(mark in text for mark in "\0") or _halves(text):
            yield f"{name} cannot be stored"
    if not event.id or not event.address or event.channel not in ("telegram", "matrix"):
        yield "nobody can be answered"
    if len(event.keys) > KEYS or any(not 0 < len(key) <= KEY for key in event.keys):
        yield "keys that no button has"
    if event.language and not (len(event.language) == 2 and event.language.isascii()):
        yield "a language that is none"
    if event.file is not None:
        if len(event.file.name) > LONGEST_FILE_NAME or not 0 <= event.file.size < FILE_SIZE:
            yield "a file that cannot be told of"
        if not 0 < len(event.file.ref) <= REF or _halves(event.file.ref + event.file.name):
            yield "a file that cannot be asked for"
    if (event.file is not None) != (event.kind is Kind.FILE):
        yield "a file where none was sent"
    if event.at.tzinfo is None or event.at.utcoffset() != timedelta():
        yield "an hour of no zone"
    else:
        event.at.astimezone(UTC).isoformat()
    stored = json.loads(json.dumps(pack(event), ensure_ascii=False).encode())
    if unpack(stored) != replace(event, command=None, lesson=None, figures=None, receipt=""):
        yield "it does not come back from the store"


def _halves(text: str) -> bool:
    return any("\ud800" <= mark <= "\udfff" for mark in text)
