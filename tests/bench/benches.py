# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which benches are there, and how does one run?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from tests.bench import claim, inbound, matrix, outbound, planning, replies, start, tidy, year
from tests.bench.figure import Figure
from tests.bench.scale import Scale

BENCHES: dict[str, Callable[[Scale], Coroutine[Any, Any, list[Figure]]]] = {
    "outbound": outbound.measure,
    "far": outbound.measure_far,
    "inbound": inbound.measure,
    "replies": replies.measure,
    "planning": planning.measure,
    "claim": claim.measure,
    "claim-postgresql": claim.measure_on_a_server,
    "tidy": tidy.measure,
    "year": year.measure,
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
