# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does what takes long hold up nobody, and is it answered once, whatever happens meanwhile?"""

from __future__ import annotations

import asyncio
import io
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from bot.channels import Oversized, Unreachable
from bot.channels.console import ADDRESS, ConsoleChannel
from bot.messages import Doubt, Event, FileRef, Kind
from bot.service import Service
from bot.service.backlog import MOST_TRIES
from bot.service.inbound import MOST_PENDING
from bot.service.packing import pack, unpack
from bot.talk.turn import Rules
from config.schedule import Schedule
from lessons.forms.workbook import workbook
from lessons.source.bounds import WORKBOOK_IN_CHAT
from storage import erasure, learners, ownership, pending, pins, tables
from tests.bot.builders import lesson, publish
from tests.bot.offspring import children
from tests.bot.service.test_receiving import NOW, counted, failed, service, waiting
from tests.lessons.builders import as_yaml
from tests.lessons.workbooks import LESSON
from tests.waiting import until

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

ADMIN = frozenset({f"console:{ADDRESS}"})


class Slow(ConsoleChannel):
    """A channel whose files come when they are let go, and which is slow to take the answer to a press."""

    def __init__(self) -> None:
        super().__init__(lines=None, out=None)
        self.gate = asyncio.Event()
        self.fetched: list[str] = []
        self.limits_given: list[int] = []
        self.failure: Exception | None = None

    async def download(self, file: FileRef, limit: int) -> bytes:
        self.limits_given.append(limit)
        self.fetched.append(file.ref)
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        if file.name.endswith(".xlsx"):
            return workbook(lesson(file.ref), {}, LESSON)
        return as_yaml(lesson(file.ref).model_dump(mode="json", exclude_defaults=True))

    async def acknowledge(self, event: Event, text: str) -> None:
        del event, text
        await self.gate.wait()


def slow_service(store: Store, admins: frozenset[str] = ADMIN) -> tuple[Service, Slow]:
    store.write_now(publish, lesson("un"), now=NOW)
    channel = Slow()
    store.write_now(ownership.take, channel.account)
    return Service(store, [channel], Rules(Schedule(), "fr", admins), now=lambda: NOW), channel


def fetched(channel: Slow, times: int) -> bool:
    return len(channel.fetched) == times


def said(number: int, text: str = "", address: str = ADDRESS, **other: Any) -> Event:
    return Event("console", f"e{number}", address, NOW, text=text, **other)


def file(number: int, slug: str) -> Event:
    return said(number, kind=Kind.FILE, file=FileRef(slug, f"{slug}.yaml", 1000))


def stop(tx: Tx, address: str) -> None:
    learner = learners.by_address(tx, "console", address)
    assert learner is not None
    learners.change(tx, learner.id, state="stopped")


def rows(tx: Tx) -> int:
    return len(tx.execute(tables.pending.select()).all())


def firsts(store: Store) -> list[str]:
    return [text.partition("\n")[0] for text in store.read_now(waiting)]


async def test_others_are_answered_while_a_file_is_fetched_and_its_sender_is_answered_in_order(
    store: Store,
) -> None:
    talking, channel = slow_service(store)
    page = [
        file(1, "deux"),
        file(2, "trois"),
        said(3, "progression"),
        said(4, "aide"),
        said(5, "aide", "other"),
    ]
    async with asyncio.timeout(30), talking.receiving.working(channel):
        await talking.receiving.receive_page(channel, page)
        assert sum("Je lis encore votre fichier" in text for text in firsts(store)) == 1
        assert len(firsts(store)) == 2
        assert store.read_now(rows) == 4
        await talking.receiving.receive(channel, said(6, "stop"))
        assert len(firsts(store)) == 3
        channel.gate.set()
        await talking.receiving.rested(channel)
    told = "\n".join(store.read_now(waiting)[3:])
    places = [told.index(part) for part in ("Titre de deux", "Titre de trois")]
    assert places == sorted(places)
    assert store.read_now(rows) == 0
    assert channel.fetched == ["deux", "trois"]
    keys = store.read_now(lambda tx: [row.key for row in tx.execute(tables.outbox.select())])
    assert {key.split(":")[2] for key in keys} == {"e1", "e2", "e3", "e4", "e5", "e6"}


async def test_a_workbook_is_fetched_read_in_a_child_and_previewed(store: Store) -> None:
    talking, channel = slow_service(store)
    channel.gate.set()
    sent = said(1, kind=Kind.FILE, file=FileRef("deux", "02-deux.xlsx", 0))
    async with asyncio.timeout(30), talking.receiving.working(channel):
        await talking.receiving.receive(channel, sent)
        await talking.receiving.rested(channel)
    assert "Titre de deux" in "\n".join(store.read_now(waiting))
    assert channel.limits_given == [WORKBOOK_IN_CHAT]
    assert children() == []


