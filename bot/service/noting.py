# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The erasure journal as one process keeps it: what the database knows and the file lacks is appended.

Each minute only the erasures since the last look are read, and all of them at start, at night, and when somebody else
changed the file: 10,000 take 47 ms to check, twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from storage import erasure, journal
from storage.failures import DatabaseError
from storage.store import Store
from storage.types import Tx

log = logging.getLogger(__name__)

Alert = Callable[[str, str], Awaitable[None]]
"""Sends admins the sentence of a key, about something."""


class Noting:
    """The journal of one process. `file`: None where nothing is erased for real, as in a bench."""

    def __init__(
        self, store: Store, file: Path | None, now: Callable[[], datetime], alert: Alert | None
    ) -> None:
        self._store, self._file, self._now, self._alert = store, file, now, alert
        self._writing = asyncio.Lock()
        self._trouble = ""
        self._damaged: list[journal.Line] = []
        # The last erasures that were looked at, and that the file held when it looked like that.
        self._looked, self._noted = 0, 0
        self._anew = 0
        """How often `_noted` was set back: who read before that knows less, and sets nothing."""
        self._left: tuple[int, int, int] | None = None

    async def note(self, since: datetime) -> None:
        """Write to the journal what it lacks of the erasures since an instant.

        Raises:
            DatabaseError: it cannot be read or written.
        """
        if self._file is None:
            return
        whole = self._left is not None and _looks(self._file) == self._left
        anew = self._anew
        lines = await self._store.read(journal.rows, since, self._noted if whole else 0)

        def add(file: Path) -> None:
            if whole and not lines:
                journal.require_writable(file)
                return
            journal.append(file, lines)
            self._left = _looks(file)

        await self._with_journal(add)
        if self._anew == anew:
            self._noted = max((self._noted, *(line.n for line in lines)))

    async def mend(self) -> None:
        """Put right the new erasures that the journal cannot hold, and log them; once a night those that stay damaged."""

        def look(tx: Tx) -> tuple[int, list[journal.Line]]:
            return erasure.newest(tx), erasure.damaged(tx, self._looked) and erasure.damaged(tx)

        newest, damaged = await self._store.read(look)
        if damaged and damaged != self._damaged:
            held: list[journal.Line] = []
            with suppress(DatabaseError):  # already reported
                await self._with_journal(lambda file: held.extend(journal.read(file)))
            self._damaged = await self._store.write(erasure.mend, held, self._now())
            self._note_anew()  # their numbers are older than others in the file
            for line in damaged:
                log.error(
                    "Erasure %d of the database cannot be read: %s",
                    line.n,
                    "`iaventure check` says what follows." if line in self._damaged else "it has a new time.",
                    extra={"action": "mend-erasure"},
                )
        self._looked = newest

    async def look_at_all(self) -> None:
        """Look at every erasure again, once a night: one that was read before may be damaged since."""
        self._looked, self._damaged = 0, []
        self._note_anew()
        await self.mend()

    def _note_anew(self) -> None:
        self._noted, self._anew = 0, self._anew + 1

    async def tidy(self, oldest: datetime) -> None:
        """Prune the journal, and log its unreadable lines. A failure is reported once a night."""
        self._trouble = ""

        def tidy(file: Path) -> None:
            journal.prune(file, oldest)
            for line in journal.damage([file]):
                log.warning("%s: `iaventure check` says what to do.", line, extra={"action": "write-journal"})

        with suppress(DatabaseError):  # already reported
            await self._with_journal(tidy)

    def is_reported(self, error: DatabaseError) -> bool:
        """Tell whether a failure is that of the journal which was reported."""
        return str(error) == self._trouble

    async def _with_journal(self, do: Callable[[Path], None]) -> None:
        """Read or write the journal in a thread. A failure is reported once, for as long as it lasts.

        Raises:
            DatabaseError: it cannot be read or written.
        """
        if self._file is None:
            return
        try:
            async with self._writing:
                await asyncio.to_thread(do, self._file)
        except DatabaseError as error:
            await self._tell(str(error))
            raise
        if self._trouble:
            log.warning("The erasure journal is written again.", extra={"action": "write-journal"})
        self._trouble = ""

    async def _tell(self, trouble: str) -> None:
        if trouble == self._trouble or self._file is None:
            return
        self._trouble = trouble
        log.error("%s Goodbyes wait until then.", trouble, extra={"action": "write-journal"})
        if self._alert is not None:
            await self._alert("alert.journal", self._file.name)


def _looks(file: Path) -> tuple[int, int, int] | None:
    """Return what changes when somebody writes a file, or puts another in its place; None when it cannot be seen."""
    try:
        seen = file.stat()
    except OSError:
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns
