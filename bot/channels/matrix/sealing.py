# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Sealed events: encrypted events that wait for their key, or for a check of their sender's device."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.channels.matrix.client import Client
from bot.channels.matrix.inbound import Person, Raw, events_of, once_a_day, opened_of, raw_of
from bot.channels.matrix.judging import Judging
from bot.channels.matrix.position import Sealed
from bot.messages import Event, Kind

MOST_OF_ROOM = 50
"""Most events of one room that wait; beyond it the oldest are given up."""

_PARTS = ("algorithm", "ciphertext", "session_id", "sender_key", "device_id")
_RELATION = ("rel_type", "event_id", "is_falling_back")
log = logging.getLogger(__name__)


def kept(raw: Raw, person: Person, now: datetime, asked_at: float) -> list[Sealed]:
    """Return an encrypted event reduced to the parts that decrypt it; nothing for an event of another sender.

    `asked_at`: when the previous page was requested, in seconds of our own clock.
    """
    if raw.sender != person.user:
        return []
    source = {
        "event_id": raw.id,
        "type": raw.type,
        "sender": raw.sender,
        "content": _content(raw.content),
        "origin_server_ts": raw.stamp,
    }
    return [Sealed(person.room, source, now.timestamp(), asked_at)]


def _content(content: dict[str, Any]) -> dict[str, Any]:
    sealed: dict[str, Any] = {name: content[name] for name in _PARTS if isinstance(content.get(name), str)}
    relation = content.get("m.relates_to")
    if isinstance(relation, dict):
        replied = relation.get("m.in_reply_to")
        target = replied.get("event_id") if isinstance(replied, dict) else None
        sealed["m.relates_to"] = {
            name: relation[name] for name in _RELATION if isinstance(relation.get(name), str | bool)
        }
        if isinstance(target, str):
            sealed["m.relates_to"]["m.in_reply_to"] = {"event_id": target}
    return sealed


class Sealing:
    """Decrypts waiting events once their keys are there, page after page."""

    def __init__(
        self, client: Client, judging: Judging, person_in: Callable[[str], Person | None], patience: float
    ) -> None:
        """`person_in`: who is at the other end of a room. `patience`: seconds to wait for a key."""
        self._client, self._judging, self._person_in, self._patience = client, judging, person_in, patience

    def look(self, sealed: Sequence[Sealed], events: list[Event], now: datetime) -> Iterator[Sealed]:
        """Add the readable events to `events`, one `UNREADABLE` for those given up, and yield those that still wait."""
        self._judging.look_again()
        more = Counter(message.room for message in sealed)
        for message in sealed:
            more[message.room] -= 1
            try:
                waits = self._look(message, events, now, crowded=more[message.room] >= MOST_OF_ROOM)
            except Exception as error:  # noqa: BLE001  one event must not stop the others
                log.warning(
                    "An event could not be opened and is dropped: %s",
                    type(error).__name__,
                    extra={"action": "discard-event"},
                )
                continue
            if waits:
                yield message

    def _look(self, message: Sealed, events: list[Event], now: datetime, *, crowded: bool) -> bool:
        """Read one event; tell whether it still waits."""
        person, sent = self._person_in(message.room), raw_of(message.source, now, message.asked_at)
        if person is None or sent is None:
            return False
        source = getattr(self._client.unseal(message.source, message.room), "source", None)
        if (opened := opened_of(source, sent, now, message.asked_at)) is not None:
            judged = self._judging.judge_opened(opened, events_of(opened, person), message.since)
            events += judged or ()
            return judged is None
        if not crowded and now.timestamp() - message.since < self._patience:
            return True
        events.append(replace(once_a_day(Kind.UNREADABLE, person, now), at=sent.at))
        return False
