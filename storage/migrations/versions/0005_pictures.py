# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Pictures: whether a learner wants them; and the attestations that were issued."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("learner", sa.Column("pictures", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "attestation",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("name_hash", sa.String(64), nullable=False),
        sa.Column("path", sa.String(16), nullable=False),
        sa.Column("course_version", sa.String(64), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("learner_id", sa.String(16)),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_attestation_learner_id_learner", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name="pk_attestation"),
    )
    op.create_index("ix_attestation_issued_at", "attestation", ["issued_at"])
    op.create_index("ix_attestation_learner_id", "attestation", ["learner_id"])
