# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Can an admin publish, count and announce, and nobody else?"""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.messages import Edit, FileRef, Kind, Unfetched
from lessons.forms.workbook import workbook
from lessons.model import Course
from lessons.source import PlacedLesson
from storage import courses, figures, tables, witnesses
from storage.audit import entries
from storage.failures import OtherTheme
from tests.bot.builders import Person, Town, lesson
from tests.lessons.builders import as_yaml, course_content
from tests.lessons.workbooks import LESSON, with_cells


def file(slug: str, **other: Any) -> bytes:
    return as_yaml(lesson(slug, **other).model_dump(mode="json", exclude_defaults=True))


def audit(town: Town) -> list[tuple[str, str, str]]:
    return [(one.who, one.action, one.subject) for one in town.store.read_now(entries)]


def published(town: Town) -> set[str]:
    found = town.store.read_now(lambda tx: tx.execute(tables.lesson.select()).all())
    return {row.id for row in found}


@pytest.fixture
def admin(town: Town) -> Person:
    return town.learner("mairie")


# --- publishing


def test_every_problem_of_a_file_is_told_with_its_line_and_column(admin: Person) -> None:
    content = file("cinq").replace(b"level: 1", b"level: 9").replace(b"title:", b"titel:", 1)
    heard = admin.sends("05-cinq.yaml", content)
    assert "Rien n’est publié." in heard
    problems = [line for line in heard.splitlines() if line.startswith("• ")]
    assert len(problems) >= 3
    assert all(line.startswith("• 05-cinq.yaml:") for line in problems)
    places = [line.split(":")[1:3] for line in problems]
    assert all(place.isdigit() for line in places for place in line)
    assert any("level" in line for line in problems)
    assert any("titel" in line for line in problems)


def test_problems_that_are_not_shown_are_counted(admin: Person) -> None:
    content = file("cinq")
    heard = admin.sends("05-cinq.yaml", content + b"".join(b"k%d: x\n" % number for number in range(42)))
    assert "42 problèmes à corriger" in heard
    assert heard.count("• 05-cinq.yaml:") == 40
    assert heard.splitlines()[-1] == "… et 2 autres."
    heard = admin.sends("05-cinq.yaml", content + b"".join(b"k%d: x\n" % number for number in range(40)))
    assert "autre" not in heard


def test_a_file_that_is_no_lesson_is_refused_in_a_few_lines(admin: Person, subtests: pytest.Subtests) -> None:
    for content in (b"", b"\x00", b"\xff\xfe", b"- 1\n- 2", b"a: &x 1\nb: *x", b"{" * 5000, b"%" * 100_000):
        with subtests.test(content=content[:20]):
            heard = admin.sends("x.yaml", content)
            assert "Rien n’est publié." in heard
            assert len(heard) < 10_000


def test_a_hostile_file_name_shows_as_it_is(admin: Person) -> None:
    heard = admin.sends("**x**[y](https://z.fr).yaml", b"- 1")
    assert "**x**[y](https://z.fr).yaml:" in heard


def test_a_file_of_another_kind_or_too_big_is_refused(admin: Person) -> None:
    assert "fichier .yaml" in admin.sends("notes.docx", b"PK")
    assert "256" in admin.sends("x.yaml", b"#" * (256 * 1024 + 1))


def test_a_workbook_is_previewed_as_a_text_is(admin: Person) -> None:
    cinq = workbook(lesson("cinq"), {}, LESSON)
    assert "Titre de cinq" in admin.sends("05-cinq.xlsx", cinq)
    assert "est publiée" in admin.presses("publish")
    assert "cinq" in published(admin.town)


def test_each_fault_of_a_workbook_is_told_by_cell(admin: Person) -> None:
    heard = admin.sends("lecon.xlsx", with_cells("Questions", C2=None, D4="3"))
    assert "Rien n’est publié. 2 problèmes à corriger" in heard
    assert "• lecon.xlsx: Questions!C2 (Question) : champ obligatoire" in heard
    assert "• lecon.xlsx: Questions!D4 (Bonne réponse) : ne désigne aucun choix" in heard


