# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is an answer judged once, explained, and followed by what the slot still has?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.messages import Edit, Kind, Send
from bot.talk.quiz import quiz_of
from lessons import markup
from storage import tables
from storage.progress import prompts, recalls, tallies
from tests.bot.builders import TYPING, Person, Town, lesson, publish
from tests.lessons import builders as lessons

if TYPE_CHECKING:
    from storage.store import Store


def asked(person: Person) -> list[str]:
    """The questions of lessons that were ever asked, in order."""
    # In the order of the messages: what is asked at one moment was made at one.
    wanted = (
        select(tables.prompt)
        .join(tables.outbox, tables.outbox.c.key == tables.prompt.c.message)
        .where(tables.prompt.c.topic == "quiz")
        .order_by(tables.outbox.c.id)
    )
    prompts = person.town.store.read_now(lambda tx: tx.execute(wanted).all())
    lesson_ids = {version: slug for slug, version in _versions(person.town).items()}
    return [f"{lesson_ids[prompt.version]}/{prompt.question}" for prompt in prompts]


def _versions(town: Town) -> dict[str, str]:
    found = town.store.read_now(lambda tx: tx.execute(tables.lesson.select()).all())
    return {row.id: row.version for row in found}


def other_than(right: str) -> str:
    """A position that is not the right one of three."""
    return "1" if right != "1" else "2"


# --- judging


def test_a_typed_answer_gets_a_new_message_with_its_reasons(town: Town) -> None:
    person = town.learner()
    before = len(person.shown)
    heard = person.types(person.right())
    assert heard.startswith("✅ Bonne réponse")
    assert "Ce qui est déjà public" in heard
    assert all(isinstance(piece, Send) for _, _, piece in person.shown[before:])


def test_a_wrong_answer_is_told_the_right_one_without_blame(town: Town) -> None:
    person = town.learner()
    right = person.right()
    heard = person.types(other_than(right))
    assert heard.startswith("❌ Pas tout à fait")
    assert f"La bonne réponse\u00a0: {right}. Un texte déjà publié" in heard


def test_the_reason_of_the_choice_made_comes_before_the_right_choice(store: Store) -> None:
    choices = [
        lessons.choice("« On colle tout. »", correct=True, feedback="Un dossier ne se colle pas."),
        lessons.choice("« On demande. »", feedback="La phrase est juste\u00a0: le DPO conseille."),
    ]
    person = (
        Town(store)
        .teach(lesson("un", questions=[lessons.single(choices=choices), lessons.multiple()]))
        .learner()
    )
    heard = person.types(person.wrong())
    assert heard.index("La phrase est juste") < heard.index("La bonne réponse") < heard.index("Un dossier ne")


def test_a_press_edits_the_question_and_says_the_verdict_at_once(town: Town) -> None:
    person = town.learner()
    key, before = person.shown[-1][0], len(person.shown)
    person.presses("b")
    edit = person.shown[before][2]
    assert isinstance(edit, Edit)
    assert edit.of == key
    assert edit.question is None
    text = markup.plain(edit.text)
    assert "Une lettre d'habitant ❌" in text
    assert "Un texte déjà publié ✅" in text
    assert "Titre de un" in text
    assert person.brief.startswith("❌ Pas tout à fait.")
    assert len(person.brief) <= 200


def test_a_verdict_keeps_the_sources_folded_below(town: Town) -> None:
    person = town.learner()
    asked = person.last
    assert asked.aside.startswith("**Sources**")
    assert "Sources" not in asked.text
    person.presses("b")
    edit = next(piece for _, _, piece in person.shown if isinstance(piece, Edit))
    assert edit.aside == asked.aside


def test_a_wrong_answer_is_told_why_the_right_one_is_right(store: Store) -> None:
    choices = [
        lessons.choice("Un texte public", correct=True, feedback="Oui. Il est déjà publié."),
        lessons.choice("Une lettre", feedback="Non. Elle nomme quelqu’un."),
    ]
    town = Town(store).teach(lesson("un", questions=[lessons.single(choices=choices), lessons.multiple()]))
    typist, presser = town.learner("1"), town.learner("2")
    place = place_of(typist, "a")
    heard = typist.types(typist.wrong())
    assert "Non. Elle nomme quelqu’un." in heard
    assert f"Pour le {place}\u00a0: Oui. Il est déjà publié." in heard
    place = place_of(presser, "a")
    assert f"Pour le {place} : Oui. Il est déjà publié." in presser.presses("b")


