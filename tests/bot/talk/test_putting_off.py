# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""« Plus tard »: the lesson that is still to come, or the question that is open, comes at the hour that was asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text, update

from bot.channels import Uncertain
from bot.messages import Ask, Kind, Limits
from bot.service import planning
from bot.service.outbound import Outcome, settle, step
from config.schedule import Schedule, day_end
from storage import tables
from storage.outbox import ledger, queue
from storage.outbox.rows import Draft
from storage.progress.days import days_of
from tests.bot.builders import Person, Town, lesson, setting
from tests.lessons import builders as lessons

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
"""08:30 in Paris, the hour of the second lesson."""


def paris(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


def early(town: Town) -> Person:
    """Someone at seven on Tuesday, before the day's lesson."""
    person = town.learner()
    person.types(person.right())
    person.types(person.right())
    town.now = paris(7)
    return person


def shown(town: Town) -> Person:
    """Someone at nine on Tuesday, whose lesson has come half an hour before."""
    person = early(town)
    town.tick(TUESDAY)
    town.now = paris(9)
    return person


def came(town: Town, person: Person, *, until: datetime) -> list[tuple[str, str]]:
    """What comes by itself from minute to minute, and when in Paris."""
    found: list[tuple[str, str]] = []
    at = town.now.replace(second=0) + timedelta(minutes=1)
    while at <= until:
        before = len(person.shown)
        town.tick(at)
        hour = f"{at.astimezone(PARIS):%H:%M}"
        found += [(hour, key.split(":")[0]) for key, _, _ in person.shown[before:]]
        at += timedelta(minutes=10)
    return found


# --- before the day's lesson


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("plus tard", "09:30"),
        ("plus tard à 14 h", "14:00"),
        ("plus tard dans 2 heures", "09:00"),
        ("dans 30 minutes", "07:30"),
        ("plus tard à 2 h", "14:00"),
        ("Bonjour, rappelez-moi cet après-midi", "14:00"),
    ],
)
def test_the_lesson_to_come_moves_within_the_day(town: Town, said: str, hour: str) -> None:
    person = early(town)
    assert f"la suite vient aujourd’hui à {hour}." in person.types(said)
    assert f"{person.next_at.astimezone(PARIS):%H:%M}" == hour
    found = came(town, person, until=paris(19, 50))
    assert [what for _, what in found] == ["lesson"]
    assert found[0][0][:4] >= hour[:4]
    assert f"{found[0][0][:2]}" in (hour[:2], f"{int(hour[:2]):02}")
    assert person.next_at == TUESDAY + timedelta(days=1), "the next day, the usual hour"
    assert person.enrolment.slots.startswith("2026-11-24")


def test_a_lesson_that_was_moved_is_announced_at_its_new_hour(town: Town) -> None:
    person = early(town)
    person.types("plus tard à 14 h")
    for said in ("progression", "start"):
        assert "mardi 24 novembre à 14:00" in person.types(said)


def test_the_last_wish_counts_and_pause_takes_it_back(town: Town) -> None:
    person = early(town)
    person.types("plus tard à 11 h")
    person.types("plus tard à 16 h")
    assert [hour for hour, _ in came(town, person, until=paris(12))] == []
    person.types("pause")
    assert came(town, person, until=paris(19)) == []


def test_later_without_an_hour_is_an_hour_after_what_was_planned(town: Town) -> None:
    person = early(town)
    assert "à 09:30" in person.types("plus tard")
    assert "à 10:30" in person.types("plus tard")


# --- after it


