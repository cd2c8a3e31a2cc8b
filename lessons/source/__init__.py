# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Reader of lesson files, in YAML or as workbooks, and of folders of them: lessons and a course, or every problem."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from lessons.curriculum import Role
from lessons.model import Course, Lesson
from lessons.source.bounds import SIZE, WORKBOOK
from lessons.source.document import Document, Place, Problem, Problems, Where
from lessons.source.faults import sentence
from lessons.source.nature import is_lesson, is_workbook, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

__all__ = [
    "Courseware",
    "Document",
    "Opened",
    "Place",
    "PlacedLesson",
    "Problem",
    "Problems",
    "Where",
    "is_lesson",
    "is_workbook",
    "library",
    "open_lesson",
    "overdue",
    "read",
    "read_lesson",
]

_PLACED = re.compile(r"(?!\d{4}-\d\d-\d\d)(\d{1,4})-.+", re.ASCII)
"""Begins with the place of a lesson, and with no date."""
_COURSE = ("course.yaml", "course.yml")
_LOCK = "~$"
"""How the name of a file begins that a spreadsheet leaves beside an open workbook."""

_Content = TypeVar("_Content", Lesson, Course)


@dataclass(frozen=True, slots=True)
class PlacedLesson:
    """A lesson and its place in its theme: the number its file's name starts with, if any."""

    lesson: Lesson
    place: int | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Courseware:
    """Content of the files read: lessons in the order of their files, and the course if its file was among them.

    `documents`: by the file of a lesson, what knows the places in it.
    """

    course: Course | None
    lessons: tuple[PlacedLesson, ...]
    documents: Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class Opened:
    """A lesson, and what knows the places in its file."""

    placed: PlacedLesson
    document: Document


def library() -> Path:
    """Return the folder of the course that ships."""
    return Path(__file__).parents[1] / "library" / "fr"


def overdue(lessons: Iterable[PlacedLesson], today: date) -> tuple[PlacedLesson, ...]:
    """Return the lessons past the last day on which they may be taught."""
    return tuple(placed for placed in lessons if placed.lesson.review_by < today)


def read_lesson(content: bytes, file: str) -> PlacedLesson:
    """Read one lesson, as `open_lesson` does."""
    return open_lesson(content, file).placed


def open_lesson(content: bytes, file: str) -> Opened:
    """Read one lesson, in YAML or as a workbook by its name. The file's name is shown with problems.

    A number at its start is the place: `03-slug.yaml`.

    Raises:
        Problems: the content is no valid lesson.
    """
    document = _document(content, file)
    return Opened(_placed(_validated(Lesson, document), file), document)


def _document(content: bytes, file: str) -> Document:
    if is_workbook(file) and len(content) > WORKBOOK:
        raise Problems([Problem(file, 0, 0, "", f"fichier trop gros : {WORKBOOK >> 20} Mio au plus")])
    if why := refusal(content, file):
        at = 0 if is_workbook(file) else 1
        raise Problems([Problem(file, at, at, "", why)])
    if not is_workbook(file):
        return Document.load(content, file)
    from lessons.source import workbook  # the service never needs it: its child process does

    return workbook.load(content, file)


def _placed(lesson: Lesson, file: str) -> PlacedLesson:
    name = _PLACED.fullmatch(Path(file).stem)
    return PlacedLesson(lesson, int(name[1]) if name else None, file)


def _validated(kind: type[_Content], document: Document) -> _Content:
    try:
        content = kind.model_validate(document.data)
    except ValidationError as error:
        faults: list[Problem] = [
            document.problem(fault["loc"], sentence(fault), key=fault["type"] == "extra_forbidden")
            for fault in error.errors(include_url=False, include_input=False)
            if fault["loc"] not in document.unread
        ]
        raise Problems((*document.problems, *faults)) from None
    if document.problems:
        raise Problems(document.problems)
    return content