def test_a_workbook_too_big_for_the_chat_is_refused(admin: Person) -> None:
    assert "au plus 2048 Ko" in admin.sends("x.xlsx", b"PK\x03\x04" + bytes(2 << 20))
    heard = admin.does(kind=Kind.FILE, file=FileRef("r", "x.xlsx", 9), lesson=Unfetched.UNREAD)
    assert "pas pu lire ce fichier jusqu’au bout" in heard
    heard = admin.does(kind=Kind.FILE, file=FileRef("r", "x.xlsx", 9), lesson=Unfetched.LATE)
    assert "de nouveau dans quelques minutes" in heard


def test_publier_says_how(admin: Person) -> None:
    assert "fichier .yaml" in admin.types("publier")


def test_a_lesson_is_previewed_as_learners_see_it(admin: Person) -> None:
    heard = admin.sends("05-cinq.yaml", file("cinq", audience=["elu"]))
    assert "Titre de cinq" in heard
    assert "Que dire de cinq" in heard
    assert "Que retenir de cinq" in heard
    assert "élu ou élue" in heard
    assert "cinq" not in published(admin.town)


def test_the_buttons_of_a_preview_do_nothing(admin: Person) -> None:
    before = len(admin.shown)
    admin.sends("05-cinq.yaml", file("cinq"))
    preview = admin.shown[before][2].question
    assert admin.presses("a", question=preview) == ""
    assert admin.brief == "C’est un aperçu\u00a0: rien n’est enregistré."


def test_publishing_is_confirmed_done_once_and_audited(admin: Person) -> None:
    admin.sends("05-cinq.yaml", file("cinq"))
    question = admin.question
    assert "est publiée" in admin.presses("publish")
    assert isinstance(admin.last, Edit)
    assert "cinq" in published(admin.town)
    assert admin.presses("publish", question=question) == ""
    assert audit(admin.town) == [("telegram:mairie", "publish-publish", "cinq")]


def test_cancelling_changes_nothing(admin: Person) -> None:
    admin.sends("05-cinq.yaml", file("cinq"))
    assert "Rien n’a changé" in admin.types("non")
    assert "cinq" not in published(admin.town)
    assert audit(admin.town) == []


def test_of_several_previews_each_keeps_its_menu_until_it_is_used(admin: Person) -> None:
    menus = {}
    for slug in ("cinq", "six", "sept"):
        admin.sends(f"{slug}.yaml", file(slug))
        menus[slug] = admin.question
    for slug in ("six", "cinq"):
        assert f"Titre de {slug}" in admin.presses("publish", question=menus[slug])
    assert "Rien n’a changé" in admin.presses("cancel", question=menus["sept"])
    assert published(admin.town) == {"un", "deux", "trois", "quatre", "cinq", "six"}


@pytest.mark.parametrize(
    "words", [("publier", "publier"), ("1", "1"), ("publier", "envoyer"), ("non", "publier")]
)
def test_a_typed_word_counts_for_the_last_preview_only(admin: Person, words: tuple[str, str]) -> None:
    menus = {}
    for slug in ("cinq", "six"):
        admin.sends(f"{slug}.yaml", file(slug))
        menus[slug] = admin.question
    for word in words:
        admin.types(word)
    fresh = published(admin.town) - {"un", "deux", "trois", "quatre"}
    assert fresh == (set() if words[0] == "non" else {"six"})
    assert "Titre de cinq" in admin.presses("publish", question=menus["cinq"])


def test_a_reply_publishes_an_older_preview_and_no_other(
    admin: Person,
) -> None:
    admin.sends("cinq.yaml", file("cinq"))
    older = admin.shown[-1][1]
    admin.sends("six.yaml", file("six"))
    assert "Titre de cinq" in admin.types("publier", reply_to=older)
    heard = admin.types("publier")
    assert "fichier .yaml" in heard
    assert "Un aperçu plus haut attend encore" in heard
    assert "six" not in published(admin.town)


def test_a_typed_word_counts_for_the_last_of_a_preview_and_an_announcement(admin: Person) -> None:
    admin.sends("cinq.yaml", file("cinq"))
    admin.types("annonce La mairie ferme.")
    assert "Écrivez envoyer ou annuler" in admin.types("publier")
    assert "L’annonce part" in admin.types("envoyer")
    for word in ("envoyer", "publier", "1"):
        admin.types(word)
    assert "cinq" not in published(admin.town)
    admin.types("annonce Encore.")
    admin.sends("six.yaml", file("six"))
    assert "Titre de six" in admin.types("publier")
    for word in ("1", "envoyer"):
        admin.types(word)
    assert [action for _, action, _ in audit(admin.town)] == ["announce", "publish-publish"]