def test_the_open_question_comes_again_at_the_hour_asked_for_and_once(town: Town) -> None:
    person = shown(town)
    asked = person.quiz
    heard = person.types("plus tard à 14 h")
    assert "je vous repose la question à 14:00" in heard
    before = len(person.shown)
    found = came(town, person, until=paris(23, 59))
    assert [what for _, what in found] == ["later"]
    assert found[0][0] >= "14:00"
    key, _, piece = person.shown[before]
    assert key == f"later:{person.enrolment.id}:2026-11-24:0"
    assert "Comme demandé" in piece.text
    assert "Que dire de deux" in piece.text
    assert "📘" not in piece.text
    assert piece.question is not None
    assert piece.question.prompt == asked.id
    assert [action.key for action in piece.question.beside] == ["reread"]
    assert person.quiz.message == key


def test_what_was_asked_for_is_no_slot_and_no_silence(town: Town) -> None:
    person = shown(town)
    person.types("plus tard")
    slots, silent = person.enrolment.slots, person.enrolment.silent
    assert came(town, person, until=paris(13)) == [("10:01", "later")]
    assert (person.enrolment.slots, person.enrolment.silent) == (slots, silent)
    assert len(days_of(slots)) == 2
    found = came(town, person, until=paris(9, day=25))
    assert [what for _, what in found] == ["lesson"]


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("plus tard", "10:00"),
        ("plus tard dans une heure", "10:00"),
        ("rappelle-moi dans 2 heures", "11:00"),
        ("je le ferai plus tard", "10:00"),
        ("Pas maintenant, je suis en réunion", "10:00"),
        ("/plustard", "10:00"),
        ("/plustard à 15 h", "15:00"),
        ("/later at 3 pm", "15:00"),
        ("!plus tard ce soir", "18:00"),
        ("later", "10:00"),
        ("plus tard à 3 h", "15:00"),
        ("dans 1 h 30", "10:30"),
    ],
)
def test_the_answer_says_the_hour(town: Town, said: str, hour: str) -> None:
    person = shown(town)
    assert f"je vous repose la question à {hour}" in person.types(said)


def test_an_hour_begins_with_a_whole_minute_so_that_what_is_said_is_what_happens(town: Town) -> None:
    person = shown(town)
    town.wait(seconds=20)
    assert "à 10:01" in person.types("plus tard")
    town.tick(paris(10))
    assert person.quiz.message is not None
    assert person.quiz.message.startswith("lesson:")
    town.tick(paris(10, 1))
    assert person.quiz.message.startswith("later:")


@pytest.mark.parametrize("press", [True, False])
def test_an_answer_before_cancels_it(town: Town, press: bool) -> None:
    person = shown(town)
    person.types("plus tard à 14 h")
    if press:
        person.presses(person.question.choices[int(person.right()) - 1].key)
    else:
        person.types(person.right())
    heard = person.types(person.right())
    assert "La suite vient mercredi 25 novembre à 08:30" in heard
    assert came(town, person, until=paris(20)) == []


def test_an_answer_takes_back_what_was_planned_and_has_not_left(town: Town) -> None:
    person = shown(town)
    person.types("plus tard")
    town.now = paris(10)
    town.store.write_now(planning.plan, town.now)
    before = len(person.shown)
    person.types(person.right())
    assert all(not key.startswith("later") for key, _, _ in person.shown[before:])
    assert town.store.read_now(ledger.outcomes)["later"] == {"cancelled": 1}


def test_both_messages_can_be_answered_and_lose_their_buttons(town: Town) -> None:
    person = shown(town)
    first = person.shown[-1][0]
    person.types("plus tard")
    assert came(town, person, until=paris(11)) == [("10:01", "later")]
    second = person.shown[-1][0]
    assert "Bonne réponse" in person.types(person.right())
    assert {first, second} <= set(person.unbuttoned)


def test_a_newer_wish_replaces_the_older_and_after_it_came_it_is_enough(town: Town) -> None:
    person = shown(town)
    person.types("plus tard à 11 h")
    person.types("plus tard à 15 h")
    assert [what for _, what in came(town, person, until=paris(14, 50))] == []
    assert [what for _, what in came(town, person, until=paris(16))] == ["later"]
    assert "déjà revenu une fois aujourd’hui" in person.types("plus tard")
    assert came(town, person, until=paris(22)) == []


