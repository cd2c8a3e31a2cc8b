# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How much of each story is lived through, all of it or the ten-minute cut; and on which database."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from storage.database import upgrade
from tests.postgres import Postgres


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
    server: Postgres | None = None
    """Where databases are made; without it, each story has a file of its own."""

    async def database(self) -> str:
        """The address of a new database with every table; empty for a file."""
        if self.server is None:
            return ""
        url = await asyncio.to_thread(self.server.database)
        await asyncio.to_thread(upgrade, url)
        return url

    @property
    def postgres(self) -> Postgres:
        """The server. Raises `LookupError` where there is none."""
        if self.server is None:
            raise LookupError("this story needs a PostgreSQL server")
        return self.server


FULL = Size(crowd=3_000, kills=20, pause=30, long_pause=600, rooms=120)
SHORT = Size(crowd=400, kills=5, pause=6, long_pause=20, rooms=30)
