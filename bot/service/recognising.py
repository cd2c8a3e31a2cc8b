# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Recognition of those who may publish: the identity that signed their device is the one of their first trusted word.

It is compared in the transaction that answers: an event that came again pins nothing, and one that waited is compared anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.messages import Doubt, Event
from bot.service.alerts import Reached, tell_of_pin
from bot.talk.rights import is_admin
from storage import audit, pins
from storage.types import Tx


def recognised(
    tx: Tx, event: Event, admins: Collection[str], others: Sequence[Reached], now: datetime
) -> tuple[Event, bool]:
    """Return an event, with a doubt when its admin has another identity than the pinned one; and whether it pinned one.

    `others`: the other admins, who are told of a pin.
    """
    if not (event.identity and is_admin(event, admins)):
        return event, False
    if pins.of(tx, event.author) is not None:
        return recognised_still(tx, event, admins), False
    pins.keep(tx, event.author, event.identity, now)
    audit.record(tx, by=event.author, action="pin-identity", subject=event.identity, detail=event.id, now=now)
    tell_of_pin(tx, others, event.author, event.identity, now)
    return event, True


def recognised_still(tx: Tx, event: Event, admins: Collection[str]) -> Event:
    """Return an event that waited, with a doubt when the identity of its admin is not the pinned one, or pinned no more."""
    if not (event.identity and is_admin(event, admins)) or pins.of(tx, event.author) == event.identity:
        return event
    return replace(event, doubt=Doubt.CHANGED)
