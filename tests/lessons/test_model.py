# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lessons import markup
from lessons.model import Audience, Course, Lesson, Question, Seen
from tests.lessons import builders

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

TELEGRAM = 4096
EMOJI = "😀"


def refusal(described: dict[str, Any], model: type[Lesson | Question | Course] = Lesson) -> str:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(described)
    return "\n".join(f"{fault['loc']}: {fault['msg']}" for fault in refused.value.errors())


RELEASED = Path(__file__).with_name("released") / "2026-11-23.jsonl"
"""The course and the 65 lessons of 23 November 2026 as canonical JSON, each with the version it had then."""


def test_a_valid_lesson_is_accepted() -> None:
    lesson = builders.lesson(
        questions=[builders.single(), builders.multiple(), builders.true_false(), builders.number()]
    )
    assert lesson.question("q4").answer == 45
    assert lesson.audience == (Audience.AGENT, Audience.ELU)


def test_an_unknown_question_is_a_lookup_error() -> None:
    with pytest.raises(LookupError, match="q9"):
        builders.lesson().question("q9")


def test_a_lesson_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        builders.lesson().title = "Autre"  # type: ignore[misc]


def fill(most: int) -> str:
    """A text of so many UTF-16 units, in characters of two where they fit."""
    return EMOJI * (most // 2) + "x" * (most % 2)


BOUNDS = {
    "title": 100,
    "objective": 200,
    "takeaway": 160,
    "body": 900,
}


@pytest.mark.parametrize(("name", "most"), BOUNDS.items())
def test_the_texts_of_a_lesson_are_bounded_in_utf16_units(name: str, most: int) -> None:
    builders.lesson(**{name: fill(most)})
    assert f"{most} au plus" in refusal(builders.content(**{name: fill(most + 1)}))


@pytest.mark.parametrize(("name", "most"), {"text": 300, "explanation": 400}.items())
def test_the_texts_of_a_question_are_bounded_in_utf16_units(name: str, most: int) -> None:
    builders.question(builders.single(**{name: fill(most)}))
    assert f"{most} au plus" in refusal(builders.single(**{name: fill(most + 1)}), Question)


@pytest.mark.parametrize(("name", "most"), {"text": 120, "feedback": 200}.items())
def test_the_texts_of_a_choice_are_bounded_in_utf16_units(name: str, most: int) -> None:
    def asked(text: str) -> dict[str, Any]:
        right = builders.choice("Oui", correct=True) | {name: text}
        return builders.single(choices=[right, builders.choice("Non")])

    builders.question(asked(fill(most)))
    assert f"{most} au plus" in refusal(asked(fill(most + 1)), Question)


def test_addresses_in_a_body_do_not_count() -> None:
    builders.lesson(body=f"{'x' * 896} [y z](https://exemple.fr/{'long' * 20})")


def largest() -> Lesson:
    source = {
        "title": fill(160),
        "publisher": fill(80),
        "url": "https://exemple.fr/" + "x" * 381,
        "date": "2024-12-31",
        "checked": "2026-12-31",
    }
    choices = [
        builders.choice(f"{place}{fill(118)}", correct=place < 3, feedback=fill(200)) for place in range(6)
    ]
    asked = builders.multiple(text=fill(300), explanation=fill(400), choices=choices)
    return builders.lesson(
        **{name: fill(most) for name, most in BOUNDS.items()},
        sources=[source] * 4,
        review_by="2027-12-31",
        authorship={"ai_assisted": True, "reviewed_by": fill(80), "reviewed_on": "2026-12-31"},
        questions=[builders.single(), asked],
    )


def test_the_largest_lesson_and_its_largest_question_fit_one_message() -> None:
    lesson = largest()
    asked = lesson.question("q2")
    made = lesson.authorship
    lines = [
        f"📘 **{markup.escape(lesson.title)}**",
        f"*Objectif : {markup.escape(lesson.objective)}*",
        lesson.body,
        f"**À retenir :** {markup.escape(lesson.takeaway)}",
        "Sources, comparées avec la leçon le 31 décembre 2026 :",
        *(
            f"- [{markup.escape(source.title)}]({source.url}), {markup.escape(source.publisher)}, "
            "31 décembre 2024, vérifiée le 31 décembre 2026"
            for source in lesson.sources
        ),
        f"Leçon préparée avec l'aide d'une IA, relue par {made.reviewed_by} le 31 décembre 2026.",
        f"**Question :** {markup.escape(asked.text)}",
        *(f"{key}. {markup.escape(choice.text)} ✅" for key, choice in asked.keyed()),
        "Plusieurs réponses possibles : choisissez, puis touchez Valider.",
    ]
    assert markup.length("\n\n".join(lines)) < TELEGRAM


def test_a_lesson_that_breaks_a_rule_is_refused_with_the_rule(subtests: pytest.Subtests) -> None:
    changes: list[tuple[dict[str, Any], str]] = [
        ({"id": "Données"}, "id"),
        ({"audience": []}, "liste trop courte : 1 au moins"),
        ({"audience": ["agent", "agent"]}, "public en double"),
        ({"audience": ["maire"]}, "audience"),
        ({"level": 0}, "level"),
        ({"level": 4}, "level"),
        ({"facts": ["DP-02", "DP-02"]}, "fait en double"),
        ({"facts": [f"DP-{n}" for n in range(21)]}, "liste trop longue : 20 au plus"),
        ({"facts": ["dp2"]}, "facts"),
        ({"sources": [builders.content()["sources"][0] | {"seen": "lue"}]}, "'page', 'copy' or 'quoted'"),
        ({"sources": []}, "1 au moins"),
        ({"sources": builders.content()["sources"] * 5}, "liste trop longue : 4 au plus"),
        ({"questions": [builders.single()]}, "2 au moins"),
        ({"questions": [builders.single(), builders.single()]}, "id de question en double : « q1 »"),
        ({"questions": [builders.single(id=f"q{n}") for n in range(7)]}, "liste trop longue : 6 au plus"),
        ({"review_by": "2026-11-01"}, "après la dernière vérification d’une source (2026-11-01)"),
        ({"review_by": "2027-02-30"}, "review_by"),
        ({"review_by": "1830297600"}, "date attendue"),
        ({"review_by": "2027-06-30T00:00:00"}, "date attendue"),
        ({"authorship": {"ai_assisted": True, "reviewed_by": "A. Martin"}}, "vont ensemble"),
        ({"authorship": {"ai_assisted": True, "reviewed_on": "2026-11-02"}}, "vont ensemble"),
        ({"authorship": {"ai_assisted": "yes"}}, "true ou false"),
        ({"title": "un\ndeux"}, "une seule ligne"),
        ({"title": "  "}, "title"),
        ({"title": "\u200b"}, "texte vide"),
        ({"title": "\u3164 \u2060\ufe0f\u2800"}, "texte vide"),
        ({"questions": [builders.single(explanation="\u200d\n\u00ad"), builders.multiple()]}, "texte vide"),
        ({"title": "un\x07"}, "U+0007"),
        ({"title": "un\u202edeux"}, "U+202E"),
        ({"body": "# Titre"}, "pas de titre"),
        ({"body": "**gras"}, "sans son double"),
        ({"body": "x" * 400 + f"[y](https://exemple.fr/{'x' * 3000})"}, "body"),
        ({"note": "?"}, "note"),
    ]
    for change, rule in changes:
        with subtests.test(change=change):
            assert rule in refusal(builders.content(**change))


def test_a_source_needs_a_whole_and_plain_https_address(subtests: pytest.Subtests) -> None:
    for address in (
        "http://www.cnil.fr",
        "https://cnil",
        "https://user@cnil.fr/x",
        "https://cnil.fr:99999999/",
        "https://cnil.fr/un deux",
        "https://cnil.fr/)",
        "https://cnil.fr/é",
        "javascript:alert(1)",
        "https://" + "x" * 400 + ".fr",
    ):
        with subtests.test(address=address):
            source = builders.content()["sources"][0] | {"url": address}
            assert "url" in refusal(builders.content(sources=[source]))


def test_a_source_is_not_checked_before_it_exists() -> None:
    source = builders.content()["sources"][0] | {"checked": "2024-07-17"}
    assert "antérieure à la source" in refusal(builders.content(sources=[source]))


def choices(*right: bool) -> list[dict[str, Any]]:
    return [builders.choice(f"Choix {place}", correct=correct) for place, correct in enumerate(right)]


def test_a_question_that_breaks_a_rule_is_refused_with_the_rule(subtests: pytest.Subtests) -> None:
    for described, rule in [
        (builders.single(choices=choices(True)), "au moins deux choix"),
        (builders.single(choices=choices(*[True] + [False] * 6)), "liste trop longue : 6 au plus"),
        (builders.single(choices=choices(False, False)), "un seul choix juste"),
        (builders.single(choices=choices(True, True)), "un seul choix juste"),
        (builders.multiple(choices=choices(True, False, False)), "deux choix justes et un faux"),
        (builders.multiple(choices=choices(True, True)), "deux choix justes et un faux"),
        (builders.true_false(choices=choices(True, False)), "Vrai puis Faux"),
        (
            builders.true_false(choices=[builders.choice("Faux", correct=True), builders.choice("Vrai")]),
            "Vrai puis Faux",
        ),
        (
            builders.single(choices=[builders.choice("oui", correct=True), builders.choice("OUI")]),
            "choix en double",
        ),
        (builders.single(choices=[{"text": "a", "correct": True}, builders.choice("b")]), "feedback"),
        (builders.single(kind="essay"), "kind"),
        (builders.single(answer=3), "réservé aux questions de nombre"),
        (builders.single(tolerance=3), "réservé aux questions de nombre"),
        (builders.single(unit="mL"), "réservé aux questions de nombre"),
        (builders.number(answer=None), "champ obligatoire"),
        (builders.number(choices=choices(True, False)), "n’a pas de choix"),
        (builders.number(tolerance=-1), "tolerance"),
        (builders.number(answer=True), "nombre attendu"),
        (builders.number(answer=0.1), "nombre attendu"),
        (builders.number(answer="1e5"), "nombre attendu"),
        (builders.number(answer="nan"), "nombre attendu"),
        (builders.number(answer="45,5"), "nombre attendu"),
        (builders.number(unit="x" * 21), "20 au plus"),
    ]:
        with subtests.test(described=described):
            assert rule in refusal(described, Question)


def test_choices_are_true_and_false_in_english_too() -> None:
    builders.question(
        builders.true_false(choices=[builders.choice("True", correct=True), builders.choice("False")])
    )


def test_keys_follow_the_file() -> None:
    asked = builders.question(builders.single())
    assert [(key, choice.text) for key, choice in asked.keyed()] == [
        ("a", "Un texte déjà publié"),
        ("b", "Une lettre d'habitant"),
        ("c", "Un arrêté en préparation"),
    ]
    assert builders.question(builders.number()).keyed() == ()


def test_canonical_json_is_sorted_compact_and_readable() -> None:
    text = builders.lesson(title="Été").canonical()
    assert json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text
    assert '"title":"Été"' in text


@pytest.mark.parametrize("build", [builders.lesson, builders.course, largest])
def test_what_is_stored_reads_back_as_the_same_version(build: Callable[[], Lesson | Course]) -> None:
    content = build()
    again = type(content).model_validate(json.loads(content.canonical()))
    assert again == content
    assert again.version == content.version
    assert len(content.version) == 32


def test_a_released_lesson_keeps_its_version() -> None:
    released = [json.loads(line) for line in RELEASED.read_text("utf-8").splitlines()]
    assert len(released) == 66
    changed = [
        row["version"]
        for row in released
        if (
            Lesson.model_validate(row["lesson"]) if "lesson" in row else Course.model_validate(row["course"])
        ).version
        != row["version"]
    ]
    assert changed == []


def test_a_source_that_says_how_it_was_read_makes_a_new_version() -> None:
    source = builders.content()["sources"][0]
    plain, seen = builders.lesson(), builders.lesson(sources=[source | {"seen": "copy"}])
    assert "seen" not in plain.canonical()
    assert '"seen":"copy"' in seen.canonical()
    assert seen.version != plain.version
    assert builders.lesson(sources=[source | {"seen": None}]).version == plain.version


@pytest.mark.parametrize(
    ("ways", "weakest"),
    [
        (["page", "page"], Seen.PAGE),
        (["page", "copy"], Seen.COPY),
        (["quoted", "page", "copy"], Seen.QUOTED),
        (["page", None], None),
        (["quoted", None], None),
    ],
)
def test_a_lesson_is_read_as_its_weakest_source(ways: list[str | None], weakest: Seen | None) -> None:
    source = builders.content()["sources"][0]
    days = ["2026-11-03", "2026-11-01", "2026-11-02"]
    lesson = builders.lesson(
        sources=[source | {"checked": day, "seen": way} for day, way in zip(days, ways, strict=False)]
    )
    assert lesson.seen == weakest
    assert lesson.checked == date(2026, 11, 1)


@given(st.decimals(-(10**11), 10**11, places=6))
def test_a_number_comes_back_from_json_exactly(answer: Decimal) -> None:
    asked = builders.question(builders.number(answer=f"{answer:f}"))
    again = Question.model_validate_json(asked.model_dump_json())
    assert again.answer == answer
    assert again == asked


def test_the_way_a_thing_is_written_makes_no_new_version() -> None:
    first = builders.lesson(questions=[builders.single(), builders.number(answer="45.50")])
    other = builders.lesson(
        audience=["elu", "agent"],
        title="Coller un texte, c'est le transmettre ",
        questions=[builders.single(), builders.number(answer="45.5")],
    )
    assert first.version == other.version
    assert first.version != builders.lesson().version


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"themes": []}, "1 au moins"),
        ({"themes": builders.course_content()["themes"] * 2}, "id en double : « donnees-personnelles »"),
        ({"language": "français"}, "language"),
        ({"paths": [{"id": "elu", "title": "Élus", "lessons": ["a", "b", "a"]}]}, "leçon en double : « a »"),
        ({"paths": [{"id": "elu", "title": "Élus", "lessons": ["a"]}] * 2}, "id en double : « elu »"),
        ({"paths": [{"id": "elu", "title": "Élus", "lessons": []}]}, "1 au moins"),
    ],
)
def test_a_course_that_breaks_a_rule_is_refused_with_the_rule(change: dict[str, Any], rule: str) -> None:
    assert rule in refusal(builders.course_content(**change), Course)
