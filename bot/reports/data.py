# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the database holds about whom, and for how long: its own metadata, with the words that a person reads of theirs."""

from __future__ import annotations

from datetime import timedelta

from bot.notice.facts import Facts
from bot.reports.document import TO_COMPLETE, Table
from bot.service.outgoing import REPLY_LASTS
from bot.service.tidying import DAYS_KEPT
from bot.wording.tables import described
from config.retention import MARGIN
from storage.erasure import GOODBYE_LASTS
from storage.inactivity import NOTICE
from storage.tables import metadata


def durations(facts: Facts) -> dict[str, str]:
    """Return how long what is kept is kept, by the names that `bot.wording.tables` uses."""
    kept, privacy = facts.retention, facts.privacy
    copies = days(privacy.backups + MARGIN)
    return {
        "course": (
            f"jusqu’à « oublier » (l’adresse seule : jusqu’à l’adieu, {hours(GOODBYE_LASTS)} au plus) ; "
            f"sans un mot pendant {days(privacy.inactive)}, la personne est prévenue, puis effacée {days(NOTICE)} "
            "plus tard ; "
            f"qui n’a jamais accepté l’information : {days(facts.newcomers_kept)}"
        ),
        "answers": f"{days(kept.answers)} pour les réponses, {days(kept.messages)} pour les menus",
        "messages": f"{days(kept.messages)} après l’envoi",
        "seen": f"{days(kept.messages)} ; pour les paroles chiffrées des personnes qui administrent : autant que la base",
        "attestations": f"{days(kept.attestations)} ; effacées avec « oublier »",
        "sending": "le temps de l’envoi",
        "waiting": f"le temps de répondre, {hours(REPLY_LASTS)} au plus, puis jusqu’à la nuit suivante",
        "codes": "une heure au moins, puis jusqu’au prochain code essayé en vain",
        "staff": f"{days(privacy.audit)} après le dernier acte ou la fin du droit ; le numéro reste",
        "pin": "jusqu’à ce que l’exploitant accepte une autre identité",
        "erasures": f"{copies}, puis jusqu’à la nuit suivante",
        "forgetting": f"quelques secondes ; pour une machine absente, {copies} au plus",
        "days": days(DAYS_KEPT),
        "database": "autant que la base",
    }


def days(time: timedelta) -> str:
    """Write a duration in days."""
    return f"{time.days} jour{'s' if time.days > 1 else ''}" if time.days else hours(time)


def hours(time: timedelta) -> str:
    """Write a duration in hours."""
    return f"{round(time.total_seconds() / 3600)} heures"


def categories(facts: Facts) -> Table:
    """Return the categories of data, one row for each table that speaks of people."""
    known = durations(facts)
    rows = []
    undescribed = [name for name in metadata.tables if name not in described()]
    rows += [(name, TO_COMPLETE, TO_COMPLETE, TO_COMPLETE) for name in undescribed]
    for name, one in described().items():
        table = metadata.tables.get(name)
        if table is not None and one.about:
            labels = {name: column.label["fr"] for name, column in one.columns.items()}
            said = " ; ".join(labels.get(column.name, TO_COMPLETE) for column in table.columns)
            rows.append((one.title["fr"], one.about, said, known[one.kept]))
    return Table(("Catégorie", "Personnes concernées", "Données", "Durée"), rows, "donnees")


def outside() -> tuple[tuple[str, str], ...]:
    """Return the tables that speak of nobody, each with what it holds."""
    return tuple((name, one.title["fr"]) for name, one in described().items() if not one.about)
