# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does one bad event leave the rest, and its sender, in peace?"""

from __future__ import annotations

import asyncio
import io
import logging
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot import codes
from bot.channels.console import ADDRESS, ConsoleChannel
from bot.messages import Event, Kind
from bot.service import Service
from bot.service.inbound import receive
from bot.talk.reception import read
from bot.talk.turn import Rules
from config.schedule import Schedule
from lessons.curriculum import Role
from storage import broadcasts, ownership, tables
from tests import logged
from tests.bot.builders import Town, lesson, publish
from tests.waiting import until

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def service(
    store: Store, typed: bytes = b"", admins: frozenset[str] = frozenset(), sender_rate: float = 0
) -> tuple[Service, ConsoleChannel, io.StringIO]:
    store.write_now(publish, lesson("un"), now=NOW)
    out = io.StringIO()
    channel = ConsoleChannel(io.BytesIO(typed), out)
    channel.pace = replace(channel.pace, sender_rate=sender_rate)
    store.write_now(ownership.take, channel.account)
    return Service(store, [channel], Rules(Schedule(), "fr", admins), now=lambda: NOW), channel, out


def event(number: int, text: str = "bonjour", **other: Any) -> Event:
    return Event("console", f"e{number}", ADDRESS, NOW, text=text, **other)


def waiting(tx: Tx) -> list[str]:
    return [row.content["text"] for row in tx.execute(tables.outbox.select().order_by(tables.outbox.c.id))]


def kinds(tx: Tx) -> Counter[str]:
    return Counter(row.kind for row in tx.execute(tables.outbox.select()))


def failed(tx: Tx) -> list[str]:
    return [row.event_id for row in tx.execute(tables.seen.select()) if row.failed]


async def test_a_piped_conversation_shows_every_answer_and_ends(store: Store) -> None:
    talking, _, out = service(store, b"oui\nprogression\nstop\nnon\n")
    await talking.run()
    said = out.getvalue()
    places = [
        said.index(part)
        for part in ("On commence", "Titre de un", "Votre progression", "arrêter", "continue")
    ]
    assert places == sorted(places)


