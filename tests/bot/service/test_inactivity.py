# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Who is silent for long is told once, at an hour of their own, and erased a month later; a wrong clock erases nobody."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from bot.channels import Gone
from bot.service import inactivity
from bot.service.alerts import Reached
from bot.service.inactivity import Night
from bot.service.outbound import Outcome, settle, step
from bot.service.planning import STANDARD
from storage import attestations, erasure, learners, tables
from storage import inactivity as silence
from storage.database import open_database
from storage.inactivity import Limit
from tests.bot.builders import BUTTONS, MONDAY, Person, Town, lesson

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

INACTIVE = timedelta(days=180)
NIGHT = MONDAY.replace(hour=2)
TOLD = NIGHT + INACTIVE + timedelta(days=1)
"""The first night on which somebody who spoke on the first Monday is told."""
DAY = (TOLD + timedelta(days=1)).replace(hour=12)
OVER = TOLD + timedelta(days=33)


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store).teach(lesson("un"), lesson("deux"))


def work(town: Town, night: datetime = TOLD) -> Night:
    return asyncio.run(inactivity.work(town.store, night, INACTIVE, STANDARD))


def worked(town: Town, until: datetime = OVER, nights: int = 30) -> None:
    """Let the service have worked on some nights before one."""
    for number in range(1, nights + 1):
        town.store.write_now(silence.note_night, (until - timedelta(days=number)).date())


def warns(town: Town) -> None:
    """A night, and the day on which its messages arrive."""
    work(town)
    town.tick(DAY)


def pauses(person: Person) -> Person:
    person.types("pause")
    return person


def issued(tx: Tx, learner_id: str, code: str) -> None:
    """Have an attestation of somebody in the database."""
    attestations.issue(
        tx, learner_id, code, "Ann Martin", path="agent", course_version="v", facts={}, now=MONDAY
    )


def people(town: Town) -> int:
    return town.store.read_now(
        lambda tx: tx.execute(select(func.count()).select_from(tables.learner)).scalar_one()
    )


@pytest.mark.parametrize("word", ["pause", "stop"])
def test_the_silent_are_told_once_at_an_hour_of_their_own(town: Town, word: str) -> None:
    ann = town.learner()
    ann.types(word)
    if word == "stop":
        ann.types("arrêter")
    before = ann.heard()
    assert work(town).told == 1
    town.tick(TOLD)
    assert ann.heard() == before  # it is night, and a Sunday
    town.tick(DAY)
    said = ann.heard()[len(before) :]
    assert "effacerai" in said
    assert "oublier" in said
    assert work(town, TOLD + timedelta(days=1)).told == 0
    town.tick(TOLD + timedelta(days=3))
    assert ann.heard()[len(before) :] == said


def test_a_word_keeps_everything(town: Town) -> None:
    ann = pauses(town.learner())
    work(town)
    town.tick(DAY)
    ann.types("progression")
    worked(town)
    assert work(town, OVER) == Night()
    assert ann.state == "paused"


def test_a_word_before_the_hour_takes_the_message_back(town: Town) -> None:
    ann = pauses(town.learner())
    work(town)
    town.now = TOLD + timedelta(hours=1)
    ann.types("progression")
    heard = ann.heard()
    town.tick(DAY)
    assert ann.heard() == heard


def test_who_stays_silent_is_erased_a_month_later_with_a_line_in_the_journal(town: Town) -> None:
    ann = pauses(town.learner())
    id_ = ann.learner.id
    warns(town)
    worked(town)
    assert work(town, OVER - timedelta(days=2)).erased == 0
    assert work(town, OVER).erased == 1
    assert town.store.read_now(learners.by_id, id_) is None
    assert town.store.read_now(erasure.newest) == 1


def test_attestations_of_the_silent_can_still_be_verified_and_name_nobody(town: Town) -> None:
    ann, bea = pauses(town.learner()), pauses(town.learner("2"))
    codes = ["7K3M92QFXT4D8RBN", "7K3M92QFXT4D8RBP"]
    for person, code in zip((ann, bea), codes, strict=True):
        town.store.write_now(issued, person.learner.id, code)
    bea.types("oublier")
    assert "sont effacés" in bea.types("effacer")
    warns(town)
    worked(town)
    assert town.store.read_now(attestations.of_code, codes[1]) is None
    assert work(town, OVER).erased == 1
    found = town.store.read_now(attestations.of_code, codes[0])
    assert found is not None
    assert found.names(codes[0], "Ann Martin")
    owners = town.store.read_now(
        lambda tx: tx.execute(select(tables.attestation.c.learner_id)).scalars().all()
    )
    assert owners == [None]


