# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The command line. Exit codes: 0 done, 1 the input is at fault, 2 wrong usage, 3 the database or network is."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.channels import ChannelFault
from config.settings import Settings, SettingsError
from lessons import source
from lessons.source import Problems
from storage.failures import DatabaseError, PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from bot.channels.matrix.account import Account, Ask
    from storage.store import Store

INPUT, SERVICE = 1, 3

Config = Annotated[
    Path | None, typer.Option("--config", help="Settings file (YAML); iaventure.yaml by default.")
]
Paths = Annotated[list[Path], typer.Argument(help="Lesson files, or folders of them.")]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="AI literacy, two minutes a day, in the messenger that public agents already use.",
)
lessons_app = typer.Typer(
    no_args_is_help=True, help="Check lessons, publish them, look at what is published."
)
db_app = typer.Typer(no_args_is_help=True, help="The database: its schema, an online copy.")
config_app = typer.Typer(no_args_is_help=True, help="The settings in force.")
matrix_app = typer.Typer(
    no_args_is_help=True, help="The account on Matrix or Tchap: log in once, have its device signed."
)
app.add_typer(lessons_app, name="lessons")
app.add_typer(db_app, name="db")
app.add_typer(config_app, name="config")
app.add_typer(matrix_app, name="matrix")


def main(arguments: list[str] | None = None) -> None:
    """Run a command and end the process with its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        # Not standalone, typer returns the code of a `typer.Exit` instead of ending the process with it.
        sys.exit(app(arguments, standalone_mode=False))
    except Exception as error:
        if "--debug" in arguments:
            raise
        sys.exit(_told(error))


@app.callback()
def options(
    *, debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False
) -> None:
    """Options of every command."""
    del debug  # `main` looks for it: an error may come before the options are read


def _told(error: Exception) -> int:
    """Say in one line what went wrong; the exit code that goes with it."""
    match error:
        case SettingsError() | Problems():
            for problem in error.problems:
                typer.echo(str(problem), err=True)
            return INPUT
        case ExceptionGroup() if len(error.exceptions) == 1:
            return _told(error.exceptions[0])
        case DatabaseError() | ChannelFault():
            typer.echo(str(error), err=True)
            # What waiting cannot cure is the operator's to change, like a setting.
            return INPUT if isinstance(error, ChannelFault) and error.fatal else SERVICE
        case _ if hasattr(error, "exit_code") and hasattr(error, "format_message"):
            typer.echo(error.format_message(), err=True)
            return int(error.exit_code)
        case OSError():
            typer.echo(f"{error.filename or 'A file'}: {error.strerror}.", err=True)
            return INPUT
        case _:
            typer.echo(
                f"An unexpected error, {type(error).__name__}: {error}. --debug shows where.", err=True
            )
            return SERVICE


@app.command()
def run(config: Config = None) -> None:
    """Everything until SIGTERM. With no channel configured: a conversation in the terminal."""
    from bot import app as application

    application.run(Settings.load(config))


@app.command()
def check(config: Config = None) -> None:
    """Settings, database, lessons, accounts: each problem on its line; exit code 1 if there is any."""
    from bot.checks import problems_of

    problems = asyncio.run(problems_of(Settings.load(config)))
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(INPUT)
    typer.echo("Everything is in order.")


@app.command()
def stats(config: Config = None, *, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Counts of learners, deliveries by outcome, answers and verdicts."""
    from storage import figures

    with _store(config) as store:
        found = store.read_now(figures.read)
    if as_json:
        typer.echo(json.dumps(found, indent=2, sort_keys=True))
        return
    for section, numbers in found.items():
        typer.echo(f"{section}:")
        for name, number in numbers.items():
            typer.echo(f"  {name}: {number}")


@lessons_app.command("check")
def check_lessons(paths: Paths) -> None:
    """Say everything that is wrong with lessons, as file:line:column; and which are past their review date."""
    collection = source.read(paths)
    today = datetime.now(UTC).date()
    for placed in source.overdue(collection.lessons, today):
        lesson = placed.lesson
        typer.echo(f"{lesson.id}: past its review date ({lesson.review_by}): it is held back until renewed.")
    typer.echo(f"{len(collection.lessons)} lessons, no problem.")


@lessons_app.command("push")
def push_lessons(
    paths: Paths, config: Config = None, by: Annotated[str | None, typer.Option(help="Who publishes.")] = None
) -> None:
    """Check all, then publish all or none."""
    from storage import audit, courses
    from storage.types import Tx, storable

    collection = source.read(paths)
    who = storable(f"cli:{by or getpass.getuser()}", 255)
    now = datetime.now(UTC)

    def push(tx: Tx) -> tuple[courses.Change, ...]:
        changes = courses.publish(tx, collection.course, collection.lessons, by=who, now=now)
        for change in changes:
            if change.outcome != "unchanged":
                audit.record(tx, by=who, action="push", subject=change.id, detail=change.version, now=now)
        return changes

    with _store(config) as store:
        try:
            changes = store.write_now(push)
        except PublishError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(INPUT) from None
    for change in changes:
        typer.echo(f"{change.outcome:9}  {change.id}")


@lessons_app.command("list")
def list_lessons(config: Config = None) -> None:
    """What is published, in the order of the course."""
    from storage import courses

    with _store(config) as store:
        published = store.read_now(courses.catalogue)
    if published is None:
        typer.echo("No course is published. `iaventure lessons push` publishes one.", err=True)
        raise typer.Exit(INPUT)
    today = datetime.now(UTC).date()
    for theme in published.course.themes:
        typer.echo(f"{theme.id}: {theme.title}")
        entries = [entry for entry in published.entries.values() if entry.theme == theme.id]
        for entry in sorted(entries, key=lambda entry: (entry.place, entry.id)):
            state = "" if entry.available(today) else "  (held back)"
            typer.echo(f"  {entry.place:>3}  {entry.id}  {entry.lesson.title}{state}")


