# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The display name goes: it was collected before the notice was accepted, and used for nothing. Pins of admins come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("learner", "name")
    _pins()


def _pins() -> None:
    """Each admin's identity is kept, so that another one is noticed."""
    op.create_table(
        "pin",
        sa.Column("who", sa.String(270), nullable=False),
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_pin"),
    )
