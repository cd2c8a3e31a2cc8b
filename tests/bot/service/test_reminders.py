# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a reminder shows, what answering it does to the messages before it, and the fewer days offered in its place."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import ColumnElement, event, text, update

from bot.channels import Uncertain
from bot.messages import Ask, Kind, Limits, Send
from bot.service import planning
from bot.service.outbound import Outcome, settle, step
from bot.talk.weekdays import WEEK
from storage import courses, tables, witnesses
from storage.outbox import ledger
from storage.progress import prompts
from storage.progress.days import SLOTS, with_day
from tests.bot.builders import MONDAY, Person, Town, lesson, schedule
from tests.lessons import builders as lessons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.store import Store
    from storage.types import Tx

HOUR = MONDAY.replace(hour=7, minute=30)
"""08:30 in Paris."""
SLUGS = ("un", "deux", "trois", "quatre")


def silent(town: Town, days: int = 2) -> Person:
    """Someone who answers nothing of what comes from Tuesday on."""
    person = town.learner()
    for day in range(1, days + 1):
        town.tick(HOUR + timedelta(days=day))
    return person


def reminded(town: Town) -> Person:
    """Someone whose third unanswered slot, on Thursday, brought a reminder."""
    person = silent(town)
    town.tick(HOUR + timedelta(days=3))
    return person


def test_a_reminder_shows_the_newest_open_question_again_without_its_lesson(town: Town) -> None:
    person = silent(town)
    asked = person.quiz
    town.tick(HOUR + timedelta(days=3))
    assert "3 leçons attendent votre réponse" in person.heard()
    assert "lecon" not in person.heard(4)
    shown = person.shown[-1][2]
    assert isinstance(shown, Send)
    assert "Que dire de trois" in shown.text
    assert "📘" not in shown.text
    assert shown.question is not None
    assert shown.question.prompt == asked.id
    assert person.quiz.message == person.shown[-1][0]


@pytest.mark.parametrize("where", [-1, -2])
def test_a_press_on_the_reminder_or_on_the_lesson_answers_once_and_takes_both_buttons_away(
    town: Town, where: int
) -> None:
    person = reminded(town)
    (lesson_key, _, before), (reminder_key, _, _) = person.shown[-2:]
    question = person.shown[where][2].question
    assert question is not None
    assert before.question is not None
    assert question.prompt == before.question.prompt
    heard = person.presses(question.choices[int(person.right()) - 1].key, question=question)
    assert "Bonne réponse" in heard
    assert "📘" not in heard
    assert "attendent" not in heard
    assert person.enrolment.silent == 0
    changed = {piece.of for _, _, piece in person.shown if not isinstance(piece, Send)}
    assert changed == {reminder_key}
    assert lesson_key in person.unbuttoned
    person.presses(question.choices[0].key, question=question)
    assert "déjà" in person.brief


def test_a_typed_answer_takes_the_buttons_of_the_lesson_and_of_the_reminder_away(town: Town) -> None:
    person = reminded(town)
    keys = {key for key, _, _ in person.shown[-2:]}
    assert "Bonne réponse" in person.types(person.right())
    assert keys <= set(person.unbuttoned)


def test_a_number_loses_the_button_for_its_lesson_when_it_is_answered(store: Store) -> None:
    counted = [lessons.number(text="Combien ?"), lessons.multiple()]
    town = Town(store).teach(*(lesson(slug, questions=counted) for slug in SLUGS))
    person = reminded(town)
    key = person.shown[-1][0]
    assert "Bonne réponse" in person.types(person.right())
    assert key in person.unbuttoned


@pytest.mark.parametrize("typed", [False, True])
def test_the_lesson_of_a_reminder_can_be_read_again(town: Town, typed: bool) -> None:
    person = reminded(town)
    heard = person.types("relire") if typed else person.presses("reread")
    assert "📘 Titre de trois" in heard
    assert "attendent" not in heard
    assert "Bonne réponse" in person.types(person.right())
    assert len({key for key, _, _ in person.shown[-5:]} & set(person.unbuttoned)) >= 2


