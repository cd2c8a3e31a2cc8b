# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Where the data go: each way, what protects it, what leaves the European Economic Area, and what the operator must say."""

from __future__ import annotations

from bot.notice.texts import EEA
from bot.reports import who
from bot.reports.data import days
from bot.reports.document import TO_COMPLETE, Block, Cell, Claim, Table, fields
from bot.reports.situation import Situation

_NONE = "sans objet"
_CHANNELS: dict[str, tuple[Cell, ...]] = {
    "telegram": (
        "Personne ↔ Telegram ↔ service",
        Claim(
            "pas de chiffrement de bout en bout avec un robot : Telegram peut lire, et garde les échanges "
            "selon ses propres règles ; l’information le dit aux personnes",
            ("test_telegram_is_said_to_be_outside_the_union_and_to_read_what_is_written",),
        ),
        "société hors de l’Union européenne",
        f"articles 44 à 49 du RGPD : {TO_COMPLETE}",
    ),
    "matrix": (
        "Personne ↔ serveur {server} et celui de son compte ↔ service",
        Claim(
            "chiffré de bout en bout si le salon l’est ; les serveurs voient qui écrit, et quand",
            (
                "test_in_an_encrypted_room_nothing_counts_that_came_in_clear",
                "test_nothing_is_said_while_nobody_knows_whether_the_room_is_encrypted",
            ),
        ),
        "selon qui exploite ces serveurs ; Tchap est exploité par l’État français",
        TO_COMPLETE,
    ),
    "console": ("Personne ↔ terminal ↔ service", "aucune messagerie entre les deux", "même machine", _NONE),
}
_ASKED = {
    "telegram": (
        "Rôle de Telegram (responsable distinct, sous-traitant) et contrat",
        "Fondement du transfert (articles 44 à 49), avec l’analyse qui le permet",
        "Appareil, compte et numéro de téléphone : personnels ou de service",
        "Ce qui est offert à qui refuse Telegram",
    ),
    "matrix": (
        "Rôle de l’exploitant du serveur (pour Tchap, l’État), et accord pour y faire vivre un robot",
        "Pays où ces serveurs sont exploités",
        "Appareil personnel ou de service",
    ),
}


def flows(situation: Situation) -> list[Block]:
    """Return every way that data take, then what only the operator knows of each messenger."""
    facts = situation.facts
    rows: list[tuple[Cell, ...]] = []
    for channel in facts.channels:
        known = _CHANNELS.get(channel, (channel, TO_COMPLETE, TO_COMPLETE, TO_COMPLETE))
        rows.append(
            tuple(cell.replace("{server}", facts.server) if isinstance(cell, str) else cell for cell in known)
        )
    host = facts.privacy.host
    if host is None:
        guarantees = TO_COMPLETE
    elif host.country in EEA.split():
        guarantees = (
            "pays déclaré dans l’Espace économique européen. Sous-traitants de l’hébergeur, accès depuis "
            f"un autre pays : {TO_COMPLETE}"
        )
    else:
        guarantees = f"hors de l’Espace économique européen, articles 44 à 49 du RGPD : {TO_COMPLETE}"
    rows.append(("Service ↔ base de données", "voir les mesures de sécurité", who.host(facts), guarantees))
    kept = days(situation.settings.privacy.backups)
    rows.append(("Base → copies", f"à garder {kept} au plus, selon les réglages", TO_COMPLETE, TO_COMPLETE))
    rows += [
        (f"Service → {name}", TO_COMPLETE, TO_COMPLETE, TO_COMPLETE) for name in facts.privacy.recipients
    ]
    asked = [(question, None) for channel in facts.channels for question in _ASKED.get(channel, ())]
    table = Table(("Flux", "Ce qui le protège", "Où", "Garanties si hors de l’Union"), rows)
    return [table, fields(*asked)] if asked else [table]
