# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is in a bot's database, whether the bot runs or not? Looked at from outside, a file as well as a server.

Statements are plain SQL that both engines understand; a value is named in them as `:name`. An instant that goes in is
kept as the bot keeps its own; one that comes out is as the engine tells it.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import NullPool, bindparam, create_engine, text

from storage import dialects
from storage.types import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine, TextClause

    Course = Callable[[Path], str]
    """Makes a database in which the course is published, for a bot that has a folder; its address."""

PATIENCE = 30.0
"""Seconds to wait for a server, or for whoever holds a file."""


def rows(url: str, query: str, **values: object) -> list[tuple[Any, ...]]:
    """What a database holds now, whoever else uses it."""
    with _engine(url, "ro").connect() as connection:
        return [tuple(row) for row in connection.execute(_statement(query, values))]


def edit(url: str, statement: str, **values: object) -> None:
    """Change a database."""
    with _engine(url, "rw").begin() as connection:
        connection.execute(_statement(statement, values))


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program writes while the block runs, and lets nobody else."""
    engine = dialects.engine(url, patient=True)
    try:
        with engine.connect() as other, dialects.of(other).begin(other):
            yield
    finally:
        engine.dispose()


def file_of(url: str) -> Path:
    """The file that an address names."""
    return Path(url.removeprefix("sqlite:///"))


def _statement(sql: str, values: dict[str, object]) -> TextClause:
    kinds = {True: UtcDateTime(), False: None}
    return text(sql).bindparams(
        *(bindparam(name, value, kinds[isinstance(value, datetime)]) for name, value in values.items())
    )


@cache
def _engine(url: str, mode: str) -> Engine:
    """Each use connects anew, as the server may have been started again, and leaves nothing open."""
    if dialects.is_server(url):
        return create_engine(
            "postgresql+psycopg://",
            creator=lambda: psycopg.connect(url, connect_timeout=round(PATIENCE)),
            poolclass=NullPool,
        )
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(f"file:{file_of(url)}?mode={mode}", uri=True, timeout=PATIENCE),
        poolclass=NullPool,
    )
