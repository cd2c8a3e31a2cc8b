# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The sealing of addresses that were in clear before the database had a key: beside the loops, in small steps with rests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from storage import keys
from storage.failures import DatabaseError
from storage.store import Store

log = logging.getLogger(__name__)

STEP = 200
"""Addresses sealed in one transaction."""
REST = 4
"""Times as long as a step took, before the next one."""
TABLES = ("address", "pending", "to_forget")


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
                if await self._store.read(keys.has_work):
                    await self._seal_all()
            except DatabaseError as error:
                log.warning("Addresses are sealed later: %s", error, extra={"action": "seal-addresses"})
            except Exception:
                log.exception("Addresses are sealed later.", extra={"action": "seal-addresses"})

    async def _seal_all(self) -> None:
        clock = asyncio.get_running_loop().time
        await self._store.write(keys.seal_waiting)
        after: int | None = 0
        number = 0
        while after is not None:
            ids, after = await self._store.read(keys.next_in_clear, after, STEP)
            if ids:
                began = clock()
                number += await self._seal(ids)
                await asyncio.sleep(REST * (clock() - began))
        await self._store.write(keys.seal_waiting)
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

    async def _seal(self, ids: Sequence[int]) -> int:
        """Seal some addresses; if the step fails, each alone: one row stops no other."""
        try:
            return await self._store.write(keys.seal, ids)
        except DatabaseError:
            raise
        except Exception:
            if len(ids) == 1:
                log.exception(
                    "An address cannot be sealed; the others are.",
                    extra={"action": "seal-addresses", "address_id": ids[0]},
                )
                return 0
        return sum([await self._seal([id_]) for id_ in ids])