def place_of(person: Person, key: str) -> int:
    """The number under which a person sees a choice."""
    return [choice.key for choice in person.question.choices].index(key) + 1


def test_a_choice_of_several_keeps_its_ticks_and_names_what_was_missed(town: Town) -> None:
    person = second(town)
    right, wrong = right_and_wrong(person)
    for key in (right[0], wrong[0]):
        person.presses(key, kind=Kind.TOGGLE)
    question = person.question
    heard = person.presses(kind=Kind.SUBMIT)
    labels = {choice.key: choice.label for choice in question.choices}
    assert f"{labels[right[0]]} ☑ ✅" in heard
    assert f"{labels[wrong[0]]} ☑ ❌" in heard
    for missed in right[1:]:
        assert f"{labels[missed]} ✅ oublié" in heard
        place = [choice.key for choice in question.choices].index(missed) + 1
        assert f"Le {place} était juste. " in heard
    for left_out in wrong[1:]:
        assert f"{labels[left_out]}\n" in heard


def right_and_wrong(person: Person) -> tuple[list[str], list[str]]:
    """The keys of the right and of the wrong choices of the open quiz."""
    posed = person.town.store.read_now(quiz_of, person.quiz)
    return (
        [key for key, choice in posed.asked.keyed() if choice.correct],
        [key for key, choice in posed.asked.keyed() if not choice.correct],
    )


def test_the_longest_feedback_still_fits_a_press(store: Store) -> None:
    choices = [
        lessons.choice("Oui", correct=True, feedback="é" * 200),
        lessons.choice("Non", feedback="é" * 200),
    ]
    town = Town(store).teach(lesson("long", questions=[lessons.single(choices=choices), lessons.multiple()]))
    person = town.learner()
    person.presses("a")
    assert len(person.brief) == 200
    assert person.brief.endswith("…")


def test_every_answer_is_kept_with_its_verdict(town: Town) -> None:
    person = town.learner()
    prompt = person.quiz
    person.presses("a")
    kept = town.store.read_now(prompts.by_id, prompt.id)
    assert kept is not None
    assert (kept.keys, kept.verdict, kept.answered_at) == (("a",), "right", town.now)


def test_a_number_is_typed_and_judged_by_its_distance(store: Store) -> None:
    town = Town(store).teach(lesson("eau", questions=[lessons.number(), lessons.single()]))
    for address, (said, verdict) in enumerate(
        [("45", "✅"), ("45,5 mL", "✅"), ("60", "🟠"), ("100", "❌"), ("35", "✅")]
    ):
        person = town.learner(str(address))
        assert "nombre" in person.types("beaucoup")
        heard = person.types(said)
        assert heard.startswith(verdict)
        assert "environ 45\u00a0mL (de 35 à 55\u00a0mL)" in heard


def test_true_or_false_can_be_said_in_words(store: Store, subtests: pytest.Subtests) -> None:
    town = Town(store).teach(lesson("vf", questions=[lessons.true_false(), lessons.single()]))
    for said in ("vrai", "V", "Vrai.", "1", "true"):
        with subtests.test(said=said):
            assert town.learner(said).types(said).startswith("❌")


# --- once


def test_the_first_answer_counts_and_a_second_is_told_so_kindly(town: Town) -> None:
    person = town.learner()
    prompt, question = person.quiz, person.question
    person.presses("b", question=question)
    assert person.presses("a", question=question) == ""
    assert "Vous avez déjà répondu" in person.brief
    kept = town.store.read_now(prompts.by_id, prompt.id)
    assert kept is not None
    assert kept.keys == ("b",)


def test_a_typed_reply_to_an_answered_question_is_told_so_kindly(town: Town) -> None:
    person = town.learner()
    ref = person.shown[-1][1]
    person.types(person.right())
    assert "Vous avez déjà répondu à «\u00a0Que dire de un" in person.types("1", reply_to=ref)
    assert person.types("merci !", reply_to=ref) == "Avec plaisir\u00a0!"


SAID_ABOUT = (
    "je ne comprends pas",
    "pourquoi ?",
    "c’est vrai ?",
    "la 2 ?",
    "un exemple ?",
    "bof",
    "ok",
    "👍",
    "Bonjour",
)


