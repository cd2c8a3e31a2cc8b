# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is taught: the course, and every version of its lessons."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, text

from storage.tables.parts import metadata
from storage.types import Json, LocalDate, UtcDateTime

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
    Column("published_at", UtcDateTime, nullable=False),
    Column("held", Boolean, nullable=False),  # a channel refused it: not sent until replaced or released
    Column("reason", String(200), nullable=False, server_default=text("''")),  # why it is held
    # The address that refused it first, while nobody has received it. No foreign key: the address may be erased.
    Column("refused_by", Integer),
    Column("given_at", UtcDateTime),  # first received by anybody: written once
    Column("staff_id", Integer),  # who published it; null: it came with the program
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