def test_a_choice_of_several_is_ticked_in_the_reminder_itself(store: Store) -> None:
    several = [lessons.multiple(text="Que retenir ?"), lessons.single()]
    town = Town(store).teach(*(lesson(slug, questions=several) for slug in SLUGS))
    person = reminded(town)
    earlier, reminder = [key for key, _, _ in person.shown[-2:]]
    heard = person.presses(person.question.choices[0].key, kind=Kind.TOGGLE)
    assert "rien ne presse" in heard
    assert "✓" in heard
    assert "📘" not in heard
    assert earlier in person.unbuttoned
    assert reminder not in person.unbuttoned


def test_a_reminder_is_a_text_and_a_poll_where_questions_are_voted_on(store: Store) -> None:
    town = Town(store, limits=Limits(ask=Ask.POLL)).teach(*map(lesson, SLUGS))
    person = reminded(town)
    (key, _, above), (_, _, poll) = person.shown[-2:]
    assert "rien ne presse" in above.text
    assert poll.question is not None
    assert (poll.question.prompt, person.quiz.message) == (person.quiz.id, key)
    assert "Bonne réponse" in person.presses(poll.question.choices[int(person.right()) - 1].key)


def test_the_message_of_a_question_is_the_old_one_until_the_reminder_has_left(town: Town) -> None:
    person = silent(town)
    before = person.quiz.message
    now = town.now = HOUR + timedelta(days=3)
    town.store.write_now(planning.plan, now)
    (attempt,) = town.store.write_now(step, "telegram", "token", town.limits, (), 8, (), now).attempts
    assert person.quiz.message == before
    town.store.write_now(settle, [Outcome(attempt.row, now, failure=Uncertain("cut"))], now)
    assert person.quiz.message == before
    town.wait(minutes=5)
    town.deliver()
    assert person.quiz.message == person.shown[-1][0] == attempt.row.key


def test_a_reminder_of_what_was_answered_meanwhile_comes_without_a_question(town: Town) -> None:
    person = silent(town)
    town.now = HOUR + timedelta(days=3)
    town.store.write_now(planning.plan, town.now)
    prompt = person.quiz
    town.store.write_now(prompts.answer, prompt.id, ("a",), "right", town.now)
    town.deliver()
    assert "rien ne presse" in person.heard()
    assert person.last.question is None
    found = town.store.read_now(prompts.by_id, prompt.id)
    assert found is not None
    assert found.message == prompt.message


def test_an_answer_while_a_reminder_is_sent_stays_where_it_was_given(town: Town) -> None:
    person = silent(town)
    prompt, now = person.quiz, HOUR + timedelta(days=3)
    town.now = now
    town.store.write_now(planning.plan, now)
    (attempt,) = town.store.write_now(step, "telegram", "token", town.limits, (), 8, (), now).attempts
    town.store.write_now(prompts.answer, prompt.id, ("a",), "right", now)
    town.store.write_now(settle, [Outcome(attempt.row, now, ref="r")], now)
    found = town.store.read_now(prompts.by_id, prompt.id)
    assert found is not None
    assert found.message == prompt.message


def test_an_answer_on_a_reminder_whose_arrival_is_not_known_yet_takes_its_buttons_away_too(
    town: Town,
) -> None:
    person, now = silent(town), HOUR + timedelta(days=3)
    lesson_key, town.now = person.shown[-1][0], now
    town.store.write_now(planning.plan, now)
    (attempt,) = town.store.write_now(step, "telegram", "token", town.limits, (), 8, (), now).attempts
    person.hear(attempt.piece, attempt.row.key, "77")
    question = attempt.piece.question
    assert question is not None
    key = question.choices[int(person.right()) - 1].key
    person.does(kind=Kind.CHOOSE, refers=question.prompt, keys=(key,), receipt="r", deliver=False)
    town.store.write_now(settle, [Outcome(attempt.row, now, ref="77")], now)
    town.deliver()
    assert [
        key for key, _, piece in person.shown if key.startswith("reply") and "Bonne réponse" in piece.text
    ]
    assert attempt.row.key in person.unbuttoned
    assert lesson_key not in person.unbuttoned, "it shows the verdict"


def test_an_answer_takes_back_the_reminder_that_has_not_left(town: Town) -> None:
    person = silent(town)
    town.now = HOUR + timedelta(days=3)
    town.store.write_now(planning.plan, town.now)
    person.types(person.right())
    assert "rien ne presse" not in person.heard()
    assert town.store.read_now(ledger.outcomes)["reminder"] == {"cancelled": 1}


