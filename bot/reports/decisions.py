# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Who decides, signs and pays, and by when: the page that the others are read after."""

from __future__ import annotations

from bot.reports import gaps
from bot.reports.document import Document
from bot.reports.situation import Situation
from bot.reports.values import compose

NAME = "decisions"


def document(situation: Situation) -> Document:
    """Return the page, with what must be put right first."""
    return compose(NAME, "decisions", situation, {"gaps": [gaps.table(situation)]})
