# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure key`: the key that seals addresses in the database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import By, Config, author, counted
from config.settings import Settings, SettingsError

app = typer.Typer(no_args_is_help=True, help="The key that seals addresses in the database: privacy.key.")


@app.command("rotate")
def rotate(
    to: Annotated[
        Path,
        typer.Option(
            "--to", readable=False, metavar="FILE", help="The new key, in a file: 32 bytes in base64."
        ),
    ],
    config: Config = None,
    by: By = None,
) -> None:
    """Seal every address with a new key, all or none, while no service runs. The old key is that of the settings."""
    from bot.keys import key_in, read_key
    from storage.database import rotate_key

    settings = Settings.load(config)
    old = key_in(settings)
    if old is None:
        raise SettingsError(["privacy.key : absente ; il n’y a pas de clé à remplacer"])
    try:
        new = read_key(to)
    except ValueError:
        raise typer.BadParameter(
            f"{to} holds no key: 32 bytes in base64, as `openssl rand -base64 32` writes them."
        ) from None
    if new.fingerprint == old.fingerprint:
        raise typer.BadParameter(f"{to} holds the key that is in force already.")
    number = rotate_key(settings.database, old, new, author(by), datetime.now(UTC))
    typer.echo(
        f"{counted(number, 'address', 'addresses')} sealed with the new key (fingerprint {new.fingerprint}). Give it as "
        "privacy.key on every machine, then start the service."
    )
    typer.echo(f"Copies made until now need the old key ({old.fingerprint}): keep it as long as them.")
