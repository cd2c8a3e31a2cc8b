# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Strangers where a code is needed: whoever did not begin within a day is erased, some each minute."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from storage import access, erasure
from storage.failures import DatabaseError
from storage.store import Store

log = logging.getLogger(__name__)

EACH = 100
"""Addresses that are erased in one minute, at most."""
PASSED_BY = timedelta(hours=1)
"""How long those who could not be erased are passed by: they come first, and would fill each minute."""


class Strangers:
    """The work of one process. A restart tries everybody again."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now
        self._stuck, self._since = set[str](), now()

    async def forget(self) -> None:
        """Erase the addresses of those who did not begin within a day.

        Raises:
            DatabaseError: the database does not answer.
        """
        now = self._now()
        if not timedelta(0) <= now - self._since < PASSED_BY:
            self._stuck.clear()
            self._since = now
        for learner_id in await self._store.read(access.strangers, now, EACH, self._stuck):
            try:
                erased = await self._store.write(
                    erasure.erase_departed, learner_id, now - access.STRANGERS_KEPT, now
                )
            except DatabaseError:
                raise
            except Exception:  # one person stops no other
                erased = False
                log.exception(
                    "A stranger cannot be erased; the others are.",
                    extra={"action": "tidy-database", "learner": learner_id},
                )
            if not erased:
                self._stuck.add(learner_id)
