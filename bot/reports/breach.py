# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The record of a personal-data breach: GDPR articles 33 and 34. What happened is for the operator to say."""

from __future__ import annotations

from bot.reports import data, who
from bot.reports.document import Block, Bullets, Claim, Document, Kind, Section, Text, fields, unsaid
from bot.reports.law import law
from bot.reports.measures import measures
from bot.reports.opening import opening
from bot.reports.situation import Situation

NAME = "violation"


def document(situation: Situation) -> Document:
    """Return the record; with the numbers of this moment when it is asked for by itself."""
    text, age = law().says("breach", situation.today)
    return Document(
        NAME,
        "Fiche de violation de données personnelles (RGPD, articles 33 et 34)",
        [
            opening(situation, who.people(situation.facts)),
            Section("Ce que demande le droit à cette date", [Text(text, Kind.LAW), Text(age, Kind.LAW)]),
            Section(
                "Ce qui s’est passé",
                [
                    fields(
                        ("Nature de la violation (confidentialité, intégrité, disponibilité)", None),
                        ("Date et heure de la violation", None),
                        ("Date et heure à laquelle elle a été connue, et par qui", None),
                        ("Circonstances, et qui a pu voir quoi", None),
                        ("Copies, machines ou comptes touchés", None),
                        ("Nombre approximatif d’enregistrements touchés", None),
                        ("Conséquences probables pour les personnes", None),
                        ("Mesures prises, et à prendre", None),
                        ("Notification à la CNIL : date, ou raison de ne pas notifier", None),
                        ("Si plus de 72 heures ont passé : raisons du retard", None),
                        ("Informations à compléter plus tard auprès de la CNIL", None),
                        ("Information des personnes : date et texte, ou raison de ne pas informer", None),
                        (
                            "Inscription au registre interne des violations (même sans notification) : date",
                            None,
                        ),
                    )
                ],
            ),
            Section("Personnes concernées", _numbers(situation)),
            Section(
                "Catégories de données",
                [
                    data.names(),
                    Text(
                        "Le détail est dans la fiche du registre (« iaventure report register »).",
                        Kind.READING,
                    ),
                ],
            ),
            Section("Ce qui protégeait les données, regardé à la date du document", [measures(situation)]),
            Section(
                "Comment prévenir les personnes",
                [
                    Bullets(
                        [
                            Claim(
                                "« annonce » écrit aux personnes actives, et à elles seules",
                                (
                                    "test_a_breach_counts_everybody_and_says_whom_an_announcement_reaches",
                                    "test_an_objection_stops_everything_at_once",
                                ),
                            ),
                            Text(
                                "Les autres (en pause, arrêtées, opposées, gardées sans usage, ou qui n’ont "
                                "pas accepté l’information) ne reçoivent rien de lui. Leur adresse est dans "
                                "la base : qui exploite la machine peut la lire pour les prévenir une à "
                                "une, avec l’accord du responsable du traitement.",
                                Kind.LIMIT,
                            ),
                            Text(
                                "Ne passez pas par l’encadrement : il apprendrait qui s’est inscrit ou "
                                "opposé. Une annonce publique ne remplace une information individuelle que "
                                "si celle-ci demande des efforts disproportionnés (article 34.3.c).",
                                Kind.OPERATOR,
                            ),
                            Text(
                                "Le programme ne sait plus joindre une personne effacée : seule une annonce "
                                "publique l’atteint.",
                                Kind.LIMIT,
                            ),
                        ]
                    )
                ],
            ),
            unsaid(
                "Ce qu’une copie plus ancienne contient en plus : elle a aussi les personnes effacées "
                "depuis. Comptez-la à part.",
                "Si le risque pour les personnes est élevé : c’est à l’organisme d’en juger, avec son "
                "délégué.",
                "Ce que l’hébergeur ou la messagerie ont vu de leur côté.",
            ),
        ],
    )


def _numbers(situation: Situation) -> list[Block]:
    if not situation.alone:
        return [
            Text(
                "Les nombres exacts ne sont donnés que dans une fiche demandée pour elle-même, le jour "
                "d’une violation : « iaventure report breach --to DOSSIER ».",
                Kind.READING,
            )
        ]
    held = situation.held
    return [
        fields(
            ("Personnes dont une adresse est dans la base", str(held.people)),
            ("dont celles qui ont répondu à des questions", str(held.answering)),
            ("Personnes actives, que « annonce » atteint", str(held.reached)),
            ("Les autres", str(held.people - held.reached)),
            ("Personnes qui administrent, nommées dans les réglages", str(len(situation.settings.admins))),
        ),
        Text("Ces nombres sont exacts, même petits : gardez cette fiche pour la notification.", Kind.READING),
    ]
