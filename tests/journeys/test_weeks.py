# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What whole weeks bring: the real service and a real store, on a clock that is turned."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from config.schedule import Schedule, is_day_off
from storage import tables
from storage.outbox import ledger
from tests.bot.builders import lesson, push
from tests.bot.weeks import SLUGS, life, paris

if TYPE_CHECKING:
    from sqlalchemy import Table

    from storage.store import Store
    from storage.types import Tx

# --- a fortnight


async def test_a_fortnight_of_someone_who_answers(store: Store) -> None:
    async with life(store) as alive:
        await alive.says(await alive.answer() or "", await alive.answer() or "")
        came = await alive.lives(answers=True, days=14)
    assert [what for _, what in came] == list(SLUGS[1:11])
    assert {paris(at)[1] for at, _ in came} == {"08:30"}
    days = [paris(at)[0] for at, _ in came]
    assert days == sorted({*days})
    assert not any(is_day_off(Schedule(), day) for day in days)
    assert _questions_a_day(store) == {2}


def _questions_a_day(store: Store) -> set[int]:
    """How many questions were asked on a day, of all days with one."""
    asked = store.read_now(lambda tx: tx.execute(tables.prompt.select()).all())
    days = [row.created_at.date() for row in asked if row.topic == "quiz"]
    return {days.count(day) for day in days}


async def test_someone_who_never_answers_is_left_in_peace_and_can_come_back(store: Store) -> None:
    async with life(store) as alive:
        came = await alive.lives(days=21)
        assert [what for _, what in came] == ["l02", "l03", "reminder", "l04", "l05", "l06", "pause"]
        learner = await alive.learner()
        assert (learner.state, learner.pause_reason) == ("paused", "silent")
        assert "Quel plaisir" in await alive.says("reprendre")
        came = await alive.lives(days=3)
        assert [what for _, what in came][:2] == ["l07", "l08"]


async def test_any_word_starts_the_count_of_silence_again(store: Store) -> None:
    async with life(store) as alive:
        came = []
        for _ in range(6):
            came += await alive.lives(days=2)
            await alive.says("aide")
    assert "reminder" not in [what for _, what in came]
    assert (await alive.learner()).state == "active"


async def test_the_course_over_reviews_come_when_they_are_due(store: Store) -> None:
    async with life(store, slugs=SLUGS[:3]) as alive:
        await alive.says(await alive.answer() or "", await alive.answer() or "")
        came = await alive.lives(answers=True, days=30)
    kinds = [what for _, what in came]
    assert kinds[:2] == ["l02", "l03"]
    assert set(kinds[2:]) == {"review"}
    assert max(_questions_a_day(store)) <= 2
    assert (await alive.counters()).get("slot.finished", 0) > 0, "some days bring nothing"


# --- days off and changes of clock


async def test_public_holidays_are_days_off(store: Store) -> None:
    async with life(store, datetime(2027, 7, 12, 9, tzinfo=UTC)) as alive:
        came = await alive.lives(days=4)
        assert [paris(at)[0].day for at, _ in came] == [13, 15, 16]
        alive.clock.at = datetime(2028, 4, 28, 9, tzinfo=UTC)  # far beyond grace: a Friday before 1 May
        await alive.says("reprendre", "aide")
        came = await alive.lives(days=5)
    assert [paris(at)[0] for at, _ in came] == [date(2028, 5, 2), date(2028, 5, 3)]


@pytest.mark.parametrize(("calendar", "days"), [("FR", [25, 26, 30]), ("Alsace", [25, 30])])
async def test_good_friday_is_a_day_off_in_alsace(store: Store, calendar: str, days: list[int]) -> None:
    async with life(store, datetime(2027, 3, 24, 9, tzinfo=UTC), holidays=calendar) as alive:
        came = await alive.lives(days=6)
    assert [paris(at)[0].day for at, _ in came] == days  # Easter Monday is the 29th


@pytest.mark.parametrize("sunday", [date(2027, 3, 28), date(2027, 10, 31)])
async def test_a_change_of_clock_moves_no_lesson_on_the_wall(store: Store, sunday: date) -> None:
    start = datetime(sunday.year, sunday.month, sunday.day, 9, tzinfo=UTC) - timedelta(days=4)
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    async with life(store, start, days=days, holidays="none") as alive:
        came = await alive.lives(answers=True, days=7)
    assert {paris(at)[1] for at, _ in came} == {"08:30"}
    assert [paris(at)[0] for at, _ in came] == [start.date() + timedelta(days=n) for n in range(1, 8)]


