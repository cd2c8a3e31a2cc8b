# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What every table is made with: the naming of constraints, large integers, partial indexes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, MetaData, text

# A million learners fill 2,147,483,647 rows in a year and a half. SQLite's integers are as large as they need to be.
Large = BigInteger().with_variant(Integer, "sqlite")


def partial_index(name: str, *columns: str, where: str) -> Index:
    """Return an index of the rows that satisfy a condition, on both engines."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