def test_a_file_with_the_id_of_another_themes_lesson_is_refused(admin: Person) -> None:
    town = admin.town
    other = {"id": "autre-theme", "title": "Autre", "summary": "Un autre thème."}
    course = course_content()
    course["themes"] = [*course["themes"], other]
    town.store.write_now(courses.publish, Course.model_validate(course), [], by="cli:test", now=town.now)
    heard = admin.sends("deux.yaml", file("deux", theme="autre-theme"))
    assert "Leçon deux" in heard
    assert "donnees-personnelles" in heard
    assert "Que faut-il faire" not in heard
    moved = PlacedLesson(lesson("deux", theme="autre-theme"), 1)
    with pytest.raises(OtherTheme):
        town.store.write_now(courses.publish, None, [moved], by="cli:test", now=town.now)
    (change,) = town.store.write_now(
        courses.publish, Course.model_validate(course), [moved], by="cli:test", now=town.now
    )[1:]
    assert change.outcome == "changed"


def test_of_two_admins_who_previewed_the_second_is_told_what_changed_and_previews_again(
    admin: Person,
) -> None:
    town = admin.town
    town.admins |= {"telegram:adjointe"}
    deputy = town.learner("adjointe")
    admin.sends("deux.yaml", file("deux", takeaway="La version de la maire."))
    deputy.sends("deux.yaml", file("deux", takeaway="La version de l’adjointe."))
    assert "est publiée" in admin.presses("publish")
    told = deputy.presses("publish")
    assert "le texte a changé" in told
    assert "mairie" not in told
    assert "La version de l’adjointe." in told
    assert "Que faut-il faire" in told
    assert audit(town) == [("telegram:mairie", "publish-publish", "deux")]
    assert "est publiée" in deputy.presses("publish")
    admin.sends("neuf.yaml", file("neuf"))
    deputy.sends("neuf.yaml", file("neuf", title="Autre titre"))
    deputy.presses("publish")
    assert "n’existait pas encore" in admin.presses("publish")


def test_two_admins_who_publish_the_same_are_both_content(admin: Person) -> None:
    town = admin.town
    town.admins |= {"telegram:adjointe"}
    deputy = town.learner("adjointe")
    for person in (admin, deputy):
        person.sends("deux.yaml", file("deux", takeaway="La même."))
    assert "est publiée" in admin.presses("publish")
    assert "rien n’a changé" in deputy.presses("publish")


def test_a_return_to_old_content_says_so(admin: Person) -> None:
    for takeaway in ("Une autre.", "Une troisième."):
        admin.sends("deux.yaml", file("deux", takeaway=takeaway))
        assert "La nouvelle version" in admin.presses("publish")
    admin.sends("deux.yaml", file("deux", takeaway="Une autre."))
    assert "revient à une version déjà publiée" in admin.presses("publish")
    admin.sends("09-deux.yaml", file("deux", takeaway="Une autre."))
    assert "change de place" in admin.presses("publish")


def test_a_lesson_past_its_review_date_is_said_not_to_leave(admin: Person) -> None:
    town = admin.town
    person = town.learner("1")
    heard = admin.sends("neuf.yaml", file("neuf", review_by="2026-11-22"))
    assert "elle ne part pas" in heard
    assert [choice.key for choice in admin.question.choices] == ["publish", "cancel"]
    assert "Écrivez publier ou annuler" in admin.types("envoyer")
    told = admin.presses("publish")
    assert "22 novembre 2026" in told
    admin.sends("dix.yaml", file("dix", review_by="2026-11-23"))
    asked = admin.question
    town.wait(days=1)
    told = admin.presses("send", question=asked)
    assert "elle ne part pas" in told
    assert "part maintenant" not in told
    town.tick()
    assert "Titre de dix" not in person.heard()