async def test_a_slow_answer_to_a_press_holds_up_no_page(store: Store) -> None:
    talking, channel = slow_service(store)
    async with asyncio.timeout(30), talking.receiving.working(channel):
        press = said(1, kind=Kind.CHOOSE, refers="gone", keys=("a",), receipt="r")
        await talking.receiving.receive_page(channel, [press])
        await talking.receiving.receive_page(channel, [said(2, "aide")])
        assert firsts(store)


async def test_what_was_noted_is_taken_up_by_the_next_process_and_answered_once(store: Store) -> None:
    talking, channel = slow_service(store)
    async with talking.receiving.working(channel):
        await talking.receiving.receive_page(channel, [file(1, "deux"), said(2, "aide")])
        await until(lambda: channel.fetched == ["deux"])
    assert store.read_now(rows) == 2
    again, channel = Service(store, [channel], talking.rules, now=lambda: NOW), channel
    channel.gate.set()
    async with asyncio.timeout(30), again.receiving.working(channel):
        await again.receiving.receive_page(channel, [file(1, "deux"), said(2, "aide")])  # told again
        await until(lambda: store.read_now(rows) == 0)
    assert sum("Titre de deux" in text for text in store.read_now(waiting)) == 1
    assert channel.fetched == ["deux", "deux"]


async def test_a_file_that_ends_every_process_is_given_up_with_an_apology(store: Store) -> None:
    talking, channel = slow_service(store)
    for times in range(1, MOST_TRIES + 1):
        async with talking.receiving.working(channel):
            if times == 1:
                await talking.receiving.receive(channel, file(1, "deux"))
            await until(partial(fetched, channel, times))
    async with asyncio.timeout(30), talking.receiving.working(channel):
        await until(lambda: store.read_now(rows) == 0)
    assert len(channel.fetched) == MOST_TRIES
    assert store.read_now(failed) == ["e1"]
    (told,) = firsts(store)
    assert told.startswith("Désolé")


async def test_each_way_to_fail_is_told_once_and_truly(store: Store) -> None:
    talking, channel = slow_service(store)
    channel.gate.set()
    failures = (
        (Unreachable(), "pas pu récupérer"),
        (TimeoutError(), "pas pu récupérer"),
        (Oversized(), "256"),
        (ValueError("odd"), "Désolé"),
    )
    for number, (failure, sentence) in enumerate(failures):
        channel.failure = failure
        before = len(firsts(store))
        await talking.receiving.receive(channel, file(number, "deux"))
        await talking.receiving.rested(channel)
        (told,) = firsts(store)[before:]
        assert sentence in told
    assert store.read_now(rows) == 0


