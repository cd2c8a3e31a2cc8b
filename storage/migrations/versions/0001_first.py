# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Spelled out: a migration says what the columns were, whatever the types of the program become.
INSTANT = sa.DateTime(timezone=True)
JSON = sa.Text()
LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def only(condition: str) -> dict[str, Any]:
    """What makes an index hold only the rows that meet a condition."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(270), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("n", LARGE, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counter"),
    )
    op.create_table(
        "course",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_course"),
    )
    op.create_table(
        "learner",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("pause_reason", sa.String(10), nullable=False),
        sa.Column("notice", sa.String(10), nullable=False),
        sa.Column("consented_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learner"),
    )
    op.create_table(
        "lesson_version",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("lesson_id", sa.String(64), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("published_by", sa.String(255), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lesson_version"),
    )
    op.create_index("ix_lesson_version_lesson_id", "lesson_version", ["lesson_id"])
    op.create_table(
        "seen",
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("event_id", sa.String(200), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "event_id", name="pk_seen"),
    )
    op.create_index("ix_seen_at", "seen", ["at"])
    op.create_table(
        "address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("learner_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_address_learner_id_learner", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_address"),
    )
    op.create_index("ix_address_learner_id", "address", ["learner_id"])
    op.create_index("uq_address_channel", "address", ["channel", "address"], unique=True)
    op.create_table(
        "broadcast",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(32)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("left_until", INSTANT),
        sa.Column("next_at", INSTANT),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.String(270), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["lesson_version.id"], name="fk_broadcast_version_lesson_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
    )
    op.create_index("ix_broadcast_next_at", "broadcast", ["next_at"])
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.String(16), nullable=False),
        sa.Column("course_id", sa.String(64), nullable=False),
        sa.Column("position", sa.String(64)),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("next_at", INSTANT),
        sa.Column("slot", sa.Date()),
        sa.Column("silent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_enrolment_course_id_course"),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_enrolment_learner_id_learner", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
        sa.UniqueConstraint("learner_id", name="uq_enrolment_learner_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_enrolment_due", "enrolment", ["next_at"], **only("next_at IS NOT NULL"))
    op.create_table(
        "lesson",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("course_id", sa.String(64), nullable=False),
        sa.Column("theme", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_lesson_course_id_course"),
        sa.ForeignKeyConstraint(["version"], ["lesson_version.id"], name="fk_lesson_version_lesson_version"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson"),
    )
    op.create_table(
        "prompt",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("learner_id", sa.String(16), nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("version", sa.String(32)),
        sa.Column("question", sa.String(64)),
        sa.Column("content", JSON, nullable=False),
        sa.Column("chosen", JSON, nullable=False),
        sa.Column("message", sa.String(120)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("shown_at", INSTANT),
        sa.Column("answered_at", INSTANT),
        sa.Column("given", JSON),
        sa.Column("verdict", sa.String(10)),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_prompt_learner_id_learner", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["version"], ["lesson_version.id"], name="fk_prompt_version_lesson_version"),
        sa.PrimaryKeyConstraint("id", name="pk_prompt"),
    )
    op.create_index("ix_prompt_answered", "prompt", ["learner_id", "answered_at"])
    op.create_index("ix_prompt_open", "prompt", ["learner_id", "created_at"], **only("answered_at IS NULL"))
    op.create_table(
        "review",
        sa.Column("learner_id", sa.String(16), nullable=False),
        sa.Column("lesson_id", sa.String(64), nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("memory", JSON),
        sa.Column("due", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_review_learner_id_learner", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "lesson_id", "question", name="pk_review"),
    )
    op.create_index("ix_review_due", "review", ["learner_id", "due"])
    op.create_table(
        "conversation",
        sa.Column("address_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("ready_at", INSTANT, nullable=False),
        sa.Column("token", sa.String(16)),
        sa.Column("sending", LARGE),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name="fk_conversation_address_id_address", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("address_id", name="pk_conversation"),
    )
    op.create_index(
        "ix_conversation_ready", "conversation", ["channel", "priority", "ready_at"], **only("token IS NULL")
    )
    op.create_table(
        "delivered",
        sa.Column("enrolment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lesson_id", sa.String(64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name="fk_delivered_enrolment_id_enrolment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "lesson_id", name="pk_delivered"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", LARGE, nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("enrolment_id", sa.Integer()),
        sa.Column("version", sa.String(32)),
        sa.Column("prompt", sa.String(16)),
        sa.Column("target", sa.String(120)),
        sa.Column("not_after", INSTANT),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("ref", sa.String(255)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name="fk_outbox_address_id_address", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_ended", "outbox", ["ended_at"], **only("ended_at IS NOT NULL"))
    op.create_index("ix_outbox_planned", "outbox", ["enrolment_id"], **only("state = 'waiting'"))
    op.create_index("ix_outbox_waiting", "outbox", ["address_id", "id"], **only("state = 'waiting'"))
