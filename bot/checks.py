# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Problems that would keep the service from working: settings, database, lessons, accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import channels_of, ship_library
from bot.channels import Channel, ChannelFault, Inspected
from bot.keys import key_in
from bot.notice import archive, starting
from bot.notice.facts import Facts
from config.settings import Settings
from lessons import source
from lessons.source import Problems
from storage import copies, counters, courses, erasure, journal, keys, private
from storage.catalogue import Catalogue
from storage.copies import Copy
from storage.database import open_database
from storage.failures import DatabaseError
from storage.journal import JournalError
from storage.types import UNREADABLE, Tx

NAMED = 3
"""Copies of one folder that are named; the others are counted."""
UNWRITTEN = timedelta(minutes=5)
"""How long an erasure may be missing in the journal of a running service."""
RUNNING = 180.0
"""Seconds after its last note for which a service is taken to run: it notes once a minute."""
SILENT = 180.0
"""Seconds without an answer that are too many: the slowest healthy one takes 70 s, and is noted a minute later."""
_NOBODY = "the notice says that nobody is named"
_WAIVED = {
    "controller": _NOBODY,
    "dpo": _NOBODY,
    "key": "addresses are in clear in the database, and the notice says so",
}


async def problems_of(settings: Settings) -> list[str]:
    """Return every problem, one sentence each. The database is made when it is missing, as `run` would."""
    moments: dict[str, int] = {}
    problems = [*_lessons(), *_journal(settings), *_database(settings, moments), *_files(settings)]
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
    """Return remarks that are not problems, one sentence each: who is not named, what is not sealed yet, the copies."""
    now, facts = datetime.now(UTC), Facts.of(settings)
    remarks = [
        f"privacy.{name} is none: {_WAIVED[name]}."
        for name in (facts.privacy.waived if facts.serves_messenger else ())
    ]
    remarks += _in_clear(settings)
    remarks += [
        f"The copy {copy.name} of before an upgrade holds personal data, erased ones too: delete it by "
        f"{until:%Y-%m-%d}, or once the new version suits you."
        for copy, until in _upgrades(settings)
        if until >= now
    ]
    by_folder: dict[Path, list[Copy]] = {}
    for copy, until in _copies(settings):
        if until >= now:
            by_folder.setdefault(copy.file.parent, []).append(copy)
    days = settings.privacy.backups.days
    for folder, kept in by_folder.items():
        named = ", ".join(copy.file.name for copy in kept[:NAMED])
        others = f" and {len(kept) - NAMED} more" if len(kept) > NAMED else ""
        remarks.append(
            f"In {folder}, copies of the database hold personal data{_erased(kept)}: {named}{others}. "
            f"Delete each within {days} days of its making, and what a restore put aside once all is well."
        )
    return remarks


def _erased(kept: Sequence[Copy]) -> str:
    most = max(copy.erased for copy in kept)
    return f", also of {most} {'person' if most == 1 else 'people'} erased since" if most else ""


def _upgrades(settings: Settings) -> list[tuple[Path, datetime]]:
    """Return the copies made before upgrades, each with the time until which it may be kept."""
    return [(copy, _until(copy, settings)) for copy in private.copies_of(settings.database)]


def _copies(settings: Settings) -> list[tuple[Copy, datetime]]:
    """Return all other copies, each with the time until which it may be kept."""
    try:
        lines = journal.read(settings.journal)
    except DatabaseError:  # `_journal` says so
        lines = []
    found = copies.near(settings.database, settings.journal, lines)
    return [(copy, _until(copy.file, settings)) for copy in found]


def _until(copy: Path, settings: Settings) -> datetime:
    return datetime.fromtimestamp(copy.stat().st_mtime, UTC) + settings.privacy.backups


def _files(settings: Settings) -> list[str]:
    """Name the files that others can read, and the copies that are older than `privacy.backups`."""
    now, upgrades, found = datetime.now(UTC), _upgrades(settings), _copies(settings)
    held = [*private.files_of(settings.database, settings.journal), *(copy for copy, _ in upgrades)]
    held += [copy.file for copy, _ in found]
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
        for copy, until in upgrades
        if until < now
    ]
    problems += [
        f"The copy {copy.file} of the database is older than privacy.backups, and holds personal data"
        f"{_erased([copy])}: delete it."
        for copy, until in found
        if until < now
    ]
    return problems


def _journal(settings: Settings) -> list[str]:
    """Return what is wrong with the erasure journal: goodbyes wait while it cannot be written."""
    try:
        journal.require_writable(settings.journal)
        damaged = journal.damage([settings.journal])
    except DatabaseError as error:
        return [str(error)]
    return [
        f"{line}: put a copy of the journal in its place, or delete the line once `iaventure run` has run since."
        for line in damaged
    ]