def test_who_is_heard_meanwhile_is_not_erased(town: Town) -> None:
    ann = pauses(town.learner())
    limit = Limit.of(OVER.date(), INACTIVE)
    warns(town)
    id_ = ann.learner.id
    town.now = OVER
    ann.types("progression")
    assert not town.store.write_now(silence.erase, id_, limit, OVER)


def test_those_who_are_gone_are_erased_without_a_word(town: Town) -> None:
    ann = town.learner()
    town.tick(MONDAY.replace(hour=8) + timedelta(days=1))
    done = town.store.write_now(step, "telegram", "t" * 16, BUTTONS, (), 3, (), town.now)
    outcomes = [Outcome(attempt.row, town.now, failure=Gone("blocked")) for attempt in done.attempts]
    town.store.write_now(settle, outcomes, town.now)
    if ann.state != "paused":
        town.store.write_now(learners.pause, ann.learner.id, "gone")
    worked(town)
    night = work(town, OVER)
    assert (night.told, night.erased) == (0, 1)


def test_limited_and_active_people_stay(town: Town) -> None:
    ann, bea = town.learner(), town.learner("2")
    ann.types("opposition")
    ann.types("garder sans utiliser")
    for month in range(1, 8):
        town.now = MONDAY + timedelta(days=30 * month)
        bea.types("progression")
    worked(town)
    assert work(town, OVER) == Night()


def test_nobody_is_erased_unless_the_service_worked_on_most_days(town: Town) -> None:
    pauses(town.learner())
    warns(town)
    worked(town, nights=18)
    assert work(town, OVER).erased == 0
    worked(town, until=OVER, nights=19)
    assert work(town, OVER).erased == 1


def test_more_than_a_twentieth_at_once_waits_for_the_operator(town: Town) -> None:
    for number in range(8):
        pauses(town.learner(str(number)))
    for night in (TOLD, TOLD + timedelta(days=1)):
        work(town, night)
        town.tick(night.replace(hour=12) + timedelta(days=1))
    later = OVER + timedelta(days=3)
    worked(town, until=later)
    assert work(town, later) == Night(waiting=8)
    assert people(town) == 8
    town.store.write_now(silence.confirm, later)
    assert work(town, later).erased == 8


def test_a_clock_a_year_ahead_tells_few_and_erases_nobody(town: Town) -> None:
    for number in range(20):
        town.learner(str(number))
    ahead = MONDAY + timedelta(days=365)
    assert work(town, ahead) == Night(told=5)
    right = NIGHT + timedelta(days=1)
    worked(town, until=right + timedelta(days=1))
    assert work(town, right) == Night()


def test_nobody_is_erased_whom_the_message_never_reached(town: Town) -> None:
    pauses(town.learner())
    work(town)
    worked(town)
    assert work(town, OVER) == Night()
    town.tick(OVER + timedelta(days=9))  # by then the message has expired
    later = OVER + timedelta(days=60)
    worked(town, until=later)
    assert work(town, later).erased == 0


def test_a_pause_until_a_day_is_no_silence(town: Town) -> None:
    ann = town.learner()
    ann.types("pause jusqu’au 20 octobre 2027")
    worked(town)
    assert work(town) == work(town, OVER) == Night()
    assert ann.state == "paused"


def test_those_who_objected_are_erased_without_a_word(town: Town) -> None:
    ann = town.learner()
    ann.types("opposition")
    heard = ann.heard()
    worked(town)
    assert work(town, OVER) == Night(erased=1)
    town.tick(OVER.replace(hour=12))
    assert ann.heard() == heard


def test_who_was_heard_in_another_room_is_neither_told_nor_erased(town: Town) -> None:
    ann = pauses(town.learner("1", sender="@ann:example.org"))
    elsewhere = town.person("2", sender="@ann:example.org")
    other = town.learner("3")
    set_account = (
        update(tables.address).where(tables.address.c.address == "3").values(account="@ann:example.org")
    )
    town.store.write_now(lambda tx: tx.execute(set_account))
    del elsewhere
    town.now = DAY
    town.store.write_now(silence.heard, other.learner, DAY)
    assert work(town, DAY) == Night()
    assert not town.store.write_now(silence.erase, ann.learner.id, Limit.of(OVER.date(), INACTIVE), OVER)


