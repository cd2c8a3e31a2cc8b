# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The display name goes; refusals are counted by address, and a lesson version keeps who refused and received it first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Collected before the notice was accepted, and used for nothing.
    op.drop_column("learner", "name")
    keep_witnesses()


def keep_witnesses() -> None:
    op.add_column("address", sa.Column("refusals", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column(
        "lesson_version", sa.Column("reason", sa.String(200), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("lesson_version", sa.Column("refused_by", sa.Integer()))
    op.add_column("lesson_version", sa.Column("given_at", sa.DateTime(timezone=True)))
