# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The accounts behind addresses that were stored without: an earlier version did not keep them."""

from __future__ import annotations

from bot.channels import Channel, Identifying
from bot.service.owning import as_owner
from storage import accounts
from storage.store import Store

BATCH = 500
"""Addresses in one transaction."""


async def fill_in(store: Store, channel: Channel) -> None:
    """Note who is reached at each address of an open channel, where it knows.

    Raises:
        DatabaseError: the database does not answer, or another process runs the account.
    """
    known, after = (channel.accounts() if isinstance(channel, Identifying) else None), 0
    if known is None:
        return  # the next opening asks again, and until then nothing is taken for somebody else's
    while rows := await store.read(accounts.unknown, channel.name, after, BATCH):
        after = rows[-1][0]
        found = [(where, known[where]) for _, where in rows if where in known]
        if found:
            await store.write(as_owner, channel.account, accounts.fill_in, channel.name, found)
