# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure report`: documents for those who must say yes, made from the running system."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.common import Config
from config.settings import Settings

Folder = Annotated[
    Path, typer.Option("--to", help="Folder that the files are written to; made where it is missing.")
]


def report(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            help="guide, register, notice, aipd, literacy, hierarchy, breach, processor, sbom, security, "
            "accessibility, or all."
        ),
    ],
    to: Folder,
    config: Config = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace files of the same names.")] = False,
) -> None:
    """Write a document, in French, for data protection, staff or direction: Markdown, and CSV where it has tables.

    It needs no messenger and no privacy settings: what is missing stands as « à compléter ». Nothing is sent.
    """
    from bot.keys import key_in
    from bot.reports import catalogue, folder, situation
    from storage.database import open_database

    if name not in (*catalogue.DOCUMENTS, catalogue.ALL):
        raise typer.BadParameter(f"{name}: give one of {', '.join(catalogue.DOCUMENTS)}, or {catalogue.ALL}.")
    settings, now = Settings.load(config), datetime.now(UTC)
    with open_database(settings.database, key=key_in(settings)) as store:
        held = store.read_now(situation.held, now)
    found = situation.Situation(
        settings,
        now,
        held,
        situation.files(settings, now),
        tuple(commands_of(context.find_root().command)),
        alone=name != catalogue.ALL,
    )
    wanted = list(catalogue.DOCUMENTS) if name == catalogue.ALL else [name]
    made = dict(file for one in wanted for file in catalogue.files(one, found))
    folder.require_free(to, list(made), force=force)
    for file, content in made.items():
        typer.echo(str(folder.write(to, file, content)))


def commands_of(group: Any) -> Iterator[str]:
    """Yield every command of the command line, with the name of its group."""
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        if inner is None or command.invoke_without_command:
            yield name
        yield from (f"{name} {one}" for one in inner or ())
