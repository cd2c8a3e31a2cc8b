# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure config`: the settings in force, and their schema."""

from __future__ import annotations

import json
import sys
from typing import Any

import typer

from bot.cli.common import Config
from config.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The settings: those in force, and what there are.")


@app.command("show")
def show_config(config: Config = None) -> None:
    """Show the settings in force, secrets masked."""
    _dump(Settings.load(config).masked())


@app.command("schema")
def show_schema() -> None:
    """Show the JSON Schema of the settings."""
    _dump(Settings.schema())


def _dump(value: dict[str, Any]) -> None:
    # Valid JSON on every terminal: characters that it cannot show are escaped.
    readable = (sys.stdout.encoding or "").casefold() in ("utf-8", "utf8")
    typer.echo(json.dumps(value, ensure_ascii=not readable, indent=2))
