# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Can an admin publish, count and announce, and nobody else?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Edit
from storage import figures, tables
from tests.bot.builders import Person, Town, lesson
from tests.lessons.builders import as_yaml


def file(slug: str, **other: Any) -> bytes:
    return as_yaml(lesson(slug, **other).model_dump(mode="json", exclude_defaults=True))


def audit(town: Town) -> list[tuple[str, str, str]]:
    found = town.store.read_now(
        lambda tx: tx.execute(tables.audit.select().order_by(tables.audit.c.id)).all()
    )
    return [(row.by, row.action, row.subject) for row in found]


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


def test_an_older_preview_is_closed_by_a_newer_one(admin: Person) -> None:
    admin.sends("05-cinq.yaml", file("cinq"))
    old = admin.question
    admin.sends("06-six.yaml", file("six"))
    admin.presses("publish", question=old)
    assert published(admin.town) == {"un", "deux", "trois", "quatre"}


def test_publishing_the_same_again_changes_nothing(admin: Person) -> None:
    admin.sends("04-quatre.yaml", file("quatre"))
    assert "rien n’a changé" in admin.types("1")


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
    assert "Voici l’annonce" in admin.types("Bonjour à tous")
    assert "Rien n’a changé" in admin.types("non")
    admin.town.tick()
    assert "📣" not in admin.heard()


def test_an_announcement_that_is_too_long_is_refused(admin: Person) -> None:
    assert "1501 caractères" in admin.types("annonce " + "x" * 1501)


def stats(admin: Person) -> str:
    return admin.does(text="stats", figures=admin.town.store.read_now(figures.read))


def test_the_figures_name_nobody(admin: Person) -> None:
    everybody = [admin.town.learner(f"100471{place}") for place in range(4)]
    admin.types(admin.right())
    everybody[0].types("pause")
    heard = stats(admin)
    assert "4 actives, 1 en pause" in heard
    assert "Réponses\u00a0: 1 juste, 0 en partie juste, 0 fausse." in heard
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
    assert "4 actives" in stats(admin)
    for person in everybody[1:4]:
        person.types("pause")
    assert "1 active, 3 en pause, 1 ayant arrêté" in stats(admin)
