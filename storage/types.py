# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Transactions, column types that behave the same on SQLite and PostgreSQL, and INSERTs with `ON CONFLICT`."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    Dialect,
    String,
    Text,
    TypeDecorator,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.types import UserDefinedType

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.types import TypeEngine

    Upsert = sqlite_dialect.Insert | postgresql.Insert

Tx = Connection
"""A transaction under way. A function that takes one neither commits it nor keeps it."""


UNREADABLE = datetime(1900, 1, 1, tzinfo=UTC)
"""Stands for a stored value that is not an instant: long past, and never written. Raising would fail the whole query."""


_Day = TypeVar("_Day", bound=date)


def _reader(parse: Callable[[str], _Day], unreadable: _Day) -> Callable[[Any], _Day | None]:
    def read(stored: Any) -> _Day | None:
        if stored is None:
            return None
        try:
            return parse(stored)
        except (ValueError, TypeError):
            return unreadable

    return read


class _SqliteDateTime(sqlite_dialect.DATETIME):
    """The text that SQLAlchemy writes, formatted in C: in Python it took 6 % of planning. Any value can be read."""

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:  # noqa: ARG002
        return lambda value: None if value is None else value.isoformat(" ", "microseconds")

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002
        return _reader(datetime.fromisoformat, UNREADABLE)


_LAST = datetime(9999, 12, 31, tzinfo=UTC)
"""Later instants cannot be converted to every time zone: the local date may be after the last day of the calendar."""


def _utc(value: datetime) -> datetime:
    try:
        utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        return UNREADABLE
    return utc if utc < _LAST else UNREADABLE


def instant_of(stored: Any) -> datetime:
    """Return an instant as a file of SQLite holds it, for a copy that is read without an engine."""
    return _utc(_reader(datetime.fromisoformat, UNREADABLE)(stored) or UNREADABLE)


class _SqliteDate(UserDefinedType[date]):
    """A date on SQLite. For SQLAlchemy's own `Date` the driver's type is used, which raises for other values."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "DATE"

    def bind_processor(self, dialect: Dialect) -> Callable[[date | None], str | None]:  # noqa: ARG002
        return lambda value: None if value is None else value.isoformat()

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], date | None]:  # noqa: ARG002
        return _reader(date.fromisoformat, UNREADABLE.date())


class LocalDate(TypeDecorator[date]):
    """A date. A stored value that is not a date is read as that of `UNREADABLE`."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[date]:
        """Choose the type that reads anything on SQLite; `storage.postgres.connections` sees to it on PostgreSQL."""
        if dialect.name != "sqlite":
            return super().load_dialect_impl(dialect)
        return dialect.type_descriptor(_SqliteDate())


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, `datetime.UTC` out. SQLite drops offsets silently; here a naive value is an error.

    A stored value that is not an instant is read as `UNREADABLE`.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """Choose the faster type on SQLite."""
        if dialect.name != "sqlite":
            return super().load_dialect_impl(dialect)
        return dialect.type_descriptor(_SqliteDateTime())  # type: ignore[no-untyped-call]

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; SQLite stores it without the offset, so that texts sort as instants.

        Raises:
            ValueError: it is naive.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to an aware instant in `datetime.UTC`, the only zone that fsrs accepts."""
        return None if value is None else _utc(value)


class OneOf(TypeDecorator[str]):
    """One of some words. Any other stored text is read as the first: a row must not stop those read with it."""

    impl = String
    cache_ok = True

    def __init__(self, length: int, words: tuple[str, ...]) -> None:
        super().__init__(length)
        self.words = words

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the word that is stored, or the first."""
        return value if value is None or value in self.words else self.words[0]


class Json(TypeDecorator[Any]):
    """A value kept as canonical JSON text: sorted keys, no spaces, UTF-8 as it is."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Convert to canonical text."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Parse the text; None for one that is no JSON: an unreadable row must not stop those read with it."""
        if value is None:
            return None
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None


# `json.dumps` builds an encoder for each value: 4 % of planning.
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> str:
    """Return the canonical JSON text of a value: the text that is hashed is the text that is stored."""
    return _canonical.encode(value)


class _PostgresArray(UserDefinedType[Any]):
    """A list as one text, that the server reads: the driver writes an array value by value, 0.35 ms for 80 lessons."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, of: str) -> None:
        self.of = of

    def get_col_spec(self, **_: Any) -> str:
        return f"{self.of}[]"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:  # noqa: ARG002
        return lambda values: f"{{{','.join(map(_element, values))}}}"


def _element(value: str | int) -> str:
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def storable(text: str, most: int) -> str:
    """Return a text from outside as every database accepts it: at most `most` characters, no NUL, no lone surrogate."""
    return text[:most].replace("\0", "").encode(errors="replace").decode()


def insert(dialect: str, table: Table) -> Upsert:
    """Return the INSERT of a dialect (`tx.dialect.name`), with `on_conflict_do_update` and `on_conflict_do_nothing`.

    Building a statement costs more than running it: callers cache hot statements, one for each dialect.
    """
    if dialect == "sqlite":
        return sqlite_dialect.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def listed(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column is in the list that is bound to a name, as one parameter.

    IN with a parameter for each of 80 lessons takes 0.05 ms more on SQLite, and 0.25 on PostgreSQL. As with `insert`, what
    is built is to be cached.
    """
    if dialect == "sqlite":
        each = func.json_each(bindparam(name, type_=Json())).table_valued("value")
        return column.in_(select(each.c.value))
    array = _PostgresArray("VARCHAR" if isinstance(column.type, String) else "INTEGER")
    return column == any_(bindparam(name, type_=array))
