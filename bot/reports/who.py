# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Who answers for the data, and what the operator declared of it, as the settings have them."""

from __future__ import annotations

from babel import Locale

from bot.notice.facts import Facts
from bot.reports.document import TO_COMPLETE, Table, fields
from config.privacy import Controller, Dpo

WAIVED = "à compléter (les réglages disent « none » : personne n’est nommé)"


def controller(facts: Facts) -> str:
    """Return the controller's name."""
    found = facts.privacy.controller
    return found.name if isinstance(found, Controller) else (WAIVED if found else TO_COMPLETE)


def dpo(facts: Facts) -> str:
    """Return how the data-protection officer is reached."""
    found = facts.privacy.dpo
    return found.contact if isinstance(found, Dpo) else (WAIVED if found else TO_COMPLETE)


def contact(facts: Facts) -> str | None:
    """Return the controller's contact, offered where a document asks for one; None where nobody is named."""
    found = facts.privacy.controller
    return found.contact if isinstance(found, Controller) else None


def host(facts: Facts) -> str:
    """Return whose machine it is, with its country."""
    found = facts.privacy.host
    return TO_COMPLETE if found is None else f"{found.name} ({country(facts)})"


def country(facts: Facts) -> str:
    """Return in which country the host is, by its French name."""
    found = facts.privacy.host
    return TO_COMPLETE if found is None else str(Locale("fr").territories.get(found.country, found.country))


def people(facts: Facts) -> Table:
    """Return who answers, as a table."""
    found = facts.privacy.controller
    named = found if isinstance(found, Controller) else None
    return fields(
        ("Responsable du traitement", controller(facts)),
        ("Adresse", named.address if named else None),
        ("Contact", named.contact if named else None),
        ("Délégué à la protection des données", dpo(facts)),
        ("Hébergeur de la base et du service", host(facts)),
        ("Qui exploite le service et peut lire la base (personne ou organisme, et à quel titre)", None),
    )
