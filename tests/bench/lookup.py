# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How long does it take to find somebody by their address among many, sealed or in clear?"""

from __future__ import annotations

import random
import time

from storage import learners
from storage.sealing import KEY, Sealing
from storage.types import Tx
from tests.bench.figure import Figure
from tests.bench.scale import Scale
from tests.bench.town import database

LOOKUPS = 2_000


async def measure(scale: Scale) -> list[Figure]:
    """The same people are looked up in both databases, in turn."""
    clear, sealed = [], []
    with (
        database(scale.enrolments) as plain,
        database(scale.enrolments, key=Sealing(bytes(KEY))) as with_key,
    ):
        for turn in range(scale.repeats):
            numbers = random.Random(turn).choices(range(1, scale.enrolments + 1), k=LOOKUPS)  # noqa: S311
            clear.append(plain.read_now(_look_up, numbers))
            sealed.append(with_key.read_now(_look_up, numbers))
    extra = tuple(one - other for one, other in zip(sealed, clear, strict=True))
    return [
        Figure("look-up of a sealed address, more than in clear", extra, "µs", at_most=30),
        Figure("  sealed", tuple(sealed), "µs"),
        Figure("  in clear", tuple(clear), "µs"),
    ]


def _look_up(tx: Tx, numbers: list[int]) -> float:
    """Return the microseconds of one look-up."""
    began = time.perf_counter()
    for number in numbers:
        if learners.by_address(tx, "telegram", str(number)) is None:
            raise LookupError(f"nobody is found at {number}")
    return (time.perf_counter() - began) / len(numbers) * 1e6