def test_as_many_are_told_a_night_however_often_it_is_worked(town: Town) -> None:
    for number in range(12):
        pauses(town.learner(str(number)))
    assert [work(town).told, work(town).told] == [5, 0]
    assert work(town, TOLD + timedelta(days=1)).told == 5


def test_two_machines_of_one_night_tell_no_more_than_one_would(database_url: str) -> None:
    with open_database(database_url) as one, open_database(database_url) as other:
        one.write_now(silence.note_night, TOLD.date())
        looks, seen = threading.Event(), list[int]()

        def slow(tx: Tx) -> None:
            silence.told_on(tx, TOLD.date())
            looks.set()
            time.sleep(0.1)  # the other has begun meanwhile
            silence.note_queued(tx, TOLD.date(), 5)

        first = threading.Thread(target=one.write_now, args=(slow,))
        first.start()
        looks.wait()
        other.write_now(silence.note_night, TOLD.date())
        seen.append(other.write_now(silence.told_on, TOLD.date()))
        first.join()
        assert seen == [5]


def test_two_machines_together_tell_no_more_than_a_night_allows(town: Town) -> None:
    ids = [pauses(town.learner(str(number))).learner.id for number in range(12)]
    limit = Limit.of(TOLD.date(), INACTIVE)
    town.store.write_now(silence.note_night, limit.today)
    tell = (5, limit, TOLD, STANDARD)
    assert [town.store.write_now(inactivity._tell, some, *tell) for some in (ids[:4], ids[4:], ids)] == [
        4,
        1,
        None,
    ]


def test_the_alert_gives_apart_who_was_told_and_who_was_not(town: Town) -> None:
    mayor = town.learner("mairie")
    for number in range(4):
        pauses(town.learner(str(number)))
    for number in range(3):
        one = town.learner(f"parti{number}")
        town.store.write_now(learners.pause, one.learner.id, "gone")
    warns(town)
    worked(town)
    town.now = OVER - timedelta(hours=5)
    mayor.types("progression")
    admins = [Reached("telegram", ("mairie",), BUTTONS)]
    night = asyncio.run(inactivity.work(town.store, OVER, INACTIVE, STANDARD, admins))
    assert night.waiting == 7
    town.now = OVER
    town.deliver()
    said = mayor.heard()
    assert "long silence\u00a0: 7." in said
    assert "Prévenues il y a un mois\u00a0: 4\u00a0;" in said
    assert "se sont opposées\u00a0: 3." in said


def joins(town: Town, address: str, account: str) -> None:
    """Have the learner at an address be of an account."""
    of = update(tables.address).where(tables.address.c.address == address).values(account=account)
    town.store.write_now(lambda tx: tx.execute(of))


def gone(town: Town, address: str = "1") -> Person:
    ann = town.learner(address, sender="@ann:example.org")
    town.store.write_now(learners.pause, ann.learner.id, "gone")
    return ann


def test_a_room_that_is_gone_does_not_erase_who_was_heard_elsewhere_forty_days_ago(town: Town) -> None:
    ann = gone(town)
    other = town.learner("2")
    joins(town, "2", "@ann:example.org")
    town.store.write_now(silence.heard, other.learner, OVER - timedelta(days=40))
    worked(town)
    assert work(town, OVER).erased == 0
    assert town.store.read_now(learners.by_id, ann.learner.id) is not None
    assert other.state == "active"


def test_a_dated_pause_elsewhere_is_no_silence(town: Town) -> None:
    gone(town)
    other = town.learner("2")
    other.types("pause jusqu’au 20 octobre 2027")
    joins(town, "2", "@ann:example.org")
    worked(town)
    assert work(town, OVER).erased == 0
    assert other.state == "paused"


def test_a_word_elsewhere_after_the_warning_keeps_all_when_the_night_comes_late(town: Town) -> None:
    ann = pauses(town.learner("1", sender="@ann:example.org"))
    other = pauses(town.learner("2"))
    joins(town, "2", "@ann:example.org")
    warns(town)
    town.store.write_now(silence.heard, other.learner, DAY + timedelta(days=5))
    late = OVER + timedelta(days=30)
    worked(town, until=late)
    assert work(town, late).erased == 0
    assert town.store.read_now(learners.by_id, ann.learner.id) is not None


