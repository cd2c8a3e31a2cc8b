# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Parts that the commands share: the option `--config`, an open database."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.settings import Settings

if TYPE_CHECKING:
    from storage.store import Store

Config = Annotated[
    # Not checked by typer: our own message also says what to do.
    Path | None,
    typer.Option("--config", readable=False, help="Settings file (YAML); iaventure.yaml by default."),
]


By = Annotated[str | None, typer.Option(help="Your name, for the audit; that of this account by default.")]


def author(by: str | None) -> str:
    """Return who gives a command, for the audit."""
    from storage.types import storable

    try:
        return storable(f"cli:{by or getpass.getuser()}", 255)
    except (KeyError, OSError):  # the account has no name, as in a container
        return f"cli:uid {os.getuid()}"


def counted(number: int, one: str, several: str) -> str:
    """Write a number with its noun: 1 person, 2 people, 0 people."""
    return f"{number} {one if number == 1 else several}"


def open_store(config: Path | None, *, upgrade: bool = True) -> Store:
    """Open the database of the settings in force, with their key once that has begun: until then all is in clear.

    Args:
        config: the settings file, where one is named.
        upgrade: false to change nothing, and refuse a database that is missing or has another schema.

    Raises:
        WrongKey: the database is sealed with another key, or with one and none is given.
        DatabaseError: it cannot be used.
    """
    from bot.keys import key_in
    from storage import keys
    from storage.database import open_database

    settings = Settings.load(config)
    store = open_database(settings.database, upgrade=upgrade, key=key_in(settings))
    if key_in(settings) is None or store.read_now(keys.fingerprint) is not None:
        return store
    store.close()
    return open_database(settings.database, upgrade=upgrade)
