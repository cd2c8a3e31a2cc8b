# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What was answered is counted for each learner, so that prompts can be forgotten; two indexes for the night's work."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LEARNERS = 500
"""Learners whose answers are read at once."""
LOOKED_BACK = 400
"""Days."""


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("learner_id", sa.String(16), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("partly", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_tally_learner_id_learner", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", name="pk_tally"),
    )
    menus = sa.text("topic <> 'quiz'")
    op.create_index("ix_prompt_menu", "prompt", ["created_at"], sqlite_where=menus, postgresql_where=menus)
    op.create_index("ix_outbox_address", "outbox", ["address_id", "state", "id"])
    op.drop_index("ix_outbox_waiting", "outbox")
    count_answers()


learner = sa.table("learner", sa.column("id"))
enrolment = sa.table("enrolment", sa.column("learner_id"), sa.column("schedule"))
prompt = sa.table(
    "prompt",
    sa.column("learner_id"),
    sa.column("verdict"),
    sa.column("answered_at", sa.DateTime(timezone=True)),
)
tally = sa.table("tally", *map(sa.column, ("learner_id", "right", "partly", "wrong", "days")))


def count_answers() -> None:
    connection, after = op.get_bind(), ""
    while True:
        some = sa.select(learner.c.id).where(learner.c.id > after).order_by(learner.c.id).limit(LEARNERS)
        ids = list(connection.scalars(some))
        if not ids:
            return
        count_answers_of(connection, ids)
        after = ids[-1]


def count_answers_of(connection: sa.Connection, ids: list[str]) -> None:
    found = connection.execute(
        sa.select(prompt.c.learner_id, prompt.c.verdict, prompt.c.answered_at, enrolment.c.schedule)
        .outerjoin(enrolment, enrolment.c.learner_id == prompt.c.learner_id)
        .where(prompt.c.learner_id.in_(ids), prompt.c.verdict.is_not(None))
    )
    counted: dict[str, dict[str, int]] = defaultdict(lambda: {"right": 0, "partly": 0, "wrong": 0})
    days: dict[str, set[date]] = defaultdict(set)
    for learner_id, verdict, at, schedule in found:
        counted[learner_id][verdict] += 1
        zone = ZoneInfo(json.loads(schedule)["time_zone"] if schedule else "Europe/Paris")
        instant = at if at.tzinfo else at.replace(tzinfo=UTC)
        days[learner_id].add(instant.astimezone(zone).date())
    if counted:
        connection.execute(
            tally.insert(),
            [{"learner_id": id_, **numbers, "days": written(days[id_])} for id_, numbers in counted.items()],
        )


def written(days: set[date]) -> str:
    """Dates as `storage.progress.days` wrote them at the time: the last one, and a bit for each day before it."""
    last = max(days)
    kept = [(last - day).days for day in days if last - day < timedelta(days=LOOKED_BACK)]
    return f"{last} {sum(1 << ago for ago in kept):x}"
