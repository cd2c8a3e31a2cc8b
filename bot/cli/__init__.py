# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The command line. Exit codes: 0 done, 1 the input is at fault, 2 wrong usage, 3 the database or network is."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from typing import Annotated

import typer

from bot.cli import database, lessons, matrix, settings, staff
from bot.cli.common import Config, open_store
from config.errors import INPUT, SERVICE, IaventureError
from config.settings import Settings

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


def main(arguments: list[str] | None = None) -> None:
    """Run a command and end the process with its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        # Not standalone, typer returns the code of a `typer.Exit` instead of ending the process with it.
        sys.exit(app(arguments, standalone_mode=False))
    except Exception as error:
        if "--debug" in arguments:
            raise
        sys.exit(_explain(error))


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
    gc.disable()  # all that is loaded stays: looking for garbage took a sixth of the start; `warm_up` enables it
    from bot import app as application

    application.run(Settings.load(config))


@app.command()
def check(config: Config = None) -> None:
    """Settings, database, lessons, accounts: each problem on its line; exit code 1 if there is any."""
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
def stats(config: Config = None, *, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Counts of learners, deliveries by outcome, answers and verdicts."""
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
        typer.echo(f"{section}:")
        for name, number in numbers.items():
            typer.echo(f"  {name}: {number}")
    for day in days:
        ends = ", ".join(f"{number} {name}" for name, number in day.outcomes.items())
        verdict = "adds up" if not day.difference else f"DOES NOT ADD UP ({day.difference})"
        typer.echo(f"{day.day}: {day.planned} planned = {ends or 'nothing'}: {verdict}")
