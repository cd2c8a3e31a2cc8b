# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The dialect of PostgreSQL: the verbs of `storage.dialects`, and everything that SQLite does otherwise."""

from storage.postgres.connections import engine
from storage.postgres.transactions import begin, rebuilding, require_transaction
from storage.postgres.upkeep import (
    create_own,
    go_on_from,
    keep_copy,
    last_number,
    require_alone,
    require_writable,
    scrub,
    vacuum,
)

__all__ = [
    "begin",
    "create_own",
    "engine",
    "go_on_from",
    "keep_copy",
    "last_number",
    "rebuilding",
    "require_alone",
    "require_transaction",
    "require_writable",
    "scrub",
    "vacuum",
]