@pytest.mark.parametrize("how", ["pause", "stop", "oublier", "left"])
def test_pause_stop_and_erasure_cancel_it(town: Town, how: str) -> None:
    person = shown(town)
    person.types("plus tard à 11 h")
    match how:
        case "stop":
            person.types("stop")
            person.presses("keep")
        case "oublier":
            person.types("oublier")
            person.types("oublier")
        case "left":
            person.does(kind=Kind.LEFT)
        case _:
            person.types("pause")
    assert came(town, person, until=paris(20)) == []


def test_a_resumption_the_same_day_brings_nothing_of_it_back(town: Town) -> None:
    person = shown(town)
    person.types("plus tard à 11 h")
    person.types("pause")
    person.types("reprendre")
    assert came(town, person, until=paris(20)) == []
    assert [what for _, what in came(town, person, until=paris(9, day=25))] == ["lesson"]


def test_all_that_tells_of_the_next_lesson_tells_of_the_lesson(town: Town) -> None:
    person = shown(town)
    person.types("plus tard à 14 h")
    for said in ("progression", "start"):
        assert "mercredi 25 novembre à 08:30" in person.types(said)
    heard = setting(person, "heure", "9 h")
    assert "Prochaine leçon\u00a0: mercredi 25 novembre à 09:00" in heard
    assert [what for _, what in came(town, person, until=paris(20))] == ["later"]
    assert person.next_at == paris(9, day=25)


def test_the_next_slot_is_a_review_like_any_after_it(town: Town) -> None:
    person = shown(town)
    person.types("plus tard à 14 h")
    town.tick(paris(14))
    assert person.next_at == TUESDAY + timedelta(days=1)
    town.tick(TUESDAY + timedelta(days=1))
    assert "📘 Titre de trois" in person.heard()


def test_later_comes_as_text_and_poll_where_questions_are_voted_on(store: Store) -> None:
    town = Town(store, limits=Limits(ask=Ask.POLL)).teach(*map(lesson, ("un", "deux", "trois")))
    person = shown(town)
    person.types("plus tard")
    town.tick(paris(10))
    (key, _, above), (_, _, poll) = person.shown[-2:]
    assert "Comme demandé" in above.text
    assert poll.question is not None
    assert (poll.question.prompt, person.quiz.message) == (person.quiz.id, key)


def test_a_question_asked_since_comes_in_the_place_of_the_one_put_off(town: Town) -> None:
    person = shown(town)
    person.types("plus tard")
    town.store.write_now(_answer_newest, person.learner.id, town.now)
    assert came(town, person, until=paris(12)) == [], "it was answered elsewhere"


def _answer_newest(tx: Tx, learner_id: str, now: datetime) -> None:
    of = (tables.prompt.c.learner_id == learner_id) & tables.prompt.c.answered_at.is_(None)
    tx.execute(update(tables.prompt).where(of).values(answered_at=now))


def test_what_is_planned_twice_or_late_comes_once_and_that_day_only(town: Town) -> None:
    person = shown(town)
    person.types("plus tard à 14 h")
    town.now = paris(19, 30)  # the service was down
    for _ in range(3):
        town.tick(town.now)
    assert sum(key.startswith("later") for key, _, _ in person.shown) == 1
    other = town.learner("2")
    town.now = paris(8, 30, day=25)
    town.tick(town.now)
    town.now = paris(9, day=25)
    other.types("plus tard à 14 h")
    town.tick(paris(8, 40, day=26))
    assert sum(key.startswith("later") for key, _, _ in other.shown) == 0


