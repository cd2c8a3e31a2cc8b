# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does each day add up, is a day that does not told, and is none closed too early?"""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, text, update

from bot.channels import Gone, Rejected, Throttled, Uncertain
from bot.service import planning, reconciling
from bot.service.alerts import Reached
from bot.service.outbound import Outcome, settle, step
from storage import broadcasts, erasure, learners, reconciliation, tables
from storage.outbox import queue
from storage.outbox.rows import SCHEDULED
from storage.reconciliation import Day
from tests.bot.builders import BUTTONS, MONDAY, Person, Town, lesson, push
from tests.bot.service.test_isolating import Reach, service

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import pytest
    from sqlalchemy import Executable

    from storage.types import Tx

TUESDAY = MONDAY + timedelta(days=1)
SLOT = TUESDAY.replace(hour=7, minute=30)
NIGHT = TUESDAY.replace(hour=2, minute=17) + timedelta(days=1)


def plan(town: Town, at: datetime = SLOT) -> None:
    town.now = at
    while town.store.write_now(planning.plan, at):
        pass


def send(town: Town, after: float, *failures: Exception | None) -> None:
    """What is ready leaves, so many seconds after the slot; how each fares, in turn."""
    now = SLOT + timedelta(seconds=after)
    attempts = town.store.write_now(step, "telegram", "token", BUTTONS, (), len(failures), (), now).attempts
    assert len(attempts) == len(failures)
    outcomes = [
        Outcome(attempt.row, now, ref="1" if failure is None else "", failure=failure)
        for attempt, failure in zip(attempts, failures, strict=True)
    ]
    town.store.write_now(settle, outcomes, now)


async def closed(town: Town, at: datetime = NIGHT) -> dict[date, Day]:
    """The days that are closed after a night."""
    town.now = at
    await reconciling.reconcile(town.store, at)
    return {day.day: day for day in town.store.read_now(reconciliation.closed, 400)}


def people(town: Town, number: int) -> list[Person]:
    return [town.learner(str(one)) for one in range(number)]


async def test_a_lesson_that_waits_for_somebody_who_erases_everything_counts_as_cancelled(town: Town) -> None:
    first, *_ = people(town, 3)
    plan(town)
    first.does(text="oublier", deliver=False)
    town.store.write_now(lambda tx: tx.execute(update(tables.prompt).values(shown_at=SLOT)))
    first.does(text="effacer", deliver=False)
    send(town, 5, None, None)
    town.wait(seconds=10)
    town.deliver()
    assert first.state == "nobody"
    day = (await closed(town))[SLOT.date()]
    assert (day.planned, day.difference) == (3, 0)


async def test_every_way_to_end_is_counted_and_the_day_adds_up(town: Town) -> None:
    people(town, 10)
    plan(town)
    send(town, 3, None, None)
    send(town, 30, None)
    send(town, 300, None, Gone("blocked"), Throttled(7200.0), Uncertain("?"))
    town.store.write_now(_cancel_one)
    send(town, 40 * 60, None, Rejected("no"))
    town.now = SLOT + timedelta(hours=4)
    town.deliver()  # too late for the one that was throttled
    day = (await closed(town))[SLOT.date()]
    assert day.planned == 10
    assert day.difference == 0
    assert day.outcomes["within_10s"] == 2
    assert day.outcomes["within_1m"] == 1
    assert day.outcomes["later"] >= 1
    assert day.outcomes["refused.gone"] == 1
    assert day.outcomes["cancelled"] == 1
    assert day.outcomes["expired"] >= 1
    assert sum(number for name, number in day.outcomes.items() if name.startswith("refused.")) >= 2


def _cancel_one(tx: Tx) -> None:
    waiting = (tables.outbox.c.state == "waiting", tables.outbox.c.attempts == 0)
    address = tx.execute(tables.outbox.select().where(*waiting)).mappings().first()
    assert address is not None
    assert queue.cancel(tx, address["address_id"], SLOT, "asked") == 1


