# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Erasures that a restored copy knows nothing of: the journals say who is to be erased again, before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import erasure, journal
from storage.journal import Line
from storage.store import Store
from storage.types import Tx

STEP = 50
"""Learners in one transaction."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many learners were erased again, when the last erasure was that a journal tells of, and what none covers."""

    erased: int
    until: datetime | None
    uncovered: timedelta
    """From then to the loss: an erasure of that time is in no journal."""


def replay(store: Store, lines: Collection[Line], lost_at: datetime, now: datetime) -> Replayed:
    """Erase again whom the journals name: any number of times. No service may run on the database meanwhile."""
    union = sorted(set(lines))
    erased = sum(
        store.write_now(_erase_again, union[first : first + STEP], now)
        for first in range(0, len(union), STEP)
    )
    store.write_now(journal.take_in, union)
    until = max((line.at for line in union), default=None)
    uncovered = timedelta(0) if until is None else max(timedelta(0), lost_at - until)
    return Replayed(erased, until, uncovered)


def _erase_again(tx: Tx, lines: Sequence[Line], now: datetime) -> int:
    here = journal.still_here(tx, lines)
    for learner_id in here:
        erasure.erase(tx, learner_id, now, noted=True)
    return len(here)
