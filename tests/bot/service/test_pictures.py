# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A picture is drawn when its row leaves; whatever becomes of it, its text arrives, and nobody else waits or is judged."""

from __future__ import annotations

import asyncio
import io
import logging
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bot.channels import (
    ChannelFault,
    Gone,
    Oversized,
    Refused,
    Rejected,
    Throttled,
    Uncertain,
    Unexplained,
    Unreachable,
)
from bot.channels.console import ConsoleChannel
from bot.children import Bounds
from bot.drawing.studio import Studio
from bot.messages import Art, Ask, Drawing, Limits, Message, Send
from bot.pacing import Pace
from bot.service.measures import Measures
from bot.service.outgoing import REPLY_LASTS, queue_replies
from bot.service.pictures import MOST, PATIENCE, PLACES
from bot.service.pump import LAST_CALLS, Pump
from storage import erasure, learners, ownership, tables
from storage.database import open_database
from storage.outbox import takeover
from tests import logged
from tests.bot.builders import MONDAY
from tests.bot.drawings import CARD
from tests.bot.offspring import children
from tests.bot.papers import NAME, all_texts
from tests.life import WAIT, TurnedClock
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.messages import Piece
    from storage.learners import Learner
    from storage.store import Store
    from storage.types import Tx

TEXT = "**Votre progression**\n12 leçons sur 53."
PATIENT = Bounds(seconds=60)
"""For machines that are busy."""
ODD = "tests.bot.odd_child"


class Wall(ConsoleChannel):
    """A channel that shows pictures to anybody, and refuses what a test says."""

    name = account = "wall"
    limits = Limits(caption=1024, ask=Ask.BUTTONS, documents=True, pictures=True)
    pace = Pace(rate=0, in_flight=8, address_rate=0)

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), io.StringIO())
        self.tried: list[tuple[str, str, Send]] = []
        """The address, the key and the piece of every call."""
        self.shown: list[tuple[str, str, Send]] = []
        self.refuses: dict[str, list[Exception]] = {"picture": [], "document": [], "text": []}
        self.never_answers = ""
        """For what nothing ever comes back: `picture`, `document` or `text`."""

    async def send(self, address: str, piece: Piece, key: str, target: str = "") -> str:
        del target
        assert isinstance(piece, Send)
        assert piece.drawing is None, "no channel draws"
        self.tried.append((address, key, piece))
        if form(piece) == self.never_answers:
            await asyncio.Event().wait()
        if failures := self.refuses[form(piece)]:
            raise failures.pop(0)
        self.shown.append((address, key, piece))
        return str(len(self.shown))


def form(piece: Send) -> str:
    if piece.picture is not None:
        return "picture"
    return "text" if piece.document is None else "document"


def odd(do: str, kind: Art = Art.CARD, **facts: Any) -> Drawing:
    return Drawing(kind, {"do": do, **facts}, "Ce qui est dessiné.", "x.png")


