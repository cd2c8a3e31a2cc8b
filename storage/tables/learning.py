# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What becomes of it: enrolments, questions, answers, memories, attestations."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from storage.tables.parts import metadata, partial_index
from storage.types import Json, LocalDate, UtcDateTime

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
    partial_index("ix_enrolment_due", "next_at", where="next_at IS NOT NULL"),
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
    partial_index("ix_prompt_open", "learner_id", "created_at", where="answered_at IS NULL"),
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
    partial_index("ix_recall_failed", "learner_id", "due", where="failed IS NOT NULL"),
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
