# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure privacy`: what only the operator may decide about people's data."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from bot.cli.common import By, Config, author, open_store

app = typer.Typer(no_args_is_help=True, help="What only the operator may decide about people's data.")


@app.command("confirm")
def confirm(config: Config = None, by: By = None) -> None:
    """Let the next night erase as many as it announced, for their long silence: the clock is right, and it is meant."""
    from storage import audit, inactivity
    from storage.types import Tx

    decider, now = author(by), datetime.now(UTC)

    def decide(tx: Tx) -> int:
        number = inactivity.confirm(tx, now)
        if number:
            audit.record(tx, by=decider, action="confirm-inactive", subject="", detail=str(number), now=now)
        return number

    with open_store(config) as store:
        number = store.write_now(decide)
    if not number:
        typer.echo("No erasure waits for a word: nothing is confirmed.", err=True)
        raise typer.Exit(1)
    typer.echo(f"The next night erases at most {number} who are due. This holds for a week.")
