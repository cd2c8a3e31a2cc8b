# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Who an event is of. A course follows its person from place to place, for a word or a vote of their own and nothing less.

An address may name a place that others can enter: what happens there is of the account that did it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.messages import Event, Kind
from storage import accounts, erasure, learners
from storage.learners import Learner
from storage.outbox import queue
from storage.types import Tx

SPOKEN = {Kind.TEXT, Kind.CHOOSE, Kind.TOGGLE, Kind.SUBMIT, Kind.FILE}
"""What moves a course to where it happens."""


@dataclass(frozen=True, slots=True)
class Found:
    """A learner where they are now."""

    learner: Learner
    moved: bool = False
    """Whether their course came there with this event."""
    new: bool = False
    """Whether nobody was known there."""


def find(tx: Tx, event: Event, *, language: str, now: datetime) -> Found | None:
    """Return the learner that an event is of, met if need be; None when nobody known left or came back."""
    here = _here(tx, event, now)
    course = _course(tx, event, here)
    if course is not None:
        return Found(accounts.move(tx, course, event.address, event.sender, now), moved=True)
    if here is not None:
        return Found(here)
    if event.kind in (Kind.LEFT, Kind.BACK, Kind.CLEAR):
        return None
    met = accounts.meet(tx, event.channel, event.address, event.sender, language=language, now=now)
    return Found(met, new=True)


def _here(tx: Tx, event: Event, now: datetime) -> Learner | None:
    """Return whose course is at the address, once a course of somebody else who was there before is put out."""
    here = learners.by_address(tx, event.channel, event.address)
    if here is None or not event.sender:
        return here
    if here.state == "erased":
        # An erased address with an account has no goodbye: it is deleted now instead of later.
        gone = here.account is not None and erasure.leave_overdue(tx, [here.address_id], now)
        return None if gone else here
    if here.account == event.sender:
        return here
    if here.account is None:
        accounts.note(tx, here.channel, here.address_id, event.sender)
        return learners.by_address(tx, event.channel, event.address)
    if event.kind is Kind.LEFT:
        return None
    learners.pause(tx, here.id, "gone")
    queue.cancel(tx, here.address_id, now, "gone")
    accounts.put_out(tx, here)
    return None


def _course(tx: Tx, event: Event, here: Learner | None) -> Learner | None:
    """Return the course that this event brings to its address, where there is none yet."""
    if here is not None and here.state != "invited":
        return None
    if event.kind is Kind.GREETING and event.succeeds:
        former = learners.by_address(tx, event.channel, event.succeeds)
        if former is None or former.state == "erased" or former.account not in (None, event.sender):
            return None
        return former
    if event.kind not in SPOKEN or not event.sender:
        return None
    rows = [
        row
        for row in accounts.learners_of(tx, event.channel, event.sender)
        if row.address != event.address and row.state != "erased"
    ]
    # A newcomer in two places reads and answers the notice in each.
    if not rows or rows[0].state not in accounts.ENROLLED:
        return None
    return rows[0]
