# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Accounts behind addresses, filled in from an open channel: an earlier version did not store them all."""

from __future__ import annotations

from datetime import datetime

from bot.channels import Channel, Identifying
from bot.service.owning import as_owner
from storage import accounts
from storage.store import Store
from storage.types import storable

BATCH = 500
"""Addresses in one transaction."""
LONGEST = 255
"""Characters of an address or account, as in their columns."""


async def fill_in(store: Store, channel: Channel, language: str, now: datetime) -> None:
    """Store the account of each address that an open channel knows; for an address without a learner, store a newcomer.

    An earlier version did not store the former rooms of a course; an erasure must find them. `language`: of newcomers.

    Raises:
        DatabaseError: the database does not answer, or another process runs the account.
    """
    told = channel.accounts() if isinstance(channel, Identifying) else None
    if told is None:
        return  # the next opening asks again
    # Names that the database cannot store are left out: the channel opens for all others.
    known = {where: of for where, of in told.items() if _fits(where) and _fits(of)}
    after = 0
    while rows := await store.read(accounts.unknown, channel.name, after, BATCH):
        after = rows[-1][0]
        found = [(where, known[where]) for _, where in rows if where in known]
        if found:
            await store.write(as_owner, channel.account, accounts.fill_in, channel.name, found)
    places = sorted(known)
    unmet = [
        where
        for first in range(0, len(places), BATCH)
        for where in sorted(await store.read(accounts.unmet, channel.name, places[first : first + BATCH]))
    ]
    for first in range(0, len(unmet), BATCH):
        found = [(where, known[where]) for where in unmet[first : first + BATCH]]
        await store.write(as_owner, channel.account, accounts.take_in, channel.name, found, language, now)


def _fits(name: str) -> bool:
    return storable(name, LONGEST) == name
