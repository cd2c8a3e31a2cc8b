# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The security page: what threatens the service, what holds, and the test that holds it."""

from __future__ import annotations

from bot.reports import who
from bot.reports.document import Bullets, Document, Kind, Section, Text, fields, unsaid
from bot.reports.measures import measures
from bot.reports.opening import opening
from bot.reports.situation import Situation
from bot.reports.threats import sections, threats

NAME = "securite"


def document(situation: Situation) -> Document:
    """Return the page."""
    return Document(
        NAME,
        "Sécurité : menaces, mesures, essais",
        [
            opening(
                situation,
                fields(
                    ("Responsable", who.controller(situation.facts)),
                    ("Contact pour signaler une faille", who.contact(situation.facts)),
                    ("Qui suit les vulnérabilités et met à jour, sous combien de jours", None),
                    ("Résultat du dernier « make test » et du dernier « make audit », dates", None),
                ),
            ),
            Section("Ce qui ne tient pas, pour la direction", [_in_short()]),
            Section("Mesures, regardées à la date du document", [measures(situation)]),
            *sections(),
            unsaid(
                "Le résultat des essais : ils ne sont pas installés avec le programme. « make test », dans "
                "les sources de la même version, les lance, et « make audit » cherche les paquets parmi les "
                "vulnérabilités connues.",
                "La sécurité de la machine, du réseau, des téléphones et de la messagerie.",
                "Si l’organisme doit homologuer le service (RGS) ou relève d’autres obligations (NIS 2).",
                "La reprise après une panne : elle a été essayée par nous, pas chez vous. Voyez le guide "
                "d’exploitation.",
            ),
        ],
    )


def _in_short() -> Bullets:
    """Return the first thing that does not hold against each threat."""
    return Bullets(
        [Text(f"{threat.title} : {threat.open[0]}", Kind.LIMIT) for threat in threats() if threat.open]
    )
