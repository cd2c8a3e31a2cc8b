# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A row that cannot be read stops nobody: schedules, lessons, the course, prompts, instants out of the calendar."""

from __future__ import annotations

import io
import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Text, select, text, type_coerce, update

from bot.channels.console import ConsoleChannel
from bot.messages import Kind
from bot.service import Service, planning, reconciling, tidying
from bot.service.outbound import take_over
from bot.service.tidying import Tidying
from bot.talk.turn import Rules
from config.retention import Retention
from config.schedule import Schedule
from storage import broadcasts, counters, courses, learners, odd_rows, reconciliation, tables
from storage.outbox import claims, ledger
from tests import logged
from tests.bot.builders import BUTTONS, MONDAY, Person, Town, lesson, publish, push

if TYPE_CHECKING:
    from datetime import datetime

    from bot.channels import Channel
    from storage.store import Store
    from storage.types import Tx

TUESDAY = MONDAY + timedelta(days=1)
EIGHT_THIRTY = TUESDAY.replace(hour=7, minute=30)
OPERATORS = Schedule(time="09:30")
GOOD = Schedule().model_dump(mode="json")
SCHEDULES = {
    "no JSON": "{",
    "nothing": "",
    "null": "null",
    "a list": "[]",
    "a number": "8.5",
    "a text": '"08:30"',
    "no day": json.dumps(GOOD | {"days": []}),
    "a day of another week": json.dumps(GOOD | {"days": ["primidi"]}),
    "a zone that is no more": json.dumps(GOOD | {"time_zone": "Europe/Atlantis"}),
    "a zone out of the folder": json.dumps(GOOD | {"time_zone": "../etc/passwd"}),
    "an hour in the night": json.dumps(GOOD | {"time": "23:00"}),
    "an unknown key": json.dumps(GOOD | {"colour": "blue"}),
    "too deep": "[" * 5000 + "]" * 5000,
}


def service(town: Town, *channels: Channel) -> Service:
    return Service(town.store, channels, Rules(town.schedule, "fr", town.admins), now=lambda: town.now)


async def plan(town: Town, tick: datetime) -> int:
    """A tick, and what it brings."""
    town.now = tick
    planned = await service(town).plan(tick)
    town.deliver()
    return planned


def run(tx: Tx, sql: str, /, **values: object) -> None:
    tx.execute(text(sql), values)


def damage(tx: Tx, person: Person, /, **values: Any) -> None:
    """Write columns of a person's enrolment as they come."""
    named = ", ".join(f"{name} = :{name}" for name in values)
    tx.execute(
        text(f"UPDATE enrolment SET {named} WHERE learner_id = :of"),  # noqa: S608
        {**values, "of": person.learner.id},
    )


def spoil_lesson(tx: Tx, slug: str, content: str | None = None) -> str:
    """Point a lesson at a version with such a content: its own without a title, by default."""
    entry = courses.catalogue(tx).entries[slug]  # type: ignore[union-attr]
    if content is None:
        described = entry.lesson.model_dump(mode="json")
        del described["title"]
        content = json.dumps(described)
    version = f"spoiled-{slug}"
    row = tx.execute(
        select(tables.lesson_version).where(tables.lesson_version.c.id == entry.version)
    ).mappings()
    tx.execute(tables.lesson_version.insert().values({**row.one(), "id": version, "content": {}}))
    tx.execute(text("UPDATE lesson_version SET content = :c WHERE id = :v"), {"c": content, "v": version})
    tx.execute(update(tables.lesson).where(tables.lesson.c.id == slug).values(version=version))
    return version


def spoil_course(tx: Tx, content: str) -> None:
    tx.execute(text("UPDATE course SET content = :c"), {"c": content})


def people(town: Town, number: int) -> list[Person]:
    return [town.learner(str(one)) for one in range(number)]


# --- schedules


