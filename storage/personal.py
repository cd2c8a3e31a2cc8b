# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""All that the tables hold of a person: found along their foreign keys, so that a new table is in it by itself.

Some tables name a person without a foreign key: what waits for an answer, by the address; who administers, by what they are
called; and what such a person did, by their number. Whatever has a sealed copy is opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    FromClause,
    MetaData,
    Select,
    Table,
    and_,
    or_,
    select,
)

from storage import learners, pending, sealing, staff
from storage.outbox import ledger
from storage.tables import learner, lesson_version, metadata
from storage.tables import pending as waiting
from storage.tables import staff as people
from storage.types import Tx, UtcDateTime

MOST = 2000
"""Rows of a table that are shown, the newest: what is older than any reader has patience for is said to be left out."""
NUMBER = "staff_id"
"""The column by which a table names who did something."""

Rows = dict[str, list[dict[str, Any]]]
"""Rows by the name of their table, the oldest first; each row by the names of its columns."""


@cache
def ways(of: MetaData = metadata) -> dict[str, ForeignKey | None]:
    """Return the tables with a path of foreign keys to a learner, each with the first key of its path."""
    found: dict[str, ForeignKey | None] = {learner.name: None}
    for _ in of.tables:
        for table in of.sorted_tables:
            keys = [key for key in table.foreign_keys if key.column.table.name in found]
            if keys and table.name not in found:
                found[table.name] = min(keys, key=lambda key: str(key.parent.name))
    return found


def loose(of: MetaData = metadata) -> set[str]:
    """Return the tables that name a person without a foreign key, and are shown all the same."""
    acts = {table.name for table in of.tables.values() if NUMBER in table.c}
    return {waiting.name, people.name} | acts


def is_single(table: Table) -> bool:
    """Tell whether a learner has one row of a table at most."""
    key = ways().get(table.name)
    keys = [column.name for column in table.primary_key]
    return table is learner or (key is not None and (key.parent.unique is True or keys == [key.parent.name]))


def of_learners(tx: Tx, ids: Collection[str]) -> dict[str, Rows]:
    """Return what the tables hold of some learners, by the learner's id. `MOST` + 1 rows of a table at most."""
    found: dict[str, Rows] = {id_: defaultdict(list) for id_ in ids}
    for name in ways():
        table = metadata.tables[name]
        source, owner = _owner(table)
        query = select(*table.c).select_from(source)
        for id_, rows in found.items():
            rows[name] += _newest(tx, table, query.where(owner == id_))
    return found


def of_sender(tx: Tx, channel: str, address: str, account: str | None, *, acts: bool) -> Rows:
    """Return what waits of somebody who writes, and, with `acts`, who they are as staff and what they did."""
    whose: ColumnElement[bool] = waiting.c.address.in_(sealing.names(tx, channel, address))
    if account:  # whoever else writes in the same room waits there too
        unsaid = and_(whose, waiting.c.sender.is_(None))
        whose = or_(unsaid, waiting.c.sender.in_(sealing.names(tx, channel, account)))
    found: Rows = {
        waiting.name: _newest(tx, waiting, _all(waiting).where(waiting.c.channel == channel, whose))
    }
    if not acts:
        return found
    author = f"{channel}:{account or address}"
    found[people.name] = _newest(tx, people, _all(people).where(staff.is_named(tx, author)))
    numbers = [row["id"] for row in found[people.name]]
    for table in metadata.sorted_tables if numbers else ():
        if NUMBER in table.c:
            found[table.name] = _newest(tx, table, _all(table).where(table.c[NUMBER].in_(numbers)))
    return found


def _all(table: Table) -> Select[Any]:
    return select(*table.c)


def _owner(table: Table) -> tuple[FromClause, Column[Any]]:
    """Return what is joined, and the column in it that says which learner a row is of."""
    key = ways()[table.name]
    if key is None:
        return table, table.c.id
    before = key.column.table
    if before is learner:
        return table, key.parent
    source, owner = _owner(metadata.tables[before.name])
    return source.join(table, key.parent == key.column), owner


def _newest(tx: Tx, table: Table, query: Select[Any]) -> list[dict[str, Any]]:
    instants = [column for column in table.c if isinstance(column.type, UtcDateTime) and not column.nullable]
    order = [*instants[:1], *table.primary_key]
    rows = tx.execute(query.order_by(*(column.desc() for column in order)).limit(MOST + 1)).all()
    return _opened(tx, table, [dict(row._mapping) for row in reversed(rows)])


def _opened(tx: Tx, table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with what is sealed in them opened, and with the lesson beside the version of one."""
    for row in rows:
        match table.name:
            case "address":
                row["address"] = _text(tx, row, "address", "sealed") or learners.nowhere(row["id"])
                row["account"] = _text(tx, row, "account", "account_sealed")
            case "outbox":
                row["content"] = ledger.readable(tx, row["content"])
            case "pending":
                row["event"] = pending.readable(tx, row["channel"], row["event"])
            case "staff":
                row["who"] = staff.name_of(tx, row["who"], row["sealed"])
    for column in table.c:
        if any(key.column is lesson_version.c.id for key in column.foreign_keys):
            _name_lessons(tx, rows, column.name)
    return rows


def _text(tx: Tx, row: Mapping[str, Any], name: str, copy: str) -> str | None:
    if row[name] is None:
        return None
    return sealing.opened(tx, row["channel"], row["id"], row[name], row[copy])


def _name_lessons(tx: Tx, rows: Sequence[dict[str, Any]], column: str) -> None:
    versions = {row[column] for row in rows if row[column] is not None}
    query = select(lesson_version.c.id, lesson_version.c.lesson_id).where(lesson_version.c.id.in_(versions))
    of = {version: lesson for version, lesson in tx.execute(query)}  # noqa: C416 - mypy knows no pairs here
    for row in rows:
        if row[column] is not None:
            row[column] = f"{of.get(row[column], '?')}/{row[column]}"
