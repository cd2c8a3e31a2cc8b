# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Staff by their number, in every table; those who objected; since when somebody is silent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LIBRARY = "library"
"""The publisher of what came with the program: nobody."""
NAMED = (("audit", "by"), ("broadcast", "created_by"), ("lesson_version", "published_by"))
"""Where a person was named: a table and a column each."""


def upgrade() -> None:
    out = sa.text("state IN ('opposed', 'limited')")
    op.create_index("ix_learner_out", "learner", ["state", "id"], sqlite_where=out, postgresql_where=out)
    note_silence()
    create_staff()
    for table, column in NAMED:
        op.add_column(table, sa.Column("staff_id", sa.Integer()))
        number = f"(SELECT staff.id FROM staff WHERE staff.who = {table}.{column})"  # noqa: S608 - our own names
        op.execute(f"UPDATE {table} SET staff_id = {number}")  # noqa: S608
        op.drop_column(table, column)
    op.create_index("ix_audit_staff_id", "audit", ["staff_id"])
    pin_by_number()


def note_silence() -> None:
    """Note when each was heard last: the newest answer that is kept; without one, the day they accepted or came."""
    op.add_column("learner", sa.Column("heard_on", sa.Date()))
    op.add_column("learner", sa.Column("warned_on", sa.Date()))
    last = "(SELECT max(answered_at) FROM prompt WHERE prompt.learner_id = learner.id)"
    on = "date({})" if op.get_bind().dialect.name == "sqlite" else "CAST({} AT TIME ZONE 'UTC' AS date)"
    heard = on.format(f"coalesce({last}, consented_at, created_at)")
    op.execute(f"UPDATE learner SET heard_on = {heard}")  # noqa: S608 - our own names


def create_staff() -> None:
    """Give everybody a number who is named anywhere, in the order of their first entry in the audit."""
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(270), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("given_by", sa.String(16)),
        sa.Column("given_at", UtcDateTime()),
        sa.Column("revoked_by", sa.String(16)),
        sa.Column("revoked_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sqlite_autoincrement=True,
    )
    named = sa.text("who <> ''")
    op.create_index("uq_staff_who", "staff", ["who"], unique=True, sqlite_where=named, postgresql_where=named)
    everywhere = " UNION ".join(
        f"SELECT {column} AS who FROM {table}"  # noqa: S608 - our own names
        for table, column in (*NAMED, ("pin", "who"))
    )
    first = "(SELECT min(audit.id) FROM audit WHERE audit.by = found.who)"
    op.execute(
        f"INSERT INTO staff (who, role) SELECT found.who, '' FROM ({everywhere}) AS found "  # noqa: S608 - our own names
        f"WHERE found.who NOT IN ('{LIBRARY}', '') ORDER BY coalesce({first}, 2147483647), found.who"
    )


def pin_by_number() -> None:
    """Make the table anew: its key changes."""
    kept = op.get_bind().execute(
        sa.text("SELECT staff.id, pin.identity, pin.at FROM pin JOIN staff ON staff.who = pin.who").columns(
            at=UtcDateTime()
        )
    )
    rows = [{"staff_id": number, "identity": identity, "at": at} for number, identity, at in kept]
    op.drop_table("pin")
    pin = op.create_table(
        "pin",
        sa.Column("staff_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_pin"),
    )
    if rows:
        op.bulk_insert(pin, rows)
