# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The entry in the register of processing activities: GDPR article 30."""

from __future__ import annotations

from bot.notice import texts
from bot.reports import data, who
from bot.reports.document import TO_COMPLETE, Bullets, Document, Section, Table, fields
from bot.reports.flows import flows
from bot.reports.measures import measures
from bot.reports.notice import CHANNELS
from bot.reports.rights import RIGHTS
from bot.reports.situation import Situation
from bot.talk.admin import FEWEST_COUNTED
from bot.wording import words_of

NAME = "registre"


def document(situation: Situation) -> Document:
    """Return the entry."""
    facts, words = situation.facts, words_of("fr")
    return Document(
        NAME,
        "Fiche du registre des activités de traitement (RGPD, article 30)",
        [
            Section("Le document", [situation.made]),
            Section("Qui répond du traitement", [who.people(facts)]),
            Section(
                "Finalités",
                [
                    (
                        f"Finalités, dans les mots de l’organisme : {TO_COMPLETE}. L’information les dit ainsi aux "
                        "personnes :"
                    ),
                    Bullets(texts.why(words)[1:]),
                ],
            ),
            Section(
                "Base légale",
                [
                    fields(
                        ("Base légale (réglage privacy.ground)", texts.ground(facts, words)[1]),
                        ("Texte dont elle découle (réglage privacy.legal_text)", facts.privacy.legal_text),
                        ("Participation", "libre ; « stop » y met fin, « oublier » efface"),
                    )
                ],
            ),
            Section("Personnes et données", [data.categories(facts)]),
            Section("Destinataires", [_recipients(situation)]),
            Section("Flux et transferts hors de l’Union européenne", [flows(situation)]),
            Section(
                "Durées qui ne dépendent pas du programme",
                [
                    fields(
                        ("Copies de la base (réglage privacy.backups)", data.days(facts.privacy.backups)),
                        ("Journal du système (journald)", None),
                        ("Journal du mandataire (reverse proxy)", None),
                        ("Journaux des conteneurs", None),
                        ("Mesures (Prometheus)", None),
                    )
                ],
            ),
            Section("Droits des personnes", [RIGHTS]),
            Section("Mesures de sécurité, constatées à la date du document", [measures(situation)]),
        ],
    )


def _recipients(situation: Situation) -> Table:
    facts = situation.facts
    rows = [
        ("Les personnes qui exploitent le service", "toute la base"),
        (
            "Les personnes qui administrent",
            f"des totaux, aucun quand moins de {FEWEST_COUNTED} personnes suivent le cours",
        ),
        (f"L’hébergeur : {who.host(facts)}", "ce que voit qui exploite la machine"),
    ]
    rows += [
        (f"Messagerie : {CHANNELS.get(channel, channel)}", "voir les flux") for channel in facts.channels
    ]
    rows += [(name, TO_COMPLETE) for name in facts.privacy.recipients]
    return Table(("Destinataire", "Ce qu’il reçoit"), rows)
