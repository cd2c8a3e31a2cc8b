# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure lessons`: write lessons, check them, publish them, look at what is published, send again what is held back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.cli import forms
from bot.cli.common import By, Config, author, counted, open_store
from config.errors import INPUT
from config.settings import Settings
from lessons import source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lessons.advice import Advice
    from lessons.model import Lesson
    from lessons.source import Courseware, PlacedLesson
    from storage.catalogue import Catalogue, Entry, Unreadable

app = typer.Typer(
    no_args_is_help=True,
    help="Write lessons, check them, publish them, look at what is published, send again what is held back.",
)
app.command("new")(forms.new)
app.command("schema")(forms.schema)

LessonId = Annotated[str, typer.Argument(metavar="ID", help="As `iaventure lessons list` names it.")]
CANNOT_BE_READ = "cannot be read by this version: publish it again with `iaventure lessons push`"
"""About a published lesson or course whose stored text today's model refuses."""

Paths = Annotated[list[Path], typer.Argument(readable=False, help="Lesson files, or folders of them.")]


@app.command("check")
def check_lessons(
    paths: Paths,
    sources: Annotated[
        bool,
        typer.Option("--sources", help="List the sources that nobody opened, by host, to open and tick off."),
    ] = False,
) -> None:
    """Check lesson files, YAML and workbooks: each problem with its line or cell, advice, what is past its review date.

    Advice holds nothing back.
    """
    from lessons import advice

    collection = _read(paths)
    if sources:
        _list_sources([placed.lesson for placed in collection.lessons])
        return
    advised = [
        _placed(collection, placed, each)
        for advise in (advice.on_lesson, _command_words)
        for placed in collection.lessons
        for each in advise(placed.lesson)
    ]
    advised += map(str, advice.on_collection(placed.lesson for placed in collection.lessons))
    for line in advised:
        typer.echo(line)
    today = datetime.now(UTC).date()
    for placed in source.overdue(collection.lessons, today):
        lesson = placed.lesson
        typer.echo(f"{lesson.id}: past its review date ({lesson.review_by}): it is held back until renewed.")
    if advised:
        typer.echo(f"{counted(len(advised), 'piece', 'pieces')} of advice; none holds a lesson back.")
    typer.echo(f"{counted(len(collection.lessons), 'lesson', 'lessons')}, no problem.")


def _read(paths: list[Path]) -> Courseware:
    """Read the files; workbooks in child processes, which end with whatever was in them."""
    from bot.files.reader import open_workbook

    return source.read(paths, open_workbook)


def _placed(collection: Courseware, placed: PlacedLesson, advised: Advice) -> str:
    """Return a piece of advice with its place; in a workbook, with its cell."""
    if not source.is_workbook(placed.file):
        return f"{placed.file}: {advised}"
    steps = re.findall(r"[^.\[\]]+", advised.place)
    where = tuple(int(step) if step.isdigit() else step for step in steps)
    return str(collection.documents[placed.file].problem(where, advised.message))


def _command_words(lesson: Lesson) -> Iterator[Advice]:
    """Yield the advice on choices of one word that the bot takes for a command: « Stop » typed is no answer."""
    from bot.talk.reception import command_of
    from lessons import typed
    from lessons.advice import Advice

    for at, question in enumerate(lesson.questions):
        for number, choice in enumerate(question.choices):
            if len(typed.words(choice.text)) == 1 and command_of(choice.text, by_admin=False):
                place = f"questions[{at}].choices[{number}].text"
                yield Advice(
                    place,
                    f"« {choice.text} » est une commande pour qui l’écrit : dire ce choix en plusieurs mots",
                )


def _list_sources(lessons: list[Lesson]) -> None:
    from lessons import advice

    hosts = advice.unopened(lessons)
    for host, pages in hosts.items():
        typer.echo(host)
        for url, citations in pages.items():
            typer.echo(f"[ ] {url}")
            for (title, seen), ids in citations.items():
                typer.echo(f"    {title} ({seen or 'not said'}): {', '.join(ids)}")
        typer.echo("")
    found = {
        lesson
        for pages in hosts.values()
        for each in pages.values()
        for ids in each.values()
        for lesson in ids
    }
    count = sum(map(len, hosts.values()))
    typer.echo(
        f"{counted(count, 'address', 'addresses')} to open on {counted(len(hosts), 'host', 'hosts')}, "
        f"cited by {len(found)} of {counted(len(lessons), 'lesson', 'lessons')}."
    )


