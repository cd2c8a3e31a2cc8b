# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The display name goes: it was collected before the notice was accepted, and used for nothing. Days are reconciled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("learner", "name")
    reconcile_days()


def reconcile_days() -> None:
    """Begin to count what is planned, with what was planned already on the day of the last message."""
    op.create_table(
        "reconciliation",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("outcomes", Json(), nullable=False),
        sa.Column("erased", Json(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("day", name="pk_reconciliation"),
    )
    outbox = sa.table(
        "outbox", sa.column("id"), sa.column("priority"), sa.column("created_at", UtcDateTime())
    )
    days = sa.table(
        "reconciliation",
        sa.column("day", sa.Date()),
        sa.column("planned"),
        sa.column("outcomes", Json()),
        sa.column("erased", Json()),
    )
    connection, planned = op.get_bind(), outbox.c.priority == 1
    last = connection.scalar(sa.select(sa.func.max(outbox.c.created_at, type_=UtcDateTime())).where(planned))
    if last is None:
        return
    begin = last.replace(hour=0, minute=0, second=0, microsecond=0)
    number = connection.scalar(
        sa.select(sa.func.count()).select_from(outbox).where(planned, outbox.c.created_at >= begin)
    )
    connection.execute(days.insert(), {"day": begin.date(), "planned": number, "outcomes": {}, "erased": {}})
