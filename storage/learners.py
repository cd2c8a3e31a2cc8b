# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Learners, and the addresses at which they are reached."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select, update

from storage import sealing
from storage.tables import address, enrolment, learner
from storage.types import UNREADABLE, Tx

NOWHERE = "left:"
"""What the address of somebody begins with who is reached nowhere. It is never sealed."""
FAR = timedelta(days=400)
"""No slot is planned further ahead: a pause of a year ends on the first working day after it."""
OPPOSED, LIMITED = "opposed", "limited"
OUT = frozenset({OPPOSED, LIMITED})
"""States of those who objected: they get nothing and are in no figure. What is kept of the limited is not dropped by age."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The place of a learner in the course."""

    id: int
    position: str | None
    """The last lesson that was delivered."""
    schedule: str
    """Canonical JSON of a `config.schedule.Schedule`."""
    next_at: datetime | None
    """None when nothing is planned, or when the stored instant cannot be read: no answer gives a date in 1900."""
    slot: date | None
    until: date | None
    """The local date on which a pause ends, while it lasts."""
    silent: int
    """Slots used since the learner's last word."""
    slots: str
    """The local dates that brought something: see `storage.progress.days`."""
    rhythm: str
    """How often questions come after the last lesson: daily, normal, weekly or none."""
    finished_at: datetime | None
    """When the learner was told that the course is finished."""
    offered_on: date | None
    """When another rhythm was offered last."""
    badges: Any
    """The local date of each badge, by theme: see `lessons.review.Level`."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A person who wrote to the bot, seen from one address."""

    id: str
    address_id: int
    channel: str
    address: str
    """`left:` and the id of the address for somebody who is reached nowhere, also when it cannot be opened."""
    account: str | None
    """Who is reached at the address, where it names a place: on Matrix. Elsewhere the address names the person."""
    language: str
    role: str
    state: str
    """invited, active, paused or stopped; opposed or limited, see `OUT`; erased while only the goodbye is left."""
    pause_reason: str
    """asked, until, silent or gone; empty unless paused."""
    notice: str
    consented_at: datetime | None
    created_at: datetime
    pictures: bool
    """Whether pictures are wanted beside the texts that say the same."""
    heard_on: date | None
    """The last date of UTC on which they said something."""
    warned_on: date | None
    """When they were told that they will be erased for their silence."""
    told_at: datetime | None
    """When a message said last that the notice has changed."""
    admitted_at: datetime | None
    """When they gave a code of access, where one is needed."""
    enrolment: Enrolment | None


_learner_columns = (
    learner.c.id,
    address.c.id.label("address_id"),
    address.c.channel,
    address.c.address,
    address.c.account,
    address.c.sealed,
    address.c.account_sealed,
    learner.c.language,
    learner.c.role,
    learner.c.state,
    learner.c.pause_reason,
    learner.c.notice,
    learner.c.consented_at,
    learner.c.created_at,
    learner.c.pictures,
    learner.c.heard_on,
    learner.c.warned_on,
    learner.c.told_at,
    learner.c.admitted_at,
)
_enrolment_columns = (
    enrolment.c.id.label("enrolment_id"),
    enrolment.c.position,
    enrolment.c.schedule,
    enrolment.c.next_at,
    enrolment.c.slot,
    enrolment.c.until,
    enrolment.c.silent,
    enrolment.c.slots,
    enrolment.c.rhythm,
    enrolment.c.finished_at,
    enrolment.c.offered_on,
    enrolment.c.badges,
)
_learners = select(*_learner_columns, *_enrolment_columns).select_from(
    address.join(learner, learner.c.id == address.c.learner_id).outerjoin(
        enrolment, enrolment.c.learner_id == learner.c.id
    )
)


_learner_at_address = _learners.where(
    address.c.channel == bindparam("channel"),
    address.c.address.in_([bindparam("where"), bindparam("in_clear")]),
)


def by_address(tx: Tx, channel: str, where: str) -> Learner | None:
    """Return the learner reached at an address."""
    stored, in_clear = sealing.names(tx, channel, where)
    row = tx.execute(_learner_at_address, {"channel": channel, "where": stored, "in_clear": in_clear}).first()
    return None if row is None else _learner(tx, row, where)


_learners_at = _learners.where(address.c.id.in_(bindparam("of", expanding=True)))


def at(tx: Tx, address_ids: Collection[int]) -> dict[int, Learner]:
    """Return the learners at some addresses, by address id."""
    found = (_learner(tx, row) for row in tx.execute(_learners_at, {"of": list(address_ids)}).all())
    return {one.address_id: one for one in found}


def by_id(tx: Tx, learner_id: str) -> Learner | None:
    """Return the learner, at the first address they wrote from."""
    row = tx.execute(_learners.where(learner.c.id == learner_id).order_by(address.c.id)).first()
    return None if row is None else _learner(tx, row)


def nowhere(address_id: int) -> str:
    """Return the address of a learner who is reached nowhere."""
    return f"{NOWHERE}{address_id}"


def _learner(tx: Tx, row: Sequence[Any], where: str = "") -> Learner:
    """Return a learner. `where`: the address, if it is known already."""
    id_, address_id, channel, stored, of, sealed, of_sealed, *about = row[: len(_learner_columns)]
    if not where:
        where = sealing.opened(tx, channel, address_id, stored, sealed) or nowhere(address_id)
    account = None if of is None else sealing.opened(tx, channel, address_id, of, of_sealed)
    values, enrolled = (id_, address_id, channel, where, account, *about), tuple(row[len(_learner_columns) :])
    if enrolled[0] is None:
        return Learner(*values, None)  # type: ignore[call-arg]
    place = Enrolment(*enrolled)
    return Learner(*values, replace(place, next_at=None) if place.next_at == UNREADABLE else place)  # type: ignore[call-arg]