@pytest.mark.parametrize("said", SAID_ABOUT)
def test_a_remark_in_reply_to_a_message_answers_no_question(town: Town, said: str) -> None:
    asked = [lessons.true_false(id="q1", text="Est-ce vrai ?"), lessons.true_false(id="q2", text="Et ceci ?")]
    town.teach(lesson("un", questions=asked))
    person = town.learner()
    first = person.shown[-1][1]
    assert "Est-ce" not in person.types(said, reply_to=first)
    assert person.quiz.question == "q1"
    person.types(person.right())
    verdict, second = (ref for _, ref, _ in person.shown[-2:])
    for ref in (first, verdict, second):
        assert "déjà répondu" not in person.types(said, reply_to=ref)
        assert person.quiz.question == "q2"


def test_a_press_from_someone_else_is_refused(town: Town) -> None:
    person, other = town.learner("1"), town.learner("2")
    other.presses("a", question=person.question)
    assert other.brief == "Cette question n’attend plus de réponse."
    assert person.quiz.answered_at is None
    assert other.quiz.answered_at is None


def test_a_press_of_nothing_we_asked_is_refused(town: Town, subtests: pytest.Subtests) -> None:
    for address, refers in enumerate(("", "nope", "x" * 64, "preview'")):
        with subtests.test(refers=refers):
            person = town.learner(str(address))
            assert person.does(kind=Kind.CHOOSE, refers=refers, keys=("a",), receipt="r") == ""
            assert person.brief == "Cette question n’attend plus de réponse."


def test_a_press_of_no_choice_leaves_the_question_open(town: Town, subtests: pytest.Subtests) -> None:
    for keys in [(), ("z",), ("a", "b"), ("a", "z")]:
        with subtests.test(keys=keys):
            person = town.learner(f"presses {keys}")
            person.presses(*keys)
            assert person.quiz.answered_at is None


def test_an_old_question_can_still_be_answered_late(town: Town) -> None:
    person = town.learner()
    old = person.question
    town.tick(person.next_at)
    new = person.quiz
    assert "Titre de un" in person.presses("a", question=old)
    assert person.brief.startswith("✅")
    assert town.store.read_now(prompts.by_id, new.id) == new


def test_a_reply_means_the_message_it_replies_to(town: Town) -> None:
    person = town.learner()
    old, ref = person.quiz, person.shown[-1][1]
    town.tick(person.next_at)
    person.types("1", reply_to=ref)
    kept = town.store.read_now(prompts.by_id, old.id)
    assert kept is not None
    assert kept.answered_at is not None


def test_someone_else_s_message_cannot_be_replied_to(town: Town) -> None:
    town.learner("1")
    ref = town.person("1").shown[-1][1]
    other = town.learner("2")
    mine = other.quiz
    other.types("1", reply_to=ref)
    assert town.person("1").quiz.answered_at is None
    kept = town.store.read_now(prompts.by_id, mine.id)
    assert kept is not None
    assert kept.answered_at is not None


def test_what_cannot_be_read_gets_the_format_again_not_the_help(
    town: Town, subtests: pytest.Subtests
) -> None:
    for said in ("bof", "7", "1 et 2", "je ne sais pas", "..."):
        with subtests.test(said=said):
            person = town.learner(said)
            heard = person.types(said)
            assert (
                heard == "Je n’ai pas reconnu de réponse. Répondez par un numéro, de 1 à 3 (ou écrivez aide)"
            )
            assert person.quiz.answered_at is None


# --- several right answers


def second(town: Town) -> Person:
    """Someone in front of a choice of several."""
    person = town.learner()
    person.types(person.right())
    assert person.question.multiple
    return person


def test_choices_are_switched_on_and_off_then_submitted(town: Town) -> None:
    person = second(town)
    asked_in = person.shown[-1][0]
    for key in "abd":
        person.presses(key, kind=Kind.TOGGLE)
    person.presses("d", kind=Kind.TOGGLE)
    person.presses("c", kind=Kind.TOGGLE)
    edit = person.last
    assert isinstance(edit, Edit)
    assert edit.of == asked_in
    assert edit.question is not None
    assert edit.question.chosen == {"a", "b", "c"}
    heard = person.presses(kind=Kind.SUBMIT)
    assert "✅ Bonne réponse" in heard
    assert isinstance(person.last, Edit)


def ticks(person: Person, key: str) -> frozenset[str]:
    """The choices that a message shows as switched on, by its buttons; its text shows the same."""
    piece = next(
        piece
        for sent, _, piece in reversed(person.shown)
        if piece.question is not None and key == (piece.of if isinstance(piece, Edit) else sent)
    )
    assert piece.question is not None
    assert piece.text.count("✓") == len(piece.question.chosen)
    return piece.question.chosen


