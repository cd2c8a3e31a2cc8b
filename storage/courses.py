# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The published course, and every version of its lessons that was ever published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, String, Text, case, cast, func, select, type_coerce, update

from lessons.model import Course, Lesson
from lessons.source import PlacedLesson
from storage import staff, tables, versions
from storage.catalogue import Catalogue, Entry, Unreadable
from storage.failures import NoCourse, OtherCourse, OtherTheme, Superseded, UnknownTheme
from storage.types import Tx, canonical, insert
from storage.witnesses import TRUSTED

Outcome = Literal["new", "changed", "restored", "moved", "unchanged"]
"""`restored`: content that was published before is current again; `moved`: the same content at another place."""

LIBRARY = "library"
"""The publisher of the lessons that ship with the program: a newer shipped lesson may replace such a one."""


@dataclass(frozen=True, slots=True)
class Change:
    """The outcome of publishing one lesson or course."""

    id: str
    outcome: Outcome
    version: str


_number = tables.lesson_version.c.staff_id
_published_by = case((_number.is_(None), LIBRARY), else_="staff " + cast(_number, String))
_made_from = (
    *tables.lesson.c["id", "theme", "place", "version"],
    tables.lesson_version.c.held,
    _published_by.label("published_by"),
    tables.lesson_version.c.reason,
    tables.lesson.c.reset_on,
)
_and_version = tables.lesson.outerjoin(
    tables.lesson_version, tables.lesson_version.c.id == tables.lesson.c.version
)
_published = select(*_made_from).select_from(_and_version).order_by(tables.lesson.c.id)


@cache
def _stamp(dialect: str) -> Select[Any]:
    """Return the query of two texts that hold all that the catalogue is made from, but the lessons themselves."""

    def joined(*columns: ColumnElement[Any]) -> ColumnElement[str]:
        # Each value quoted, so that no two states give the same text. In SQLite, whose `quote` takes three times as long:
        if dialect == "sqlite":
            return func.printf(",".join(["%Q"] * len(columns)), *columns)
        return func.format(",".join(["%L"] * len(columns)), *columns)

    taught = select(func.aggregate_strings(joined(*tables.course.c["id", "content"]), ","))
    rows = func.aggregate_strings(joined(*_made_from), ",")
    return select(rows, taught.scalar_subquery()).select_from(_and_version)


RESET = ("changed", "restored")
"""What becomes of a lesson when earlier answers to it can count no more."""

_newest: tuple[object, Catalogue] | None = None
"""The catalogue that was made last, and its stamp: the same stamp gives the same one, whatever the database."""


def catalogue(tx: Tx) -> Catalogue | None:
    """Return what is published now; None before the first publication. What cannot be read is named, and stops nothing."""
    # Each transaction asks whether something changed, for another process may publish: one row, where reading the 80 of the
    # lessons took three times as long.
    global _newest
    stamp = tuple(tx.execute(_stamp(tx.dialect.name)).one())
    if _newest is not None and _newest[0] == stamp:
        return _newest[1]
    rows = tx.execute(_published).all()
    stored = versions.course_text(tx)
    if stored is None:
        return None
    # SQLite stores any type: a place that is not a number could not be sorted.
    placed = [row for row in rows if isinstance(row.theme, str) and isinstance(row.place, int)]
    lessons = versions.read(tx, (row.version for row in placed))
    made = _catalogue_of(rows, placed, stored, lessons)
    # A lesson that cannot be read is looked at each time: its text may be repaired under the same version.
    _newest = None if made.unreadable else (stamp, made)
    return made


def _catalogue_of(
    rows: Sequence[Any], placed: Sequence[Any], stored: tuple[str, str], lessons: Mapping[str, Lesson]
) -> Catalogue:
    course, course_readable = versions.course_of(*stored, sorted({row.theme for row in placed}))
    entries: dict[str, Entry] = {}
    unreadable: dict[str, Unreadable] = {}
    for row in rows:
        place = row.place if row in placed else None
        if place is not None and (lesson := lessons.get(row.version)) is not None:
            entries[row.id] = Entry(row.id, row.theme, place, row.version, lesson, *row[4:])
        else:
            unreadable[row.id] = Unreadable(row.theme, place, row.version, row.published_by or "")
    return Catalogue(course, entries, unreadable, course_readable)


def lesson_of(tx: Tx, version: str) -> Lesson:
    """Return the lesson of a version, as it was published.

    Raises:
        LookupError: the version was never published, or cannot be read today.
    """
    lesson = versions.read(tx, [version]).get(version)
    if lesson is None:
        raise LookupError(f"no lesson version that can be read: {version}")
    return lesson


def title_of(tx: Tx, version: str) -> str:
    """Return the title of a version; when it cannot be read, the id of its lesson, else the version itself."""
    lesson = versions.read(tx, [version]).get(version)
    return lesson.title if lesson is not None else slugs_of(tx, [version]).get(version, version)


def slugs_of(tx: Tx, some: Collection[str]) -> dict[str, str]:
    """Return the lesson ids of some versions, whether these can be read or not."""
    table = tables.lesson_version
    rows = tx.execute(select(table.c.id, table.c.lesson_id).where(table.c.id.in_(some)))
    return {row.id: row.lesson_id for row in rows}


def require_theme(published: Catalogue | None, lesson: Lesson) -> Catalogue:
    """Return the catalogue, once it is known to have the theme of a lesson.

    Raises:
        NoCourse: no course is published.
        UnknownTheme: the course has no such theme.
    """
    if published is None:
        raise NoCourse
    themes = sorted(theme.id for theme in published.course.themes)
    if lesson.theme not in themes:
        raise UnknownTheme(lesson.id, lesson.theme, themes)
    return published