def test_the_button_says_where_a_lesson_will_stand(admin: Person) -> None:
    town = admin.town

    def label(slug: str, **other: Any) -> str:
        admin.sends(f"{slug}.yaml", file(slug, **other))
        return admin.question.choices[0].label

    assert "rejoint son thème" in label("neuf")
    assert "remplace l’actuelle" in label("deux")
    course = course_content(
        paths=[{"id": role, "title": role, "lessons": ["deux"]} for role in ("agent", "elu", "ambassadeur")]
    )
    town.store.write_now(courses.publish, Course.model_validate(course), [], by="cli:test", now=town.now)
    assert "à la fin de chaque parcours" in label("neuf")
    del course["paths"][1]
    town.store.write_now(courses.publish, Course.model_validate(course), [], by="cli:test", now=town.now)
    assert "parcours concernés" in label("neuf", audience=["agent", "elu"])


def test_admin_words_work_while_a_quiz_is_open(admin: Person) -> None:
    assert admin.quiz.answered_at is None
    assert "fichier .yaml" in admin.types("publier")
    assert "Voici l’annonce" in admin.types("annonce La mairie ferme")
    assert "trop peu de personnes" in admin.does(
        text="stats", figures=admin.town.store.read_now(figures.read)
    )
    assert "Que faut-il faire" in admin.sends("neuf.yaml", file("neuf"))
    assert "est publiée" in admin.types("1")
    assert admin.quiz.answered_at is None


def test_publishing_the_same_again_changes_nothing(admin: Person) -> None:
    admin.sends("04-quatre.yaml", file("quatre"))
    assert "rien n’a changé" in admin.types("1")


def test_publishing_a_held_lesson_again_says_that_it_is_not_sent(admin: Person) -> None:
    town = admin.town
    person = town.learner("1")
    catalogue = town.store.read_now(courses.catalogue)
    assert catalogue is not None
    town.store.write_now(witnesses.hold, catalogue.entries["quatre"].version)
    admin.sends("04-quatre.yaml", file("quatre"))
    told = admin.presses("send")
    assert "part maintenant" not in told
    assert "iaventure lessons release quatre" in told
    town.tick()
    assert "Titre de quatre" not in person.heard()


def test_publishing_a_change_keeps_the_old_version(admin: Person) -> None:
    admin.sends("04-quatre.yaml", file("quatre", takeaway="Autre chose."))
    assert "L’ancienne est gardée" in admin.types("1")


def test_an_unknown_theme_is_refused_with_those_there_are(admin: Person) -> None:
    heard = admin.sends("x.yaml", file("cinq", theme="ailleurs"))
    assert "donnees-personnelles" in heard
    assert "cinq" not in published(admin.town)


def test_publish_and_send_reaches_every_active_learner_of_the_audience(admin: Person) -> None:
    town = admin.town
    agent, elu, paused = town.learner("1"), town.learner("2"), town.learner("3")
    for word in ("reglages", "6", "2"):
        elu.types(word)
    paused.types("pause")
    admin.sends("05-cinq.yaml", file("cinq", audience=["agent"]))
    assert "part maintenant" in admin.presses("send")
    town.tick()
    town.tick()
    assert agent.heard().count("Titre de cinq") == 1
    assert "Titre de cinq" not in elu.heard()
    assert "Titre de cinq" not in paused.heard()
    assert agent.enrolment.position == "un"
    assert audit(town) == [("telegram:mairie", "publish-send", "cinq")]


def test_what_is_sent_is_not_taught_again_at_its_turn(admin: Person) -> None:
    town = admin.town
    person = town.learner("1")
    admin.sends("02-deux.yaml", file("deux"))
    admin.presses("send")
    town.tick()
    person.types("1")
    town.tick(person.next_at)
    assert person.heard().count("Titre de deux") == 1
    assert person.enrolment.position == "trois"


def test_a_lesson_replaced_while_it_is_sent_goes_out_in_its_newest_version(admin: Person) -> None:
    town = admin.town
    night = town.learner("1")
    for word in ("reglages", "3", "Pacific/Tahiti"):
        night.types(word)
    admin.sends("05-cinq.yaml", file("cinq", takeaway="La première version."))
    admin.presses("send")
    town.tick()
    assert "Titre de cinq" not in night.heard()
    admin.sends("05-cinq.yaml", file("cinq", takeaway="La seconde version."))
    admin.presses("publish")
    town.wait(hours=10)  # Monday morning there
    town.tick()
    assert "Message de l’équipe" not in night.heard()
    assert "La seconde version." in night.heard()


# --- rights


