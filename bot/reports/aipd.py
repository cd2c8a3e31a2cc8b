# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The model of an impact assessment: GDPR article 35. It describes; the operator judges."""

from __future__ import annotations

from bot.notice import texts
from bot.reports import data, who
from bot.reports.document import TO_COMPLETE, Bullets, Document, Section, Table, fields
from bot.reports.flows import flows
from bot.reports.law import law
from bot.reports.measures import measures
from bot.reports.rights import RIGHTS
from bot.reports.situation import Situation
from bot.reports.threats import sections
from bot.wording import words_of

NAME = "analyse-impact"


def document(situation: Situation) -> Document:
    """Return the model, with what the system knows."""
    facts, words = situation.facts, words_of("fr")
    text, age = law().says("aipd", situation.today)
    return Document(
        NAME,
        "Modèle d’analyse d’impact relative à la protection des données (RGPD, article 35)",
        [
            Section("Le document", [situation.made, who.people(facts)]),
            Section(
                "Faut-il une analyse d’impact ?",
                [
                    text,
                    age,
                    (
                        "Critères réunis (évaluation ou notation, personnes en situation de dépendance envers "
                        "l’employeur, usage "
                        f"innovant, autres), et conclusion : {TO_COMPLETE}."
                    ),
                ],
            ),
            Section(
                "1. Le traitement : finalités et base légale",
                [
                    "Finalités, telles que l’information les dit aux personnes :",
                    Bullets(texts.why(words)[1:]),
                    f"Base légale : {texts.ground(facts, words)[1]}",
                ],
            ),
            Section("1. Le traitement : flux", [flows(situation)]),
            Section("1. Le traitement : données, personnes, durées", [data.categories(facts)]),
            Section(
                "2. Nécessité et proportionnalité",
                [
                    fields(
                        ("Pourquoi ce traitement est nécessaire à la mission", None),
                        ("Pourquoi un moyen moins intrusif ne suffit pas", None),
                        ("Participation volontaire, et comment elle est garantie", None),
                    ),
                    RIGHTS,
                ],
            ),
            Section("3. Mesures, constatées à la date du document", [measures(situation)]),
            *sections(),
            Section(
                "4. Risques qui restent, et décision",
                [
                    Table(
                        ("Risque", "Gravité", "Vraisemblance", "Mesure prévue, qui, quand"),
                        [
                            (risk, TO_COMPLETE, TO_COMPLETE, TO_COMPLETE)
                            for risk in (
                                "Accès illégitime aux données",
                                "Modification non voulue",
                                "Disparition",
                                "Usage par la hiérarchie pour évaluer",
                            )
                        ],
                    ),
                    fields(
                        ("Avis du délégué à la protection des données", None),
                        ("Avis des personnes concernées ou de leurs représentants", None),
                        ("Décision du responsable du traitement, date", None),
                        ("Date de réexamen", None),
                    ),
                ],
            ),
        ],
    )
