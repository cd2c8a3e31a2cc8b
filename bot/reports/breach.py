# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The record of a personal-data breach: GDPR articles 33 and 34. What happened is for the operator to say."""

from __future__ import annotations

from bot.reports import data
from bot.reports.document import Bullets, Document, Table, fields
from bot.reports.situation import Situation
from bot.reports.values import compose

NAME = "violation"
NOT_GIVEN = "donné le jour venu par « iaventure report breach »"


def document(situation: Situation) -> Document:
    """Return the record; with the numbers of this moment where it was asked for by its name, and not with all the others."""
    return compose(
        NAME,
        "breach",
        situation,
        {"numbers": [_numbers(situation)], "titles": [Bullets(data.titles())]},
    )


def _numbers(situation: Situation) -> Table:
    held, beyond = situation.held, situation.held.people - situation.held.reached
    counted = {
        "Personnes dont un compte est dans la base": held.people,
        "dont celles qui ont répondu à des questions": held.answering,
        "dont celles qu’« annonce » atteint (actives)": held.reached,
        "dont celles qu’elle n’atteint pas (en pause, qui ont arrêté, qui s’opposent, qui font garder leurs données, pas "
        "encore inscrites)": beyond,
        "Administrateurs nommés dans les réglages": len(situation.settings.admins),
    }
    return fields(
        *((what, str(number) if situation.exact else NOT_GIVEN) for what, number in counted.items())
    )
