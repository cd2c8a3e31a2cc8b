# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What real people do: no display name, erasure that holds, menus that end, days that are reconciled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_the_display_name()
    keep_an_erasure_journal()
    end_menus()
    reconcile_days()
    create_pending()
    keep_witnesses()
    keep_accounts()
    pin_admins()


def drop_the_display_name() -> None:
    """It was collected before the notice was accepted, and used for nothing."""
    op.drop_column("learner", "name")


def keep_an_erasure_journal() -> None:
    """Note who was erased, for restored copies, and which machines have an address still to forget."""
    erased = sa.text("state = 'erased'")
    op.create_index(
        "ix_learner_erased", "learner", ["created_at"], sqlite_where=erased, postgresql_where=erased
    )
    op.create_table(
        "erasure",
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("learner_id", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_erasure"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "device",
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("channel", "id", name="pk_device"),
    )
    op.create_table(
        "to_forget",
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("device", sa.String(8), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("channel", "device", "address", name="pk_to_forget"),
    )


def end_menus() -> None:
    """A menu ends for typed words when something else is said; its buttons still serve."""
    op.add_column("prompt", sa.Column("ended_at", sa.DateTime(timezone=True)))


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


def create_pending() -> None:
    op.create_table(
        "pending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("crowd", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pending"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pending_address", "pending", ["channel", "address"])


def keep_witnesses() -> None:
    op.add_column("address", sa.Column("refusals", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column(
        "lesson_version", sa.Column("reason", sa.String(200), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("lesson_version", sa.Column("refused_by", sa.Integer()))
    op.add_column("lesson_version", sa.Column("given_at", sa.DateTime(timezone=True)))


def keep_accounts() -> None:
    """People move from room to room. The service fills the column in when it opens the channel."""
    op.add_column("address", sa.Column("account", sa.String(255)))
    op.create_index(
        "ix_address_account",
        "address",
        ["channel", "account", "id"],
        sqlite_where=sa.text("account IS NOT NULL"),
        postgresql_where=sa.text("account IS NOT NULL"),
    )


def pin_admins() -> None:
    """Each admin's identity is kept, so that another one is noticed."""
    op.create_table(
        "pin",
        sa.Column("who", sa.String(270), nullable=False),
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_pin"),
    )
