# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A batch that failed, taken in parts: one row that nobody foresaw stops none of the others.

These functions block the calling thread.
"""

from __future__ import annotations

import logging
from datetime import datetime

from bot.service import pauses, planning, spreading
from config.schedule import Schedule
from storage import broadcasts
from storage.failures import DatabaseError
from storage.progress import enrolments
from storage.store import Store

log = logging.getLogger(__name__)


def plan(store: Store, tick: datetime, default: Schedule) -> int:
    """Do as `planning.plan`. A batch that fails is planned in halves; whoever fails alone is moved past their slot.

    Raises:
        DatabaseError: the database is at fault, and no learner.
    """
    try:
        return store.write_now(planning.plan, tick, default)
    except DatabaseError:
        raise
    except Exception:
        log.exception("A batch cannot be planned; it is planned in halves.", extra={"action": "plan-lessons"})
    ids = store.read_now(enrolments.due_ids, tick, planning.BATCH)
    parts = [ids] if ids else []
    while parts:
        some = parts.pop()
        try:
            store.write_now(planning.plan_some, some, tick, default)
        except DatabaseError:
            raise
        except Exception:
            if len(some) > 1:
                middle = len(some) // 2
                parts += [some[middle:], some[:middle]]
                continue
            log.exception(
                "A learner cannot be planned, and is moved past this slot.",
                extra={"action": "skip-slot", "enrolment": some[0]},
            )
            _pass_over(store, some[0], tick, default)
    return len(ids)


def _pass_over(store: Store, enrolment: int, tick: datetime, default: Schedule) -> None:
    """Move a learner past a slot by their schedule; by a day, when that is what fails: no later batch may meet it again."""
    try:
        store.write_now(pauses.end, enrolment, tick, default)
    except DatabaseError:
        raise
    except Exception:
        log.exception(
            "The pause of a learner cannot be ended.",
            extra={"action": "skip-slot", "enrolment": enrolment},
        )
    try:
        store.write_now(planning.pass_over, enrolment, tick, default)
    except DatabaseError:
        raise
    except Exception:
        log.exception(
            "The slot is passed over by a day.", extra={"action": "skip-slot", "enrolment": enrolment}
        )
        store.write_now(planning.pass_day, enrolment, tick)


def spread(store: Store, tick: datetime, default: Schedule) -> bool:
    """Do as `spreading.spread`. A batch that fails is made smaller; a learner who fails alone is passed over.

    Raises:
        DatabaseError: the database is at fault, and no learner.
    """
    most = planning.BATCH
    while True:
        try:
            return store.write_now(spreading.spread, tick, default, most)
        except DatabaseError:
            raise
        except Exception:
            if most > 1:
                most //= 2
                continue
            passed = store.write_now(broadcasts.pass_over, tick)
            log.exception(
                "A broadcast cannot go to a learner, who is passed over; without one, it ends.",
                extra={"action": "spread-broadcast", "enrolment": passed},
            )
            return True
