# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure audit`: who did what, by their number; and who a number is, while that is kept."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.common import Config, open_store
from config.errors import INPUT, IaventureError

app = typer.Typer(help="Who did what: lessons published, announcements, identities.")

Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day (UTC) on: 2026-12-01.")
]


@app.callback(invoke_without_command=True)
def entries(
    context: typer.Context,
    config: Config = None,
    since: Since = None,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV, for a spreadsheet.")] = False,
) -> None:
    """List what was done, the oldest first, each by the number of who did it."""
    from storage import audit

    if context.invoked_subcommand is not None:
        return
    start = since.replace(tzinfo=UTC) if since is not None else None
    with open_store(config) as store:
        found = store.read_now(audit.entries, start) if start is not None else store.read_now(audit.entries)
    rows = [
        [
            entry.at.isoformat(timespec="seconds"),
            str(entry.by or ""),
            entry.action,
            entry.subject,
            entry.detail,
        ]
        for entry in found
    ]
    if as_csv:
        out = csv.writer(sys.stdout)
        out.writerow(["at", "by", "action", "subject", "detail"])
        # What begins as a formula does in a spreadsheet is made a text.
        out.writerows(
            [f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in row] for row in rows
        )
        return
    for at, by, action, subject, detail in rows:
        typer.echo(
            f"{at}  {by or '-':>4}  {action}  {subject}  {detail.splitlines()[0] if detail else ''}".rstrip()
        )


class UnknownNumber(IaventureError):
    """Nobody has this number."""

    exit_code = INPUT


@app.command("who")
def who(
    number: Annotated[int, typer.Argument(help="As `iaventure audit` shows it.")], config: Config = None
) -> None:
    """Tell who a number is, and which right they have."""
    from storage import staff

    with open_store(config) as store:
        person = store.read_now(staff.by_number, number)
    if person is None:
        raise UnknownNumber(f"Nobody has the number {number}: `iaventure audit` lists them.")
    role = person.role or "no right of their own"
    ended = f", ended {person.revoked_at:%Y-%m-%d}" if person.revoked_at else ""
    typer.echo(f"{number}: {person.who or 'forgotten'} ({role}{ended})")
