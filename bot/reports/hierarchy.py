# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the hierarchy can see, for staff representatives: each command and what it shows about whom."""

from __future__ import annotations

from bot.reports import commands
from bot.reports.document import Document, Limit
from bot.reports.situation import Situation
from bot.reports.threats import threats
from bot.reports.values import compose

NAME = "hierarchie"
THREAT, COLLEAGUE = "La hiérarchie", "Le collègue curieux"
"""Titles of threats in docs/menaces.md."""


def document(situation: Situation) -> Document:
    """Return what each command shows, and what no program can promise."""
    known = [threat for threat in threats() if threat.title in (THREAT, COLLEAGUE)]
    return compose(
        NAME,
        "hierarchy",
        situation,
        {
            "holds": [claim for threat in known if threat.title == THREAT for claim in threat.claims],
            "open": [Limit(line) for threat in known for line in threat.open],
            **{
                group: [commands.table(group, situation.commands)]
                for group in (commands.CHAT, commands.ADMIN, commands.SHELL)
            },
        },
    )
