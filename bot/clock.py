# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""When the service plans, reminds and tidies: one tick a minute, one reminder a morning, one tidying a night.

One tick, not one job a learner: 100,000 jobs cost 330 to 430 MB and 13 to 23 seconds at start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.service import Service
from storage.failures import DatabaseError

log = logging.getLogger(__name__)

NIGHT = {"hour": 3, "minute": 17}
AFTER_START = timedelta(minutes=10)
"""When it is tidied once besides: a machine that is switched off at night would never do what it promises to erase."""
MORNING = {"hour": 9, "minute": 5}
"""After most lessons have left, and within everybody's working hours."""


def start(service: Service, time_zone: str) -> AsyncIOScheduler:
    """Tick now, then every minute; remind and tidy once a day in a zone, and tidy soon. The caller shuts it down."""
    # A tick that comes late still comes (no misfire grace): the planner catches up by itself. A job that comes while it
    # still runs is ours to skip: the library would log it under a name of its own.
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 3}
    )

    async def plan() -> None:
        await service.plan(service.now().replace(second=0, microsecond=0))

    scheduler.add_job(
        _logged("plan-lessons", plan),
        CronTrigger(second=0, timezone=UTC),
        next_run_time=datetime.now(UTC),
        id="plan",
    )
    scheduler.add_job(
        _logged("follow-erasures", service.departures.look),
        CronTrigger(second=30, timezone=UTC),
        id="follow-erasures",
    )
    scheduler.add_job(
        _logged("tidy-database", service.tidy),
        CronTrigger(**NIGHT, timezone=time_zone),
        next_run_time=datetime.now(UTC) + AFTER_START,
        id="tidy",
    )
    scheduler.add_job(
        _logged("remind-admins", service.telling.remind_admins),
        CronTrigger(**MORNING, timezone=time_zone),
        id="remind-admins",
    )
    scheduler.start()
    return scheduler


def _logged(action: str, body: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """Return a job that runs once at a time, and whose failure is logged and does not end the next ones."""
    running = False

    async def job() -> None:
        nonlocal running
        if running:
            log.warning(
                "A scheduled job is still under way at its next time, which it skips.",
                extra={"action": action},
            )
            return
        running = True
        try:
            await body()
        except asyncio.CancelledError:
            return  # the process stops: the library would tell of it as a failure, with a traceback
        except DatabaseError as error:
            log.error(  # noqa: TRY400 - one sentence is what the operator needs
                "A scheduled job failed, it is tried again at its next time: %s",
                error,
                extra={"action": action},
            )
        except Exception:
            log.exception(
                "A scheduled job failed; it is tried again at its next time.", extra={"action": action}
            )
        finally:
            running = False

    return job
