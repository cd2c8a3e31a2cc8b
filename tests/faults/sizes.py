# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How much of each story is lived through: all of it, or the ten-minute cut."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


async def _file() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Size:
    """Of one run of the matrix."""

    crowd: int
    kills: int
    pause: float
    """Seconds that something is gone."""
    long_pause: float
    """Seconds that name resolution is gone."""
    rooms: int
    """Of a homeserver."""
    database: Callable[[], Awaitable[str]] = _file
    """The address of a new database; empty: a file of the story's own."""


FULL = Size(crowd=3_000, kills=20, pause=30, long_pause=600, rooms=120)
SHORT = Size(crowd=400, kills=5, pause=6, long_pause=20, rooms=30)
