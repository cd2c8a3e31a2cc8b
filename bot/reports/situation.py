# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the documents are made from: the settings in force, and the database as one transaction finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from bot.keys import key_in
from bot.notice.facts import Facts
from bot.reports.document import TO_COMPLETE
from config.settings import Settings
from storage import copies, courses, journal, keys, literacy, notices, private
from storage.catalogue import Catalogue
from storage.failures import DatabaseError, WrongKey
from storage.literacy import Learning, Version
from storage.schema import HEAD
from storage.sealing import of as key_of
from storage.types import Tx

CHANGES = timedelta(days=365)
"""How far back changes of lessons are told."""


@dataclass(frozen=True, slots=True)
class Held:
    """What one transaction found in the database."""

    key: str = ""
    """The fingerprint of the key that seals addresses; empty where there is none."""
    key_fits: bool = True
    """Whether the key of the settings is the database's."""
    in_clear: int = 0
    """Addresses in clear, where there is a key."""
    notice: str = ""
    """The notice that was published last."""
    people: int = 0
    reached: int = 0
    """Those whom an announcement reaches."""
    answering: int = 0
    learning: Learning = field(default_factory=Learning)
    catalogue: Catalogue | None = None
    since: Mapping[str, datetime] = field(default_factory=dict)
    """Version of a lesson → since when it is published."""
    changes: Sequence[Version] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """What was found on the disk."""

    number: int = 0
    loose: int = 0
    """Those that others than their owner can read."""
    copies: int = 0
    old_copies: int = 0
    """Those older than `privacy.backups`."""
    journal: bool = True
    """Whether the erasure journal can be written."""


@dataclass(frozen=True, slots=True)
class Situation:
    """All of it, as of one moment."""

    settings: Settings
    now: datetime
    held: Held = field(default_factory=Held)
    files: Files = field(default_factory=Files)
    commands: Sequence[str] = ()
    """Those of the command line."""
    alone: bool = False
    """Whether one document is asked for by itself."""

    @property
    def facts(self) -> Facts:
        """The settings, as the notice is made from them."""
        return Facts.of(self.settings)

    @property
    def today(self) -> date:
        """The day of UTC."""
        return self.now.date()

    @property
    def made(self) -> str:
        """How a document says when and by what it was made."""
        return (
            f"Établi le {self.now:%d/%m/%Y} à {self.now:%H:%M} (heure UTC) par IAventure "
            f"{version('iaventure')} (schéma de base {HEAD}), à partir du service installé. « {TO_COMPLETE} "
            "» marque ce que seul l’organisme peut dire. Les mots techniques sont expliqués dans "
            "lisez-moi.md."
        )


def held(tx: Tx, now: datetime) -> Held:
    """Read the database in one transaction."""
    fingerprint, fits = keys.fingerprint(tx) or "", True
    try:
        keys.is_new(tx, key_of(tx))
    except WrongKey:
        fits = False
    published, catalogue = notices.published(tx), courses.catalogue(tx)
    everybody, reached, answering = literacy.people(tx)
    current = [entry.version for entry in catalogue.entries.values()] if catalogue else []
    return Held(
        key=fingerprint,
        key_fits=fits,
        in_clear=keys.left(tx) if fingerprint else 0,
        notice=published.version if published is not None else "",
        people=everybody,
        reached=reached,
        answering=answering,
        learning=literacy.read(tx),
        catalogue=catalogue,
        since=literacy.published_at(tx, current),
        changes=literacy.versions(tx, now - CHANGES),
    )


def files(settings: Settings, now: datetime) -> Files:
    """Look at the files beside the database, as `iaventure check` does."""
    own = private.files_of(settings.database, settings.journal)
    upgrades = private.copies_of(settings.database)
    try:
        lines = journal.read(settings.journal)
        journal.require_writable(settings.journal)
        writable = True
    except DatabaseError:
        lines, writable = [], False
    found = [*upgrades, *(copy.file for copy in copies.near(settings.database, settings.journal, lines))]
    if settings.channels.matrix is not None:
        store = Path(settings.channels.matrix.store)
        own += [file for file in (store, *store.glob("*")) if file.exists()]
    oldest = (now - settings.privacy.backups).timestamp()
    return Files(
        number=len(own) + len(found),
        loose=len(private.loose([*own, *found])),
        copies=len(found),
        old_copies=sum(copy.stat().st_mtime < oldest for copy in found),
        journal=writable,
    )


def has_key(settings: Settings) -> bool:
    """Tell whether the settings have a key that seals addresses."""
    return key_in(settings) is not None
