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
    """Let the next night erase all who are due for their long silence, however many: the clock is right, and it is meant."""
    from storage import audit, inactivity
    from storage.types import Tx

    decider, now = author(by), datetime.now(UTC)

    def decide(tx: Tx) -> None:
        inactivity.confirm(tx, now)
        audit.record(tx, by=decider, action="confirm-inactive", subject="", detail="", now=now)

    with open_store(config) as store:
        store.write_now(decide)
    typer.echo("The next night erases all who are due. This holds for a week.")
