# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which benches are there, and how does one run?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from tests.bench import (
    answers,
    claim,
    day,
    failover,
    inbound,
    matrix,
    outbound,
    planning,
    pressure,
    replies,
    start,
    tidy,
    year,
)
from tests.bench.figure import Figure
from tests.bench.scale import Scale

BENCHES: dict[str, Callable[[Scale], Coroutine[Any, Any, list[Figure]]]] = {
    "outbound": outbound.measure,
    "far": outbound.measure_far,
    "outbound-postgres": outbound.measure_postgres,
    "inbound": inbound.measure,
    "answers": answers.measure,
    "replies": replies.measure,
    "flood": pressure.measure_flood,
    "broadcast": pressure.measure_broadcast,
    "planning": planning.measure,
    "claim": claim.measure,
    "claim-postgres": claim.measure_postgres,
    "tidy": tidy.measure,
    "year": year.measure,
    "day": day.measure,
    "failover": failover.measure,
    "start": start.measure,
    "matrix-replies": matrix.measure_replies,
    "matrix-outbound": matrix.measure_outbound,
    "matrix-start": matrix.measure_start,
    "matrix-invitations": matrix.measure_invitations,
}


def run(name: str, scale: Scale) -> list[Figure]:
    """One bench, in the process that calls."""
    logging.basicConfig(level=logging.ERROR)
    return asyncio.run(BENCHES[name](scale))
