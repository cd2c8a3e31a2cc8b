# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Notices: every one that was ever shown, which is in force, and who is still to be told of a change.

A notice is archived when it is first shown, and published when the operator decides what it changes for those who accepted
an earlier one. The first of a database has nobody to tell: it is published at once, as is another wording of the same facts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update

from storage.tables import learner, notice
from storage.types import Tx, canonical, insert

APART = timedelta(days=30)
"""How long somebody is not told again."""
INSTANT = timedelta(microseconds=1)
ACCEPTED = ("active", "paused", "stopped")
"""States of those who accepted a notice."""

Facts = Mapping[str, Any]
Texts = Mapping[str, Any]
"""Language → channel → layer → text."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the archive."""

    version: str
    at: datetime
    facts: Facts | None
    """What it was made from; None for one of before facts were kept."""
    published_at: datetime | None
    material: bool


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of which people are told."""

    version: str
    """Who accepted it knows it, though it was published afterwards."""
    at: datetime
    """Who accepted another notice before is concerned."""
    asks: str
    """The version that lessons wait for, where the ground is consent: a new yes is needed. Empty where none is."""
    last: str = ""
    """The version that was published last: who accepted it knows all there is to know."""

    def is_known_with(self, version: str) -> bool:
        """Tell whether who accepted a version knows the change, whenever that was."""
        return version in (self.version, self.last)


def fingerprint_of(facts: Facts, texts: Texts) -> str:
    """Return what tells a notice from every other."""
    return sha256(canonical([facts, texts]).encode()).hexdigest()


_known = select(notice.c.version).where(notice.c.fingerprint == bindparam("of"))


def keep(tx: Tx, facts: Facts, texts: Texts, fingerprint: str, now: datetime) -> str:
    """Return the version of a notice that is shown now; archive it if it never was."""
    version: str | None = tx.execute(_known, {"of": fingerprint}).scalar()
    if version is not None:
        return version
    last = published(tx)
    as_before = last is None or last.facts == facts or not accepted(tx)
    versions = set(tx.execute(select(notice.c.version)).scalars())
    version = next(
        name for n in range(1, len(versions) + 2) if (name := f"{now:%Y-%m-%d}-{n}") not in versions
    )
    row = insert(tx.dialect.name, notice).values(
        version=version,
        fingerprint=fingerprint,
        at=now,
        facts=facts,
        texts=texts,
        published_at=now if as_before else None,
        material=False,
    )
    tx.execute(row)
    return version


_newest = (notice.c.published_at.desc(), notice.c.at.desc(), notice.c.version.desc())
_notices = select(notice.c.version, notice.c.at, notice.c.facts, notice.c.published_at, notice.c.material)
_last_published = _notices.where(notice.c.published_at.is_not(None)).order_by(*_newest).limit(1)


def published(tx: Tx) -> Notice | None:
    """Return the notice that was published last; None when none ever was shown."""
    row = tx.execute(_last_published).first()
    return None if row is None else Notice(*row)


def publish(tx: Tx, version: str, now: datetime, *, material: bool) -> None:
    """Publish an archived notice. A material one is told to whoever accepted one before.

    It is the newest from then on, also where an earlier one was published, or told, by a clock that was ahead.
    """
    last = published(tx)
    at = now if last is None or last.published_at is None else max(now, last.published_at + INSTANT)
    tx.execute(update(notice).where(notice.c.version == version).values(published_at=at, material=material))
    if material:
        tx.execute(update(learner).where(learner.c.told_at >= now).values(told_at=now - INSTANT))


_last_material = (
    select(notice.c.version, notice.c.published_at)
    .where(notice.c.material)
    .order_by(notice.c.published_at.desc())
    .limit(1)
)


def change(tx: Tx) -> Change | None:
    """Return the last change of which people are told; None when there is none. One look-up in a table of few rows."""
    row = tx.execute(_last_material).first()
    if row is None or row.published_at is None:
        return None
    last = published(tx)
    consent = last is not None and (last.facts or {}).get("ground") == "consent"
    newest = "" if last is None else last.version
    return Change(row.version, row.published_at, asks=newest if consent else "", last=newest)


def texts_of(tx: Tx, version: str) -> Texts:
    """Return the texts of an archived notice."""
    texts: Texts | None = tx.execute(select(notice.c.texts).where(notice.c.version == version)).scalar()
    return texts or {}


_concerned = and_(
    learner.c.consented_at < bindparam("since", type_=learner.c.consented_at.type),
    learner.c.notice.not_in(bindparam("known", expanding=True)),
)
_of = learner.c.id.in_(bindparam("of", expanding=True))
_waiting = select(learner.c.id).where(_of, _concerned)
_untold = _waiting.where(
    learner.c.state.in_(ACCEPTED),
    or_(
        learner.c.told_at.is_(None),
        (learner.c.told_at < bindparam("since", type_=learner.c.told_at.type))
        & (learner.c.told_at <= bindparam("lately", type_=learner.c.told_at.type)),
    ),
)


def waiting(tx: Tx, ids: Collection[str], since: Change) -> set[str]:
    """Return those of some learners who have not accepted a change."""
    values = {"of": list(ids), "since": since.at, "known": [since.version, since.last]}
    return set(tx.execute(_waiting, values).scalars())


def untold(tx: Tx, ids: Collection[str], since: Change, now: datetime) -> set[str]:
    """Return those of some learners who are to be told of a change: not told of it, nor of another in the last 30 days."""
    values = {"of": list(ids), "since": since.at, "known": [since.version, since.last]}
    values["lately"] = now - APART
    return set(tx.execute(_untold, values).scalars())


_note_told = update(learner).where(_of).values(told_at=bindparam("at"))


def note_told(tx: Tx, ids: Collection[str], now: datetime) -> None:
    """Note that some learners were told; never before the change of which they were, whose clock may have been ahead."""
    if not ids:
        return
    last = change(tx)
    tx.execute(_note_told, {"of": list(ids), "at": now if last is None else max(now, last.at)})


def accepted(tx: Tx, besides: str = "") -> int:
    """Count those who accepted a notice, whichever it was, but for one version."""
    others = learner.c.state.in_(ACCEPTED) & (learner.c.notice != besides)
    return tx.execute(select(func.count()).select_from(learner).where(others)).scalar_one()
