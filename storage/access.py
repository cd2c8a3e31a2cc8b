# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Codes of access: their hashes, and how often wrong ones were given lately."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, insert, literal_column, or_, select, update

from storage import staff
from storage.tables import access_code, address, conversation, learner, wrong_code
from storage.types import Tx

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""None looks like another: no I, L, O, U, 0 and 1."""
GROUPS, EACH = 3, 4
"""12 letters of 30: 58 bits. No list of hashes gives a code back before its cohort has finished."""
HOUR = timedelta(hours=1)
MOST_OF_ONE, MOST_OF_ALL = 5, 100
"""Wrong codes an hour from one address, and from all."""
STRANGERS_KEPT = timedelta(hours=24)
"""How long the address of somebody without a code is kept."""


def new_code() -> str:
    """Return a code as it is given out: K7QF-M2XW-9TRA. It has a digit, by which a text is known to hold one."""
    while True:
        code = "-".join("".join(secrets.choice(LETTERS) for _ in range(EACH)) for _ in range(GROUPS))
        if any(map(str.isdigit, code)):
            return code


def is_made_of_ours(code: str) -> bool:
    """Tell whether a code has no letter but those of which codes are made."""
    return set(code) <= {*LETTERS, "-", " "}


def hash_of(code: str) -> str:
    """Return what is stored of a code, written with its dashes, with spaces, or without either."""
    return sha256(code.replace("-", "").replace(" ", "").upper().encode()).hexdigest()


def add(tx: Tx, code: str, *, until: datetime | None, by: str, now: datetime) -> None:
    """Make a code valid, until an instant or until it is ended."""
    tx.execute(
        insert(access_code).values(
            code_hash=hash_of(code), at=now, until=until, staff_id=staff.number_of(tx, by)
        )
    )


def end_all(tx: Tx) -> int:
    """End every code. Return how many there were."""
    return tx.execute(delete(access_code)).rowcount


def is_valid(tx: Tx, code: str, now: datetime) -> bool:
    """Tell whether a code opens the course now."""
    lasts = or_(access_code.c.until.is_(None), access_code.c.until > now)
    return (
        tx.execute(select(access_code.c.at).where(access_code.c.code_hash == hash_of(code), lasts)).first()
        is not None
    )


def may_try(tx: Tx, address_id: int, now: datetime) -> bool:
    """Tell whether an address may try a code: neither it nor all together gave too many wrong ones in the last hour."""
    # What lies ahead was written by a clock that was wrong.
    lately = select(func.count()).select_from(wrong_code)
    lately = lately.where(wrong_code.c.at > now - HOUR, wrong_code.c.at <= now)
    if tx.execute(lately).scalar_one() >= MOST_OF_ALL:
        return False
    return tx.execute(lately.where(wrong_code.c.address_id == address_id)).scalar_one() < MOST_OF_ONE


def note_wrong(tx: Tx, address_id: int, now: datetime) -> None:
    """Count a wrong code, and forget those of more than an hour ago."""
    tx.execute(delete(wrong_code).where(or_(wrong_code.c.at <= now - HOUR, wrong_code.c.at > now)))
    tx.execute(insert(wrong_code).values(address_id=address_id, at=now))


def forget(tx: Tx, now: datetime) -> int:
    """Forget wrong codes of more than an hour ago, and codes whose last day has passed. Return how many."""
    wrong = tx.execute(delete(wrong_code).where(or_(wrong_code.c.at <= now - HOUR, wrong_code.c.at > now)))
    over = tx.execute(delete(access_code).where(access_code.c.until <= now))
    return wrong.rowcount + over.rowcount


def admit(tx: Tx, learner_id: str, now: datetime) -> None:
    """Note that somebody gave a code."""
    tx.execute(update(learner).where(learner.c.id == learner_id).values(admitted_at=now))


_invited = literal_column("learner.state") == literal_column("'invited'")  # as in its index


def strangers(tx: Tx, now: datetime, most: int, besides: Collection[str] = ()) -> list[str]:
    """Return at most `most` learners who were kept long enough, where a code is needed, and never accepted the notice.

    `besides`: those who are passed by.
    """
    before = now - STRANGERS_KEPT
    begun = or_(learner.c.admitted_at.is_(None), learner.c.admitted_at < before)
    # Who waits for an answer stays until it left: among the first ones they would hold up the others.
    waits = (
        select(conversation.c.address_id)
        .join(address, address.c.id == conversation.c.address_id)
        .where(address.c.learner_id == learner.c.id)
        .limit(1)
        .correlate(learner)
        .scalar_subquery()
        .is_(None)
    )
    rows = select(learner.c.id).where(_invited, learner.c.created_at < before, begun, waits)
    rows = rows.where(learner.c.id.not_in(list(besides)))
    rows = rows.order_by(learner.c.created_at, learner.c.id).limit(most)
    return list(tx.execute(rows).scalars())
