# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Statements are compiled once for the tests of a process, not once for each database: a third of a conversation's time.

SQLAlchemy keeps what it compiled by dialect object, for each engine, and each test opens databases of its own.
"""

from __future__ import annotations

from functools import cache
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
    make, kept = module.create_engine, list[Any]()

    def shared(*args: Any, **options: Any) -> Engine:
        made: Engine = make(*args, **options)
        # What is listened to stays each engine's own: only what was compiled is looked up as if all dialects were one.
        dialect: Any = made.dialect
        dialect.__class__ = _alike(dialect.__class__)
        if not kept:
            kept.append(made._compiled_cache)
        made._compiled_cache = kept[0]
        return made

    module.create_engine = shared  # type: ignore[attr-defined]


@cache
def _alike(kind: Any) -> Any:
    """Dialects of a kind, each equal to all others of it."""
    return type(
        kind.__name__,
        (kind,),
        {
            "__hash__": lambda _: hash(kind),
            "__eq__": lambda _, other: other.__class__ is _alike(kind),
            # It is not inherited: without it, a dialect keeps nothing that it compiled.
            "supports_statement_cache": kind.supports_statement_cache,
        },
    )
