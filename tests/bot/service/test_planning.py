# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A tick that is late, comes twice or out of order; a lesson that did not leave; a broadcast that is walked."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.service import spreading
from config.schedule import Schedule
from storage import broadcasts
from storage.outbox import ledger
from storage.progress import enrolments
from tests.bot.builders import lesson, push
from tests.bot.weeks import kind, life, paris

if TYPE_CHECKING:
    from storage.learners import Learner
    from storage.store import Store
    from storage.types import Tx


async def test_a_tick_within_grace_is_caught_up(store: Store) -> None:
    async with life(store) as alive:
        assert kind(await alive.tick(datetime(2026, 11, 24, 10, 29, tzinfo=UTC))) == "l02"
        assert (await alive.enrolment()).next_at == datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
        assert await alive.counters() == {}


async def test_a_tick_after_grace_skips_the_slot_and_counts_it(store: Store) -> None:
    async with life(store) as alive:
        assert await alive.tick(datetime(2026, 11, 24, 10, 30, tzinfo=UTC)) == ""
        assert await alive.counters() == {"slot.missed": 1}
        assert (await alive.enrolment()).next_at == datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
        assert kind(await alive.tick(datetime(2026, 11, 25, 7, 30, tzinfo=UTC))) == "l02"


async def test_after_days_without_the_service_todays_slot_is_caught_up_and_no_more(store: Store) -> None:
    async with life(store) as alive:
        back = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)  # Friday, half an hour after the slot
        assert await alive.tick(back) == ""
        assert kind(await alive.tick(back + timedelta(minutes=1))) == "l02"
        alive.clock.at = back
        came = await alive.lives(days=3)
        assert [what for _, what in came] == ["l03"]
        assert paris(came[0][0]) == (date(2026, 11, 30), "08:30")


async def test_a_late_lesson_does_not_leave_on_the_next_date(store: Store) -> None:
    async with life(store, quiet="none", time="22:30") as alive:
        alive.clock.at = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)  # a Friday, 21:00 in Paris
        await alive.tick()
        await alive.tick()
        assert await alive.tick(datetime(2026, 11, 27, 23, 30, tzinfo=UTC)) == ""
        assert (await alive.enrolment()).next_at == datetime(2026, 11, 30, 21, 30, tzinfo=UTC)


async def test_a_broadcast_that_is_late_does_not_leave_on_a_day_off(store: Store) -> None:
    async with life(store, quiet="none") as alive:
        begun = alive.clock.at = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)  # a Friday, 23:30 in Paris
        await store.write(broadcasts.begin, roles=("agent",), by="t", now=begun, text="Bonjour à tous")
        while await store.write(spreading.spread, begun):
            pass
        assert await alive.tick(begun + timedelta(hours=1)) == ""


async def test_with_a_window_each_slot_has_its_grace_from_the_learners_own_hour(store: Store) -> None:
    async with life(store, window="4h") as alive:
        tuesday = (await alive.enrolment()).next_at
        assert tuesday is not None
        back = tuesday + timedelta(days=1, hours=2, minutes=58)  # the grace of the hour of all is over
        assert await alive.tick(back) == ""
        assert (await alive.enrolment()).next_at == tuesday + timedelta(days=1)
        assert kind(await alive.tick(back + timedelta(minutes=1))) == "l02"
        assert await alive.counters() == {"slot.missed": 1}


async def test_with_a_window_whoever_comes_back_before_their_own_hour_is_due_today(store: Store) -> None:
    async with life(store, window="4h") as alive:
        tuesday = (await alive.enrolment()).next_at
        assert tuesday is not None
        await alive.says("pause")
        alive.clock.at = tuesday - timedelta(seconds=1)  # the hour of all is over
        await alive.says("reprendre")
        assert (await alive.enrolment()).next_at == tuesday


async def test_planning_a_tick_twice_does_nothing_twice(store: Store) -> None:
    async with life(store) as alive:
        tick = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
        alive.clock.at = tick
        planned = await asyncio.gather(*(alive.service.plan(tick) for _ in range(5)))
        await alive.settled()
        assert sorted(planned) == [0, 0, 0, 0, 1]
        assert alive.out.getvalue().count("Titre de l02") == 1


async def test_ticks_that_come_out_of_order_bring_nothing_twice(store: Store) -> None:
    async with life(store) as alive:
        tick = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
        for minutes in (2, 0, 5, 1):
            await alive.tick(tick + timedelta(minutes=minutes))
        assert alive.out.getvalue().count("Titre de") == 2


