# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The attestation in a conversation: when it can be had, what is asked, and what is kept of the name, which is nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bot.messages import Kind
from bot.notice.facts import Facts
from bot.talk import paper
from bot.wording import words_of
from lessons.review import Asked, Memory, Recall
from storage import attestations, tables
from storage.progress import recalls, tallies
from tests.bot import papers
from tests.bot.builders import Person, Town, lesson, publish, push
from tests.bot.papers import NAME, SLUGS, follower

if TYPE_CHECKING:
    from storage.store import Store

ASKS, HERE = "Quel nom écrire", "Voici votre attestation"


@pytest.fixture
def town(store: Store) -> Town:
    return papers.course(store)


def issued(person: Person) -> int:
    return person.town.store.read_now(attestations.count_of, person.learner.id)


def row(town: Town) -> Any:
    """The newest row of the outbox that is transient."""
    query = select(tables.outbox).where(tables.outbox.c.transient).order_by(tables.outbox.c.id.desc())
    return town.store.read_now(lambda tx: tx.execute(query).first())


# --- when


def test_whoever_has_followed_the_path_is_asked_for_a_name_and_given_the_paper(town: Town) -> None:
    person = follower(town)
    heard = person.types("attestation")
    assert ASKS in heard
    assert "Je ne garde pas votre nom" in heard
    assert "annuler" in heard
    assert HERE in person.types(NAME)
    assert issued(person) == 1


def test_before_it_is_said_what_is_missing(town: Town) -> None:
    heard = follower(town, besides=SLUGS[3:5]).types("attestation")
    assert "10 leçons sur 12" in heard
    assert "2 sont déjà arrivées" in heard
    assert "viendr" not in heard
    heard = town.learner("2").types("attestation")
    assert "0 leçons sur 12" in heard
    assert "1 est déjà arrivée" in heard
    assert "11 viendront à leur heure" in heard


def test_a_path_of_fewer_than_twelve_lessons_gives_none(store: Store) -> None:
    town = papers.course(store, 11)
    heard = follower(town).types("attestation")
    assert "au moins 12 leçons" in heard
    assert "que 11" in heard


def test_without_a_course_there_is_nothing_to_attest(town: Town) -> None:
    person = follower(town)
    person.types("attestation")
    town.store.write_now(lambda tx: tx.exec_driver_sql("DELETE FROM lesson"))
    town.store.write_now(lambda tx: tx.exec_driver_sql("UPDATE course SET content = 'brouillé'"))
    assert HERE not in person.types(NAME)
    assert issued(person) == 0


def test_a_lesson_past_its_review_date_is_not_waited_for_and_a_new_one_is(town: Town) -> None:
    stale = lesson("l13", review_by="2026-11-20")
    town.store.write_now(lambda tx: publish(tx, *(lesson(slug) for slug in SLUGS), stale))
    person = follower(town, besides=["l13"])
    assert ASKS in person.types("attestation")
    town.store.write_now(lambda tx: push(tx, lesson("l14"), 14))
    heard = person.types(NAME)
    assert HERE not in heard, "it came between the question and the name"
    assert "12 leçons sur 13" in heard
    assert issued(person) == 0


@pytest.mark.parametrize(
    "said", ["/attestation", "Mon attestation, s'il vous plaît", "je voudrais l’attestation"]
)
def test_it_is_asked_for_in_ones_own_words(town: Town, said: str) -> None:
    assert ASKS in follower(town).types(said)


def test_a_stranger_and_somebody_paused(town: Town) -> None:
    assert ASKS not in town.person("2").types("attestation")
    person = follower(town)
    person.types("pause")
    assert ASKS in person.types("attestation")
    assert HERE in person.types(NAME)


def test_the_end_of_the_course_offers_it_to_whoever_can_have_it_then(town: Town) -> None:
    heard = {}
    for address, besides in (("1", ()), ("2", SLUGS[-1:])):
        person = follower(town, address, besides=besides)
        heard[address] = person.types(person.right())
        while "Parcours terminé" not in heard[address]:
            heard[address] += person.types(person.right())
    assert "écrivez attestation" in heard["1"]
    assert "écrivez attestation" not in heard["2"]


# --- the name


def test_the_name_is_stored_nowhere_once_the_paper_has_left(town: Town) -> None:
    person = follower(town)
    person.types("attestation")
    assert HERE in person.types(NAME)
    left = row(town)
    assert (left.state, left.content) == ("sent", {})
    for part in NAME.replace("-", " ").split():
        assert part not in papers.all_texts(town.store)
    prompt = town.store.read_now(
        lambda tx: tx.execute(select(tables.prompt).where(tables.prompt.c.topic == "attestation")).one()
    )
    assert prompt.answered_at is not None
    assert prompt.given == []