def hold(tx: Tx, slug: str) -> None:
    published = courses.catalogue(tx)
    assert published is not None
    witnesses.hold(tx, published.entries[slug].version)


def test_a_reminder_whose_lesson_is_held_while_it_waits_comes_without_its_question(town: Town) -> None:
    person = silent(town)
    message = person.quiz.message
    town.now = HOUR + timedelta(days=3)
    town.store.write_now(planning.plan, town.now)
    town.store.write_now(hold, "trois")
    town.store.write_now(lambda tx: tx.execute(update(tables.lesson_version).values(given_at=None)))
    town.deliver()
    shown = person.shown[-1][2]
    assert "attendent votre réponse" in shown.text
    assert shown.question is None
    assert person.quiz.message == message
    published = town.store.read_now(courses.catalogue)
    assert published is not None
    assert "trois" not in published.available(town.now.date())


def test_a_question_of_a_lesson_that_is_held_is_not_shown_again(town: Town) -> None:
    person = silent(town)
    town.store.write_now(hold, "trois")
    town.tick(HOUR + timedelta(days=3))
    assert "rien ne presse" in person.heard()
    assert person.last.question is None


@pytest.mark.parametrize("content", ["[]", "7", '"x"', '{"older": 3, "order": {}}', '{"above": 5}'])
def test_a_damaged_question_stops_neither_its_reminder_nor_another(town: Town, content: str) -> None:
    damaged, whole = town.learner("damaged"), town.learner("whole")
    for day in (1, 2):
        town.tick(HOUR + timedelta(days=day))
    spoilt = damaged.quiz.id
    update_it = text("UPDATE prompt SET content = CAST(:it AS JSON) WHERE id = :of")
    if town.store.read_now(lambda tx: tx.dialect.name) == "sqlite":
        update_it = text("UPDATE prompt SET content = :it WHERE id = :of")
    town.store.write_now(lambda tx: tx.execute(update_it, {"it": content, "of": spoilt}))
    town.tick(HOUR + timedelta(days=3))
    for person in (damaged, whole):
        assert "rien ne presse" in person.heard()
    assert "Bonne réponse" in whole.types(whole.right())
    damaged.types("1")


def test_a_question_that_its_lesson_no_longer_has_leaves_the_reminder_alone(town: Town) -> None:
    person = silent(town)
    of = tables.prompt.c.id == person.quiz.id
    town.store.write_now(lambda tx: tx.execute(update(tables.prompt).where(of).values(question="gone")))
    town.tick(HOUR + timedelta(days=3))
    assert "rien ne presse" in person.heard()
    assert person.last.question is None


# --- the offer of fewer days


def habitual(town: Town, address: str = "1", *, days: tuple[int, ...] = (0, 3), weeks: int = 4) -> Person:
    """Someone who has answered on some days of the week for some weeks; what comes up to the last Wednesday is shown."""
    person = town.learner(address)
    town.store.write_now(_lived, person.learner.id, days, weeks)
    return person


def _lived(tx: Tx, learner_id: str, days: tuple[int, ...], weeks: int) -> None:
    past = [MONDAY.date() - timedelta(days=ago) for ago in range(7 * weeks, 0, -1)]
    slots, answered = "", ""
    for day in past:
        slots = with_day(slots, day, SLOTS) if day.weekday() < 5 else slots
        answered = with_day(answered, day) if day.weekday() in days else answered
    enrolled = tables.enrolment.c.learner_id == learner_id
    tx.execute(update(tables.enrolment).where(enrolled).values(slots=slots, silent=2))
    tx.execute(tables.tally.insert().values(learner_id=learner_id, right=1, partly=0, wrong=0, days=answered))


TUESDAY = HOUR + timedelta(days=1)
OFFER = "Vous répondez surtout le lundi et le jeudi. Je vous écris ces jours-là\u00a0?"


