# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The display name goes; an address keeps the account that is reached there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_names()
    keep_accounts()


def drop_names() -> None:
    """They were collected before the notice was accepted, and used for nothing."""
    op.drop_column("learner", "name")


def keep_accounts() -> None:
    """People move from room to room. The service fills the column in when it opens the channel."""
    op.add_column("address", sa.Column("account", sa.String(255)))
    op.create_index(
        "ix_address_account",
        "address",
        ["channel", "account"],
        sqlite_where=sa.text("account IS NOT NULL"),
        postgresql_where=sa.text("account IS NOT NULL"),
    )