async def test_a_lesson_that_expired_unsent_costs_no_later_slot_and_none_is_lost(store: Store) -> None:
    async with life(store) as alive:
        pass  # from here on, nothing leaves
    for day in (24, 25, 26):
        alive.clock.at = datetime(2026, 11, day, 7, 30, tzinfo=UTC)
        await alive.service.plan(alive.clock.at)
    assert (await store.read(ledger.outcomes))["lesson"] == {"waiting": 3}  # nobody swept what expired
    assert await alive.counters() == {}
    before = alive.out.tell()
    async with alive.sending():
        await alive.settled()
        assert kind(alive.out.getvalue()[before:]) == "l02"
        assert (await store.read(ledger.outcomes))["lesson"] == {"expired": 2, "sent": 1}
        assert (await alive.enrolment()).silent == 1
        assert kind(await alive.tick(datetime(2026, 11, 27, 7, 30, tzinfo=UTC))) == "l03"


async def test_nothing_is_planned_over_a_lesson_that_may_still_leave(store: Store) -> None:
    async with life(store, time="19:00", grace="12h", quiet="none") as alive:
        pass  # from here on, nothing leaves
    alive.clock.at = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    await alive.service.plan(alive.clock.at)
    # The next date in Nouméa, where the learner has gone meanwhile.
    early = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    learner = await alive.learner()
    await store.write(_due_at, learner, early, "Pacific/Noumea")
    await alive.service.plan(early)
    assert await alive.counters() == {"slot.unsent": 1}
    assert (await store.read(ledger.outcomes))["lesson"] == {"waiting": 1}


def _due_at(tx: Tx, learner: Learner, at: datetime, zone: str) -> None:
    assert learner.enrolment is not None
    there = Schedule(time_zone=zone).model_dump_json()
    enrolments.change(tx, learner.enrolment.id, next_at=at, schedule=there)


async def test_a_broadcast_reaches_those_in_quiet_hours_when_they_end(store: Store) -> None:
    async with life(store) as alive:
        alive.clock.at = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # 21:00 in Paris
        change = await store.write(push, lesson("l20"))
        await store.write(
            broadcasts.begin, roles=("agent",), by="t", now=alive.clock.at, version=change.version
        )
        came = await alive.lives(hours=14)
    assert [(paris(at), what) for at, what in came if what == "l20"] == [
        ((date(2026, 11, 24), "07:00"), "l20")
    ]
    assert [what for _, what in came] == ["l20", "l02"]


async def test_a_broadcast_is_over_after_a_week_even_if_nobody_walked_it(store: Store) -> None:
    async with life(store) as alive:
        begun = alive.clock.at
        for text in ("Réunion demain", "Autre réunion"):
            await store.write(broadcasts.begin, roles=("agent",), by="t", now=begun, text=text)
        back = begun + broadcasts.LASTS
        assert await alive.tick(back) == ""
        assert await store.read(broadcasts.due, back) is None


async def test_an_announcement_on_a_day_off_comes_on_the_next_working_day(store: Store) -> None:
    async with life(store) as alive:
        alive.clock.at = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)  # a Saturday
        await alive.says("aide")
        await store.write(
            broadcasts.begin, roles=("agent",), by="t", now=alive.clock.at, text="Bonjour à tous"
        )
        before = alive.out.tell()
        came = await alive.lives(days=3)
    assert all(paris(at)[0] >= date(2026, 11, 30) for at, _ in came)
    assert alive.out.getvalue()[before:].count("Bonjour à tous") == 1


async def test_a_reminder_counts_the_lessons_that_wait(store: Store) -> None:
    async with life(store) as alive:
        assert await alive.answer() is not None  # the first lesson waits, too
        came = await alive.lives(days=2, hours=1)
        assert [what for _, what in came] == ["l02", "l03"]
        before = alive.out.tell()
        await alive.lives(days=1)
        assert "3 leçons attendent votre réponse" in alive.out.getvalue()[before:]


async def test_a_reminder_counts_no_lesson_that_was_answered(store: Store) -> None:
    async with life(store) as alive:
        await alive.lives(days=2, hours=1)
        enrolment = await alive.enrolment()
        await alive.says(await alive.answer() or "")
        await store.write(lambda tx: enrolments.change(tx, enrolment.id, silent=2))
        before = alive.out.tell()
        await alive.lives(days=1)
        assert "2 leçons attendent votre réponse" in alive.out.getvalue()[before:]