def test_fewer_days_are_offered_in_place_of_a_reminder_and_accepted_like_a_setting(town: Town) -> None:
    for number, yes in enumerate(("press", "oui", "1", "ok", "le lundi et le jeudi", "Lundi et jeudi")):
        town.now = MONDAY
        person = habitual(town, f"{number}")
        town.tick(TUESDAY)
        assert OFFER in person.heard()
        assert "rien ne presse" not in person.heard()
        assert person.enrolment.silent == 3
        town.wait(hours=5)  # nobody waits for an offer
        heard = person.presses("yes") if yes == "press" else person.types(yes)
        assert "C’est noté. Jours\u00a0: lundi, jeudi." in heard
        assert "Prochaine leçon\u00a0: jeudi 26 novembre à 08:30" in heard
        assert schedule(person).days == ("mon", "thu")
        assert person.next_at == HOUR + timedelta(days=3)
        assert person.enrolment.silent == 0
        before = len(person.shown)
        town.tick(HOUR + timedelta(days=2))
        assert len(person.shown) == before
        town.tick(HOUR + timedelta(days=3))
        assert "📘" in person.heard(before)


@pytest.mark.parametrize("no", ["press", "non", "2", "Non, comme avant", "comme avant"])
def test_refused_nothing_changes_and_the_course_goes_on(town: Town, no: str) -> None:
    person = habitual(town)
    before = person.enrolment.schedule
    town.tick(TUESDAY)
    heard = person.presses("no") if no == "press" else person.types(no)
    assert "on continue. La prochaine leçon arrive mercredi 25 novembre à 08:30" in heard
    assert "Pour d’autres jours\u00a0: reglages." in heard
    assert person.enrolment.schedule == before
    assert person.enrolment.silent == 0
    town.tick(HOUR + timedelta(days=2))
    assert "📘 Titre de deux" in person.heard()


@pytest.mark.parametrize(
    "yes", ["oui", "lundi et jeudi", "lundi jeudi", "Oui, lundi et jeudi", "les lundis, jeudis"]
)
def test_an_offer_is_accepted_in_words_under_the_next_lesson_too(town: Town, yes: str) -> None:
    person = habitual(town)
    town.tick(TUESDAY)
    town.tick(HOUR + timedelta(days=2))
    assert "📘" in person.heard()
    asked = person.quiz
    if yes == "oui":
        person.types(person.right())
        asked = person.quiz
    heard = person.types(yes)
    assert "C’est noté. Jours\u00a0: lundi, jeudi." in heard
    assert person.quiz.id == asked.id
    assert "✅" in person.types(person.right())


@pytest.mark.parametrize(
    "said",
    [
        "lundi seulement",
        "mardi et vendredi",
        "non, le mardi",
        "non, lundi et jeudi",
        "plus tard",
        "pas maintenant",
    ],
)
def test_other_days_and_later_leave_an_offer_open(town: Town, said: str) -> None:
    person = habitual(town)
    town.tick(TUESDAY)
    heard = person.types(said)
    assert ("reglages" in heard) == ("di" in said)
    assert ("Rien ne presse" in heard) == ("di" not in said)
    assert len(schedule(person).days) == 5
    assert "C’est noté. Jours\u00a0: lundi, jeudi." in person.types("oui")


def test_a_kind_word_or_an_answer_accepts_no_earlier_offer(store: Store) -> None:
    told = [lessons.true_false(), lessons.multiple()]
    town = Town(store).teach(*(lesson(slug, questions=told) for slug in SLUGS))
    person = habitual(town)
    town.tick(TUESDAY)
    town.tick(HOUR + timedelta(days=2))
    for said in ("merci", "ok super", "oui"):
        person.types(said)
        assert len(schedule(person).days) == 5
    assert "C’est noté. Jours\u00a0: lundi, jeudi." in person.types("lundi et jeudi")


def test_an_offer_loses_its_buttons_when_it_is_answered_in_words(town: Town) -> None:
    person = habitual(town)
    town.tick(TUESDAY)
    key = person.shown[-1][0]
    person.types("oui")
    assert key in person.unbuttoned


def test_an_offer_is_ended_by_whatever_is_said_next_and_its_buttons_still_serve(town: Town) -> None:
    person = habitual(town)
    town.tick(TUESDAY)
    offer = person.question
    person.types("quiz")
    person.types("2")
    assert len(schedule(person).days) == 5
    assert "lundi, jeudi" in person.presses("yes", question=offer)


def test_nothing_is_offered_again_for_sixty_days_once_the_offer_has_left(town: Town) -> None:
    person = habitual(town)
    town.tick(TUESDAY)
    assert person.enrolment.offered_on == TUESDAY.date()
    for days, offered in ((59, 1), (60, 2)):
        town.store.write_now(_lived_until, person.learner.id, days)
        town.tick(TUESDAY + timedelta(days=days))
        assert person.heard().count("Vous répondez surtout") == offered


