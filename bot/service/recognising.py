# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Recognition of those who may publish: the identity that signed their device is the one of their first trusted word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messages import Doubt, Event
from bot.service.alerts import Reached, tell_of_pin
from storage import audit, pins
from storage.types import Tx


def recognise(tx: Tx, event: Event, others: Sequence[Reached], now: datetime) -> Doubt | None:
    """Compare the identity of an admin with the pinned one; pin the first, and tell the `others`. Return a doubt, if any."""
    known = pins.of(tx, event.author)
    if known is None:
        pins.keep(tx, event.author, event.identity, now)
        audit.record(
            tx, by=event.author, action="pin-identity", subject=event.identity, detail=event.id, now=now
        )
        tell_of_pin(tx, others, event.author, event.identity, now)
        return None
    return None if known == event.identity else Doubt.CHANGED
