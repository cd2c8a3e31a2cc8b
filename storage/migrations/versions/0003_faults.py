# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The display name goes: it was collected before the notice was accepted, and used for nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("learner", "name")
    end_menus()


def end_menus() -> None:
    """A menu ends for typed words when something else is said; its buttons still serve."""
    op.add_column("prompt", sa.Column("ended_at", sa.DateTime(timezone=True)))
