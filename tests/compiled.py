# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Statements are compiled once for the tests of a process, not once for each database: a third of a conversation's time.

SQLAlchemy keeps what it compiled by dialect object and engine, and each test opens databases of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storage.postgres import connections as postgres
from storage.sqlite import connections as sqlite

if TYPE_CHECKING:
    from types import ModuleType

    from sqlalchemy import Engine


def once() -> None:
    """Let all engines of one kind that are made from here on share what one of them compiled."""
    for module in (sqlite, postgres):
        _share(module)


def _share(module: ModuleType) -> None:
    make, first = module.create_engine, list["Engine"]()

    def shared(*args: Any, **options: Any) -> Engine:
        made: Engine = make(*args, **options)
        # A dialect learns of its server at the first connection, from the engine that it was made with.
        if not first or first[0].dialect.server_version_info is None:
            first[:] = [made]
            return made
        made.dialect = made.pool._dialect = first[0].dialect
        made._compiled_cache = first[0]._compiled_cache
        return made

    module.create_engine = shared  # type: ignore[attr-defined]