class Gallery:
    """A pump on such a channel, and people at numbered addresses."""

    def __init__(self, store: Store, studio: Studio | None = None) -> None:
        self.store, self.wall, self.clock, self.seconds = store, Wall(), TurnedClock(MONDAY), 0.0
        self.measures = Measures([self.wall.name])
        self.alerts: list[str] = []
        self.pump = Pump(
            store,
            self.wall,
            self.clock,
            self._alert,
            lambda: self.seconds,
            self.measures,
            studio=studio or Studio(bounds=PATIENT, at_once=PLACES),
        )
        self.asked = 0

    async def _alert(self, key: str, about: str) -> None:
        self.alerts.append(f"{key} {about}")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        assert await self.store.write(ownership.take, self.wall.account)
        pump = asyncio.create_task(self.pump.run())
        try:
            yield
        finally:
            sends = [*self.pump._under_way]
            for task in (pump, *sends):
                task.cancel()
            await asyncio.gather(pump, *sends, return_exceptions=True)

    def person(self, address: str) -> Learner:
        def settle(tx: Tx) -> Learner:
            if (known := learners.by_address(tx, self.wall.name, address)) is not None:
                return known
            met = learners.meet(tx, self.wall.name, address, language="fr", now=MONDAY)
            learners.change(tx, met.id, state="active")
            return met

        return self.store.write_now(settle)

    def says(self, address: str, *messages: Message) -> None:
        """Queue an answer."""
        self.asked += 1
        self.store.write_now(
            queue_replies, self.person(address), messages, self.wall.limits, f"e{self.asked}", self.clock()
        )
        self.pump.wake()

    def shows(self, address: str, drawing: Drawing = CARD, text: str = TEXT) -> None:
        """Queue an answer with a drawing."""
        self.says(address, Message(text, picture=drawing))

    async def settled(self) -> None:
        async with asyncio.timeout(2 * WAIT):
            await self.pump.drained()

    def later(self, seconds: float) -> None:
        self.seconds += seconds
        self.clock.at += type(MONDAY - MONDAY)(seconds=seconds)
        self.pump.wake()

    def rows(self) -> list[tuple[str, str, int]]:
        """The key, state and attempts of each row."""
        outbox = tables.outbox.c
        found = self.store.read_now(
            lambda tx: tx.execute(select(outbox.key, outbox.state, outbox.attempts).order_by(outbox.id)).all()
        )
        return [tuple(row) for row in found]

    def refusals(self) -> list[int]:
        return self.store.read_now(lambda tx: list(tx.execute(select(tables.address.c.refusals)).scalars()))

    def claimed(self) -> int:
        conversation = tables.conversation.c
        return self.store.read_now(
            lambda tx: len(
                tx.execute(select(conversation.token).where(conversation.token.is_not(None))).all()
            )
        )

    def counted(self, name: str, **labels: str) -> float:
        value = self.measures.registry.get_sample_value(
            f"iaventure_{name}_total", {"channel": self.wall.name, **labels}
        )
        assert value is not None
        return value

    def failures(self) -> float:
        return sum(
            sample.value
            for family in self.measures.registry.collect()
            if family.name == "iaventure_send_failures"
            for sample in family.samples
        )


async def test_a_picture_is_drawn_when_its_row_leaves_and_is_stored_nowhere(store: Store) -> None:
    gallery = Gallery(store)
    gallery.shows("1")
    contents = store.read_now(lambda tx: tx.execute(select(tables.outbox.c.content)).scalars().all())
    assert [content["drawing"]["facts"] for content in contents] == [dict(CARD.facts)]
    async with gallery.running():
        await gallery.settled()
    ((_, key, piece),) = gallery.wall.shown
    assert (key, piece.text) == ("reply:e1:0.0", TEXT)
    assert piece.picture is not None
    assert piece.picture.width == 1080
    assert gallery.rows() == [("reply:e1:0.0", "sent", 1)]
    assert len(str(contents)) < 4000, "facts, and no bytes"
    assert gallery.counted("drawings", outcome="shown") == 1


@pytest.mark.parametrize("do", ["die", "hang", "talk without end", "fill memory", "quote", "write a file"])
async def test_what_cannot_be_drawn_leaves_as_text_and_is_nobodys_fault(
    store: Store, do: str, caplog: pytest.LogCaptureFixture
) -> None:
    gallery = Gallery(store, Studio(ODD, Bounds(seconds=2, output=100_000)))
    gallery.shows("1", odd(do, name="Camille", where="/tmp/x"))  # noqa: S108 - it is not written
    async with gallery.running():
        await gallery.settled()
        assert children() == []
    assert [(key, form(piece), piece.text) for _, key, piece in gallery.wall.shown] == [
        ("reply:e1:0.0", "text", TEXT)
    ]
    assert gallery.rows() == [("reply:e1:0.0", "sent", 1)]
    assert gallery.counted("drawings", outcome="undrawn") == 1
    assert (gallery.failures(), gallery.refusals(), gallery.alerts) == (0, [0], [])
    assert logged.actions(caplog) == ["draw-picture"]
    assert "Camille" not in caplog.text


async def test_without_a_text_of_its_own_what_stands_for_a_picture_is_said(store: Store) -> None:
    gallery = Gallery(store, Studio(ODD))
    gallery.shows("1", odd("die"), text="")
    gallery.shows("2", odd("die", Art.ATTESTATION), text="Voici.")
    async with gallery.running():
        await gallery.settled()
    assert {address: piece.text for address, _, piece in gallery.wall.shown} == {
        "1": "Ce qui est dessiné.",
        "2": "Voici.\n\nCe qui est dessiné.",
    }


