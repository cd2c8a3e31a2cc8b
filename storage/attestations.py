# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Attestations that were issued, so that a paper can be verified. Neither the name on it nor its code is kept.

The code is a secret of 15 random symbols: its plain hash finds the row. The name's hash is keyed by the code, so that who
has no paper can try no name, and no key of the service is needed or rotated.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from lessons import typed
from storage.tables import attestation
from storage.types import Tx

MOST = 5
"""Attestations of one learner that can be verified: the newest."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """What is kept of one paper."""

    path: str
    """The role whose lessons it attests."""
    course_version: str
    issued_at: datetime
    facts: dict[str, Any]
    """What the paper says beside the name and the code; empty when it cannot be read."""
    name_hash: str = ""

    def names(self, code: str, name: str) -> bool:
        """Tell whether the paper bears a name, written in whatever case, with or without accents, spaces and dashes."""
        return hmac.compare_digest(self.name_hash.encode(), name_hash(code, name).encode())


def code_hash(code: str) -> str:
    """Return what is kept of a code, in hexadecimal."""
    return hashlib.sha256(b"iaventure attestation code\0" + code.encode()).hexdigest()


def name_hash(code: str, name: str) -> str:
    """Return what is kept of the name on the paper with this code, in hexadecimal."""
    return hmac.new(code.encode(), b"iaventure attestation name\0" + folded(name), "sha256").hexdigest()


def folded(name: str) -> bytes:
    """Return a name as it is compared: without case, accents, spaces, dashes and apostrophes."""
    return "".join(typed.words(name, signs=False)).encode()


_kept = (
    attestation.c.path,
    attestation.c.course_version,
    attestation.c.issued_at,
    attestation.c.facts,
    attestation.c.name_hash,
)


def _attestation(row: Sequence[Any]) -> Attestation:
    path, version, issued_at, facts, hashed = row
    return Attestation(path, version, issued_at, facts if isinstance(facts, dict) else {}, hashed)


def issue(
    tx: Tx,
    learner_id: str,
    code: str,
    name: str,
    *,
    path: str,
    course_version: str,
    facts: dict[str, Any],
    now: datetime,
) -> None:
    """Note a paper. Those of the same learner beyond the newest `MOST` are dropped."""
    tx.execute(
        insert(attestation).values(
            code_hash=code_hash(code),
            name_hash=name_hash(code, name),
            path=path,
            course_version=course_version,
            issued_at=now,
            facts=facts,
            learner_id=learner_id,
        )
    )
    newest = (
        select(attestation.c.code_hash)
        .where(attestation.c.learner_id == learner_id)
        .order_by(attestation.c.issued_at.desc(), attestation.c.code_hash)
        .limit(MOST)
    )
    kept = list(tx.execute(newest).scalars())
    of_learner = attestation.c.learner_id == learner_id
    tx.execute(delete(attestation).where(of_learner, attestation.c.code_hash.not_in(kept)))


def of_code(tx: Tx, code: str) -> Attestation | None:
    """Return the attestation with a code."""
    row = tx.execute(select(*_kept).where(attestation.c.code_hash == code_hash(code))).first()
    return None if row is None else _attestation(row)


def count_of(tx: Tx, learner_id: str) -> int:
    """Count the attestations of a learner."""
    of_learner = select(func.count()).where(attestation.c.learner_id == learner_id)
    return tx.execute(of_learner).scalar_one()


def release(tx: Tx, learners: Collection[str]) -> int:
    """Keep the attestations of learners who are about to be erased for their long silence; return how many.

    They say no more whose they are: only who has a paper can verify it. Call it before the erasure.
    """
    theirs = attestation.c.learner_id.in_(list(learners))
    return tx.execute(update(attestation).where(theirs).values(learner_id=None)).rowcount


def drop_old(tx: Tx, before: datetime, limit: int) -> int:
    """Drop what was issued before an instant, at most `limit`; return how many."""
    old = (
        select(attestation.c.code_hash)
        .where(attestation.c.issued_at < before)
        .order_by(attestation.c.issued_at)
        .limit(limit)
    )
    return tx.execute(delete(attestation).where(attestation.c.code_hash.in_(old))).rowcount
