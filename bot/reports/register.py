# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The entry in the register of processing activities: GDPR article 30. It has the only table of data."""

from __future__ import annotations

from bot.reports import data, durations
from bot.reports.document import TO_COMPLETE, Block, Bullets, Document
from bot.reports.flows import flows
from bot.reports.measures import measures
from bot.reports.rights import RIGHTS
from bot.reports.situation import Situation
from bot.reports.values import compose

NAME = "registre"


def document(situation: Situation) -> Document:
    """Return the entry."""
    facts = situation.facts
    declared = [f"{name} : ce qu’il reçoit, {TO_COMPLETE}." for name in facts.privacy.recipients]
    others: list[Block] = ["Destinataires déclarés par l’organisme :", Bullets(declared)] if declared else []
    return compose(
        NAME,
        "register",
        situation,
        {
            "data": [data.categories(facts)],
            "durations": [durations.table(facts)],
            "flows": [flows(situation)],
            "measures": [measures(situation)],
            "recipients": others,
            "rights": [RIGHTS],
        },
    )
