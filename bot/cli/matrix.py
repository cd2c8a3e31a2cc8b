# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure matrix`: log in once, have the device signed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.common import Config
from config.settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from bot.channels.matrix.account import Account, Ask


app = typer.Typer(
    no_args_is_help=True, help="The account on Matrix or Tchap: log in once, have its device signed."
)


@app.command("login")
def log_in_to_matrix(config: Config = None) -> None:
    """Log in once, by password or token, and keep the session in the store."""
    from bot.channels.matrix import account

    _for_matrix(config, account.log_in)


@app.command("verify")
def verify_on_matrix(config: Config = None) -> None:
    """Have the device signed, by the recovery key or by signing keys of its own, and say how it stands."""
    from bot.channels.matrix import account

    _for_matrix(config, account.verify)


def _for_matrix(
    config: Path | None, do: Callable[[Account, Ask], Coroutine[Any, Any, Sequence[str]]]
) -> None:
    """Do something with the account, and print what was done."""
    from bot.app import matrix_account

    matrix = Settings.load(config).channels.matrix
    if matrix is None:
        raise SettingsError(["channels.matrix : réglage absent ; décommentez le groupe matrix"])
    for sentence in asyncio.run(do(matrix_account(matrix), _asked)):
        typer.echo(sentence)


def _asked(what: str) -> str | None:
    """Ask the operator for a secret; `None` when the input is not a terminal."""
    return str(typer.prompt(what, hide_input=True, err=True)) if sys.stdin.isatty() else None
