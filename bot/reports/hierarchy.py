# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the hierarchy can see, for staff representatives: each command and what it shows about whom."""

from __future__ import annotations

from bot.reports import commands, who
from bot.reports.document import TO_COMPLETE, Block, Bullets, Claim, Claims, Document, Section, fields
from bot.reports.situation import Situation
from bot.reports.threats import threats
from bot.talk.admin import FEWEST_COUNTED

NAME = "hierarchie"
THREAT, COLLEAGUE = "La hiérarchie", "Le collègue curieux"
"""Titles of threats in docs/menaces.md."""


def document(situation: Situation) -> Document:
    """Return what each command shows, and what no program can promise."""
    shell = situation.commands
    return Document(
        NAME,
        "Ce que la hiérarchie peut voir",
        [
            Section(
                "En bref",
                [
                    (
                        "Aucune commande ne montre à une autre personne ce qu’un agent répond, réussit ou manque, "
                        "sauf ce que dit une "
                        "attestation qu’il a lui-même demandée et remise. Les chiffres "
                        f"sont des totaux, et la messagerie n’en donne aucun quand moins de {FEWEST_COUNTED} "
                        "personnes suivent "
                        "le cours. Participer est libre, et s’arrêter se fait d’un mot."
                    ),
                    (
                        "Deux choses ne dépendent pas du programme : qui exploite la machine peut lire la base, et "
                        "rien n’empêche "
                        "d’exiger d’un agent qu’il montre son écran. Ce sont des règles à écrire : voyez la fin."
                    ),
                    situation.made,
                ],
            ),
            Section(
                "Ce que chaque personne peut écrire, et ce qu’elle voit",
                [commands.table(commands.CHAT, shell)],
            ),
            Section(
                "Ce que peuvent en plus les personnes qui administrent",
                [
                    f"Adresses nommées dans les réglages : {len(situation.settings.admins)}.",
                    commands.table(commands.ADMIN, shell),
                ],
            ),
            Section(
                "Ce que le service leur dit sans qu’elles le demandent",
                [
                    (
                        "Des pannes, des leçons retenues ou périmées, un compte du jour qui ne tombe pas juste, et un "
                        "nombre de personnes "
                        "quand beaucoup seraient effacées pour leur long silence. Une alerte nomme la personne qui "
                        "peut publier et dont "
                        "l’identité de chiffrement vient d’être notée ; elle ne parle d’aucun apprenant."
                    ),
                ],
            ),
            Section("Ce que voit qui exploite la machine", [commands.table(commands.SHELL, shell)]),
            Section("Ce qui tient, et le test qui le tient", _holds()),
            Section("Ce qui ne tient pas", _holds_not()),
            Section(
                "Ce que l’employeur s’engage à respecter (à remplir avec les représentants du personnel)",
                [
                    fields(
                        ("Responsable du traitement", who.controller(situation.facts)),
                        ("Qui exploite la machine et lit la base", None),
                        ("Qui administre, et à quel titre", None),
                        ("Interdiction d’exiger un écran, un export ou une attestation", None),
                        ("Participation : volontaire, sur le temps de travail", None),
                        ("Avis du comité social territorial (ou du CSA), date", None),
                        ("À qui signaler un manquement", who.dpo(situation.facts)),
                    ),
                    f"Date et signature : {TO_COMPLETE}.",
                ],
            ),
        ],
    )


def _holds() -> list[Block]:
    from_page = [claim for threat in threats() if threat.title == THREAT for claim in threat.claims]
    return [
        Claims(
            [
                *from_page,
                Claim(
                    "une personne ne lit ni n’efface rien d’une autre, quoi qu’elle écrive",
                    ("test_whatever_is_said_is_answered_and_touches_nobody_else",),
                ),
                Claim(
                    "qui s’oppose sort de tous les chiffres",
                    ("test_an_objection_takes_a_person_out_of_every_figure",),
                ),
                Claim(
                    "aucun nom n’est gardé d’une attestation",
                    ("test_the_name_is_stored_nowhere_once_the_paper_has_left",),
                ),
                Claim(
                    "l’ordre d’un admin n’est obéi que de lui",
                    ("test_an_admins_command_by_anyone_else_is_answered_as_an_unknown_one",),
                ),
            ]
        )
    ]


def _holds_not() -> list[Block]:
    found = [line for threat in threats() if threat.title in (THREAT, COLLEAGUE) for line in threat.open]
    return [
        Bullets(
            [
                *found,
                (
                    "Qui est root sur la machine lit la base entière, réponses comprises, à côté d’un identifiant "
                    "tiré au hasard."
                ),
                "Une attestation porte un nom : qui la reçoit en mains propres sait ce qu’elle dit.",
            ]
        )
    ]