def test_an_answer_before_the_arrival_is_noted_prevents_erasure(town: Town) -> None:
    ann = pauses(town.learner())
    work(town)
    town.now = DAY
    done = town.store.write_now(step, "telegram", "t" * 16, BUTTONS, (), 3, (), town.now)
    assert [attempt.row.kind for attempt in done.attempts] == ["inactive"]
    town.store.write_now(silence.heard, ann.learner, DAY)
    outcomes = [Outcome(attempt.row, DAY, ref="1") for attempt in done.attempts]
    town.store.write_now(settle, outcomes, DAY)
    worked(town)
    assert work(town, OVER + timedelta(days=3)).erased == 0


def test_a_confirmation_given_before_anything_was_announced_erases_nobody(town: Town) -> None:
    for number in range(8):
        one = town.learner(str(number))
        town.store.write_now(learners.pause, one.learner.id, "gone")
    town.store.write_now(silence.confirm, OVER)
    worked(town)
    assert work(town, OVER) == Night(waiting=8)


def test_a_confirmation_erases_no_more_than_was_announced(town: Town) -> None:
    for number in range(8):
        one = town.learner(str(number))
        town.store.write_now(learners.pause, one.learner.id, "gone")
    worked(town)
    assert work(town, OVER) == Night(waiting=8)
    for number in range(8, 12):
        one = town.learner(str(number))
        town.store.write_now(learners.pause, one.learner.id, "gone")
        town.store.write_now(silence.heard, one.learner, MONDAY)
    assert town.store.write_now(silence.confirm, OVER) == 8
    assert work(town, OVER + timedelta(hours=1)) == Night(erased=8, waiting=4)
    assert work(town, OVER + timedelta(hours=2)).erased == 4  # no more than `FEW`: they need no word


def test_a_second_word_takes_nothing_from_the_first_and_a_night_without_need_ends_it(town: Town) -> None:
    for number in range(8):
        one = town.learner(str(number))
        town.store.write_now(learners.pause, one.learner.id, "gone")
    worked(town)
    assert work(town, OVER).waiting == 8
    assert [town.store.write_now(silence.confirm, OVER) for _ in range(2)] == [8, 0]
    assert town.store.read_now(silence.allowed, OVER) == 8
    for number in range(4):
        town.store.write_now(silence.heard, town.person(str(number)).learner, OVER)
    assert work(town, OVER + timedelta(hours=1)) == Night(erased=4)
    assert town.store.read_now(silence.allowed, OVER) == 0, "the word was for that night"


def test_each_erasure_is_spent_with_its_own_commit(town: Town) -> None:
    ids = []
    for number in range(8):
        one = town.learner(str(number))
        town.store.write_now(learners.pause, one.learner.id, "gone")
        ids.append(one.learner.id)
    worked(town)
    assert work(town, OVER).waiting == 8
    town.store.write_now(silence.confirm, OVER)
    limit = Limit.of(OVER.date(), INACTIVE)
    for learner_id in ids[:3]:  # then the database went away
        assert town.store.write_now(silence.erase, learner_id, limit, OVER, confirmed=True)
    assert town.store.read_now(silence.allowed, OVER) == 5


def test_rooms_left_by_people_who_speak_elsewhere_alarm_nobody(town: Town) -> None:
    for number in range(8):
        one = town.learner(str(number), sender=f"@p{number}:example.org")
        town.store.write_now(learners.pause, one.learner.id, "gone")
        other = town.learner(str(number + 20))
        joins(town, str(number + 20), f"@p{number}:example.org")
        town.store.write_now(silence.heard, other.learner, OVER - timedelta(days=40))
    worked(town)
    assert work(town, OVER) == Night()


def test_a_person_silent_in_every_room_is_erased(town: Town) -> None:
    ann = gone(town)
    other = pauses(town.learner("2"))
    joins(town, "2", "@ann:example.org")
    warns(town)
    worked(town)
    ids = (ann.learner.id, other.learner.id)
    work(town, OVER)
    assert [town.store.read_now(learners.by_id, one) for one in ids] == [None, None]