def test_a_tick_is_shown_in_the_newest_message_and_the_older_ones_lose_their_buttons(town: Town) -> None:
    person = second(town)
    first, question = person.shown[-1][0], person.question
    person.unbuttoned.clear()
    person.types("quiz")
    newest = person.shown[-1][0]
    assert newest != first
    person.presses("a", kind=Kind.TOGGLE, question=question)
    assert ticks(person, newest) == {"a"}
    assert person.unbuttoned == [first]
    person.presses("b", kind=Kind.TOGGLE)
    assert ticks(person, newest) == {"a", "b"}
    assert person.unbuttoned == [first], "once is enough"
    assert first not in {piece.of for _, _, piece in person.shown if isinstance(piece, Edit)}
    heard = person.presses(kind=Kind.SUBMIT, question=question)
    assert heard.count("☑") == 2
    assert person.last.text


def test_messages_of_a_question_beyond_the_last_five_lose_their_buttons(town: Town) -> None:
    person = second(town)
    keys = [person.shown[-1][0]]
    person.unbuttoned.clear()
    for _ in range(7):
        person.types("quiz")
        keys.append(person.shown[-1][0])
    assert person.unbuttoned == keys[:2]
    person.presses("a", kind=Kind.TOGGLE)
    assert ticks(person, keys[-1]) == {"a"}
    assert set(person.unbuttoned) == set(keys[:-1])


def test_nothing_switched_on_cannot_be_submitted(town: Town) -> None:
    person = second(town)
    assert person.presses(kind=Kind.SUBMIT) == ""
    assert person.brief == "Choisissez d’abord au moins une réponse."


@pytest.mark.parametrize("keys", [(), ("z",), ("a", "b")])
def test_a_switch_that_is_not_there_does_nothing(town: Town, keys: tuple[str, ...]) -> None:
    person = second(town)
    assert person.presses(*keys, kind=Kind.TOGGLE) == ""
    assert person.quiz.chosen == ()


def test_a_choice_of_one_has_no_switches(town: Town) -> None:
    person = town.learner()
    assert person.presses("a", kind=Kind.TOGGLE) == ""
    assert person.quiz.chosen == ()


def test_several_can_be_typed_and_what_was_missed_is_explained(town: Town) -> None:
    town.limits = TYPING
    person = second(town)
    heard = person.types(" et ".join(person.right().split(" et ")[:2]))
    assert heard.startswith("🟠 En partie juste")
    assert "Les bonnes réponses" in heard


def test_submitting_twice_counts_once(town: Town) -> None:
    person = second(town)
    question = person.question
    person.presses("a", kind=Kind.TOGGLE)
    person.presses(kind=Kind.SUBMIT, question=question)
    assert person.presses(kind=Kind.SUBMIT, question=question) == ""
    assert person.presses("b", kind=Kind.TOGGLE, question=question) == ""
    assert "déjà répondu" in person.brief


# --- what follows


def test_a_slot_is_one_lesson_and_two_questions_and_no_more(town: Town) -> None:
    person = town.learner()
    assert "Que retenir de un" in person.types(person.right())
    heard = person.types(person.right())
    assert "C’est tout pour aujourd’hui. La suite vient mardi 24 novembre à 08:30." in heard
    assert asked(person) == ["un/q1", "un/q2"]


def days_later(person: Person, number: int, *, right: bool = True) -> str:
    """So many slots, whose questions are all answered alike but for the second one of the last; what came with that."""
    heard = ""
    for _ in range(number):
        while person.waits:
            person.types(person.right() if right else person.wrong())
        person.town.tick(person.next_at)
        heard = person.types(person.right() if right else person.wrong())
    return heard


def test_a_lesson_that_is_due_takes_the_place_of_the_second_question(town: Town) -> None:
    person = town.learner()
    person.types(person.wrong())
    assert "On révise" not in days_later(person, 1)
    assert "🔁 On révise · Données personnelles" in days_later(person, 1)
    assert asked(person)[-2:] == ["trois/q1", "un/q1"]
    assert "C’est tout" in person.types(person.right())


def test_a_failed_question_comes_back_then_the_one_that_was_never_asked(town: Town) -> None:
    person = town.learner()
    person.types(person.wrong())
    days_later(person, 2)
    person.types(person.right())
    assert asked(person) == ["un/q1", "un/q2", "deux/q1", "deux/q2", "trois/q1", "un/q1"]
    town.wait(days=30)
    person.types("quiz")
    person.types(person.right())
    person.types("quiz")
    assert asked(person)[-2:] == ["trois/q2", "deux/q1"]