def meet(tx: Tx, channel: str, where: str, *, language: str, now: datetime, account: str = "") -> Learner:
    """Store a newcomer; until they accept the notice, the bot sends them replies only."""
    meet_all(tx, channel, [(where, account)], language=language, now=now)
    met = by_address(tx, channel, where)
    if met is None:
        raise LookupError("an address that was just stored is missing")
    return met


def meet_all(tx: Tx, channel: str, met: Collection[tuple[str, str]], *, language: str, now: datetime) -> None:
    """Store newcomers, each given as (address, account); the account may be empty."""
    new = [(secrets.token_hex(8), where, account) for where, account in met]
    about = {"language": language, "role": "agent", "state": "invited", "pause_reason": "", "notice": ""}
    tx.execute(
        learner.insert(),
        [{"id": id_, "created_at": now, "heard_on": now.date(), **about} for id_, _, _ in new],
    )
    tx.execute(
        address.insert(),
        [
            {
                "channel": channel,
                "address": sealing.name(tx, channel, where),
                "learner_id": id_,
                "account": sealing.name(tx, channel, account) if account else None,
            }
            for id_, where, account in new
        ],
    )
    if sealing.of(tx) is not None:
        _seal_all(tx, channel, {id_: (where, account) for id_, where, account in new})


_addresses_of_new = select(address.c.id, address.c.learner_id).where(
    address.c.learner_id.in_(bindparam("of", expanding=True))
)
_put_seals = (
    update(address)
    .where(address.c.id == bindparam("row"))
    .values(sealed=bindparam("copy"), account_sealed=bindparam("account_copy"))
)


def _seal_all(tx: Tx, channel: str, new: Mapping[str, tuple[str, str]]) -> None:
    """Put the sealed copies beside the tags of new addresses: they hold the id of the row, which is known only now."""
    values = []
    for row in tx.execute(_addresses_of_new, {"of": list(new)}).all():
        where, account = new[row.learner_id]
        values.append(
            {
                "row": row.id,
                "copy": sealing.sealed(tx, channel, row.id, where),
                "account_copy": sealing.sealed(tx, channel, row.id, account) if account else None,
            }
        )
    tx.execute(_put_seals, values)


def known(tx: Tx, channel: str, where: Collection[str]) -> set[str]:
    """Return those of some addresses at which somebody accepted the notice."""
    named = sealing.named(tx, channel, where)
    found = tx.execute(
        select(address.c.address)
        .join(learner, learner.c.id == address.c.learner_id)
        .where(
            address.c.channel == channel,
            address.c.address.in_(list(named)),
            learner.c.state.not_in(("invited", "erased")),
        )
    )
    return {named[stored] for stored in found.scalars()}


# A literal, not a parameter: SQLite uses a partial index only when it can see the condition.
_is_out = literal_column("learner.state").in_(
    [literal_column(f"'{OPPOSED}'"), literal_column(f"'{LIMITED}'")]
)


def out_of_figures() -> Select[tuple[str]]:
    """Return the query of the ids of those who objected: few, and found by an index."""
    return select(learner.c.id).where(_is_out)


def limited() -> Select[tuple[str]]:
    """Return the query of the ids of those whose data are kept without being used."""
    return select(learner.c.id).where(_is_out, learner.c.state == LIMITED)


_state = select(learner.c.state).where(learner.c.id == bindparam("of"))


def state_of(tx: Tx, learner_id: str) -> str | None:
    """Return the state of a learner."""
    return tx.execute(_state, {"of": learner_id}).scalar()


def change(tx: Tx, learner_id: str, **values: Any) -> None:
    """Set columns of a learner."""
    tx.execute(update(learner).where(learner.c.id == learner_id).values(**values))


def pause(tx: Tx, learner_id: str, reason: str) -> None:
    """Pause an active learner: plan nothing more until they come back."""
    paused = tx.execute(
        update(learner)
        .where(learner.c.id == learner_id, learner.c.state == "active")
        .values(state="paused", pause_reason=reason)
    )
    if paused.rowcount:
        tx.execute(update(enrolment).where(enrolment.c.learner_id == learner_id).values(next_at=None))


_wake = (
    update(learner)
    .where(learner.c.id.in_(bindparam("of", expanding=True)))
    .values(state="active", pause_reason="")
)


def wake(tx: Tx, ids: Collection[str]) -> None:
    """Make learners active whose pause is over."""
    tx.execute(_wake, {"of": list(ids)})


def addresses_of(tx: Tx, ids: Collection[str]) -> list[int]:
    """Return the ids of every address of some learners."""
    return list(tx.execute(select(address.c.id).where(address.c.learner_id.in_(list(ids)))).scalars())


_set_refusals = update(address).where(address.c.id == bindparam("of")).values(refusals=bindparam("counted"))


def set_refusals(tx: Tx, counts: Mapping[int, int]) -> None:
    """Set, by address id, how many messages in a row an address has refused."""
    if counts:
        tx.execute(_set_refusals, [{"of": of, "counted": number} for of, number in counts.items()])


def ids_after(tx: Tx, after: str, number: int) -> list[str]:
    """Return the ids of the next `number` learners after one, or from the first: a walk by the primary key alone."""
    ids = tx.execute(select(learner.c.id).where(learner.c.id > after).order_by(learner.c.id).limit(number))
    return list(ids.scalars())


def count(tx: Tx) -> dict[str, int]:
    """Count the learners in each state."""
    counts = tx.execute(select(learner.c.state, func.count()).group_by(learner.c.state))
    return {row[0]: row[1] for row in counts}