async def test_what_cannot_be_looked_for_is_noted_as_failed_and_apologised_for(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    talking, channel, _ = service(store)
    with caplog.at_level(logging.ERROR):
        await talking.receiving.receive(channel, event(1, kind=Kind.CHOOSE, refers="\ud800"))
    assert store.read_now(failed) == ["e1"]
    (said,) = store.read_now(waiting)
    assert said.startswith("Désolé")
    assert logged.actions(caplog) == ["answer-event"]
    await talking.receiving.receive(channel, event(2))
    assert len(store.read_now(waiting)) == 2


async def test_nobody_waits_until_an_announcement_was_queued_for_everyone(store: Store) -> None:
    admins = frozenset({f"console:{ADDRESS}"})
    talking, channel, _ = service(store, b"oui\n", admins)
    await talking.run()
    store.write_now(ownership.take, channel.account)
    store.write_now(broadcasts.begin, roles=tuple(Role), by="test", now=NOW, text="La mairie ferme")
    await talking.receiving.receive(channel, event(1, "aide"))
    assert store.read_now(kinds)["notice"] == 0
    await until(lambda: store.read_now(kinds)["notice"] > 0)


async def test_an_admin_reads_the_figures(store: Store) -> None:
    talking, _, out = service(store, b"oui\n/stats\n", frozenset({f"console:{ADDRESS}"}))
    town = Town(store)
    for number in range(4):
        town.learner(str(number))
    await talking.run()
    assert "5 actives" in out.getvalue()


async def test_an_announcement_typed_into_the_terminal_is_read_there(store: Store) -> None:
    typed = b"oui\nannonce La mairie ferme\n1\n"
    talking, _, out = service(store, typed, frozenset({f"console:{ADDRESS}"}))
    await talking.run()
    assert "La mairie ferme" in out.getvalue().partition("📣 Message")[2]


async def test_what_cannot_even_be_noted_stops_nothing(store: Store) -> None:
    talking, channel, _ = service(store)
    await talking.receiving.receive_page(
        channel, [Event("console", "\ud800", ADDRESS, NOW, text="x"), event(2)]
    )
    assert len(store.read_now(waiting)) == 1


async def test_a_failed_event_is_not_answered_again_when_it_comes_again(store: Store) -> None:
    talking, channel, _ = service(store)
    for _ in range(3):
        await talking.receiving.receive(channel, event(1, kind=Kind.CHOOSE, refers="\ud800"))
    assert len(store.read_now(waiting)) == 1


def counted(tx: Tx) -> dict[str, int]:
    return {row.name: row.n for row in tx.execute(tables.counter.select())}


async def test_what_comes_again_costs_its_sender_nothing(store: Store) -> None:
    talking, channel, _ = service(store, sender_rate=0.001)
    old = [event(number) for number in range(15)]
    await talking.receiving.receive_page(channel, old)
    answered = len(store.read_now(waiting))
    for _ in range(3):
        await talking.receiving.receive_page(channel, old)
    await talking.receiving.receive(channel, event(100, "aide"))
    assert len(store.read_now(waiting)) == answered + 1
    assert "event.dropped" not in store.read_now(counted)


async def test_a_flood_of_what_is_new_is_dropped_whatever_comes_again_between(store: Store) -> None:
    talking, channel, _ = service(store, sender_rate=0.001)
    flood = [one for number in range(100) for one in (event(number), event(0))]
    await talking.receiving.receive_page(channel, flood)
    noted = store.read_now(lambda tx: tx.execute(tables.seen.select()).all())
    assert len(noted) == channel.pace.sender_burst
    await talking.receiving.note_dropped()
    assert store.read_now(counted)["event.dropped"] >= 80


async def test_what_is_older_than_what_is_remembered_is_not_taken_for_new(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    talking, channel, _ = service(store)
    released: list[str] = []

    async def release(pressed: Event, text: str) -> None:
        released.append(pressed.id)

    monkeypatch.setattr(channel, "acknowledge", release)
    remembered = talking.retention.messages - timedelta(days=1)
    await talking.receiving.receive(channel, event(1, receipt="press", age=remembered + timedelta(seconds=1)))
    assert store.read_now(waiting) == []
    await talking.receiving.note_dropped()
    assert store.read_now(counted) == {"event.old": 1}
    await talking.receiving.rested(channel)
    assert released == ["e1"]
    await talking.receiving.receive(channel, event(2, age=remembered))
    assert len(store.read_now(waiting)) == 1


async def test_the_same_request_many_times_in_a_page_is_answered_once(store: Store) -> None:
    talking, channel, _ = service(store)
    await talking.receiving.receive_page(channel, [event(number, "/aide") for number in range(5)])
    assert len(store.read_now(waiting)) == 1
    texts = ("/aide", "/start", "/aide", "Bonjour à tous", "/aide")
    await talking.receiving.receive_page(channel, [event(10 + n, text) for n, text in enumerate(texts)])
    assert len(store.read_now(waiting)) == 5


async def test_the_same_request_many_times_in_a_page_is_answered_once_though_the_answer_leaves_meanwhile(
    store: Store,
) -> None:
    talking, channel, out = service(store)
    pump = talking.pumps[channel.name]
    sending = asyncio.create_task(pump.run())
    await channel.open()
    await talking.receiving.receive_page(channel, [event(number, "/aide") for number in range(40)])
    await pump.drained()
    assert len(store.read_now(waiting)) == 1
    assert out.getvalue() != ""
    pump.stop()
    await sending


async def test_the_same_request_right_after_its_answer_arrived_is_answered_again(store: Store) -> None:
    talking, channel, _ = service(store)
    await talking.receiving.receive(channel, event(1, "/aide"))
    arrived = store.read_now(lambda tx: tx.execute(tables.outbox.select()).one().id)
    rules = Rules(Schedule(), "fr", frozenset())
    again = read(event(2, "/aide"), rules)
    store.write_now(receive, again, rules, channel.limits, NOW)
    assert len(store.read_now(waiting)) == 1
    again = replace(again, id="e3")
    store.write_now(receive, again, rules, channel.limits, NOW, (), {arrived})
    assert len(store.read_now(waiting)) == 2


async def test_stop_after_an_outage_is_heard_behind_a_hundred_words(store: Store) -> None:
    talking, channel, _ = service(store, sender_rate=0.001)
    words = [event(number, f"mot {number}") for number in range(100)]
    for number, text in ((101, "/stop"), (102, "stop"), (103, "/stop")):
        words.append(event(number, text))
    await talking.receiving.receive_page(channel, words)
    noted = store.read_now(lambda tx: {row.event_id for row in tx.execute(tables.seen.select())})
    assert len(noted & {"e101", "e102", "e103"}) == 1


async def test_a_flood_is_one_line_a_minute_and_one_write(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    talking, channel, _ = service(store, sender_rate=0.001)
    with caplog.at_level(logging.WARNING):
        for number in range(300):
            await talking.receiving.receive(channel, event(number, f"mot {number}"))
    assert logged.actions(caplog).count("drop-event") == 1
    assert "event.dropped" not in store.read_now(counted)
    await talking.plan(NOW)
    assert store.read_now(counted)["event.dropped"] == 280


async def test_a_code_is_looked_up_five_times_a_minute_and_anything_else_is_answered(store: Store) -> None:
    bot, channel, _ = service(store)
    said = [event(number, f"verifier {codes.shown(codes.new())}") for number in range(7)]
    await bot.receiving.receive_page(channel, [*said, event(8, "bonjour")])
    answers = await store.read(waiting)
    assert ["Aucune attestation connue" in text for text in answers[:7]] == [True] * 5 + [False] * 2
    assert ["dans une minute" in text for text in answers[:7]] == [False] * 5 + [True] * 2
    assert "Ce que je garde" in answers[7]
