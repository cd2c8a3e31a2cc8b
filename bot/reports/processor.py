# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a contract with the host must say: GDPR article 28. What the host can see comes from the system."""

from __future__ import annotations

from bot.reports import data, who
from bot.reports.document import (
    TO_COMPLETE,
    Block,
    Bullets,
    Claim,
    Document,
    Kind,
    Section,
    Text,
    fields,
    unsaid,
)
from bot.reports.law import law
from bot.reports.measures import measures
from bot.reports.opening import opening
from bot.reports.situation import Situation

NAME = "sous-traitance"


def document(situation: Situation) -> Document:
    """Return the clauses, as far as the system knows them."""
    text, age = law().says("processor", situation.today)
    return Document(
        NAME,
        "Sous-traitance : ce que le contrat avec l’hébergeur doit dire (RGPD, article 28)",
        [
            opening(situation, who.people(situation.facts)),
            Section("Ce que demande le droit à cette date", [Text(text, Kind.LAW), Text(age, Kind.LAW)]),
            Section("Y a-t-il un sous-traitant ?", [Text(_needed(situation), Kind.FOUND)]),
            Section(
                "Objet du traitement",
                [
                    fields(
                        ("Objet", "hébergement de la base de données et du service IAventure"),
                        ("Nature", "conservation, exécution du programme, envoi et réception de messages"),
                        ("Durée", None),
                        ("Pays d’hébergement, selon les réglages", who.country(situation.facts)),
                        ("Autres sous-traitants de l’hébergeur, et leurs pays", None),
                    ),
                    data.names(),
                    Text(
                        "Le détail est dans la fiche du registre (« iaventure report register »).",
                        Kind.READING,
                    ),
                ],
            ),
            Section("Ce que l’hébergeur peut voir", [_sees(situation)]),
            Section("Ce qui le limite, regardé à la date du document", [measures(situation)]),
            Section("Clauses à écrire", [_clauses(situation)]),
            unsaid(
                "Le contrat lui-même : les clauses types de la Commission européenne (décision d’exécution "
                "(UE) 2021/915) peuvent servir de base.",
                "Le rôle de la messagerie, et de tout centre ou prestataire qui exploiterait le service : "
                "voyez les flux du registre.",
            ),
        ],
    )


def _clauses(situation: Situation) -> Block:
    kept = data.days(situation.settings.privacy.backups)
    return fields(
        ("Traitement sur instruction documentée, transferts compris", None),
        ("Alerte si une instruction paraît contraire au droit", None),
        ("Confidentialité des personnes qui exploitent", None),
        ("Sécurité (voir les mesures ci-dessus)", None),
        ("Accord écrit pour un autre sous-traitant", None),
        ("Aide pour répondre aux demandes des personnes", None),
        (
            "Ce que la personne fait elle-même, sans l’hébergeur",
            Claim(
                "« mesdonnees », « oublier », « rectifier », « opposition » dans la conversation",
                (
                    "test_data_help_and_erasure_work_in_every_state",
                    "test_an_objection_stops_everything_at_once",
                ),
            ),
        ),
        ("Aide pour la sécurité, les violations, l’analyse d’impact (articles 32 à 36)", None),
        ("Délai pour prévenir d’une violation", None),
        ("Suppression ou renvoi à la fin, et preuve", None),
        (
            "Ce qui est alors à rendre ou à détruire",
            (
                "la base (« iaventure db backup » la copie entière), le journal des effacements, les copies (à "
                f"garder {kept} au plus), les réglages et leur clé, le dossier Matrix s’il y en a un"
            ),
        ),
        ("Informations et audits", None),
    )


def _needed(situation: Situation) -> str:
    host = situation.facts.privacy.host
    if host is None:
        return f"Hébergeur : {TO_COMPLETE} (réglage privacy.host). Si l’organisme héberge lui-même, ce document ne sert pas."
    if host.name == who.controller(situation.facts):
        return f"L’hébergeur nommé, {host.name}, est le responsable du traitement : ce document ne sert pas."
    return f"Oui : {host.name} conserve les données pour l’organisme, et conserver est traiter. Un contrat écrit est exigé."


def _sees(situation: Situation) -> Bullets:
    held = situation.held
    if held.key and not held.in_clear:
        addresses = "les adresses chiffrées, si la clé n’est pas sur les mêmes disques."
    elif held.key:
        addresses = "des adresses en clair, car elles ne sont pas toutes chiffrées."
    else:
        addresses = "les adresses et les comptes en clair : aucun n’est chiffré."
    return Bullets(
        [
            Text(
                "La personne qui a tous les droits sur la machine (« root ») lit la base, la mémoire et les "
                "clés pendant que le service tourne, réponses comprises. Aucun programme ne s’en défend.",
                Kind.LIMIT,
            ),
            Text(
                "La personne qui n’a que les disques ou les copies lit les réponses en clair, à côté d’un "
                f"identifiant tiré au hasard ; {addresses}",
                Kind.LIMIT,
            ),
            Text(
                "La personne qui voit le réseau sait à quelles heures le service parle à la messagerie. "
                "Elle lit ce qui est dit si elle peut ajouter une autorité de certification à la machine, "
                "ou écouter un webhook en clair derrière le mandataire : voyez securite.md.",
                Kind.LIMIT,
            ),
        ]
    )