def test_a_name_that_is_refused_or_given_up_is_stored_nowhere(town: Town) -> None:
    person = follower(town)
    person.types("attestation")
    for said in ("Camille ☃ Martin", "Camille\nMartin", "C" * 81, "Camille \u202eMartin"):
        heard = person.types(said)
        assert HERE not in heard
        assert "annuler" in heard, "it is asked again"
    assert "aucune attestation" in person.types("annuler")
    assert HERE not in person.types(NAME)
    held = papers.all_texts(town.store)
    assert "Camille" not in held
    assert "C" * 81 not in held
    assert issued(person) == 0


def test_a_sign_that_cannot_be_written_is_named_and_the_name_asked_again(town: Town) -> None:
    person = follower(town)
    person.types("attestation")
    assert "Ce signe ne peut pas être écrit\u00a0: ☃" in person.types("Camille ☃ Martin")
    assert "U+202E" in person.types("Camille \u202eMartin")
    assert HERE in person.types("Camille Martin")


def test_a_letter_with_a_sign_that_is_lacking_is_asked_for_without_it(town: Town) -> None:
    person = follower(town)
    person.types("attestation")
    assert "ị → i, ọ → o" in person.types("Nguyễn Thị Ngọc")
    assert HERE in person.types("Nguyễn Thi Ngoc")


def test_a_phrase_without_a_name_makes_no_paper_and_is_asked_again_or_understood(town: Town) -> None:
    person = follower(town)
    person.types("attestation")
    for said in ("ok", "oui", "bonjour", "je ne sais pas", "7K3M-92QF-XT4D-8RBN", "👍"):
        assert HERE not in person.types(said), said
    for said in ("dans une heure", "lundi", "plus tard"):
        person.types("attestation")
        assert "aucune attestation n’est faite" in person.types(said), said
    assert issued(person) == 0
    person.types("attestation")
    assert "seul, sans autre mot" in person.types("oui")
    assert HERE in person.types("bonjour, je m’appelle Zoé Quimperlé")
    assert issued(person) == 1


def test_a_command_in_the_place_of_a_name_is_a_command(town: Town) -> None:
    person = follower(town)
    person.types("attestation")
    assert "suivies" in person.types("progression")
    assert HERE not in person.types(NAME)
    assert issued(person) == 0


def test_a_name_that_was_misspelt_can_be_corrected_where_it_was_typed(town: Town) -> None:
    person = follower(town)
    person.types("attestation")
    person.does(text="Camille ☃", message="m1")
    assert HERE in person.does(text="Camille Martin", message="m1", corrects=True)


def test_a_caption_is_a_name_and_a_press_is_none(town: Town) -> None:
    person = follower(town)
    person.types("attestation")
    refers = person.question.prompt
    assert HERE not in person.does(kind=Kind.CHOOSE, refers=refers, keys=("Camille",), receipt="r")
    assert HERE in person.sends("photo.jpg", b"", caption=NAME)


# --- again, and afterwards


def test_each_asking_gives_a_new_code_and_the_newest_five_can_be_verified(town: Town) -> None:
    person = follower(town)
    said = []
    for _ in range(7):
        person.types("attestation")
        said.append(person.types(NAME))
        town.wait(minutes=1)
    assert "reste" not in said[0]
    assert "1 attestation plus ancienne reste vérifiable" in said[1]
    assert "4 attestations plus anciennes" in said[4]
    assert "dernières" not in said[4]
    assert "vos 5 dernières" in said[5]
    assert issued(person) == 5
    codes = {papers.drawn(person).facts["verify"]["code"] for _ in range(3)}
    assert len(codes) == 3


def test_erasing_says_before_that_attestations_go_and_takes_them(town: Town) -> None:
    person = follower(town)
    assert "attestation" not in person.types("oublier")
    person.types("annuler")
    person.types("attestation")
    person.types(NAME)
    assert "1 attestation ne pourra plus être vérifiée" in person.types("stop")
    person.types("continuer")
    assert "1 attestation ne pourra plus être vérifiée" in person.types("oublier")
    person.types("effacer")
    query = select(tables.attestation)
    assert town.store.read_now(lambda tx: tx.execute(query).all()) == []


def test_an_erasure_before_the_paper_left_takes_the_name_with_it(town: Town) -> None:
    person = follower(town)
    person.types("attestation")
    person.does(text=NAME, deliver=False)
    assert row(town).state == "waiting"
    person.types("oublier")
    person.types("effacer")
    assert row(town) is None
    assert "Lefebvre" not in papers.all_texts(town.store)


def test_the_operator_named_in_the_settings_issues_it(store: Store) -> None:
    town = papers.course(store, facts=papers.issued_by("Grand Ensemble Métropole"))
    person = follower(town)
    assert papers.drawn(person).facts["given_to"] == "Grand Ensemble Métropole délivre cette attestation à"
    town.facts = Facts(channels=("telegram",))
    assert papers.drawn(person).facts["given_to"] == "Cette attestation est délivrée à"


