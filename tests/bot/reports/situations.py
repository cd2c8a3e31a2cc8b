# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Situations that documents are made from: of a store, under settings, at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.main import get_command

from bot import cli
from bot.cli.report import commands_of
from bot.reports import situation
from bot.reports.catalogue import DOCUMENTS
from bot.reports.markdown import render
from bot.reports.situation import Files, Situation
from config.settings import Settings
from tests.bot.builders import MONDAY

if TYPE_CHECKING:
    from datetime import datetime

    from storage.store import Store

NO_FILES = Files()
COMMANDS = tuple(commands_of(get_command(cli.app)))
NAMED: dict[str, Any] = {
    "privacy": {
        "controller": {"name": "Ville de Test", "address": "1 place", "contact": "a@exemple.org"},
        "dpo": {"contact": "dpo@exemple.org"},
        "host": {"name": "Hébergeur", "country": "US"},
        "recipients": ["Cabinet X"],
    },
    "channels": {
        "telegram": {"token": "123456:ABC-test"},
        "matrix": {
            "homeserver": "https://matrix.exemple.org",
            "user_id": "@a:exemple.org",
            "store_key": "none",
        },
    },
    "access": "code",
}


def of(
    store: Store | None = None, *, now: datetime = MONDAY, files: Files = NO_FILES, **settings: Any
) -> Situation:
    """The situation of a store, or of an empty database."""
    held = situation.Held() if store is None else store.read_now(situation.held, now)
    return Situation(Settings.model_validate(settings), now, held, files, COMMANDS)


def text(name: str, found: Situation) -> str:
    """A document as Markdown."""
    return render(DOCUMENTS[name](found))
