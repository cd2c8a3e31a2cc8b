# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a contract with the host must say: GDPR article 28. What the host can see comes from the system."""

from __future__ import annotations

from bot.reports.document import Document
from bot.reports.situation import Situation
from bot.reports.values import compose

NAME = "sous-traitance"


def document(situation: Situation) -> Document:
    """Return the clauses, as far as the system knows them."""
    return compose(NAME, "processor", situation, {})
