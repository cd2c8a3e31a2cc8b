# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Are answers read as people type them?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lessons import grading
from lessons.grading import Verdict
from tests.bot.builders import Town, lesson
from tests.lessons import builders as lessons

FORMAT = "Je n’ai pas reconnu de réponse."


# --- answers


def test_answers_are_read_as_people_type_them(town: Town, subtests: pytest.Subtests) -> None:
    ways = [
        "{}️⃣",
        "({})",
        "réponse {}",
        "la {}",
        "n° {}",
        "№{}",
        "#{}",
        "Réponse\u00a0: {}",
        "je dirais la {}",
        "{} !",
        "« {} »",
        "c’est la {}",
        "{}, merci",
        "option {}.",
    ]
    for way in ways:
        with subtests.test(way=way):
            person = town.learner(way)
            assert "Bonne réponse" in person.types(way.format(person.right()))


def test_a_line_copied_from_the_message_and_a_label_in_other_typography_are_answers(town: Town) -> None:
    writings: tuple[Callable[[str], str], ...] = (
        str,
        str.upper,
        lambda text: text.replace("é", "e").replace("'", " "),
        lambda text: f"« {text} »…",
    )
    for place, write in enumerate(writings):
        person = town.learner(str(place))
        right = int(person.right())
        label = person.question.choices[right - 1].label
        assert "Bonne réponse" in person.types(write(f"{right}. {label}"))
        other = town.learner(f"{place} label")
        assert "Bonne réponse" in other.types(write(label))


def test_several_answers_are_read_as_people_type_them(town: Town, subtests: pytest.Subtests) -> None:
    for write in (
        " et ".join,
        "–".join,
        ", ".join,
        "\n".join,
        " + ".join,
        lambda said: "les " + " et la ".join(said),
        lambda said: "réponses " + " ".join(said),
    ):
        person = town.learner(write(["a", "b"]))
        person.types(person.right())
        right = person.right().split(" et ")
        with subtests.test(said=write(right)):
            assert "Bonne réponse" in person.types(write(right))


@pytest.mark.parametrize("said", ["❌ {}", "{} 👎", "c’est {} ?", "is it {}?", "✅ {} ❌"])
def test_a_refusal_or_a_question_is_not_judged(town: Town, said: str) -> None:
    for place, asked in enumerate((lessons.true_false(id="q1"), lessons.multiple(id="q1"))):
        town.teach(lesson("un", questions=[asked, lessons.single(id="q2")]))
        person = town.learner(str(place))
        assert FORMAT in person.types(said.format(person.right()))
        assert person.waits


def number_town(town: Town, answer: str, tolerance: str = "0") -> Town:
    asked = lessons.number(id="q1", text="Combien ?", answer=answer, tolerance=tolerance, unit="€ hors taxes")
    return town.teach(lesson("un", questions=[asked, lessons.multiple()]), lesson("deux"))


def test_a_number_that_can_be_read_in_two_ways_is_asked_again(town: Town) -> None:
    number_town(town, "72000")
    person = town.learner()
    for said in ("72.000", "72,000 €"):
        assert person.types(said) == "Voulez-vous dire 72\u202f000 ou 72\u00a0?"
        assert person.waits
    assert "Bonne réponse" in person.types("72\u202f000")


def test_each_reading_that_is_shown_can_be_typed_back(town: Town) -> None:
    number_town(town, "1.234")
    person = town.learner()
    assert person.types("1.234") == "Voulez-vous dire 1\u202f234 ou 1,2340\u00a0?"
    assert "Bonne réponse" in person.types("1,2340")


def test_an_ambiguous_number_is_asked_again(town: Town) -> None:
    asked = lessons.number(id="q1", text="Quelle part ?", answer="75", tolerance="1", unit="%")
    town.teach(lesson("un", questions=[asked, lessons.multiple()]), lesson("deux"))
    person = town.learner()
    for said in ("0,75", "-75", "–75 %", "3/4", "75/100", "70-80", "> 70", "75²"):
        assert person.types(said) == f"{FORMAT} Répondez par un nombre (%) (ou écrivez aide)", said
    assert "Bonne réponse" in person.types("soixante-quinze pour cent")


def test_a_doubt_that_changes_nothing_is_judged(town: Town) -> None:
    number_town(town, "72000")
    assert "Pas tout à fait" in town.learner().types("1.500")


@pytest.mark.parametrize(
    "said",
    [
        "72 000 €",
        "72\u00a0000\u00a0€",
        "72\u202f000",
        "72000",
        "environ 72 000",
        "72000.",
        "72 000 euros HT",
        "72’000 €",
    ],
)
def test_a_price_is_read_as_people_write_it(said: str) -> None:
    question = lessons.question(lessons.number(answer="72000", tolerance=0, unit="€ hors taxes"))
    (number,) = grading.read_numbers(said, question.unit)
    assert grading.grade(question, [str(number)]) is Verdict.RIGHT


# --- files and captions


def test_a_document_while_a_question_is_open_is_not_called_an_answer(town: Town) -> None:
    person = town.learner()
    heard = person.sends("notes.pdf", b"x")
    assert heard.startswith(FORMAT)
    assert person.waits


def test_a_caption_is_a_text(town: Town) -> None:
    person = town.learner()
    assert "Bonne réponse" in person.sends("photo.pdf", b"x", caption=person.right())
    assert "Voulez-vous arrêter" in person.sends("photo.pdf", b"x", caption="Stop !")
    admin = town.learner("mairie")
    assert "Votre progression" in admin.sends("notes.pdf", b"x", caption="progression")
    assert "fichier .yaml" in admin.sends("notes.pdf", b"x")