def _lived_until(tx: Tx, learner_id: str, days: int) -> None:
    """Past weeks, moved so that they end on another day."""
    on = TUESDAY + timedelta(days=days)
    past = [on.date() - timedelta(days=ago) for ago in range(28, 0, -1)]
    slots, answered = "", ""
    for day in past:
        slots = with_day(slots, day, SLOTS)
        answered = with_day(answered, day) if day.weekday() in (0, 3) else answered
    of = tables.enrolment.c.learner_id == learner_id
    tx.execute(update(tables.enrolment).where(of).values(slots=slots, silent=2, next_at=on, slot=past[-1]))
    tx.execute(update(tables.tally).where(tables.tally.c.learner_id == learner_id).values(days=answered))


def test_an_offer_that_did_not_leave_is_none(town: Town) -> None:
    person = habitual(town)
    town.store.write_now(planning.plan, TUESDAY)
    town.now = TUESDAY + timedelta(days=1)
    town.deliver()
    assert "Vous répondez surtout" not in person.heard()
    assert person.enrolment.offered_on is None


def test_an_offer_speaks_the_learners_language_and_names_each_number_of_days(town: Town) -> None:
    says = {
        ("fr", (1,)): "surtout le mardi. Je vous écris ce jour-là\u00a0?",
        ("fr", (0, 2, 4)): "surtout le lundi, le mercredi et le vendredi. Je vous écris ces jours-là\u00a0?",
        ("en", (1,)): "You mostly answer on Tuesdays. Shall I write on that day?",
        ("en", (0, 3)): "You mostly answer on Mondays and Thursdays. Shall I write on those days?",
        ("en", (0, 2, 4)): "on Mondays, Wednesdays, and Fridays. Shall I write on those days?",
    }
    for number, ((language, days), sentence) in enumerate(says.items()):
        town.now = MONDAY
        person = town.person(f"{number}", language=language)
        habitual(town, f"{number}", days=days)
        town.tick(TUESDAY)
        assert sentence in person.heard()
        person.types("yes" if language == "en" else "oui")
        assert schedule(person).days == tuple(WEEK[day] for day in days)


def test_an_offer_is_numbered_where_nothing_can_be_pressed(store: Store) -> None:
    town = Town(store, limits=Limits(ask=Ask.POLL)).teach(*map(lesson, SLUGS))
    person = habitual(town)
    town.tick(TUESDAY)
    heard = person.heard()
    assert OFFER in heard
    assert "1. Oui, ces jours-là\n2. Non, comme avant\nRépondez oui ou non." in heard
    town.wait(hours=8)
    assert "lundi, jeudi" in person.types("oui")


def test_who_has_no_such_habit_gets_the_reminder_with_its_question(town: Town) -> None:
    for number, (days, weeks) in enumerate((((0, 1, 2, 3, 4), 4), ((0, 3), 2), ((), 4))):
        town.now = MONDAY
        person = habitual(town, f"{number}", days=days, weeks=weeks)
        town.tick(TUESDAY)
        assert "rien ne presse" in person.heard()
        assert person.question.prompt == person.quiz.id
        assert person.enrolment.offered_on is None


@pytest.mark.parametrize("stored", ["2026-11-20 zz", "x", "9999-12-31 ff", "0001-01-01 fff"])
@pytest.mark.parametrize("where", ["slots", "days"])
def test_damaged_dates_stop_neither_a_reminder_nor_anothers_offer(
    town: Town, stored: str, where: str
) -> None:
    damaged, whole = habitual(town, "damaged"), habitual(town, "whole")
    table = tables.enrolment if where == "slots" else tables.tally
    of = table.c.learner_id == damaged.learner.id
    town.store.write_now(lambda tx: tx.execute(update(table).where(of).values({where: stored})))
    town.tick(TUESDAY)
    assert "rien ne presse" in damaged.heard()
    assert OFFER in whole.heard()


