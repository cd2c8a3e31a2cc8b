# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Problems that would keep the service from working: settings, database, lessons, accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import channels_of, ship_library
from bot.channels import Channel, ChannelFault, Inspected
from config.settings import Settings
from lessons import source
from lessons.source import Problems
from storage import counters, courses, journal, private
from storage.database import open_database
from storage.failures import DatabaseError

RUNNING = 180.0
"""Seconds after its last note for which a service is taken to run: it notes once a minute."""
SILENT = 180.0
"""Seconds without an answer that are too many: the slowest healthy one takes 70 s, and is noted a minute later."""


async def problems_of(settings: Settings) -> list[str]:
    """Return every problem, one sentence each. The database is made when it is missing, as `run` would."""
    moments: dict[str, int] = {}
    problems = [*_lessons(), *_database(settings, moments), *_files(settings)]
    for channel in channels_of(settings):
        found = [*_hearing(channel.name, moments, datetime.now(UTC)), *await _channel(channel)]
        problems += [f"{channel.name}: {problem}" for problem in found]
    return problems


def _hearing(channel: str, moments: Mapping[str, int], now: datetime) -> list[str]:
    """Return what a service that runs says of its hearing. To ask in its place would be a second poller."""
    watched = moments.get(f"watched.{channel}", 0)
    silence = watched - moments.get(f"heard.{channel}", 0)
    if now.timestamp() - watched > RUNNING or silence <= SILENT:
        return []
    since = now - timedelta(seconds=silence)
    return [
        f"the service runs and has heard nothing since {since:%Y-%m-%d %H:%M} UTC: its log and /health say why"
    ]


async def _channel(channel: Channel) -> list[str]:
    try:
        if isinstance(channel, Inspected):
            return await channel.problems()
        await channel.open()
    except ChannelFault as fault:
        return [str(fault)]
    finally:
        await channel.close()
    return []


def _lessons() -> list[str]:
    try:
        source.read([source.library()])
    except Problems as problems:
        return [str(problem) for problem in problems.problems]
    return []


def remarks_of(settings: Settings) -> list[str]:
    """Return what is in order and still to be known, one sentence each: the copies of before an upgrade."""
    return [
        f"The copy {copy.name} of before an upgrade holds personal data, erased ones too: delete it by "
        f"{until:%Y-%m-%d}, or once the new version suits you."
        for copy, until in _copies(settings)
        if until >= datetime.now(UTC)
    ]


def _copies(settings: Settings) -> list[tuple[Path, datetime]]:
    """Return the copies that upgrades left, and until when copies are kept."""
    return [
        (copy, datetime.fromtimestamp(copy.stat().st_mtime, UTC) + settings.privacy.backups)
        for copy in private.copies_of(settings.database)
    ]


def _files(settings: Settings) -> list[str]:
    """Name the files that others can read, and the copies that are older than `privacy.backups`."""
    held = [*private.files_of(settings.database, settings.journal), *private.copies_of(settings.database)]
    if settings.channels.matrix is not None:
        store = Path(settings.channels.matrix.store)
        held += [file for file in (store, *store.glob("*")) if file.exists()]
    problems = [
        f"Others can read {file}, which holds personal data: `chmod go= {file}`."
        for file in private.loose(held)
    ]
    problems += [
        f"The copy {copy} of before an upgrade is older than privacy.backups, and holds whoever was erased since: "
        "delete it."
        for copy, until in _copies(settings)
        if until < datetime.now(UTC)
    ]
    return problems


def _database(settings: Settings, moments: dict[str, int]) -> list[str]:
    """Return what is wrong with the database and its lessons, and fill in the moments that a service noted."""
    try:
        with open_database(settings.database) as store:
            now = datetime.now(UTC)
            ship_library(store, now)
            published = store.read_now(courses.catalogue)
            journal.require_not_behind(store.read_now(journal.last), settings.journal)
            moments.update(store.read_now(counters.read))
    except DatabaseError as error:
        return [str(error)]
    if published is None:
        return ["No course is published: `iaventure lessons push` publishes one."]
    unreadable = [
        f"What is published as {name} cannot be read: publish it again." for name in published.damage
    ]
    return unreadable + [
        f"Lesson {entry.id} is held back: "
        + (
            f"a channel refused it; `iaventure lessons release {entry.id}` lifts it."
            if entry.held
            else f"its review date has passed ({entry.lesson.review_by})."
        )
        for entry in published.entries.values()
        if not entry.available(now.date())
    ]
