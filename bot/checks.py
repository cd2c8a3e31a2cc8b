# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Problems that would keep the service from working: settings, database, lessons, accounts."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.app import channels_of, ship_library
from bot.channels import Channel, ChannelFault, Inspected
from config.settings import Settings
from lessons import source
from lessons.source import Problems
from storage import courses
from storage.database import open_database
from storage.failures import DatabaseError


async def problems_of(settings: Settings) -> list[str]:
    """Return every problem, one sentence each. The database is made when it is missing, as `run` would."""
    problems = [*_lessons(), *_database(settings)]
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


def _database(settings: Settings) -> list[str]:
    try:
        with open_database(settings.database) as store:
            now = datetime.now(UTC)
            ship_library(store, now)
            published = store.read_now(courses.catalogue)
    except DatabaseError as error:
        return [str(error)]
    if published is None:
        return ["No course is published: `iaventure lessons push` publishes one."]
    return [
        f"Lesson {entry.id} is held back: "
        + (
            f"a channel refused it; `iaventure lessons release {entry.id}` lifts it."
            if entry.held
            else f"its review date has passed ({entry.lesson.review_by})."
        )
        for entry in published.entries.values()
        if not entry.available(now.date())
    ]
