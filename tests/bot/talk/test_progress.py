# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is the streak what it says, and progress told without blame?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Event
from bot.talk.regularity import streak
from bot.talk.summary import Summary, summary
from bot.talk.turn import Rules, Turn
from config.schedule import Schedule, is_day_off
from lessons.review import Asked, Memory, Recall
from storage import learners
from storage.progress import enrolments, recalls
from storage.progress.days import days_of
from storage.store import Store
from tests.bot.builders import Person, Town, lesson, push

if TYPE_CHECKING:
    from storage.types import Tx

SCHEDULE = Schedule()
MONDAY = date(2026, 11, 23)
DAYS = [date(2026, 10, 1) + timedelta(days=place) for place in range(90)]
answered_days = st.sets(st.sampled_from(DAYS))


def run(*offsets: int, today: date = MONDAY) -> int:
    """The streak of someone who answered that many days ago."""
    return streak({today - timedelta(days=offset) for offset in offsets}, SCHEDULE, today).length


def test_without_an_answer_there_is_no_streak() -> None:
    assert run() == 0


def test_today_counts_once_there_is_an_answer() -> None:
    assert run(0) == 1
    assert run(3) == 1  # Friday, and Monday is not over
    assert run(0, 3) == 2


def test_a_week_end_neither_counts_nor_breaks_it() -> None:
    assert run(0, 3, 4, 5, 6, 7) == 6
    assert run(0, 1, 2, 3) == 2


def test_a_public_holiday_does_not_break_it() -> None:
    thursday = date(2026, 11, 12)  # the day after Armistice
    assert run(0, 2, 3, today=thursday) == 3


def test_one_missed_day_a_week_is_forgiven_and_adds_nothing() -> None:
    friday = date(2026, 11, 20)
    assert run(0, 1, 3, 4, today=friday) == 4
    assert run(0, 1, 3, today=friday) == 3


def test_two_missed_days_in_a_week_end_it() -> None:
    friday = date(2026, 11, 20)
    assert run(0, 3, 4, today=friday) == 1
    assert run(0, 2, 4, today=friday) == 2


def test_two_missed_days_in_different_weeks_are_both_forgiven() -> None:
    tuesday = date(2026, 11, 24)
    assert run(0, 5, 6, 7, 8, today=tuesday) == 5  # Friday and Monday missed


@given(answered_days, st.sampled_from(DAYS))
def test_a_streak_counts_only_working_days_with_an_answer(answered: set[date], today: date) -> None:
    past = {day for day in answered if day <= today}
    worked = {day for day in past if not is_day_off(SCHEDULE, day)}
    assert 0 <= streak(past, SCHEDULE, today).length <= len(worked)
    assert streak(past, SCHEDULE, today).length == streak(worked, SCHEDULE, today).length