def test_a_review_shows_its_theme_and_its_lesson_with_the_verdict(town: Town) -> None:
    person = town.learner()
    person.types(person.wrong())
    heard = days_later(person, 2)
    assert "Titre de un" not in heard.partition("On révise")[2]
    heard = person.types(person.right())
    assert "📘 Titre de un\n\n💡 À retenir" in heard
    assert "reviendra" not in heard


def test_a_wrong_answer_says_that_the_question_comes_back(town: Town) -> None:
    assert "Cette question reviendra dans les prochains jours." in answered_wrong(town)


def answered_wrong(town: Town) -> str:
    person = town.learner()
    return person.types(person.wrong())


def test_a_lesson_that_nobody_answered_is_asked_again(town: Town) -> None:
    person = town.learner()
    first = person.shown[-1][0]
    town.tick(person.next_at)
    town.tick(person.next_at)
    heard = person.types(person.right())
    assert "📌 À rattraper\u00a0: Titre de un\n\n💡 À retenir" in heard
    assert asked(person) == ["un/q1", "deux/q1", "trois/q1", "un/q1"]
    person.types(person.right())
    assert first in person.unbuttoned
    assert "Que dire de deux" in person.types("quiz"), "un asks no more, also in its first message"


def test_a_lesson_that_is_caught_up_on_can_be_read_again_by_a_press_or_a_word(town: Town) -> None:
    for address, said in {"1": "", "2": "relire", "3": "Relire la leçon"}.items():
        person = town.learner(address)
        town.wait(days=2)
        person.types("pause")
        person.types("reprendre")
        town.store.write_now(lambda tx: tx.execute(tables.prompt.delete()))
        assert "📌 À rattraper" in person.types("quiz")
        asked = person.quiz
        assert [choice.label for choice in person.question.beside] == ["Relire la leçon"]
        heard = person.types(said) if said else person.presses("reread")
        assert "📘 Titre de un" in heard
        assert "Que dire de un" in heard
        assert person.quiz.id == asked.id
        assert person.types(person.right()).startswith("✅")


def test_the_word_to_read_a_lesson_again_always_serves(town: Town) -> None:
    person = town.learner()
    for said in ("relire", "Relire !", "/relire", "reread", "revoir la dernière leçon"):
        heard = person.types(said)
        assert "📘 Titre de un" in heard
        assert "Que dire de un" in heard
    town.tick(person.next_at)
    assert "📘 Titre de deux" in person.types("relire")
    person.types("reglages")
    assert "📘 Titre de deux" in person.types("relire")
    person.types("pause")
    assert "📘 Titre de deux" in person.types("relire")
    while person.waits:
        person.types(person.right())
    heard = person.types("relire")
    assert heard.startswith("📘 Titre de deux")
    assert "Question" not in heard
    person.types("stop")
    person.types("1")
    assert "📘" not in person.types("relire")


def test_the_button_of_an_answered_question_still_shows_its_lesson(town: Town) -> None:
    person = town.learner()
    town.wait(days=2)
    town.store.write_now(lambda tx: tx.execute(tables.prompt.delete()))
    person.types("quiz")
    asked = person.question
    person.types(person.right())
    heard = person.presses("reread", question=asked)
    assert heard.startswith("📘 Titre de un")
    assert "Question" not in heard


def test_where_nothing_is_pressed_the_word_to_read_a_lesson_again_is_named(town: Town) -> None:
    town.limits = TYPING
    person = town.learner()
    town.wait(days=2)
    town.store.write_now(lambda tx: tx.execute(tables.prompt.delete()))
    assert person.types("quiz").endswith("de 1 à 3. Pour revoir la leçon, écrivez relire.")


def test_a_lesson_is_due_by_the_learners_own_dates(town: Town) -> None:
    person = town.learner()
    person.types("reglages")
    person.types("3")
    person.types("Pacific/Noumea")
    town.now = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # the 25th there, and the 24th in UTC
    person.types("quiz")
    person.types(person.wrong())
    (recall,) = town.store.read_now(recalls.all_of, person.learner.id).values()
    assert (recall.due, recall.asked["q1"].last) == (date(2026, 11, 27), date(2026, 11, 25))