def test_it_leaves_until_the_end_of_the_day_or_the_beginning_of_quiet_hours(town: Town) -> None:
    person = shown(town)
    person.types("plus tard à 14 h")
    town.now = paris(14)
    town.store.write_now(planning.plan, town.now)
    (row,) = town.store.read_now(
        lambda tx: tx.execute(select(tables.outbox).where(tables.outbox.c.kind == "later")).all()
    )
    assert row.not_after == paris(20)
    town.now = paris(20)
    town.deliver()
    assert not any(key.startswith("later") for key, _, _ in person.shown)


def test_a_day_ends_at_midnight_where_no_hours_are_quiet() -> None:
    quiet_none = Schedule(quiet=None)
    assert day_end(quiet_none, paris(14)) == paris(0, day=25)
    assert day_end(Schedule(), paris(14)) == paris(20)
    assert day_end(Schedule(), paris(21)) == paris(21)
    assert day_end(Schedule(quiet="12:00-14:00"), paris(15)) == paris(0, day=25)
    lisbon = Schedule(quiet=None, time_zone="Atlantic/Azores")
    assert day_end(lisbon, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == datetime(
        2026, 10, 26, 1, 0, tzinfo=UTC
    )


def test_the_message_moves_only_once_it_has_left(town: Town) -> None:
    person = shown(town)
    before = person.quiz.message
    person.types("plus tard")
    now = town.now = paris(10)
    town.store.write_now(planning.plan, now)
    (attempt,) = town.store.write_now(step, "telegram", "token", town.limits, (), 8, (), now).attempts
    town.store.write_now(settle, [Outcome(attempt.row, now, failure=Uncertain("cut"))], now)
    assert person.quiz.message == before
    town.wait(minutes=5)
    town.deliver()
    assert person.quiz.message == attempt.row.key


# --- on the date of a slot that brought nothing, and with another schedule


def test_a_question_comes_back_on_a_date_whose_slot_was_lost(town: Town) -> None:
    person = shown(town)
    town.now = paris(7, 50, day=25)
    setting(person, "heure", "7h30")
    assert "je vous repose la question à 14:00" in person.types("plus tard à 14 h")
    assert "jeudi 26 novembre à 07:30" in person.types("progression")
    assert came(town, person, until=paris(20, day=25)) == [("14:01", "later")]
    assert person.next_at == paris(7, 30, day=26)


def test_a_question_comes_back_on_the_day_a_silence_ends(town: Town) -> None:
    town.teach(*map(lesson, "abcdefghij"))
    person = town.learner()
    while person.state == "active":
        town.tick(person.next_at)
    town.wait(days=1, hours=1)
    person.types(person.right())
    assert "je vous repose la question à 14:00" in person.types("plus tard à 14 h")
    assert [what for _, what in came(town, person, until=town.now + timedelta(hours=8))] == ["later"]


def test_a_question_comes_back_where_the_slot_to_come_brings_nothing(town: Town) -> None:
    person = shown(town)
    for _ in range(2):
        while person.waits:
            person.types(person.right())
        town.tick(person.next_at)
    while person.waits:
        person.types(person.right())
    town.now = paris(7, day=27)
    person.types("quiz")
    assert "je vous repose la question à 14:00" in person.types("plus tard à 14 h")
    assert [what for _, what in came(town, person, until=paris(20, day=27))] == ["later"]


@pytest.mark.parametrize(("zone", "kept"), [("Nouméa", False), ("La Réunion", True), ("Martinique", True)])
def test_another_zone_keeps_what_was_put_off_or_says_that_it_does_not(
    town: Town, zone: str, kept: bool
) -> None:
    person = shown(town)
    person.types("plus tard à 14 h")
    heard = setting(person, "fuseau", zone)
    assert ("Plus rien ne vient aujourd’hui" in heard) is not kept
    found = came(town, person, until=paris(20))
    assert [what for _, what in found] == ["later"] * kept
    town.tick(person.next_at)
    assert person.shown[-1][0] == f"lesson:{person.enrolment.id}:2026-11-25:0"


def test_a_setting_says_nothing_of_a_question_that_was_answered(town: Town) -> None:
    person = shown(town)
    person.types("plus tard à 14 h")
    while person.waits:
        person.types(person.right())
    assert "vient aujourd’hui" not in setting(person, "heures calmes", "13h-7h")
    assert "repose" not in setting(person, "heures calmes", "13h-15h")


def test_a_question_comes_back_on_a_date_before_that_of_the_last_slot(town: Town) -> None:
    person = town.learner()
    setting(person, "fuseau", "Nouméa")
    town.tick(datetime(2026, 11, 23, 21, 30, tzinfo=UTC))
    assert str(person.enrolment.slot) == "2026-11-24"
    town.wait(minutes=10)
    setting(person, "fuseau", "Tahiti")
    assert "je vous repose la question à 14:00" in person.types("plus tard à 14 h")
    assert [what for _, what in came(town, person, until=datetime(2026, 11, 24, 6, tzinfo=UTC))] == ["later"]
    assert "mercredi 25 novembre à 08:30" in person.types("progression")


@pytest.mark.parametrize(
    ("item", "value", "then"),
    [
        ("heures calmes", "21h-7h", "mardi 24 novembre à 14:00"),
        ("jours", "lundi, mardi", "mardi 24 novembre à 14:00"),
        ("fuseau", "La Réunion", "mardi 24 novembre à 17:00"),
        ("heure", "8h", "mardi 24 novembre à 14:00"),
        ("heure", "16h", "mardi 24 novembre à 16:00"),
        ("heures calmes", "12h-16h", "mardi 24 novembre à 16:00"),
        ("heures calmes", "12h-7h", "mercredi 25 novembre à 08:30"),
        ("jours", "lundi, jeudi", "jeudi 26 novembre à 08:30"),
        ("fuseau", "Nouméa", "mercredi 25 novembre à 08:30"),
    ],
)
def test_a_lesson_put_off_stays_put_off_where_a_new_schedule_allows_it(
    town: Town, item: str, value: str, then: str
) -> None:
    person = early(town)
    person.types("plus tard à 14 h")
    town.now = paris(10)
    assert f"Prochaine leçon\u00a0: {then}" in setting(person, item, value)


def test_a_lesson_that_was_not_put_off_follows_the_new_schedule(town: Town) -> None:
    person = early(town)
    assert "mercredi 25 novembre à 08:30" in setting(person, "fuseau", "Nouméa")
    assert "mardi 24 novembre à 08:30" in setting(person, "fuseau", "Paris")


def test_a_promise_is_kept_though_something_else_waits(town: Town) -> None:
    person = shown(town)
    person.types("plus tard à 14 h")
    draft = Draft("notice:9:0", person.learner.address_id, "telegram", {}, enrolment_id=person.enrolment.id)
    town.store.write_now(queue.enqueue, [draft], town.now)
    town.store.write_now(planning.plan, paris(14))
    kinds = town.store.read_now(
        lambda tx: (
            tx.execute(select(tables.outbox.c.kind).where(tables.outbox.c.state == "waiting")).scalars().all()
        )
    )
    assert "later" in kinds


# --- what is not possible


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("plus tard à 8 h du matin", "déjà passée"),
        ("plus tard à 8h45", "déjà passée"),
        ("plus tard dans 0 minutes", "déjà passée"),
        ("plus tard à 21 h", "heures calmes (20:00-07:00)"),
        ("plus tard dans 12 heures", "heures calmes"),
        ("plus tard demain", "pause jusqu’à lundi"),
        ("rappelle-moi lundi", "pause jusqu’à lundi"),
        ("plus tard dans 3 jours", "pause jusqu’à lundi"),
        ("/plustard au bureau", "Je n’ai pas compris quand"),
        (
            "plus tard après ma réunion",
            "compris quand. Écrivez par exemple plus tard dans une heure. La question",
        ),
        ("demain", "pause jusqu’à lundi"),
        ("plus tard à minuit", "heures calmes"),
    ],
)
def test_what_is_not_possible_is_said_with_what_is(town: Town, said: str, why: str) -> None:
    person = shown(town)
    before = person.next_at
    assert why in person.types(said)
    assert person.next_at == before
    assert came(town, person, until=paris(20)) == []
    assert person.waits