async def test_a_schedule_that_cannot_be_read_stops_nobody_and_the_operators_stands_in(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town.schedule = OPERATORS
    healthy = people(town, 3)
    hurt = {what: town.learner(what) for what in SCHEDULES}
    for what, stored in SCHEDULES.items():
        town.store.write_now(damage, hurt[what], schedule=stored)
    tick = max(person.next_at for person in [*healthy, *hurt.values()])
    with caplog.at_level(logging.WARNING):
        assert await plan(town, tick) == len(healthy) + len(hurt)
    for person in [*healthy, *hurt.values()]:
        assert "Titre de deux" in person.heard(), person.address
        assert person.next_at == tick + timedelta(days=1)
    lines = [record for record in caplog.records if getattr(record, "action", "") == "read-schedule"]
    assert len(lines) == len(hurt)
    assert town.store.read_now(counters.read) == {}


def test_whose_schedule_cannot_be_read_has_every_command_and_can_set_it_anew(town: Town) -> None:
    for what, stored in SCHEDULES.items():
        person = town.learner(what)
        town.store.write_now(damage, person, schedule=stored)
        assert "Votre progression" in person.types("progression"), what
        assert "Titre de" in person.types("lecon"), what
        assert "Vos réglages" in person.types("reglages"), what
        assert any("08:30" in choice.label for choice in person.question.choices), what
        person.types("8")
        assert "mes-donnees" in str(person.last), what
        assert "pause" in person.types("pause"), what
        assert "prochaine leçon" in person.types("reprendre"), what
        person.types("reglages")
        person.types("1")
        person.types("9h15")
        assert json.loads(person.enrolment.schedule)["time"] == "09:15", what


async def test_a_broadcast_goes_past_schedules_that_cannot_be_read(town: Town) -> None:
    everybody = [*people(town, 2), *(town.learner(what) for what in SCHEDULES)]
    for what, stored in SCHEDULES.items():
        town.store.write_now(damage, town.person(what), schedule=stored)
    town.store.write_now(broadcasts.begin, roles=("agent",), by="t", now=MONDAY, text="Réunion demain")
    await plan(town, MONDAY)
    assert all("Réunion demain" in person.heard() for person in everybody)


# --- what nobody foresaw


async def test_whoever_fails_alone_is_moved_past_their_slot_and_met_by_no_later_batch(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    healthy, hurt = people(town, 7), town.learner("hurt")
    # Fewer than no silent slot: nobody can say what comes next.
    spoil(town, "enrolment", "silent", "learner_id = :of", of=hurt.learner.id, value=-100)
    with caplog.at_level(logging.WARNING):
        assert await plan(town, EIGHT_THIRTY) == 8
    assert all("Titre de deux" in person.heard() for person in healthy)
    assert "Titre de deux" not in hurt.heard()
    assert hurt.next_at == EIGHT_THIRTY + timedelta(days=1)
    assert town.store.read_now(counters.read) == {"slot.failed": 1}
    (skipped,) = [record for record in caplog.records if getattr(record, "action", "") == "skip-slot"]
    assert getattr(skipped, "enrolment", None) == hurt.enrolment.id
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        assert await plan(town, EIGHT_THIRTY + timedelta(minutes=1)) == 0
    assert caplog.records == []


async def test_whom_the_database_itself_refuses_holds_up_neither_lessons_nor_broadcasts(
    sqlite_town: Town,
) -> None:
    town = sqlite_town
    everybody = people(town, 9)
    hurt = everybody[4]
    refuse = f"""CREATE TRIGGER refuse BEFORE INSERT ON outbox WHEN NEW.address_id = {hurt.learner.address_id}
        BEGIN SELECT RAISE(ABORT, 'not them'); END"""
    town.store.write_now(run, refuse)
    for text_ in ("Première annonce", "Seconde annonce"):
        town.store.write_now(broadcasts.begin, roles=("agent",), by="t", now=MONDAY, text=text_)
    assert await plan(town, EIGHT_THIRTY) == 9
    for person in everybody:
        for told in ("Titre de deux", "Première annonce", "Seconde annonce"):
            assert (told in person.heard()) == (person is not hurt), (person.address, told)
    assert town.store.read_now(broadcasts.due, EIGHT_THIRTY + timedelta(days=1)) is None
    assert town.store.read_now(counters.read) == {"slot.failed": 1}


async def test_an_instant_long_past_is_a_slot_that_was_missed(town: Town) -> None:
    healthy = people(town, 2)
    for address, at in {"first": "0001-01-01 00:00:00.000000", "epoch": "1970-01-01 00:00:00.000000"}.items():
        town.store.write_now(damage, town.learner(address), next_at=at)
    assert await plan(town, EIGHT_THIRTY) == 4
    assert all("Titre de deux" in person.heard() for person in healthy)
    await plan(town, EIGHT_THIRTY + timedelta(minutes=1))
    assert "Titre de deux" in town.person("first").heard()
    assert "Titre de deux" in town.person("epoch").heard()


async def test_an_instant_that_is_none_stops_nobody(sqlite_town: Town) -> None:
    town = sqlite_town
    healthy, hurt = people(town, 3), town.learner("hurt")
    hurt_id = hurt.enrolment.id
    town.store.write_now(damage, hurt, next_at="2026-01-45 soon")
    assert await plan(town, EIGHT_THIRTY) == 4
    assert all("Titre de deux" in person.heard() for person in healthy)
    assert hurt.next_at == EIGHT_THIRTY + timedelta(days=1)
    assert hurt.enrolment.id == hurt_id


async def test_the_date_of_a_slot_never_goes_back_and_no_day_is_planned_twice(town: Town) -> None:
    """In Auckland it is already tomorrow: an enrolment passed over may be dated in another zone."""
    passing = {
        "by the operator's zone": (planning.pass_over, {"schedule": "{"}),
        "by a day": (planning.pass_day, {}),
    }
    zone = json.dumps(GOOD | {"time_zone": "Pacific/Auckland", "time": "08:30"})
    everybody = {what: town.learner(what) for what in passing}
    for person in everybody.values():
        town.store.write_now(
            damage, person, schedule=zone, next_at=f"{EIGHT_THIRTY:%Y-%m-%d} 19:30:00.000000"
        )
    tick = EIGHT_THIRTY.replace(hour=19, minute=30)
    assert await plan(town, tick) == 2
    for what, (pass_, damaged) in passing.items():
        person = everybody[what]
        assert person.enrolment.slot == tick.date() + timedelta(days=1)
        again = {**damaged, "next_at": f"{tick:%Y-%m-%d %H:%M:%S}.000000"}
        town.store.write_now(damage, person, **again)
        town.store.write_now(pass_, person.enrolment.id, tick)
        assert person.enrolment.slot == tick.date() + timedelta(days=1)
        town.store.write_now(damage, person, schedule=zone, next_at=again["next_at"])
    await plan(town, tick)
    assert [person.heard().count("Titre de") for person in everybody.values()] == [2, 2]
    assert planned_on(town, tick) == 2


async def test_a_learner_who_returns_where_it_is_still_yesterday_gets_no_second_lesson_that_day(
    town: Town,
) -> None:
    person = town.learner()
    assert await plan(town, EIGHT_THIRTY) == 1
    person.types("stop")
    person.types("arrêter")
    zone = json.dumps(GOOD | {"time_zone": "Pacific/Honolulu"})
    town.store.write_now(damage, person, schedule=zone)
    town.now = EIGHT_THIRTY + timedelta(minutes=5)  # Monday evening there
    person.types("start")
    person.types("oui")
    assert person.enrolment.slot == EIGHT_THIRTY.date()
    honolulu = EIGHT_THIRTY.replace(hour=18, minute=30)
    assert person.next_at == honolulu + timedelta(days=1)


async def test_a_lesson_planned_again_after_its_slot_was_lost_is_neither_queued_nor_counted_twice(
    town: Town,
) -> None:
    person = town.learner()
    assert await plan(town, EIGHT_THIRTY) == 1
    asked = len(town.store.read_now(lambda tx: tx.execute(select(tables.prompt.c.id)).all()))
    at = f"{EIGHT_THIRTY:%Y-%m-%d %H:%M:%S}.000000"
    town.store.write_now(damage, person, next_at=at, slot=None)
    assert await plan(town, EIGHT_THIRTY) == 1
    assert len(town.store.read_now(lambda tx: tx.execute(select(tables.prompt.c.id)).all())) == asked
    assert planned_on(town, EIGHT_THIRTY) == 1


async def test_a_learner_who_pauses_during_planning_stays_paused(town: Town) -> None:
    person = town.learner()
    person.types("pause")
    for pass_ in (planning.pass_over, planning.pass_day):
        town.store.write_now(pass_, person.learner.enrolment.id, EIGHT_THIRTY)  # type: ignore[union-attr]
    assert person.enrolment.next_at is None
    assert town.store.read_now(counters.read) == {}


def planned_on(town: Town, at: datetime) -> int:
    table = tables.reconciliation
    wanted = select(table.c.planned).where(table.c.day == at.date())
    return int(town.store.read_now(lambda tx: tx.execute(wanted).scalar_one()))


UNREADABLE_INSTANTS = {
    "sqlite": ("garbage", "", "2026-11-24 25:61:00.000000", 5, b"\xff"),
    "postgresql": ("infinity", "-infinity", "0044-03-15 BC"),
}


def unreadable_instants(town: Town) -> tuple[object, ...]:
    """Values that the database stores in a column of instants and Python cannot read."""
    return UNREADABLE_INSTANTS[town.store.read_now(lambda tx: tx.dialect.name)]


def spoil(town: Town, table: str, column: str, where: str, /, **values: object) -> None:
    """Write a raw value into one column of some rows."""
    town.store.write_now(run, f"UPDATE {table} SET {column} = :value WHERE {where}", **values)  # noqa: S608


async def test_a_stored_text_that_is_not_utf8_stops_no_other_learner(sqlite_town: Town) -> None:
    town = sqlite_town
    healthy, hurt = people(town, 2), town.learner("hurt")
    columns = [
        ("learner", "language", "id = :of"),
        ("learner", "role", "id = :of"),
        ("enrolment", "schedule", "learner_id = :of"),
        ("prompt", "topic", "learner_id = :of"),
        ("prompt", "content", "learner_id = :of"),
    ]
    for day, (table, column, where) in enumerate(columns):
        town.store.write_now(
            run,
            f"UPDATE {table} SET {column} = CAST(x'8041' AS TEXT) WHERE {where}",  # noqa: S608
            of=hurt.learner.id,
        )
        town.store.write_now(broadcasts.begin, roles=("agent",), by="t", now=town.now, text=f"Avis {day}")
        await plan(town, town.now + timedelta(minutes=1))
        assert all(f"Avis {day}" in person.heard() for person in healthy), column
        assert all("Votre progression" in person.types("progression") for person in healthy), column
    await plan(town, EIGHT_THIRTY)
    assert all("Titre de deux" in person.heard() for person in healthy)


@pytest.mark.parametrize(("column", "value"), [("place", "first"), ("place", b"\xff"), ("theme", b"\xff")])
async def test_a_lesson_with_an_unreadable_place_is_not_sent_until_it_is_published_again(
    sqlite_town: Town, column: str, value: object
) -> None:
    town = sqlite_town
    person = town.learner()
    spoil(town, "lesson", column, "id = 'deux'", value=value)
    assert await plan(town, EIGHT_THIRTY) == 1
    assert "Titre de trois" in person.heard()
    assert "Votre progression" in person.types("progression")
    assert town.store.read_now(courses.catalogue).damage == ("deux",)  # type: ignore[union-attr]
    if column == "place":
        town.store.write_now(push, lesson("deux"))
    else:
        town.teach(*(lesson(slug) for slug in ("un", "deux", "trois", "quatre")))
    assert town.store.read_now(courses.catalogue).damage == ()  # type: ignore[union-attr]
    for days in (1, 2):
        assert await plan(town, EIGHT_THIRTY + timedelta(days=days)) == 1
    assert "Titre de deux" in person.heard()


@pytest.mark.parametrize("column", ["not_after", "created_at"])
async def test_a_message_with_an_unreadable_instant_is_refused_alone(
    town: Town, column: str, caplog: pytest.LogCaptureFixture
) -> None:
    healthy = people(town, 3)
    hurt = [town.learner(f"hurt-{place}") for place in range(len(unreadable_instants(town)))]
    town.now = EIGHT_THIRTY
    assert await service(town).plan(EIGHT_THIRTY) == len(healthy) + len(hurt)
    for person, value in zip(hurt, unreadable_instants(town), strict=True):
        spoil(town, "outbox", column, "address_id = :of", of=person.learner.address_id, value=value)
    before = town.store.read_now(ledger.outcomes)["lesson"]["waiting"]
    assert before == len(healthy) + len(hurt)
    town.deliver()
    assert all("Titre de deux" in person.heard() for person in healthy)
    assert not any("Titre de deux" in person.heard() for person in hurt)
    assert town.store.read_now(ledger.outcomes)["lesson"] == {"sent": len(healthy), "refused": len(hurt)}
    lines = [record for record in caplog.records if getattr(record, "action", "") == "render-message"]
    assert len(lines) == len(hurt)
    assert all("Vos réglages" in person.types("reglages") for person in hurt)
    await plan(town, EIGHT_THIRTY + timedelta(days=1))
    for person in [*healthy, *hurt]:
        assert person.heard().count("Titre de deux") + person.heard().count("Titre de trois") >= 1
    night = EIGHT_THIRTY.replace(hour=2) + timedelta(days=1)
    await reconciling.reconcile(town.store, night)
    (day,) = [day for day in town.store.read_now(reconciliation.closed, 9) if day.day == EIGHT_THIRTY.date()]
    assert day.difference == (len(hurt) if column == "created_at" else 0)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("conversation", "ready_at"),
        ("lesson_version", "given_at"),
        ("lesson_version", "published_at"),
        ("prompt", "created_at"),
        ("prompt", "shown_at"),
        ("learner", "created_at"),
        ("learner", "consented_at"),
        ("delivered", "at"),
        ("recall", "due"),
        ("enrolment", "slot"),
    ],
)
async def test_an_unreadable_instant_in_any_column_stops_no_other_learner(
    town: Town, table: str, column: str
) -> None:
    person, other = people(town, 2)
    person.types(person.right())
    for day, value in enumerate(unreadable_instants(town)):
        tick = EIGHT_THIRTY + timedelta(days=day)
        while tick.weekday() > 4:
            tick += timedelta(days=1)
        town.now = tick
        await service(town).plan(tick)
        spoil(town, table, column, "true", value=value)
        town.store.write_now(take_over, "telegram", "token", tick)
        town.deliver()
        for one in (person, other):
            assert "Votre progression" in one.types("progression"), (value, one.address)
            assert "mes-donnees" in str(one.types("mesdonnees") and one.last), value
            assert one.types("lecon")
    assert "Titre de deux" in other.heard()


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        *(("learner", "role", value) for value in ("maire", "", "AGENT")),
        *(("learner", "language", value) for value in ("de", "")),
        ("enrolment", "schedule", "{"),
        ("enrolment", "next_at", "9999-12-31 00:00:00"),
        ("enrolment", "next_at", "unreadable"),
    ],
)
async def test_an_odd_value_in_a_row_is_told_and_its_learner_served(
    town: Town, table: str, column: str, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    person, other = people(town, 2)
    person.types(person.right())
    which = "learner_id" if table == "enrolment" else "id"
    mended = False
    for odd in unreadable_instants(town) if value == "unreadable" else (value,):
        spoil(town, table, column, f"{which} = :of", of=person.learner.id, value=odd)
        if column == "next_at":
            await Tidying(town.store, Retention(), town.now).run()
            mended |= "mend-learner" in logged.actions(caplog)
            await plan(town, town.now + timedelta(minutes=1))
        caplog.clear()
        assert "Votre progression" in person.types("progression"), odd
        assert "Vos réglages" in person.types("reglages"), odd
        assert person.types("lecon"), odd
        assert "mes-donnees" in str(person.types("mesdonnees") and person.last), odd
        assert "Voulez-vous arrêter" in person.types("stop"), odd
        assert [line for line in caplog.records if line.levelname == "ERROR"] == [], odd
    await Tidying(town.store, Retention(), town.now).run()
    mended |= "mend-learner" in logged.actions(caplog)
    assert mended is (column in ("role", "next_at"))
    caplog.clear()
    await Tidying(town.store, Retention(), town.now).run()
    assert "mend-learner" not in logged.actions(caplog), "it is told once"
    before = len(person.shown)
    await plan(town, EIGHT_THIRTY)
    assert "Titre de trois" in person.heard(before), "`lecon` gave the second"
    assert "Titre de deux" in other.heard()


async def test_a_row_that_cannot_be_put_right_is_not_said_to_be(
    sqlite_town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town = sqlite_town
    (person,) = people(town, 1)
    spoil(town, "learner", "role", "id = :of", of=person.learner.id, value="maire")
    refusing = "CREATE TRIGGER full BEFORE UPDATE OF role ON learner BEGIN SELECT RAISE(ABORT, 'no'); END"
    town.store.write_now(run, refusing)
    await Tidying(town.store, Retention(), town.now).run()
    assert logged.actions(caplog) == ["tidy-database"]
    town.store.write_now(run, "DROP TRIGGER full")
    await Tidying(town.store, Retention(), town.now).run()
    assert logged.actions(caplog) == ["tidy-database", "mend-learner"]


async def test_a_row_that_cannot_be_put_right_stops_no_other_row(
    sqlite_town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town = sqlite_town
    everybody = people(town, 5)
    spoil(town, "learner", "role", "true", value="maire")
    refusing = f"""CREATE TRIGGER full BEFORE UPDATE OF role ON learner WHEN OLD.id = '{everybody[2].learner.id}'
        BEGIN SELECT RAISE(ABORT, 'no'); END"""
    town.store.write_now(run, refusing)
    await Tidying(town.store, Retention(), town.now).run()
    assert sorted(logged.actions(caplog)) == ["mend-learner"] * 4 + ["tidy-database"]
    odd = town.store.read_now(odd_rows.astray, town.now, "", 500)[0]
    assert odd == [everybody[2].learner.id]


async def test_many_odd_rows_are_put_right_in_small_steps_with_one_line_each(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tidying, "LEARNERS", 50)
    town = Town(store)
    met = [(str(one), "") for one in range(130)]
    store.write_now(learners.meet_all, "telegram", met, language="fr", now=town.now)
    spoil(town, "learner", "role", "true", value="maire")
    await Tidying(store, Retention(), town.now).run()
    steps = [line.__dict__["learners"] for line in logged.lines(caplog)]
    assert sum(steps) == 130
    assert steps[0] == tidying.FEWEST
    assert max(steps) <= tidying.LEARNERS
    assert len(" ".join(line.__dict__["ids"] for line in logged.lines(caplog)).split()) == 130
    assert store.read_now(odd_rows.astray, town.now, "", 500)[0] == []


# --- pauses


FAR = {"sqlite": "9999-12-31 23:30:00.000000", "postgresql": "9999-12-31 23:30:00+00"}


def odd_slots(town: Town) -> tuple[object, ...]:
    """Next slots that nobody planned: instants that are none, one that is too far, one that is past."""
    return (
        *unreadable_instants(town),
        FAR[town.store.read_now(lambda tx: tx.dialect.name)],
        "2026-11-20 08:30:00.000000",
    )


def stored_slot(tx: Tx, learner_id: str) -> datetime | None:
    """The next slot as it is stored, be it readable or not."""
    of = select(tables.enrolment.c.next_at).where(tables.enrolment.c.learner_id == learner_id)
    found: datetime | None = tx.execute(of).scalar_one()
    return found


async def night_and_tick(town: Town) -> None:
    """What follows when a next slot was spoiled: the night puts it right where it is too far, and a tick meets it."""
    await Tidying(town.store, Retention(), town.now).run()
    for day in range(3):
        await plan(town, EIGHT_THIRTY + timedelta(days=day))


async def test_a_pause_ends_on_its_day_though_the_stored_next_slot_is_damaged(
    town: Town, subtests: pytest.Subtests
) -> None:
    for place, odd in enumerate(odd_slots(town)):
        with subtests.test(odd=odd):
            town.now = MONDAY
            person = town.learner(f"pause {place}")
            person.types("pause jusqu'au 5 janvier")
            spoil(town, "enrolment", "next_at", "learner_id = :of", of=person.learner.id, value=odd)
            await night_and_tick(town)
            assert "jusqu’au mardi 5 janvier" in person.types("progression")
            await plan(town, EIGHT_THIRTY + timedelta(days=41))  # the day before
            assert (person.state, person.next_at.date()) == (
                "paused",
                EIGHT_THIRTY.date() + timedelta(days=42),
            )
            assert "Titre de deux" not in person.heard()
            await plan(town, person.next_at)
            assert person.state == "active"
            assert "Titre de deux" in person.heard()


@pytest.mark.parametrize("said", [("pause",), ("stop", "arrêter")])
async def test_a_damaged_next_slot_plans_nothing_after_stop_or_a_pause_without_an_end(
    town: Town, said: tuple[str, ...], subtests: pytest.Subtests
) -> None:
    for place, odd in enumerate(odd_slots(town)):
        with subtests.test(odd=odd):
            town.now = MONDAY
            person = town.learner(f"{said} {place}")
            for word in said:
                person.types(word)
            state, before = person.state, len(person.shown)
            spoil(town, "enrolment", "next_at", "learner_id = :of", of=person.learner.id, value=odd)
            await night_and_tick(town)
            assert town.store.read_now(stored_slot, person.learner.id) is None
            assert (person.state, person.heard(before)) == (state, "")


async def test_a_pause_has_no_end_if_neither_its_day_nor_its_slot_can_be_read(town: Town) -> None:
    person = town.learner()
    person.types("pause deux semaines")
    odd = unreadable_instants(town)[0]
    for column in ("until", "next_at"):
        spoil(town, "enrolment", column, "learner_id = :of", of=person.learner.id, value=odd)
    await night_and_tick(town)
    await plan(town, EIGHT_THIRTY + timedelta(days=30))
    assert (person.state, person.enrolment.next_at) == ("paused", None)
    assert "Les leçons sont en pause\u00a0: reprendre" in person.types("progression")
    assert "Quel plaisir" in person.types("reprendre")


async def test_a_pause_whose_day_cannot_be_read_ends_with_its_slot(town: Town) -> None:
    person = town.learner()
    person.types("pause deux semaines")
    odd = unreadable_instants(town)[0]
    spoil(town, "enrolment", "until", "learner_id = :of", of=person.learner.id, value=odd)
    await plan(town, person.next_at)
    assert person.state == "active"
    assert "Titre de deux" in person.heard()


async def test_a_pause_ends_on_its_day_though_the_lesson_cannot_be_planned(town: Town) -> None:
    person, longer = people(town, 2)
    person.types("pause une semaine")
    longer.types("pause deux semaines")
    at = person.next_at
    for one in (person, longer):
        spoil(town, "enrolment", "silent", "learner_id = :of", of=one.learner.id, value=-100)
        town.store.write_now(damage, one, next_at=f"{at:%Y-%m-%d %H:%M:%S}.000000")
    await plan(town, at)
    assert (person.state, longer.state) == ("active", "paused")
    assert person.next_at == at + timedelta(days=1)
    assert "Prochaine leçon\u00a0: mardi 1er décembre" in person.types("progression")
    assert "jusqu’au lundi 7 décembre" in longer.types("progression")


async def test_a_pause_that_cannot_be_ended_delays_no_other_learner(sqlite_town: Town) -> None:
    town = sqlite_town
    person, other = people(town, 2)
    person.types("pause une semaine")
    refusing = "CREATE TRIGGER kept BEFORE UPDATE OF state ON learner BEGIN SELECT RAISE(ABORT, 'no'); END"
    town.store.write_now(run, refusing)
    at = person.next_at
    town.store.write_now(damage, other, next_at=f"{at:%Y-%m-%d %H:%M:%S}.000000")
    await plan(town, at)
    assert (person.state, person.next_at) == ("paused", at + timedelta(days=1))
    assert "Titre de deux" in other.heard()


async def test_no_answer_gives_the_date_of_a_slot_that_cannot_be_read(
    town: Town, subtests: pytest.Subtests
) -> None:
    for place, odd in enumerate((*unreadable_instants(town), odd_slots(town)[-2])):
        for pause in ("", "pause deux semaines"):
            with subtests.test(odd=odd, pause=pause):
                person = town.learner(f"{place} {pause}")
                while person.waits:
                    person.types(person.right())
                if pause:
                    person.types(pause)

                def odder(person: Person = person, odd: object = odd) -> None:
                    spoil(town, "enrolment", "next_at", "learner_id = :of", of=person.learner.id, value=odd)

                odder()
                said = [person.types(word) for word in ("progression", "bonjour", "start", "stop", "non")]
                said.append(person.does(kind=Kind.GREETING))
                odder()
                said += [person.types("reprendre")]
                assert "prochaine leçon arrive" in said[-1]
                odder()
                person.types("reglages")
                person.types("heure")
                said.append(person.types("9h15"))
                assert "mardi 24 novembre" in said[-1]
                assert not [one for one in said if "1900" in one or "9999" in one or "1er janvier" in one]


async def test_a_conversation_with_an_unreadable_instant_is_ready_again_after_a_start(
    town: Town,
) -> None:
    person, other = people(town, 2)
    town.now = EIGHT_THIRTY
    await service(town).plan(EIGHT_THIRTY)
    never = unreadable_instants(town)[0]
    spoil(town, "conversation", "ready_at", "address_id = :of", of=person.learner.address_id, value=never)
    town.deliver()
    assert "Titre de deux" in other.heard()
    assert town.store.read_now(claims.next_ready, "telegram") is None
    assert town.store.read_now(claims.first_ready, "telegram", 1) is None
    town.store.write_now(take_over, "telegram", "token", town.now)
    town.deliver()
    assert "Titre de deux" in person.heard()


async def test_a_broadcast_with_an_unreadable_end_delays_no_other_broadcast(town: Town) -> None:
    everybody = people(town, 2)
    for place, value in enumerate(unreadable_instants(town)):
        begun = town.store.write_now(
            broadcasts.begin, roles=("agent",), by="t", now=MONDAY, text=f"Avis {place}"
        )
        spoil(town, "broadcast", "ends_at", "id = :of", of=begun, value=value)
    town.store.write_now(broadcasts.begin, roles=("agent",), by="t", now=MONDAY, text="Réunion demain")
    await plan(town, MONDAY + timedelta(minutes=1))
    assert all("Réunion demain" in person.heard() for person in everybody)


async def test_reconciliation_ends_despite_rows_with_unreadable_ends(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = sqlite_town
    people(town, 5)
    await plan(town, EIGHT_THIRTY)
    town.store.write_now(
        run, "UPDATE outbox SET ended_at = substr(ended_at, 1, 11) || '1x' WHERE kind = 'lesson' AND id % 2"
    )
    for rows in (1, 2, 3, 4, 100):
        monkeypatch.setattr(reconciling, "ROWS", rows)
        town.store.write_now(run, "UPDATE reconciliation SET closed_at = NULL")
        await reconciling.reconcile(town.store, EIGHT_THIRTY.replace(hour=2) + timedelta(days=1))
        planned = next(
            day for day in town.store.read_now(reconciliation.closed, 9) if day.day == EIGHT_THIRTY.date()
        )
        assert rows < 3 or planned.difference == 0


# --- lessons and the course


CONTENTS = ["", "{", "null", "[]", '{"id": "deux"}', None, "[" * 5000]


async def test_lessons_that_cannot_be_read_are_held_and_the_next_one_comes(store: Store) -> None:
    spoiled = [f"gatee-{place}" for place in range(len(CONTENTS))]
    town = Town(store).teach(*(lesson(slug) for slug in ("un", *spoiled, "suivante", "derniere")))
    person = town.learner()
    for slug, content in zip(spoiled, CONTENTS, strict=True):
        store.write_now(spoil_lesson, slug, content)
    assert await plan(town, EIGHT_THIRTY) == 1
    assert "Titre de suivante" in person.heard()
    assert "Titre de gatee" not in person.heard()
    assert "Leçons suivies\u00a0: 0 sur 3." in person.types("progression")
    assert "Titre de suivante" in person.types("quiz")
    person.types(person.right())
    assert "Titre de derniere" in person.types("lecon")
    assert "Vos réglages" in person.types("reglages")
    assert "Titre de un" in town.learner("new").heard()


async def test_admins_are_told_once_a_day_what_cannot_be_read(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    mayor = town.learner("mairie")
    town.store.write_now(spoil_lesson, "trois")
    running = service(town, Reach())
    with caplog.at_level(logging.ERROR):
        for minute in range(5):
            town.now = TUESDAY + timedelta(minutes=minute)
            await running.plan(town.now)
            town.deliver()
        again = service(town, Reach())  # another process
        await again.plan(town.now)
        town.deliver()
    assert mayor.heard().count("ne peut plus être lue par le programme\u00a0: trois") == 1
    assert [getattr(one, "id", "") for one in caplog.records] == ["trois", "trois"]
    town.now += timedelta(days=1)
    await running.telling.remind_admins()
    await running.plan(town.now)
    town.deliver()
    assert mayor.heard().count("ne peut plus être lue par le programme\u00a0: trois") == 2


class Reach(ConsoleChannel):
    """Where admins of Telegram are reached."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), io.StringIO())
        self.name, self.limits = "telegram", BUTTONS

    def reach(self, person: str) -> tuple[str, ...]:
        return (person,)


def test_publishing_a_lesson_again_repairs_it_in_its_place(town: Town) -> None:
    for content in CONTENTS:
        town.store.write_now(spoil_lesson, "deux", content)
        assert town.store.read_now(courses.catalogue).damage == ("deux",)  # type: ignore[union-attr]
        change = town.store.write_now(push, lesson("deux"))
        assert change.outcome == "changed"
        entry = town.store.read_now(courses.catalogue).entries["deux"]  # type: ignore[union-attr]
        assert (entry.place, entry.lesson.title) == (2, "Titre de deux")
        town.store.write_now(
            lambda tx: tx.execute(
                tables.lesson_version.delete().where(tables.lesson_version.c.id == "spoiled-deux")
            )
        )


async def test_a_course_that_cannot_be_read_stops_nobody(town: Town) -> None:
    person = town.learner()
    for content in ("", "null", "[]", '{"id": "cours"}', "["):
        town.store.write_now(spoil_course, content)
        assert "Votre progression" in person.types("progression")
        assert "Vos réglages" in person.types("reglages")
        assert person.types("quiz")
    assert await plan(town, EIGHT_THIRTY) == 1
    assert "Titre de deux" in person.heard()
    assert town.learner("new").heard().count("Titre de un") == 1
    published = town.store.read_now(courses.catalogue)
    assert published is not None
    assert published.damage == (published.course.id,)
    town.store.write_now(publish, lesson("un"))
    kept = town.store.read_now(
        lambda tx: tx.execute(select(type_coerce(tables.course.c.content, Text))).scalar()
    )
    assert json.loads(str(kept))["id"] == published.course.id


async def test_a_position_in_a_lesson_that_is_gone_begins_at_the_first_not_read(town: Town) -> None:
    person = town.learner()
    town.store.write_now(damage, person, position="disparue")
    assert await plan(town, EIGHT_THIRTY) == 1
    assert "Titre de deux" in person.heard()
    person.types(person.right())
    assert "Titre de trois" in person.types("lecon")


# --- prompts


def test_a_quiz_whose_lesson_cannot_be_read_any_more_is_closed_and_the_next_one_counts(town: Town) -> None:
    person = town.learner()
    question = person.question
    version = town.store.write_now(spoil_lesson, "un")
    town.store.write_now(lambda tx: tx.execute(update(tables.prompt).values(version=version)))
    assert "n’attend plus" in person.presses("a", question=question) + person.brief
    assert "reconnu" not in person.types("1")
    assert "Titre de deux" in person.types("lecon")
    assert person.types(person.right()).startswith("✅")
    assert "Votre progression" in person.types("progression")
    person.types("reglages")
    person.types("8")
    assert "mes-donnees" in str(person.last)


def test_a_prompt_whose_stored_content_is_odd_is_repaired_or_closed(town: Town) -> None:
    for number, content in enumerate(("null", "[]", "{", '"x"', "{}", '{"order": 3}', '{"order": ["z"]}')):
        person = town.learner(str(number))
        learner = person.learner.id
        order = [choice.key for choice in person.question.choices]
        town.store.write_now(
            run, "UPDATE prompt SET content = :c WHERE learner_id = :l", c=content, l=learner
        )
        assert person.types("quiz")
        assert [choice.key for choice in person.question.choices] == order
        assert person.types(str(order.index("a") + 1)).startswith("✅")
        person.types("reglages")
        menus = "UPDATE prompt SET content = :c WHERE learner_id = :l AND topic = 'settings'"
        town.store.write_now(run, menus, c=content, l=learner)
        assert "n’attend plus" in person.presses("hour") + person.brief
        assert "Vos réglages" in person.types("reglages")


@pytest.mark.parametrize("content", ["{", "[]", "null"])
def test_a_damaged_message_keeps_nobody_from_their_rights(town: Town, content: str) -> None:
    person = town.learner()
    for command, said in (("mesdonnees", "mes-donnees.json"), ("stop", "arrêter"), ("oublier", "ffacer")):
        town.store.write_now(run, "UPDATE outbox SET content = :c", c=content)
        assert said in person.types(command) + str(person.last)
    town.store.write_now(run, "UPDATE outbox SET content = :c", c=content)
    assert "effacé" in person.types("effacer")


def test_a_row_whose_stored_content_is_no_json_stops_no_other(town: Town) -> None:
    first, second = people(town, 2)
    town.store.write_now(lambda tx: tx.execute(update(tables.enrolment).values(next_at=EIGHT_THIRTY)))
    town.store.write_now(planning.plan, EIGHT_THIRTY)
    for column, table in (("content", "outbox"), ("content", "prompt"), ("chosen", "prompt")):
        newest = f"UPDATE {table} SET {column} = '{{' WHERE id IN (SELECT MAX(id) FROM {table})"  # noqa: S608
        town.store.write_now(run, newest)
    town.now = EIGHT_THIRTY
    town.deliver()
    assert any("Titre de deux" in person.heard() for person in (first, second))


# --- what is remembered of lessons

ODD_RECALLS = {
    "memory": (
        "{",
        "null",
        "[]",
        '"x"',
        '{"stability": "x"}',
        '{"stability": -1, "difficulty": 5, "last": "2026-11-20"}',
    ),
    "asked": ("{", "null", "[]", '{"q1": 3}', '{"q1": ["x", "y"]}', '{"q9": [1, "2026-11-20"]}'),
    "failed": ("nope", "", "q1"),
}


@pytest.mark.parametrize("column", ODD_RECALLS)
async def test_a_recall_that_cannot_be_read_stops_nobody_and_the_person_goes_on(
    town: Town, column: str
) -> None:
    healthy = people(town, 2)
    hurt = [town.learner(f"hurt-{place}") for place in range(len(ODD_RECALLS[column]))]
    for person in [*healthy, *hurt]:
        person.types(person.wrong())
    for person, odd in zip(hurt, ODD_RECALLS[column], strict=True):
        spoil(town, "recall", column, "learner_id = :of", of=person.learner.id, value=odd)
    for days in (0, 1):
        assert await plan(town, EIGHT_THIRTY + timedelta(days=days)) == len(healthy) + len(hurt)
    for person in [*healthy, *hurt]:
        assert "Titre de trois" in person.heard()
        heard = person.types(person.right())
        assert "On révise" in heard or "À rattraper" in heard, person.address
        assert person.types(person.right()).startswith("✅")
        assert "Votre progression" in person.types("progression")
        assert "mes-donnees" in str(person.types("mesdonnees") and person.last)


async def test_a_due_date_or_slots_that_cannot_be_read_stop_nobody(sqlite_town: Town) -> None:
    town = sqlite_town
    healthy, hurt = people(town, 2), [town.learner(f"hurt-{place}") for place in range(4)]
    for person in [*healthy, *hurt]:
        person.types(person.wrong())
    for person, odd in zip(hurt, ("soon", "", 5, b"\xff"), strict=True):
        spoil(town, "recall", "due", "learner_id = :of", of=person.learner.id, value=odd)
        spoil(town, "enrolment", "slots", "learner_id = :of", of=person.learner.id, value=odd)
    for days in (0, 1):
        assert await plan(town, EIGHT_THIRTY + timedelta(days=days)) == len(healthy) + len(hurt)
    for person in [*healthy, *hurt]:
        assert "Titre de trois" in person.heard()
        assert person.types(person.right()).startswith("✅")
        assert person.types("quiz")
        assert "mes-donnees" in str(person.types("mesdonnees") and person.last)
