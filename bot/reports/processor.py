# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a contract with the host must say: GDPR article 28. What the host can see comes from the system."""

from __future__ import annotations

from bot.reports import data, who
from bot.reports.document import TO_COMPLETE, Block, Bullets, Document, Section, fields
from bot.reports.law import law
from bot.reports.measures import measures
from bot.reports.situation import Situation

NAME = "sous-traitance"


def document(situation: Situation) -> Document:
    """Return the clauses, as far as the system knows them."""
    text, age = law().says("processor", situation.today)
    return Document(
        NAME,
        "Sous-traitance : ce que le contrat avec l’hébergeur doit dire (RGPD, article 28)",
        [
            Section("Le document", [situation.made, who.people(situation.facts)]),
            Section("Ce que demande le droit à cette date", [text, age]),
            Section("Y a-t-il un sous-traitant ?", [_needed(situation)]),
            Section(
                "Objet du traitement",
                [
                    fields(
                        ("Objet", "hébergement de la base de données et du service IAventure"),
                        ("Nature", "conservation, exécution du programme, envoi et réception de messages"),
                        ("Durée", None),
                        ("Pays d’hébergement", who.host(situation.facts)),
                        ("Autres sous-traitants de l’hébergeur", None),
                    ),
                    data.categories(situation.facts),
                ],
            ),
            Section("Ce que l’hébergeur peut voir", _sees(situation)),
            Section("Ce qui le limite, constaté à la date du document", [measures(situation)]),
            Section(
                "Clauses à écrire",
                [
                    fields(
                        ("Traitement sur instruction documentée", None),
                        ("Confidentialité des personnes qui exploitent", None),
                        ("Sécurité (voir les mesures ci-dessus)", None),
                        ("Accord écrit pour un autre sous-traitant", None),
                        (
                            "Aide pour les demandes des personnes",
                            "mesdonnees, oublier, rectifier, opposition : sans lui",
                        ),
                        ("Délai pour prévenir d’une violation", None),
                        (
                            "Suppression ou renvoi à la fin",
                            (
                                "« iaventure db backup » rend tout dans un fichier ; puis suppression de la base, "
                                "des "
                                "copies "
                                f"(gardées {data.days(situation.settings.privacy.backups)} au plus) et du dossier "
                                "Matrix"
                            ),
                        ),
                        ("Informations et audits", None),
                    )
                ],
            ),
        ],
    )


def _needed(situation: Situation) -> str:
    host = situation.facts.privacy.host
    if host is None:
        return f"Hébergeur : {TO_COMPLETE} (réglage privacy.host). Si l’organisme héberge lui-même, ce document ne sert pas."
    if host.name == who.controller(situation.facts):
        return f"L’hébergeur nommé, {host.name}, est le responsable du traitement : ce document ne sert pas."
    return f"Oui, si {host.name} traite les données pour l’organisme : un contrat écrit est exigé."


def _sees(situation: Situation) -> list[Block]:
    sealed = situation.held.key and not situation.held.in_clear
    return [
        Bullets(
            [
                (
                    "Qui a un accès root à la machine lit la base, la mémoire et les clés pendant que le service "
                    "tourne : réponses "
                    "comprises. Aucun programme ne s’en défend."
                ),
                "Qui n’a que les disques ou les copies : les réponses en clair, à côté d’un identifiant tiré au "
                "hasard ; "
                + (
                    "les adresses chiffrées, si la clé n’est pas sur les mêmes disques."
                    if sealed
                    else "les adresses en clair, car elles ne sont pas toutes chiffrées."
                ),
                "Qui voit le réseau : à quelles heures le service parle à la messagerie, pas ce qui est dit.",
            ]
        )
    ]
