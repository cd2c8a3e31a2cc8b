# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does every command come through however it is written, and nothing else pass for one?"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import Rejected
from bot.messages import Event, FileRef, Kind
from bot.service import planning
from bot.service.outbound import Outcome, settle, step
from bot.talk import quiz
from bot.talk.reception import Needs, command_of, needs, read
from bot.talk.topics import ADMIN_ANSWERS, ADMIN_COMMANDS, ANSWERS, COMMANDS
from bot.talk.turn import Rules
from config.schedule import Schedule
from lessons.source.bounds import SIZE, WORKBOOK_IN_CHAT
from storage.progress import prompts
from tests.bot.builders import MONDAY, Town

if TYPE_CHECKING:
    from tests.bot.builders import Person


ANSWERED = {
    "start": "Vous suivez déjà",
    "aide": "Voici ce que vous pouvez écrire",
    "lecon": "Titre de un",
    "quiz": "Que dire de un",
    "progression": "Votre progression",
    "reglages": "Vos réglages",
    "plustard": "je vous repose la question à 11:00",
    "pause": "C’est en pause",
    "reprendre": "Rien n’était en pause",
    "stop": "Voulez-vous arrêter",
    "mesdonnees": "tout ce que je garde",
    "oublier": "Effacer toutes",
    "effacer": "Effacer toutes",
    "attestation": "leçons",
    "verifier": "code",
    "texteseul": "texte",
    "avecimages": "image",
    "opposition": "je ne vous envoie plus rien",
    "rectifier": "corriger",
    "confidentialite": "données",
}


ENGLISH = {
    "help": "aide",
    "lesson": "lecon",
    "progress": "progression",
    "settings": "reglages",
    "later": "plustard",
    "resume": "reprendre",
    "mydata": "mesdonnees",
    "forget": "oublier",
    "erase": "effacer",
    "verify": "verifier",
    "object": "opposition",
    "rectify": "rectifier",
    "privacy": "confidentialite",
}


def test_every_command_works_bare_and_marked_in_both_languages(town: Town, subtests: pytest.Subtests) -> None:
    for command, mark in product([*ANSWERED, *ENGLISH], ["", "/", "!"]):
        with subtests.test(command=command, mark=mark):
            person = town.learner(f"{mark}{command}")
            assert ANSWERED[ENGLISH.get(command, command)] in person.types(f"{mark}{command}")


def test_no_command_is_left_out() -> None:
    assert {*ANSWERED, *ENGLISH} == COMMANDS.keys()


def test_case_accents_and_what_follows_a_mark_do_not_matter() -> None:
    expected = {
        "Leçon": "lecon",
        "LEÇON": "lecon",
        "lec\u0327on": "lecon",
        "réglages": "reglages",
        " aide ": "aide",
        "Aide!": "aide",
        "stop.": "stop",
        "/lecon maintenant": "lecon",
        "!LESSON": "lesson",
        "//aide": "aide",
        "/start abc123": "start",
    }
    assert {said: command_of(said, by_admin=True) for said in expected} == expected


def test_a_sentence_is_no_command() -> None:
    sentences = ["", "  ", "stop ou encore", "je fais une pause", "2", "oui", "annoncer", "pas stop"]
    assert [said for said in sentences if command_of(said, by_admin=True) != ""] == []


def test_a_mark_with_anything_else_is_an_unknown_command() -> None:
    marked = ["/", "!foo", "/foo", "/2"]
    assert [said for said in marked if command_of(said, by_admin=True) != "?"] == []


@given(st.text(max_size=300), st.booleans())
def test_any_text_can_be_asked_for_its_command(said: str, by_admin: bool) -> None:
    known = {"", "?", *COMMANDS, *ADMIN_COMMANDS}
    assert command_of(said, by_admin=by_admin) in known


def test_a_command_wins_over_an_open_question(town: Town) -> None:
    person = town.learner()
    assert "Votre progression" in person.types("progression")
    assert person.quiz.answered_at is None


def test_an_unknown_command_gets_the_short_help_even_over_an_open_question(town: Town) -> None:
    assert "Je n’ai pas compris" in town.learner().types("/foo")


def silent(person: Person) -> int:
    return person.enrolment.silent


def test_any_word_starts_the_count_of_silent_slots_again(town: Town, subtests: pytest.Subtests) -> None:
    words = ("bof", "aide", "1", "")
    people = [town.learner(str(address)) for address, _ in enumerate(words)]
    for _ in range(2):
        town.tick(people[0].next_at)
    for word, person in zip(words, people, strict=True):
        with subtests.test(word=word):
            assert silent(person) == 2
            person.types(word)
            assert silent(person) == 0


