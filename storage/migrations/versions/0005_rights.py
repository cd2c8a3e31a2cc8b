# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Pictures and attestations; notices, objections and silence; staff by number; sealed addresses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SHOWN = Path(__file__).parents[1] / "notices.json"
"""The notices of versions before: one text a language. Of two wordings under one name, the last; `{kept}` is a setting."""
ENROLLED = ("active", "paused", "stopped")
LIBRARY = "library"
"""The publisher of what came with the program: nobody."""
NAMED = (("audit", "by"), ("broadcast", "created_by"), ("lesson_version", "published_by"))
"""Where a person was named: a table and a column each."""


def upgrade() -> None:
    draw_pictures()
    keep_what_was_agreed()
    name_staff_by_number()
    make_room_for_seals()


def draw_pictures() -> None:
    """Note who wants pictures, which attestations were issued, which rows lose their content, whose drawing was refused."""
    op.add_column("learner", sa.Column("pictures", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("outbox", sa.Column("transient", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "outbox", sa.Column("drawing_refused", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_outbox_transient",
        "outbox",
        ["not_after"],
        sqlite_where=sa.text("transient"),
        postgresql_where=sa.text("transient"),
    )
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


def keep_what_was_agreed() -> None:
    """Keep notices, codes of access, and since when a database must name who answers for it."""
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
        sa.Column("staff_id", sa.Integer()),
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


def name_staff_by_number() -> None:
    """Name those who act by their number, in every table; index those who objected; note since when somebody is silent."""
    out = sa.text("state IN ('opposed', 'limited')")
    op.create_index("ix_learner_out", "learner", ["state", "id"], sqlite_where=out, postgresql_where=out)
    note_silence()
    create_staff()
    for table, column in NAMED:
        op.add_column(table, sa.Column("staff_id", sa.Integer()))
        number = f"(SELECT staff.id FROM staff WHERE staff.who = {table}.{column})"  # noqa: S608 - our own names
        op.execute(f"UPDATE {table} SET staff_id = {number}")  # noqa: S608
        op.drop_column(table, column)
    op.create_index("ix_audit_staff_id", "audit", ["staff_id"])
    pin_by_number()


def note_silence() -> None:
    """Note when each was heard last: the newest answer that is kept; without one, the day they accepted or came."""
    op.add_column("learner", sa.Column("heard_on", sa.Date()))
    op.add_column("learner", sa.Column("warned_on", sa.Date()))
    last = "(SELECT max(answered_at) FROM prompt WHERE prompt.learner_id = learner.id)"
    on = "date({})" if op.get_bind().dialect.name == "sqlite" else "CAST({} AT TIME ZONE 'UTC' AS date)"
    heard = on.format(f"coalesce({last}, consented_at, created_at)")
    op.execute(f"UPDATE learner SET heard_on = {heard}")  # noqa: S608 - our own names


def create_staff() -> None:
    """Give everybody a number who is named anywhere, in the order of their first entry in the audit."""
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(270), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("given_by", sa.String(16)),
        sa.Column("given_at", UtcDateTime()),
        sa.Column("revoked_by", sa.String(16)),
        sa.Column("revoked_at", UtcDateTime()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sqlite_autoincrement=True,
    )
    named = sa.text("who <> ''")
    op.create_index("uq_staff_who", "staff", ["who"], unique=True, sqlite_where=named, postgresql_where=named)
    everywhere = " UNION ".join(
        f"SELECT {column} AS who FROM {table}"  # noqa: S608 - our own names
        for table, column in (*NAMED, ("pin", "who"))
    )
    first = "(SELECT min(audit.id) FROM audit WHERE audit.by = found.who)"
    op.execute(
        f"INSERT INTO staff (who, role) SELECT found.who, '' FROM ({everywhere}) AS found "  # noqa: S608 - our own names
        f"WHERE found.who NOT IN ('{LIBRARY}', '') ORDER BY coalesce({first}, 2147483647), found.who"
    )


def pin_by_number() -> None:
    """Make the table anew: its key changes."""
    kept = op.get_bind().execute(
        sa.text("SELECT staff.id, pin.identity, pin.at FROM pin JOIN staff ON staff.who = pin.who").columns(
            at=UtcDateTime()
        )
    )
    rows = [{"staff_id": number, "identity": identity, "at": at} for number, identity, at in kept]
    op.drop_table("pin")
    pin = op.create_table(
        "pin",
        sa.Column("staff_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_pin"),
    )
    if rows:
        op.bulk_insert(pin, rows)


def make_room_for_seals() -> None:
    """Make room for the sealed copies of addresses. The service seals what there is, in small steps."""
    op.add_column("address", sa.Column("sealed", sa.LargeBinary()))
    op.add_column("address", sa.Column("account_sealed", sa.LargeBinary()))
    op.add_column("to_forget", sa.Column("sealed", sa.LargeBinary()))
    op.add_column("to_forget", sa.Column("sealed_for", sa.Integer()))
    op.add_column("pending", sa.Column("sender", sa.String(255)))
    op.create_table(
        "sealing_key",
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_sealing_key"),
    )
    name_senders()


def name_senders() -> None:
    """Note beside each event that waits whose it is: an erasure finds it by that, and no more by its text."""
    pending = sa.table("pending", sa.column("id"), sa.column("event", sa.Text()), sa.column("sender"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(pending.c.id, pending.c.event)).all():
        sender = sender_of(row.event)
        if sender:
            connection.execute(sa.update(pending).where(pending.c.id == row.id).values(sender=sender))


def sender_of(event: str) -> str:
    """Return the account in a packed event; nothing for one that cannot be read."""
    try:
        packed = json.loads(event)
    except (ValueError, TypeError, RecursionError):
        return ""
    sender = packed.get("sender") if isinstance(packed, dict) else None
    return sender[:255] if isinstance(sender, str) else ""
