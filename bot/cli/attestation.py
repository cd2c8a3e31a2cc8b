# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure attestation`: whether a paper was issued here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import Config, open_store
from config.errors import INPUT, IaventureError

if TYPE_CHECKING:
    from storage.attestations import Attestation

app = typer.Typer(no_args_is_help=True, help="The attestations that were issued. No name is kept of them.")


class Mistyped(IaventureError):
    """This is no code of an attestation: it has 16 signs, and these do not fit each other. Look at the paper again."""

    exit_code = INPUT


@app.callback()
def attestation() -> None:
    """Keep `verify` a command of a group, however few there are."""


@app.command("verify")
def verify(
    code: Annotated[
        str, typer.Argument(help="The code on the paper: 16 letters and digits, with or without dashes.")
    ],
    name: Annotated[str | None, typer.Option(help="The name on the paper.")] = None,
    config: Config = None,
) -> None:
    """Tell whether a paper was issued here, what it attests, and whether it bears a name.

    Exit code 1: the code is mistyped or not known, or the name is another one. What is known is the path, the dates and the
    numbers; not who answered the questions.
    """
    from bot import codes
    from storage import attestations

    read, rest = codes.read(code)
    if not read or rest:
        raise Mistyped
    with open_store(config) as store:
        found = store.read_now(attestations.of_code, read)
    if found is None:
        typer.echo(
            "No attestation with this code is known here: it comes from another service, was kept no longer,"
            " was erased with its person's data, or is false."
        )
        raise typer.Exit(INPUT)
    for line in _told(found):
        typer.echo(line)
    if name is None:
        typer.echo("name: not kept; give it with --name to have it compared")
        return
    if not attestations.folded(name) or not found.names(read, name):
        typer.echo("name: NOT the one on the attestation")
        raise typer.Exit(INPUT)
    typer.echo("name: the one on the attestation")


def _told(found: Attestation) -> list[str]:
    told = [f"issued: {found.issued_at:%Y-%m-%d %H:%M} UTC", f"path: {found.path}"]
    told += [f"{what}: {found.facts[what]}" for what in _SHOWN if what in found.facts]
    return [*told, f"version of the course: {found.course_version}"]


_SHOWN = ("course", "first", "last", "lessons", "answers", "right", "minutes")