@lessons_app.command("show")
def show_lesson(lesson_id: Annotated[str, typer.Argument(metavar="ID")], config: Config = None) -> None:
    """A published lesson as learners see it, with its answers."""
    from bot.talk import showing
    from bot.wording import words_of
    from lessons import markup
    from storage import courses

    settings = Settings.load(config)
    with _store(config) as store:
        published = store.read_now(courses.catalogue)
    entry = published.entries.get(lesson_id) if published else None
    if entry is None:
        typer.echo(f"No lesson {lesson_id!r} is published. `iaventure lessons list` names them.", err=True)
        raise typer.Exit(INPUT)
    words = words_of(settings.language)
    typer.echo(markup.plain(showing.lesson_text(words, entry.lesson)))
    for question in entry.lesson.questions:
        typer.echo(f"\n{words.plain('quiz.question')} {question.text}")
        for place, (_, choice) in enumerate(question.keyed(), 1):
            typer.echo(f"{place}. {choice.text}{' ✅' if choice.correct else ''}")
        if question.kind == "number":
            typer.echo(f"{question.answer} ± {question.tolerance} {question.unit}")
        typer.echo(question.explanation)


@db_app.command("upgrade")
def upgrade_database(config: Config = None) -> None:
    """Bring the schema up to date."""
    from storage.database import upgrade

    before, after = upgrade(Settings.load(config).database)
    typer.echo(f"The schema was already {after}." if before == after else f"The schema is now {after}.")


@db_app.command("backup")
def backup_database(
    file: Annotated[Path, typer.Argument(help="Where to; must not exist.")], config: Config = None
) -> None:
    """Copy the database while it runs."""
    from storage.database import backup

    backup(Settings.load(config).database, file)
    typer.echo(f"Copied to {file}.")


@db_app.command("copy")
def copy_database(
    source: Annotated[str, typer.Argument(help="Its address: sqlite:///… or postgresql://…")],
    target: Annotated[
        str, typer.Argument(help="The address of an empty database, made where it is missing.")
    ],
) -> None:
    """Move everything into another database while nothing runs, and count it; all of it or nothing."""
    from storage.database import move

    total = 0
    for table, rows in move(source, target):
        typer.echo(f"{table}: {rows}")
        total += rows
    typer.echo(
        f"{total} rows copied. Name the new database in the setting `database`; the old one is as it was."
    )


@db_app.command("restored")
def settle_restored(
    config: Config = None,
    lost_at: Annotated[
        str | None,
        typer.Option(
            help="Until when the lost service ran, as 2026-11-25T14:05 in `schedule.time_zone`; now."
        ),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who restores.")] = None,
) -> None:
    """After a copy was put back: take as sent what the lost service has sent since, so that nobody gets it twice."""
    from bot.service.restored import assume_sent
    from storage import audit
    from storage.database import alone, open_database

    settings = Settings.load(config)
    now = datetime.now(UTC)
    until = _moment(lost_at, settings.schedule.time_zone, now)
    with alone(settings.database), open_database(settings.database, owned=True) as store:
        assumed = assume_sent(store, until)
        detail = f"lost at {until:%Y-%m-%d %H:%M} UTC"
        who = f"cli:{by or getpass.getuser()}"
        store.write_now(audit.record, by=who, action="restored", subject="database", detail=detail, now=now)
    typer.echo(
        f"Taken as sent: {assumed.waiting} messages that waited in the copy, {assumed.since} that came due since."
    )


def _moment(text: str | None, time_zone: str, now: datetime) -> datetime:
    """A local time as it was typed, not later than now."""
    if text is None:
        return now
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time such as 2026-11-25T14:05.") from None
    at = (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC)
    if at > now:
        raise typer.BadParameter(f"{text} is still to come.")
    return at


@config_app.command("show")
def show_config(config: Config = None) -> None:
    """The settings in force, secrets masked."""
    _dump(Settings.load(config).masked())


@config_app.command("schema")
def show_schema() -> None:
    """The JSON Schema of the settings."""
    _dump(Settings.schema())


@matrix_app.command("login")
def log_in_to_matrix(config: Config = None) -> None:
    """Log in once, by password or token, and keep the session in the store."""
    from bot.channels.matrix import account

    _for_matrix(config, account.log_in)


@matrix_app.command("verify")
def verify_on_matrix(config: Config = None) -> None:
    """Have the device signed, by the recovery key or by signing keys of its own, and say how it stands."""
    from bot.channels.matrix import account

    _for_matrix(config, account.verify)


def _for_matrix(
    config: Path | None, do: Callable[[Account, Ask], Coroutine[Any, Any, Sequence[str]]]
) -> None:
    """Do something with the account, and tell what was done."""
    from bot.app import matrix_account

    matrix = Settings.load(config).channels.matrix
    if matrix is None:
        raise SettingsError(["channels.matrix : réglage absent ; décommentez le groupe matrix"])
    try:
        said = asyncio.run(do(matrix_account(matrix), _asked))
    except ChannelFault as fault:
        if not fault.fatal:
            raise
        raise SettingsError([str(fault)]) from fault  # waiting cannot cure it: the input is at fault
    for sentence in said:
        typer.echo(sentence)


def _asked(what: str) -> str | None:
    """A secret that the operator types; `None` when the input is not a terminal."""
    return str(typer.prompt(what, hide_input=True, err=True)) if sys.stdin.isatty() else None


def _dump(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _store(config: Path | None) -> Store:
    from storage.database import open_database

    return open_database(Settings.load(config).database)


if __name__ == "__main__":
    main()