def test_without_quiet_hours_the_day_ends_at_midnight(town: Town) -> None:
    town.schedule = Schedule(quiet=None)
    person = shown(town)
    town.now = paris(23, 30)
    assert "Plus rien ne vient aujourd’hui" in person.types("plus tard")
    assert "autre jour" in person.types("plus tard à minuit")
    assert "à 23:50" in person.types("dans 20 minutes")
    town.tick(paris(23, 50))
    assert person.shown[-1][0].startswith("later:")


def test_the_lesson_comes_as_planned_when_it_cannot_be_moved(town: Town) -> None:
    person = early(town)
    assert "La suite vient comme prévu, à 08:30." in person.types("plus tard à 21 h")
    assert person.next_at == TUESDAY


def test_on_a_day_off_paused_or_with_nothing_open_it_is_said(town: Town) -> None:
    person = early(town)
    town.tick(TUESDAY)
    town.now = paris(9)
    person.types(person.right())
    person.types(person.right())
    assert "Rien n’attend votre réponse. La prochaine leçon arrive mercredi" in person.types("plus tard")
    town.now = paris(9, day=28)
    assert "pas un de vos jours de leçon" in person.types("plus tard")
    person.types("pause")
    assert "en pause" in person.types("plus tard à 14 h")
    assert person.enrolment.next_at is None


