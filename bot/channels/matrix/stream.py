# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The stream of events, page by page, of which nothing is lost.

A page stays until it was acknowledged: only then is the token saved that ends it. A crash before that brings the
same events again, under the same ids.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nio import MatrixRoom

from bot.channels import ChannelError
from bot.channels.matrix.client import LARGE, Client
from bot.channels.matrix.history import History
from bot.channels.matrix.inbound import (
    VERIFICATION,
    Person,
    Raw,
    events_of,
    is_user,
    once_a_day,
    opened_of,
    raw_of,
)
from bot.channels.matrix.invitations import Invitations
from bot.channels.matrix.judging import Judging, finished
from bot.channels.matrix.leaving import Leaving
from bot.channels.matrix.news import News, Told, told
from bot.channels.matrix.position import Position, PositionRefused, Sealed
from bot.channels.matrix.rooms import Rooms
from bot.channels.matrix.sealing import Sealing, kept
from bot.channels.matrix.senders import Senders
from bot.hearing import Hearing
from bot.messages import Event, Kind

JUDGING = 0.25
"""Seconds to wait for news while something waits for a judgement."""
ANEW_APART = 60.0
"""Seconds between two times to begin anew, which costs the homeserver the state of every room."""
CLOCKS = timedelta(minutes=10)
"""How much sooner than the last page rooms are read again: clocks differ, and what is known is dropped."""

_ENCRYPTED = "m.room.encrypted"
log = logging.getLogger(__name__)


