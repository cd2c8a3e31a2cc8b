# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The night's work: drop what is kept no longer, in steps so small that no reply waits for them.

Each step is followed by a rest four times as long, and its size follows from how long the last one took: a slow disk, or
people who write meanwhile, make the steps smaller and the night longer.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta

from bot.notice.facts import INVITED_KEPT
from bot.service.outgoing import REPLY_LASTS
from config.retention import Retention
from storage import access, attestations, erasure, odd_rows, pending, private, reconciliation, staff
from storage.failures import DatabaseError
from storage.outbox import ledger
from storage.progress import forgetting
from storage.store import Store
from storage.types import Tx

log = logging.getLogger(__name__)

DAYS_KEPT = timedelta(days=366)
"""How long the reconciliation of a day is kept."""

STEP = 0.010
"""Seconds that a step should take at most, with its commit."""
REST = 4
"""Times as long as a step took, before the next one."""
FEWEST, MOST = 20, 500
"""Rows in a step."""
LEARNERS = 500
"""Learners who are looked through at once, beside the writer."""

Forget = Callable[[Tx, datetime, int], int]
"""Forgets what is older than an instant, at most so many rows; how many went."""


class Tidying:
    """One night. `gone` counts what went."""

    def __init__(
        self, store: Store, kept: Retention, now: datetime, *, audit: timedelta = timedelta(days=1095)
    ) -> None:
        """`audit`: how long it is kept who administered."""
        self.store, self.kept, self.now, self.audit = store, kept, now, audit
        self.rows = FEWEST
        self.gone: Counter[str] = Counter()

    async def run(self) -> None:
        """Erase and forget all of it; what fails is logged, and the rest goes on.

        Raises:
            DatabaseError: the database does not answer.
        """
        old = self.now - self.kept.messages
        with _going_on("learners"):
            await self.erase()
        with _going_on("odd rows"):
            await self.mend_all()
        with _going_on("events"):
            await self.forget("events", forgetting.drop_events, old)
        with _going_on("pending"):
            await self.forget("pending", pending.drop_old, self.now - REPLY_LASTS)
        with _going_on("menus"):
            await self.forget("menus", forgetting.drop_menus, old)
        with _going_on("messages"):
            await self.forget("messages", ledger.prune, old)
        with _going_on("attestations"):
            await self.forget("attestations", attestations.drop_old, self.now - self.kept.attestations)
        with _going_on("days"):
            await self.forget("days", reconciliation.drop_old, self.now - DAYS_KEPT)
        with _going_on("questions"):
            await self.forget_answered(self.now - self.kept.answers)
        with _going_on("codes"):
            async with _unhurried():
                self.gone["codes"] += await self.store.write(access.forget, self.now)
        with _going_on("staff"):
            async with _unhurried():
                self.gone["staff"] += await self.store.write(staff.forget, self.now - self.audit)
        log.info(
            "Old events, menus, messages and questions are gone, and whoever never accepted the notice.",
            extra={"action": "tidy-database", **self.gone},
        )

    async def mend_all(self) -> None:
        """Correct the damaged rows of learners, in steps."""
        after: str | None = ""
        while after is not None:
            async with _unhurried():
                ids, after = await self.store.read(odd_rows.astray, self.now, after, LEARNERS)
            while ids:
                some, ids = ids[: self.rows], ids[self.rows :]
                await self.mend(some)

    async def mend(self, ids: list[str]) -> None:
        """Correct some rows, and log their ids. If the step fails, try each row alone: one row stops no other."""
        try:
            async with self.step():
                await self.store.write(odd_rows.mend, ids, self.now)
        except DatabaseError:
            raise
        except Exception:
            if len(ids) == 1:
                log.exception(
                    "The row of a learner cannot be corrected; the rest goes on.",
                    extra={"action": "tidy-database", "learner": ids[0]},
                )
                return
            for learner_id in ids:
                await self.mend([learner_id])
        else:
            log.error(
                "The role or the next lesson of learners could not be right: it is corrected.",
                extra={"action": "mend-learner", "learners": len(ids), "ids": " ".join(ids)},
            )

    async def erase(self) -> None:
        """Erase addresses that never accepted the notice."""
        invited_before = self.now - INVITED_KEPT
        after: str | None = ""
        while after is not None:
            async with _unhurried():
                gone, after = await self.store.read(erasure.departed, invited_before, after, LEARNERS)
            for learner_id in gone:
                erased = False
                with _going_on("learners"):
                    async with _unhurried():
                        erased = await self.store.write(
                            erasure.erase_departed, learner_id, invited_before, self.now
                        )
                self.gone["learners"] += erased

    async def forget(self, what: str, forget: Forget, before: datetime) -> None:
        """Forget rows step by step, until a step is not full."""
        went = rows = 0
        while went == rows:
            rows = self.rows
            async with self.step():
                went = await self.store.write(forget, before, rows)
            self.gone[what] += went

    async def forget_answered(self, before: datetime) -> None:
        """Forget questions that were answered long ago, some learners at a time."""
        after: str | None = ""
        while after is not None:
            async with _unhurried():
                prompts, after = await self.store.read(forgetting.old_prompts, before, after, LEARNERS)
            self.gone["questions"] += len(prompts)
            while prompts:
                some, prompts = prompts[: self.rows], prompts[self.rows :]
                async with self.step():
                    await self.store.write(forgetting.drop_prompts, some)

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """Make one write, then rest. How long it took, waiting included, decides on the size of the next step."""
        async with _unhurried() as times:
            yield
        (took,) = times
        if took > STEP:
            self.rows = max(FEWEST, self.rows // 2)
        elif took < STEP / 2:
            self.rows = min(MOST, self.rows * 2)


async def delete_copies(url: str, before: datetime) -> None:
    """Delete the copies of before an upgrade that are older than any copy may be: they hold who was erased since."""
    if not url:
        return
    went, stay = await asyncio.to_thread(private.delete_copies, url, before)
    for copy in went:
        log.info(
            "The copy %s of before an upgrade is deleted: it was older than privacy.backups.",
            copy.name,
            extra={"action": "delete-copy"},
        )
    for copy in stay:
        log.error(
            "The copy %s of before an upgrade is older than privacy.backups, and cannot be deleted: delete it.",
            copy.name,
            extra={"action": "delete-copy"},
        )


@contextmanager
def _going_on(what: str) -> Iterator[None]:
    """Log what fails in the block, unless it is the database: one learner or one table stops no other."""
    try:
        yield
    except DatabaseError:
        raise
    except Exception:
        log.exception(
            "A part of the night's work failed; the rest goes on.",
            extra={"action": "tidy-database", "part": what},
        )


@asynccontextmanager
async def _unhurried() -> AsyncIterator[list[float]]:
    """Rest after the block. The list that is given holds, after it, the seconds that the block took."""
    clock = asyncio.get_running_loop().time
    took: list[float] = []
    began = clock()
    yield took
    took.append(clock() - began)
    await asyncio.sleep(REST * took[0])