async def test_what_is_over_and_was_never_claimed_has_expired(town: Town) -> None:
    people(town, 3)
    plan(town)
    assert (await closed(town))[SLOT.date()].outcomes == {"expired": 3}


async def test_a_day_with_a_message_that_may_still_leave_is_not_closed(town: Town) -> None:
    people(town, 2)
    plan(town)
    late = NIGHT + timedelta(hours=1)
    town.store.write_now(lambda tx: tx.execute(update(tables.outbox).values(not_after=late)))
    assert await closed(town) == {}
    assert (await closed(town, NIGHT + timedelta(hours=2)))[SLOT.date()].outcomes == {"expired": 2}


async def test_a_day_that_goes_on_is_not_closed(town: Town) -> None:
    people(town, 2)
    plan(town)
    town.deliver()
    midnight = SLOT.replace(hour=0, minute=0) + timedelta(days=1)
    for at in (SLOT + timedelta(hours=12), midnight - timedelta(seconds=1), midnight + timedelta(minutes=59)):
        assert await closed(town, at) == {}
    assert set(await closed(town, midnight + timedelta(hours=1))) == {SLOT.date()}


async def test_broadcasts_and_lessons_add_up_and_replies_are_not_counted(town: Town) -> None:
    everybody = people(town, 4)
    change = town.store.write_now(push, lesson("cinq"))
    town.store.write_now(broadcasts.begin, roles=("agent",), by="t", now=MONDAY, text="Bonjour")
    town.store.write_now(broadcasts.begin, roles=("agent",), by="t", now=MONDAY, version=change.version)
    town.tick(MONDAY + timedelta(minutes=1))
    town.tick(SLOT)
    for person in everybody:
        person.types(person.right())
    days = await closed(town)
    assert days[MONDAY.date()] == Day(MONDAY.date(), 8, {"within_10s": 8})
    assert days[SLOT.date()] == Day(SLOT.date(), 4, {"within_10s": 4})


async def test_a_day_is_closed_once_whatever_comes_later(town: Town) -> None:
    people(town, 2)
    plan(town)
    town.deliver()
    first = await closed(town)
    town.store.write_now(lambda tx: tx.execute(delete(tables.outbox)))
    assert await closed(town, NIGHT + timedelta(days=1)) == first


async def test_who_is_erased_before_the_day_closes_stays_counted(town: Town) -> None:
    people(town, 5)
    plan(town)
    send(town, 1, None, None)
    reached, waiting = recipients(town, "sent")[0], recipients(town, "waiting")[0]
    assert town.store.write_now(erasure.erase, reached, town.now) == 0
    assert town.store.write_now(erasure.erase, waiting, town.now) == 1
    send(town, 2, *[None] * 2)
    day = (await closed(town))[SLOT.date()]
    assert day.planned == 5
    assert day.difference == 0


def recipients(town: Town, state: str) -> list[str]:
    """The learners whose planned lesson is in a state."""
    planned = tables.outbox.c.priority == SCHEDULED, tables.outbox.c.state == state
    found = select(tables.address.c.learner_id).join(tables.outbox).where(*planned)
    return town.store.read_now(lambda tx: list(tx.execute(found).scalars()))


async def test_an_erasure_while_a_day_is_counted_leaves_it_to_the_next_night(town: Town) -> None:
    people(town, 3)
    plan(town)
    town.deliver()
    assert town.store.write_now(reconciliation.close, SLOT.date(), {"later": 3}, {"later": 1}, NIGHT) is None
    assert (await closed(town))[SLOT.date()].difference == 0


