# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure db`: the schema of the database, copies of it, its move to another one."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.common import Config
from config.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The database: its schema, an online copy.")


@app.command("upgrade")
def upgrade_database(config: Config = None) -> None:
    """Bring the schema up to date."""
    from storage.database import upgrade

    before, after = upgrade(Settings.load(config).database)
    typer.echo(f"The schema was already {after}." if before == after else f"The schema is now {after}.")


@app.command("backup")
def backup_database(
    file: Annotated[Path, typer.Argument(help="Where to; must not exist.")], config: Config = None
) -> None:
    """Copy the database while it runs."""
    from storage.database import backup

    backup(Settings.load(config).database, file)
    typer.echo(f"Copied to {file}.")


@app.command("copy")
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


@app.command("restored")
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
        assumed = assume_sent(store, until, settings.schedule)
        detail = f"lost at {until:%Y-%m-%d %H:%M} UTC"
        who = f"cli:{by or getpass.getuser()}"
        store.write_now(audit.record, by=who, action="restored", subject="database", detail=detail, now=now)
    typer.echo(
        f"Taken as sent: {assumed.waiting} messages that waited in the copy, {assumed.since} that came due since."
    )


def _moment(text: str | None, time_zone: str, now: datetime) -> datetime:
    """Read a local time as it was typed. It may not be later than now."""
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
