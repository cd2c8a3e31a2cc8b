# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the clock does: jumps, summer time, a machine asleep over a week-end. A slot is a local date, whatever it shows."""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.schedule import Schedule
from tests.faults.ledger import Line, rows
from tests.faults.sizes import Size
from tests.faults.stage import ALL_DAY, Stage, stage, until

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2027, 3, 22)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
"""The nights in which 02:30 does not exist, and exists twice."""
NIGHT = ALL_DAY.model_copy(update={"time": time(2, 30)})
WORKING = Schedule.model_validate(
    {"time": "08:30", "time_zone": "Europe/Paris", "quiet": "none", "holidays": "none"}
)


def _at(day: date, hour: str, fold: int = 0) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), PARIS).replace(fold=fold).astimezone(UTC)


async def _turn(here: Stage, moment: datetime, planned: int) -> None:
    """It is that moment from now on; wait until all that is then due has left, and a little longer."""
    clock = here.folder / "turned"
    fresh = clock.with_suffix(".new")
    fresh.write_text(str((moment - datetime.now(UTC)).total_seconds()))
    fresh.replace(clock)
    left = "SELECT count(*) FROM outbox WHERE kind <> 'reply' AND state <> 'waiting'"
    await until(lambda: rows(here.url, left)[0][0] >= planned)
    await asyncio.sleep(1)


async def _days(size: Size, name: str, schedule: Schedule, *moments: tuple[datetime, int]) -> Line:
    """Turn the clock from moment to moment; each says how many slots of everybody have been by then."""
    async with stage(
        size.crowd // 10,
        url=await size.database(),
        due=moments[0][0],
        schedule=schedule,
        turned=True,
        started=False,
    ) as here:
        (here.folder / "turned").write_text(
            str((moments[0][0] - timedelta(hours=1) - datetime.now(UTC)).total_seconds())
        )
        await here.bot.start()
        for moment, slots in moments:
            await _turn(here, moment, slots * here.crowd)
        return await here.balance(name, due=moments[-1][1] * here.crowd)


async def jumping(size: Size) -> Line:
    """An hour forward, an hour back: one lesson a day all the same."""
    return await _days(
        size,
        "clock jumps by an hour",
        ALL_DAY,
        (_at(MONDAY, "08:30"), 1),
        (_at(MONDAY, "09:31"), 1),
        (_at(MONDAY, "08:29"), 1),
        (_at(MONDAY, "08:31"), 1),
        (_at(MONDAY + timedelta(days=1), "08:31"), 2),
        (_at(MONDAY, "22:00"), 2),
        (_at(MONDAY + timedelta(days=1), "08:32"), 2),
    )


async def spring(size: Size) -> Line:
    """02:30 does not exist: the first instant after the gap."""
    return await _days(
        size,
        "summer time begins",
        NIGHT,
        (_at(SPRING - timedelta(days=1), "02:30"), 1),
        (_at(SPRING, "01:59"), 1),
        (_at(SPRING, "03:01"), 2),
        (_at(SPRING, "03:31"), 2),
        (_at(SPRING + timedelta(days=1), "02:31"), 3),
    )


async def autumn(size: Size) -> Line:
    """02:30 exists twice: the first."""
    return await _days(
        size,
        "summer time ends",
        NIGHT,
        (_at(AUTUMN - timedelta(days=1), "02:30"), 1),
        (_at(AUTUMN, "02:31"), 2),
        (_at(AUTUMN, "02:31", fold=1), 2),
        (_at(AUTUMN, "03:30"), 2),
        (_at(AUTUMN + timedelta(days=1), "02:31"), 3),
    )


async def weekend(size: Size) -> Line:
    """The machine sleeps from Friday to Monday: one slot's worth, no backlog."""
    friday = MONDAY + timedelta(days=4)
    async with stage(
        size.crowd // 10,
        url=await size.database(),
        due=_at(friday, "08:30"),
        schedule=WORKING,
        turned=True,
        started=False,
    ) as here:
        (here.folder / "turned").write_text(str((_at(friday, "08:00") - datetime.now(UTC)).total_seconds()))
        await here.bot.start()
        await _turn(here, _at(friday, "08:31"), here.crowd)
        here.bot.signal(signal.SIGSTOP)
        asleep = asyncio.create_task(_turn(here, _at(friday + timedelta(days=3), "09:00"), 2 * here.crowd))
        await asyncio.sleep(3)
        here.bot.signal(signal.SIGCONT)
        await asleep
        return await here.balance("asleep over the week-end", due=2 * here.crowd)
