# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What leaves: the outbox, its conversations, broadcasts, and the days that are reconciled."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false

from storage.tables.parts import Large, metadata, partial_index
from storage.types import Json, LocalDate, UtcDateTime

outbox = Table(
    "outbox",
    metadata,
    Column("id", Large, primary_key=True),  # also the order within a conversation
    Column("key", String(120), nullable=False, unique=True),
    Column("address_id", ForeignKey("address.id", ondelete="CASCADE"), nullable=False),
    Column("priority", Integer, nullable=False),  # 0 reply, 1 scheduled
    # reply; goodbye, the last one; or planned: lesson, extra, review, reminder, rhythm, later, pause, notice, inactive
    Column("kind", String(10), nullable=False),
    Column(
        "content", Json, nullable=False
    ),  # a reply's piece; references for what is rendered when it leaves
    Column("enrolment_id", Integer),
    Column("version", String(32)),
    Column("prompt", String(16)),
    Column("target", String(120)),  # key of the message it changes or replies to
    Column("not_after", UtcDateTime),
    Column(
        "state", String(10), nullable=False
    ),  # waiting (also while under way), sent, refused, expired, cancelled
    Column("attempts", Integer, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("ref", String(255)),  # of the message; of a goodbye that waits, that of the message it changes
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    # what it holds is nobody's to keep: `content` is blanked when the row ends
    Column("transient", Boolean, nullable=False, server_default=false()),
    # what it draws was refused: its text leaves instead, under a key of its own
    Column("drawing_refused", Boolean, nullable=False, server_default=false()),
    # What waits for an address, in order; and all that ever left for it: without, erasing one person among 120,000 rows
    # took 30 ms. Beside an index of its own for what waits, PostgreSQL chose the wrong one of the two.
    Index("ix_outbox_address", "address_id", "state", "id"),
    partial_index("ix_outbox_planned", "enrolment_id", where="state = 'waiting'"),
    partial_index("ix_outbox_ended", "ended_at", where="ended_at IS NOT NULL"),
    partial_index("ix_outbox_transient", "not_after", where="transient"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("address_id", ForeignKey("address.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("channel", String(10), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("ready_at", UtcDateTime, nullable=False),
    Column("token", String(16)),  # the process that is sending now, and which row
    Column("sending", Large),
    # Finding the oldest unsent row per address by a query took up to 200 ms; this scan takes about 1 ms.
    partial_index("ix_conversation_ready", "channel", "priority", "ready_at", where="token IS NULL"),
)

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", ForeignKey("lesson_version.id")),  # a lesson sent now; or
    Column("text", Text, nullable=False),  # an announcement
    Column("roles", Json, nullable=False),
    Column("passed", Integer, nullable=False),  # enrolments up to this one were looked at in this pass
    Column("left_until", UtcDateTime),  # when the first of those who could not be disturbed can be
    Column("next_at", UtcDateTime, index=True),  # null: done
    Column("ends_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("staff_id", Integer),  # who began it
)

reconciliation = Table(
    "reconciliation",
    metadata,
    Column("day", LocalDate, primary_key=True),  # of UTC
    Column("planned", Integer, nullable=False),  # counted when it is planned, not from the rows of the outbox
    Column("outcomes", Json, nullable=False),  # outcome → number, once it is closed
    Column("erased", Json, nullable=False),  # the same of rows that were erased before
    Column("closed_at", UtcDateTime),
)
