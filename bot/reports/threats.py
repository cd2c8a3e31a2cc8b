# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The threats, read from the page docs/menaces.md: what holds, with the tests that hold it, and what does not hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reports import shipped
from bot.reports.document import Block, Bullets, Claim, Claims, Kind, Section, Text

HOLDS, HOLDS_NOT = "| ce qui tient | le test |", "Ce qui ne tient pas\u00a0:"
MISSING = (
    "La page des menaces n’est pas installée avec le programme : voyez docs/menaces.md dans ses sources."
)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Threat:
    """One threat. Its texts are plain."""

    title: str
    claims: Sequence[Claim]
    open: Sequence[str]
    """What does not hold."""


def threats() -> tuple[Threat, ...]:
    """Return every threat of the page, in its order; none where the page is missing."""
    parts = re.split(r"^## (.+)$", shipped.text_of(shipped.THREATS), flags=re.MULTILINE)[1:]
    found = zip(parts[::2], parts[1::2], strict=True)
    return tuple(_threat(title, text) for title, text in found if HOLDS in text)


def _threat(title: str, text: str) -> Threat:
    table = text.partition(HOLDS)[2].strip().split("\n\n")[0]
    claims = []
    for row in table.splitlines()[1:]:
        said, tests = row.strip("| ").rsplit(" | ", 1)
        claims.append(Claim(_plain(said), tuple(re.findall(r"`(test_\w+)`", tests))))
    listed = text.partition(HOLDS_NOT)[2].strip()
    items = re.split(r"^- ", listed, flags=re.MULTILINE)[1:]
    return Threat(title, claims, [_plain(item) for item in items])


def _plain(markdown: str) -> str:
    """Return what is read of a text of the page."""
    return " ".join(_LINK.sub(r"\1", markdown).replace("**", "").replace("`", "").split())


def sections() -> list[Section]:
    """Return the threats as sections of a document."""
    found = threats()
    if not found:
        return [Section("Menaces", [Text(MISSING, Kind.READING)])]
    return [_section(threat) for threat in found]


def _section(threat: Threat) -> Section:
    blocks: list[Block] = [Claims(threat.claims)]
    if threat.open:
        blocks += [Text("Ce qui ne tient pas :", Kind.LIMIT), limits(threat)]
    return Section(f"Menace : {threat.title}", blocks)


def limits(threat: Threat) -> Bullets:
    """Return what does not hold against a threat."""
    return Bullets([Text(line, Kind.LIMIT) for line in threat.open])
