# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The history of rooms is read after a lost position or a long absence; a room that cannot be read stops no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.channels import ChannelError, Throttled
from bot.channels.matrix import MatrixChannel, client
from bot.channels.matrix.history import MOST_PAGES, MOST_TRIES
from bot.channels.matrix.position import Position
from bot.messages import Event
from tests.channels.matrix.pages import ANN, ME, Answer, Pages, all_of, direct, event, joined, opened, says
from tests.channels.matrix_case import texts

ROOMS = [f"!{number}:x" for number in range(6)]
ODD = ROOMS[2]
SEALED = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "A", "session_id": "s", "device_id": "d"}
EVERYTHING = {f"{when} {room}" for when in ("avant", "après") for room in ROOMS}


class World:
    """Six conversations. In each, one word is in the history only, and a later one is in the answer to the sync."""

    def __init__(self, pages: Pages, channel: MatrixChannel, *, anew: bool) -> None:
        self.pages, self.channel = pages, channel
        self.before = {room: says(f"avant {room}", ago=30) for room in ROOMS}
        self.after = {room: says(f"après {room}", ago=20) for room in ROOMS}
        for room in ROOMS:
            self.answers(room, self.page(room))
        pages.refused_since = self.position if anew else ""

    def page(self, room: str, *more: Any, end: str = "") -> Answer:
        return 200, {"chunk": [*more, self.before[room]], "start": "a", **({"end": end} if end else {})}

    def answers(self, room: str, answer: Answer) -> None:
        self.pages.messages[room] = lambda _: answer

    @property
    def position(self) -> str:
        return Position.load(self.channel._account.position, ME).token

    async def try_once(self) -> list[Event]:
        """Return the events of one try; the homeserver repeats its answer until the try succeeds."""
        self.pages.queued.clear()
        self.pages.tells({room: joined(self.after[room], state=direct(ANN), limited=True) for room in ROOMS})
        assert self.channel._opened is not None
        stream = self.channel._opened.stream
        stream._anew_at = -1000.0  # a minute later
        events = await stream.page()
        stream.acknowledge()
        return events

    async def listens(self) -> tuple[list[Event], int]:
        """Return the events of the first try that succeeds, and its number."""
        for tries in range(1, 20):
            with suppress(ChannelError):
                return await self.try_once(), tries
        raise AssertionError("nothing is heard")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry a refused token without a pause."""
    monkeypatch.setattr(client, "ONCE_MORE", 0.0)


@asynccontextmanager
async def world(pages: Pages, folder: Path, *, anew: bool) -> AsyncIterator[World]:
    pages.refused_since = ""
    pages.tells({room: joined(state=direct(ANN)) for room in ROOMS})
    async with opened(pages, folder) as channel:
        await all_of(channel, pages)
        yield World(pages, channel, anew=anew)


BROKEN: dict[str, tuple[Answer, int]] = {
    "forbidden": ((403, {"errcode": "M_FORBIDDEN"}), 1),
    "a proxy's 403": ((403, "<html>"), MOST_TRIES),
    "not there": ((404, {"errcode": "M_NOT_FOUND"}), 1),
    "a proxy's 404": ((404, "<html>"), MOST_TRIES),
    "a gateway": ((502, "<html>"), MOST_TRIES),
    "no JSON": ((200, '{"chunk": [{"a"'), MOST_TRIES),
    "another JSON": ((200, {"chunk": 5, "start": []}), MOST_TRIES),
    "a list": ((200, []), MOST_TRIES),
}
both = pytest.mark.parametrize("anew", [True, False], ids=["anew", "absence"])


@both
async def test_an_unreadable_room_is_given_up_alone(
    anew: bool, pages: Pages, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for number, (name, (answer, most)) in enumerate(BROKEN.items()):
        with subtests.test(name):
            async with world(pages, tmp_path / str(number), anew=anew) as six:
                before = six.position
                six.answers(ODD, answer)
                events, tries = await six.listens()
                assert set(texts(events)) == EVERYTHING - {f"avant {ODD}"}
                assert tries == most
                assert six.position != before


@both
async def test_a_malformed_event_in_the_history_costs_no_other_word(
    anew: bool, pages: Pages, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    odd: list[Any] = [
        None,
        5,
        {"type": "m.room.message"},
        {**says("x"), "origin_server_ts": 10**400},
        {**says("x"), "unsigned": 5},
        event("m.room.encrypted", SEALED),  # without its sender's key
        event("m.room.encrypted", {**SEALED, "sender_key": ["k"]}),
        event("m.room.member", {"membership": 5}, state_key=ANN),
    ]
    for number, one in enumerate(odd):
        with subtests.test(odd=one):
            async with world(pages, tmp_path / str(number), anew=anew) as six:
                six.answers(ODD, six.page(ODD, one))
                events, tries = await six.listens()
                assert set(texts(events)) - {"", "x"} == EVERYTHING
                assert tries == 1


@both
async def test_history_pages_that_never_end_are_read_up_to_a_limit(
    anew: bool, pages: Pages, tmp_path: Path
) -> None:
    async with world(pages, tmp_path, anew=anew) as six:
        for ends in (
            lambda start: start,
            lambda start: "a" if start != "a" else "b",
            lambda start: start + "x",
        ):
            pages.messages[ODD] = lambda start, ends=ends: six.page(ODD, end=ends(start))  # type: ignore[misc]
            asked = pages.asked(f"/rooms/{ODD}/messages")
            if anew:
                pages.refused_since = six.position
            events, tries = await six.listens()
            assert (set(texts(events)), tries) == (EVERYTHING, 1)
            assert pages.asked(f"/rooms/{ODD}/messages") - asked <= MOST_PAGES


@both
async def test_when_most_rooms_fail_no_room_is_given_up_and_the_position_stays(
    anew: bool, pages: Pages, tmp_path: Path, caplog: pytest.LogCaptureFixture, subtests: pytest.Subtests
) -> None:
    for number, (name, (answer, _)) in enumerate(BROKEN.items()):
        with subtests.test(name):
            async with world(pages, tmp_path / str(number), anew=anew) as six:
                before = six.position
                for room in ROOMS[:4]:
                    six.answers(room, answer)
                for _ in range(2 * MOST_TRIES):
                    with pytest.raises(ChannelError):
                        await six.try_once()
                assert six.position == before
                for room in ROOMS[:4]:
                    six.answers(room, six.page(room))
                events, tries = await six.listens()
                assert (set(texts(events)), tries) == (EVERYTHING, 1)
    assert not any(record.__dict__.get("action") == "fill-gap" for record in caplog.records)


@both
async def test_a_rate_limited_history_is_read_later_and_nothing_is_lost(
    anew: bool, pages: Pages, tmp_path: Path
) -> None:
    async with world(pages, tmp_path, anew=anew) as six:
        six.answers(ODD, (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 5000}))
        for _ in range(2 * MOST_TRIES):
            with pytest.raises(Throttled):
                await six.try_once()
        six.answers(ODD, six.page(ODD))
        assert set(texts((await six.listens())[0])) == EVERYTHING


@both
async def test_after_a_kill_while_history_is_read_everything_is_read_once(
    anew: bool, pages: Pages, tmp_path: Path
) -> None:
    async with world(pages, tmp_path, anew=anew) as six:
        before, reading = six.position, asyncio.Event()

        def halfway(_: str) -> Answer:
            reading.set()
            return 429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 5000}

        pages.messages[ROOMS[-1]] = halfway
        killed = asyncio.create_task(six.try_once())
        await reading.wait()
        killed.cancel()
        await asyncio.wait({killed})
        assert six.position == before
        six.answers(ROOMS[-1], six.page(ROOMS[-1]))
        pages.queued.clear()
        pages.tells({room: joined(six.after[room], state=direct(ANN), limited=True) for room in ROOMS})
        await six.channel.close()
        async with opened(pages, tmp_path) as second:
            events = await all_of(second, pages)
            ids = [one.id for one in events]
            assert set(texts(events)) == EVERYTHING
            assert len(ids) == len(set(ids))
            pages.refused_since = ""
            pages.tells({room: joined() for room in ROOMS})
            assert await all_of(second, pages) == []


async def test_how_people_find_the_bot_is_its_user_id(pages: Pages, tmp_path: Path) -> None:
    async with opened(pages, tmp_path) as channel:
        assert channel.limits.bot == ME