def test_a_press_starts_the_count_again_too(town: Town) -> None:
    person = town.learner()
    town.tick(person.next_at)
    person.presses("a")
    assert silent(person) == 0


def test_an_admins_command_by_anyone_else_is_answered_as_an_unknown_one(
    town: Town, subtests: pytest.Subtests
) -> None:
    commands = [*ADMIN_COMMANDS, "annonce bonjour à tous"]
    for command, mark, state in product(commands, ["", "/", "!"], ["new", "reading", "idle"]):
        with subtests.test(command=command, mark=mark, state=state):
            unknown = f"{mark}inconnu" + " bonjour" * (" " in command)
            answers = []
            for place, said in enumerate((f"{mark}{command}", unknown)):
                address = f"{place} {state} {mark}{command}"
                person = town.person(address) if state == "new" else town.learner(address)
                if state == "idle":
                    person.types(person.right())
                    person.types(person.right())
                answers.append(person.types(said))
            assert answers[0] == answers[1]


def test_a_file_from_anyone_else_is_answered_as_a_word_without_meaning(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    person.types(person.right())
    assert "Je n’ai pas compris" in person.sends("lecon.yaml", b"id: x")


def test_a_photo_or_a_sticker_is_a_word_without_meaning(town: Town) -> None:
    person = town.learner()
    assert "Je n’ai pas reconnu" in person.types("")


def test_every_topic_fits_its_column_and_has_an_answer() -> None:
    assert quiz.TOPIC not in {**ANSWERS, **ADMIN_ANSWERS}
    assert all(len(topic) <= 20 for topic in (*ANSWERS, *ADMIN_ANSWERS))


def test_hostile_texts_are_answered_like_any_other(town: Town, subtests: pytest.Subtests) -> None:
    texts = ["\u202e2", "1\u20e3", "🏛️" * 1000, "' OR 1=1 --", "{0}", "%s", "**", "\\", "<b>", "\x00"]
    for address, said in enumerate(texts):
        with subtests.test(said=said[:20]):
            person = town.learner(str(address))
            assert person.types(said)
            assert person.types("aide")


def test_a_question_that_was_refused_is_not_open(town: Town) -> None:
    person = town.learner()
    first = person.quiz
    town.now = person.next_at
    town.store.write_now(planning.plan, town.now)
    (attempt,) = town.store.write_now(step, "telegram", "t", town.limits, (), 8, (), town.now).attempts
    town.store.write_now(settle, [Outcome(attempt.row, town.now, failure=Rejected("no"))], town.now)
    open_ = town.store.read_now(prompts.newest_open, person.learner.id, quiz.TOPIC)
    assert open_ is not None
    assert open_.id == first.id


def test_an_admins_file_is_needed_whatever_its_caption_says() -> None:
    rules = Rules(Schedule(), "fr", frozenset({"telegram:mairie"}))

    def needed(**what: Any) -> Needs:
        event = Event("telegram", "e1", "mairie", MONDAY, **what)
        return needs(read(event, rules), rules)

    small, large = FileRef("ref", "lecon.yaml", 10), FileRef("ref", "lecon.yaml", SIZE + 1)
    assert needed(kind=Kind.FILE, text="stats", file=small) is Needs.FILE
    assert needed(kind=Kind.FILE, file=large) is Needs.NOTHING
    assert needed(kind=Kind.FILE, file=FileRef("ref", "lecon.XLSX", WORKBOOK_IN_CHAT)) is Needs.FILE
    assert needed(kind=Kind.FILE, file=FileRef("ref", "lecon.xlsx", WORKBOOK_IN_CHAT + 1)) is Needs.NOTHING
    assert needed(kind=Kind.FILE, file=FileRef("ref", "notes.txt", 10)) is Needs.NOTHING
    assert needed(kind=Kind.FILE) is Needs.NOTHING
    assert needed(text="stats") is Needs.FIGURES
    assert needed(kind=Kind.FILE, text="stats", file=FileRef("ref", "notes.txt", 10)) is Needs.FIGURES
    assert needed(text="bonjour") is Needs.NOTHING
    stranger = Event("telegram", "e1", "4712", MONDAY, kind=Kind.FILE, file=small)
    assert needs(read(stranger, rules), rules) is Needs.NOTHING