async def test_a_file_that_does_not_come_is_given_up_after_a_minute(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    talking, channel = slow_service(store)  # it gives no file until its gate is set
    await talking.receiving.receive(channel, file(1, "deux"))
    await until(partial(fetched, channel, 1))
    loop, real = asyncio.get_running_loop(), asyncio.get_running_loop().time
    monkeypatch.setattr(loop, "time", lambda: real() + 55)
    await asyncio.sleep(0.1)
    assert firsts(store) == []
    monkeypatch.setattr(loop, "time", lambda: real() + 60)
    await asyncio.wait_for(talking.receiving.rested(channel), 10)
    (told,) = firsts(store)
    assert "pas pu récupérer" in told


async def test_who_is_erased_or_loses_the_right_meanwhile_gets_no_preview(store: Store) -> None:
    talking, channel = slow_service(store)
    await talking.receiving.receive(channel, said(1, "aide"))
    await talking.receiving.receive(channel, file(2, "deux"))
    await until(lambda: channel.fetched == ["deux"])
    learner = store.read_now(learners.by_address, "console", ADDRESS)
    assert learner is not None
    store.write_now(erasure.erase, learner.id, NOW)
    before = firsts(store)
    channel.gate.set()
    await talking.receiving.rested(channel)
    assert firsts(store) == before

    store.write_now(pending.add, "console", [(ADDRESS, pack(file(3, "trois")))], NOW)
    others = Service(store, [channel], Rules(Schedule(), "fr", frozenset()), now=lambda: NOW)
    async with asyncio.timeout(30), others.receiving.working(channel):
        await until(lambda: store.read_now(rows) == 0)
    assert "trois" not in channel.fetched
    assert not any("Titre de" in text for text in store.read_now(waiting))


async def test_what_waits_for_one_admin_is_bounded_and_no_word_is_lost(store: Store) -> None:
    talking, channel = slow_service(store)
    async with asyncio.timeout(60), talking.receiving.working(channel):
        for number in range(MOST_PENDING + 3):
            await talking.receiving.receive(channel, file(number, "deux"))
        assert store.read_now(rows) == MOST_PENDING
        assert sum("beaucoup de fichiers" in text for text in firsts(store)) == 3
        before = len(firsts(store))
        await talking.receiving.receive(channel, said(100, "aide"))
        assert len(firsts(store)) == before + 1


async def test_of_a_crowd_learners_are_answered_first_and_no_stranger_is_lost(store: Store) -> None:
    talking, channel, _ = service(store)
    known = [f"known{number}" for number in range(5)]
    for number, address in enumerate(known):
        await talking.receiving.receive(channel, said(number, "bonjour", address))
        store.write_now(stop, address)
    before = len(firsts(store))
    page = [said(100 + number, "bonjour", f"stranger{number}") for number in range(90)]
    page[20:20] = [said(200 + number, "aide", address) for number, address in enumerate(known)]
    async with asyncio.timeout(60), talking.receiving.working(channel):
        await talking.receiving.receive_page(channel, page)
        assert len(firsts(store)) >= before + 5
        assert store.read_now(rows) >= 60
        await talking.receiving.receive_page(channel, page)  # told again
        await until(lambda: store.read_now(rows) == 0)
    met = store.read_now(lambda tx: [row.address for row in tx.execute(tables.address.select())])
    assert len(met) == 95
    assert len(firsts(store)) == before + 95
    lines = store.read_now(lambda tx: {row.priority for row in tx.execute(tables.conversation.select())})
    assert lines == {0, 2}
    assert "event.dropped" not in store.read_now(counted)


async def test_whatever_bears_an_admin_s_name_is_never_put_off_with_a_crowd(store: Store) -> None:
    store.write_now(publish, lesson("un"), now=NOW)
    store.write_now(lambda tx: pins.keep(tx, "console:@mayor:x", "the pinned key", NOW))
    channel = ConsoleChannel(io.BytesIO(b""), io.StringIO())
    store.write_now(ownership.take, channel.account)
    rules = Rules(Schedule(), "fr", frozenset({"console:@mayor:x"}))
    talking = Service(store, [channel], rules, now=lambda: NOW)
    crowd = [said(number, "bonjour", f"stranger{number}", sender=f"@s{number}:x") for number in range(90)]
    forged = said(900, "bonjour", "!room", sender="@mayor:x", doubt=Doubt.UNSIGNED)
    thief = said(901, "annonce Bonjour", "!room", sender="@mayor:x", identity="another key")
    async with asyncio.timeout(60), talking.receiving.working(channel):
        await talking.receiving.receive_page(channel, [*crowd, forged])
        await talking.receiving.receive_page(channel, [thief])
        await until(lambda: store.read_now(rows) == 0)
    told = [text for text in store.read_now(waiting) if "identité" in text]
    assert len(told) == 1
    assert not any("Voici l’annonce" in text for text in store.read_now(waiting))


MAYOR = frozenset({"console:@mayor:x"})


def mayor_says(number: int, text: str, identity: str = "the mayor's key", **other: Any) -> Event:
    return said(number, text, "!room", sender="@mayor:x", identity=identity, **other)


async def test_an_event_that_comes_again_pins_nothing(store: Store) -> None:
    talking, channel = slow_service(store, MAYOR)
    channel.gate.set()
    word = mayor_says(1, "bonjour")
    await talking.receiving.receive(channel, word)
    assert store.read_now(pins.of, word.author) == word.identity
    store.write_now(lambda tx: pins.forget(tx, word.author))
    await talking.receiving.receive(channel, word)
    assert store.read_now(pins.of, word.author) is None


@pytest.mark.parametrize("pinned", ["", "another key"])
async def test_what_waited_while_its_admin_s_identity_was_taken_away_publishes_nothing(
    store: Store, pinned: str
) -> None:
    talking, channel = slow_service(store, MAYOR)
    await talking.receiving.receive(channel, mayor_says(1, "bonjour"))
    sent = mayor_says(2, "", kind=Kind.FILE, file=FileRef("trois", "trois.yaml", 1000))
    async with asyncio.timeout(60), talking.receiving.working(channel):
        await talking.receiving.receive(channel, sent)
        await until(lambda: fetched(channel, 1))
        store.write_now(lambda tx: pins.forget(tx, sent.author))
        if pinned:
            store.write_now(lambda tx: pins.keep(tx, sent.author, pinned, NOW))
        channel.gate.set()
        await until(lambda: store.read_now(rows) == 0)
    assert "Votre identité de chiffrement a changé" in store.read_now(waiting)[-1]
    assert not any("Aperçu" in text for text in store.read_now(waiting))


def test_an_event_is_stored_whole(subtests: pytest.Subtests) -> None:
    whole = Event(
        "matrix",
        "$1",
        "!room:example.org",
        NOW,
        Kind.FILE,
        text="légende",
        refers="p",
        reply_to="$0",
        keys=("a", "b"),
        file=FileRef("ref", "x.yaml", 12),
        sender="@a:example.org",
        message="$1",
        corrects=True,
        thread="$t",
        succeeds="!old:example.org",
        doubt=Doubt.CHANGED,
        identity="key",
        language="fr",
    )
    for event in (whole, said(1), said(2, "bonjour")):
        with subtests.test(event=event.id):
            assert unpack(pack(event)) == event