@app.command("push")
def push_lessons(
    paths: Paths,
    config: Config = None,
    by: By = None,
    *,
    reset: Annotated[
        bool,
        typer.Option(
            "--reset", help="Answers given before to lessons that change count no more, give or take a day."
        ),
    ] = False,
) -> None:
    """Check lessons, then publish all of them or none.

    Nothing is sent at once: each person gets a lesson at their own hour, in its turn.
    """
    from storage import audit, courses
    from storage.types import Tx

    collection = _read(paths)
    who = author(by)
    now = datetime.now(UTC)

    def push(tx: Tx) -> tuple[courses.Change, ...]:
        changes = courses.publish(tx, collection.course, collection.lessons, by=who, now=now, reset=reset)
        action = "push-reset" if reset else "push"
        for change in changes:
            if change.outcome != "unchanged":
                audit.record(tx, by=who, action=action, subject=change.id, detail=change.version, now=now)
        return changes

    with open_store(config) as store:
        changes = store.write_now(push)
    for change in changes:
        forgets = "  (answers given before count no more)" * (reset and change.outcome in courses.RESET)
        typer.echo(f"{change.outcome:9}  {change.id}{forgets}")


@app.command("list")
def list_lessons(config: Config = None) -> None:
    """List what is published, in the order of the course; what is held back, and why."""
    from storage import courses

    with open_store(config) as store:
        published = store.read_now(courses.catalogue)
    if published is None:
        typer.echo("No course is published. `iaventure lessons push` publishes one.", err=True)
        raise typer.Exit(INPUT)
    today = datetime.now(UTC).date()
    for theme in published.course.themes:
        typer.echo(f"{theme.id}: {theme.title}")
        entries = [entry for entry in published.entries.values() if entry.theme == theme.id]
        for entry in sorted(entries, key=lambda entry: (entry.place, entry.id)):
            typer.echo(f"  {entry.place:>3}  {entry.id}  {entry.lesson.title}{_held_back(entry, today)}")
    for name in published.damage:
        typer.echo(f"{name} {CANNOT_BE_READ}.")


def _held_back(entry: Entry, today: date) -> str:
    if entry.held:
        said = f": {entry.reason}" if entry.reason else ""
        return f"  (held back)  a channel refused it{said}; `iaventure lessons release {entry.id}` lifts it"
    if not entry.available(today):
        return f"  (held back)  its review date has passed ({entry.lesson.review_by})"
    return ""


@app.command("release")
def release_lesson(
    lesson_id: LessonId,
    config: Config = None,
    by: By = None,
) -> None:
    """Send a lesson again that is held back because a channel refused it."""
    from storage import audit, courses, witnesses
    from storage.catalogue import Unreadable
    from storage.types import Tx

    who = author(by)
    now = datetime.now(UTC)

    def release(tx: Tx) -> tuple[Entry | Unreadable | None, bool]:
        found = _published(courses.catalogue(tx), lesson_id)
        released = found is not None and witnesses.release(tx, found.version)
        if found is not None and released:
            audit.record(tx, by=who, action="release", subject=lesson_id, detail=found.version, now=now)
        return found, released

    with open_store(config) as store:
        found, released = store.write_now(release)
    if found is None:
        _refuse_unpublished(lesson_id)
    typer.echo(f"{'released' if released else 'unchanged':9}  {lesson_id}")
    if isinstance(found, Unreadable):
        typer.echo(f"Lesson {lesson_id!r} is not sent for all that: it {CANNOT_BE_READ}.")


def _published(published: Catalogue | None, lesson_id: str) -> Entry | Unreadable | None:
    if published is None:
        return None
    return published.entries.get(lesson_id) or published.unreadable.get(lesson_id)


def _refuse_unpublished(lesson_id: str) -> NoReturn:
    typer.echo(f"No lesson {lesson_id!r} is published. `iaventure lessons list` names them.", err=True)
    raise typer.Exit(INPUT)


@app.command("show")
def show_lesson(lesson_id: LessonId, config: Config = None) -> None:
    """Show a published lesson as learners see it, with its answers."""
    from bot.talk import showing
    from bot.wording import words_of
    from lessons import markup
    from storage import courses
    from storage.catalogue import Unreadable

    settings = Settings.load(config)
    with open_store(config) as store:
        entry = _published(store.read_now(courses.catalogue), lesson_id)
    if entry is None:
        _refuse_unpublished(lesson_id)
    if isinstance(entry, Unreadable):
        typer.echo(
            f"Lesson {lesson_id!r} of the theme {entry.theme!r}, published by {entry.by or 'nobody known'}, "
            f"{CANNOT_BE_READ}.",
            err=True,
        )
        raise typer.Exit(INPUT)
    words = words_of(settings.language)
    typer.echo(markup.plain(showing.lesson_text(words, entry.lesson)))
    typer.echo(f"\n{markup.plain(showing.lesson_aside(words, entry.lesson))}")
    for question in entry.lesson.questions:
        typer.echo(f"\n{words.plain('quiz.question')} {question.text}")
        for place, (_, choice) in enumerate(question.keyed(), 1):
            typer.echo(f"{place}. {choice.text}{' ✅' if choice.correct else ''}")
        if question.kind == "number":
            typer.echo(f"{question.answer} ± {question.tolerance} {question.unit}")
        typer.echo(question.explanation)
