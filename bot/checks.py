# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Problems that would keep the service from working: settings, database, lessons, accounts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.app import channels_of, ship_library
from bot.channels import Channel, ChannelFault, Inspected
from config.settings import Settings
from lessons import source
from lessons.source import Problems
from storage import courses, journal, private
from storage.database import open_database
from storage.failures import DatabaseError


async def problems_of(settings: Settings) -> list[str]:
    """Return every problem, one sentence each. The database is made when it is missing, as `run` would."""
    problems = [*_lessons(), *_database(settings), *_files(settings)]
    for channel in channels_of(settings):
        problems += [f"{channel.name}: {problem}" for problem in await _channel(channel)]
    return problems


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


def _database(settings: Settings) -> list[str]:
    try:
        with open_database(settings.database) as store:
            now = datetime.now(UTC)
            ship_library(store, now)
            published = store.read_now(courses.catalogue)
            journal.require_not_behind(store.read_now(journal.last), settings.journal)
    except DatabaseError as error:
        return [str(error)]
    if published is None:
        return ["No course is published: `iaventure lessons push` publishes one."]
    return [
        f"Lesson {entry.id} is held back: "
        + (
            "the channel refused it."
            if entry.held
            else f"its review date has passed ({entry.lesson.review_by})."
        )
        for entry in published.entries.values()
        if not entry.available(now.date())
    ]
