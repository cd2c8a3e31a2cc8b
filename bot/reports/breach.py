# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The record of a personal-data breach: GDPR articles 33 and 34. What happened is for the operator to say."""

from __future__ import annotations

from bot.reports import data, who
from bot.reports.document import Bullets, Document, Section, fields
from bot.reports.law import law
from bot.reports.measures import measures
from bot.reports.situation import Situation

NAME = "violation"


def document(situation: Situation) -> Document:
    """Return the record, with the numbers of this moment."""
    text, age = law().says("breach", situation.today)
    held = situation.held
    beyond = held.people - held.reached
    return Document(
        NAME,
        "Fiche de violation de données personnelles (RGPD, articles 33 et 34)",
        [
            Section("Le document", [situation.made, who.people(situation.facts)]),
            Section("Ce que demande le droit à cette date", [text, age]),
            Section(
                "Ce qui s’est passé",
                [
                    fields(
                        ("Nature de la violation (confidentialité, intégrité, disponibilité)", None),
                        ("Date et heure de la violation", None),
                        ("Date et heure à laquelle elle a été connue", None),
                        ("Circonstances, et qui a pu voir quoi", None),
                        ("Copies, machines ou comptes touchés", None),
                        ("Conséquences probables pour les personnes", None),
                        ("Mesures prises, et à prendre", None),
                        ("Notification à la CNIL : date, ou raison de ne pas notifier", None),
                        ("Information des personnes : date et texte, ou raison de ne pas informer", None),
                    )
                ],
            ),
            Section(
                "Personnes concernées, à la date du document",
                [
                    fields(
                        ("Personnes dont une adresse est dans la base", str(held.people)),
                        ("dont celles qui ont répondu à des questions", str(held.answering)),
                        (
                            "Personnes qui administrent, nommées dans les réglages",
                            str(len(situation.settings.admins)),
                        ),
                    ),
                    (
                        "Une copie plus ancienne contient aussi des personnes effacées depuis : comptez-la à part. "
                        "Ces nombres "
                        "sont exacts : ils sont pour la notification, non pour la hiérarchie."
                    ),
                ],
            ),
            Section("Catégories de données", [data.categories(situation.facts)]),
            Section("Ce qui protégeait les données, constaté à la date du document", [measures(situation)]),
            Section(
                "Comment prévenir les personnes",
                [
                    Bullets(
                        [
                            f"« annonce » atteint les personnes actives : {held.reached}.",
                            (
                                "Les autres (en pause, arrêtées, opposées, gardées sans usage, ou qui n’ont pas "
                                "accepté l’information) : "
                                f"{beyond}. Le programme ne leur écrit pas : prévenez-les par un autre moyen "
                                "(intranet, "
                                "encadrement, affichage)."
                            ),
                            (
                                "Qui s’est effacé n’est plus joignable par le programme : une annonce publique "
                                "l’atteint."
                            ),
                        ]
                    )
                ],
            ),
        ],
    )
