# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The command line. Exit codes: 0 done, 1 the input is at fault, 2 wrong usage, 3 the database or network is."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import (
    access,
    attestation,
    audit,
    database,
    key,
    lessons,
    matrix,
    notice,
    privacy,
    report,
    settings,
    staff,
)
from bot.cli.common import Config, open_store
from config.errors import INPUT, SERVICE, IaventureError
from config.settings import Settings

STOPPED = 130
"""The exit code of an interrupted command, as shells have it."""
DAYS_SHOWN = 7
"""Days whose reconciliation `stats` shows; with `--json`, all of them."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="AI literacy, two minutes a day, in the messenger that public agents already use.",
)
app.add_typer(lessons.app, name="lessons")
app.add_typer(database.app, name="db")
app.add_typer(settings.app, name="config")
app.add_typer(matrix.app, name="matrix")
app.add_typer(staff.app, name="staff")
app.add_typer(attestation.app, name="attestation")
app.add_typer(audit.app, name="audit")
app.add_typer(privacy.app, name="privacy")
app.add_typer(notice.app, name="notice")
app.add_typer(access.app, name="access")
app.add_typer(key.app, name="key")
app.command("report")(report.report)


def main(arguments: list[str] | None = None) -> None:
    """Run a command and end the process with its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _prepare_streams()
    try:
        # Not standalone, typer returns the code of a `typer.Exit` instead of ending the process with it.
        code = app(arguments, prog_name="iaventure", standalone_mode=False)
        sys.stdout.flush()
    except Exception as error:
        if "--debug" in arguments:
            raise
        code = _explain(error)
    sys.exit(code)


@app.callback()
def options(
    *, debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False
) -> None:
    """Options of every command."""
    del debug  # `main` looks for it: an error may come before the options are read


def _explain(error: Exception) -> int:
    """Print what went wrong, one line a problem. Return the exit code."""
    match error:
        case IaventureError():
            for line in error.lines:
                typer.echo(line, err=True)
            return error.exit_code
        case ExceptionGroup() if len(error.exceptions) == 1:
            return _explain(error.exceptions[0])
        case _ if hasattr(error, "exit_code") and hasattr(error, "format_message"):
            typer.echo(error.format_message(), err=True)
            return int(error.exit_code)
        case typer.Abort():
            return STOPPED
        case BrokenPipeError():  # the reader has closed the pipe, as in `iaventure stats | head -1`
            _say_no_more()
            return INPUT
        case OSError():
            _say_no_more()
            why = error.strerror or error
            if error.filename:
                typer.echo(f"{error.filename}: {why}. Check where it is, and its rights.", err=True)
            else:
                typer.echo(f"The output cannot be written: {why}.", err=True)
            return INPUT
        case _:
            typer.echo(
                f"An unexpected error, {type(error).__name__}: {error}. --debug shows where.", err=True
            )
            return SERVICE


def _prepare_streams() -> None:
    """Make all output possible: without a stdout, and on a terminal that cannot show « é »."""
    nothing = Path(os.devnull)
    sys.stdin = sys.stdin or nothing.open(encoding="utf-8")
    sys.stdout = sys.stdout or nothing.open("w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _say_no_more() -> None:
    """Discard buffered output, which would raise again when the interpreter ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@app.command()
def run(config: Config = None) -> None:
    """Run the bot until SIGTERM or Ctrl-C. With no channel configured: a conversation in the terminal."""
    gc.disable()  # all that is loaded stays: looking for garbage took a sixth of the start; `warm_up` enables it
    from bot import app as application

    application.run(Settings.load(config))


@app.command()
def check(config: Config = None) -> None:
    """Check settings, database, lessons and accounts: each problem on its line; exit code 1 if there is any.

    A database that is missing is made, as by `iaventure run`.
    """
    from bot.checks import problems_of, remarks_of

    settings = Settings.load(config)
    problems = asyncio.run(problems_of(settings))
    for remark in remarks_of(settings):
        typer.echo(remark)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(INPUT)
    typer.echo("Everything is in order.")


@app.command()
def stats(
    config: Config = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with a year of days.")] = False,
) -> None:
    """Count learners, deliveries by outcome, answers and verdicts; and what became of the messages of the last days."""
    from storage import figures, reconciliation

    with open_store(config) as store:
        counts = store.read_now(figures.read)
        days = store.read_now(reconciliation.closed, 366 if as_json else DAYS_SHOWN)
    if as_json:
        listed = [
            {"day": str(day.day), "planned": day.planned, "difference": day.difference, **day.outcomes}
            for day in days
        ]
        typer.echo(json.dumps({**counts, "days": listed}, indent=2, sort_keys=True))
        return
    for section, numbers in counts.items():
        if numbers:
            typer.echo(f"{section}:")
        for name, number in numbers.items():
            typer.echo(f"  {name}: {number}")
    for day in days:
        ends = ", ".join(f"{number} {name}" for name, number in day.outcomes.items())
        verdict = "adds up" if not day.difference else f"DOES NOT ADD UP ({day.difference})"
        typer.echo(f"{day.day}: {day.planned} planned = {ends or 'nothing'}: {verdict}")
