# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a word counts for: nothing in clear where all is encrypted; more, for those who may publish, from a signed device."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from nio import MatrixRoom

from bot.channels.matrix.client import Client
from bot.channels.matrix.encryption import Encryption
from bot.channels.matrix.inbound import Person, Raw, once_a_day
from bot.channels.matrix.position import Sealed
from bot.channels.matrix.senders import Senders
from bot.messages import Doubt, Event, Kind

log = logging.getLogger(__name__)


class Judging:
    """Judges what people say, room by room, in the order in which they said it."""

    def __init__(self, client: Client, senders: Senders, now: Callable[[], datetime]) -> None:
        self._encryption, self._senders, self._now = Encryption(client), senders, now
        self._held: set[str] = set()
        """Rooms in which something waits for its judgement: what is said after it waits behind it."""
        self._told_on: dict[str, str] = {}
        """Room → the day on which it was last said that nothing counts there in clear."""

    @property
    def waits(self) -> bool:
        """Whether something waits for its judgement."""
        return bool(self._held)

    def resume(self, sealed: Iterable[Sealed]) -> None:
        """Hold back what comes after that which an earlier process, or an earlier page, kept."""
        self._held = {one.room for one in sealed if self._senders.judges(str(one.source.get("sender")))}

    def look_again(self) -> None:
        """Take what was kept in its order, as if it came now."""
        self._held = set()

    async def judge(
        self, room: MatrixRoom, raw: Raw, person: Person, events: Sequence[Event]
    ) -> Sequence[Event] | None:
        """Return what counts of the `events` that were read from a raw one; nothing when it must be kept for later."""
        if not events or raw.state_key is not None:
            return events  # the state of a room is always in clear, and nobody's word
        if raw.sealed is None:
            if await self._encryption.ever(room):
                return self._in_clear(person)
            return [replace(event, doubt=Doubt.CLEAR) for event in events]
        return self.judge_opened(raw, events, self._now().timestamp())

    def judge_opened(self, raw: Raw, events: Sequence[Event], since: float) -> Sequence[Event] | None:
        """Judge what came encrypted, as `judge`. `since`: when it was first seen, in seconds of our own clock."""
        if raw.sealed is None or not events or not self._senders.judges(raw.sender):
            return events
        room = events[0].address
        verdict = None if room in self._held else self._senders.verdict(room, raw.sealed, since)
        if verdict is None:
            self._held.add(room)
            return None
        id_ = self._senders.once(room, raw.sealed)
        return [
            replace(
                event,
                id=id_ if event.id == raw.id else event.id,
                identity=verdict.identity,
                doubt=verdict.doubt,
            )
            for event in events
        ]

    def _in_clear(self, person: Person) -> list[Event]:
        """Tell once a day that a word was dropped."""
        told = once_a_day(Kind.CLEAR, person, self._now())
        if self._told_on.get(person.room) == told.id:
            return []
        self._told_on[person.room] = told.id
        log.warning("What came in clear is dropped: the room is encrypted.", extra={"action": "drop-clear"})
        return [told]


def finished(event: Event, now: datetime) -> Event:
    """Return an event as the channel tells it: with its age, and with a doubt unless its sender is known."""
    return replace(
        event, age=now - event.at, doubt=event.doubt or (None if event.identity else Doubt.UNSIGNED)
    )
