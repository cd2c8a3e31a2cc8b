# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure access`: codes without which nobody begins, where the setting `access` is `code`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.common import By, Config, author, counted, open_store
from config.settings import Settings

if TYPE_CHECKING:
    from storage.types import Tx

app = typer.Typer(
    no_args_is_help=True, help="Codes without which nobody begins: for the setting access: code."
)


@app.command("code")
def make_code(
    config: Config = None,
    until: Annotated[
        str | None,
        typer.Option(
            help="Its last day, as 2027-01-31; none by default.",
            metavar="DAY",
        ),
    ] = None,
    by: By = None,
) -> None:
    """Make a code and show it, this once: only its hash is stored. Several may be valid at the same time."""
    from storage import access, audit

    settings, decider, now = Settings.load(config), author(by), datetime.now(UTC)
    ends, code = _end_of(until, settings.schedule.time_zone, now), access.new_code()

    def add(tx: Tx) -> None:
        access.add(tx, code, until=ends, by=decider, now=now)
        audit.record(tx, by=decider, action="make-code", subject="access", detail=until or "", now=now)

    with open_store(config) as store:
        store.write_now(add)
    typer.echo(code)
    if settings.access != "code":
        typer.echo("The setting access is open: anybody begins without a code.", err=True)


@app.command("end")
def end_codes(config: Config = None, by: By = None) -> None:
    """End every code: whoever has begun goes on, nobody else begins until there is another one."""
    from storage import access, audit

    decider, now = author(by), datetime.now(UTC)

    def end(tx: Tx) -> int:
        ended = access.end_all(tx)
        audit.record(tx, by=decider, action="end-codes", subject="access", detail=str(ended), now=now)
        return ended

    with open_store(config) as store:
        ended = store.write_now(end)
    typer.echo(f"Ended: {counted(ended, 'code', 'codes')}.")


def _end_of(day: str | None, time_zone: str, now: datetime) -> datetime | None:
    """Return the end of a day as it was typed."""
    if day is None:
        return None
    try:
        following = date.fromisoformat(day) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{day!r} is no day such as 2027-01-31.") from None
    ends = datetime.combine(following, time(), ZoneInfo(time_zone)).astimezone(UTC)
    if ends <= now:
        raise typer.BadParameter(f"{day} is over.")
    return ends
