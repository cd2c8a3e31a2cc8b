# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`iaventure notice`: what people are told of their data, and who is told when it changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import By, Config, author, counted, open_store
from config.settings import Settings

if TYPE_CHECKING:
    from storage.types import Tx

app = typer.Typer(no_args_is_help=True, help="What people are told of their data.")


@app.callback()
def group() -> None:
    """Keep the name of the command, which is the only one."""


@app.command("publish")
def publish(
    config: Config = None,
    *,
    minor: Annotated[
        bool, typer.Option("--minor", help="Newcomers read it; the others when they ask for it.")
    ] = False,
    material: Annotated[
        bool,
        typer.Option(
            "--material",
            help="Each person is told once, at the head of their next message. Where the ground is consent, lessons wait "
            "for a new yes.",
        ),
    ] = False,
    by: By = None,
) -> None:
    """Publish the notice that the settings give, after they changed: print what differs, and how many people it reaches."""
    from bot.notice.archive import Pending, pending
    from bot.notice.facts import Facts
    from bot.notice.texts import forms
    from storage import audit, notices

    if minor == material:
        raise typer.BadParameter("say --minor or --material.")
    settings, decider, now = Settings.load(config), author(by), datetime.now(UTC)
    facts = Facts.of(settings)
    forms(facts)  # now: it takes 0.2 s, and the service's writes would wait for it

    def decide(tx: Tx) -> tuple[Pending | None, int]:
        waiting, last = pending(tx, facts, now), notices.published(tx)
        people = notices.accepted(
            tx, besides=waiting.version if waiting is not None else last.version if last else ""
        )
        if waiting is None and material and last is not None and not last.material and people:
            waiting = Pending(last.version, last.version, ())  # it was published as minor
        if waiting is not None:
            notices.publish(tx, waiting.version, now, material=material)
            kind = "material" if material else "minor"
            detail = "; ".join([kind, *map(str, waiting.differences)])
            audit.record(
                tx, by=decider, action="publish-notice", subject=waiting.version, detail=detail, now=now
            )
        return waiting, people

    with open_store(config) as store:
        published, people = store.write_now(decide)
    if published is None:
        typer.echo("Nothing to publish: the notice says what the settings say.")
        return
    before = f" takes the place of {published.since}" if published.differences else " is told to everybody"
    typer.echo(f"Notice {published.version}{before}.")
    for one in published.differences:
        typer.echo(f"  {one}{' (material)' if one.material else ''}")
    reached = counted(people, "person", "people")
    if minor:
        typer.echo(
            f"Newcomers read it. {reached} accepted another one, and read this one with « confidentialite »."
        )
        if any(one.material for one in published.differences):
            typer.echo("What is marked as material is usually told to everybody: --material does so now.")
        return
    asked = (
        "lessons wait for a new yes"
        if facts.privacy.ground == "consent"
        else "told once, with the next message"
    )
    typer.echo(f"It reaches {reached}: {asked}.")