def read(paths: Iterable[Path], open_workbook: Callable[[bytes, str], Opened] = open_lesson) -> Courseware:
    """Read files, and folders with all that is under them, in the order of their names.

    `course.yaml` is a course, any other YAML file and any workbook a lesson. Names that start with a dot, links to folders,
    and links that leave the folder given are passed over. With a course, lessons and course are checked
    against each other. `open_workbook` may read a workbook in another process.

    Raises:
        Problems: with every problem of every file.
    """
    problems: list[Problem] = []
    courses: list[tuple[Course, Document]] = []
    lessons: list[tuple[PlacedLesson, Document]] = []
    for path in dict.fromkeys(_files(paths, problems)):
        try:
            content = _bytes_of(path)
            if path.name in _COURSE:
                document = _document(content, str(path))
                courses.append((_validated(Course, document), document))
            else:
                opens = open_workbook if is_workbook(path.name) else open_lesson
                opened = opens(content, str(path))
                lessons.append((opened.placed, opened.document))
        except OSError as error:
            problems.append(_unreadable(path, error))
        except Problems as refused:
            problems += refused.problems
    # What a path names may stand in a file that could not be read, or in none of those given.
    complete = bool(lessons) and not problems
    problems += _repeated_ids(lessons)
    problems += [extra.problem((), "un seul course.yaml attendu") for _, extra in courses[1:]]
    for course, document in courses[:1]:
        problems += _unknown_themes(course, lessons)
        if complete:
            problems += _wrong_steps(course, document, [placed.lesson for placed, _ in lessons])
    if problems:
        raise Problems(problems)
    return Courseware(
        courses[0][0] if courses else None,
        tuple(placed for placed, _ in lessons),
        {placed.file: document for placed, document in lessons},
    )


def _files(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        try:
            files = list(_walk(path, path.resolve()))
        except OSError as error:
            problems.append(_unreadable(path, error))
            continue
        if all(file.name in _COURSE for file in files):
            problems.append(Problem(str(path), 1, 1, "", "aucune leçon (*.yaml, *.xlsx) dans ce dossier"))
        yield from files


def _walk(folder: Path, root: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", _LOCK)) or _leads_outside(entry, root):
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _walk(entry, root)
        elif is_lesson(entry.name):
            yield entry


def _leads_outside(entry: Path, root: Path) -> bool:
    # A broken link is kept: opening it gives the reason.
    return entry.is_symlink() and entry.exists() and not entry.resolve().is_relative_to(root)


def _bytes_of(path: Path) -> bytes:
    # Not blocked by a pipe without a writer; one byte more than the bound shows that a file is too large.
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(opened, "rb") as file:  # noqa: PTH123 - a descriptor
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("pas un fichier ordinaire")
        return file.read((WORKBOOK if is_workbook(path.name) else SIZE) + 1)


def _unreadable(path: Path, error: OSError) -> Problem:
    match error:
        case FileNotFoundError():
            reason = "ce fichier ou dossier n’existe pas"
        case PermissionError():
            reason = "lecture non autorisée"
        case _:
            reason = f"illisible ({error.strerror or error})"
    return Problem(str(path), 1, 1, "", reason)


def _repeated_ids(lessons: Iterable[tuple[PlacedLesson, Document]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for placed, document in lessons:
        if placed.lesson.id in first:
            yield document.problem(
                ("id",), f"« {placed.lesson.id} » est déjà l’id de {first[placed.lesson.id]}"
            )
        else:
            first[placed.lesson.id] = placed.file


def _unknown_themes(course: Course, lessons: Iterable[tuple[PlacedLesson, Document]]) -> Iterator[Problem]:
    themes = [theme.id for theme in course.themes]
    for placed, document in lessons:
        if placed.lesson.theme not in themes:
            yield document.problem(
                ("theme",),
                f"thème inconnu du cours : choisir parmi {', '.join(themes)}, ou l’ajouter à course.yaml",
            )


def _wrong_steps(course: Course, document: Document, lessons: Iterable[Lesson]) -> Iterator[Problem]:
    audiences = {lesson.id: lesson.audience for lesson in lessons}
    for at, path in enumerate(course.paths):
        for step, lesson in enumerate(path.lessons):
            where = ("paths", at, "lessons", step)
            if lesson not in audiences:
                yield document.problem(where, f"aucune leçon ne s’appelle « {lesson} »")
            elif path.id in list(Role) and not Role(path.id).learns(audiences[lesson]):
                yield document.problem(
                    where, f"la leçon « {lesson} » n’est pas pour le public « {path.id} » (audience)"
                )