@given(answered_days, st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_one_more_answer_never_shortens_a_streak(answered: set[date], more: date, today: date) -> None:
    past = {day for day in answered if day <= today}
    longer = streak(past | ({more} if more <= today else set()), SCHEDULE, today)
    assert longer.length >= streak(past, SCHEDULE, today).length


@given(st.sampled_from(DAYS[30:]), st.data())
def test_one_missed_day_in_each_week_never_ends_a_streak(today: date, data: st.DataObject) -> None:
    worked = [day for day in DAYS if day <= today and not is_day_off(SCHEDULE, day)]
    weeks = sorted({day.isocalendar()[:2] for day in worked})
    missed = {
        data.draw(st.sampled_from([day for day in worked if day.isocalendar()[:2] == week])) for week in weeks
    }
    answered = {*worked} - missed
    first = min(answered, default=today)
    assert streak(answered, SCHEDULE, today).length == sum(day >= first for day in answered)


# --- the command


def test_a_newcomer_is_told_what_awaits_them(town: Town) -> None:
    heard = town.learner().types("progression")
    assert "Leçons suivies\u00a0: 0 sur 4." in heard
    assert "Aucune réponse pour l’instant" in heard
    assert "Prochaine leçon\u00a0: mardi 24 novembre à 08:30." in heard
    assert "Régularité" not in heard


def test_what_was_learned_is_counted(town: Town) -> None:
    person = town.learner()
    person.types(person.wrong())
    person.types(person.right())
    town.tick(person.next_at)
    person.types(person.right())
    heard = person.types("progression")
    assert "Leçons suivies\u00a0: 2 sur 4." in heard
    assert "3 réponses données, dont 2 justes." in heard
    assert "Régularité\u00a0: 2 jours de suite." in heard
    assert "quiz" not in heard
    town.wait(days=1)
    assert "Quelques questions sont à revoir\u00a0: écrivez quiz." in person.types("progression")


def test_after_a_silence_without_any_answer_lessons_wait_and_nothing_is_to_review(town: Town) -> None:
    person = town.learner()
    for _ in range(60):
        if person.state == "active":
            town.tick(person.next_at)
    assert person.state == "paused"
    assert "répondez à une question, ou écrivez reprendre" in person.heard()
    heard = person.types("progression")
    assert "4 leçons sont déjà arrivées\u00a0: écrivez quiz." in heard
    assert "à revoir" not in heard


def test_numbers_agree_with_their_words(town: Town) -> None:
    person = town.learner()
    person.types(person.wrong())
    assert "1 réponse donnée." in person.types("progression")
    person.types(person.right())
    assert "2 réponses données, dont 1 juste." in person.types("progression")


def test_a_streak_that_ended_is_not_spoken_of(long_town: Town) -> None:
    person = long_town.learner()
    person.types(person.right())
    lives(person, at(11, 26))
    assert "Régularité" in person.types("progression")
    lives(person, at(12, 23), answers=False)
    assert "Régularité" not in person.types("progression")


def test_a_pause_is_told_with_the_way_back(town: Town) -> None:
    person = town.learner()
    person.types("pause")
    assert "reprendre" in person.types("progression")


# --- levels and badges


def remembers(town: Town, person: Person, stability: float, *slugs: str, failed: str | None = None) -> None:
    """Let somebody remember lessons that long, in days."""
    today = town.now.date()
    for slug in slugs:
        kept = Recall(today, Memory(stability, 5.0, today), failed, {"q1": Asked(1, today)})
        town.store.write_now(recalls.remember, person.learner.id, slug, kept)


def test_levels_are_counted(town: Town) -> None:
    person = town.learner()
    remembers(town, person, 6.9, "un")
    remembers(town, person, 7.0, "deux")
    remembers(town, person, 30.0, "trois")
    remembers(town, person, 30.0, "quatre", failed="q2")
    heard = person.types("progression")
    assert "Leçons suivies\u00a0: 4 sur 4." in heard
    assert "Découvertes\u00a0: 2 leçons." in heard
    assert "En mémoire (une semaine au moins après la dernière réponse)\u00a0: 1 leçon." in heard
    assert "Ancrée (un mois au moins après la dernière réponse)\u00a0: 1 leçon." in heard


def test_absence_lowers_no_level(town: Town) -> None:
    person = town.learner()
    remembers(town, person, 31.0, "un", "deux")
    town.wait(days=300)
    assert "Ancrées (un mois au moins après la dernière réponse)\u00a0: 2 leçons." in person.types(
        "progression"
    )


def test_a_theme_whose_lessons_are_anchored_has_a_badge_that_stays(town: Town) -> None:
    person = town.learner()
    remembers(town, person, 40.0, "deux", "trois", "quatre")
    assert "Thème ancré" not in person.types(person.right())  # one lesson was answered today only
    town.wait(days=3)
    remembers(town, person, 40.0, "un")
    town.wait(days=40)
    assert "Thème ancré\u00a0: Données personnelles." in person.types("quiz") + person.types(person.right())
    assert "🏅 Thème ancré (4 leçons sur 5)\u00a0: Données personnelles, le 5 janvier 2027." in person.types(
        "progression"
    )
    town.store.write_now(lambda tx: push(tx, lesson("cinq")))
    remembers(town, person, 1.0, "un", "deux", failed="q1")
    assert "🏅" in person.types("progression")
    assert "Thème ancré" not in person.types("quiz") + person.types(person.right())


def test_a_badge_is_given_by_the_last_answer_it_needs_whatever_its_level(store: Store) -> None:
    town = Town(store).teach(*(lesson(slug) for slug in ("un", "deux", "trois", "quatre", "cinq")))
    person = town.learner()
    remembers(town, person, 40.0, "deux", "trois", "quatre", "cinq")
    assert "Thème ancré" in person.types(person.wrong())


def test_days_on_which_nothing_was_sent_after_the_end_do_not_break_the_streak() -> None:
    monday = date(2026, 11, 23)
    answered = {monday - timedelta(days=ago) for ago in (0, 3, 4)}
    quiet = {monday - timedelta(days=ago) for ago in (5, 6, 7)}
    assert streak({*answered, date(2026, 11, 13)}, SCHEDULE, monday).length == 3
    assert streak({*answered, date(2026, 11, 13)}, SCHEDULE, monday, quiet=quiet).length == 4


def test_a_question_that_the_lesson_has_no_more_lowers_no_level(town: Town) -> None:
    person = town.learner()
    remembers(town, person, 31.0, "un", failed="ancienne")
    assert "Ancrée (" in person.types("progression")


def test_a_theme_of_one_lesson_gives_no_badge(store: Store) -> None:
    town = Town(store).teach(lesson("un"))
    person = town.learner()
    remembers(town, person, 40.0, "un")
    town.wait(days=40)
    person.types("quiz")
    assert "🏅" not in person.types(person.right())


def test_badges_that_cannot_be_read_hide_nothing(town: Town) -> None:
    person = town.learner()
    unreadable: tuple[Any, ...] = ("{", [], {"bases": "demain", "donnees": "2026-11-23"}, 3)
    for stored in unreadable:
        values = {"badges": stored}
        town.store.write_now(lambda tx, v: enrolments.change(tx, person.enrolment.id, **v), values)
        heard = person.types("progression")
        assert "Leçons suivies" in heard
        assert heard.count("🏅") == isinstance(stored, dict)


# --- days on which nothing came


def week_of(person: Person) -> tuple[int, str]:
    """The streak, and the week: A, F, M, - or a dot for each day."""

    def read(tx: Tx) -> Summary:
        learner = learners.by_address(tx, "telegram", person.address)
        assert learner is not None
        town = person.town
        event = Event("telegram", "week", person.address, town.now)
        return summary(Turn(tx, learner, event, town.now, Rules(town.schedule, "fr", frozenset())))

    found = person.town.store.read_now(read)
    signs = {"answered": "A", "forgiven": "F", "missed": "M", "off": "-", "ahead": "."}
    return found.streak, "".join(signs[kind] for _, kind in found.week)


def lives(person: Person, until: datetime, *, answers: bool = True) -> None:
    """Let each slot come until a moment, and answer what it asks."""
    while person.state == "active" and person.next_at < until:
        person.town.tick(person.next_at)
        if answers:
            person.types(person.right())
    person.town.tick(until)


@pytest.fixture
def long_town(store: Store) -> Town:
    return Town(store).teach(*(lesson(f"l{place:02}") for place in range(40)))


def at(month: int, day: int) -> datetime:
    return datetime(2026 if month > 10 else 2027, month, day, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("said", ["pause", "pause jusqu’au 21 décembre"])
def test_a_pause_was_not_missed_in_its_weeks_nor_after_it(long_town: Town, said: str) -> None:
    person = long_town.learner()
    person.types(person.right())
    lives(person, at(12, 2))  # a Wednesday
    before, _ = week_of(person)
    person.types(said)
    for day, week in ((4, "AAA--"), (10, "-----")):
        long_town.tick(at(12, day))
        assert week_of(person) == (before, week)
    long_town.tick(at(12, 21))
    if said == "pause":
        person.types("reprendre")
    assert person.state == "active"
    lives(person, at(12, 23))
    streak_, week = week_of(person)
    assert streak_ >= before + 2
    assert "M" not in week


def test_a_silence_is_missed_while_lessons_came_and_quiet_after(long_town: Town) -> None:
    person = long_town.learner()
    person.types(person.right())
    lives(person, at(12, 23), answers=False)
    assert person.state == "paused"
    used = sorted(days_of(person.enrolment.slots))
    last = used[-1]
    long_town.now = datetime(last.year, last.month, last.day, 20, 0, tzinfo=UTC)
    assert "M" in "".join(week_of(person)[1]) or last.weekday() == 0
    long_town.tick(at(12, 30))
    assert week_of(person) == (0, "-----")


def test_an_outage_breaks_no_streak(long_town: Town) -> None:
    person = long_town.learner()
    person.types(person.right())
    lives(person, at(11, 27))
    before, _ = week_of(person)
    long_town.tick(at(12, 4))  # nothing was planned for a week
    person.types(person.right())
    assert week_of(person) == (before + 1, "----A")


# --- what the card says too


def test_one_day_is_no_streak_and_the_path_and_the_pace_are_said(town: Town) -> None:
    person = town.learner()
    heard = person.types("progression")
    assert "\nL'IA au service du public\n" in heard
    assert "Deux minutes chacune, à votre rythme." in heard
    person.types(person.right())
    heard = person.types("progression")
    assert "Régularité" not in heard
    assert "Deux minutes" not in heard
    assert "1 réponse donnée, et juste." in heard


def test_all_right_is_said_so(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    person.types(person.right())
    assert "2 réponses données, toutes justes." in person.types("progression")
