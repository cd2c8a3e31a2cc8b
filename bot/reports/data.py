# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the database holds about whom, and for how long: its own metadata, with the French words of `data.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import yaml

from bot.notice.facts import Facts
from bot.reports.document import TO_COMPLETE, Table
from bot.service.outgoing import REPLY_LASTS
from bot.service.tidying import DAYS_KEPT
from config.retention import MARGIN
from storage.erasure import GOODBYE_LASTS
from storage.inactivity import NOTICE
from storage.tables import metadata

FILE = Path(__file__).with_name("data.yaml")


@dataclass(frozen=True, slots=True)
class Described:
    """A table in French. `about`: whom its rows speak of, empty for nobody. `columns`: what each says."""

    title: str
    about: str
    kept: str
    columns: Mapping[str, str]


NAMED = {"course": "durée du cours (voir « Durées »)"}
"""Durations that are said once, below the table: many rows have them."""


@cache
def described() -> Mapping[str, Described]:
    """Return the words of each table, by its name."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        name: Described(one["title"], one["about"], one["kept"], one.get("columns", {}))
        for name, one in found.items()
    }


def durations(facts: Facts) -> dict[str, str]:
    """Return how long what is kept is kept, by the names that `data.yaml` uses."""
    kept, privacy = facts.retention, facts.privacy
    copies = days(privacy.backups + MARGIN)
    return {
        "course": (
            f"jusqu’à « oublier » (l’adresse seule : jusqu’à l’envoi du dernier message, {hours(GOODBYE_LASTS)} au plus) ; "
            f"après {days(privacy.inactive)} sans un mot, la personne est prévenue une fois, puis effacée {days(NOTICE)} "
            f"plus tard ; une personne qui ne s’est jamais inscrite : {days(facts.newcomers_kept)} ; une personne "
            f"qui a choisi "
            "« garder sans utiliser » : jusqu’à ce qu’elle en décide autrement"
        ),
        "answers": f"{days(kept.answers)} pour les réponses, {days(kept.messages)} pour les menus",
        "messages": f"{days(kept.messages)} après l’envoi",
        "seen": f"{days(kept.messages)} ; pour les messages chiffrés des administrateurs : autant que la base",
        "attestations": f"{days(kept.attestations)} ; effacées avec « oublier »",
        "sending": "le temps de l’envoi",
        "waiting": f"le temps de répondre, {hours(REPLY_LASTS)} au plus, puis jusqu’à la nuit suivante",
        "codes": "une heure, puis jusqu’à la nuit suivante au plus",
        "doors": "jusqu’à leur dernier jour, puis la nuit suivante ; sans dernier jour, jusqu’à « iaventure access end »",
        "staff": f"{days(privacy.audit)} après le dernier acte et la fin du droit (le plus tardif) ; le numéro reste",
        "pin": "jusqu’à ce que l’exploitant accepte une autre identité",
        "erasures": f"{copies}, puis jusqu’à la nuit suivante",
        "forgetting": f"quelques secondes ; pour une machine absente, {copies} au plus",
        "days": days(DAYS_KEPT),
        "database": "autant que la base",
    }


def days(time: timedelta) -> str:
    """Write a duration in days, and in years where it is whole years."""
    if not time.days:
        return hours(time)
    years, rest = divmod(time.days, 365)
    said = f"{time.days} jour{'s' if time.days > 1 else ''}"
    return said if rest else f"{said} ({years} an{'s' if years > 1 else ''})"


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
            said = "; ".join(one.columns.get(column.name, TO_COMPLETE) for column in table.columns)
            kept = NAMED.get(one.kept, known[one.kept])
            rows.append((one.title, one.about, said.replace("; ", " ; "), kept))
    return Table(("Catégorie", "Personnes concernées", "Données", "Durée"), rows, "donnees")


def titles() -> tuple[str, ...]:
    """Return the categories of data by their titles alone, for documents that refer to the table."""
    return tuple(one.title for name, one in described().items() if one.about and name in metadata.tables)


def outside() -> tuple[tuple[str, str], ...]:
    """Return the tables that speak of nobody, each with what it holds."""
    return tuple((name, one.title) for name, one in described().items() if not one.about)