@pytest.mark.parametrize(("sunday", "instant"), [(date(2027, 3, 28), "01:00"), (date(2027, 10, 31), "00:30")])
async def test_an_hour_that_a_change_of_clock_skips_or_repeats_brings_one_lesson(
    store: Store, sunday: date, instant: str
) -> None:
    start = datetime(sunday.year, sunday.month, sunday.day, 9, tzinfo=UTC) - timedelta(days=2)
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    async with life(store, start, days=days, time="02:30", quiet=None, holidays="none") as alive:
        came = await alive.lives(answers=True, minutes=10, days=3)
    assert [paris(at)[0] for at, _ in came] == [
        sunday - timedelta(days=1),
        sunday,
        sunday + timedelta(days=1),
    ]
    assert f"{came[1][0]:%H:%M}" == instant


@pytest.mark.parametrize("seed", range(4))
async def test_moving_hours_and_zones_never_bring_two_lessons_on_a_date(store: Store, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a story, no secret
    zones = ("Pacific/Tahiti", "Europe/Paris", "Indian/Reunion", "Pacific/Noumea", "America/Miquelon")
    dates: list[date] = []
    kinds: list[str] = []
    async with life(store, quiet=None, days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"]) as alive:
        zone = "Europe/Paris"
        dates.append(paris(alive.clock.at)[0])
        for _ in range(25):
            came = await alive.lives(hours=chance.choice((2, 7, 11, 19)))
            dates += [at.astimezone(ZoneInfo(zone)).date() for at, _ in came]
            kinds += [what for _, what in came]
            if chance.random() < 0.6:
                zone = chance.choice(zones)
                await alive.says("reglages", "3", zone)
            await alive.says("reglages", "1", f"{chance.randrange(24):02}:{chance.choice((0, 30)):02}")
    assert len(dates) > 3
    assert len(dates) == len(set(dates))
    assert kinds == list(SLUGS[1 : len(kinds) + 1])


@pytest.mark.parametrize("words", [("pause",), ("stop", "arrêter"), ("stop", "effacer")])
async def test_pausing_or_stopping_takes_back_what_waits(store: Store, words: tuple[str, ...]) -> None:
    async with life(store) as alive:
        if words[0] == "stop":
            alive.clock.at = datetime(2026, 11, 24, 7, 20, tzinfo=UTC)
            await alive.says("stop")
    alive.clock.at = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    await alive.service.plan(alive.clock.at)
    await alive.tells(words[-1])
    assert (await store.read(ledger.outcomes))["lesson"] == {"cancelled": 1}
    async with alive.sending():
        await alive.settled()
        came = await alive.lives(days=7)
    assert came == []
    assert "Titre de l02" not in alive.out.getvalue()


async def test_who_erases_everything_is_gone_the_next_morning(store: Store) -> None:
    async with life(store) as alive:
        await alive.says(await alive.answer() or "", "stop", "effacer")
        await alive.lives(days=1)
        await alive.service.tidy()
    gone = (tables.learner, tables.address, tables.enrolment, tables.prompt, tables.recall, tables.outbox)
    assert [table.name for table in gone if store.read_now(_rows, table)] == []


def _rows(tx: Tx, table: Table) -> int:
    return len(tx.execute(table.select()).all())


# --- what admins do meanwhile


async def test_a_lesson_past_its_date_is_held_back_until_it_is_renewed(store: Store) -> None:
    async with life(store) as alive:
        source = lesson("x").sources[0].model_dump(mode="json") | {"checked": "2026-11-01"}
        await store.write(push, lesson("l03", review_by="2026-11-24", sources=[source]))
        came = await alive.lives(answers=True, days=3)
        assert [what for _, what in came] == ["l02", "l04", "l05"]
        await store.write(push, lesson("l03"))
        came = await alive.lives(answers=True, days=20)
        assert [what for _, what in came].count("l03") == 1


async def test_a_lesson_pushed_in_the_middle_reaches_those_who_are_past_it(store: Store) -> None:
    async with life(store, slugs=SLUGS[:4]) as alive:
        await alive.lives(answers=True, days=2)
        await store.write(push, lesson("l00"), place=2)
        came = await alive.lives(answers=True, days=7)
        assert [what for _, what in came][:2] == ["l04", "l00"]
        assert [what for _, what in came].count("l00") == 1
