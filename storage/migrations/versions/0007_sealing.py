# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Addresses at rest: the sealed copies, and which key sealed them. The service seals what there is, in small steps."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("address", sa.Column("sealed", sa.LargeBinary()))
    op.add_column("address", sa.Column("account_sealed", sa.LargeBinary()))
    op.add_column("to_forget", sa.Column("sealed", sa.LargeBinary()))
    op.add_column("to_forget", sa.Column("sealed_for", sa.Integer()))
    op.add_column("pending", sa.Column("sender", sa.String(255)))
    op.create_table(
        "sealing_key",
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_sealing_key"),
    )
    name_senders()


def name_senders() -> None:
    """Note beside each event that waits whose it is: an erasure finds it by that, and no more by its text."""
    pending = sa.table("pending", sa.column("id"), sa.column("event", sa.Text()), sa.column("sender"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(pending.c.id, pending.c.event)).all():
        sender = sender_of(row.event)
        if sender:
            connection.execute(sa.update(pending).where(pending.c.id == row.id).values(sender=sender))


def sender_of(event: str) -> str:
    """Return the account in a packed event; nothing for one that cannot be read."""
    try:
        packed = json.loads(event)
    except (ValueError, TypeError, RecursionError):
        return ""
    sender = packed.get("sender") if isinstance(packed, dict) else None
    return sender[:255] if isinstance(sender, str) else ""
