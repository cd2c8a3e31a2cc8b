# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Every command and what it shows about whom: those that the program has, with the French words of `commands.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.reports.document import TO_COMPLETE, Cell, Claim, Table
from bot.talk.admin import FEWEST_COUNTED
from bot.talk.topics import ADMIN_COMMANDS, COMMANDS

FILE = Path(__file__).with_name("commands.yaml")
CHAT, ADMIN, SHELL = "chat", "admin", "shell"


@dataclass(frozen=True, slots=True)
class Described:
    """Some commands that show the same. `about`: whom that speaks of."""

    words: Sequence[str]
    shows: Claim
    about: str


@cache
def described() -> Mapping[str, Sequence[Described]]:
    """Return the words of each group of commands: `CHAT`, `ADMIN`, `SHELL`."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        group: [
            Described(
                one["words"],
                Claim(one["shows"].replace("{few}", str(FEWEST_COUNTED)), one["tests"]),
                one["about"],
            )
            for one in entries
        ]
        for group, entries in found.items()
    }


def known(shell: Sequence[str]) -> dict[str, list[str]]:
    """Return the commands of the program by group; `shell`: those of the command line."""
    return {CHAT: list(COMMANDS), ADMIN: list(ADMIN_COMMANDS), SHELL: list(shell)}


def table(group: str, shell: Sequence[str]) -> Table:
    """Return the commands that the program has in a group. One that nobody described is shown as such."""
    return Table(
        ("Mot ou commande", "Ce qui est montré", "De qui"),
        list(_rows(group, known(shell)[group])),
        f"commandes-{group}",
    )


def _rows(group: str, names: Sequence[str]) -> Iterator[tuple[str, Cell, str]]:
    left = dict.fromkeys(names)
    for one in described()[group]:
        here = [word for word in one.words if word in left]
        for word in here:
            del left[word]
        if here:
            yield ", ".join(here), one.shows, one.about
    for word in left:
        yield word, TO_COMPLETE, TO_COMPLETE
