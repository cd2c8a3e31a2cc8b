# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure staff`: those who may publish, named in the setting `admins`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.common import By, Config, author, open_store
from config.settings import Settings, SettingsError

app = typer.Typer(no_args_is_help=True, help="Those who may publish: the setting `admins` names them.")


@app.command("trust")
def trust(
    who: Annotated[str, typer.Argument(help="As in the setting admins: matrix:@zoe:example.org.")],
    config: Config = None,
    by: By = None,
) -> None:
    """Accept that somebody's encryption identity changed on Matrix: the identity of their next word is believed."""
    from storage import audit, pins, staff
    from storage.types import Tx

    if who not in Settings.load(config).admins:
        raise SettingsError([f"admins : « {who} » n’y est pas nommé ; donnez un nom de cette liste"])
    decider, now = author(by), datetime.now(UTC)

    def forget(tx: Tx) -> str | None:
        number, identity = staff.number_of(tx, who), pins.forget(tx, who)
        if identity is not None:
            audit.record(
                tx, by=decider, action="forget-identity", subject=identity, detail=f"staff {number}", now=now
            )
        return identity

    with open_store(config) as store:
        identity = store.write_now(forget)
    if not who.startswith("matrix:"):
        typer.echo(f"Nothing to do: the messenger itself vouches for {who}, so no identity is noted.")
        return
    if identity is None:
        typer.echo(f"No identity is kept of {who}: the first that they write with will be.")
        return
    typer.echo(f"The identity {identity} of {who} is forgotten: the next that they write with will be kept.")
