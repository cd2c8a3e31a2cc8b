# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Copies of every row into another database of either kind: table by table, in batches, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, Text, bindparam, func, insert, select, type_coerce
from sqlalchemy.exc import DataError

from storage import dialects
from storage.failures import DatabaseError
from storage.tables import metadata
from storage.types import Json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Table

BATCH = 1000
"""Rows in memory at once."""


def require_empty(target: Connection) -> None:
    """Check that a database holds no row.

    Raises:
        DatabaseError: it does.
    """
    for table in metadata.sorted_tables:
        if target.execute(select(table).limit(1)).first() is not None:
            raise DatabaseError(
                f"The target is not empty: its table {table} has rows. Give an empty database."
            )


def copy(source: Connection, target: Connection) -> Iterator[tuple[str, int]]:
    """Copy every row from one transaction into another; yield the name of each table and its number of rows.

    Raises:
        DatabaseError: the target refused a row, or a table has other numbers of rows in source and target.
    """
    for table in metadata.sorted_tables:
        _copy_rows(table, source, target)
        if (numbered := table.autoincrement_column) is not None:
            last = dialects.of(source).last_number(source, numbered)
            dialects.of(target).go_on_from(target, numbered, last)
        before, after = _count(source, table), _count(target, table)
        if before != after:
            raise DatabaseError(
                f"The copy was undone: {before} rows of {table} became {after}. Please report it."
            )
        yield table.name, after


def _copy_rows(table: Table, source: Connection, target: Connection) -> None:
    # JSON as text: stored texts are canonical, and parsing each value to write it again would take three times as long.
    texts = {column.name for column in table.columns if isinstance(column.type, Json)}
    columns = [type_coerce(c, Text()).label(c.name) if c.name in texts else c for c in table.columns]
    values: dict[str, Any] = {name: bindparam(name, type_=Text()) for name in texts}
    write = insert(table).values(values) if values else insert(table)
    rows = source.execute(
        select(*columns).order_by(*table.primary_key), execution_options={"yield_per": BATCH}
    )
    for batch in rows.mappings().partitions():
        try:
            target.execute(write, [dict(row) for row in batch])
        except DataError as error:
            raise DatabaseError(_misfits(table, source) or f"{table}: {error.orig}") from error


def _misfits(table: Table, source: Connection) -> str:
    """Return a sentence about a column with texts that SQLite keeps and PostgreSQL refuses, or nothing."""
    for column in table.columns:
        if isinstance(column.type, String) and column.type.length is not None:
            wrong = func.length(column) > column.type.length
            if number := source.scalar(select(func.count()).select_from(table).where(wrong)):
                return (
                    f"The target takes {column.type.length} characters in {table}.{column.name}, "
                    f"and {number} rows have more. Shorten them first."
                )
    return ""


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
