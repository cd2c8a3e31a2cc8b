# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure lessons new` and `schema`: what authors write a lesson with."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import Config, open_store
from config.errors import INPUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lessons.model import Course, Lesson
    from storage.catalogue import Catalogue


class Format(StrEnum):
    """How a lesson is written."""

    XLSX = "xlsx"
    YAML = "yaml"


def new(
    lesson_id: Annotated[str, typer.Argument(metavar="ID", help="Small letters, digits and hyphens.")],
    config: Config = None,
    *,
    format: Annotated[Format, typer.Option("--format", help="A workbook, or text.")] = Format.XLSX,  # noqa: A002
) -> None:
    """Write ID.xlsx or ID.yaml in the current folder: a lesson to fill in, or to change where there is one of that id.

    What is published is taken, where there is a database; else the course that ships. No file is replaced.
    """
    from lessons.forms import text
    from lessons.forms.schema import part

    if not re.fullmatch(part("id")["pattern"], lesson_id):
        _refuse(f"{lesson_id!r} is no id: small letters without accents, digits and hyphens, 64 at most.")
    lesson, course, origin = _current(lesson_id, config)
    themes = {theme.id: theme.title for theme in course.themes} if course else {}
    if format is Format.XLSX:
        content = _workbook(lesson_id, lesson, themes)
    else:
        content = (text.written(lesson) if lesson else text.blank(lesson_id, themes)).encode()
    path = Path(f"{lesson_id}.{format}")
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        _refuse(f"{path} exists already: nothing was written.")
    typer.echo(f"{path}: {f'the lesson of {origin}' if lesson else 'a lesson to fill in'}.")


def _workbook(lesson_id: str, lesson: Lesson | None, themes: Mapping[str, str]) -> bytes:
    from lessons import source
    from lessons.forms.text import EXAMPLE
    from lessons.forms.workbook import workbook

    example = source.read_lesson(EXAMPLE.read_bytes(), EXAMPLE.name).lesson
    return workbook(lesson, themes, example, lesson_id)


def _refuse(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(INPUT)


def _current(lesson_id: str, config: Path | None) -> tuple[Lesson | None, Course | None, str]:
    """Return a lesson as it is now, the course that it stands in, and where both come from."""
    from lessons import source

    published = _published(config)
    if published is not None:
        entry = published.entries.get(lesson_id)
        return None if entry is None else entry.lesson, published.course, "the published course"
    library = source.read([source.library()])
    found = (placed.lesson for placed in library.lessons if placed.lesson.id == lesson_id)
    return next(found, None), library.course, "the course that ships"


def _published(config: Path | None) -> Catalogue | None:
    """Return what is published; nothing where there is no database, which is not made for that."""
    from storage import courses
    from storage.failures import DatabaseError

    try:
        with open_store(config, upgrade=False) as store:
            return store.read_now(courses.catalogue)
    except DatabaseError:
        return None


def schema() -> None:
    """Print the JSON Schema of a lesson file: with it, an editor completes keys and shows each limit."""
    from lessons.forms.schema import schema as described

    typer.echo(json.dumps(described(), ensure_ascii=False, indent=2))
