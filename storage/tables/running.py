# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the service needs to run: what came in, who administers, counters, erasures, keys."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text, text

from storage.tables.parts import Large, metadata
from storage.types import Json, UtcDateTime

seen = Table(
    "seen",
    metadata,
    Column("channel", String(10), primary_key=True),
    Column("event_id", String(200), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("failed", Boolean, nullable=False),
)

pending = Table(
    "pending",
    metadata,
    Column("id", Integer, primary_key=True),  # the order in which they are answered
    Column("channel", String(10), nullable=False),
    Column("address", String(255), nullable=False),
    Column("event", Json, nullable=False),  # as bot.service.packing packs it; with a key, sealed, in base64
    Column("crowd", Boolean, nullable=False),  # of somebody unknown, who came with many others
    Column("tries", Integer, nullable=False),  # how often its work was begun
    Column("created_at", UtcDateTime, nullable=False),
    Column("sender", String(255)),  # whose it is, where the address names a place; with a key, the tag
    Index("ix_pending_address", "channel", "address"),
    # An id is never used again: whoever answers an event holds its id while the row may be erased.
    sqlite_autoincrement=True,
)

staff = Table(
    "staff",
    metadata,
    Column("id", Integer, primary_key=True),  # every other table names a person by it
    # channel:address or cli:name, with a key its tag: see storage.sealing; empty once it was forgotten
    Column("who", String(270), nullable=False),
    Column("role", String(16), nullable=False),  # admin; empty: no right of their own
    Column("given_by", String(16)),  # the setting, or the number of who gave the right
    Column("given_at", UtcDateTime),
    Column("revoked_by", String(16)),
    Column("revoked_at", UtcDateTime),
    Column("sealed", LargeBinary),
    Index(
        "uq_staff_who", "who", unique=True, sqlite_where=text("who <> ''"), postgresql_where=text("who <> ''")
    ),
    # A number is never used again: the audit holds it for ever.
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("detail", Text, nullable=False),
    Column("staff_id", Integer, index=True),  # who did it
)

pin = Table(
    "pin",
    metadata,
    Column("staff_id", Integer, primary_key=True, autoincrement=False),  # of somebody who may publish
    Column("identity", String(64), nullable=False),  # the public key that vouches for their devices
    Column("at", UtcDateTime, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("n", Large, nullable=False),
)

# What a restored copy of this database must be told: who was erased since. The random id is a pseudonym: a copy
# made before the erasure says whose it was.
erasure = Table(
    "erasure",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("learner_id", String(16), nullable=False),
    # A number is never used again: it tells which of a database and a journal is older.
    sqlite_autoincrement=True,
)

device = Table(
    "device",
    metadata,
    Column("channel", String(10), primary_key=True),
    Column("id", String(8), primary_key=True),  # a hash: see storage.devices
    Column("seen_at", UtcDateTime, nullable=False),
)

to_forget = Table(
    "to_forget",
    metadata,
    Column("channel", String(10), primary_key=True),
    Column("device", String(8), primary_key=True),
    Column("address", String(255), primary_key=True),
    Column("at", UtcDateTime, nullable=False),  # since when
    Column("due_at", UtcDateTime, nullable=False),  # later, once a device could not
    Column("sealed", LargeBinary),  # as in the row of the address that it was, which is gone
    Column("sealed_for", Integer),  # the id of that row; 0 where there was none
)

sealing_key = Table(
    "sealing_key",
    metadata,
    Column("fingerprint", String(16), primary_key=True),  # of the one key with which addresses are sealed
    Column("since", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),  # since when no address is left in clear
)
