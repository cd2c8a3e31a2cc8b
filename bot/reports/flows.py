# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Where the data go: each way, what protects it, and what leaves the European Economic Area."""

from __future__ import annotations

from bot.notice.texts import EEA
from bot.reports import who
from bot.reports.data import days
from bot.reports.document import TO_COMPLETE, Table
from bot.reports.situation import Situation

_NONE = "sans objet"
_CHANNELS = {
    "telegram": (
        "Personne ↔ Telegram ↔ service",
        "chiffré jusqu’à Telegram, qui peut lire, et qui garde les échanges selon ses propres règles",
        "société hors de l’Union européenne",
        f"articles 44 à 49 du RGPD : {TO_COMPLETE}",
    ),
    "matrix": (
        "Personne ↔ serveur {server} et celui de son compte ↔ service",
        "chiffré de bout en bout si le salon l’est ; les serveurs voient qui écrit, et quand",
        "selon qui exploite ces serveurs ; Tchap est exploité par l’État français",
        TO_COMPLETE,
    ),
    "console": ("Personne ↔ terminal ↔ service", "ne passe par aucune messagerie", "même machine", _NONE),
}


def flows(situation: Situation) -> Table:
    """Return every way that data take."""
    facts = situation.facts
    rows = []
    for channel in facts.channels:
        known = _CHANNELS.get(channel, (channel, TO_COMPLETE, TO_COMPLETE, TO_COMPLETE))
        rows.append(tuple(cell.replace("{server}", facts.server) for cell in known))
    host = facts.privacy.host
    if host is None:
        guarantees = TO_COMPLETE
    elif host.country in EEA.split():
        guarantees = f"{_NONE} : le RGPD s’y applique"
    else:
        guarantees = f"hors de l’Espace économique européen, articles 44 à 49 du RGPD : {TO_COMPLETE}"
    rows.append(("Service ↔ base de données", "voir les mesures de sécurité", who.host(facts), guarantees))
    kept = days(situation.settings.privacy.backups)
    rows.append(("Base → copies", f"gardées {kept} au plus", TO_COMPLETE, TO_COMPLETE))
    rows += [
        (f"Service → {name}", TO_COMPLETE, TO_COMPLETE, TO_COMPLETE) for name in facts.privacy.recipients
    ]
    return Table(("Flux", "Ce qui le protège", "Où", "Garanties si hors de l’Union"), rows)
