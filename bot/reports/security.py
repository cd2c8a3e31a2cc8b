# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The security page: what the direction must know, then what threatens the service, what holds and what does not."""

from __future__ import annotations

from dataclasses import replace

from bot.reports.document import Document
from bot.reports.measures import measures
from bot.reports.situation import Situation
from bot.reports.threats import sections
from bot.reports.values import compose

NAME = "securite"


def document(situation: Situation) -> Document:
    """Return the page."""
    made = compose(NAME, "security", situation, {"measures": [measures(situation)]})
    return replace(made, sections=[*made.sections, *sections()])
