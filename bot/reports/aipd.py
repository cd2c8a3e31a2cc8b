# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The model of an impact assessment: GDPR article 35. It describes; the operator judges."""

from __future__ import annotations

from bot.notice import texts
from bot.reports import data, who
from bot.reports.document import (
    TO_COMPLETE,
    Block,
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
from bot.reports.law import law
from bot.reports.measures import measures
from bot.reports.opening import opening
from bot.reports.rights import RIGHTS
from bot.reports.situation import Situation
from bot.reports.threats import MISSING, limits, threats
from bot.wording import words_of

NAME = "analyse-impact"
REFUSED = ("NON", "en cours", "pas encore")
"""How the finding of a measure begins that is not in force."""


def document(situation: Situation) -> Document:
    """Return the model, with what the system knows."""
    facts, words = situation.facts, words_of("fr")
    text, age = law().says("aipd", situation.today)
    return Document(
        NAME,
        "Modèle d’analyse d’impact relative à la protection des données (RGPD, article 35)",
        [
            opening(situation, who.people(facts)),
            Section(
                "Faut-il une analyse d’impact ?",
                [
                    Text(text, Kind.LAW),
                    Text(age, Kind.LAW),
                    _criteria(),
                    fields(
                        (
                            (
                                "Dispense n° 2019-118 (gestion du personnel, sans profilage) : "
                                "s’applique-t-elle ?"
                            ),
                            None,
                        ),
                        ("L’estimation de ce qui est retenu est-elle un profilage (article 4.4) ?", None),
                        ("Conclusion, par qui, date", None),
                    ),
                ],
            ),
            Section(
                "1.1 Le traitement : finalités et base légale",
                [
                    Text("Finalités, telles que l’information les dit aux personnes :", Kind.READING),
                    Bullets([Text(f"« {line} »", Kind.READING) for line in texts.why(words)[1:]]),
                    fields(
                        ("Base légale choisie", texts.ground(facts, words)[1]),
                        ("Texte dont elle découle", facts.privacy.legal_text),
                        ("Pourquoi cette base, et qui l’a choisie", None),
                    ),
                ],
            ),
            Section("1.2 Le traitement : flux", flows(situation)),
            Section(
                "1.3 Le traitement : données et personnes",
                [
                    data.names(),
                    Text(
                        "Le détail des données et des durées est dans la fiche du registre, qui se joint à cette "
                        "analyse (« iaventure report register »).",
                        Kind.READING,
                    ),
                    Claim(
                        "un texte libre écrit au robot n’est gardé que le temps d’y répondre ; il peut "
                        "contenir n’importe quoi, aussi une donnée sensible",
                        (
                            "test_each_kind_of_row_goes_with_the_night_after_its_duration_and_not_before",
                            "test_no_log_tells_the_secret_or_what_was_said",
                        ),
                    ),
                ],
            ),
            Section(
                "2. Nécessité et proportionnalité",
                [
                    fields(
                        ("Pourquoi ce traitement est nécessaire à la mission", None),
                        ("Pourquoi un moyen moins intrusif ne suffit pas", None),
                        ("Participation volontaire : la règle qui l’assure", None),
                    ),
                    RIGHTS,
                ],
            ),
            Section("3.1 Mesures, regardées à la date du document", [measures(situation)]),
            Section("3.2 Ce qui ne tient pas, menace par menace", _open()),
            Section("4. Risques qui restent, et décision", _decision(situation)),
            unsaid(
                "Si le traitement peut être mis en œuvre : la décision est au responsable du traitement.",
                "La gravité et la vraisemblance des risques chez vous.",
                "Ce qui protège contre chaque menace, essai par essai : c’est dans securite.md.",
            ),
        ],
    )


def _criteria() -> Table:
    rows: list[tuple[Cell, Cell, Cell]] = [
        (
            "Évaluation ou notation",
            Claim(
                "chaque réponse est jugée juste, en partie juste ou fausse, et ce qui est retenu est estimé "
                "; la personne voit ces résultats, et personne d’autre dans la messagerie",
                (
                    "test_my_data_hold_all_that_is_kept",
                    "test_whatever_is_said_is_answered_and_touches_nobody_else",
                ),
            ),
            TO_COMPLETE,
        ),
        (
            "Décision automatisée à effet juridique ou similaire",
            Claim(
                "le programme choisit la prochaine leçon et la date d’une question, et rien d’autre",
                ("test_what_is_known_comes_back_later_and_later_and_within_four_months",),
            ),
            TO_COMPLETE,
        ),
        ("Surveillance systématique", "des dates et heures de réponse sont gardées", TO_COMPLETE),
        ("Données sensibles", "aucune n’est demandée ; un texte libre peut en contenir", TO_COMPLETE),
        ("Grande échelle", f"personnes visées : {TO_COMPLETE}", TO_COMPLETE),
        ("Croisement de données", "aucun fichier n’est reçu d’ailleurs", TO_COMPLETE),
        ("Personnes vulnérables", "des agents, qui dépendent de leur employeur", TO_COMPLETE),
        (
            "Usage innovant",
            Claim(
                "un robot de conversation, qui ne fait tourner aucun modèle d’IA et n’en appelle aucun",
                ("test_no_package_of_a_model_or_of_an_ai_service_runs",),
            ),
            TO_COMPLETE,
        ),
        ("Exclusion d’un droit ou d’un contrat", "dépend de ce que l’employeur en fait", TO_COMPLETE),
    ]
    return Table(("Critère européen", "Ce que le programme en sait", "Réuni ?"), rows)


def _open() -> list[Block]:
    found = threats()
    if not found:
        return [Text(MISSING, Kind.READING)]
    blocks: list[Block] = []
    for threat in found:
        blocks += [Text(f"{threat.title} :", Kind.READING), limits(threat)]
    return blocks


def _decision(situation: Situation) -> list[Block]:
    missing = [claim for claim in measures(situation).claims if claim.found.startswith(REFUSED)]
    risks = (
        "Usage par la hiérarchie pour évaluer",
        "Accès illégitime aux données",
        "Modification non voulue",
        "Disparition",
        *(f"Mesure absente : {claim.text}" for claim in missing),
    )
    return [
        Text(
            "Échelle proposée pour la gravité et la vraisemblance : négligeable, limitée, importante, "
            "maximale.",
            Kind.READING,
        ),
        Table(
            ("Risque", "Gravité", "Vraisemblance", "Mesure prévue, qui, quand"),
            [(risk, TO_COMPLETE, TO_COMPLETE, TO_COMPLETE) for risk in risks],
        ),
        fields(
            ("Avis du délégué à la protection des données", None),
            ("Avis des personnes concernées ou de leurs représentants", None),
            ("Risque élevé qui reste : consultation préalable de la CNIL (article 36)", None),
            ("Décision du responsable du traitement, nom, qualité, date, signature", None),
            ("Date de réexamen", None),
        ),
    ]