def test_the_right_is_checked_again_when_the_answer_comes(admin: Person) -> None:
    admin.sends("05-cinq.yaml", file("cinq"))
    admin.town.admins = frozenset()
    assert "Je n’ai pas compris" in admin.presses("publish")
    assert "cinq" not in published(admin.town)
    assert audit(admin.town) == []
    admin.town.admins = frozenset({"telegram:mairie"})
    assert "est publiée" in admin.presses("publish")


def test_the_right_hangs_on_the_channel_too(admin: Person) -> None:
    admin.town.admins = frozenset({"matrix:mairie"})
    admin.types(admin.right())
    admin.types(admin.right())
    assert "Je n’ai pas compris" in admin.types("stats")


def test_an_admins_question_cannot_be_answered_by_another(admin: Person) -> None:
    admin.sends("05-cinq.yaml", file("cinq"))
    other = admin.town.learner("1")
    other.presses("publish", question=admin.question)
    assert "cinq" not in published(admin.town)


def test_an_admin_who_is_no_learner_can_publish(town: Town) -> None:
    admin = town.person("mairie")
    admin.sends("05-cinq.yaml", file("cinq"))
    assert "est publiée" in admin.types("1")
    assert admin.learner.state == "invited"


# --- announcing and counting


def test_an_announcement_is_shown_confirmed_and_sent(admin: Person) -> None:
    town = admin.town
    person = town.learner("1")
    heard = admin.types("annonce La mairie ferme **tôt** [ici](https://z.fr)")
    assert "La mairie ferme **tôt** [ici](https://z.fr)" in heard
    assert "L’annonce part" in admin.types("envoyer")
    town.tick()
    town.tick()
    assert person.heard().count("📣 Message de l’équipe\nLa mairie ferme **tôt** [ici](https://z.fr)") == 1
    assert [action for _, action, _ in audit(town)] == ["announce"]
    assert person.enrolment.silent == 0


def test_an_announcement_can_be_typed_after_the_command(admin: Person) -> None:
    assert "Quel est le texte" in admin.types("/annonce")
    assert "Voici l’annonce" in admin.types("Bonjour à tous, réunion demain")
    assert "Rien n’a changé" in admin.types("non")
    admin.town.tick()
    assert "📣" not in admin.heard()


@pytest.mark.parametrize(
    "said",
    [
        "annonce : Réunion demain",
        "annonce: Réunion demain",
        "Annonce – Réunion demain",
        "annonce:Réunion demain",
        "/annonce — Réunion demain",
        "Bonjour, annonce : Réunion demain",
        "annonce\nRéunion demain",
        "📢 annonce : Réunion demain",
    ],
)
def test_a_colon_or_dash_after_the_command_is_not_part_of_an_announcement(admin: Person, said: str) -> None:
    assert "Voici l’annonce\u00a0:\n\nRéunion demain\n" in admin.types(said)


@pytest.mark.parametrize("said", ["une annonce", "annonce !", "l’annonce svp", "Annonce :"])
def test_the_announcement_command_alone_asks_for_the_text(admin: Person, said: str) -> None:
    assert admin.types(said).startswith("Quel est le texte de l’annonce")


@pytest.mark.parametrize("unseen", ["\u200b", "\u2060 \u3164", "\u00ad\ufe0f\u2800"])
def test_an_announcement_shows_something(admin: Person, unseen: str) -> None:
    assert admin.types(f"annonce : {unseen}").startswith("Quel est le texte de l’annonce")
    assert admin.types(unseen).startswith("Quel est le texte de l’annonce")
    assert "Voici l’annonce" in admin.types("🎉")


def test_a_greeting_or_a_cancellation_is_not_taken_for_the_text_of_an_announcement(admin: Person) -> None:
    admin.types("annonce")
    for greeting in ("Bonjour", "Bonsoir !"):
        assert admin.types(greeting).startswith("Bonjour\u00a0! Quel est le texte de l’annonce")
    assert "Voici l’annonce" in admin.types("Bonjour à tous, réunion demain")
    admin.types("annonce")
    assert "Rien n’a changé" in admin.types("annuler")