async def test_a_day_that_does_not_add_up_is_told_to_the_admins_and_in_the_log_once(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    mayor = town.learner("mairie")
    people(town, 4)
    plan(town)
    town.deliver()
    lost = tables.outbox.c.id.in_(
        tables.outbox.select()
        .with_only_columns(tables.outbox.c.id)
        .where(tables.outbox.c.priority == 1)
        .limit(2)
    )
    town.store.write_now(lambda tx: tx.execute(delete(tables.outbox).where(lost)))
    town.now = NIGHT
    running = service(town, Reach())
    with caplog.at_level(logging.ERROR):
        await running.tidy()
        await running.tidy()
    town.deliver()
    told = mayor.heard()
    assert told.count("ne tombe pas juste") == 1
    assert (
        "24 novembre 2026 ne tombe pas juste\u00a0: 5 messages étaient prévus, 3 ont une fin connue" in told
    )
    (line,) = [record for record in caplog.records if getattr(record, "action", "") == "reconcile-day"]
    assert getattr(line, "difference", None) == 2


async def test_admins_are_told_once_of_a_wrong_day_though_the_process_is_killed_after_closing_it(
    town: Town,
) -> None:
    mayor = town.learner("mairie")
    people(town, 2)
    plan(town)
    town.deliver()
    town.store.write_now(lambda tx: tx.execute(delete(tables.outbox).where(tables.outbox.c.priority == 1)))
    town.now = NIGHT
    reached = [Reached("telegram", ("mairie",), BUTTONS), Reached("telegram", ("nobody",), BUTTONS)]
    await reconciling.reconcile(town.store, NIGHT, reached)  # the process is killed here
    for night in range(3):
        town.now = NIGHT + timedelta(days=night)
        await service(town, Reach()).tidy()
        town.deliver()
    assert mayor.heard().count("ne tombe pas juste") == 1


async def test_unreadable_counts_of_a_day_stop_no_other_day_and_no_erasure(town: Town) -> None:
    first, *_ = people(town, 2)
    stored = ("{", "[7]", '{"later": "x", "expired": 1}')
    days = [SLOT + timedelta(days=day) for day in range(len(stored) + 1)]
    for at, erased in zip(days, (*stored, "{}"), strict=True):
        plan(town, at)
        town.deliver()
        odd = text("UPDATE reconciliation SET erased = :erased WHERE planned = 2 AND day = :day")
        town.store.write_now(_run, odd, {"erased": erased, "day": str(at.date())})
    town.store.write_now(erasure.erase, first.learner.id, town.now)
    after = await closed(town, days[-1].replace(hour=2) + timedelta(days=1))
    assert [after[at.date()].difference for at in days] == [0, 0, -1, 0]
    town.store.write_now(_run, text("UPDATE reconciliation SET outcomes = '{' WHERE planned = 2"), {})
    assert [day.difference for day in town.store.read_now(reconciliation.closed, 400)] == [2] * len(days)


def _run(tx: Tx, statement: Executable, values: Mapping[str, object]) -> None:
    tx.execute(statement, dict(values))


async def test_a_year_of_days_is_kept(town: Town) -> None:
    person = town.learner()
    # Whoever is silent for so long is told, another message of that day: here they never are.
    town.store.write_now(lambda tx: learners.change(tx, person.learner.id, heard_on=None))
    town.tick(SLOT)
    await service(town).tidy()
    town.now = NIGHT
    await service(town).tidy()
    assert set(town.store.read_now(_days)) == {SLOT.date()}
    town.now = NIGHT + timedelta(days=364)
    await service(town).tidy()
    assert set(town.store.read_now(_days)) == {SLOT.date()}
    town.now = NIGHT + timedelta(days=368)
    await service(town).tidy()
    assert town.store.read_now(_days) == []
    assert person.learner.state == "active"


def _days(tx: Tx) -> list[date]:
    return list(
        tx.execute(tables.reconciliation.select().with_only_columns(tables.reconciliation.c.day)).scalars()
    )


async def test_many_rows_of_one_instant_are_walked_page_by_page(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(town, 7)
    plan(town)
    town.deliver()  # all at one instant
    for rows in (1, 2, 3, 7, 8):
        monkeypatch.setattr(reconciling, "ROWS", rows)
        town.store.write_now(lambda tx: tx.execute(update(tables.reconciliation).values(closed_at=None)))
        assert (await closed(town))[SLOT.date()] == Day(SLOT.date(), 7, {"within_10s": 7})