REFUSALS = [
    Rejected("Bad Request: PHOTO_INVALID_DIMENSIONS"),
    Oversized("M_TOO_LARGE"),
    Unexplained("Bad Request: SOMETHING_NEW"),
    Refused("Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda error: type(error).__name__)
async def test_what_a_channel_refuses_to_show_goes_once_more_as_text_under_another_key(
    store: Store, refusal: Exception
) -> None:
    gallery = Gallery(store)
    gallery.wall.refuses["picture"] = [refusal]
    gallery.shows("1")
    async with gallery.running():
        await gallery.settled()
    assert [(key, form(piece)) for _, key, piece in gallery.wall.tried] == [
        ("reply:e1:0.0", "picture"),
        ("reply:e1:0.0:text", "text"),
    ]
    assert gallery.wall.shown[0][2].text == TEXT
    assert gallery.rows() == [("reply:e1:0.0", "sent", 1)]
    assert gallery.counted("drawings", outcome="refused") == 1
    assert (gallery.failures(), gallery.refusals(), gallery.alerts) == (0, [0], [])
    assert gallery.pump.breaker.failures == 0
    assert not gallery.pump.breaker.refusing


async def test_a_paper_that_is_refused_is_said(store: Store) -> None:
    gallery = Gallery(store, Studio(ODD, PATIENT, PLACES))
    gallery.wall.refuses["document"] = [Rejected("Bad Request: wrong type of file")]
    gallery.shows("1", odd("echo", Art.ATTESTATION, what="%PDF-1.7"), text="Voici.")
    async with gallery.running():
        await gallery.settled()
    assert [form(piece) for _, _, piece in gallery.wall.tried] == ["document", "text"]
    assert gallery.wall.shown[0][2].text == "Voici.\n\nCe qui est dessiné."


async def test_a_proxy_that_forbids_files_alone_stops_no_channel_and_the_paper_is_said(store: Store) -> None:
    gallery = Gallery(store, Studio(ODD, PATIENT, PLACES))
    gallery.wall.refuses["document"] = [ChannelFault("A proxy answers in its place")]
    gallery.shows("1", odd("echo", Art.ATTESTATION, what="%PDF-1.7"), text="Voici.")
    async with gallery.running():
        await gallery.settled()
    assert [form(piece) for _, _, piece in gallery.wall.tried] == ["document", "text"]
    assert gallery.rows() == [("reply:e1:0.0", "sent", 1)]
    assert (gallery.alerts, gallery.pump.breaker.is_open) == ([], False)
    assert gallery.counted("drawings", outcome="refused") == 1


@pytest.mark.parametrize(("fatal", "tried"), [(False, ["document", "text"]), (True, ["document"])])
async def test_a_proxy_that_forbids_the_text_too_and_a_fault_that_is_fatal_are_the_channels(
    store: Store, fatal: bool, tried: list[str]
) -> None:
    gallery = Gallery(store, Studio(ODD, PATIENT, PLACES))
    gallery.wall.refuses |= {"document": [ChannelFault("no", fatal=fatal)], "text": [ChannelFault("no")]}
    gallery.shows("1", odd("echo", Art.ATTESTATION, what="%PDF-1.7"))
    async with gallery.running():
        await until(lambda: gallery.pump.breaker.is_open)
        assert [form(piece) for _, _, piece in gallery.wall.tried] == tried
        assert gallery.rows()[0][1] == "waiting"
        assert len(gallery.alerts) == 1
        gallery.later(120)
        await gallery.settled()
    assert [form(piece) for _, _, piece in gallery.wall.shown] == ["document"], "the channel works again"


async def test_an_address_that_refuses_the_text_too_is_judged_by_that(store: Store) -> None:
    gallery = Gallery(store)
    gallery.wall.refuses |= {"picture": [Refused("no photos")], "text": [Refused("nothing")]}
    gallery.shows("1")
    async with gallery.running():
        await gallery.settled()
    assert gallery.rows() == [("reply:e1:0.0", "refused", 1)]
    assert (gallery.failures(), gallery.refusals()) == (1, [1])


async def test_to_somebody_gone_no_text_is_sent(store: Store) -> None:
    gallery = Gallery(store)
    gallery.wall.refuses["picture"] = [Gone("blocked")]
    gallery.shows("1")
    async with gallery.running():
        await gallery.settled()
    assert [form(piece) for _, _, piece in gallery.wall.tried] == ["picture"]
    assert gallery.rows() == [("reply:e1:0.0", "refused", 1)]


@pytest.mark.parametrize("failure", [Uncertain("cut"), Unreachable("down"), Throttled(3)])
async def test_a_picture_that_may_have_left_is_sent_again_with_the_same_bytes_and_key(
    store: Store, failure: Exception
) -> None:
    gallery = Gallery(store)
    gallery.wall.refuses["picture"] = [failure]
    gallery.shows("1")
    async with gallery.running():
        await gallery.settled()
        gallery.later(6)
        await gallery.settled()
    (_, key, first), (_, again, second) = gallery.wall.tried
    assert (key, first) == (again, second)
    assert gallery.rows() == [("reply:e1:0.0", "sent", 2)]


async def test_a_text_that_may_have_left_leaves_again_under_its_key_and_the_refused_picture_does_not(
    store: Store,
) -> None:
    gallery = Gallery(store)
    gallery.wall.refuses |= {"picture": [Rejected("no")], "text": [Uncertain("cut")]}
    gallery.shows("1")
    async with gallery.running():
        await gallery.settled()
        gallery.later(6)
        await gallery.settled()
    assert [(key, form(piece)) for _, key, piece in gallery.wall.tried] == [
        ("reply:e1:0.0", "picture"),
        ("reply:e1:0.0:text", "text"),
        ("reply:e1:0.0:text", "text"),
    ]
    assert gallery.rows() == [("reply:e1:0.0", "sent", 2)]
    assert gallery.counted("drawings", outcome="refused") == 1


async def test_a_process_that_dies_while_the_text_leaves_has_noted_that_the_picture_was_refused(
    store: Store,
) -> None:
    gallery = Gallery(store)
    gallery.wall.refuses["picture"] = [Rejected("no")]
    gallery.wall.never_answers = "text"
    gallery.shows("1")
    async with gallery.running():
        await until(lambda: len(gallery.wall.tried) == 2)
    next_one = Gallery(store)
    async with next_one.running():
        await next_one.settled()
    assert [(key, form(piece)) for _, key, piece in next_one.wall.tried] == [("reply:e1:0.0:text", "text")]
    assert next_one.rows() == [("reply:e1:0.0", "sent", 1)]


async def test_a_text_whose_picture_cannot_be_noted_as_refused_does_not_leave_before_it_is(
    sqlite_url: str,
) -> None:
    unwritable = (
        "CREATE TRIGGER full BEFORE UPDATE OF drawing_refused ON outbox BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with open_database(sqlite_url) as store:
        store.write_now(lambda tx: tx.exec_driver_sql(unwritable))
        gallery = Gallery(store)
        gallery.wall.refuses["picture"] = [Rejected("no"), Rejected("no")]
        gallery.shows("1")
        async with gallery.running():
            await gallery.settled()
            assert gallery.rows() == [("reply:e1:0.0", "waiting", 1)]
            store.write_now(lambda tx: tx.exec_driver_sql("DROP TRIGGER full"))
            gallery.later(61)
            await gallery.settled()
        assert gallery.rows() == [("reply:e1:0.0", "sent", 2)]
        assert [form(piece) for _, _, piece in gallery.wall.tried] == ["picture", "picture", "text"]


async def test_the_text_of_a_refused_picture_waits_for_no_place(store: Store) -> None:
    gallery = Gallery(store, Studio(ODD, PATIENT, PLACES))
    gallery.wall.refuses |= {"document": [Rejected("no")], "text": [Uncertain("cut")]}
    gallery.shows("1", odd("echo", Art.ATTESTATION, what="%PDF-1.7"))
    async with gallery.running():
        await until(lambda: len(gallery.wall.tried) == 2)
        for number in range(PLACES):
            gallery.shows(f"slow {number}", odd("hang"))
        await until(lambda: len(children()) == PLACES)
        gallery.later(6)
        await until(lambda: len(gallery.wall.shown) == 1)
    assert gallery.counted("drawings", outcome="unplaced") == 0


ENDS: dict[str, list[Exception]] = {
    "sent": [],
    "uncertain, then sent": [Uncertain("cut")],
    "throttled, then rejected": [Throttled(3), Rejected("no")],
    "refused": [Refused("no")],
    "gone": [Gone("blocked")],
}


@pytest.mark.parametrize("failures", ENDS.values(), ids=ENDS)
async def test_a_paper_that_is_refused_and_said_leaves_no_name_however_it_ends(
    store: Store, failures: list[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gallery = Gallery(store, Studio(ODD, PATIENT))
    gallery.wall.refuses |= {"document": [Rejected("wrong type of file")], "text": [*failures]}
    drawn = odd("echo", Art.ATTESTATION, what="%PDF-1.7", name=NAME)
    gallery.shows("1", replace(drawn, alternative=f"Attestation de {NAME}"))
    assert NAME in all_texts(store)
    async with gallery.running():
        await gallery.settled()
        if gallery.rows()[0][1] == "waiting":
            assert NAME in all_texts(store), "it is to be said again"
            gallery.later(6)
            await gallery.settled()
    assert [form(piece) for _, _, piece in gallery.wall.tried] == [
        "document",
        *["text"] * max(1, len(gallery.wall.tried) - 1),
    ]
    assert NAME in gallery.wall.tried[-1][2].text
    assert gallery.rows()[0][1] != "waiting"
    assert NAME not in all_texts(store)
    assert NAME not in caplog.text


async def test_a_paper_that_is_refused_and_may_be_said_no_more_leaves_no_name(store: Store) -> None:
    gallery = Gallery(store, Studio(ODD, PATIENT))
    gallery.wall.refuses |= {"document": [Rejected("no")], "text": [Throttled(3)]}
    drawn = odd("echo", Art.ATTESTATION, what="%PDF-1.7", name=NAME)
    gallery.shows("1", replace(drawn, alternative=f"Attestation de {NAME}"))
    async with gallery.running():
        await gallery.settled()
        gallery.later(REPLY_LASTS.total_seconds() + 60)
        await gallery.settled()
    assert gallery.rows() == [("reply:e1:0.0", "expired", 1)]
    assert NAME not in all_texts(store)


async def test_what_comes_after_a_picture_comes_after_it(store: Store) -> None:
    gallery = Gallery(store)
    gallery.says("1", Message("mot " * 400, picture=CARD), Message("Et voilà."))
    async with gallery.running():
        await gallery.settled()
    assert [form(piece) for _, _, piece in gallery.wall.shown] == ["picture", "text", "text"]
    assert gallery.wall.shown[-1][2].text == "Et voilà."


async def test_nobody_waits_behind_people_whose_picture_waits(store: Store) -> None:
    gallery = Gallery(store, Studio(ODD, PATIENT, PLACES))
    for number in range(20):
        gallery.shows(f"card {number}", odd("hang"))
    async with gallery.running():
        await until(lambda: len(children()) == PLACES)
        for number in range(20):
            gallery.says(f"word {number}", Message("Bonjour."))
        await until(lambda: len(gallery.wall.shown) == 20)
        assert {form(piece) for _, _, piece in gallery.wall.shown} == {"text"}
        # What waits is claimed by nobody: a crash repeats none of it.
        await until(lambda: gallery.claimed() == PLACES)


async def test_while_pictures_wait_the_pump_does_not_turn(store: Store) -> None:
    gallery = Gallery(store, Studio(ODD, PATIENT, PLACES))
    for number in range(10):
        gallery.shows(str(number), odd("hang"))
    steps: Counter[str] = Counter()
    async with gallery.running():
        await until(lambda: len(children()) == PLACES)
        await asyncio.sleep(0.5)
        store.watch(lambda _: steps.update(["write"]))
        await asyncio.sleep(1)
        assert steps["write"] <= 2


async def test_a_long_wait_for_a_picture_ends_in_its_text(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    gallery = Gallery(store, Studio(ODD, PATIENT, PLACES))
    for number in range(PLACES + 3):
        gallery.shows(str(number), odd("hang"))
    async with gallery.running():
        await until(lambda: len(children()) == PLACES)
        await until(lambda: len(gallery.pump._pictures._waiting) == 3)
        gallery.later(PATIENCE - 0.1)
        await asyncio.sleep(0.2)
        assert gallery.wall.shown == []
        gallery.later(0.2)
        await until(lambda: len(gallery.wall.shown) == 3)
    assert {piece.text for _, _, piece in gallery.wall.shown} == {TEXT}
    assert gallery.counted("drawings", outcome="unplaced") == 3
    told = [line for line in logged.lines(caplog) if line.__dict__["action"] == "draw-picture"]
    assert [line.__dict__["outcome"] for line in told] == ["unplaced"] * 3
    assert {line.getMessage() for line in told} == {
        "A drawing is not shown; its text leaves: no place was free in time"
    }


async def test_drawings_that_hang_hold_up_nobody_and_are_told_as_such(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    gallery = Gallery(store, Studio(ODD, Bounds(seconds=0.5), PLACES))
    for number in range(PLACES + 1):
        gallery.shows(f"hangs {number}", odd("hang"))
    gallery.shows("1", odd("die"))
    async with gallery.running():
        await gallery.settled()
    assert {(address, form(piece)) for address, _, piece in gallery.wall.shown} == {
        *((f"hangs {number}", "text") for number in range(PLACES + 1)),
        ("1", "text"),
    }
    assert gallery.counted("drawings", outcome="undrawn") == PLACES + 2
    told = Counter(line.getMessage().rpartition(": ")[2] for line in logged.lines(caplog))
    assert told["not done in 0.5 s"] >= PLACES + 1, told
    assert gallery.alerts == []


async def test_more_people_than_can_be_drawn_for_in_time_have_their_text_at_once(store: Store) -> None:
    gallery = Gallery(store, Studio(ODD, PATIENT, PLACES))
    for number in range(PLACES + MOST + 5):
        gallery.shows(str(number), odd("hang"))
    async with gallery.running():
        await until(lambda: len(gallery.wall.shown) == 5)
        assert len(gallery.pump._pictures._waiting) == MOST
        await until(lambda: gallery.claimed() == PLACES)


async def test_many_people_have_their_pictures_in_turn(store: Store) -> None:
    gallery = Gallery(store)
    for number in range(30):
        gallery.shows(str(number))
    async with gallery.running():
        await gallery.settled()
    assert Counter(address for address, _, _ in gallery.wall.shown) == Counter(map(str, range(30)))
    assert {form(piece) for _, _, piece in gallery.wall.shown} == {"picture"}
    # One child may be slow: the other one has then drawn for those who come next.
    shown = [int(address) for address, _, _ in gallery.wall.shown]
    assert all(number <= place + 1 for place, number in enumerate(shown[:2])), shown


async def test_who_is_erased_while_their_picture_waits_holds_up_nobody(store: Store) -> None:
    gallery = Gallery(store, Studio(ODD, PATIENT, PLACES))
    for number in range(PLACES):
        gallery.shows(f"slow {number}", odd("draw slowly", seconds=5, card=dict(CARD.facts)))
    for number in range(6):
        gallery.shows(str(number), odd("draw slowly", seconds=0, card=dict(CARD.facts)))
    async with gallery.running():
        await until(lambda: len(gallery.pump._pictures._waiting) == 6)
        for number in range(5):
            store.write_now(erasure.erase, gallery.person(str(number)).id, MONDAY)
        await gallery.settled()
    assert {address for address, _, _ in gallery.wall.shown} == {"slow 0", "slow 1", "5"}
    assert not gallery.pump._pictures._waiting


async def test_a_pump_that_stops_while_it_draws_ends_in_time_and_sends_it_again_later(store: Store) -> None:
    gallery = Gallery(store, Studio(ODD, PATIENT, PLACES))
    gallery.shows("1", odd("hang"))
    assert await store.write(ownership.take, gallery.wall.account)
    running = asyncio.create_task(gallery.pump.run())
    await until(lambda: len(children()) == 1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    gallery.pump.stop()
    await running
    assert loop.time() - began < LAST_CALLS + 10
    assert gallery.rows() == [("reply:e1:0.0", "waiting", 0)]
    assert len(store.read_now(takeover.under_way, gallery.wall.name)) == 1, "as a send in flight"
    under_way = [*gallery.pump._under_way]
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)
    assert children() == [], "who ends the loop ends the child"
    next_one = Gallery(store)
    async with next_one.running():
        await until(lambda: bool(next_one.wall.shown))
