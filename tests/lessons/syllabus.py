# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The page docs/cours.md, made from the library: `make cours` writes it, a test holds it true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.wording import words_of
from lessons import source
from lessons.model import Audience, Course, Lesson, Seen
from lessons.source import PlacedLesson

PAGE = Path(__file__).parents[2] / "docs" / "cours.md"

_FOR = {Audience.AGENT: "agents", Audience.ELU: "élus"}
_SEEN = {
    None: "état au",
    Seen.PAGE: "ouverte le",
    Seen.COPY: "comparée sur copie le",
    Seen.QUOTED: "citée d’après d’autres, le",
}


def page() -> str:
    """The course as a page: paths, themes, lessons, sources, review dates."""
    library = source.read([source.library()])
    if library.course is None:
        raise LookupError("the library has no course.yaml")
    return "\n".join(_lines(library.course, library.lessons)) + "\n"


def _lines(course: Course, placed: tuple[PlacedLesson, ...]) -> Iterator[str]:
    lessons = {file.lesson.id: file.lesson for file in placed}
    questions = sum(len(lesson.questions) for lesson in lessons.values())
    yield f"# {course.title} : le cours"
    yield ""
    yield "Page faite à partir de `lessons/library/fr` par `make cours` ; ne la corrigez pas à la main."
    yield ""
    yield f"{len(lessons)} leçons et {questions} questions, sur {len(course.themes)} thèmes."
    unsigned = sum(lesson.authorship.reviewed_by is None for lesson in lessons.values())
    assisted = sum(lesson.authorship.ai_assisted for lesson in lessons.values())
    yield f"Rédigées avec l’aide d’une IA : {assisted}. Qui attendent la signature d’une personne : {unsigned}."
    yield ""
    yield "## Les parcours"
    for path in course.paths:
        yield ""
        yield f"### {path.title} ({len(path.lessons)} leçons)"
        yield ""
        yield from (f"{place}. {lessons[slug].title}" for place, slug in enumerate(path.lessons, 1))
    for theme in course.themes:
        yield ""
        yield f"## {theme.title}"
        yield ""
        yield theme.summary
        for file in placed:
            if file.lesson.theme == theme.id:
                yield ""
                yield from _lesson(file.lesson)


def _lesson(lesson: Lesson) -> Iterator[str]:
    words = words_of("fr")
    whom = " et ".join(_FOR[audience] for audience in lesson.audience)
    yield f"### {lesson.title}"
    yield ""
    yield f"`{lesson.id}` · {whom} · niveau {lesson.level} · à relire avant le {words.date(lesson.review_by)}"
    yield ""
    yield f"{lesson.objective}. *{lesson.takeaway}*"
    yield ""
    for each in lesson.sources:
        read = f"{_SEEN[each.seen]} {words.date(each.checked)}"
        yield f"- [{each.title}]({each.url}), {each.publisher}, {words.dated(each.date)} ({read})"


if __name__ == "__main__":
    PAGE.write_text(page())
