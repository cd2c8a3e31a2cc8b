# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The model of an impact assessment: GDPR article 35. It proposes a reading; the controller judges."""

from __future__ import annotations

from bot.reports import gaps
from bot.reports.document import TO_COMPLETE, Document, Said, Table
from bot.reports.situation import Situation
from bot.reports.values import compose

NAME = "analyse-impact"


def document(situation: Situation) -> Document:
    """Return the model, with what the system knows."""
    return compose(NAME, "aipd", situation, {"risks": [_risks(situation)], "gaps": [gaps.table(situation)]})


def _risks(situation: Situation) -> Table:
    clear, telegram = gaps.is_in_clear(situation), "telegram" in situation.facts.channels
    copies = situation.files.copies > 0
    rows: list[tuple[Said, ...]] = [
        (
            "La hiérarchie s’en sert pour évaluer ou sanctionner",
            "elle exploite la machine, exige un écran ou une attestation",
            "règle signée ; exploitant choisi hors de l’encadrement (hierarchie.md)",
            "3 / 3",
        ),
        (
            "Un tiers lit les données (accès illégitime)",
            "copie volée, machine ouverte" + (", lecture par Telegram" if telegram else ""),
            "clé des comptes, mises à jour (securite.md) ; à prendre : chiffrer les copies",
            f"3 / {3 if clear or telegram else 2}",
        ),
        (
            "Des données sont changées, ou un faux message part",
            "administrateur seul, serveur de messagerie hostile",
            "à prendre : deux personnes relisent avant de publier ; administrateurs reconnus dès l’installation",
            "2 / 2",
        ),
        (
            "Une personne étrangère à l’organisme s’inscrit, ou deux totaux comparés parlent d’une personne",
            "inscription ouverte ; demandes rapprochées",
            "code d’inscription ou serveurs permis ; règle signée",
            "2 / 3",
        ),
        (
            "L’hébergeur ou un de ses sous-traitants lit la base",
            "il possède la machine",
            "contrat (sous-traitance.md), liste des accès",
            "3 / 2",
        ),
        (
            "Les données disparaissent",
            "panne, clé perdue",
            "copies essayées ; clé gardée à part, en double",
            f"1 / {2 if copies else 3}",
        ),
        (
            "Un agent écrit une donnée sensible au robot",
            "texte libre",
            "le dire dans l’invitation : rien de personnel n’est utile ici",
            "2 / 2",
        ),
    ]
    return Table(
        (
            "Risque",
            "Comment il arrive",
            "Mesure à prendre ou en place",
            "Gravité / vraisemblance proposées",
            "Votre cotation, qui agit, quand",
        ),
        [(*row, TO_COMPLETE) for row in rows],
        "risques",
    )