@pytest.mark.parametrize(
    "said", ["Pause jusqu'au 5 janvier", "Pause de deux semaines", "Pause jusqu'à 14 h, cantine fermée"]
)
def test_the_text_of_an_announcement_may_be_about_a_pause(admin: Person, said: str) -> None:
    admin.types("annonce")
    assert f"Voici l’annonce\u00a0:\n\n{said}\n" in admin.types(said)
    assert admin.state == "active"
    assert "Rien n’a changé" in admin.types("non")
    admin.types("annonce")
    assert "C’est en pause" in admin.types("pause")
    admin.types("annonce")
    assert "C’est en pause" in admin.types("/pause deux semaines")


def test_an_announcement_that_is_too_long_is_refused(admin: Person) -> None:
    assert "1501 caractères" in admin.types("annonce " + "x" * 1501)


def stats(admin: Person) -> str:
    return admin.does(text="stats", figures=admin.town.store.read_now(figures.read))


def test_the_figures_name_nobody(admin: Person) -> None:
    everybody = [admin.town.learner(f"100471{place}") for place in range(4)]
    admin.types(admin.right())
    everybody[0].types("pause")
    heard = stats(admin)
    assert "moins de 5 actives, moins de 5 en pause" in heard
    assert "Réponses\u00a0: moins de 5 justes, 0 en partie juste, 0 fausse." in heard
    assert not any(person.address in heard for person in everybody)


def test_figures_of_few_people_would_speak_of_a_person_and_are_not_given(admin: Person) -> None:
    everybody = [admin]
    while len(everybody) < 5:
        heard = stats(admin)
        assert "trop peu de personnes" in heard
        assert not any(word in heard for word in ("active", "juste", "remis"))
        everybody.append(admin.town.learner(str(len(everybody))))
        admin.town.person(f"curious {len(everybody)}").types("bonjour")  # has not accepted: does not count
    assert "5 actives" in stats(admin)
    everybody[-1].types("stop")
    everybody[-1].types("1")
    for person in everybody[1:4]:
        person.types("pause")
    assert "1 active" not in stats(admin)


def test_a_small_figure_among_large_ones_is_not_given_either(admin: Person) -> None:
    town = admin.town
    others = [town.learner(str(number)) for number in range(6)]
    for person in others:
        person.types(person.right())
    others[0].types("pause")
    heard = stats(admin)
    assert "Personnes\u00a0: 6 actives, moins de 5 en pause, 0 ayant arrêté" in heard
    assert "6 justes, 0 en partie juste, 0 fausse" in heard
    assert not re.search(r"\b[1-4]\b", heard)


def test_a_changed_lesson_may_make_earlier_answers_count_no_more(admin: Person) -> None:
    town = admin.town
    learner = town.learner("2")
    learner.types(learner.right())
    learner.types(learner.right())
    assert "Leçons suivies\u00a0: 1 sur" in learner.types("progression")
    town.wait(days=1, hours=4)  # it is Tuesday everywhere
    heard = admin.sends("01-un.yaml", file("un", takeaway="Le contraire."))
    assert "comptent toujours, sauf si vous écrivez recommencer" in heard
    assert [choice.key for choice in admin.question.choices] == ["publish", "send", "reset", "cancel"]
    assert "Écrivez publier, envoyer, recommencer ou annuler" in admin.types("un peu")
    heard = admin.types("recommencez")
    assert "ne comptent plus" in heard
    assert ("telegram:mairie", "publish-reset", "un") in audit(town)
    assert "Leçons suivies\u00a0: 0 sur" in learner.types("progression")
    town.wait(days=9)
    heard = learner.types("quiz")
    assert "📌 Cette leçon a changé\u00a0: Titre de un" in heard
    assert "Le contraire." in heard
    assert [action.key for action in learner.question.beside] == ["reread"]
    learner.types(learner.right())
    assert "Leçons suivies\u00a0: 1 sur" in learner.types("progression")


def test_earlier_answers_count_unless_the_admin_says_otherwise(admin: Person) -> None:
    town = admin.town
    learner = town.learner("2")
    learner.types(learner.right())
    town.wait(days=1)
    admin.sends("01-un.yaml", file("un", takeaway="Mieux dit."))
    admin.types("publier")
    assert "Leçons suivies\u00a0: 1 sur" in learner.types("progression")


def test_what_was_answered_cannot_be_dropped_for_a_new_lesson_or_the_same_text(admin: Person) -> None:
    assert "recommencer" not in admin.sends("05-cinq.yaml", file("cinq"))
    admin.types("publier")
    assert "recommencer" not in admin.sends("05-cinq.yaml", file("cinq"))
