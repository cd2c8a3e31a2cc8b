# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The accessibility statement, as it must read without an audit: a rate cannot be generated."""

from __future__ import annotations

from dataclasses import replace

from bot.reports.document import Document
from bot.reports.situation import Situation
from bot.reports.values import compose

NAME = "accessibilite"


def document(situation: Situation) -> Document:
    """Return the statement."""
    # It is about messages, not about people: what is missing of their protection is not its business.
    return replace(compose(NAME, "accessibility", situation, {}), warnings=())
