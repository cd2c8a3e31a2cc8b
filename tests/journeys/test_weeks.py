# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What do whole weeks bring? The real service and a real store, on a clock that is turned."""

from __future__ import annotations

import asyncio
import io
import random
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from bot.channels.console import ADDRESS, ConsoleChannel
from bot.messages import Event
from bot.service import Service
from bot.talk.turn import Rules
from config.schedule import Schedule, is_day_off
from storage import broadcasts, counters, courses, learners, ownership, tables
from storage.outbox import ledger
from storage.progress import enrolments, prompts
from tests.bot.builders import lesson, publish, push
from tests.demo import TurnedClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy import Table

    from storage.learners import Enrolment, Learner
    from storage.store import Store
    from storage.types import Tx

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SLUGS = tuple(f"l{number:02}" for number in range(1, 16))

Said = tuple[datetime, str]
"""When something was said without being asked for, and what it was: a lesson's slug, or its kind."""


class Life:
    """A learner at a terminal, and the clock of their world."""

    def __init__(self, store: Store, start: datetime, schedule: Schedule) -> None:
        self.store, self.clock, self.schedule = store, TurnedClock(start), schedule
        self.out = io.StringIO()
        self.channel = ConsoleChannel(io.BytesIO(), self.out)
        rules = Rules(schedule, "fr", frozenset())
        self.service = Service(store, [self.channel], rules, now=self.clock)
        self.told = 0

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Let what is queued leave, while the block runs."""
        assert await self.store.write(ownership.take, self.channel.account)
        pump = asyncio.create_task(self.service.pumps["console"].run())
        try:
            yield
            await self.settled()
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)

    async def settled(self) -> None:
        await self.service.pumps["console"].drained()

    async def tells(self, text: str) -> None:
        """Type something, whether anything leaves now or not."""
        self.told += 1
        event = Event("console", f"e{self.told}", ADDRESS, self.clock(), text=text)
        await self.service.receiving.receive(self.channel, event)

    async def says(self, *texts: str) -> str:
        """Type one thing after the other; what came back."""
        before = self.out.tell()
        for text in texts:
            await self.tells(text)
            await self.settled()
        return self.out.getvalue()[before:]

    async def begins(self, *settings: str) -> None:
        """Accept the notice, and change settings."""
        await self.says("start", "oui", *settings)

    async def tick(self, at: datetime | None = None) -> str:
        """A minute comes; what it brought."""
        self.clock.at = at or self.clock.at
        before = self.out.tell()
        await self.service.plan(self.clock.at)
        await self.settled()
        return self.out.getvalue()[before:]

    async def lives(self, answers: bool = False, minutes: int = 30, **time: float) -> list[Said]:
        """Let time go by; what came by itself."""
        came: list[Said] = []
        end = self.clock.at + timedelta(**time)
        while self.clock.at < end:
            text = await self.tick(self.clock.at + timedelta(minutes=minutes))
            if text:
                came.append((self.clock.at, kind(text)))
            while text and answers and (answer := await self.right()) is not None:
                await self.says(answer)
        return came

    async def right(self) -> str | None:
        """What to type to answer the open quiz right, if there is one."""
        learner = await self.learner()
        prompt = await self.store.read(prompts.newest_open, learner.id, "quiz")
        if prompt is None:
            return None
        taught = await self.store.read(courses.lesson_of, prompt.version or "")
        choices = dict(taught.question(prompt.question or "").keyed())
        return " et ".join(
            str(place) for place, key in enumerate(prompt.content["order"], 1) if choices[key].correct
        )

    async def learner(self) -> Learner:
        found = await self.store.read(learners.by_address, "console", ADDRESS)
        assert found is not None
        return found

    async def enrolment(self) -> Enrolment:
        enrolment = (await self.learner()).enrolment
        assert enrolment is not None
        return enrolment

    async def counters(self) -> dict[str, int]:
        return await self.store.read(counters.read)


def kind(text: str) -> str:
    """What a text of the bot is: a lesson's slug, or review, reminder, pause, notice."""
    signs = {"On révise": "review", "rien ne presse": "reminder", "en pause": "pause", "📣": "notice"}
    if "📘" in text:
        return text.partition("📘 Titre de ")[2].split("\n")[0]
    return next((kind for sign, kind in signs.items() if sign in text), text)


def teach(store: Store, *slugs: str, **other: Any) -> None:
    store.write_now(publish, *(lesson(slug, **other) for slug in slugs), now=MONDAY)


@asynccontextmanager
async def life(
    store: Store, start: datetime = MONDAY, slugs: Sequence[str] = SLUGS, **schedule: Any
) -> AsyncIterator[Life]:
    """A life that has begun: the first lesson was read when it starts."""
    teach(store, *slugs)
    lived = Life(store, start, Schedule(**schedule))
    async with lived.sending():
        await lived.begins()
        yield lived


def paris(at: datetime) -> tuple[date, str]:
    local = at.astimezone(PARIS)
    return local.date(), f"{local:%H:%M}"


# --- a fortnight


async def test_a_fortnight_of_someone_who_answers(store: Store) -> None:
    async with life(store) as alive:
        await alive.says(await alive.right() or "", await alive.right() or "")
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
        await alive.says(await alive.right() or "", await alive.right() or "")
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


# --- late, twice, unsent


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
    early = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # the hour was changed meanwhile
    learner = await alive.learner()
    await store.write(_due_at, learner, early)
    await alive.service.plan(early)
    assert await alive.counters() == {"slot.unsent": 1}
    assert (await store.read(ledger.outcomes))["lesson"] == {"waiting": 1}


def _due_at(tx: Tx, learner: Learner, at: datetime) -> None:
    assert learner.enrolment is not None
    enrolments.change(tx, learner.enrolment.id, next_at=at)


@pytest.mark.parametrize("words", [("pause",), ("stop", "oui"), ("stop", "effacer")])
async def test_pausing_or_stopping_takes_back_what_waits(store: Store, words: tuple[str, ...]) -> None:
    async with life(store) as alive:
        if words[0] == "stop":
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
        await alive.says(await alive.right() or "", "stop", "effacer")
        await alive.lives(days=1)
        await alive.service.tidy()
    gone = (tables.learner, tables.address, tables.enrolment, tables.prompt, tables.review, tables.outbox)
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