def test_the_paper_is_in_the_learners_language(town: Town) -> None:
    person = follower(town, language="en")
    assert "What name shall it bear?" in person.types("attestation")
    facts = papers.drawn(person).facts
    assert (facts["language"], facts["course_language"]) == ("en", "fr")
    assert facts["title"] == "Attestation of participation"


def test_the_numbers_on_the_paper_are_those_of_the_learner(town: Town) -> None:
    facts = papers.drawn(follower(town)).facts
    values = [value for _, value in facts["done"]["rows"]]
    assert values[0] == "le 23 novembre 2026"
    assert values[1] == "12"
    assert values[2] == "12, toutes justes (toutes leçons confondues)"
    assert values[3].startswith("environ 35 min"), "12 × 2 min and 12 × 45 s, by 5 minutes"
    assert values[5] == "23 novembre 2026"
    assert facts["themes"]["rows"] == [("Données personnelles", 12)]


def test_a_lesson_that_is_available_no_more_counts_as_followed_and_is_not_said_to_be_available(
    town: Town,
) -> None:
    person = follower(town)
    shorter = [lesson(slug) for slug in SLUGS[1:]]
    town.store.write_now(lambda tx: publish(tx, lesson(SLUGS[0], review_by="2026-11-20"), *shorter))
    facts = papers.drawn(person).facts
    assert facts["phrase"] == (
        "qui a répondu à au moins une question de chacune des leçons de ce parcours disponibles le 23 novembre 2026."
    )
    assert facts["done"]["rows"][1] == ("Leçons suivies", "12")


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ({}, "12, toutes justes (toutes leçons confondues)"),
        ({"wrong": 1}, "13, dont 12 justes (toutes leçons confondues)"),
    ],
)
def test_answers_are_counted_whatever_the_lesson(town: Town, verdicts: dict[str, int], said: str) -> None:
    person = follower(town)
    for verdict, number in verdicts.items():
        for _ in range(number):
            town.store.write_now(tallies.count_answer, person.learner.id, verdict, town.now.date())
    assert papers.drawn(person).facts["done"]["rows"][2][1] == said


@pytest.mark.parametrize(
    ("right", "said"), [(0, "12 (toutes"), (1, "12, dont 1 juste (toutes"), (12, "12, toutes justes (toutes")]
)
def test_the_right_answers_agree_with_their_number(right: int, said: str) -> None:
    assert paper.answers(words_of("fr"), 12, right).startswith(said)


def test_what_is_anchored_has_a_column_and_a_note_only_where_something_is(town: Town) -> None:
    person = follower(town)
    themes = papers.drawn(person).facts["themes"]
    assert (themes["columns"], themes["note"]) == (["Thème", "Leçons suivies"], "")
    today = town.now.date()
    known = Recall(today, Memory(40.0, 5.0, today), None, {"q1": Asked(1, today)})
    town.store.write_now(recalls.remember, person.learner.id, SLUGS[0], known)
    said = papers.drawn(person)
    themes = said.facts["themes"]
    assert themes["columns"] == ["Thème", "Leçons suivies", "Idées ancrées"]
    assert themes["rows"] == [("Données personnelles", 12, 1)]
    assert "un mois après la dernière" in themes["note"]
    assert "Données personnelles\u00a0: 12 leçons suivies, 1 idée ancrée" in said.alternative


def test_the_text_of_the_paper_is_punctuated_as_its_language_is(town: Town) -> None:
    french = papers.drawn(follower(town)).alternative
    english = papers.drawn(follower(town, "2", language="en")).alternative
    assert "Leçons suivies\u00a0: 12\n" in french
    assert "Lessons followed: 12\n" in english
    assert "Données personnelles: 12 lessons followed\n" in english
    assert not re.search(r"\s:", english)


@pytest.mark.parametrize(
    ("channel", "bot", "where"),
    [
        ("telegram", "@mairie_bot", "Sur Telegram, au robot IAventure @mairie_bot, écrivez"),
        ("matrix", "@robot:mairie.fr", "Matrix, au robot IAventure @robot:mairie.fr, écrivez"),
        ("telegram", "", "Sur Telegram, au robot IAventure qui l’a délivrée, écrivez"),
        ("matrix", "@" + "r" * 100, "Matrix, au robot IAventure qui l’a délivrée, écrivez"),
        ("console", "", "Sur la machine qui l’a délivrée, la commande"),
    ],
)
def test_the_paper_says_where_it_is_verified_and_until_when(
    town: Town, channel: str, bot: str, where: str
) -> None:
    how = papers.drawn(follower(town), channel=channel, bot=bot).facts["verify"]["how"]
    assert where in how
    assert "sauf si la personne efface ses données avant, ou demande ensuite 5 autres attestations" in how


def test_the_name_of_the_bot_comes_from_the_channel(town: Town) -> None:
    town.limits = replace(town.limits, bot="@mairie_bot", documents=False)
    person = follower(town)
    person.types("attestation")
    assert "@mairie_bot" in person.types(NAME)