class Stream:
    """One device's events, page by page."""

    def __init__(
        self,
        client: Client,
        invitations: Invitations,
        rooms: Rooms,
        leaving: Leaving,
        senders: Senders,
        path: Path,
        *,
        poll: float,
        key_patience: float,
        look_back: timedelta,
        stumbles: Counter[str],
        hearing: Hearing,
        progress: Callable[[], object],
        now: Callable[[], datetime],
    ) -> None:
        """Begin where the position saved at `path` says.

        `poll`: seconds to wait for news. `key_patience`: seconds to wait for a key. `look_back`: how far back rooms are read
        where the position is refused. `stumbles`, `progress`: see `History`. `hearing`: has that told.
        """
        self._look_back, self._hearing = look_back, hearing
        self._client, self._invitations, self._path = client, invitations, path
        self._rooms, self._leaving, self._history = rooms, leaving, History(client, stumbles, progress)
        self._senders, self._judging = senders, Judging(client, senders, now)
        self._poll, self._key_patience, self._now = poll, key_patience, now
        self._saved = Position.load(path, client.user_id)
        invitations.resume(self._saved.invited)
        self.begun = False
        """Whether the rooms are known: the first answer holds them all."""
        self._page: tuple[list[Event], Position] | None = None
        self._anew_at = -ANEW_APART
        self._judging.resume(self._saved.sealed)
        self._sealing = Sealing(client, self._judging, self._person_by_id, key_patience)

    async def page(self) -> list[Event]:
        """Return the page that was not acknowledged yet, or the next: maybe empty.

        Raises:
            ChannelError: the homeserver refuses or is silent.
        """
        if self._page is None:
            self._page = await self._next()
        return self._page[0]

    def acknowledge(self) -> None:
        """Let no event of the page come again: they are stored.

        Raises:
            OSError: the position cannot be saved.
        """
        if self._page is not None:
            self._saved = replace(self._page[1], invited=self._invitations.waiting)
            self._saved.save(self._path)
            self._page = None

    async def _next(self) -> tuple[list[Event], Position]:
        since, asked_at = self._saved.token, self._now().timestamp()
        again: datetime | None = None
        events: list[Event] = []
        try:
            # A process knows no room until it was told of all: the first answer holds the state of everything.
            news = await self._client.news(since, self._wait() if self.begun else 0)
        except PositionRefused as refusal:
            news, again = await self._begin_anew(refusal)
        self._senders.changed(news.raw)
        rooms = news.raw["rooms"]
        sealed = list(self._saved.sealed)
        for room, invited in rooms["invite"].items():
            self._invitations.note(room, invited["invite_state"]["events"])
        for room, joined in rooms["join"].items():
            # All of them before any is read: one may name another as its successor.
            self._rooms.note(room, [*joined["state"]["events"], *joined["timeline"]["events"]])
        self._history.begin()
        for room, joined in rooms["join"].items():
            events += await self._guarded(room, joined["timeline"], news, sealed, again)
        self._history.finish()
        await self._client.keep_keys(news)
        # After everything that may fail: a failed page is read again, and must find these rooms unchanged.
        gone = [event for room, left in rooms["leave"].items() for event in self._gone(room, left)]
        if again is not None:
            for room in self._client.rooms.keys() - rooms["join"].keys():
                self._gone(room)  # a sync without a token does not list rooms that were left
        crowds = [] if self.begun else self._crowds_left()
        events = [*gone, *events, *self._verifications(news.parsed.to_device_events), *crowds]
        now = self._now()
        waiting = tuple(self._sealing.look(sealed, events, now))
        events = [finished(event, now) for event in events]
        self.begun = True
        if again is not None:  # now the rooms of the admins are known, and the position is not saved yet
            await self._hearing.tell("alert.position", "matrix")
        return events, Position(self._client.user_id, news.parsed.next_batch, waiting, asked_at=asked_at)

    async def _begin_anew(self, refusal: PositionRefused) -> tuple[News, datetime]:
        """Return how everything is now, and since when it is to be read again: some may be known, nothing is missed.

        Only where the homeserver answers without the position: else it is not the position that it refuses.
        """
        now = time.monotonic()
        if now < self._anew_at + ANEW_APART:
            raise refusal
        news = await self._client.anew()
        self._senders.begin_anew()
        self._anew_at = now
        last = datetime.fromtimestamp(self._saved.asked_at, UTC) - CLOCKS
        again = max(last, self._now() - self._look_back)
        log.warning(
            "The homeserver refuses the saved position: each room is read again since %s.",
            f"{again:%Y-%m-%d %H:%M} UTC",
            extra={"action": "begin-anew"},
        )
        return news, again

    def _wait(self) -> float:
        if self._judging.waits:
            return min(self._poll, JUDGING)
        return min(self._poll, self._key_patience) if self._saved.sealed else self._poll

    async def _guarded(
        self, room: str, timeline: dict[str, Any], news: News, sealed: list[Sealed], again: datetime | None
    ) -> list[Event]:
        """Read a room, as `_room`; an unforeseen error is logged, and the other rooms are read."""
        waiting: list[Sealed] = []
        try:
            events = await self._room(self._client.rooms[room], timeline, news, waiting, again)
        except ChannelError:
            raise
        except Exception as error:
            log.exception(
                "A room could not be read: its news are dropped (%s).",
                type(error).__name__,
                extra={"action": "discard-room"},
            )
            return []
        sealed += waiting
        return events

    async def _room(
        self,
        room: MatrixRoom,
        timeline: dict[str, Any],
        news: News,
        sealed: list[Sealed],
        again: datetime | None,
    ) -> list[Event]:
        """Read what happened in one room that we are in; since `again`, where the position was refused."""
        since = self._saved.token
        if not since:
            return []  # without a token the homeserver repeats what is long past
        sources = told(timeline["events"], news.opened)
        if again is not None:
            sources = await self._history.since(room.room_id, timeline, sources, again.timestamp())
        raws = list(self._raws(sources, again))
        entered = self._entered(raws)
        if again is None and entered is None and timeline["limited"] and timeline["prev_batch"]:
            missed = await self._history.before(room.room_id, timeline["prev_batch"], since)
            raws = [*self._raws(missed), *raws]
            entered = self._entered(raws)
        if entered is not None:
            # What was said before we came is answered by the greeting.
            raws = raws[entered:]
        if self._rooms.is_typed(room.room_id):
            self._leaving.note(room)
            return []
        if self._rooms.is_crowd(room):
            came = [raw for raw in raws if raw.membership in ("join", "invite") and raw.before != "join"]
            if came or not self._leaving.knows(room.room_id):
                return self._crowd(room, came[-1].at if came else self._now())
            return []
        self._leaving.forget(room.room_id)  # the third person has gone; another one is noted anew
        person = self._person(room, self._rooms.others(room), raws)
        if person is None:
            return []
        events: list[Event] = []
        for raw in raws:
            if raw.type == _ENCRYPTED:
                sealed += kept(raw, person, self._now(), self._saved.asked_at)
            elif raw.state_key == raw.sender == self._client.user_id:
                events += self._greeting(raw, person)
            else:
                judged = await self._judging.judge(room, raw, person, events_of(raw, person))
                events += judged or ()
                if judged is None:
                    sealed += kept(raw.sealed or raw, person, self._now(), self._saved.asked_at)
        return events

    def _raws(self, events: Iterable[Told], again: datetime | None = None) -> Iterator[Raw]:
        now = self._now()
        since = self._saved.asked_at if again is None else again.timestamp()
        for event in events:
            raw = raw_of(event.source, now, since)
            if raw is not None and event.opened is not None:
                raw = opened_of(event.opened, raw, now, since)
            if raw is None:
                log.warning("What is no event is dropped.", extra={"action": "discard-event"})
            else:
                yield raw

    def _entered(self, raws: list[Raw]) -> int | None:
        """Return where in a room's events we came in, if we did."""
        places = [
            place
            for place, raw in enumerate(raws)
            if raw.membership == "join" and raw.state_key == self._client.user_id and raw.before != "join"
        ]
        return places[-1] if places else None

    def _greeting(self, raw: Raw, person: Person) -> list[Event]:
        if raw.membership != "join" or raw.before == "join":
            return []
        former = self._rooms.former(person.room, person.user, self._client.rooms.values())
        return [
            Event("matrix", raw.id, person.room, raw.at, Kind.GREETING, sender=person.user, succeeds=former)
        ]

    def _crowd(self, room: MatrixRoom, at: datetime) -> list[Event]:
        """Report a group once a day at most, without its words; then leave.

        A large group is left without a message, which would need a key for each of its devices.
        """
        self._leaving.note(room)
        if len(room.users) > LARGE:
            return []
        return [once_a_day(Kind.GROUP, Person(room.room_id, ""), at)]

    def _crowds_left(self) -> list[Event]:
        """Tell of the crowds in which an earlier process left us, and leave what is no conversation."""
        events: list[Event] = []
        for room in self._client.rooms.values():
            if self._rooms.is_typed(room.room_id):
                self._leaving.note(room)
            elif self._rooms.is_crowd(room):
                events += self._crowd(room, self._now())
        return events

    def _person(self, room: MatrixRoom, others: list[str], raws: list[Raw]) -> Person | None:
        """Return who is at the other end: whoever is there, or whoever was there last."""
        left = [raw.state_key for raw in raws if raw.membership in ("leave", "ban") and raw.state_key]
        user = others[0] if others else left[-1] if left else ""
        return Person(room.room_id, user, self._rooms.names(room)) if is_user(user) else None

    def _gone(self, room: str, left: Mapping[str, Any] | None = None) -> list[Event]:
        """Let go of a room that we are not in any more: nothing reaches whoever is."""
        self._invitations.forget(room)
        self._leaving.forget(room)
        self._rooms.forget(room)
        if self._client.rooms.pop(room, None) is None:
            return []
        self._client.olm.outbound_group_sessions.pop(room, None)
        raws = list(self._raws(told(left["timeline"]["events"], {}))) if left else []
        return [Event("matrix", raws[-1].id, room, raws[-1].at, Kind.LEFT)] if raws else []

    def _verifications(self, to_device: list[Any]) -> list[Event]:
        """Read requests to compare emoji, which a program cannot: whoever asks is told so."""
        asking = {
            getattr(event, "sender", "")
            for event in to_device
            if isinstance(source := getattr(event, "source", None), dict)
            and source.get("type") == VERIFICATION
        }
        return [
            once_a_day(Kind.VERIFY, person, self._now())
            for room in (self._client.rooms.values() if asking else ())
            if (person := self.person_in(room)) is not None and person.user in asking
        ]

    def rooms_of(self, users: Collection[str]) -> dict[str, list[str]]:
        """Return the direct rooms of each of these accounts, the newest first; rooms of another account are left out."""
        homes: dict[str, list[str]] = {user: [] for user in users}
        for room in self._client.rooms.values() if users else ():
            person = self.person_in(room)
            if person is not None and person.user in homes and self._rooms.account(room) == person.user:
                homes[person.user].insert(0, room.room_id)
        return homes

    def person_in(self, room: MatrixRoom) -> Person | None:
        """Return who is at the other end of a room, if it is a direct one."""
        others = self._rooms.others(room)
        alone = len(others) == 1 and not self._rooms.is_typed(room.room_id)
        return self._person(room, others, []) if alone else None

    def _person_by_id(self, room_id: str) -> Person | None:
        room = self._client.rooms.get(room_id)
        return None if room is None else self.person_in(room)

    def accounts(self) -> dict[str, str]:
        """Return who is alone with us in each room that we are in, or was last."""
        found = {room.room_id: self._rooms.account(room) for room in self._client.rooms.values()}
        return {room: account for room, account in found.items() if account}
