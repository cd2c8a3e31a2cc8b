# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure db`: the schema of the database, copies of it, its move to another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.common import By, Config, author, counted
from config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.service.replayed import Replayed
    from storage.journal import Damaged, Line

NONE_REPLAYED = (
    "No erasure was replayed: whoever was erased after the copy was made is in it again, and will be written to. "
    "Tell your data protection officer."
)

app = typer.Typer(
    no_args_is_help=True,
    help="The database: its schema, its copies, its move, and what to do with a copy that is put back.",
)


@app.command("upgrade")
def upgrade_database(config: Config = None) -> None:
    """Make the tables, and a SQLite file, where they are missing; bring the schema up to date, after a copy of the file."""
    from bot.keys import key_in
    from storage.database import begin_key, upgrade

    settings = Settings.load(config)
    key = key_in(settings)
    before, after = upgrade(settings.database)
    typer.echo(f"The schema was already {after}." if before == after else f"The schema is now {after}.")
    if key is not None and begin_key(settings.database, key, datetime.now(UTC)):
        typer.echo(f"From now on addresses are sealed, with the key whose fingerprint is {key.fingerprint}.")


@app.command("backup")
def backup_database(
    file: Annotated[Path, typer.Argument(readable=False, help="The copy to make; it must not exist.")],
    config: Config = None,
) -> None:
    """Copy the database into a SQLite file, also while the service runs; the erasures so far are written beside it."""
    from storage import journal
    from storage.copies import journal_of
    from storage.database import backup
    from storage.failures import DatabaseError

    settings = Settings.load(config)
    backup(settings.database, file)
    beside, known = journal_of(file), journal.rows_of_copy(file, datetime.now(UTC))
    # The copy's own erasures first: they are written even when the journal cannot be read.
    journal.replace(beside, known)
    try:
        lines, damaged = journal.read(settings.journal), journal.damage([settings.journal])
    except DatabaseError as error:
        raise DatabaseError(f"Copied to {file}, but only the erasures in it to {beside}. {error}") from error
    journal.replace(beside, sorted({*known, *lines}), [line.text for line in damaged])
    typer.echo(f"Copied to {file}, and the erasures so far to {beside}.")
    for line in damaged:
        typer.echo(f"{line}: it was copied as it is.", err=True)


@app.command("copy")
def copy_database(
    source: Annotated[
        str, typer.Argument(help="The address of the database there is: sqlite:///… or postgresql://…")
    ],
    target: Annotated[str, typer.Argument(help="The address of an empty database; a SQLite file is made.")],
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
        list[Path] | None,
        typer.Argument(help="Further journals.", metavar="FILE", show_default=False, readable=False),
    ] = None,
    config: Config = None,
    lost_at: Annotated[
        str | None,
        typer.Option(
            help="Until when the lost service ran, as 2026-11-25T14:05 in `schedule.time_zone`; until now by default.",
            metavar="TIME",
        ),
    ] = None,
    journals: Annotated[
        list[Path] | None,
        typer.Option(
            "--journal",
            readable=False,
            metavar="FILE",
            help="An erasure journal; give every one there is, of each machine.",
        ),
    ] = None,
    no_journal: Annotated[
        bool,
        typer.Option(
            "--no-journal",
            help="All journals are lost: who was erased after the copy was made is written to again. It is audited.",
        ),
    ] = False,
    by: By = None,
) -> None:
    """After a copy was put back: erase again whoever was erased since, and take as sent what the lost service sent.

    Stop the service first, and start it only afterwards.
    """
    from bot.keys import key_in
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
    # Everything is read before anything is changed.
    lines, damaged = _read(given)
    try:
        beside = journal.read(settings.journal)
    except journal.JournalError:
        if not given:
            raise
        beside = []  # that may be why another journal is given
    with (
        alone(settings.database),
        open_database(settings.database, owned=True, key=key_in(settings)) as store,
    ):
        replayed = replay(store, lines, until, now)
        left = store.read_now(journal.still_here, beside)
        if not given:
            store.write_now(journal.number_on, beside)
        assumed = assume_sent(store, until, settings.schedule)
        detail = f"lost at {until:%Y-%m-%d %H:%M} UTC, " + (
            f"{replayed.erased} erased again by {counted(len(given), 'journal', 'journals')}"
            if given
            else "without a journal"
        )
        store.write_now(
            audit.record, by=author(by), action="restored", subject="database", detail=detail, now=now
        )
    for sentence in _told(replayed, damaged) if given else [NONE_REPLAYED]:
        typer.echo(sentence)
    if left:
        typer.echo(
            f"The erasure journal {settings.journal} names {counted(len(left), 'person who is', 'people who are')} in "
            f"the database: `iaventure db restored --journal {settings.journal}` erases them again."
        )
    typer.echo(
        f"Taken as sent: {counted(assumed.waiting, 'message', 'messages')} that waited in the copy, "
        f"{assumed.since} that came due since."
    )


def _read(given: Sequence[Path]) -> tuple[list[Line], list[Damaged]]:
    """Read the journals named on the command line.

    Raises:
        JournalError: a file is not a journal, or every line of all of them is unreadable.
    """
    from storage import journal

    for file in given:
        if not journal.require_content(file):
            raise typer.BadParameter(f"there is no erasure journal {file}.")
    lines, damaged = [line for file in given for line in journal.read(file)], journal.damage(given)
    if damaged and not lines:
        raise journal.JournalError(
            f"{damaged[0]}, and no other tells of an erasure. Give another copy of it."
        )
    return lines, damaged


def _told(replayed: Replayed, damaged: Sequence[Damaged]) -> Iterator[str]:
    """Yield sentences about what was replayed, and about unreadable lines."""
    for line in damaged:
        yield f"{line}: whoever it names is not erased again. Give another copy of this journal, which may tell."
    if replayed.until is None:
        yield "The journals tell of no erasure."
        return
    yield f"Erased again: {counted(replayed.erased, 'person', 'people')}."
    yield (
        f"The last erasure in the journals is of {replayed.until:%Y-%m-%d %H:%M} UTC. "
        + (
            f"None covers the {_span(replayed.uncovered)} before the loss."
            if replayed.uncovered
            else "They reach up to the loss."
        )
    )


def _span(time: timedelta) -> str:
    """Write a duration in minutes or hours, rounded up: hour, 5 hours."""
    minutes = -(-time // timedelta(minutes=1))
    number, unit = (minutes, "minute") if minutes < 60 else (-(-minutes // 60), "hour")
    return unit if number == 1 else f"{number} {unit}s"


def _moment(text: str | None, time_zone: str, now: datetime) -> datetime:
    """Read a local time as it was typed. It may not be later than now."""
    if text is None:
        return now
    try:
        at = datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text!r} is no time such as 2026-11-25T14:05.") from None
    if at > now:
        raise typer.BadParameter(f"{text} is still to come.")
    return at