def test_a_stranger_who_says_later_declines_nothing(town: Town) -> None:
    stranger = town.person("9")
    stranger.types("start")
    stranger.types("plus tard")
    assert stranger.state == "invited"
    other = town.person("8")
    assert "IAventure" in other.types("plus tard à 14 h")
    assert other.state == "invited"


@pytest.mark.parametrize(
    "said", ["plus tard à 21 h", "plus tard à 6 h du matin", "plus tard après ma réunion", "demain"]
)
def test_what_was_promised_before_still_comes_and_is_said(town: Town, said: str) -> None:
    person = early(town)
    person.types("plus tard à 14 h")
    assert "La suite vient comme prévu, à 14:00." in person.types(said)
    town.tick(paris(14))
    person.types("plus tard à 19 h")
    assert "La question revient toujours à 19:00." in person.types(said)
    assert [what for _, what in came(town, person, until=paris(19, 50))] == ["later"]


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (paris(19, 1), "Plus rien ne vient aujourd’hui\u00a0; la question vous attend ici."),
        (paris(22), "Plus rien ne vient aujourd’hui\u00a0; la question vous attend ici."),
    ],
)
def test_no_hour_is_refused_that_nobody_named(town: Town, hour: datetime, said: str) -> None:
    person = shown(town)
    town.tick(paris(8, 30, day=hour.day))
    town.now = hour
    heard = person.types("plus tard")
    assert said in heard
    assert "heures calmes" not in heard


def test_later_in_quiet_hours_that_end_today_is_at_their_end(town: Town) -> None:
    person = shown(town)
    setting(person, "heures calmes", "11 h - 14 h")
    town.now = paris(10, 40)
    assert "je vous repose la question à 14:00." in person.types("plus tard")
    other = town.learner("2")
    town.now = paris(5, 51)
    assert "à 07:00" in other.types("plus tard")


def test_no_hour_is_advised_that_would_be_refused(town: Town) -> None:
    person = shown(town)
    town.now = paris(22)
    assert "dans une heure" not in person.types("plus tard après ma réunion")
    assert "dans une heure" not in person.types("plus tard à 14 h pile")
    town.now = paris(9, day=28)
    for said in ("demain", "plus tard", "plus tard après ma réunion"):
        assert "plus tard" not in person.types(said)


