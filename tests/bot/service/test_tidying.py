# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What goes in the night, what stays, and does anybody notice?"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bot.messages import Event, Kind
from bot.notice.facts import Facts
from bot.service import Service, planning, tidying
from bot.service.inbound import receive
from bot.service.outgoing import REPLY_LASTS
from bot.service.tidying import FEWEST, MOST, Tidying
from bot.talk import reception
from bot.talk.turn import Rules
from config.privacy import Privacy
from config.retention import Retention
from storage import access, attestations, events, figures, pending, reconciliation, tables
from storage.database import open_database
from storage.outbox import ledger
from tests.bot.builders import TYPING, Town, lesson

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import ColumnElement, Table

    from storage.store import Store
    from storage.types import Tx

KEPT = Retention()
SHORTEST = Retention(messages=timedelta(days=14), answers=timedelta(days=30))


async def night(town: Town, kept: Retention = KEPT) -> None:
    """The night's work, as the service does it; those who are silent are looked at in `test_inactivity`."""
    facts = Facts(Privacy().model_copy(update={"inactive": timedelta(days=9999)}))
    rules = Rules(town.schedule, "fr", town.admins, facts)
    await Service(town.store, [], rules, now=lambda: town.now, retention=kept).tidy()


def count(town: Town, table: Table, *where: ColumnElement[bool]) -> int:
    return town.store.read_now(
        lambda tx: tx.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
    )


async def test_progress_streak_and_figures_are_the_same_when_their_answers_are_gone(town: Town) -> None:
    town.limits = TYPING
    person = town.learner()
    for day in range(60):
        town.wait(days=1)
        person.types("quiz")
        person.types(person.right() if day % 3 else person.wrong())
    told, counted = person.types("progression"), town.store.read_now(figures.read)["answers"]
    assert "60 réponses données" in told
    assert "jours de suite" in told

    await night(town, SHORTEST)

    assert count(town, tables.prompt, tables.prompt.c.verdict.is_not(None)) == 31
    assert person.types("progression") == told
    assert town.store.read_now(figures.read)["answers"] == counted


async def test_a_late_press_gets_a_kind_answer_before_and_after_its_question_is_gone(town: Town) -> None:
    person = town.learner()
    question = person.question
    person.presses(question.choices[0].key)
    town.wait(days=399)
    await night(town)
    person.presses(question.choices[0].key, question=question)
    assert person.brief.startswith("Vous avez déjà répondu")
    town.wait(days=2)
    await night(town)
    person.presses(question.choices[0].key, question=question)
    assert person.brief == "Cette question n’attend plus de réponse."


async def test_whoever_comes_back_after_years_goes_on_with_the_question_that_waits(town: Town) -> None:
    person = town.learner()
    for _ in range(3):
        town.tick(person.next_at)
    asked = person.quiz.id
    assert count(town, tables.prompt, tables.prompt.c.topic == "quiz") == 3
    town.wait(days=1000)

    await night(town, SHORTEST)

    assert count(town, tables.prompt, tables.prompt.c.topic == "quiz") == 1
    assert person.quiz.id == asked
    lesson = person.types("lecon")
    assert "Titre de" in lesson
    assert person.types("quiz") == lesson
    person.types(person.right())
    assert "1 réponse donnée" in person.types("progression")


async def test_the_verdict_on_a_question_whose_message_was_forgotten_comes_as_a_new_message(
    town: Town,
) -> None:
    person = town.learner()
    town.wait(days=40)
    await night(town)
    assert count(town, tables.outbox) == 0
    heard = person.presses(person.quiz.content["order"][0])
    assert "Parce que." in heard