@pytest.mark.parametrize("content", ["{}", "[]", '{"form": "menu", "text": "", "choices": 3}'])
def test_an_offer_that_cannot_be_shown_stops_nobody_else(town: Town, content: str) -> None:
    damaged, whole = habitual(town, "damaged"), habitual(town, "whole")
    town.store.write_now(planning.plan, TUESDAY)
    town.now = TUESDAY
    of = (tables.prompt.c.learner_id == damaged.learner.id) & (tables.prompt.c.topic == "rhythm")
    town.store.write_now(
        lambda tx: tx.execute(update(tables.prompt).where(of).values(content=json.loads(content)))
    )
    town.deliver()
    assert OFFER in whole.heard()
    assert "Vous répondez" not in damaged.heard()
    town.tick(HOUR + timedelta(days=2))
    assert OFFER in damaged.heard()


def _set(tx: Tx, of: ColumnElement[bool], values: Mapping[str, object]) -> None:
    tx.execute(update(tables.prompt).where(of).values(**values))


def test_an_offer_whose_days_cannot_be_read_asks_for_them(town: Town) -> None:
    person = habitual(town)
    town.tick(TUESDAY)
    of = tables.prompt.c.id == person.question.prompt
    stored = town.store.read_now(prompts.by_id, person.question.prompt)
    assert stored is not None
    for data in ({"days": ["never"]}, {"days": 3}, 7):
        spoilt = {"content": {**stored.content, "data": data}, "answered_at": None}
        town.store.write_now(_set, of, spoilt)
        assert "Je n’ai pas reconnu de jour" in person.does(
            kind=Kind.CHOOSE, refers=stored.id, keys=("yes",), receipt="r"
        )
        assert len(schedule(person).days) == 5


def test_only_slots_with_a_reminder_look_anything_more_up(town: Town) -> None:
    for number in range(5):
        town.learner(f"{number}")
    seen: list[str] = []

    def watched(tx: Tx) -> None:
        event.listen(tx, "before_cursor_execute", lambda _c, _k, sql, *_: seen.append(sql))
        planning.plan(tx, TUESDAY)

    town.store.write_now(watched)
    assert not any("tally" in sql or "offered_on" in sql for sql in seen)


# --- those who answer at weekends


def weekend_person(town: Town, weeks: int) -> Person:
    """Somebody who answers all that came on Saturdays and Sundays, and nothing on a working day."""
    person = town.learner()
    for day in range(1, 7 * weeks):
        town.tick(HOUR + timedelta(days=day))
        if town.now.weekday() >= 5:
            town.wait(hours=4)
            while person.waits:
                person.types(person.right())
    return person


def test_weekend_learners_get_lessons_and_no_reminder(store: Store) -> None:
    town = Town(store).teach(*(lesson(f"l{place:02}") for place in range(40)))
    person = weekend_person(town, 2)
    reminded = person.heard().count("rien ne presse")
    before = len(person.shown)
    for day in range(14, 42):
        town.tick(HOUR + timedelta(days=day))
        if town.now.weekday() >= 5:
            town.wait(hours=4)
            while person.waits:
                person.types(person.right())
    assert reminded <= 2
    assert "rien ne presse" not in person.heard(before)
    assert person.heard(before).count("📘") >= 18
    assert person.state == "active"


def test_weekend_learners_who_stop_are_reminded_and_paused_as_anybody(store: Store) -> None:
    town = Town(store).teach(*(lesson(f"l{place:02}") for place in range(60)))
    person = weekend_person(town, 4)
    before, days = len(person.shown), 28
    while person.state == "active":
        town.tick(HOUR + timedelta(days=days))
        days += 1
    assert "je mets les leçons en pause" in person.heard(before)
    assert len(person.shown) - before <= 7


def test_lessons_on_weekends_only_are_reminded_of_by_slots_and_never_on_a_day_off(store: Store) -> None:
    town = Town(store).teach(*(lesson(f"l{place:02}") for place in range(40)))
    answering, silent = town.learner("1"), town.learner("2")
    for person in (answering, silent):
        person.types("reglages")
        person.types("2")
        person.types("le week-end")
    before = len(silent.shown)
    came: list[str] = []
    for day in range(1, 29):
        shown = len(silent.shown)
        town.tick(HOUR + timedelta(days=day))
        while answering.waits:
            answering.types(answering.right())
        if len(silent.shown) > shown:
            assert town.now.weekday() >= 5
            came.append("reminder" if "rien ne presse" in silent.heard(shown) else "other")
    assert "rien ne presse" not in answering.heard()
    assert came == ["other", "other", "reminder", "other", "other", "other", "other"]
    assert "je mets les leçons en pause" in silent.heard(before)
