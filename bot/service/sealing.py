# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The sealing of addresses that were in clear before the database had a key: beside the loops, in small steps with rests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from storage import keys, sealing, seals
from storage.failures import DatabaseError
from storage.store import Store
from storage.types import Tx

log = logging.getLogger(__name__)

STEP = 200
"""Addresses sealed in one transaction."""
REST = 4
"""Times as long as a step took, before the next one."""
Find = Callable[[Tx, int, int], keys.Place]
Seal = Callable[[Tx, Sequence[int]], int]
TABLES = ("address", "outbox", "pending", "to_forget", "staff")


def _has_strays(tx: Tx) -> bool:
    return sealing.of(tx) is not None and keys.left(tx) > 0


class Sealer:
    """The work of one process. `emptied` is called once no address is left in clear: the database's log still has some."""

    def __init__(self, store: Store, now: Callable[[], datetime], emptied: Callable[[], object]) -> None:
        self._store, self._now, self._emptied = store, now, emptied
        self._working = asyncio.Lock()

    async def run(self) -> None:
        """Seal what is left in clear, if anything may be. A step that fails is tried again the next night."""
        if self._working.locked():
            return
        async with self._working:
            try:
                # A command that had no key yet, begun just before the service, may leave a row in clear.
                if await self._store.read(keys.has_work) or await self._store.read(_has_strays):
                    await self._seal_all()
            except DatabaseError as error:
                log.warning("Addresses are sealed later: %s", error, extra={"action": "seal-addresses"})
            except Exception:
                log.exception("Addresses are sealed later.", extra={"action": "seal-addresses"})

    async def _seal_all(self) -> None:
        number = await self._walk(keys.next_in_clear, seals.seal)
        await self._walk(keys.next_replies, seals.seal_replies)
        await self._store.write(seals.seal_waiting)
        if left := await self._store.read(keys.left):
            log.error(
                "Some addresses could not be sealed: they are tried again the next night.",
                extra={"action": "seal-addresses", "left": left},
            )
            return
        await self._store.write(keys.note_done, self._now())
        await self._store.vacuum(TABLES)
        self._emptied()
        log.info(
            "Every address is sealed: none is in clear any more.",
            extra={"action": "seal-addresses", "addresses": number},
        )

    async def _walk(self, find: Find, seal: Seal) -> int:
        """Seal what is found, step by step; return how many rows."""
        clock = asyncio.get_running_loop().time
        after: int | None = 0
        number = 0
        while after is not None:
            began = clock()
            ids, after = await self._store.read(find, after, STEP)
            if ids:
                number += await self._seal(seal, ids)
            await asyncio.sleep(REST * (clock() - began))
        return number

    async def _seal(self, seal: Seal, ids: Sequence[int]) -> int:
        """Seal some rows; if the step fails, each alone: one row stops no other."""
        try:
            return await self._store.write(seal, ids)
        except DatabaseError:
            raise
        except Exception:
            if len(ids) == 1:
                log.exception(
                    "A row cannot be sealed; the others are.",
                    extra={"action": "seal-addresses", "row": ids[0]},
                )
                return 0
        return sum([await self._seal(seal, [id_]) for id_ in ids])