def require_same_theme(published: Catalogue, lesson: Lesson) -> None:
    """Check that a lesson published under this id, if any, has the same theme.

    Raises:
        OtherTheme: it is a lesson of another theme, most likely another lesson.
    """
    before = published.entries.get(lesson.id) or published.unreadable.get(lesson.id)
    if before is not None and before.theme != lesson.theme:
        raise OtherTheme(lesson.id, before.theme)


def publish(
    tx: Tx,
    course: Course | None,
    lessons: Iterable[PlacedLesson],
    *,
    by: str,
    now: datetime,
    base: Mapping[str, str | None] | None = None,
    reset: bool = False,
) -> tuple[Change, ...]:
    """Publish a course and lessons, all or none once the transaction ends; return the outcomes in the order given.

    Nothing is overwritten: other content is another version, and content published before becomes current again.
    A lesson without a place keeps the one it has, or goes to the end of its theme. It changes its theme only together with
    a course. `base`: the versions, by lesson, that were current when this was decided; none for a new lesson. `reset`: the
    answers given before to lessons that change count no more, give or take a day, for dates are those of learners.

    Raises:
        PublishError: the course or a lesson does not fit what is published.
    """
    changes = []
    if course is not None:
        changes.append(_publish_course(tx, course))
    published = catalogue(tx)
    if published is None:
        raise NoCourse
    entries = dict(published.entries)
    for placed in lessons:
        lesson = placed.lesson
        require_theme(published, lesson)
        before = entries.get(lesson.id)
        if course is None:
            require_same_theme(published, lesson)
        if (
            base is not None
            and before is not None
            and before.version not in (base.get(lesson.id), lesson.version)
        ):
            raise Superseded(lesson.id, before.version)
        damaged = published.unreadable.get(lesson.id) if before is None else None
        place = placed.place if placed.place is not None else _place(lesson, before or damaged, entries)
        change = _publish_lesson(tx, published.course.id, lesson, place, before, by=by, now=now)
        changes.append(replace(change, outcome="changed") if damaged is not None else change)
        if reset and change.outcome in RESET:
            table = tables.lesson
            tx.execute(update(table).where(table.c.id == lesson.id).values(reset_on=now.date()))
        entries[lesson.id] = Entry(lesson.id, lesson.theme, place, lesson.version, lesson, False, by)
    return tuple(changes)


def _place(lesson: Lesson, before: Entry | Unreadable | None, entries: Mapping[str, Entry]) -> int:
    if before is not None and before.theme == lesson.theme and before.place is not None:
        return before.place
    return max((entry.place for entry in entries.values() if entry.theme == lesson.theme), default=0) + 1


def _publish_course(tx: Tx, course: Course) -> Change:
    content = course.model_dump(mode="json")
    # As text: what is stored may be no JSON.
    stored = type_coerce(tables.course.c.content, Text).label("content")
    before = tx.execute(select(tables.course.c.id, stored)).first()
    if before is not None and before.id != course.id:
        raise OtherCourse(before.id)
    if before is None:
        tx.execute(tables.course.insert().values(id=course.id, content=content))
        return Change(course.id, "new", course.version)
    if before.content == canonical(content):
        return Change(course.id, "unchanged", course.version)
    tx.execute(update(tables.course).values(content=content))
    return Change(course.id, "changed", course.version)


def _publish_lesson(
    tx: Tx, course_id: str, lesson: Lesson, place: int, before: Entry | None, *, by: str, now: datetime
) -> Change:
    version = lesson.version
    if before is not None and (before.version, before.theme, before.place) == (version, lesson.theme, place):
        return Change(lesson.id, "unchanged", version)
    content = lesson.model_dump(mode="json")
    known = tx.execute(
        select(tables.lesson_version.c.id).where(tables.lesson_version.c.id == version)
    ).scalar()
    tx.execute(
        insert(tx.dialect.name, tables.lesson_version)
        .values(
            id=version,
            lesson_id=lesson.id,
            content=content,
            staff_id=None if by == LIBRARY else staff.number_of(tx, by),
            published_at=now,
            **TRUSTED,
        )
        # The content is the same, or was damaged since.
        .on_conflict_do_update(index_elements=["id"], set_={**TRUSTED, "content": content})
    )
    row = {"course_id": course_id, "theme": lesson.theme, "place": place, "version": version}
    tx.execute(
        insert(tx.dialect.name, tables.lesson)
        .values(id=lesson.id, **row)
        .on_conflict_do_update(index_elements=["id"], set_=row)
    )
    if before is None:
        return Change(lesson.id, "new", version)
    if before.version == version:
        return Change(lesson.id, "moved", version)
    return Change(lesson.id, "changed" if known is None else "restored", version)


def ship(tx: Tx, course: Course, lessons: Iterable[PlacedLesson], *, now: datetime) -> tuple[Change, ...]:
    """Publish what ships with the program; keep what an admin published, and what an admin went back to."""
    published = catalogue(tx)
    if published is None:
        return publish(tx, course, lessons, by=LIBRARY, now=now)
    if published.course.id != course.id:
        return ()
    seen = set(tx.execute(select(tables.lesson_version.c.id)).scalars())
    current: dict[str, Entry | Unreadable] = {**published.entries, **published.unreadable}
    damaged = {lesson.version for lesson in published.unreadable.values()}
    fresh = [
        placed
        for placed in lessons
        if placed.lesson.version in damaged
        or (
            placed.lesson.version not in seen
            and (placed.lesson.id not in current or current[placed.lesson.id].by == LIBRARY)
        )
    ]
    return publish(tx, course, fresh, by=LIBRARY, now=now) if fresh else ()
