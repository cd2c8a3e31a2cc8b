# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The security page: what threatens the service, what holds, and the test that holds it."""

from __future__ import annotations

from bot.reports import who
from bot.reports.document import TO_COMPLETE, Document, Section, fields
from bot.reports.measures import measures
from bot.reports.situation import Situation
from bot.reports.threats import sections

NAME = "securite"


def document(situation: Situation) -> Document:
    """Return the page."""
    return Document(
        NAME,
        "Sécurité : menaces, mesures, essais",
        [
            Section(
                "Le document",
                [
                    situation.made,
                    fields(
                        ("Responsable", who.controller(situation.facts)),
                        ("Contact pour signaler une faille", None),
                    ),
                ],
            ),
            Section(
                "Les essais",
                [
                    (
                        "Chaque affirmation porte le nom du test qui la tient. Les tests ne sont pas installés avec "
                        "le programme : "
                        "« make test », dans les sources de la même version, les lance tous, et « make audit » "
                        "cherche chaque "
                        "paquet parmi les vulnérabilités connues."
                    ),
                    (
                        f"Résultat du dernier « make test », date : {TO_COMPLETE}. Résultat du dernier « make audit "
                        f"», date : {TO_COMPLETE}."
                    ),
                ],
            ),
            Section("Mesures, constatées à la date du document", [measures(situation)]),
            *sections(),
        ],
    )