@pytest.mark.parametrize(("hour", "comes"), [(7, "12:00"), (9, "12:00"), (13, "14:00")])
def test_not_this_morning_is_the_afternoon(town: Town, hour: int, comes: str) -> None:
    person = early(town) if hour < TUESDAY.hour + 1 else shown(town)
    town.now = paris(hour)
    assert f"à {comes}" in person.types("pas ce matin")
    person.types("plus tard à 16 h")
    assert "à 16:00" in person.types("pas ce matin")


@pytest.mark.parametrize(
    ("quiet", "said", "hour"),
    [
        ("13 h - 15 h", "je vous repose la question à 15:00.", ["15:01"]),
        ("13 h - 7 h", "Plus rien ne vient aujourd’hui", []),
        ("21 h - 7 h", "Prochaine leçon", ["14:01"]),
    ],
)
def test_new_quiet_hours_over_what_was_promised_move_it_to_their_end_or_say_that_it_does_not_come(
    town: Town, quiet: str, said: str, hour: list[str]
) -> None:
    person = shown(town)
    person.types("plus tard à 14 h")
    heard = setting(person, "heures calmes", quiet)
    assert said in heard
    assert "Prochaine leçon\u00a0: mercredi 25 novembre à 08:30" in heard
    assert came(town, person, until=paris(20)) == [(at, "later") for at in hour]
    assert [what for _, what in came(town, person, until=paris(9, day=25))] == ["lesson"]


# --- texts that mean something else


def test_later_is_no_to_a_menu_and_leaves_a_setting_as_it_was(town: Town) -> None:
    person = shown(town)
    person.types("stop")
    assert "on continue" in person.types("plus tard")
    person.types("stop")
    assert "on continue" in person.types("Non, plus tard")
    assert person.state == "active"
    for item in ("heure", "jours", "heures calmes"):
        setting(person, item)
        before = person.enrolment.schedule
        assert "repose la question" not in person.types("plus tard")
        assert person.enrolment.schedule == before


def test_a_number_of_minutes_is_an_answer_where_one_is_asked(store: Store) -> None:
    asked = [lessons.number(text="En combien de minutes ?", unit="minutes"), lessons.multiple()]
    town = Town(store).teach(*(lesson(slug, questions=asked) for slug in ("un", "deux", "trois")))
    person = town.learner()
    heard = person.types("45 minutes")
    assert "repose la question" not in heard
    town.tick(TUESDAY)
    town.now = paris(9)
    assert "repose la question à 09:30" in person.types("rappelle-moi dans 30 minutes")


@pytest.mark.parametrize(
    "said",
    ["la réunion est plus tard", "Plus tard, les IA seront partout", "2 h plus tard, tout avait changé"],
)
def test_a_text_about_something_later_puts_nothing_off(town: Town, said: str) -> None:
    person = shown(town)
    before = person.next_at
    person.types(said)
    assert person.next_at == before


@pytest.mark.parametrize("stored", ["[]", "7", '{"later": 3}', '{"later": "2026-11-24", "order": 5}'])
def test_damaged_questions_stop_nobody_elses(town: Town, stored: str) -> None:
    whole = shown(town)
    damaged = town.learner("2")
    for person in (whole, damaged):
        person.types("plus tard à 14 h")
    spoilt = damaged.quiz.id
    change = text("UPDATE prompt SET content = CAST(:it AS JSON) WHERE id = :of")
    if town.store.read_now(lambda tx: tx.dialect.name) == "sqlite":
        change = text("UPDATE prompt SET content = :it WHERE id = :of")
    town.store.write_now(lambda tx: tx.execute(change, {"it": stored, "of": spoilt}))
    town.tick(paris(14))
    assert whole.shown[-1][0].startswith("later:")
    town.tick(TUESDAY + timedelta(days=1))
    assert damaged.shown[-1][0].startswith("lesson:")