def test_an_answer_on_demand_is_not_followed_by_another_question(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    person.types(person.right())
    town.wait(days=1)
    assert "On révise" in person.types("quiz")
    heard = person.types(person.right())
    assert "Question" not in heard


def test_no_lesson_is_asked_again_on_the_date_on_which_it_was_asked(town: Town) -> None:
    person = town.learner()
    person.types(person.wrong())
    person.types(person.right())
    assert "Pas encore de question" in person.types("quiz")


def test_quiz_asks_the_open_question_first(town: Town) -> None:
    person = town.learner()
    first = person.quiz
    assert "Que dire de un" in person.types("quiz")
    assert person.quiz.id == first.id


def test_quiz_says_so_when_there_is_nothing_to_ask(town: Town) -> None:
    person = town.learner()
    town.store.write_now(lambda tx: tx.execute(tables.prompt.delete()))
    town.store.write_now(lambda tx: tx.execute(tables.recall.delete()))
    assert "Pas encore de question" in person.types("quiz")


def test_a_lesson_past_its_date_is_not_reviewed_either(town: Town) -> None:
    source = lesson("x").sources[0].model_dump(mode="json") | {"checked": "2026-11-01"}
    dated = lesson("un", review_by="2026-11-25", sources=[source])
    town.store.write_now(publish, dated, lesson("deux"), now=town.now)
    person = town.learner()
    person.types(person.wrong())
    person.types(person.right())
    town.wait(days=1)
    assert "Que dire de un" in person.types("quiz")
    person.types(person.wrong())
    town.wait(days=2)
    assert "Pas encore de question" in person.types("quiz")


def test_an_answer_is_judged_by_the_version_that_was_asked(town: Town) -> None:
    person = town.learner()
    turned = [
        lessons.choice("Un texte déjà publié"),
        lessons.choice("Une lettre d'habitant", correct=True),
        lessons.choice("Un arrêté en préparation"),
    ]
    changed = lesson("un", questions=[lessons.single(choices=turned), lessons.multiple()])
    town.store.write_now(publish, changed, lesson("deux"), now=town.now)
    person.presses("a")
    assert person.brief.startswith("✅")


def test_the_order_of_choices_is_kept_however_often_they_are_shown(town: Town) -> None:
    person = town.learner()
    first = [choice.key for choice in person.question.choices]
    for _ in range(5):
        person.types("quiz")
        assert [choice.key for choice in person.question.choices] == first


def test_the_order_of_choices_differs_between_learners(town: Town) -> None:
    orders = {
        tuple(choice.key for choice in town.learner(str(number)).question.choices) for number in range(20)
    }
    assert len(orders) > 1


def test_a_late_night_answer_counts_for_its_own_day(town: Town) -> None:
    person = town.learner()
    town.wait(days=1, hours=13)
    person.types(person.right())
    assert town.store.read_now(tallies.of_learner, person.learner.id)[1] == {date(2026, 11, 24)}


# --- a choice that is worded like a command


CHOICES_LIKE_COMMANDS = [
    "Mettre en pause le projet",
    "Mettre en pause",
    "Faire une pause de deux semaines",
    "Mettre le projet en pause jusqu’à lundi",
    "Arrêter les envois",
    "Effacer mes données",
]


@pytest.mark.parametrize("mark", ["", " !", ", merci"])
def test_the_label_of_a_choice_is_its_answer_though_it_sounds_like_a_command(
    town: Town, subtests: pytest.Subtests, mark: str
) -> None:
    choices = [
        lessons.choice(text, correct=text.startswith("Mettre en pause le")) for text in CHOICES_LIKE_COMMANDS
    ]
    town.teach(lesson("projet", questions=[lessons.single(choices=choices), lessons.multiple()]))
    for at, label in enumerate(CHOICES_LIKE_COMMANDS):
        with subtests.test(label=label):
            person = town.learner(f"{at}")
            heard = person.types(label + mark)
            assert heard.startswith("✅" if at == 0 else "❌")
            assert person.state == "active"


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("pause", "C’est en pause"),
        ("/pause", "C’est en pause"),
        ("Stop", "Voulez-vous arrêter"),
        ("je voudrais faire une pause", "C’est en pause"),
        ("/effacer mes données", "Effacer toutes vos données"),
    ],
)
def test_a_command_is_one_though_a_choice_has_its_word(town: Town, said: str, heard: str) -> None:
    words = ("Pause", "Stop", "Faire une pause", "Effacer mes données")
    choices = [lessons.choice(text, correct=text == "Stop") for text in words]
    town.teach(lesson("projet", questions=[lessons.single(choices=choices), lessons.multiple()]))
    person = town.learner()
    assert heard in person.types(said)
    assert person.waits