def _database(settings: Settings, moments: dict[str, int]) -> list[str]:
    """Return what is wrong with the database and its lessons, and fill in the moments that a service noted."""
    try:
        with open_database(settings.database, key=key_in(settings)) as store:
            older = store.read_now(_older, settings.journal)
            now = datetime.now(UTC)
            if not older:  # a copy that was put back stays unchanged
                ship_library(store, now)
            older += store.read_now(_damaged)
            older += store.read_now(_notice, Facts.of(settings), now)
            published = store.read_now(courses.catalogue)
            moments.update(store.read_now(counters.read))
            if _runs(moments, now):
                older += store.read_now(_unwritten, settings.journal, now - UNWRITTEN)
    except DatabaseError as error:
        return [str(error)]
    if published is None:
        return older or ["No course is published: `iaventure lessons push` publishes one."]
    return [*older, *_held(published, now)]


def _older(tx: Tx, file: Path) -> list[str]:
    """Return the problem that a database is older than its journal, or still holds people whom it names."""
    try:
        journal.require_not_behind(tx, file)
        back = len(journal.still_here(tx, journal.read(file)))
    except JournalError:  # `_journal` says so
        return []
    except DatabaseError as error:
        return [str(error)]
    if not back:
        return []
    people = "1 person who is" if back == 1 else f"{back} people who are"
    named = f"The erasure journal {file} names {people} in the database: stop the service, then "
    return [f"{named}`iaventure db restored --journal {file}` erases them again."]


def _notice(tx: Tx, facts: Facts, now: datetime) -> list[str]:
    """Return what is missing to serve a messenger, and how the notice differs from the one that was published."""
    if not facts.serves_messenger:
        return []
    until = starting.deadline(tx)
    when = f" from {until:%Y-%m-%d} on" if until is not None and now < until else ""
    problems = [
        f"{name} is missing: `iaventure run` refuses to start{when}. `none` does without, and the notice says so."
        for name in starting.missing(facts)
    ]
    if changed := archive.changed(tx, facts):
        differs = "; ".join(map(str, changed))
        problems.append(
            f"The notice differs from the one that people accepted: {differs}. `iaventure notice publish --minor`, or "
            "--material, decides who is told."
        )
    return problems


def _in_clear(settings: Settings) -> list[str]:
    """Return how many addresses wait to be sealed, or that replies may."""
    key = key_in(settings)
    if key is None:
        return []
    try:
        with open_database(settings.database, upgrade=False, key=key) as store:
            begun = store.read_now(keys.fingerprint) is not None
            left, going_on = store.read_now(keys.left), begun and store.read_now(keys.has_work)
    except DatabaseError:  # `_database` says so
        return []
    if not left:
        goes_on = "Sealing is not finished, and replies may hold addresses in clear: the service goes on while it runs."
        return [goes_on] if going_on else []
    what = "1 address is" if left == 1 else f"{left} addresses are"
    return [f"{what} in clear in the database still: the service seals them while it runs."]


def _damaged(tx: Tx) -> list[str]:
    """Name the erasures that no journal can hold: a copy that is put back would bring those people back."""
    return [
        f"Erasure {line.n} of the database has a time that cannot be read: `iaventure run` puts it right within a minute."
        if line.at == UNREADABLE
        else f"Erasure {line.n} of the database names nobody: a copy made before {line.at:%Y-%m-%d %H:%M} UTC would bring "
        "that person back. The service deletes the row once no such copy is kept."
        for line in erasure.damaged(tx)
    ]


def _runs(moments: Mapping[str, int], now: datetime) -> bool:
    """Tell whether a service has noted lately that it runs."""
    noted = [moment for name, moment in moments.items() if name.startswith("watched.")]
    return now.timestamp() - max(noted, default=0) <= RUNNING


def _unwritten(tx: Tx, file: Path, before: datetime) -> list[str]:
    """Return the problem that a running service cannot write the journal, which it does within a minute of an erasure."""
    try:
        held = set(journal.read(file))
    except JournalError:  # `_journal` says so
        return []
    missing = [line for line in journal.rows(tx) if line.at < before and line not in held]
    if not missing:
        return []
    what = "1 erasure is" if len(missing) == 1 else f"{len(missing)} erasures are"
    return [
        f"{what} not in the erasure journal {file}, and goodbyes wait: the log of the service says why (write-journal)."
    ]


def _held(published: Catalogue, now: datetime) -> list[str]:
    """Name the lessons that are not sent: unreadable, held, or past their review date."""
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
