# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Notices that were shown, codes of access, and since when a database must name who answers for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SHOWN = Path(__file__).parents[1] / "notices.json"
"""The notices of versions before: one text a language. Of two wordings under one name, the last; `{kept}` is a setting."""
ENROLLED = ("active", "paused", "stopped")


def upgrade() -> None:
    with op.batch_alter_table("learner") as batch:
        batch.alter_column(
            "notice", existing_type=sa.String(10), type_=sa.String(32), existing_nullable=False
        )
        batch.add_column(sa.Column("told_at", UtcDateTime()))
        batch.add_column(sa.Column("admitted_at", UtcDateTime()))
    invited = sa.text("state = 'invited'")
    op.create_index(
        "ix_learner_invited", "learner", ["created_at"], sqlite_where=invited, postgresql_where=invited
    )
    op.create_table(
        "notice",
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("facts", Json()),
        sa.Column("texts", Json(), nullable=False),
        sa.Column("published_at", UtcDateTime()),
        sa.Column("material", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_notice"),
        sa.UniqueConstraint("fingerprint", name="uq_notice_fingerprint"),
    )
    op.create_table(
        "access_code",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime()),
        sa.Column("by", sa.String(270), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_access_code"),
    )
    op.create_table(
        "wrong_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer()),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name="fk_wrong_code_address_id_address", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_wrong_code"),
    )
    op.create_index("ix_wrong_code_address_id", "wrong_code", ["address_id"])
    keep_notices()


def keep_notices() -> None:
    """Archive the notices that learners accepted; with learners, note since when the operator may name who answers."""
    learner = sa.table(
        "learner", sa.column("notice"), sa.column("state"), sa.column("consented_at", UtcDateTime())
    )
    notice = sa.table(
        "notice",
        *map(sa.column, ("version", "fingerprint", "material")),
        sa.column("at", UtcDateTime()),
        sa.column("texts", Json()),
        sa.column("published_at", UtcDateTime()),
    )
    counter = sa.table("counter", sa.column("name"), sa.column("n"))
    connection, texts = op.get_bind(), json.loads(SHOWN.read_text("utf-8"))
    first = sa.func.min(learner.c.consented_at, type_=UtcDateTime())
    accepted = sa.select(learner.c.notice, first).where(
        learner.c.notice != "", learner.c.consented_at.is_not(None)
    )
    for version, at in connection.execute(accepted.group_by(learner.c.notice)).all():
        row = {"version": version, "fingerprint": version, "at": at, "published_at": at, "material": False}
        connection.execute(notice.insert(), {**row, "texts": texts.get(version, {})})
    enrolled = sa.select(sa.func.count()).select_from(learner).where(learner.c.state.in_(ENROLLED))
    if connection.scalar(enrolled):
        now = int(datetime.now(UTC).timestamp())
        connection.execute(counter.insert(), {"name": "upgraded.privacy", "n": now})
