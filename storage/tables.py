# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The tables. Integer keys stay inside; every key that a person could see or send back is random or natural."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
    true,
)

from lessons.curriculum import Role
from storage.types import Json, LocalDate, OneOf, UtcDateTime

# A million learners fill 2,147,483,647 rows in a year and a half. SQLite's integers are as large as they need to be.
Large = BigInteger().with_variant(Integer, "sqlite")


def _partial_index(name: str, *columns: str, where: str) -> Index:
    """Return an index of the rows that satisfy a condition, on both engines."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

learner = Table(
    "learner",
    metadata,
    Column("id", String(16), primary_key=True),  # random
    Column("language", String(2), nullable=False),
    Column("role", OneOf(16, tuple(map(str, Role))), nullable=False),  # the path of lessons
    Column("state", String(10), nullable=False),  # invited, active, paused, stopped, erased
    Column("pause_reason", String(10), nullable=False),  # asked, until, silent, gone; empty unless paused
    Column("notice", String(10), nullable=False),  # version of the notice that was accepted, or empty
    Column("consented_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column(
        "pictures", Boolean, nullable=False, server_default=true()
    ),  # shown as pictures too, not as text alone
    Index(  # the few whose goodbye has not ended
        "ix_learner_erased",
        "created_at",
        sqlite_where=text("state = 'erased'"),
        postgresql_where=text("state = 'erased'"),
    ),
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
    _partial_index("ix_address_account", "channel", "account", "id", where="account IS NOT NULL"),
)

course = Table(
    "course",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("content", Json, nullable=False),  # title, language, themes, paths
)

lesson_version = Table(
    "lesson_version",
    metadata,
    Column("id", String(32), primary_key=True),  # hash of the content: a version is never overwritten
    Column("lesson_id", String(64), nullable=False, index=True),
    Column("content", Json, nullable=False),
    Column("published_by", String(255), nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("held", Boolean, nullable=False),  # a channel refused it: not sent until replaced or released
    Column("reason", String(200), nullable=False, server_default=text("''")),  # why it is held
    # The address that refused it first, while nobody has received it. No foreign key: the address may be erased.
    Column("refused_by", Integer),
    Column("given_at", UtcDateTime),  # first received by anybody: written once
)

lesson = Table(
    "lesson",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("course_id", ForeignKey("course.id"), nullable=False),
    Column("theme", String(64), nullable=False),
    Column("place", Integer, nullable=False),  # within the theme
    Column("version", ForeignKey("lesson_version.id"), nullable=False),
    Column("reset_on", LocalDate),  # what was answered before this date counts no more
)

enrolment = Table(
    "enrolment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("course_id", ForeignKey("course.id"), nullable=False),
    Column("position", String(64)),  # the last lesson that was delivered: a slug, so that lessons may move
    Column("schedule", Text, nullable=False),  # canonical JSON
    Column("next_at", UtcDateTime),  # null: nothing is planned
    Column("slot", LocalDate),  # the last local date that was planned
    Column("silent", Integer, nullable=False),  # slots used since the learner's last word
    Column("until", LocalDate),  # the day on which a pause ends, while it lasts
    # local dates that brought something, among the last 60: see storage.progress.days
    Column("slots", String(40), nullable=False, server_default=text("''")),
    Column("offered_on", LocalDate),  # when another rhythm was offered last
    Column("finished_at", UtcDateTime),  # when the learner was told that the course is finished
    # how often questions come after the last lesson: daily, normal, weekly, none
    Column("rhythm", String(10), nullable=False, server_default=text("'normal'")),
    Column("badges", Json),  # theme → the local date on which its badge was given; null: none yet
    # 0.007 ms for an empty tick over 1,000,000 enrolments; 77 ms without
    _partial_index("ix_enrolment_due", "next_at", where="next_at IS NOT NULL"),
    # An id is never used again: outbox keys hold it, and may outlive an enrolment that was erased.
    sqlite_autoincrement=True,
)

delivered = Table(
    "delivered",
    metadata,
    Column(
        "enrolment_id", ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("lesson_id", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("version", String(32)),  # in which the lesson last reached the learner; null: not known
)

prompt = Table(
    "prompt",
    metadata,
    Column("id", String(16), primary_key=True),  # random: it travels in buttons
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("topic", String(20), nullable=False),  # quiz, or the menu that asked
    Column("version", ForeignKey("lesson_version.id")),  # for a quiz: what it was asked from
    Column("question", String(64)),
    Column(
        "content", Json, nullable=False
    ),  # for a quiz, the order of its choices; else the question as shown
    Column("chosen", Json, nullable=False),  # switched on so far
    Column("message", String(120)),  # outbox key of the message that shows it
    Column("created_at", UtcDateTime, nullable=False),
    Column("shown_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("given", Json),  # the keys of the answer
    Column("verdict", String(10)),  # right, partly, wrong
    Column("ended_at", UtcDateTime),  # a menu that typed words no longer answer: something else was said
    _partial_index("ix_prompt_open", "learner_id", "created_at", where="answered_at IS NULL"),
    Index("ix_prompt_answered", "learner_id", "answered_at"),
    Index(  # menus are forgotten by their age, and are few among the quizzes
        "ix_prompt_menu",
        "created_at",
        sqlite_where=text("topic <> 'quiz'"),
        postgresql_where=text("topic <> 'quiz'"),
    ),
)

tally = Table(
    "tally",
    metadata,
    # Counted when an answer is given, and kept when its prompt is forgotten.
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("right", Integer, nullable=False),
    Column("partly", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("days", String(120), nullable=False),  # local dates with an answer: see storage.progress.days
)

recall = Table(
    "recall",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("lesson_id", String(64), primary_key=True),
    Column("memory", Json),  # the state of the memory model; null: never answered
    Column("due", LocalDate, nullable=False),  # the learner's own date, as all dates in the two JSON columns
    Column("failed", String(64)),  # the question to ask again, because it was not answered right
    Column("asked", Json, nullable=False),  # question → [times, last date]
    Index("ix_recall_due", "learner_id", "due"),
    _partial_index("ix_recall_failed", "learner_id", "due", where="failed IS NOT NULL"),
)

# What was issued, so that a paper can be verified. It holds no name and no code: see storage.attestations.
attestation = Table(
    "attestation",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("name_hash", String(64), nullable=False),  # keyed by the code: who has no paper can try no name
    Column("path", String(16), nullable=False),
    Column("course_version", String(64), nullable=False),
    Column("issued_at", UtcDateTime, nullable=False, index=True),
    Column("facts", Json, nullable=False),  # what the paper says beside the name and the code
    # null: the learner was erased after a long silence, and the paper stays known
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), index=True),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Large, primary_key=True),  # also the order within a conversation
    Column("key", String(120), nullable=False, unique=True),
    Column("address_id", ForeignKey("address.id", ondelete="CASCADE"), nullable=False),
    Column("priority", Integer, nullable=False),  # 0 reply, 1 scheduled
    # reply; goodbye, the last one; or planned: lesson, extra, review, reminder, rhythm, later, pause, notice
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
    # What waits for an address, in order; and all that ever left for it: without, erasing one person among 120,000 rows
    # took 30 ms. Beside an index of its own for what waits, PostgreSQL chose the wrong one of the two.
    Index("ix_outbox_address", "address_id", "state", "id"),
    _partial_index("ix_outbox_planned", "enrolment_id", where="state = 'waiting'"),
    _partial_index("ix_outbox_ended", "ended_at", where="ended_at IS NOT NULL"),
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
    _partial_index("ix_conversation_ready", "channel", "priority", "ready_at", where="token IS NULL"),
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
    Column("created_by", String(270), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
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

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(270), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("detail", Text, nullable=False),
)

pin = Table(
    "pin",
    metadata,
    Column("who", String(270), primary_key=True),  # channel:address of somebody who may publish
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