async def test_a_question_that_nobody_saw_goes_with_the_answers_of_its_time(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    person.types(person.right())
    town.now = person.next_at
    town.store.write_now(planning.plan, town.now)
    town.wait(days=1)
    town.deliver()
    unseen = tables.prompt.c.shown_at.is_(None)
    town.wait(days=29)
    await night(town, SHORTEST)
    assert count(town, tables.prompt, unseen) == 1
    town.wait(days=2)
    await night(town, SHORTEST)
    assert count(town, tables.prompt, unseen) == 0


async def test_a_menu_goes_with_the_message_that_shows_it_and_a_press_on_it_harms_nobody(town: Town) -> None:
    person = town.learner()
    person.types("reglages")
    menu, before = person.question, person.enrolment.schedule
    menus = tables.prompt.c.topic != "quiz"
    town.wait(days=29)
    await night(town)
    assert count(town, tables.prompt, menus) == 2, "the notice that was accepted, and the settings"
    town.wait(days=2)
    await night(town)
    assert count(town, tables.prompt, menus) == 0
    person.presses("hour", question=menu)
    assert person.brief == "Cette question n’attend plus de réponse."
    assert person.enrolment.schedule == before


async def test_an_event_that_is_told_again_within_the_month_is_still_known(town: Town) -> None:
    person = town.learner()
    person.does("again", text="aide")
    town.wait(days=29)
    await night(town)
    assert person.does("again", text="aide") == ""
    town.wait(days=2)
    await night(town)
    assert count(town, tables.seen) == 0


async def test_what_admins_did_and_what_was_sent_to_all_stay(town: Town) -> None:
    mayor = town.learner("mairie")
    mayor.types("annonce Réunion mardi")
    mayor.types("envoyer")
    town.tick()
    told = town.store.read_now(ledger.outcomes)
    town.wait(days=5000)
    await night(town, SHORTEST)
    assert count(town, tables.audit) == 1
    assert count(town, tables.broadcast) == 1
    assert count(town, tables.outbox) == 0
    assert town.store.read_now(ledger.outcomes) == told


async def test_a_night_spares_what_waits_to_leave_however_old(town: Town) -> None:
    person = town.learner()
    town.store.write_now(_ask_only, town, person.address)
    town.wait(days=5000)
    await night(town, SHORTEST)
    assert count(town, tables.outbox, tables.outbox.c.state == "waiting") == 1


def _ask_only(tx: Tx, town: Town, address: str) -> None:
    """A word whose answer does not leave."""
    event = Event("telegram", "unanswered", address, town.now, text="aide")
    rules = Rules(town.schedule, "fr", frozenset())
    receive(tx, reception.read(event, rules), rules, town.limits, town.now)


async def test_whoever_departed_is_found_among_however_many_learners(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "LEARNERS", 2)
    for number in range(8):
        if number % 2:
            town.person(str(number)).types("bonjour")
        else:
            town.learner(str(number))
    town.wait(days=31)
    await night(town)
    assert count(town, tables.learner) == 4
    assert count(town, tables.learner, tables.learner.c.state == "active") == 4


async def test_what_is_forgotten_is_no_longer_in_the_file(sqlite_url: str, tmp_path: Path) -> None:
    with open_database(sqlite_url) as store:
        town = Town(store).teach(lesson("un"))
        town.learner("celle-qui-reste")
        person = town.learner("celle-qui-part")
        person.types("stop")
        person.types("effacer")
        town.learner("celui-qui-se-tait")
        town.wait(days=1)
        await night(town)
    kept = (tmp_path / "iaventure.db").read_bytes()
    assert b"celle-qui-reste" in kept
    assert b"celui-qui-se-tait" in kept
    assert b"celle-qui-part" not in kept


@pytest.mark.parametrize(("step", "rows"), [(60.0, MOST), (0.0, FEWEST)])
async def test_steps_grow_while_they_are_quick_and_shrink_when_they_are_not(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: float, rows: int
) -> None:
    monkeypatch.setattr(tidying, "STEP", step)
    town = Town(store)
    town.store.write_now(see, town, 2 * MOST)
    one = Tidying(store, KEPT, town.now + timedelta(days=31))
    await one.run()
    assert one.rows == rows
    assert one.gone["events"] == 2 * MOST
    assert count(town, tables.seen) == 0


def see(tx: Tx, town: Town, number: int) -> None:
    for event in range(number):
        events.first_time(tx, "telegram", str(event), town.now)


async def test_an_attestation_is_known_as_long_as_the_operator_says(town: Town) -> None:
    code = "7K3M92QFXT4D8RBN"
    who, day = town.learner().learner.id, town.now

    def issue(tx: Tx) -> None:
        attestations.issue(tx, who, code, "Zoé", path="agent", course_version="v", facts={}, now=day)

    town.store.write_now(issue)
    town.now = day + timedelta(days=1094)
    await night(town)
    assert town.store.read_now(attestations.of_code, code) is not None
    await night(town, Retention(attestations=timedelta(days=90)))
    assert town.store.read_now(attestations.of_code, code) is None


async def test_a_night_tells_how_much_went_and_no_name(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    person = town.learner()
    person.does(kind=Kind.LEFT)
    town.wait(days=31)
    with caplog.at_level("INFO", "bot.service"):
        await night(town)
    (record,) = (one for one in caplog.records if one.__dict__.get("action") == "tidy-database")
    assert (record.__dict__["events"], record.__dict__["menus"]) == (3, 1)
    assert person.address not in record.getMessage()
    assert person.learner.id not in str(record.__dict__)


async def test_an_admins_encrypted_word_replayed_years_later_is_not_answered_again(
    town: Town,
) -> None:
    """The homeserver replays it with another id and time; its place in the encrypted session is the same."""
    admin, word = town.person("mairie"), "sealed-4f1e"
    asked = admin.does(word, text="aide")
    assert asked != ""
    other = town.person("1").does("e-once", text="aide")
    for _ in range(3):
        town.wait(days=200)
        await night(town)
        assert admin.does(word, text="aide") == ""
    assert town.person("1").does("e-once", text="aide") == other


def test_a_redelivered_word_is_answered_once_though_its_sender_became_or_ceased_to_be_an_admin(
    town: Town,
) -> None:
    """A word of an admin is known by its place in an encrypted session, another one by the id of its message."""
    zoe = town.person("1")
    ids = ("$before", "sealed-1"), ("sealed-2", "$after"), ("sealed-3", "sealed-3")
    for number, (first, second) in enumerate(ids):
        message = next((id_ for id_ in (first, second) if id_.startswith("$")), f"$message{number}")
        assert zoe.does(first, text="aide", message=message) != ""
        assert zoe.does(second, text="aide", message=message) == ""
    assert zoe.does("sealed-4", text="aide", message="$another") != ""


def run(tx: Tx, sql: str) -> None:
    tx.exec_driver_sql(sql)


async def test_whom_the_night_cannot_erase_and_what_it_cannot_forget_stop_nothing_else(
    sqlite_url: str,
) -> None:
    with open_database(sqlite_url) as store:
        town = Town(store).teach(lesson("un"))
        strangers, leaving = (
            [town.person(f"{who}{one}") for one in range(3)] for who in ("étranger", "partant")
        )
        for person in strangers:
            person.types("bonjour")
        for person in leaving:
            town.learner(person.address).types("oublier")
        for person in leaving:
            person.does(text="oublier", deliver=False)  # the goodbye never leaves
        stubborn = [people[1].learner.id for people in (strangers, leaving)]
        for table, where in (("learner", f"OLD.id IN {tuple(stubborn)}"), ("seen", "1")):
            refusal = f"""CREATE TRIGGER keep_{table} BEFORE DELETE ON {table} WHEN {where}
                BEGIN SELECT RAISE(ABORT, 'not this'); END"""
            store.write_now(run, refusal)
        town.wait(days=40)
        await night(town)
        assert (
            count(town, tables.learner) == count(town, tables.learner, tables.learner.c.id.in_(stubborn)) == 2
        )
        assert count(town, tables.seen) > 0
        assert count(town, tables.outbox, tables.outbox.c.ended_at.is_not(None)) == 0


async def test_each_kind_of_row_goes_with_the_night_after_its_duration_and_not_before(town: Town) -> None:
    """What the register of processing says of each duration."""
    town.facts = Facts(access="code")
    stranger, now = town.person("sans code"), town.now
    stranger.types("AAAA-BBBB-CCC2")
    town.facts = Facts()
    person = town.learner()
    person.types(person.right())
    person.types("reglages")
    town.deliver()
    assert count(town, tables.conversation) == 0
    waits = {"address": "2", "text": "attend", "at": now.isoformat()}
    town.store.write_now(pending.add, "nowhere", [("2", waits)], now)
    town.store.write_now(reconciliation.count_planned, now, 1)
    kinds: list[tuple[timedelta, list[tuple[Table, list[ColumnElement[bool]]]]]] = [
        (access.HOUR, [(tables.wrong_code, [])]),
        (REPLY_LASTS, [(tables.pending, [])]),
        (
            KEPT.messages,
            [(tables.outbox, []), (tables.seen, []), (tables.prompt, [tables.prompt.c.topic != "quiz"])],
        ),
        (tidying.DAYS_KEPT, [(tables.reconciliation, [])]),
        (KEPT.answers, [(tables.prompt, [tables.prompt.c.verdict.is_not(None)])]),
    ]
    for lasts, what in kinds:
        town.now = now + lasts - timedelta(minutes=1)
        await night(town)
        assert [table.name for table, where in what if not count(town, table, *where)] == []
        town.now = now + lasts + min(lasts, timedelta(days=1))
        await night(town)
        assert [table.name for table, where in what if count(town, table, *where)] == []


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_copies_of_before_an_upgrade_go_when_no_copy_may_be_as_old(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path}/iaventure.db"
    caplog.set_level("INFO")
    with open_database(url) as store:
        town = Town(store)
        facts = Facts(Privacy(backups=timedelta(days=9)))
        rules = Rules(town.schedule, "fr", town.admins, facts)
        ages = {"before-0003": 10, "before-0004": 8}
        for name, days in ages.items():
            copy = tmp_path / f"iaventure.db.{name}"
            copy.write_bytes(b"copy")
            made = (town.now - timedelta(days=days)).timestamp()
            os.utime(copy, (made, made))
        mine = tmp_path / "iaventure.db.mine"
        mine.write_bytes(b"copy")
        os.utime(mine, (0, 0))
        blocked = tmp_path / "iaventure.db.before-0001"
        blocked.mkdir()
        os.utime(blocked, (0, 0))
        await Service(store, [], rules, now=lambda: town.now, database=url).tidy()
    left = names_in(tmp_path)
    assert {"iaventure.db.before-0004", "iaventure.db.mine", "iaventure.db.before-0001"} <= left
    assert "iaventure.db.before-0003" not in left
    said = [
        record.getMessage() for record in caplog.records if getattr(record, "action", "") == "delete-copy"
    ]
    assert len(said) == 2
    assert "before-0003 of before an upgrade is deleted" in " ".join(said)
    assert "before-0001 of before an upgrade is older" in " ".join(said)
