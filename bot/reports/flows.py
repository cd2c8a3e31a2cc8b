# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Where the data go: each way, what protects it, who runs it, and what would leave the European Economic Area."""

from __future__ import annotations

from bot.notice.texts import EEA
from bot.reports import who
from bot.reports.data import days
from bot.reports.document import TO_COMPLETE, Claim, Limit, Said, Table
from bot.reports.situation import Situation
from storage import dialects

_TELEGRAM: tuple[Said, ...] = (
    "Agent ↔ Telegram ↔ service",
    (
        Limit(
            "Chiffré jusqu’à Telegram seulement : l’entreprise peut lire leçons et réponses, et les garde selon "
            "ses propres règles."
        ),
    ),
    "Telegram : groupe établi hors de l’Union européenne (sa politique nomme les Îles Vierges britanniques et Dubaï)",
    f"{TO_COMPLETE} : articles 44 à 49 du RGPD, avec votre DPO ; voir « decisions.md », « Tchap ou Telegram »",
)
_MATRIX: tuple[Said, ...] = (
    "Agent ↔ serveur de son compte et serveur {server} ↔ service",
    (
        Claim(
            "Chiffré de bout en bout si la conversation l’est : le robot ne dit alors rien en clair.",
            (
                "test_nothing_is_said_in_clear_right_after_a_room_became_encrypted",
                "test_nothing_is_said_while_nobody_knows_whether_the_room_is_encrypted",
            ),
        ),
        Limit("Les serveurs voient toujours quels comptes s’écrivent, et quand."),
    ),
    "{who}",
    f"{TO_COMPLETE} : pays et exploitant de chaque serveur (Tchap : l’État français)",
)


def flows(situation: Situation) -> Table:
    """Return every way that data take."""
    facts, settings = situation.facts, situation.settings
    rows: list[tuple[Said, ...]] = []
    if "telegram" in facts.channels:
        rows.append(_TELEGRAM)
    if "matrix" in facts.channels:
        where = "l’État français, pour Tchap ; sinon, l’exploitant de chaque serveur"
        rows.append(tuple(_put(cell, facts.server, where) for cell in _MATRIX))
    if "console" in facts.channels:
        rows.append(
            (
                "Terminal ↔ service",
                "ne passe par aucune messagerie",
                "la même machine",
                "sans objet pour cet échange",
            )
        )
    rows.append(
        (
            "Service ↔ base de données",
            _to_database(settings.database),
            who.host(facts),
            _guarantees(situation),
        )
    )
    kept = days(settings.privacy.backups)
    rows.append(
        (
            "Base → copies de sauvegarde",
            f"durée réglée : {kept} ; le support : {TO_COMPLETE}",
            f"{TO_COMPLETE} : lieu des copies, et qui y accède",
            f"{TO_COMPLETE} : si ce lieu est hors de l’Union",
        )
    )
    rows += [
        (f"Service → {name}", TO_COMPLETE, TO_COMPLETE, TO_COMPLETE) for name in facts.privacy.recipients
    ]
    return Table(("Flux", "Ce qui le protège", "Qui l’exploite, et où", "Garanties si hors de l’Union"), rows)


def _put(cell: Said, server: str, where: str) -> Said:
    return cell.replace("{server}", server).replace("{who}", where) if isinstance(cell, str) else cell


def _to_database(database: str) -> str:
    if dialects.is_server(database):
        return f"PostgreSQL ; le chiffrement de cette liaison dépend des réglages du serveur : {TO_COMPLETE}"
    return "un fichier SQLite sur la machine du service : aucune liaison"


def _guarantees(situation: Situation) -> str:
    host = situation.facts.privacy.host
    if host is None:
        return f"{TO_COMPLETE} : hébergeur et pays (réglage privacy.host)"
    asked = "où sont sa maison mère, ses sous-traitants et son assistance à distance"
    if host.country in EEA.split():
        return f"pays déclaré dans l’Espace économique européen ; {TO_COMPLETE} : {asked}"
    return f"hors de l’Espace économique européen : articles 44 à 49 du RGPD ; {TO_COMPLETE} : garanties, et {asked}"
