# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure db`: the schema of the database, copies of it, its move to another one."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.common import Config
from config.settings import Settings

if TYPE_CHECKING:
    from bot.service.replayed import Replayed
    from storage.journal import Line

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
    from storage import journal
    from storage.database import backup

    settings = Settings.load(config)
    backup(settings.database, file)
    beside = journal_of(file)
    journal.replace(beside, sorted({*journal.rows_of_copy(file), *journal.read(settings.journal)}))
    typer.echo(f"Copied to {file}, and the erasures so far to {beside}.")


def journal_of(copy: Path) -> Path:
    """Return where the erasures known at the time of a copy are written."""
    return copy.with_name(f"{copy.name}.erasures.log")


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
    more: Annotated[
        list[Path] | None, typer.Argument(help="Further journals, after the first.", show_default=False)
    ] = None,
    config: Config = None,
    lost_at: Annotated[
        str | None,
        typer.Option(
            help="Until when the lost service ran, as 2026-11-25T14:05 in `schedule.time_zone`; now."
        ),
    ] = None,
    journals: Annotated[
        list[Path] | None,
        typer.Option("--journal", help="An erasure journal; give every one there is, of each machine."),
    ] = None,
    no_journal: Annotated[
        bool, typer.Option("--no-journal", help="There is none: who was erased since is back. It is audited.")
    ] = False,
    by: Annotated[str | None, typer.Option(help="Who restores.")] = None,
) -> None:
    """After a copy was put back: erase again who was erased since, and take as sent what the lost service has sent."""
    from bot.service.replayed import replay
    from bot.service.restored import assume_sent
    from storage import audit, journal
    from storage.database import alone, open_database

    settings = Settings.load(config)
    now = datetime.now(UTC)
    until = _moment(lost_at, settings.schedule.time_zone, now)
    if bool(journals) == no_journal or (more and not journals):
        found = f" There is one here: --journal {settings.journal}" if settings.journal.is_file() else ""
        raise typer.BadParameter(
            f"give the erasure journals with --journal, or --no-journal when all of them are lost.{found}"
        )
    given = [*(journals or ()), *(more or ())]
    lines = [line for file in given for line in _lines(file)]
    with alone(settings.database), open_database(settings.database, owned=True) as store:
        beside = [] if given else journal.read(settings.journal)
        replayed = replay(store, lines, until, now)
        store.write_now(journal.number_on, beside)
        assumed = assume_sent(store, until, settings.schedule)
        detail = f"lost at {until:%Y-%m-%d %H:%M} UTC, " + (
            f"{replayed.erased} erased again by {len(given)} journals" if given else "without a journal"
        )
        who = f"cli:{by or getpass.getuser()}"
        store.write_now(audit.record, by=who, action="restored", subject="database", detail=detail, now=now)
    for sentence in _told(replayed, len(given)):
        typer.echo(sentence)
    typer.echo(
        f"Taken as sent: {assumed.waiting} messages that waited in the copy, {assumed.since} that came due since."
    )


def _lines(file: Path) -> list[Line]:
    from storage import journal

    if not file.is_file():
        raise typer.BadParameter(f"there is no erasure journal {file}.")
    return journal.read(file)


def _told(replayed: Replayed, journals: int) -> list[str]:
    if not journals:
        return ["No erasure was replayed: whoever was erased after the copy was made is in it again."]
    if replayed.until is None:
        return ["The journals tell of no erasure."]
    hours = -(-replayed.uncovered // timedelta(hours=1))
    return [
        f"Erased again: {replayed.erased} people.",
        f"The last erasure in the journals is of {replayed.until:%Y-%m-%d %H:%M} UTC. "
        + (f"None covers the {hours} hours before the loss." if hours else "They reach up to the loss."),
    ]


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
