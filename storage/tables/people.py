# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Those who write: learners, where they are reached, what they agreed to, and who let them in."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, text, true

from lessons.curriculum import Role
from storage.tables.parts import metadata, partial_index
from storage.types import Json, LocalDate, OneOf, UtcDateTime

learner = Table(
    "learner",
    metadata,
    Column("id", String(16), primary_key=True),  # random
    Column("language", String(2), nullable=False),
    Column("role", OneOf(16, tuple(map(str, Role))), nullable=False),  # the path of lessons
    Column("state", String(10), nullable=False),  # invited, active, paused, stopped, opposed, limited, erased
    Column("pause_reason", String(10), nullable=False),  # asked, until, silent, gone; empty unless paused
    Column("notice", String(32), nullable=False),  # version of the notice that was accepted, or empty
    Column("consented_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column(
        "pictures", Boolean, nullable=False, server_default=true()
    ),  # shown as pictures too, not as text alone
    Column("told_at", UtcDateTime),  # when a message said last that the notice has changed
    Column("admitted_at", UtcDateTime),  # when a code of access was given, where one is needed
    Column("heard_on", LocalDate),  # the last date of UTC on which the person said something
    Column("warned_on", LocalDate),  # when they were told that they will be erased for their silence
    partial_index("ix_learner_out", "state", "id", where="state IN ('opposed', 'limited')"),
    Index(  # the few whose goodbye has not ended
        "ix_learner_erased",
        "created_at",
        sqlite_where=text("state = 'erased'"),
        postgresql_where=text("state = 'erased'"),
    ),
    Index(  # newcomers, who are kept for a day where a code is needed
        "ix_learner_invited",
        "created_at",
        sqlite_where=text("state = 'invited'"),
        postgresql_where=text("state = 'invited'"),
    ),
)

# Every notice that was ever shown: `learner.notice` names one.
notice = Table(
    "notice",
    metadata,
    Column("version", String(32), primary_key=True),
    Column("fingerprint", String(64), nullable=False, unique=True),  # of the facts and the texts
    Column("at", UtcDateTime, nullable=False),
    Column("facts", Json),  # what it was made from; null: of before facts were kept
    Column("texts", Json, nullable=False),  # language → channel → layer → text
    Column("published_at", UtcDateTime),  # null: whom it changes something for is not decided yet
    Column("material", Boolean, nullable=False),  # whoever accepted an earlier one is told
)

address = Table(
    "address",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(10), nullable=False),
    # Where a person is reached: with a key, its tag (see storage.sealing), and beside it what the tag stands for.
    Column("address", String(255), nullable=False),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False, index=True),
    Column(
        "refusals", Integer, nullable=False, server_default=text("0")
    ),  # in a row, since it received something
    # Who is reached there, where an address names a place: on Matrix the account. Several rows may have the same.
    Column("account", String(255)),
    Column("sealed", LargeBinary),
    Column("account_sealed", LargeBinary),
    Index("uq_address_channel", "channel", "address", unique=True),
    partial_index("ix_address_account", "channel", "account", "id", where="account IS NOT NULL"),
)

access_code = Table(
    "access_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),  # null: until it is ended
    Column("staff_id", Integer),  # who made it
)

wrong_code = Table(
    "wrong_code",
    metadata,
    Column("id", Integer, primary_key=True),
    # null once the address is gone: the attempt counts among all still
    Column("address_id", ForeignKey("address.id", ondelete="SET NULL"), index=True),
    Column("at", UtcDateTime, nullable=False),
)
