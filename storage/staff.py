# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Staff: those who act on the service, by a number. Only here stands who they are, and only while it is of use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select, update

from storage import sealing
from storage.tables import access_code, audit, broadcast, lesson_version, pin, staff
from storage.types import Tx

ADMIN = "admin"
ROOT = "setting"
"""What gives and takes the right of those that the setting `admins` names."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acted, or may act. `role` is empty for who has no right of their own: the command line."""

    id: int
    who: str
    """`channel:address`, or `cli:` and a name; empty once it was forgotten."""
    role: str
    given_at: datetime | None
    revoked_at: datetime | None


PLACE = "staff", "who"
"""What they are sealed for, and under which channel their tags are made."""

_people = select(
    *(staff.c.id, staff.c.who, staff.c.sealed, staff.c.role, staff.c.given_at, staff.c.revoked_at)
).order_by(staff.c.id)


def is_named(tx: Tx, who: str) -> ColumnElement[bool]:
    """Return the condition that a row is of somebody."""
    return staff.c.who.in_(sealing.names(tx, PLACE[0], who))


def name_of(tx: Tx, stored: str, sealed: bytes | None) -> str:
    """Return who is stored; empty once it was forgotten, or when it cannot be opened."""
    return sealing.opened(tx, *PLACE, stored, sealed) or ""


def number_of(tx: Tx, who: str) -> int:
    """Return the number of somebody, who gets one with the first thing that they do."""
    found: int | None = tx.execute(select(staff.c.id).where(is_named(tx, who))).scalar()
    if found is not None:
        return found
    return int(tx.execute(insert(staff).values(_row(tx, who)).returning(staff.c.id)).scalar_one())


def _row(tx: Tx, who: str) -> dict[str, Any]:
    return {
        "who": sealing.name(tx, PLACE[0], who),
        "sealed": sealing.sealed(tx, *PLACE, who),
        "role": "",
    }


def people(tx: Tx) -> list[Person]:
    """Return everybody, in the order of their numbers."""
    return [_person(tx, row) for row in tx.execute(_people).all()]


def by_number(tx: Tx, number: int) -> Person | None:
    """Return who has a number."""
    row = tx.execute(_people.where(staff.c.id == number)).first()
    return None if row is None else _person(tx, row)


def _person(tx: Tx, row: Any) -> Person:
    return Person(row.id, name_of(tx, row.who, row.sealed), row.role, row.given_at, row.revoked_at)


def note_admins(tx: Tx, admins: Collection[str], now: datetime) -> None:
    """Note who has the right that the setting `admins` gives, and since when somebody has it no more."""
    named = set(admins)
    for person in people(tx):
        holds = person.role == ADMIN and person.revoked_at is None
        if person.who in named and not holds:
            given = {"role": ADMIN, "given_by": ROOT, "given_at": now, "revoked_by": None, "revoked_at": None}
            tx.execute(update(staff).where(staff.c.id == person.id).values(**given))
        elif holds and person.who not in named:
            taken = {"revoked_by": ROOT, "revoked_at": now}
            tx.execute(update(staff).where(staff.c.id == person.id).values(**taken))
        named.discard(person.who)
    if named:
        given = {"role": ADMIN, "given_by": ROOT, "given_at": now}
        tx.execute(insert(staff), [{**_row(tx, who), **given} for who in sorted(named)])


_acts = audit, broadcast, lesson_version, access_code


def join(tx: Tx, twin: int, number: int) -> None:
    """Give what somebody did under a second number to their first one. The second stays, of nobody."""
    for table in _acts:
        tx.execute(update(table).where(table.c.staff_id == twin).values(staff_id=number))
    pinned = tx.execute(select(pin.c.staff_id).where(pin.c.staff_id == number)).scalar()
    if pinned is None:
        tx.execute(update(pin).where(pin.c.staff_id == twin).values(staff_id=number))
    else:
        tx.execute(delete(pin).where(pin.c.staff_id == twin))
    # Which right they have is noted anew by each start.
    tx.execute(update(staff).where(staff.c.id == twin).values(who="", sealed=None, role=""))


def forget(tx: Tx, before: datetime) -> int:
    """Forget who those are whose last right, or last act, ended before an instant; return how many. Their numbers stay."""
    acted_since = exists().where(audit.c.staff_id == staff.c.id, audit.c.at >= before)
    ended = or_(staff.c.revoked_at < before, staff.c.given_at.is_(None))
    of = select(staff.c.id).where(staff.c.who != "", ended, ~acted_since)
    return tx.execute(update(staff).where(staff.c.id.in_(of)).values(who="", sealed=None)).rowcount
