# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The accounts behind addresses, as an open channel knows them: an earlier version did not keep them all."""

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
    """Note who is reached at each address of an open channel, where it knows; and where nobody was met, a newcomer.

    A course of an earlier version left its former rooms to nobody: an erasure must find them. `language`: of newcomers.

    Raises:
        DatabaseError: the database does not answer, or another process runs the account.
    """
    told = channel.accounts() if isinstance(channel, Identifying) else None
    if told is None:
        return  # the next opening asks again, and until then nothing is taken for somebody else's
    # What no database takes is left out: the channel opens for all others.
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
