# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The entry in the register of processing activities: GDPR article 30."""

from __future__ import annotations

from bot.notice import texts
from bot.reports import data, who
from bot.reports.document import (
    TO_COMPLETE,
    Bullets,
    Cell,
    Claim,
    Document,
    Kind,
    Section,
    Table,
    Text,
    fields,
    unsaid,
)
from bot.reports.flows import flows
from bot.reports.measures import measures
from bot.reports.notice import CHANNELS
from bot.reports.opening import opening
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
            opening(situation),
            Section("Qui répond du traitement", [who.people(facts)]),
            Section(
                "Finalités",
                [
                    Text(
                        f"Finalités, dans les mots de l’organisme : {TO_COMPLETE}. L’information les dit "
                        "ainsi aux personnes, en s’adressant à elles :",
                        Kind.OPERATOR,
                    ),
                    Bullets([Text(f"« {line} »", Kind.READING) for line in texts.why(words)[1:]]),
                ],
            ),
            Section(
                "Base légale",
                [
                    fields(
                        ("Base légale choisie", texts.ground(facts, words)[1]),
                        ("Texte dont elle découle", facts.privacy.legal_text),
                        ("Qui l’a choisie, quand, et pourquoi celle-ci", None),
                        (
                            "Participation",
                            Claim(
                                "le programme n’inscrit personne sans son accord ; « stop » arrête les "
                                "leçons, « oublier » efface",
                                (
                                    "test_whatever_the_first_word_is_the_notice_comes_first",
                                    "test_a_learner_pauses_comes_back_and_leaves_for_good",
                                ),
                            ),
                        ),
                        ("Règle écrite qui la rend libre, date", None),
                    )
                ],
            ),
            Section("Personnes et données", [data.categories(facts)]),
            Section("Pourquoi ces durées", [fields(*((what, None) for what in _to_justify(situation)))]),
            Section("Destinataires", [_recipients(situation)]),
            Section("Flux et transferts hors de l’Union européenne", flows(situation)),
            Section(
                "Durées qui ne dépendent pas du programme",
                [
                    fields(
                        (
                            "Copies de la base",
                            (
                                f"{data.days(facts.privacy.backups)} au plus, selon les réglages ; à faire "
                                "respecter pour les copies rangées ailleurs"
                            ),
                        ),
                        ("Journal du système (journald)", None),
                        ("Journal du mandataire (reverse proxy)", None),
                        ("Journaux des conteneurs", None),
                        ("Mesures de supervision (Prometheus)", None),
                    )
                ],
            ),
            Section("Droits des personnes", [RIGHTS]),
            Section("Mesures de sécurité, regardées à la date du document", [measures(situation)]),
            unsaid(
                "Comment une personne qui n’a plus sa messagerie, ou qui a été effacée pour son silence, "
                "exerce ses droits : le programme la reconnaît à son compte de messagerie, et à rien "
                "d’autre. Prévoyez qui répond, et comment.",
                "Où sont les copies, et qui y accède.",
                "Ce que l’hébergeur confie à d’autres, et depuis quels pays.",
                "Si ces textes suffisent en droit : la conclusion est à l’organisme et à son délégué.",
            ),
        ],
    )


def _to_justify(situation: Situation) -> list[str]:
    kept, privacy = situation.facts.retention, situation.facts.privacy
    return [
        f"Réponses en détail : {data.days(kept.answers)}",
        f"Messages et menus : {data.days(kept.messages)}",
        f"Attestations : {data.days(kept.attestations)}",
        f"Silence avant d’être prévenu : {data.days(privacy.inactive)}",
        f"Nom des personnes qui administrent, après leur dernier acte : {data.days(privacy.audit)}",
    ]


def _recipients(situation: Situation) -> Table:
    facts = situation.facts
    rows: list[tuple[Cell, Cell]] = [
        (f"Les personnes qui exploitent le service : {TO_COMPLETE}", "toute la base, réponses comprises"),
        (
            "Les personnes qui administrent le cours",
            Claim(
                f"des totaux, aucun quand moins de {FEWEST_COUNTED} personnes suivent le cours",
                (
                    "test_figures_of_few_people_would_speak_of_a_person_and_are_not_given",
                    "test_the_figures_name_nobody",
                ),
            ),
        ),
        (
            "La personne qui tient une attestation et en tape le code",
            Claim(
                "si elle a été délivrée ici, quand, ce qu’elle dit, et si elle porte le nom tapé",
                ("test_a_learner_verifies_a_paper_with_and_without_the_name",),
            ),
        ),
        (f"L’hébergeur : {who.host(facts)}", "ce que voit qui exploite la machine"),
    ]
    rows += [
        (f"Messagerie : {CHANNELS.get(channel, channel)}", "voir les flux") for channel in facts.channels
    ]
    rows += [(name, TO_COMPLETE) for name in facts.privacy.recipients]
    return Table(("Destinataire", "Ce qu’il reçoit"), rows)
